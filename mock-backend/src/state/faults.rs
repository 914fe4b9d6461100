//! Faults: answers that come late, come wrong, or do not come at all.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};

use crate::answer::Failure;
use crate::backend::Shared;
use crate::limits;
use crate::route::Route;

/// A login page, as hotel networks put it in the place of any answer; its last bytes are not even UTF-8.
const GARBAGE: &[u8] = b"<!doctype html><title>Welcome</title><p>Please log in to use this network.</p>\xff\xfe";

/// An answer of the mock's is never larger than this.
const LARGEST_ANSWER: usize = 16 << 20;

/// Something that goes wrong, on purpose, for the requests of a route.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// For which route.
    pub route: FaultRoute,
    /// What goes wrong.
    pub kind: FaultKind,
    /// Milliseconds for `latency`, at most 600,000; the HTTP status, 400 to 599, for `status`; else without meaning.
    #[serde(default)]
    pub value: Option<u32>,
    /// How many requests it befalls; all of them, where it is `null`.
    #[serde(default)]
    pub times: Option<u32>,
    /// How likely a request is to meet it, from 0 to 1.
    #[serde(default = "certain")]
    pub probability: f64,
    /// With the same seed it befalls the same requests, counted from when it was set.
    #[serde(default)]
    pub seed: Option<u64>,
}

/// The routes a fault is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FaultRoute {
    /// `GET /v1/video`
    List,
    /// `GET /v1/video/{videoId}`
    Get,
    /// `POST /v1/video/{videoId}/playback-token`
    Mint,
    /// Playlists.
    Manifest,
    /// AES keys.
    Key,
    /// Segments.
    Segment,
    /// Each of these.
    #[serde(rename = "*")]
    Every,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FaultKind {
    /// The answer comes `value` milliseconds late. Goes together with the other kinds.
    Latency,
    /// The answer is an error with the HTTP status `value` and the code `MOCK_FAULT`; the route is not reached.
    Status,
    /// The connection is closed without an answer; the route is not reached.
    Drop,
    /// The answer breaks off in the middle of its body.
    Truncate,
    /// The answer's body is a login page in HTML.
    Garbage,
}

fn certain() -> f64 {
    1.0
}

impl Fault {
    /// A fault for every request of a route.
    pub fn new(route: FaultRoute, kind: FaultKind) -> Self {
        Self { route, kind, value: None, times: None, probability: 1.0, seed: None }
    }

    /// The same fault, with its value: milliseconds for `latency`, the HTTP status for `status`.
    #[must_use]
    pub fn value(mut self, value: u32) -> Self {
        self.value = Some(value);
        self
    }

    /// The same fault, for so many requests only.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// The same fault, met by chance.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = probability;
        self
    }

    /// The same fault, met by the same requests each time.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// What is wrong with it, if anything.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        match (self.kind, self.value) {
            (FaultKind::Latency, Some(..=600_000)) | (FaultKind::Status, Some(400..=599)) => {}
            (FaultKind::Latency, _) => return Err("`value` of a latency is expected to be 0 to 600000 milliseconds."),
            (FaultKind::Status, _) => return Err("`value` of a status is expected to be an HTTP status, 400 to 599."),
            _ => {}
        }
        if (0.0..=1.0).contains(&self.probability) {
            Ok(())
        } else {
            Err("`probability` is expected to be a number from 0 to 1.")
        }
    }

    fn befalls(&self, route: Route) -> bool {
        match self.route {
            FaultRoute::List => route == Route::List,
            FaultRoute::Get => route == Route::Get,
            FaultRoute::Mint => route == Route::Mint,
            FaultRoute::Manifest => route == Route::Manifest,
            FaultRoute::Key => route == Route::Key,
            FaultRoute::Segment => route == Route::Segment,
            FaultRoute::Every => route != Route::Other,
        }
    }
}

/// The faults that are set, each with the chance that decides for it.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<(Fault, fastrand::Rng)>>);

/// What a single request meets.
#[derive(Debug, Default, PartialEq)]
struct Fate {
    latency: Duration,
    failing: Option<Fault>,
}

