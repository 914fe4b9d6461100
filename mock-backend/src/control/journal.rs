//! The journal: what was asked, by whom, and what came of it. Keys and tokens are shortened before they get here.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use ansdev_player::api::ApiKey;
use ansdev_player::api::endpoints::KEY_HEADER;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use serde::Serialize;

use super::Dropped;
use super::routes::PREFIX;
use crate::answer::FailedWith;
use crate::backend::Shared;
use crate::cors;
use crate::redact::redact;
use crate::route::Route;

/// Entries kept; older ones make room, so that a mock can run for weeks.
const CAPACITY: usize = 100_000;

/// A request and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JournalEntry {
    /// When it came, in Unix milliseconds by the mock's clock.
    pub at: i64,
    /// The HTTP method.
    pub method: String,
    /// The path, with tokens shortened.
    pub path: String,
    /// The query, with tokens shortened; `null` where there is none.
    pub query: Option<String>,
    /// The route of the API.
    pub route: Route,
    /// The HTTP status; `null` where the connection was closed without an answer.
    pub status: Option<u16>,
    /// The error's code; `null` where it succeeded.
    pub error_code: Option<String>,
    /// The first 12 characters of the API key; `null` where none of a key's form was sent.
    pub key_prefix: Option<String>,
    /// The `Origin` header.
    pub origin: Option<String>,
}

/// The latest entries.
#[derive(Debug)]
pub(crate) struct Journal {
    is_kept: bool,
    entries: Mutex<VecDeque<JournalEntry>>,
}

impl Journal {
    /// A journal that is kept, or one that forgets everything at once.
    pub(crate) fn new(is_kept: bool) -> Self {
        Self { is_kept, entries: Mutex::default() }
    }

    /// The entries, the oldest first.
    pub(crate) fn entries(&self) -> Vec<JournalEntry> {
        self.lock().iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn write(&self, entry: JournalEntry) {
        let mut entries = self.lock();
        if entries.len() == CAPACITY {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<JournalEntry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

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
    let entry = (is_wanted && !request.uri().path().starts_with(PREFIX)).then(|| JournalEntry {
        at,
        method: redact(request.method().as_str()),
        path: redact(request.uri().path()),
        query: request.uri().query().map(redact),
        route,
        status: None,
        error_code: None,
        key_prefix: key_prefix(request.headers()),
        origin: text(request.headers(), header::ORIGIN.as_str()),
    });
    let started = Instant::now();
    let mut response = match cors::plain_options(route, pattern.is_some(), &request) {
        Some(answer) => answer,
        None => next.run(request).await,
    };
    if let Some(mut entry) = entry {
        let is_dropped = response.extensions().get::<Dropped>().is_some();
        entry.status = (!is_dropped).then(|| response.status().as_u16());
        entry.error_code = response.extensions().get::<FailedWith>().map(|FailedWith(code)| code.to_string());
        log(&entry, started);
        if backend.journal.is_kept {
            backend.journal.write(entry);
        }
    }
    response.headers_mut().insert(header::DATE, date(at));
    response
}

fn log(entry: &JournalEntry, started: Instant) {
    let JournalEntry { method, path, .. } = entry;
    let status = entry.status.map_or_else(|| "closed".to_owned(), |status| status.to_string());
    let code = entry.error_code.as_deref().unwrap_or_default();
    let key = entry.key_prefix.as_deref().unwrap_or_default();
    let ms = started.elapsed().as_millis();
    tracing::info!("{method} {path} → {status} {code} {key} {ms} ms");
}

fn key_prefix(headers: &HeaderMap) -> Option<String> {
    Some(ApiKey::parse(headers.get(KEY_HEADER)?).ok()?.prefix().to_owned())
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(redact(&String::from_utf8_lossy(headers.get(name)?.as_bytes())))
}

/// The `Date` header of a moment.
fn date(ms: i64) -> HeaderValue {
    let moment: SystemTime = UNIX_EPOCH + std::time::Duration::from_millis(ms.max(0).cast_unsigned());
    // An HTTP date is ASCII.
    HeaderValue::from_str(&httpdate::fmt_http_date(moment)).unwrap_or(HeaderValue::from_static(""))
}
