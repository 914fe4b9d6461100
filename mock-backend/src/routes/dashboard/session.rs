//! The dashboard's session: a signed cookie (a JWT), and in it the token that every form carries back.
//!
//! Nothing is kept on the server, so a session outlives a restart on the same database, and works with a second process.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::page;
use crate::state::backend::{Backend, Shared};
use crate::state::seed::USER;

/// Who is looking at the dashboard: what the cookie says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    /// A random id.
    pub(super) id: String,
    /// A random text that only this session's forms have.
    pub(super) form_token: String,
}

/// Middleware: a visitor without a session gets one, because this dashboard has one user and no password.
pub(super) async fn log_in(
    State(backend): State<Shared>,
    cookies: CookieJar,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(session) = session(&backend, &cookies) {
        request.extensions_mut().insert(session);
        return next.run(request).await;
    }
    if request.method() == Method::POST {
        return page::refusal(StatusCode::FORBIDDEN, "This form's session is gone. Load the page again.")
            .into_response();
    }
    let [id, form_token] = [(), ()].map(|()| hex::encode(backend.random.bytes::<16>()));
    let session = Session { id, form_token };
    let cookie = Cookie::build((cookie_name(&backend), session.sign(&backend)))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict);
    request.extensions_mut().insert(session);
    (cookies.add(cookie), next.run(request).await).into_response()
}

/// Whether a request carries a session of the dashboard.
pub(crate) fn logged_in(backend: &Backend, headers: &HeaderMap) -> bool {
    session(backend, &CookieJar::from_headers(headers)).is_some()
}

/// The user behind every session.
pub(super) fn user() -> &'static str {
    USER
}

fn session(backend: &Backend, cookies: &CookieJar) -> Option<Session> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_secret(&backend.secrets.dashboard);
    let cookie = cookies.get(&cookie_name(backend))?;
    Some(jsonwebtoken::decode(cookie.value(), &key, &validation).ok()?.claims)
}

/// Cookies know hosts, not ports: two mocks on one host would overwrite each other's.
pub(crate) fn cookie_name(backend: &Backend) -> String {
    format!("ansdev_session_{}", backend.address.get().map_or(0, std::net::SocketAddr::port))
}

impl Session {
    fn sign(&self, backend: &Backend) -> String {
        let key = EncodingKey::from_secret(&backend.secrets.dashboard);
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), self, &key).expect("two texts can be signed")
    }
}
