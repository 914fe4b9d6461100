//! `GET /v1/video/playback/manifest/{token}` and the playlists of its renditions.

use ansdev_player::api::endpoints::PLAYLIST_MEDIA_TYPE;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::videos::video_not_found;
use crate::answer::Failure;
use crate::backend::{Backend, Shared};
use crate::base::Base;
use crate::media;
use crate::store::VideoRow;

pub(super) async fn manifest(
    State(backend): State<Shared>,
    Base(base): Base,
    token: Result<Path<String>, PathRejection>,
) -> Result<Response, Failure> {
    let token = token.map_or_else(|_| String::new(), |Path(token)| token);
    let video = backend.video_of_token(&token)?;
    let mut renditions = video.renditions().filter_map(media::rendition);
    Ok(match (renditions.next(), renditions.next()) {
        (Some(only), None) => playlist(media::media_playlist(&video, only, &base)),
        _ => playlist(media::master_playlist(&video, &token)),
    })
}

pub(super) async fn rendition(
    State(backend): State<Shared>,
    Base(base): Base,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Failure> {
    let (token, file) = path.map_or_else(|_| Default::default(), |Path(path)| path);
    let video = backend.video_of_token(&token)?;
    let name = file.strip_suffix(".m3u8").filter(|name| video.renditions().any(|known| known == *name));
    let rendition = name.and_then(media::rendition).ok_or_else(|| {
        Failure::not_found("The video has no such rendition; expected one that its master playlist names.")
    })?;
    Ok(playlist(media::media_playlist(&video, rendition, &base)))
}

impl Backend {
    /// The video that a token opens.
    fn video_of_token(&self, token: &str) -> Result<VideoRow, Failure> {
        let claims = self.tokens.check(token, self.clock.now_ms())?;
        self.store.video(&claims.sub)?.ok_or_else(video_not_found)
    }
}

fn playlist(text: String) -> Response {
    ([(header::CONTENT_TYPE, PLAYLIST_MEDIA_TYPE), (header::CACHE_CONTROL, "no-store")], text).into_response()
}
