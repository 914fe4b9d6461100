//! The host names under which the mock answers. A page on a host name that its owner makes point to this machine (DNS rebinding)
//! is of the mock's own origin to a browser, so it could read the demo's key and make others at the dashboard. Its
//! requests carry that name, so what acts for the developer answers only to names that no other site can have.
//!
//! `X-Forwarded-Host` and `Forwarded` are ignored here: a page may set them.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::answer::Failure;
use crate::state::backend::Shared;
use crate::state::hosts::AllowedHosts;

/// Middleware: 421 to a request for a host that is not allowed, and no frame around any answer.
pub(crate) async fn guard(State(backend): State<Shared>, request: Request, next: Next) -> Response {
    let mut response = if admits(&backend.options.hosts, &request) {
        next.run(request).await
    } else {
        // Without the name: it may be anything, a key too.
        let message = "The dashboard, the demo, the docs and the control plane answer only to localhost, other loopback \
                       addresses, and the names that the mock was started with: --allow-host NAME.";
        Failure::other("HOST_NOT_ALLOWED", StatusCode::MISDIRECTED_REQUEST, message).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static("frame-ancestors 'none'"));
    response
}

/// Whether every name that a request gives for its host may be answered to, and there is exactly one in the headers
/// or the address.
fn admits(hosts: &AllowedHosts, request: &Request) -> bool {
    let headers: Vec<_> = request.headers().get_all(header::HOST).iter().map(HeaderValue::to_str).collect();
    let in_address = request.uri().authority().map(axum::http::uri::Authority::as_str);
    let in_header = match headers[..] {
        [] => None,
        [Ok(host)] => Some(host),
        _ => return false,
    };
    let mut given = in_address.into_iter().chain(in_header).peekable();
    given.peek().is_some() && given.all(|host| hosts.has(host))
}
