//! The layout of the dashboard's pages.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse};
use maud::{DOCTYPE, Markup, html};

/// Which entry of the navigation a page is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    ApiKeys,
    Videos,
}

/// A whole page.
pub(super) fn page(title: &str, section: Option<Section>, content: &Markup) -> Html<String> {
    let entry = |this: Section, address: &str, name: &str| {
        html! { a href=(address) aria-current=[(section == Some(this)).then_some("page")] { (name) } }
    };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Ansdev" }
                link rel="icon" href="data:,";
                link rel="stylesheet" href="/theme.css";
                link rel="stylesheet" href="/dashboard.css";
                script src="/dashboard.js" type="module" {}
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                header.bar {
                    span.brand { "Ansdev " span.muted { "mock backend" } }
                    nav aria-label="Dashboard" {
                        (entry(Section::ApiKeys, "/dashboard/api-keys", "API keys"))
                        (entry(Section::Videos, "/dashboard/videos", "Videos"))
                    }
                }
                main #content { (content) }
            }
        }
    };
    Html(page.into_string())
}

/// A page that says why something was not done.
pub(super) fn refusal(status: StatusCode, sentence: &str) -> impl IntoResponse {
    let content = html! {
        h1 { "That did not work" }
        p role="alert" { (sentence) }
        p { a href="/dashboard/api-keys" { "Back to the API keys" } }
    };
    (status, page("That did not work", None, &content))
}
