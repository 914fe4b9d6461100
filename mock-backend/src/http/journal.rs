//! The layer of the journal: every request and its answer, in the journal and in the log.

use std::time::{SystemTime, UNIX_EPOCH};

use ansdev_player::api::ApiKey;
use ansdev_player::api::endpoints::KEY_HEADER;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::answer::FailedWith;
use super::cors;
use super::fault::Dropped;
use crate::state::backend::Shared;
use crate::state::clock::system_ms;
use crate::state::journal::{JournalEntry, shortened};
use crate::state::route::{CONTROL, Route};

/// Middleware: writes every request into the journal and the log, and dates the answer by the mock's clock.
pub(crate) async fn record(
    State(backend): State<Shared>,
    pattern: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let at = backend.clock.now_ms();
    let route = Route::of(pattern.as_ref().map(MatchedPath::as_str));
    let is_wanted = backend.journal.is_kept || tracing::enabled!(tracing::Level::INFO);
    let entry = (is_wanted && !request.uri().path().starts_with(CONTROL)).then(|| JournalEntry {
        at,
        method: shortened(request.method().as_str()),
        path: shortened(request.uri().path()),
        query: request.uri().query().map(shortened),
        route,
        status: None,
        error_code: None,
        key_prefix: key_prefix(request.headers()),
        origin: text(request.headers(), header::ORIGIN.as_str()),
    });
    let started_ms = system_ms();
    let mut response = match cors::plain_options(route, pattern.is_some(), &request) {
        Some(answer) => answer,
        None => next.run(request).await,
    };
    if let Some(mut entry) = entry {
        let is_dropped = response.extensions().get::<Dropped>().is_some();
        entry.status = (!is_dropped).then(|| response.status().as_u16());
        entry.error_code = response.extensions().get::<FailedWith>().map(|FailedWith(code)| code.to_string());
        log(&entry, started_ms);
        if backend.journal.is_kept {
            backend.journal.write(entry);
        }
    }
    response.headers_mut().insert(header::DATE, date(at));
    response
}

fn log(entry: &JournalEntry, started_ms: i64) {
    let JournalEntry { method, path, .. } = entry;
    let status = entry.status.map_or_else(|| "closed".to_owned(), |status| status.to_string());
    let code = entry.error_code.as_deref().unwrap_or_default();
    let key = entry.key_prefix.as_deref().unwrap_or_default();
    let ms = system_ms() - started_ms;
    tracing::info!("{method} {path} → {status} {code} {key} {ms} ms");
}

fn key_prefix(headers: &HeaderMap) -> Option<String> {
    Some(ApiKey::parse(headers.get(KEY_HEADER)?).ok()?.prefix().to_owned())
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(shortened(&String::from_utf8_lossy(headers.get(name)?.as_bytes())))
}

/// The `Date` header of a moment.
fn date(ms: i64) -> HeaderValue {
    let moment: SystemTime = UNIX_EPOCH + std::time::Duration::from_millis(ms.max(0).cast_unsigned());
    // An HTTP date is ASCII.
    HeaderValue::from_str(&httpdate::fmt_http_date(moment)).unwrap_or(HeaderValue::from_static(""))
}
