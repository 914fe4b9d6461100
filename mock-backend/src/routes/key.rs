//! `GET /v1/video/playback/key/{token}/{jobId}`: the AES-128 key, for players.

use ansdev_player::api::ErrorCode;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::videos::video_not_found;
use crate::answer::Failure;
use crate::backend::{Backend, Shared};
use crate::content_key;
use crate::store::VideoRow;

pub(super) async fn for_player(
    State(backend): State<Shared>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Failure> {
    let (token, job) = path.map_or_else(|_| Default::default(), |Path(path)| path);
    let claims = backend.tokens.check(&token, backend.clock.now_ms())?;
    if claims.job != job {
        let message = "The playback token was issued for another video; expected one of this video's.";
        return Err(Failure::catalogued(ErrorCode::PlaybackTokenMismatch, message));
    }
    let video = backend.store.video_of_job(&job)?.ok_or_else(video_not_found)?;
    backend.key_answer(&video)
}

impl Backend {
    /// The 16 bytes, or why there are none.
    pub(super) fn key_answer(&self, video: &VideoRow) -> Result<Response, Failure> {
        let wrapped = video
            .wrapped_key
            .as_deref()
            .ok_or_else(|| Failure::catalogued(ErrorCode::NoKey, "The video is not encrypted, so it has no key."))?;
        let key = content_key::unwrap(wrapped, &self.secrets.wrapping).ok_or_else(|| {
            Failure::catalogued(ErrorCode::KeyDecryptFailed, "The video's key is stored, but it cannot be decrypted.")
        })?;
        let headers = [(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, "no-store")];
        Ok((headers, key.to_vec()).into_response())
    }
}