impl Faults {
    pub(crate) fn set(&self, fault: Fault) {
        let chance = fault.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        self.lock().push((fault, chance));
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// What the next request of a route meets: every latency, and the first of the other faults.
    fn next_fate(&self, route: Route) -> Fate {
        let mut faults = self.lock();
        let mut fate = Fate::default();
        for (fault, chance) in faults.iter_mut() {
            let is_latency = fault.kind == FaultKind::Latency;
            let is_due = fault.befalls(route) && fault.times != Some(0) && (is_latency || fate.failing.is_none());
            if !is_due || chance.f64() >= fault.probability {
                continue;
            }
            fault.times = fault.times.map(|times| times - 1);
            if is_latency {
                fate.latency += Duration::from_millis(fault.value.unwrap_or_default().into());
            } else {
                fate.failing = Some(fault.clone());
            }
        }
        faults.retain(|(fault, _)| fault.times != Some(0));
        fate
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Fault, fastrand::Rng)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Marks a response that must not be sent: the server closes the connection instead.
#[derive(Debug, Clone)]
pub(crate) struct Dropped;

/// Middleware: lets requests meet their faults, and then the limits. (Each layer more is copied with every request.)
pub(crate) async fn inflict(
    State(backend): State<Shared>,
    pattern: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let fate = backend.faults.next_fate(Route::of(pattern.as_ref().map(MatchedPath::as_str)));
    if !fate.latency.is_zero() {
        tokio::time::sleep(fate.latency).await;
    }
    let Some(fault) = fate.failing else { return limits::enforce(request, next).await };
    match fault.kind {
        FaultKind::Latency => limits::enforce(request, next).await,
        FaultKind::Drop => {
            let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
            response.extensions_mut().insert(Dropped);
            response
        }
        FaultKind::Status => {
            let status = fault.value.and_then(|value| StatusCode::from_u16(value as u16).ok());
            let message = "A fault that was set through /_mock/faults.";
            Failure::other("MOCK_FAULT", status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), message).into_response()
        }
        FaultKind::Truncate => truncated(limits::enforce(request, next).await).await,
        FaultKind::Garbage => {
            let mut response = limits::enforce(request, next).await;
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
            response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(GARBAGE.len()));
            *response.body_mut() = Body::from(GARBAGE);
            response
        }
    }
}

/// The first half of an answer that announces its whole length.
async fn truncated(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST_ANSWER).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    let half = stream::iter([Ok::<Bytes, std::io::Error>(bytes.slice(..bytes.len() / 2))]);
    let end = stream::once(async {
        // Not ready at first: so the server sends what it has before the error makes it close the connection.
        tokio::task::yield_now().await;
        Err(std::io::Error::other("cut short by a fault"))
    });
    Response::from_parts(parts, Body::from_stream(half.chain(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_add_up_and_one_other_fault_comes_first() {
        let faults = Faults::default();
        faults.set(Fault::new(FaultRoute::Every, FaultKind::Latency).value(100));
        faults.set(Fault::new(FaultRoute::Mint, FaultKind::Status).value(503).times(1));
        faults.set(Fault::new(FaultRoute::Mint, FaultKind::Drop).times(1));
        faults.set(Fault::new(FaultRoute::Mint, FaultKind::Latency).value(50));
        let kinds: Vec<_> = (0..3).map(|_| faults.next_fate(Route::Mint).failing.map(|fault| fault.kind)).collect();
        assert_eq!(kinds, [Some(FaultKind::Status), Some(FaultKind::Drop), None]);
        assert_eq!(faults.next_fate(Route::Mint).latency, Duration::from_millis(150));
        assert_eq!(faults.next_fate(Route::Key).latency, Duration::from_millis(100));
        assert_eq!(faults.next_fate(Route::Other), Fate::default());
        faults.clear();
        assert_eq!(faults.next_fate(Route::Mint), Fate::default());
    }

    #[test]
    fn with_the_same_seed_it_befalls_the_same_requests() {
        let met = |seed| {
            let faults = Faults::default();
            faults.set(Fault::new(FaultRoute::Mint, FaultKind::Drop).probability(0.3).seed(seed));
            (0..100).map(|_| faults.next_fate(Route::Mint).failing.is_some()).collect::<Vec<_>>()
        };
        let seven = met(7);
        assert_eq!(seven, met(7));
        assert_ne!(seven, met(8));
        let count = seven.iter().filter(|met| **met).count();
        assert!((15..45).contains(&count), "{count}");
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let latency = Fault::new(FaultRoute::Every, FaultKind::Latency);
        let status = Fault::new(FaultRoute::Every, FaultKind::Status);
        for fault in [
            latency.clone(),
            latency.clone().value(600_001),
            status.clone(),
            status.clone().value(200),
            status.clone().value(600),
            status.clone().value(503).probability(1.5),
            status.clone().value(503).probability(f64::NAN),
        ] {
            assert!(fault.check().is_err(), "{fault:?}");
        }
        assert!(latency.value(0).check().is_ok());
        assert!(status.value(503).probability(0.5).check().is_ok());
    }
}
