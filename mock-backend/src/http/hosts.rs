//! Under which names the mock answers. A page on a host name that its owner makes point to this machine (DNS rebinding)
//! is of the mock's own origin to a browser, so it could read the demo's key and make others at the dashboard. Its
//! requests carry that name, so what acts for the developer answers to names that no stranger can have.
//!
//! `X-Forwarded-Host` and `Forwarded` count for nothing here: a page may set them.

use std::net::{Ipv4Addr, Ipv6Addr};

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::answer::Failure;
use crate::backend::Shared;

/// A text that is no host name.
#[derive(Debug, thiserror::Error)]
#[error(
    "cannot allow the host {0:?}: expected a name or an IP address without scheme, port and path, such as mock.example"
)]
pub struct InvalidHost(String);

/// The names, besides those of loopback, to which everything answers.
#[derive(Debug, Clone, Default)]
pub(crate) struct AllowedHosts(Vec<String>);

impl AllowedHosts {
    /// # Errors
    /// The first text that is no host name.
    pub(crate) fn parse(names: &[String]) -> Result<Self, InvalidHost> {
        let parse = |text: &String| {
            // An IPv6 address has brackets in a Host, and may have none here.
            let in_brackets = text.parse::<Ipv6Addr>().is_ok().then(|| format!("[{text}]"));
            let (name, port) =
                split_port(in_brackets.as_ref().unwrap_or(text)).ok_or_else(|| InvalidHost(text.clone()))?;
            if port.is_none() { Ok(name) } else { Err(InvalidHost(text.clone())) }
        };
        names.iter().map(parse).collect::<Result<_, _>>().map(Self)
    }

    /// Whether every name that a request gives for its host may be answered to, and there is exactly one in the headers
    /// or the address.
    fn admits(&self, request: &Request) -> bool {
        let headers: Vec<_> = request.headers().get_all(header::HOST).iter().map(HeaderValue::to_str).collect();
        let in_address = request.uri().authority().map(axum::http::uri::Authority::as_str);
        let in_header = match headers[..] {
            [] => None,
            [Ok(host)] => Some(host),
            _ => return false,
        };
        let mut given = in_address.into_iter().chain(in_header).peekable();
        given.peek().is_some() && given.all(|host| self.has(host))
    }

    fn has(&self, host: &str) -> bool {
        split_port(host).is_some_and(|(name, _)| is_loopback(&name) || self.0.contains(&name))
    }
}

/// Middleware: 421 to a request for a host that is not allowed, and no frame around any answer.
pub(crate) async fn guard(State(backend): State<Shared>, request: Request, next: Next) -> Response {
    let mut response = if backend.options.hosts.admits(&request) {
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

/// The name of a host in small letters, without brackets and without the dot at its end, and its port.
fn split_port(host: &str) -> Option<(String, Option<&str>)> {
    let (name, port) = if let Some(rest) = host.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        // One spelling for all that are the same.
        (address.parse::<Ipv6Addr>().ok()?.to_string(), port)
    } else {
        let (name, port) = host.split_at(host.find(':').unwrap_or(host.len()));
        let name = name.strip_suffix('.').unwrap_or(name);
        let is_label = |label: &str| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        (name.split('.').all(is_label).then(|| name.to_ascii_lowercase())?, port)
    };
    let port = if port.is_empty() { None } else { Some(port.strip_prefix(':')?) };
    port.unwrap_or_default().bytes().all(|byte| byte.is_ascii_digit()).then_some((name, port))
}

/// Whether a name always means this machine: browsers ask nobody about these (RFC 6761, section 6.3).
fn is_loopback(name: &str) -> bool {
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        || name.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback())
}
