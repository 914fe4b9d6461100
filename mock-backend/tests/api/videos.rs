//! The list, one video, and how videos come to be.

use std::time::Duration;

use ansdev_mock_backend::seed;
use ansdev_mock_backend::seed::Seed;
use serde_json::{Value, json};

use crate::client::Client;
use crate::mock::Wanted;

async fn status_of(client: &Client, video: &str) -> String {
    let answer = client.get_with(&format!("/v1/video/{video}"), client.mock.api_key()).await;
    answer.json()["data"]["status"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_video_has_the_contracts_fields() {
    let client = Client::start().await;
    let answer = client.get_with("/v1/video/vid_single_key", client.mock.api_key()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let mut body = answer.json();
    let created_at = body["data"]["createdAt"].take();
    assert!(created_at.as_str().unwrap().ends_with('Z'), "{created_at}");
    assert_eq!(
        body,
        json!({"success": true, "data": {
            "id": "vid_single_key", "title": "One key for all of it", "status": "COMPLETED", "quality": "720p",
            "durationSeconds": 24.0, "encrypted": true, "createdAt": null,
        }})
    );
}

#[tokio::test]
async fn the_list_has_the_owners_videos_the_first_first() {
    let client = Client::start().await;
    let body = client.get_with("/v1/video", client.mock.api_key()).await.json();
    let ids: Vec<_> = body["data"]["videos"].as_array().unwrap().iter().map(|video| &video["id"]).collect();
    assert_eq!(ids.len(), 11);
    assert_eq!(ids[0], seed::ROTATING_KEYS);
    assert!(!ids.iter().any(|id| *id == seed::OTHER_OWNER));
    assert_eq!(body["data"]["nextCursor"], Value::Null);
}

#[tokio::test]
async fn pages_together_are_the_list() {
    let client = Client::start().await;
    let key = client.mock.api_key();
    let whole = client.get_with("/v1/video?limit=100", key).await.json()["data"]["videos"].clone();
    for limit in [1, 3, 8] {
        let (mut videos, mut path) = (Vec::new(), format!("/v1/video?limit={limit}"));
        loop {
            let data = client.get_with(&path, key).await.json()["data"].take();
            let page = data["videos"].as_array().unwrap().clone();
            assert!((1..=limit).contains(&page.len()));
            videos.extend(page);
            let Some(cursor) = data["nextCursor"].as_str() else { break };
            path = format!("/v1/video?limit={limit}&cursor={cursor}");
        }
        assert_eq!(Value::from(videos), whole, "{limit}");
    }
}

#[tokio::test]
async fn rejects_an_invalid_limit_or_cursor() {
    let client = Client::start().await;
    for query in [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=1.5",
        "limit=",
        "limit=many",
        "limit=99999999999999999999",
        "limit=1&limit=2",
        "cursor=",
        "cursor=x",
        "cursor=.vid_a",
        "cursor=1.",
        "cursor=1.a%2Fb",
        "cursor=%ff",
        "cursor=1.%00",
    ] {
        let answer = client.get_with(&format!("/v1/video?{query}"), client.mock.api_key()).await;
        answer.assert_error(400, "INVALID_REQUEST");
    }
    let answer = client.get_with("/v1/video?limit=100&unknown=1", client.mock.api_key()).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_video_passes_through_every_stage() {
    let client = Client::start().await;
    let (mut made, mut failed) = (Vec::new(), Vec::new());
    for _ in 0..8 {
        made.push(status_of(&client, seed::IN_THE_MAKING).await);
        failed.push(status_of(&client, seed::FAILING).await);
        client.mock.advance(Duration::from_mins(1));
    }
    let stages =
        ["PRICING", "ESCROW_LOCKED", "UPLOADING", "QUEUED", "TRANSCODING", "MIGRATING", "COMPLETED", "COMPLETED"];
    assert_eq!(made, stages);
    let stages = ["PRICING", "ESCROW_LOCKED", "UPLOADING", "QUEUED", "TRANSCODING", "FAILED", "FAILED", "FAILED"];
    assert_eq!(failed, stages);
}

#[tokio::test]
async fn unknown_values_are_null() {
    let client = Client::start().await;
    let key = client.mock.api_key();
    let path = format!("/v1/video/{}", seed::IN_THE_MAKING);
    let data = client.get_with(&path, key).await.json()["data"].take();
    assert_eq!((&data["quality"], &data["durationSeconds"]), (&Value::Null, &Value::Null));
    client.mock.advance(Duration::from_mins(6));
    let data = client.get_with(&path, key).await.json()["data"].take();
    assert_eq!((&data["quality"], &data["durationSeconds"]), (&json!("720p"), &json!(24.0)));
}

#[tokio::test]
async fn the_empty_seed_has_a_key_and_no_video() {
    let client = Client::with(Wanted::default().seed(Seed::Empty)).await;
    let body = client.get_with("/v1/video", client.mock.api_key()).await.json();
    assert_eq!(body, json!({"success": true, "data": {"videos": [], "nextCursor": null}}));
}
