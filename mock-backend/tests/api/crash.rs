//! The program is killed in the middle of its work, and started again on the same file.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::program::{started_quietly, stopped};

const MINTS: u32 = 10_000;
const CLIENTS: u32 = 16;

/// Mints and counts the answers, until one does not come.
async fn mint(url: String, key: String, answered: Arc<AtomicU32>, half: Arc<Notify>) {
    let http = reqwest::Client::new();
    for _ in 0..MINTS / CLIENTS {
        let request = http.post(format!("{url}/v1/video/vid_clear/playback-token")).header("x-ansdev-key", &key);
        let Ok(answer) = request.header("content-length", 0).send().await else { return };
        assert_eq!(answer.status(), 200);
        if answered.fetch_add(1, Ordering::Relaxed) + 1 == MINTS / 2 {
            half.notify_one();
        }
    }
}

#[tokio::test]
async fn killed_in_the_middle_of_ten_thousand_mints_it_forgets_none_that_it_answered() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ansdev.db");
    let arguments =
        ["--listen", "127.0.0.1:0", "--quota", "1000000", "--control", "--json", "--db", file.to_str().unwrap()];
    let (line, mut child) = started_quietly(&arguments).await;
    let (url, key) = (line["url"].as_str().unwrap().to_owned(), line["apiKey"].as_str().unwrap().to_owned());

    let (answered, half) = (Arc::new(AtomicU32::default()), Arc::new(Notify::new()));
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        clients.spawn(mint(url.clone(), key.clone(), answered.clone(), half.clone()));
    }
    tokio::time::timeout(Duration::from_mins(2), half.notified()).await.expect("half of the mints are answered");
    // A key is made and revoked while the others mint; the next thing that happens is the end.
    let http = reqwest::Client::new();
    let made = http.post(format!("{url}/_mock/keys")).header("content-type", "application/json").body("{}");
    let revoked: Value = made.send().await.unwrap().json().await.unwrap();
    let prefix = revoked["prefix"].as_str().unwrap();
    assert_eq!(http.delete(format!("{url}/_mock/keys/{prefix}")).send().await.unwrap().status(), 204);
    child.kill().await.unwrap();
    clients.join_all().await;
    let answered = answered.load(Ordering::Relaxed);
    assert!((MINTS / 2..MINTS).contains(&answered), "it was killed in the middle: {answered}");

    let check: String = rusqlite::Connection::open(&file)
        .unwrap()
        .pragma_query_value(None, "integrity_check", |row| row.get(0))
        .unwrap();
    assert_eq!(check, "ok");

    let (line, child) = started_quietly(&arguments).await;
    let address = format!("{}/v1/video/vid_clear/playback-token", line["url"].as_str().unwrap());
    let mint = |key: &str| http.post(&address).header("x-ansdev-key", key).header("content-length", 0).send();
    let answer = mint(&key).await.unwrap();
    assert_eq!(answer.status(), 200);
    let remaining: u32 = answer.headers()["x-ratelimit-remaining"].to_str().unwrap().parse().unwrap();
    let counted = 1_000_000 - remaining - 1;
    // Each client can have had one request under way, counted and not answered.
    assert!((answered..=answered + CLIENTS).contains(&counted), "{answered} answered, {counted} counted");
    assert_eq!(mint(revoked["apiKey"].as_str().unwrap()).await.unwrap().status(), 401);
    assert_eq!(stopped(child).await.0, Some(0));
}
