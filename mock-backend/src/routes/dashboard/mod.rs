//! The dashboard: server-rendered pages that work without JavaScript. One user, who is always logged in.

mod keys;
mod keys_page;
mod page;
mod session;
mod videos;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;

use crate::http::files;
use crate::state::backend::Shared;

pub(crate) use session::{cookie_name, logged_in};

/// What the pages may load and do. Styles and scripts are files of our own; forms go to us alone.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      media-src 'self' blob:; worker-src blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The dashboard's addresses.
pub(crate) fn router(backend: &Shared) -> Router<Shared> {
    let pages = Router::new()
        .route("/dashboard", get(keys::to_keys))
        .route("/dashboard/api-keys", get(keys::list).post(keys::create))
        .route("/dashboard/api-keys/{id}/revoke", get(keys::confirm_revoke).post(keys::revoke))
        .route("/dashboard/videos", get(videos::list))
        .route("/dashboard/videos/{id}", get(videos::player))
        .route("/dashboard/playlists/{id}", get(videos::manifest))
        .route("/dashboard/playlists/{id}/{rendition}", get(videos::rendition))
        .layer(from_fn_with_state(backend.clone(), session::log_in))
        .layer(axum::middleware::map_response(guarded));
    Router::new()
        .route("/dashboard.css", get(|| async { files::css(include_str!("../../../pages/dashboard/dashboard.css")) }))
        .route(
            "/dashboard.js",
            get(|| async { files::javascript(include_str!("../../../pages/dashboard/dashboard.js")) }),
        )
        .route(
            "/dashboard-player.js",
            get(|| async { files::javascript(include_str!("../../../pages/dashboard/player.js")) }),
        )
        .merge(pages)
}

/// The headers of every page: no caching, no framing, no sniffing, no referrer.
async fn guarded(mut response: Response) -> Response {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
