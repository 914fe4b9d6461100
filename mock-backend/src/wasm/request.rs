//! A request in, an answer out.

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use tower::ServiceExt;
use wasm_bindgen::prelude::*;

use super::{body, tasks};
use crate::http::fault::Dropped;
use crate::state::host;

/// Asks the mock. The answer comes through the host's `answer`, at once or later.
///
/// `headers` holds names and values by turns, each character of which is a byte. What is no HTTP gets 400.
///
/// # Errors
/// Where the mock was not started.
#[wasm_bindgen]
#[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen hands over lists of texts by value")]
pub fn request(task: u32, method: &str, target: &str, headers: Vec<String>) -> Result<(), String> {
    let router = super::with(|mock| Ok(mock.router.clone()))?;
    let request = assembled(task, method, target, &headers);
    tasks::begin(task, async move {
        let response = match request {
            Some(request) => {
                let response: Result<Response, Infallible> = router.oneshot(request).await;
                let Ok(response) = response;
                response
            }
            None => StatusCode::BAD_REQUEST.into_response(),
        };
        send(task, response).await;
    });
    Ok(())
}

/// The request, if it is one.
fn assembled(task: u32, method: &str, target: &str, headers: &[String]) -> Option<Request> {
    let mut map = HeaderMap::new();
    for pair in headers.chunks_exact(2) {
        let value = pair[1].chars().map(|c| u8::try_from(u32::from(c))).collect::<Result<Vec<_>, _>>().ok()?;
        map.append(HeaderName::from_bytes(pair[0].as_bytes()).ok()?, HeaderValue::from_bytes(&value).ok()?);
    }
    let length = match map.get(header::CONTENT_LENGTH) {
        Some(length) => Some(length.to_str().ok()?.parse().ok()?),
        None => (!map.contains_key(header::TRANSFER_ENCODING)).then_some(0),
    };
    let body = if length == Some(0) { Body::empty() } else { Body::new(body::incoming(task, length)) };
    let mut request = Request::builder().method(method).uri(target).body(body).ok()?;
    *request.headers_mut() = map;
    Some(request)
}

async fn send(task: u32, response: Response) {
    let is_dropped = response.extensions().get::<Dropped>().is_some();
    let (mut parts, body) = response.into_parts();
    let (mut bytes, mut ending) = (Vec::new(), if is_dropped { "dropped" } else { "whole" });
    let mut frames = body.into_data_stream();
    while let Some(frame) = frames.next().await {
        let Ok(frame) = frame else {
            ending = "cut";
            break;
        };
        bytes.extend_from_slice(&frame);
    }
    // As a server does it (RFC 9110, section 8.6).
    if parts.status == StatusCode::NO_CONTENT {
        parts.headers.remove(header::CONTENT_LENGTH);
    } else {
        parts.headers.entry(header::CONTENT_LENGTH).or_insert_with(|| bytes.len().into());
    }
    let mut headers = Vec::with_capacity(parts.headers.len() * 2);
    for (name, value) in &parts.headers {
        headers.push(name.as_str().to_owned());
        headers.push(value.as_bytes().iter().copied().map(char::from).collect());
    }
    host::answer(task, parts.status.as_u16(), headers, bytes, ending);
}
