//! A server that keeps the API key and hands out playback tokens to its own page.
//!
//! `ANSDEV_API_KEY=ak_live_… cargo run -p ansdev-token-endpoint`, then open <http://127.0.0.1:3000>.

use std::env;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use reqwest::{Client, Url};
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[derive(Clone)]
struct Ansdev {
    http: Client,
    base: Url,
    key: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let ansdev = Ansdev {
        http: Client::new(),
        base: env::var("ANSDEV_BASE_URL").unwrap_or_else(|_| "https://api.ansdev.cloud".into()).parse()?,
        key: env::var("ANSDEV_API_KEY").map_err(|_| "set ANSDEV_API_KEY to your API key")?,
    };
    let app = Router::new()
        .route("/", get(async || Html(include_str!("../index.html"))))
        .route("/tokens/{video_id}", post(token))
        .with_state(ansdev);
    let listener = TcpListener::bind(env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:3000".into())).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

/// A token for one video. Here is the place to ask whether this viewer may watch it: your session, your purchases.
async fn token(State(ansdev): State<Ansdev>, Path(video_id): Path<String>) -> Response {
    match mint(&ansdev, &video_id).await {
        Ok((status, answer)) if status.is_success() => Json(answer["data"].clone()).into_response(),
        // The SDK judges by the status whether to try again; of your key the page should learn nothing.
        Ok((StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, _)) => refusal(StatusCode::INTERNAL_SERVER_ERROR, "KEY"),
        Ok((status, answer)) => refusal(status, answer["error"]["code"].as_str().unwrap_or("UNKNOWN")),
        Err(error) => {
            eprintln!("{error}");
            refusal(StatusCode::BAD_GATEWAY, "NETWORK")
        }
    }
}

async fn mint(ansdev: &Ansdev, video_id: &str) -> reqwest::Result<(StatusCode, Value)> {
    let mut url = ansdev.base.clone();
    // Segment by segment: an id with a slash in it stays one.
    url.path_segments_mut().expect("an http address has a path").extend(["v1", "video", video_id, "playback-token"]);
    let request = ansdev.http.post(url).header("x-ansdev-key", &ansdev.key).header("content-length", 0);
    let response = request.send().await?;
    Ok((response.status(), response.json().await?))
}

fn refusal(status: StatusCode, code: &str) -> Response {
    (status, Json(json!({ "code": code }))).into_response()
}
