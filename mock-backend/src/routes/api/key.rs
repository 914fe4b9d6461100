//! The AES-128 key of a video: `GET /v1/video/playback/key/{token}/{jobId}` for players, `GET /video/key/{jobId}` for the
//! dashboard.

use ansdev_player::api::ErrorCode;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::videos::video_not_found;
use crate::http::answer::Failure;
use crate::routes::dashboard::logged_in;
use crate::routes::openapi::schemas::Failed;
use crate::state::backend::{Backend, Shared};
use crate::state::content_key;
use crate::state::seed::USER;
use crate::state::store::VideoRow;

/// The AES-128 key of a video, for players.
#[utoipa::path(
    get,
    path = "/v1/video/playback/key/{token}/{jobId}",
    operation_id = "getPlaybackKey",
    tag = "Playback",
    params(
        ("token" = String, Path, min_length = 1, description = "A playback token."),
        ("jobId" = String, Path, min_length = 1, description = "The job that made the video.", example = "job_single_key"),
    ),
    responses(
        (status = 200, content_type = "application/octet-stream", description = "16 bytes."),
        (status = 401, body = Failed, description = "`PLAYBACK_TOKEN_EXPIRED` or `PLAYBACK_TOKEN_INVALID`."),
        (status = 403, body = Failed, description = "`PLAYBACK_TOKEN_MISMATCH`: issued for another video."),
        (status = 404, body = Failed, description = "`NO_KEY`: not encrypted. `VIDEO_NOT_FOUND`: the video is gone."),
        (status = 500, body = Failed, description = "`KEY_DECRYPT_FAILED`: the stored key is damaged."),
    )
)]
pub(in crate::routes) async fn for_player(
    State(backend): State<Shared>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Failure> {
    let (token, job) = path.map_or_else(|_| Default::default(), |Path(path)| path);
    let claims = backend.check_token(&token, backend.clock.now_ms())?;
    if claims.job != job {
        let message = "The playback token was issued for another video; expected one of this video's.";
        return Err(Failure::catalogued(ErrorCode::PlaybackTokenMismatch, message));
    }
    let video = backend.store.video_of_job(&job)?.ok_or_else(video_not_found)?;
    key_answer(&backend, &video)
}

/// The AES-128 key of a video, for the dashboard. This is the address that playlists name.
#[utoipa::path(
    get,
    path = "/video/key/{jobId}",
    operation_id = "getDashboardKey",
    tag = "Dashboard",
    security(("dashboardSession" = [])),
    params(("jobId" = String, Path, min_length = 1, description = "The job that made the video.", example = "job_single_key")),
    responses(
        (status = 200, content_type = "application/octet-stream", description = "16 bytes."),
        (status = 401, body = Failed, description = "`SESSION_REQUIRED`."),
        (status = 404, body = Failed, description = "`NO_KEY`: not encrypted. `VIDEO_NOT_FOUND`: none, or another owner's."),
        (status = 500, body = Failed, description = "`KEY_DECRYPT_FAILED`: the stored key is damaged."),
    )
)]
pub(in crate::routes) async fn for_dashboard(
    State(backend): State<Shared>,
    headers: HeaderMap,
    job: Result<Path<String>, PathRejection>,
) -> Result<Response, Failure> {
    if !logged_in(&backend, &headers) {
        let message = "This address is the dashboard's, and needs its session; players ask for \
                       /v1/video/playback/key/{token}/{jobId}.";
        return Err(Failure::other("SESSION_REQUIRED", StatusCode::UNAUTHORIZED, message));
    }
    let owner = backend.store.user(USER)?;
    let video = job.ok().map(|Path(job)| backend.store.video_of_job(&job)).transpose()?.flatten();
    let video = video.filter(|video| video.owner == owner).ok_or_else(video_not_found)?;
    key_answer(&backend, &video)
}

/// The 16 bytes, or why there are none.
pub(super) fn key_answer(backend: &Backend, video: &VideoRow) -> Result<Response, Failure> {
    let wrapped = video
        .wrapped_key
        .as_deref()
        .ok_or_else(|| Failure::catalogued(ErrorCode::NoKey, "The video is not encrypted, so it has no key."))?;
    let key = content_key::unwrap(wrapped, &backend.secrets.wrapping).ok_or_else(|| {
        Failure::catalogued(ErrorCode::KeyDecryptFailed, "The video's key is stored, but it cannot be decrypted.")
    })?;
    let headers = [(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, key.to_vec()).into_response())
}
