//! Files that are compiled into the program.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// A script.
pub(crate) fn javascript(text: &'static str) -> Response {
    file("text/javascript; charset=utf-8", text)
}

/// A style sheet.
pub(crate) fn css(text: &'static str) -> Response {
    file("text/css; charset=utf-8", text)
}

fn file(media_type: &'static str, text: &'static str) -> Response {
    // Asked for again each time: the next program on this port may have another one.
    ([(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-cache")], text).into_response()
}
