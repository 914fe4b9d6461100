//! The plain objects that JavaScript gets: errors, and the details of events. None holds a key,
//! and none but what goes to other tabs a token.

use serde::Serialize;

use crate::api::endpoints::ERROR_DOCS_URL;
use crate::api::{Error, ErrorCode};
use crate::session::{Reason, State};

/// What an `AnsdevError` is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ErrorDetail<'a> {
    /// What went wrong, for programs.
    #[cfg_attr(feature = "typescript", ts(type = "ErrorCode"))]
    pub code: &'a ErrorCode,
    /// What went wrong, what was expected and what to do, for people.
    pub message: &'a str,
    /// The HTTP status, where an answer came.
    pub status: Option<u16>,
    /// Whether the same call may succeed later with nothing changed.
    pub retryable: bool,
    /// Seconds to wait before the next try, where the backend said so.
    pub retry_after: Option<f64>,
    /// Whether nothing can succeed until the key, the video or the options change.
    pub fatal: bool,
    /// The video it is about, where it is about one.
    pub video_id: Option<&'a str>,
    /// Where the code is explained, where it is one of the API's.
    pub docs_url: Option<String>,
}

impl<'a> ErrorDetail<'a> {
    /// The form that JavaScript gets.
    pub fn new(error: &'a Error, video_id: Option<&'a str>) -> Self {
        let is_catalogued = error.code.is_catalogued();
        Self {
            code: &error.code,
            message: &error.message,
            status: error.status,
            retryable: error.is_retryable(),
            retry_after: error.retry_after_ms.map(|ms| ms as f64 / 1000.0),
            fatal: error.is_fatal(),
            video_id,
            docs_url: is_catalogued.then(|| [ERROR_DOCS_URL, error.code.as_str()].concat()),
        }
    }
}

/// What a session is doing, and until when its token is valid.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct StateDetail {
    /// What it is doing.
    #[cfg_attr(feature = "typescript", ts(type = "SessionState"))]
    pub state: State,
    /// When the current token expires, in milliseconds since the Unix epoch by this device's clock; `null` where there
    /// is no valid token.
    pub expires_at: Option<f64>,
}

/// What `Core.openSession` answers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OpenedSession {
    /// Its number.
    pub handle: u32,
    /// What it is doing.
    #[cfg_attr(feature = "typescript", ts(type = "SessionState"))]
    pub state: State,
    /// When the current token expires, in milliseconds since the Unix epoch by this device's clock; `null` where there
    /// is no valid token.
    pub expires_at: Option<f64>,
}

/// A token as another tab can use it, without its address (`js/src/protocol/callbacks.ts`).
#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SharedToken<'a> {
    /// The token.
    pub token: &'a str,
    /// Seconds that it lives in all.
    pub expires_in: f64,
    /// Seconds since its request was sent.
    pub age: f64,
}

/// Detail of `tokenrefreshing`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TokenRefreshingDetail<'a> {
    /// The video.
    pub video_id: &'a str,
    /// Why a token is being minted.
    #[cfg_attr(feature = "typescript", ts(type = "TokenReason"))]
    pub reason: Reason,
}

/// Detail of `tokenrefreshed`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TokenRefreshedDetail<'a> {
    /// The video.
    pub video_id: &'a str,
    /// Why the token was minted.
    #[cfg_attr(feature = "typescript", ts(type = "TokenReason"))]
    pub reason: Reason,
    /// When it expires, in milliseconds since the Unix epoch by this device's clock.
    pub expires_at: f64,
}

/// Detail of the core's `tokenerror`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TokenErrorDetail<'a> {
    /// What went wrong.
    pub error: ErrorDetail<'a>,
    /// Whether another try follows by itself.
    pub will_retry: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_arrives_whole() {
        let error =
            Error::new(ErrorCode::RateLimitExceeded, "Spent.").with_status(429).with_retry_after_ms(Some(1_500));
        assert_eq!(
            serde_json::to_value(ErrorDetail::new(&error, Some("vid_1"))).unwrap(),
            serde_json::json!({
                "code": "RATE_LIMIT_EXCEEDED", "message": "Spent.", "status": 429, "retryable": true,
                "retryAfter": 1.5, "fatal": false, "videoId": "vid_1",
                "docsUrl": "https://docs.ansdev.cloud/errors#RATE_LIMIT_EXCEEDED",
            })
        );
    }

    #[test]
    fn the_sdks_own_errors_have_no_page_of_the_vendors() {
        let error = Error::new(ErrorCode::Network, "Gone.");
        let detail = ErrorDetail::new(&error, None);
        assert_eq!((detail.docs_url, detail.status, detail.video_id), (None, None, None));
    }
}
