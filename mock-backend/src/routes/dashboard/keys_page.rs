//! The HTML of the pages about API keys.

use axum::response::Html;
use maud::{Markup, html};

use super::page::{Section, page};
use crate::state::api_key::{MAX_ACTIVE_KEYS, Scope};
use crate::state::clock::rfc3339;
use crate::state::notices::Notice;
use crate::state::store::KeyRow;

/// Maximum length of a key's name, in characters.
pub(super) const MAX_NAME_LENGTH: usize = 64;

/// A key, and what it has spent today.
pub(super) struct KeyCard {
    pub(super) key: KeyRow,
    pub(super) taken_today: u32,
    pub(super) limit: u32,
}

/// The user's input in the form, and what is wrong with it.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) expires: String,
    pub(super) problem: Option<Problem>,
}

/// Why a form was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    Name,
    Expires,
    Scope,
    Limit,
}

impl Problem {
    fn sentence(self) -> String {
        match self {
            Self::Name => format!("The key needs a name of 1 to {MAX_NAME_LENGTH} characters."),
            Self::Expires => {
                "The expiry must be a day, today or later; leave it empty for a key that never expires.".to_owned()
            }
            Self::Scope => "The key needs at least one scope.".to_owned(),
            Self::Limit => {
                format!(
                    "You have {MAX_ACTIVE_KEYS} active keys, the most that a user can have. Revoke one to free a slot."
                )
            }
        }
    }
}

/// The page with all keys.
pub(super) fn list(
    cards: &[KeyCard],
    notice: Option<&Notice>,
    draft: &Draft,
    form_token: &str,
    now_ms: i64,
) -> Html<String> {
    let (active, past): (Vec<_>, Vec<_>) = cards.iter().partition(|card| card.key.is_active(now_ms));
    let content = html! {
        div.heading {
            h1 { "API keys" }
            p.muted { (active.len()) " of " (MAX_ACTIVE_KEYS) " active" }
        }
        @if let Some(notice) = notice { (shown_once(notice)) }
        (create_form(draft, form_token))
        section aria-labelledby="active-keys" {
            h2 #active-keys { "Active keys" }
            @if active.is_empty() { p.empty { "No key is active. Create one above." } }
            ul.cards { @for card in active { (key_card(card, now_ms)) } }
        }
        @if !past.is_empty() {
            section aria-labelledby="past-keys" {
                h2 #past-keys { "Revoked and expired keys" }
                ul.cards { @for card in past { (key_card(card, now_ms)) } }
            }
        }
    };
    page("API keys", Some(Section::ApiKeys), &content)
}

/// The page that asks once more.
pub(super) fn confirm_revoke(key: &KeyRow, form_token: &str) -> Html<String> {
    let content = html! {
        h1 { "Revoke this key?" }
        p { "“" (key.name) "” (" code { (key.prefix) "…" } ") stops working at once and for good: the next request with it "
            "is rejected. Playback tokens that it has minted stay valid until they expire." }
        form.actions method="post" action=(format!("/dashboard/api-keys/{}/revoke", key.id)) {
            input type="hidden" name="form_token" value=(form_token);
            button.danger type="submit" { "Revoke key" }
            a.button href="/dashboard/api-keys" { "Keep it" }
        }
    };
    page("Revoke a key", Some(Section::ApiKeys), &content)
}

fn shown_once(notice: &Notice) -> Markup {
    match notice {
        Notice::Created { text } => html! {
            section.notice.new-key aria-labelledby="new-key-title" {
                h2 #new-key-title { "Your new API key" }
                p { "Copy it now. It is shown only once." }
                div.copy {
                    code #new-key tabindex="0" aria-label="New API key" { (text) }
                    button type="button" data-copies="new-key" hidden { "Copy key" }
                    span.muted role="status" data-copied="" {}
                }
            }
        },
        Notice::Revoked { prefix } => html! {
            p.notice role="status" { "The key " code { (prefix) "…" } " is revoked." }
        },
    }
}

