//! What browsers need before a page of another origin may call the API (Fetch standard, "CORS").

use std::time::Duration;

use ansdev_player::api::endpoints::KEY_HEADER;
use ansdev_player::api::quota;
use axum::extract::Request;
use axum::http::{HeaderName, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tower_http::cors::{Any, CorsLayer};

use super::answer::nothing_at;
use crate::state::route::Route;

/// How long a browser may go without asking again; Chromium stops at two hours.
const MAX_AGE: Duration = Duration::from_hours(24);

/// Any origin, no credentials: a key travels in a header, which a page must have to send it.
pub(crate) fn layer() -> CorsLayer {
    let exposed = [quota::LIMIT_HEADER, quota::REMAINING_HEADER, quota::RESET_HEADER]
        .map(|name| HeaderName::from_bytes(name.as_bytes()).expect("a header's name"));
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_headers([HeaderName::from_static(KEY_HEADER), header::CONTENT_TYPE, header::RANGE])
        .expose_headers(exposed.into_iter().chain([header::RETRY_AFTER, header::DATE]).collect::<Vec<_>>())
        .max_age(MAX_AGE)
        // The answer is the same for every origin.
        .vary([])
}

/// The answer to an `OPTIONS` that is no preflight: the methods of the address (RFC 9110, section 9.3.7). The CORS layer
/// would take it for one.
pub(crate) fn plain_options(route: Route, is_known: bool, request: &Request) -> Option<Response> {
    let is_preflight = request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if request.method() != Method::OPTIONS || is_preflight {
        return None;
    }
    let allowed = match route {
        Route::Other if is_known => return None,
        Route::Other => return Some(nothing_at(request.uri()).into_response()),
        Route::Mint => "POST,OPTIONS",
        _ => "GET,HEAD,OPTIONS",
    };
    Some((StatusCode::NO_CONTENT, [(header::ALLOW, allowed)]).into_response())
}
