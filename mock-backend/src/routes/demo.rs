//! The demo page at `/`, and the built SDK at `/sdk/`, both for browsers on the mock's own origin.

use ansdev_player::api::Video;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{Uri, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use maud::{DOCTYPE, html};
use serde::Serialize;

use crate::http::answer::{Failure, nothing_at};
use crate::http::base::{Base, other_origin};
use crate::http::{cors, files};
use crate::state::backend::Shared;
use crate::state::seed::Seed;

/// The file without which no page plays.
const SCRIPT: &str = "ansdev-player.global.js";

/// What the page may load and do: itself, the SDK, and what it plays, also from the CDN.
fn policy(cdn: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; connect-src 'self' {cdn}; \
         media-src 'self' blob:; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
         object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// The built SDK, which hosted players load too.
pub(super) fn sdk() -> Router<Shared> {
    Router::new().route("/sdk/{*path}", get(sdk_file)).layer(cors::layer())
}

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/", get(page))
        .route("/demo/config.json", get(config))
        .route("/demo/demo.js", get(|| async { files::javascript(include_str!("../../pages/demo/demo.js")) }))
        .route("/demo/timeline.js", get(|| async { files::javascript(include_str!("../../pages/demo/timeline.js")) }))
        .route("/demo/trouble.js", get(|| async { files::javascript(include_str!("../../pages/demo/trouble.js")) }))
        .route("/demo/demo.css", get(|| async { files::css(include_str!("../../pages/demo/demo.css")) }))
}

async fn page(State(backend): State<Shared>, Base(base): Base) -> Response {
    let policy = [(header::CONTENT_SECURITY_POLICY, policy(&other_origin(&backend, &base)))];
    if backend.options.seed != Seed::Demo {
        return (policy, notice("The demo page needs the demo's videos: start the mock with --seed demo."))
            .into_response();
    }
    if backend.options.sdk.read(SCRIPT).is_none() {
        let advice = "The SDK is not here: run `cargo xtask build`, or name the folder of a built one with --sdk; then \
                      load this page again.";
        return (policy, notice(advice)).into_response();
    }
    (policy, Html(include_str!("../../pages/demo/index.html"))).into_response()
}

/// A file of the SDK.
async fn sdk_file(State(backend): State<Shared>, uri: Uri, path: Result<Path<String>, PathRejection>) -> Response {
    let found = path.ok().and_then(|Path(path)| Some((backend.options.sdk.read(&path)?, path)));
    let Some((bytes, path)) = found else { return nothing_at(&uri).into_response() };
    let media_type = match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js" | "mjs") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css",
        Some("json" | "map") => "application/json",
        _ => "application/octet-stream",
    };
    // Asked for again each time: the next build has other files under the same names.
    ([(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-cache")], bytes).into_response()
}

fn notice(sentence: &str) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { "Ansdev mock backend" }
                link rel="stylesheet" href="/theme.css";
                link rel="stylesheet" href="/demo/demo.css";
            }
            body { main { h1 { "Ansdev mock backend" } p { (sentence) } } }
        }
    };
    Html(page.into_string())
}

/// What the demo page needs to know. Read by the page's own origin only: no CORS header goes with it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Config<'a> {
    api_key: &'a str,
    base_url: String,
    videos: Vec<Video>,
}

async fn config(State(backend): State<Shared>, Base(base_url): Base) -> Result<Response, Failure> {
    if backend.options.seed != Seed::Demo {
        return Err(Failure::not_found("There is no demo here; start the mock with --seed demo."));
    }
    let config = Json(Config { api_key: backend.api_key.expose(), base_url, videos: backend.seeded_videos()? });
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    Ok((headers, config).into_response())
}
