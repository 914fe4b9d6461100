//! The control plane, `/_mock/…`: only there with `--control`, and out of reach of other origins' pages.

use axum::Json;
use axum::Router;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header, uri::Authority};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Fault, JournalEntry};
use crate::answer::Failure;
use crate::api_key::{KeySpec, Scope};
use crate::backend::Shared;
use crate::seed::USER;

/// Under which the control plane stands.
pub(crate) const PREFIX: &str = "/_mock/";

/// The routes of the control plane.
pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/_mock/clock", get(read_clock).post(move_clock))
        .route("/_mock/faults", post(set_fault).delete(clear_faults))
        .route("/_mock/journal", get(read_journal).delete(clear_journal))
        .route("/_mock/keys", post(create_key))
        .route("/_mock/keys/{prefix}", delete(revoke_key))
        .route("/_mock/reset", post(reset))
        .layer(from_fn(refuse_other_origins))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClockMove {
    advance_seconds: f64,
}

#[derive(Serialize)]
struct ClockReading {
    /// Unix milliseconds.
    now: i64,
}

async fn read_clock(State(backend): State<Shared>) -> Json<ClockReading> {
    Json(ClockReading { now: backend.clock.now_ms() })
}

async fn move_clock(
    State(backend): State<Shared>,
    Body(ClockMove { advance_seconds }): Body<ClockMove>,
) -> Json<ClockReading> {
    // JSON has no NaN; the cast stops at the ends of the range, and the clock stops before them.
    backend.clock.advance_ms((advance_seconds * 1000.0) as i64);
    Json(ClockReading { now: backend.clock.now_ms() })
}

async fn set_fault(State(backend): State<Shared>, Body(fault): Body<Fault>) -> Result<StatusCode, Failure> {
    fault.check().map_err(Failure::invalid_request)?;
    backend.faults.set(fault);
    Ok(StatusCode::NO_CONTENT)
}

async fn clear_faults(State(backend): State<Shared>) -> StatusCode {
    backend.faults.clear();
    StatusCode::NO_CONTENT
}

#[derive(Serialize)]
struct JournalReading {
    entries: Vec<JournalEntry>,
}

async fn read_journal(State(backend): State<Shared>) -> Json<JournalReading> {
    Json(JournalReading { entries: backend.journal.entries() })
}

async fn clear_journal(State(backend): State<Shared>) -> StatusCode {
    backend.journal.clear();
    StatusCode::NO_CONTENT
}

/// The key that a test wants. Unlike the dashboard, it is not held to ten keys: this is support's hand, not a user's.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct KeyRequest {
    name: String,
    scopes: Vec<Scope>,
    /// RFC 3339.
    expires_at: Option<jiff::Timestamp>,
    quota: Option<u32>,
}

impl Default for KeyRequest {
    fn default() -> Self {
        let KeySpec { name, scopes, .. } = KeySpec::default();
        Self { name, scopes, expires_at: None, quota: None }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CreatedKey {
    api_key: String,
    prefix: String,
}

async fn create_key(
    State(backend): State<Shared>,
    Body(wanted): Body<KeyRequest>,
) -> Result<(StatusCode, Json<CreatedKey>), Failure> {
    let spec = KeySpec {
        name: wanted.name,
        scopes: wanted.scopes,
        expires_at_ms: wanted.expires_at.map(jiff::Timestamp::as_millisecond),
        quota: wanted.quota,
    };
    let key = backend.store.create_key(backend.store.user(USER)?, &spec, backend.clock.now_ms())?;
    Ok((StatusCode::CREATED, Json(CreatedKey { api_key: key.text, prefix: key.prefix })))
}

async fn revoke_key(State(backend): State<Shared>, Path(prefix): Path<String>) -> Result<StatusCode, Failure> {
    if backend.store.revoke_prefix(&prefix, backend.clock.now_ms())? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Failure::not_found("No active key has this prefix; expected the first 12 characters of one."))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResetDone {
    /// A key that works now.
    api_key: String,
}

async fn reset(State(backend): State<Shared>) -> Result<Json<ResetDone>, Failure> {
    Ok(Json(ResetDone { api_key: backend.reset()? }))
}

/// A JSON body; what is wrong with it comes back in the envelope.
struct Body<T>(T);

impl<T: DeserializeOwned> FromRequest<Shared> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, Failure> {
        let read: Result<Json<T>, JsonRejection> = Json::from_request(request, state).await;
        read.map(|Json(value)| Self(value)).map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => crate::limits::too_large(),
            _ => Failure::invalid_request(rejection.body_text()),
        })
    }
}

/// Refuses what a page of another origin sends: its `Origin` tells, or `Sec-Fetch-Site`; and a page that made its own
/// name point here (DNS rebinding) is told by the name, for no such name is an IP address or `localhost`.
async fn refuse_other_origins(request: Request, next: Next) -> Response {
    if is_from_here(request.headers()) {
        return next.run(request).await;
    }
    let message = "The control plane answers to its own address only: an IP address or localhost as Host, and no page \
                   of another origin.";
    Failure::other("CROSS_ORIGIN", StatusCode::FORBIDDEN, message).into_response()
}

fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("not ASCII"));
    let Some(host) = text(header::HOST) else { return false };
    let is_local_name = host.parse::<Authority>().is_ok_and(|authority| {
        let name = authority.host().trim_start_matches('[').trim_end_matches(']');
        name.eq_ignore_ascii_case("localhost") || name.parse::<std::net::IpAddr>().is_ok()
    });
    let is_own_origin = text(header::ORIGIN).is_none_or(|origin| origin.strip_prefix("http://") == Some(host));
    let site = headers.get("sec-fetch-site").map(|value| value.to_str().unwrap_or("not ASCII"));
    is_local_name && is_own_origin && matches!(site, None | Some("same-origin" | "none"))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn is_taken(headers: &[(&'static str, &'static str)]) -> bool {
        let pairs =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        is_from_here(&pairs.collect())
    }

    #[test]
    fn only_its_own_pages_and_programs_reach_it() {
        let host = ("host", "127.0.0.1:8080");
        assert!(is_taken(&[host]));
        assert!(is_taken(&[("host", "localhost")]));
        assert!(is_taken(&[("host", "[::1]:8080")]));
        assert!(is_taken(&[host, ("origin", "http://127.0.0.1:8080"), ("sec-fetch-site", "same-origin")]));
        assert!(is_taken(&[host, ("sec-fetch-site", "none")]));

        assert!(!is_taken(&[]));
        assert!(!is_taken(&[host, ("origin", "http://127.0.0.1:8081")]));
        assert!(!is_taken(&[host, ("origin", "null")]));
        assert!(!is_taken(&[host, ("sec-fetch-site", "cross-site")]));
        assert!(!is_taken(&[host, ("sec-fetch-site", "same-site")]));
        assert!(!is_taken(&[("host", "rebound.example:8080")]));
        assert!(!is_taken(&[("host", "127.0.0.1.rebound.example")]));
    }
}
