//! The layer that injects faults into requests and answers.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};

use super::answer::Failure;
use super::{limits, timer};
use crate::state::backend::Shared;
use crate::state::faults::FaultKind;
use crate::state::route::Route;

/// A login page, as hotel networks answer any request; its last bytes are not UTF-8.
const GARBAGE: &[u8] = b"<!doctype html><title>Welcome</title><p>Please log in to use this network.</p>\xff\xfe";

/// The mock's answers are never larger than this, in bytes.
const MAX_ANSWER: usize = 16 << 20;

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
        timer::sleep(fate.latency).await;
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
    let Ok(bytes) = to_bytes(body, MAX_ANSWER).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    let half = stream::iter([Ok::<Bytes, std::io::Error>(bytes.slice(..bytes.len() / 2))]);
    let end = stream::once(async {
        // Not ready at first: so the server sends what it has before the error makes it close the connection.
        timer::yield_now().await;
        Err(std::io::Error::other("cut short by a fault"))
    });
    Response::from_parts(parts, Body::from_stream(half.chain(end)))
}
