//! `GET /player/{token}`: the page behind `playerUrl`, fit for an `<iframe>` on any site.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use crate::http::answer::Failure;
use crate::http::base::{Base, other_origin};
use crate::state::backend::Shared;

/// What the page may load and do. It has no `frame-ancestors`, because it exists to be framed.
fn policy(cdn: &str) -> String {
    format!(
        "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self' 'wasm-unsafe-eval'; \
         worker-src 'self' blob:; connect-src 'self' {cdn}; media-src 'self' blob:; img-src 'self' data:; \
         base-uri 'none'; form-action 'none'"
    )
}

pub(super) async fn player(
    State(backend): State<Shared>,
    Base(base): Base,
    token: Result<Path<String>, PathRejection>,
) -> Response {
    let token = token.map_or_else(|_| String::new(), |Path(token)| token);
    let (now_ms, policy) = (backend.clock.now_ms(), policy(&other_origin(&backend, &base)));
    let claims = match backend.check_token(&token, now_ms) {
        Ok(claims) => claims,
        Err(error) => {
            let failure = Failure::from(error);
            let sentence =
                html! { main.refusal { h1 { "This video cannot be played" } p role="alert" { (failure.message()) } } };
            return answer(failure.status(), policy, &sentence, false);
        }
    };
    let seconds_left = (claims.exp * 1000).saturating_sub(now_ms.max(0).cast_unsigned()) as f64 / 1000.0;
    let player = html! {
        main.player {
            h1.unseen { "Ansdev player" }
            ansdev-video controls data-token=(token) data-expires-in=(seconds_left) data-video-id=(claims.sub) {}
            p #message role="status" {}
        }
    };
    answer(StatusCode::OK, policy, &player, true)
}

fn answer(status: StatusCode, policy: String, content: &Markup, is_playing: bool) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Ansdev player" }
                link rel="icon" href="data:,";
                link rel="stylesheet" href="/player.css";
                @if is_playing {
                    script src="/sdk/ansdev-player.global.js" defer {}
                    script src="/player.js" type="module" {}
                }
            }
            body { (content) }
        }
    };
    let policy = [(header::CONTENT_SECURITY_POLICY, policy)];
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        // The address holds the token.
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, policy, headers, Html(page.into_string())).into_response()
}
