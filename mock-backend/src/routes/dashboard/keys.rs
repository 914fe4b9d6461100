//! Making, listing and revoking API keys.

use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Form;
use axum_extra::extract::FormRejection;
use serde::Deserialize;

use super::keys_page::{self, Draft, KeyCard, MAX_NAME_LENGTH, Problem};
use super::page::refusal;
use super::session::{Session, user};
use crate::state::api_key::{KeySpec, Scope};
use crate::state::backend::{Backend, Shared};
use crate::state::clock::utc_day;
use crate::state::notices::Notice;
use crate::state::store::{KeyRow, StoreError};

const ADDRESS: &str = "/dashboard/api-keys";

/// The form that makes a key, as it is sent.
#[derive(Debug, Default, Deserialize)]
pub(super) struct CreateForm {
    #[serde(default)]
    form_token: String,
    #[serde(default)]
    name: String,
    /// The last day on which the key works, `YYYY-MM-DD` in UTC; empty for never.
    #[serde(default)]
    expires: String,
    #[serde(default)]
    scope: Vec<String>,
}

/// A form with nothing but its token.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PlainForm {
    #[serde(default)]
    form_token: String,
}

pub(super) async fn to_keys() -> Redirect {
    Redirect::to(ADDRESS)
}

pub(super) async fn list(State(backend): State<Shared>, Extension(session): Extension<Session>) -> Response {
    let notice = backend.notices.take(&session.id);
    show(&backend, &session, StatusCode::OK, notice.as_ref(), &Draft::default())
}

pub(super) async fn create(
    State(backend): State<Shared>,
    Extension(session): Extension<Session>,
    form: Result<Form<CreateForm>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else { return unreadable() };
    if session.form_token != form.form_token {
        return foreign();
    }
    let now_ms = backend.clock.now_ms();
    let refused = |status, problem| {
        let draft = Draft { name: form.name.clone(), expires: form.expires.clone(), problem: Some(problem) };
        show(&backend, &session, status, None, &draft)
    };
    let spec = match spec(&form, now_ms) {
        Ok(spec) => spec,
        Err(problem) => return refused(StatusCode::BAD_REQUEST, problem),
    };
    let created =
        backend.store.user(user()).and_then(|owner| backend.store.create_key_within_limit(owner, &spec, now_ms));
    match created {
        Ok(Some(key)) => {
            backend.notices.put(&session.id, Notice::Created { text: key.text });
            Redirect::to(ADDRESS).into_response()
        }
        Ok(None) => refused(StatusCode::CONFLICT, Problem::Limit),
        Err(error) => broken(&error),
    }
}

pub(super) async fn confirm_revoke(
    State(backend): State<Shared>,
    Extension(session): Extension<Session>,
    id: Result<Path<i64>, PathRejection>,
) -> Response {
    match id.map_or(Ok(None), |Path(id)| key_of_user(&backend, id)) {
        Ok(Some(key)) if key.revoked_at.is_none() => {
            keys_page::confirm_revoke(&key, &session.form_token).into_response()
        }
        Ok(_) => gone(),
        Err(error) => broken(&error),
    }
}

pub(super) async fn revoke(
    State(backend): State<Shared>,
    Extension(session): Extension<Session>,
    id: Result<Path<i64>, PathRejection>,
    form: Result<Form<PlainForm>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else { return unreadable() };
    if session.form_token != form.form_token {
        return foreign();
    }
    let revoked = id.map_or(Ok(None), |Path(id)| key_of_user(&backend, id)).and_then(|key| match key {
        Some(key) => Ok(backend.store.revoke_key(key.owner, key.id, backend.clock.now_ms())?.then_some(key.prefix)),
        None => Ok(None),
    });
    match revoked {
        Ok(Some(prefix)) => {
            backend.notices.put(&session.id, Notice::Revoked { prefix });
            Redirect::to(ADDRESS).into_response()
        }
        Ok(None) => gone(),
        Err(error) => broken(&error),
    }
}

fn key_of_user(backend: &Backend, id: i64) -> Result<Option<KeyRow>, StoreError> {
    backend.store.key_of(backend.store.user(user())?, id)
}

