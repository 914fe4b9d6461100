//! Limits in front of the routes, as at Ansdev's edge: bodies need a length and have a maximum size, and a request has a
//! timeout.

use std::time::Duration;

use axum::body::HttpBody;
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::answer::Failure;
use super::timer;
use crate::state::route::CONTROL;

/// Maximum size of a request's body, in bytes. The largest that is needed is a form of the dashboard.
pub(crate) const MAX_BODY: usize = 64 << 10;

/// How many bytes of a body that is too large are read, so that its sender reads the answer.
const MAX_DISCARDED: usize = 16 << 20;

/// How long a request can take; only a body that does not arrive takes that long.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// Middleware: 411 for a `POST` without a length, 413 for a body that is too large, 408 for one that does not arrive.
pub(crate) async fn enforce(request: Request, next: Next) -> Response {
    let length = request.headers().get(header::CONTENT_LENGTH);
    // `curl -X POST` sends no length. The edge's strictness is for the API, not for the control plane.
    if length.is_none() && request.method() == Method::POST && !request.uri().path().starts_with(CONTROL) {
        let message = "A POST needs a Content-Length; expected `Content-Length: 0` where there is no body.";
        return Failure::other("LENGTH_REQUIRED", StatusCode::LENGTH_REQUIRED, message).into_response();
    }
    if request.body().is_end_stream() {
        // Nothing is waited for.
        return next.run(request).await;
    }
    let is_too_large = request.body().size_hint().lower() > MAX_BODY as u64;
    let answer = async {
        if is_too_large {
            if !request.headers().contains_key(header::EXPECT) {
                let _ = axum::body::to_bytes(request.into_body(), MAX_DISCARDED).await;
            }
            return too_large().into_response();
        }
        next.run(request).await
    };
    timer::within(REQUEST_TIMEOUT, answer).await.unwrap_or_else(|| {
        let message = "The request's body did not arrive in time; expected all of it within 10 seconds.";
        Failure::other("REQUEST_TIMEOUT", StatusCode::REQUEST_TIMEOUT, message).into_response()
    })
}

/// 413, in the envelope.
pub(crate) fn too_large() -> Failure {
    let message = "The request's body is too large; expected at most 65536 bytes.";
    Failure::other("PAYLOAD_TOO_LARGE", StatusCode::PAYLOAD_TOO_LARGE, message)
}
