//! The control plane, `/_mock/…`: only with `--control`, and unreachable for pages of other origins.

use axum::Json;
use axum::Router;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::openapi;
use super::openapi::schemas::Failed;
use crate::http::answer::Failure;
use crate::http::base;
use crate::state::api_key::{KeySpec, Scope};
use crate::state::backend::{Backend, Shared};
use crate::state::faults::Fault;
use crate::state::journal::JournalEntry;
use crate::state::seed::USER;
use crate::state::store::StoreError;

/// The routes of the control plane, and their description at `/_mock/openapi.json`.
pub(crate) fn router() -> Router<Shared> {
    let (routes, document) = OpenApiRouter::with_openapi(openapi::control_document())
        .routes(routes!(read_clock, move_clock))
        .routes(routes!(set_fault, clear_faults))
        .routes(routes!(read_journal, clear_journal))
        .routes(routes!(create_key))
        .routes(routes!(revoke_key))
        .routes(routes!(reset))
        .split_for_parts();
    routes.merge(openapi::document("/_mock/openapi.json", &document)).layer(from_fn(refuse_other_origins))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClockMove {
    /// Backwards, where it is negative.
    advance_seconds: f64,
}

#[derive(Serialize, ToSchema)]
struct ClockReading {
    /// Unix milliseconds.
    now: i64,
}

/// The time by the mock's clock.
#[utoipa::path(
    get,
    path = "/_mock/clock",
    responses((status = 200, body = ClockReading))
)]
async fn read_clock(State(backend): State<Shared>) -> Json<ClockReading> {
    Json(ClockReading { now: backend.clock.now_ms() })
}

/// Moves the clock.
#[utoipa::path(
    post,
    path = "/_mock/clock",
    request_body = ClockMove,
    responses((status = 200, body = ClockReading), (status = 400, body = Failed, description = "`INVALID_REQUEST`"))
)]
async fn move_clock(
    State(backend): State<Shared>,
    Body(ClockMove { advance_seconds }): Body<ClockMove>,
) -> Json<ClockReading> {
    // JSON has no NaN; the cast stops at the ends of the range, and the clock stops before them.
    backend.clock.advance_ms((advance_seconds * 1000.0) as i64);
    Json(ClockReading { now: backend.clock.now_ms() })
}

/// Sets a fault, beside those that are set.
#[utoipa::path(
    post,
    path = "/_mock/faults",
    request_body = Fault,
    responses((status = 204), (status = 400, body = Failed, description = "`INVALID_REQUEST`"))
)]
async fn set_fault(State(backend): State<Shared>, Body(fault): Body<Fault>) -> Result<StatusCode, Failure> {
    fault.check().map_err(Failure::invalid_request)?;
    backend.faults.set(fault);
    Ok(StatusCode::NO_CONTENT)
}

/// Takes all faults away.
#[utoipa::path(
    delete,
    path = "/_mock/faults",
    responses((status = 204))
)]
async fn clear_faults(State(backend): State<Shared>) -> StatusCode {
    backend.faults.clear();
    StatusCode::NO_CONTENT
}

#[derive(Serialize, ToSchema)]
struct JournalReading {
    entries: Vec<JournalEntry>,
}

/// The requests so far, the oldest first; the latest 100,000 are kept.
#[utoipa::path(
    get,
    path = "/_mock/journal",
    responses((status = 200, body = JournalReading))
)]
async fn read_journal(State(backend): State<Shared>) -> Json<JournalReading> {
    Json(JournalReading { entries: backend.journal.entries() })
}

/// Empties the journal.
#[utoipa::path(
    delete,
    path = "/_mock/journal",
    responses((status = 204))
)]
async fn clear_journal(State(backend): State<Shared>) -> StatusCode {
    backend.journal.clear();
    StatusCode::NO_CONTENT
}

/// The key that a test wants. Unlike the dashboard, the control plane has no limit of ten keys.
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct KeyRequest {
    /// What its user calls it.
    #[cfg_attr(feature = "typescript", ts(as = "Option<String>", optional))]
    name: String,
    /// What it may do: `video:read`, where nothing is said.
    #[cfg_attr(feature = "typescript", ts(as = "Option<Vec<Scope>>", optional))]
    scopes: Vec<Scope>,
    /// When it stops working, as RFC 3339 text.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[cfg_attr(feature = "typescript", ts(as = "Option<String>", optional = nullable))]
    expires_at: Option<jiff::Timestamp>,
    /// Tokens a UTC day; the mock's default, if missing.
    #[cfg_attr(feature = "typescript", ts(optional = nullable))]
    quota: Option<u32>,
}

impl Default for KeyRequest {
    fn default() -> Self {
        let KeySpec { name, scopes, .. } = KeySpec::default();
        Self { name, scopes, expires_at: None, quota: None }
    }
}

