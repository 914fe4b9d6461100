//! The dashboard's session: a signed cookie, and the signed token that every form carries back.
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

/// What the cookie, or a form's token, says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    /// The session's id.
    sid: String,
    scope: String,
}

/// What a signed text may be used for.
const COOKIE: &str = "dashboard";
const FORM: &str = "form";

/// Who is looking at the dashboard.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    /// A random id.
    pub(super) id: String,
}

impl Session {
    /// The token for a form; only this session's forms have it.
    pub(super) fn form_token(&self, backend: &Backend) -> String {
        sign(backend, FORM, &self.id)
    }

    /// Whether a form was made for this session.
    pub(super) fn made(&self, backend: &Backend, form_token: &str) -> bool {
        // A signature cannot be guessed byte by byte, and the id in it is no secret of its own.
        read(backend, FORM, form_token).is_some_and(|id| id == self.id)
    }
}

/// Middleware: whoever comes without a session gets one, for this dashboard has one user and no password.
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
    let session = Session { id: hex::encode(backend.random.bytes::<16>()) };
    let cookie = Cookie::build((cookie_name(&backend), sign(&backend, COOKIE, &session.id)))
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
    let cookie = cookies.get(&cookie_name(backend))?;
    Some(Session { id: read(backend, COOKIE, cookie.value())? })
}

/// Cookies know hosts, not ports: two mocks on one host would overwrite each other's.
pub(crate) fn cookie_name(backend: &Backend) -> String {
    format!("ansdev_session_{}", backend.address.get().map_or(0, std::net::SocketAddr::port))
}

fn sign(backend: &Backend, scope: &str, id: &str) -> String {
    let claims = Claims { sid: id.to_owned(), scope: scope.to_owned() };
    let key = EncodingKey::from_secret(&backend.secrets.dashboard);
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).expect("two texts can be signed")
}

fn read(backend: &Backend, scope: &str, text: &str) -> Option<String> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_secret(&backend.secrets.dashboard);
    let claims = jsonwebtoken::decode::<Claims>(text, &key, &validation).ok()?.claims;
    (claims.scope == scope).then_some(claims.sid)
}
