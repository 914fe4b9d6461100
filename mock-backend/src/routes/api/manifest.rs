//! `GET /v1/video/playback/manifest/{token}` and the playlists of its renditions.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::videos::video_not_found;
use crate::http::answer::{Failure, Playlist, no_such_rendition};
use crate::http::base::{Base, other_origin};
use crate::routes::openapi::schemas::Failed;
use crate::state::backend::{Backend, Shared};
use crate::state::playlist::{self, Place};
use crate::state::store::VideoRow;

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
pub(in crate::routes) async fn manifest(
    State(backend): State<Shared>,
    Base(base): Base,
    token: Result<Path<String>, PathRejection>,
) -> Result<Response, Failure> {
    let token = token.map_or_else(|_| String::new(), |Path(token)| token);
    let video = video_of_token(&backend, &token)?;
    if video.on_cdn {
        let location = format!("{}/cdn/{}/master.m3u8", other_origin(&backend, &base), video.job);
        let headers = [(header::LOCATION, location), (header::CACHE_CONTROL, "no-store".to_owned())];
        return Ok((StatusCode::FOUND, headers).into_response());
    }
    Ok(Playlist(playlist::of_video(&video, Place::Api { own_name: &token, base: &base })).into_response())
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
pub(in crate::routes) async fn rendition(
    State(backend): State<Shared>,
    Base(base): Base,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Failure> {
    let (token, file) = path.map_or_else(|_| Default::default(), |Path(path)| path);
    let video = video_of_token(&backend, &token)?;
    // The CDN has its own playlists of renditions.
    let name = file.strip_suffix(".m3u8").filter(|_| !video.on_cdn);
    let place = Place::Api { own_name: &token, base: &base };
    let text = playlist::of_rendition(&video, name, place).ok_or_else(no_such_rendition)?;
    Ok(Playlist(text).into_response())
}

/// The video that a token opens.
fn video_of_token(backend: &Backend, token: &str) -> Result<Arc<VideoRow>, Failure> {
    let claims = backend.check_token(token, backend.clock.now_ms())?;
    backend.store.video(&claims.sub)?.ok_or_else(video_not_found)
}