impl KeyRequest {
    /// Makes the key.
    pub(crate) fn create(self, backend: &Backend) -> Result<CreatedKey, StoreError> {
        let spec = KeySpec {
            name: self.name,
            scopes: self.scopes,
            expires_at_ms: self.expires_at.map(jiff::Timestamp::as_millisecond),
            quota: self.quota,
        };
        let key = backend.store.create_key(backend.store.user(USER)?, &spec, backend.clock.now_ms())?;
        Ok(CreatedKey { api_key: key.text, prefix: key.prefix })
    }
}

#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreatedKey {
    /// The key's text, here and nowhere else.
    api_key: String,
    /// Its first 12 characters.
    prefix: String,
}

/// Makes a key for the seed's user.
#[utoipa::path(
    post,
    path = "/_mock/keys",
    request_body = KeyRequest,
    responses((status = 201, body = CreatedKey), (status = 400, body = Failed, description = "`INVALID_REQUEST`"))
)]
async fn create_key(
    State(backend): State<Shared>,
    Body(wanted): Body<KeyRequest>,
) -> Result<(StatusCode, Json<CreatedKey>), Failure> {
    Ok((StatusCode::CREATED, Json(wanted.create(&backend)?)))
}

/// Revokes the active keys with this prefix.
#[utoipa::path(
    delete,
    path = "/_mock/keys/{prefix}",
    params(("prefix" = String, Path, description = "The first 12 characters.")),
    responses((status = 204), (status = 404, body = Failed, description = "`NOT_FOUND`: no active key has it"))
)]
async fn revoke_key(State(backend): State<Shared>, Path(prefix): Path<String>) -> Result<StatusCode, Failure> {
    if backend.store.revoke_prefix(&prefix, backend.clock.now_ms())? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Failure::not_found("No active key has this prefix; expected the first 12 characters of one."))
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ResetDone {
    /// A key that works now.
    api_key: String,
}

/// Back to the state at the start. Playback tokens of before are invalid; the API key is the same.
#[utoipa::path(
    post,
    path = "/_mock/reset",
    responses((status = 200, body = ResetDone))
)]
async fn reset(State(backend): State<Shared>) -> Result<Json<ResetDone>, Failure> {
    backend.reset()?;
    Ok(Json(ResetDone { api_key: backend.api_key.expose().to_owned() }))
}

/// A JSON body; what is wrong with it comes back in the envelope.
struct Body<T>(T);

impl<T: DeserializeOwned> FromRequest<Shared> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, Failure> {
        let read: Result<Json<T>, JsonRejection> = Json::from_request(request, state).await;
        read.map(|Json(value)| Self(value)).map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => crate::http::limits::too_large(),
            _ => Failure::invalid_request(rejection.body_text()),
        })
    }
}

/// Refuses what a page of another origin sends: its `Origin` tells, or `Sec-Fetch-Site`. A page that made its own name
/// point here is told by that name, before (`hosts`).
async fn refuse_other_origins(request: Request, next: Next) -> Response {
    if is_from_here(request.headers()) {
        return next.run(request).await;
    }
    let message = "The control plane answers to programs and to its own pages, and to no page of another origin.";
    Failure::other("CROSS_ORIGIN", StatusCode::FORBIDDEN, message).into_response()
}

fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("not ASCII"));
    let own = text(header::HOST).map(|host| format!("{}://{host}", base::scheme(headers)));
    let is_own_origin = text(header::ORIGIN).is_none_or(|origin| Some(origin) == own.as_deref());
    let site = headers.get("sec-fetch-site").map(|value| value.to_str().unwrap_or("not ASCII"));
    is_own_origin && matches!(site, None | Some("same-origin" | "none"))
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
        assert!(is_taken(&[]));
        assert!(is_taken(&[host, ("origin", "http://127.0.0.1:8080"), ("sec-fetch-site", "same-origin")]));
        assert!(is_taken(&[host, ("sec-fetch-site", "none")]));

        assert!(!is_taken(&[host, ("origin", "http://127.0.0.1:8081")]));
        assert!(!is_taken(&[host, ("origin", "null")]));
        assert!(!is_taken(&[host, ("sec-fetch-site", "cross-site")]));
        assert!(!is_taken(&[host, ("sec-fetch-site", "same-site")]));
        assert!(!is_taken(&[("origin", "http://127.0.0.1:8080")]));

        // Behind a proxy that speaks TLS.
        let (https, name) = (("x-forwarded-proto", "https"), ("host", "mock.example"));
        assert!(is_taken(&[name, https, ("origin", "https://mock.example")]));
        assert!(!is_taken(&[name, https, ("origin", "http://mock.example")]));
        assert!(!is_taken(&[name, ("origin", "https://mock.example")]));
    }
}
