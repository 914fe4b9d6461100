//! What the viewer gets.

use axum::{
    Json,
    http::{
        StatusCode,
        header::{ALLOW, CACHE_CONTROL, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::ansdev::{Ansdev, NoToken};

/// What a mint came to.
pub(crate) fn minted(ansdev: &Ansdev, minted: Result<Value, NoToken>) -> Response {
    let NoToken { status, code, retry_after } = match minted {
        Ok(data) => return answer(StatusCode::OK, &data),
        Err(none) => none,
    };
    match (status.map(|status| status.as_u16()), code.as_deref()) {
        (Some(404), Some(code)) => refused(404, code),
        (Some(400), Some(code @ "VIDEO_NOT_READY")) => refused(400, code),
        (Some(429), code) => wait(429, code.unwrap_or("RATE_LIMIT_EXCEEDED"), retry_after.unwrap_or(60)),
        (None | Some(408 | 500..), _) => unavailable(retry_after),
        // The key or the address is wrong, which is no business of the viewer's.
        (_, code) => {
            ansdev.complain(code);
            refused(500, "INTERNAL_ERROR")
        }
    }
}

/// A status and a code, and nothing else.
pub(crate) fn refused(status: u16, code: &str) -> Response {
    answer(StatusCode::from_u16(status).unwrap_or_default(), &json!({ "code": code }))
}

pub(crate) fn method_not_allowed() -> Response {
    ([(ALLOW, "POST")], refused(405, "METHOD_NOT_ALLOWED")).into_response()
}

/// Something did not work, or not in time, and may the next time.
pub(crate) fn unavailable(retry_after: Option<u64>) -> Response {
    wait(503, "UNAVAILABLE", retry_after.unwrap_or(1))
}

/// Viewers that are refused at one moment must not all come back at one moment: each is told another.
fn wait(status: u16, code: &str, seconds: u64) -> Response {
    let seconds = seconds + fastrand::u64(..(seconds / 10).clamp(5, 60));
    ([(RETRY_AFTER, seconds.to_string())], refused(status, code)).into_response()
}

fn answer(status: StatusCode, body: &Value) -> Response {
    (status, [(CACHE_CONTROL, "private, no-store")], Json(body)).into_response()
}
