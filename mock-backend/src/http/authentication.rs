//! Authentication: the API key of a request, and its checks in the contract's order.

use ansdev_player::api::ErrorCode;
use ansdev_player::api::endpoints::KEY_HEADER;
use axum::http::HeaderMap;

use crate::http::answer::Failure;
use crate::state::api_key::Scope;
use crate::state::backend::Backend;
use crate::state::store::{KeyRow, StoreError};

/// A request's key, and whether it opens the door.
pub(crate) struct Caller {
    /// The key, also if it is not accepted: the answer has its quota anyway.
    pub(crate) key: Option<KeyRow>,
    failure: Option<Failure>,
}

/// The key with this text. One that still opens is marked as used.
fn key_used(backend: &Backend, text: &[u8], now_ms: i64) -> Result<Option<KeyRow>, StoreError> {
    let key = backend.store.key(text)?;
    if let Some(key) = key.as_ref().filter(|key| key.is_active(now_ms)) {
        backend.store.touch_key(key, now_ms)?;
    }
    Ok(key)
}

/// Key present, key known, key expired, scope: the first that fails decides.
pub(crate) fn caller(backend: &Backend, headers: &HeaderMap, now_ms: i64) -> Caller {
    let refused = |key, code, message: &'static str| Caller { key, failure: Some(Failure::catalogued(code, message)) };
    let Some(text) = headers.get(KEY_HEADER).filter(|text| !text.is_empty()) else {
        return refused(
            None,
            ErrorCode::ApiKeyRequired,
            "No API key was sent; expected one in the header x-ansdev-key.",
        );
    };
    let key = match key_used(backend, text.as_bytes(), now_ms) {
        Ok(key) => key,
        Err(error) => return Caller { key: None, failure: Some(error.into()) },
    };
    match key {
        Some(key) if key.revoked_at.is_none() => {
            if key.is_expired(now_ms) {
                refused(Some(key), ErrorCode::ApiKeyExpired, "The API key has expired; create another one.")
            } else if !key.has_scope(Scope::VideoRead.as_str()) {
                refused(Some(key), ErrorCode::InsufficientScope, "The API key lacks the scope video:read.")
            } else {
                Caller { key: Some(key), failure: None }
            }
        }
        key => refused(key, ErrorCode::InvalidApiKey, "The API key is unknown or was revoked."),
    }
}

impl Caller {
    /// The key, where it opens.
    pub(crate) fn admitted(self) -> Result<KeyRow, Failure> {
        match self {
            Self { failure: Some(failure), .. } => Err(failure),
            Self { key: Some(key), failure: None } => Ok(key),
            Self { key: None, failure: None } => {
                Err(Failure::catalogued(ErrorCode::ApiKeyRequired, "No API key was sent."))
            }
        }
    }
}
