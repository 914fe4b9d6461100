//! Answers of routes: the contract's envelope around data or an error.

use std::borrow::Cow;

use ansdev_player::api::endpoints::PLAYLIST_MEDIA_TYPE;
use ansdev_player::api::{Envelope, ErrorCode};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::state::route::CONTROL;
use crate::state::store::StoreError;
use crate::state::token::TokenError;

/// `{"success": true, "data": …}`.
#[derive(Debug)]
pub(crate) struct Data<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for Data<T> {
    fn into_response(self) -> Response {
        (no_store(), Json(Envelope::data(self.0))).into_response()
    }
}

/// `{"success": false, "error": {…}}`, with the code's HTTP status.
#[derive(Debug)]
pub(crate) struct Failure {
    code: ErrorCode,
    status: StatusCode,
    message: Cow<'static, str>,
    /// Seconds to wait before the next try.
    retry_after: Option<i64>,
}

/// The code of an error, left on the response for the journal and the log.
#[derive(Debug, Clone)]
pub(crate) struct FailedWith(pub(crate) ErrorCode);

impl Failure {
    /// An error of the contract's catalogue.
    pub(crate) fn catalogued(code: ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        let status = code.http_status().and_then(|status| StatusCode::from_u16(status).ok());
        Self { code, status: status.unwrap_or(StatusCode::BAD_REQUEST), message: message.into(), retry_after: None }
    }

    /// An error that the catalogue does not name, because the published pages say nothing of it.
    pub(crate) fn other(code: &'static str, status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code: ErrorCode::Other(code.into()), status, message: message.into(), retry_after: None }
    }

    /// 400: an invalid parameter or body.
    pub(crate) fn invalid_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::other("INVALID_REQUEST", StatusCode::BAD_REQUEST, message)
    }

    /// 404: nothing at this address.
    pub(crate) fn not_found(message: impl Into<Cow<'static, str>>) -> Self {
        Self::other("NOT_FOUND", StatusCode::NOT_FOUND, message)
    }

    /// 405: another method would do.
    pub(crate) fn method_not_allowed() -> Self {
        let message = "The address is there, but not for this method; the header Allow names those that it takes.";
        Self::other("METHOD_NOT_ALLOWED", StatusCode::METHOD_NOT_ALLOWED, message)
    }

    /// The same error, with a `Retry-After` of so many seconds.
    pub(crate) fn with_retry_after(mut self, seconds: i64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let body = Envelope::<()>::error(self.code.clone(), self.status.as_u16(), self.message);
        let mut response = (self.status, no_store(), Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(FailedWith(self.code));
        response
    }
}

/// Middleware: an error that is no page and no envelope comes from a library, with a text of its own or with none; it
/// gets the envelope, and keeps its status and its headers.
pub(crate) async fn in_the_envelope(response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let is_ours = kind.starts_with(b"application/json") || kind.starts_with(b"text/html");
    if is_ours || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let failure = match status {
        StatusCode::NOT_FOUND => Failure::not_found("There is nothing at this address."),
        StatusCode::METHOD_NOT_ALLOWED => Failure::method_not_allowed(),
        _ => Failure::other("INVALID_REQUEST", status, "The request makes no sense; is its address valid UTF-8?"),
    };
    let mut answer = failure.into_response();
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    answer
}

/// The store answers errors only where the disk, or another process on the same file, is in the way.
impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        Self::other("STORE_UNAVAILABLE", StatusCode::SERVICE_UNAVAILABLE, "The store cannot be used now; try again.")
            .with_retry_after(1)
    }
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        let (code, message) = match error {
            TokenError::Store(error) => return error.into(),
            TokenError::Invalid => (
                ErrorCode::PlaybackTokenInvalid,
                "The playback token is not one of ours; expected the `token` of a playback-token answer, unchanged.",
            ),
            TokenError::Expired => {
                (ErrorCode::PlaybackTokenExpired, "The playback token has expired; mint another one.")
            }
        };
        Self::catalogued(code, message)
    }
}

/// A playlist's text.
pub(crate) struct Playlist(pub(crate) String);

impl IntoResponse for Playlist {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, PLAYLIST_MEDIA_TYPE), (header::CACHE_CONTROL, "no-store")], self.0).into_response()
    }
}

/// 404: a playlist that no master playlist of the video names.
pub(crate) fn no_such_rendition() -> Failure {
    Failure::not_found("The video has no such rendition; expected one that its master playlist names.")
}

/// 404: nothing at this address.
pub(crate) fn nothing_at(uri: &Uri) -> Failure {
    let hint = if uri.path().starts_with(CONTROL) { " The control plane needs --control." } else { "" };
    Failure::not_found(format!("There is nothing at this address.{hint}"))
}

/// Answers of the API must not be cached.
fn no_store() -> [(header::HeaderName, HeaderValue); 1] {
    [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]
}