fn key_cards(backend: &Backend, now_ms: i64) -> Result<Vec<KeyCard>, StoreError> {
    let keys = backend.store.keys_of(backend.store.user(user())?)?;
    let card = |key: KeyRow| {
        let taken_today = backend.store.taken_tokens(key.id, utc_day(now_ms))?;
        Ok(KeyCard { limit: key.quota.unwrap_or(backend.options.quota), taken_today, key })
    };
    keys.into_iter().map(card).collect()
}

fn show(backend: &Backend, session: &Session, status: StatusCode, notice: Option<&Notice>, draft: &Draft) -> Response {
    let now_ms = backend.clock.now_ms();
    match key_cards(backend, now_ms) {
        Ok(cards) => {
            let page = keys_page::list(&cards, notice, draft, &session.form_token, now_ms);
            (status, page).into_response()
        }
        Err(error) => broken(&error),
    }
}

/// What the form asks for, or what is wrong with it.
fn spec(form: &CreateForm, now_ms: i64) -> Result<KeySpec, Problem> {
    let name = form.name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_LENGTH || name.chars().any(char::is_control) {
        return Err(Problem::Name);
    }
    let expires_at_ms = match form.expires.trim() {
        "" => None,
        day => Some(end_of_day(day).filter(|end| *end > now_ms).ok_or(Problem::Expires)?),
    };
    // Scopes that the page hides are taken all the same, as the API takes them.
    let scopes: Option<Vec<Scope>> =
        form.scope.iter().map(|text| Scope::ALL.into_iter().find(|scope| scope.as_str() == text)).collect();
    let scopes = scopes.filter(|scopes| !scopes.is_empty()).ok_or(Problem::Scope)?;
    Ok(KeySpec { name: name.to_owned(), scopes, expires_at_ms, quota: None })
}

/// The end of a UTC day, in Unix milliseconds.
fn end_of_day(text: &str) -> Option<i64> {
    let tomorrow = text.parse::<jiff::civil::Date>().ok()?.tomorrow().ok()?;
    let midnight = tomorrow.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(midnight.timestamp().as_millisecond())
}

fn unreadable() -> Response {
    refusal(StatusCode::BAD_REQUEST, "The form could not be read. Load the page again and send it from there.")
        .into_response()
}

fn foreign() -> Response {
    refusal(
        StatusCode::FORBIDDEN,
        "The form was not made for this session. Load the page again and send it from there.",
    )
    .into_response()
}

fn gone() -> Response {
    refusal(StatusCode::NOT_FOUND, "There is no such active key.").into_response()
}

fn broken(error: &StoreError) -> Response {
    tracing::error!(%error, "the store failed");
    refusal(StatusCode::SERVICE_UNAVAILABLE, "The store cannot be used now. Try again.").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_767_225_600_000; // 2026-01-01T00:00:00Z

    fn form(name: &str, expires: &str, scope: &[&str]) -> CreateForm {
        let scope = scope.iter().map(|scope| (*scope).to_owned()).collect();
        CreateForm { form_token: String::new(), name: name.to_owned(), expires: expires.to_owned(), scope }
    }

    #[test]
    fn a_key_works_to_the_end_of_its_last_day() {
        let spec = spec(&form(" Shop ", "2026-01-01", &["video:read"]), NOW).unwrap();
        assert_eq!(spec.name, "Shop");
        assert_eq!(spec.expires_at_ms, Some(NOW + 86_400_000));
    }

    #[test]
    fn accepts_hidden_scopes_and_rejects_unknown_ones() {
        assert_eq!(spec(&form("a", "", &["vault:read", "billing:read"]), NOW).unwrap().scopes.len(), 2);
        for scope in [&[][..], &["video:write"], &["video:read", "root"]] {
            assert_eq!(spec(&form("a", "", scope), NOW).unwrap_err(), Problem::Scope);
        }
    }

    #[test]
    fn names_what_is_invalid() {
        for name in ["", "  ", "a\nb", &"x".repeat(65)] {
            assert_eq!(spec(&form(name, "", &["video:read"]), NOW).unwrap_err(), Problem::Name);
        }
        for expires in ["2025-12-31", "2026-02-30", "tomorrow", "9999-12-31"] {
            assert_eq!(spec(&form("a", expires, &["video:read"]), NOW).unwrap_err(), Problem::Expires, "{expires}");
        }
    }
}