fn create_form(draft: &Draft, form_token: &str) -> Markup {
    let is = |problem| (draft.problem == Some(problem)).then_some("true");
    let told = |problem, hint: &'static str| if draft.problem == Some(problem) { "problem" } else { hint };
    html! {
        section.panel aria-labelledby="create-key" {
            h2 #create-key { "Create a key" }
            @if let Some(problem) = draft.problem {
                p #problem .problem role="alert" { (problem.sentence()) }
            }
            form method="post" action="/dashboard/api-keys" novalidate {
                input type="hidden" name="form_token" value=(form_token);
                div.field {
                    label for="name" { "Name" }
                    input #name name="name" type="text" value=(draft.name) required maxlength=(MAX_NAME_LENGTH)
                        autocomplete="off" aria-invalid=[is(Problem::Name)] aria-describedby=(told(Problem::Name, "name-hint"));
                    p #name-hint .hint { "Where it will be used, such as “Web shop”." }
                }
                div.field {
                    label for="expires" { "Expires " span.muted { "(optional)" } }
                    input #expires name="expires" type="date" value=(draft.expires)
                        aria-invalid=[is(Problem::Expires)] aria-describedby=(told(Problem::Expires, "expires-hint"));
                    p #expires-hint .hint { "The last day on which it works, in UTC. Empty: it never expires." }
                }
                fieldset.field aria-describedby=[is(Problem::Scope).map(|_| "problem")] {
                    legend { "Scopes" }
                    label.check {
                        input type="checkbox" name="scope" value=(Scope::VideoRead.as_str()) checked;
                        span { code { (Scope::VideoRead.as_str()) } span.hint { "List and get videos, mint playback tokens" } }
                    }
                }
                button.primary type="submit" { "Create key" }
            }
        }
    }
}

fn key_card(card: &KeyCard, now_ms: i64) -> Markup {
    let KeyCard { key, taken_today, limit } = card;
    let (state, class) = match key {
        _ if key.revoked_at.is_some() => ("Revoked", "revoked"),
        _ if key.is_expired(now_ms) => ("Expired", "expired"),
        _ => ("Active", "active"),
    };
    let title = format!("key-{}", key.id);
    let tokens = format!("{taken_today} of {limit} tokens minted today");
    html! {
        li {
            article.card aria-labelledby=(title) data-state=(class) {
                header {
                    h3 id=(title) { (key.name) }
                    span.badge.(class) { (state) }
                }
                code.prefix { (key.prefix) "…" }
                dl {
                    dt { "Created" } dd { (moment(key.created_at)) }
                    dt { "Last used" } dd { @if let Some(at) = key.last_used_at { (moment(at)) } @else { "Never" } }
                    @if let Some(at) = key.revoked_at { dt { "Revoked" } dd { (moment(at)) } }
                    dt { "Expires" } dd { @if let Some(at) = key.expires_at { (moment(at)) } @else { "Never" } }
                    dt { "Scopes" } dd { @for scope in key.scopes.split(' ') { code { (scope) } " " } }
                }
                div.tokens {
                    // Another colour once nine tenths are spent.
                    meter min="0" max=(limit.max(&1)) high=(f64::from(*limit) * 0.9) optimum="0" value=(taken_today)
                        aria-label=(tokens) {}
                    span { (tokens) }
                }
                @if key.revoked_at.is_none() {
                    a.button.danger-quiet href=(format!("/dashboard/api-keys/{}/revoke", key.id))
                        aria-label=(format!("Revoke {} ({}…)", key.name, key.prefix)) { "Revoke" }
                }
            }
        }
    }
}

/// A moment, readable by people and by programs.
fn moment(ms: i64) -> Markup {
    let shown = jiff::Timestamp::from_millisecond(ms).unwrap_or_default().strftime("%-d %b %Y, %H:%M UTC").to_string();
    html! { time datetime=(rfc3339(ms)) { (shown) } }
}
