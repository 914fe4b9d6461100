//! Under which address the client sees the mock: absolute URLs in answers start with it.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use axum::http::uri::Authority;

use crate::backend::Shared;

/// Scheme, host and port, such as `http://127.0.0.1:8080`: of the `Host` header, or else the one it listens on.
pub(crate) struct Base(pub(crate) String);

impl FromRequestParts<Shared> for Base {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, backend: &Shared) -> Result<Self, Infallible> {
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        // Parsed, because it goes into playlists and pages; a user name before an @ has no place in a Host.
        let host = host.and_then(|host| host.parse::<Authority>().ok()).filter(|host| !host.as_str().contains('@'));
        Ok(Self(match (host, backend.address.get()) {
            (Some(host), _) => format!("http://{host}"),
            (None, Some(address)) => format!("http://{address}"),
            (None, None) => "http://localhost".to_owned(),
        }))
    }
}
