//! `GET /v1/video/playback/manifest/{token}` and the playlists of its renditions.

use std::sync::Arc;

use ansdev_player::api::endpoints::PLAYLIST_MEDIA_TYPE;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::videos::video_not_found;
use crate::answer::Failure;
use crate::backend::{Backend, Shared};
use crate::base::Base;
use crate::openapi::schemas::Failed;
use crate::playlist::{self, Place};
use crate::store::VideoRow;

/// A video's playlist: of its one rendition, or a master playlist of several. Of some videos it lies on the CDN, and this
/// is a redirect to it.
#[utoipa::path(
    get,
    path = "/v1/video/playback/manifest/{token}",
    operation_id = "getManifest",
    tag = "Playback",
    params(("token" = String, Path, min_length = 1, description = "A playback token.")),
    responses(
        (status = 200, body = String, content_type = "application/vnd.apple.mpegurl", description = "The playlist."),
        (status = 302, description = "The playlist lies on the CDN, which asks for no token.",
         headers(("Location" = String, description = "Its whole address."))),
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
    if video.on_cdn {
        let location = format!("{}/cdn/{}/master.m3u8", backend.other_origin(&base), video.job);
        let headers = [(header::LOCATION, location), (header::CACHE_CONTROL, "no-store".to_owned())];
        return Ok((StatusCode::FOUND, headers).into_response());
    }
    Ok(answer(playlist::of_video(&video, Place::Api { own_name: &token, base: &base })))
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
    // The CDN has its own playlists of renditions.
    let name = file.strip_suffix(".m3u8").filter(|_| !video.on_cdn);
    Ok(answer(playlist::of_rendition(&video, name, Place::Api { own_name: &token, base: &base })?))
}

impl Backend {
    /// The video that a token opens.
    fn video_of_token(&self, token: &str) -> Result<Arc<VideoRow>, Failure> {
        let claims = self.check_token(token, self.clock.now_ms())?;
        self.store.video(&claims.sub)?.ok_or_else(video_not_found)
    }
}

/// A playlist's text, with its headers.
pub(crate) fn answer(text: String) -> Response {
    ([(header::CONTENT_TYPE, PLAYLIST_MEDIA_TYPE), (header::CACHE_CONTROL, "no-store")], text).into_response()
}
