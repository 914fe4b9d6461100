//! `GET /v1/video/playback/manifest/{token}` and the playlists of its renditions.

use std::sync::Arc;

use ansdev_player::api::endpoints::PLAYLIST_MEDIA_TYPE;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::videos::video_not_found;
use crate::answer::Failure;
use crate::backend::{Backend, Shared};
use crate::base::Base;
use crate::openapi::schemas::Failed;
use crate::playlist;
use crate::store::VideoRow;

/// A video's playlist: of its one rendition, or a master playlist of several.
#[utoipa::path(
    get,
    path = "/v1/video/playback/manifest/{token}",
    operation_id = "getManifest",
    tag = "Playback",
    params(("token" = String, Path, min_length = 1, description = "A playback token.")),
    responses(
        (status = 200, body = String, content_type = "application/vnd.apple.mpegurl", description = "The playlist."),
        (status = 401, body = Failed, description = "`PLAYBACK_TOKEN_EXPIRED` or `PLAYBACK_TOKEN_INVALID`."),
        (status = 404, body = Failed, description = "`VIDEO_NOT_FOUND`: the video is gone."),
    )
)]
pub(super) async fn manifest(
    State(backend): State<Shared>,
    Base(base): Base,
    token: Result<Path<String>, PathRejection>,
) -> Result<Response, Failure> {
    let token = token.map_or_else(|_| String::new(), |Path(token)| token);
    let video = backend.video_of_token(&token)?;
    Ok(answer(playlist::of_video(&video, &token, &base)))
}

/// The playlist of one rendition, as the master playlist names it.
#[utoipa::path(
    get,
    path = "/v1/video/playback/manifest/{token}/{rendition}",
    operation_id = "getRendition",
    tag = "Playback",
    params(
        ("token" = String, Path, min_length = 1, description = "A playback token."),
        ("rendition" = String, Path, min_length = 1, description = "Such as `720p.m3u8`.", example = "720p.m3u8"),
    ),
    responses(
        (status = 200, body = String, content_type = "application/vnd.apple.mpegurl", description = "The playlist."),
        (status = 401, body = Failed, description = "`PLAYBACK_TOKEN_EXPIRED` or `PLAYBACK_TOKEN_INVALID`."),
        (status = 404, body = Failed, description = "`NOT_FOUND`: no such rendition. `VIDEO_NOT_FOUND`: the video is gone."),
    )
)]
pub(super) async fn rendition(
    State(backend): State<Shared>,
    Base(base): Base,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Failure> {
    let (token, file) = path.map_or_else(|_| Default::default(), |Path(path)| path);
    let video = backend.video_of_token(&token)?;
    Ok(answer(playlist::of_rendition(&video, &file, &base)?))
}

impl Backend {
    /// The video that a token opens.
    fn video_of_token(&self, token: &str) -> Result<Arc<VideoRow>, Failure> {
        let claims = self.tokens.check(token, self.clock.now_ms())?;
        self.store.video(&claims.sub)?.ok_or_else(video_not_found)
    }
}

/// A playlist's text, with its headers.
pub(crate) fn answer(text: String) -> Response {
    ([(header::CONTENT_TYPE, PLAYLIST_MEDIA_TYPE), (header::CACHE_CONTROL, "no-store")], text).into_response()
}
