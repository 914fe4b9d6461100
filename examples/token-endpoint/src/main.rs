//! A server that keeps the API key and hands out playback tokens to its own page.
//!
//! `ANSDEV_API_KEY=ak_live_… cargo run -p ansdev-token-endpoint`, then open <http://127.0.0.1:3000>.
//!
//! It answers as `createTokenEndpoint` of `@ansdev/player/server` does, for a page that asks by `tokenEndpoint`.

mod ansdev;
mod answer;
mod cross_site;

use std::{env, sync::Arc, time::Duration};

use axum::{
    Router,
    body::to_bytes,
    extract::{Path, Request, State},
    http::{HeaderMap, Method, request::Parts},
    response::{Html, Response},
    routing::{any, get},
};
use serde_json::Value;
use tokio::{net::TcpListener, time::timeout};

use crate::ansdev::Ansdev;

/// The page gives up after eight seconds; it should have been answered by then.
const BUDGET: Duration = Duration::from_millis(6500);

/// Bytes; `{"reason":"initial"}` takes twenty.
const BODY_LIMIT: usize = 1024;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let base = env::var("ANSDEV_BASE_URL").unwrap_or_else(|_| "https://api.ansdev.cloud".into());
    let key = env::var("ANSDEV_API_KEY").map_err(|_| "set ANSDEV_API_KEY to your API key")?;
    let app = Router::new()
        .route("/", get(async || Html(include_str!("../index.html"))))
        .route("/tokens/{video_id}", any(token))
        .with_state(Arc::new(Ansdev::new(&base, key)?));
    let listener = TcpListener::bind(env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:3000".into())).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

/// A token for one video. When the viewer goes, axum drops this future: nothing is minted for nobody.
async fn token(State(ansdev): State<Arc<Ansdev>>, Path(video_id): Path<String>, request: Request) -> Response {
    let (Parts { method, headers, .. }, body) = request.into_parts();
    if method != Method::POST {
        return answer::method_not_allowed();
    }
    if cross_site::is_cross_site(&headers) {
        return answer::refused(403, "CROSS_SITE");
    }
    // No video has such an id, and an address would swallow the dots.
    if matches!(&*video_id, "" | "." | "..") || video_id.chars().count() > 64 {
        return answer::refused(404, "VIDEO_NOT_FOUND");
    }
    let answered = timeout(BUDGET, async {
        let body = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        if may_watch(&headers, &video_id, body["reason"].as_str()).await {
            answer::minted(&ansdev, ansdev.mint(&video_id).await)
        } else {
            answer::refused(403, "NOT_AUTHORIZED")
        }
    });
    answered.await.unwrap_or_else(|_| answer::unavailable(None))
}

/// Here ask who it is, by their cookie, and whether they may watch this video: your session, your purchases, your limit
/// for each viewer. The page says why it asks: `initial`, `refresh` in the middle of a film, or `rejected` where the last
/// token was refused.
#[expect(clippy::unused_async, reason = "yours will ask a database")]
async fn may_watch(_headers: &HeaderMap, _video_id: &str, _reason: Option<&str>) -> bool {
    true
}
