//! Pages of other sites, whose requests the browser marks.

use axum::http::{
    HeaderMap,
    header::{HOST, ORIGIN},
};
use reqwest::Url;

/// Whether a browser says that a page of another site sent this. `Sec-Fetch-Site` says it best; without it, `Origin` has to
/// have the host that was asked: not the scheme, because TLS may end at a proxy. A request with neither is for `may_watch`.
pub(crate) fn is_cross_site(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return !matches!(site.as_bytes(), b"same-origin" | b"same-site" | b"none");
    }
    headers.get(ORIGIN).is_some_and(|origin| {
        let origin = origin.to_str().ok().and_then(|origin| Url::parse(origin).ok());
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        let (Some(origin), Some(host)) = (origin, host) else { return true };
        // By the origin's scheme, so that `example.com:443` is `example.com`.
        let asked = Url::parse(&format!("{}://{host}", origin.scheme()));
        !asked.is_ok_and(|asked| (asked.host_str(), asked.port()) == (origin.host_str(), origin.port()))
    })
}
