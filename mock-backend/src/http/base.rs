//! The address by which the client reaches the mock: absolute URLs in answers start with it.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, header};

use crate::state::backend::{Backend, Shared};

/// Scheme, host and port, such as `http://127.0.0.1:8080`: of the address or the `Host` that was asked for, or else the
/// ones it listens on. A proxy in front passes on `Host`, and sends `X-Forwarded-Proto: https` if it terminates TLS.
pub(crate) struct Base(pub(crate) String);

impl FromRequestParts<Shared> for Base {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, backend: &Shared) -> Result<Self, Infallible> {
        // A whole address in the first line counts more than the header (RFC 9112, section 3.2.2).
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = parts.uri.authority().cloned().or_else(|| host.and_then(|host| host.parse::<Authority>().ok()));
        // Parsed, because it goes into playlists and pages; a user name before an @ has no place in a host.
        let host = host.filter(|host| !host.as_str().contains('@'));
        let scheme = scheme(&parts.headers);
        Ok(Self(match (host, backend.address.get()) {
            (Some(host), _) => format!("{scheme}://{host}"),
            (None, Some(address)) => format!("{scheme}://{}", reachable(*address)),
            (None, None) => format!("{scheme}://localhost"),
        }))
    }
}

/// The scheme that the client speaks. The mock itself has no TLS; a proxy says so, the one nearest to the client first.
pub(crate) fn scheme(headers: &HeaderMap) -> &'static str {
    let said = headers.get("x-forwarded-proto").and_then(|scheme| scheme.to_str().ok()).unwrap_or_default();
    let first = said.split(',').next().unwrap_or_default().trim();
    if first.eq_ignore_ascii_case("https") { "https" } else { "http" }
}

/// An address that clients on this machine can ask for, also where it listens on all of them (`0.0.0.0`, `[::]`), which
/// is no address to ask for.
pub(crate) fn reachable(listening: SocketAddr) -> SocketAddr {
    let ip = match listening.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listening.port())
}

/// The CDN's origin for a client that sees the API under `base`; for one that sees the CDN there, the API's.
///
/// In real life these are two. On loopback the mock has two as well: its number, and `localhost`. Elsewhere there is
/// one name, so both are the same.
pub(crate) fn other_origin(backend: &Backend, base: &str) -> String {
    let Some(address) = backend.address.get().map(|address| reachable(*address)) else { return base.to_owned() };
    let (by_number, by_name) = (format!("http://{address}"), format!("http://localhost:{}", address.port()));
    match base {
        _ if !address.ip().is_loopback() => base.to_owned(),
        _ if base == by_number => by_name,
        _ if base.eq_ignore_ascii_case(&by_name) => by_number,
        _ => base.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trusts_x_forwarded_proto_https_only() {
        for (said, expected) in [
            (None, "http"),
            (Some("https"), "https"),
            (Some("HTTPS"), "https"),
            (Some("https, http"), "https"),
            (Some("http, https"), "http"),
            (Some("javascript"), "http"),
            (Some(""), "http"),
        ] {
            let headers =
                said.map(|said| (header::HeaderName::from_static("x-forwarded-proto"), said.parse().unwrap()));
            assert_eq!(scheme(&headers.into_iter().collect()), expected, "{said:?}");
        }
    }

    #[test]
    fn every_address_is_one_for_the_same_machine() {
        for (listening, expected) in [
            ("0.0.0.0:80", "127.0.0.1:80"),
            ("[::]:80", "[::1]:80"),
            ("127.0.0.1:80", "127.0.0.1:80"),
            ("192.168.1.2:80", "192.168.1.2:80"),
        ] {
            assert_eq!(reachable(listening.parse().unwrap()).to_string(), expected);
        }
    }
}
