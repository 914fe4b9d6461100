//! `GET /v1/video` and `GET /v1/video/{videoId}`.

use std::cmp::Reverse;
use std::sync::Arc;

use ansdev_player::api::endpoints::{LIST_LIMIT_DEFAULT, LIST_LIMIT_MAX};
use ansdev_player::api::{ErrorCode, VideoPage};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::http::answer::{Data, Failure};
use crate::http::authentication::caller;
use crate::routes::openapi::schemas::{Failed, ListAnswer, VideoAnswer};
use crate::state::backend::{Backend, Shared};
use crate::state::store::{KeyRow, VideoRow};

/// The query of the list.
#[derive(Debug, Deserialize)]
pub(in crate::routes) struct ListQuery {
    limit: Option<String>,
    cursor: Option<String>,
}

/// A page of the key's owner's videos, the newest first.
#[utoipa::path(
    get,
    path = "/v1/video",
    operation_id = "listVideos",
    tag = "Videos",
    security(("apiKey" = [])),
    params(
        ("limit" = Option<u32>, Query, description = "Videos on the page.", minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query, pattern = r"^[0-9]{1,15}\.[A-Za-z0-9_-]{1,64}$",
         description = "The `nextCursor` of the page before."),
    ),
    responses(
        (status = 200, body = ListAnswer, description = "The page."),
        (status = 400, body = Failed, description = "`INVALID_REQUEST`: `limit` or `cursor` makes no sense."),
        (status = 401, body = Failed, description = "`API_KEY_REQUIRED`, `INVALID_API_KEY` or `API_KEY_EXPIRED`."),
        (status = 403, body = Failed, description = "`INSUFFICIENT_SCOPE`."),
    )
)]
pub(in crate::routes) async fn list(
    State(backend): State<Shared>,
    headers: HeaderMap,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Response, Failure> {
    let now_ms = backend.clock.now_ms();
    let key = caller(&backend, &headers, now_ms).admitted()?;
    let Query(ListQuery { limit, cursor }) =
        query.map_err(|rejection| Failure::invalid_request(rejection.body_text()))?;
    let limit = limit.map_or(Ok(LIST_LIMIT_DEFAULT), |limit| read_limit(&limit))?;
    let after = cursor.map(|cursor| read_cursor(&cursor)).transpose()?;

    let all = backend.store.videos_of(key.owner)?;
    let start = after.map_or(0, |(created_at, id)| {
        // The list's order: the newest first, and of those of one moment by their ids.
        all.partition_point(|video| (Reverse(video.created_at), &video.id) <= (Reverse(created_at), &id))
    });
    let rest = &all[start..];
    let page = &rest[..rest.len().min(limit as usize)];
    Ok(Data(VideoPage {
        next_cursor: page.last().filter(|_| page.len() < rest.len()).map(|video| cursor_after(video)),
        videos: page.iter().map(|row| row.described(now_ms)).collect(),
    })
    .into_response())
}

/// One video. Poll it until its status is `COMPLETED`.
#[utoipa::path(
    get,
    path = "/v1/video/{videoId}",
    operation_id = "getVideo",
    tag = "Videos",
    security(("apiKey" = [])),
    params(("videoId" = String, Path, min_length = 1, max_length = 64, description = "The `vid_…` id or the UUID.",
         example = "vid_single_key")),
    responses(
        (status = 200, body = VideoAnswer, description = "The video."),
        (status = 401, body = Failed, description = "`API_KEY_REQUIRED`, `INVALID_API_KEY` or `API_KEY_EXPIRED`."),
        (status = 403, body = Failed, description = "`INSUFFICIENT_SCOPE`."),
        (status = 404, body = Failed, description = "`VIDEO_NOT_FOUND`: none, or another owner's."),
    )
)]
pub(in crate::routes) async fn get(
    State(backend): State<Shared>,
    headers: HeaderMap,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Failure> {
    let now_ms = backend.clock.now_ms();
    let key = caller(&backend, &headers, now_ms).admitted()?;
    Ok(Data(video_of(&backend, &key, id)?.described(now_ms)).into_response())
}

/// The video of this id, if the key's owner has it. Another owner's is as unknown as one that does not exist.
pub(super) fn video_of(
    backend: &Backend,
    key: &KeyRow,
    id: Result<Path<String>, PathRejection>,
) -> Result<Arc<VideoRow>, Failure> {
    // An id that is not even UTF-8 is no video's.
    let video = id.ok().map(|Path(id)| backend.store.video(&id)).transpose()?.flatten();
    video.filter(|video| video.owner == key.owner).ok_or_else(video_not_found)
}

pub(super) fn video_not_found() -> Failure {
    Failure::catalogued(ErrorCode::VideoNotFound, "There is no such video, or it is another owner's.")
}

fn read_limit(text: &str) -> Result<u32, Failure> {
    let limit = text.parse().ok().filter(|limit| (1..=LIST_LIMIT_MAX).contains(limit));
    limit.ok_or_else(|| Failure::invalid_request("`limit` is out of range; expected a whole number from 1 to 100."))
}

/// A cursor names the last video of the page before it, by its creation in Unix milliseconds and its id.
fn cursor_after(video: &VideoRow) -> String {
    format!("{}.{}", video.created_at, video.id)
}

/// Any position can be asked for, whether a video stands there or not: the one that did may be gone.
fn read_cursor(text: &str) -> Result<(i64, String), Failure> {
    let position = text.split_once('.').and_then(|(created_at, id)| {
        let is_number = (1..=15).contains(&created_at.len()) && created_at.bytes().all(|byte| byte.is_ascii_digit());
        let is_id = (1..=64).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        (is_number && is_id).then(|| Some((created_at.parse().ok()?, id.to_owned()))).flatten()
    });
    let message = "`cursor` is not one of ours; expected the `nextCursor` of the page before, unchanged.";
    position.ok_or_else(|| Failure::invalid_request(message))
}
