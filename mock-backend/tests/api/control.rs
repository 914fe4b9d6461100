//! The control plane: clock, faults, journal, keys, reset; and who may reach it.

use std::time::{Duration, Instant};

use ansdev_mock_backend::{Fault, FaultKind, FaultRoute, seed};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::mock::Wanted;

async fn post(client: &Client, path: &str, body: &Value) -> Answer {
    Answer::of(client.request(Method::POST, path).json(body)).await
}

async fn delete(client: &Client, path: &str) -> Answer {
    Answer::of(client.request(Method::DELETE, path)).await
}

async fn journal(client: &Client) -> Vec<Value> {
    client.get("/_mock/journal").await.json()["entries"].as_array().unwrap().clone()
}

#[tokio::test]
async fn without_control_there_is_no_control_plane() {
    let client = Client::with(Wanted::default().without_control()).await;
    client.get("/_mock/journal").await.assert_error(404, "NOT_FOUND");
    post(&client, "/_mock/clock", &json!({"advanceSeconds": 1})).await.assert_error(404, "NOT_FOUND");
    assert!(client.mock.journal().is_empty());
}

#[tokio::test]
async fn another_origin_does_not_reach_it() {
    let client = Client::start().await;
    let (url, port) = (client.mock.url(), client.mock.address().port());
    let reset = |name: &'static str, value: String| client.request(Method::POST, "/_mock/reset").header(name, value);
    for (name, value) in [
        ("origin", "https://evil.example".to_owned()),
        ("origin", "null".to_owned()),
        ("origin", format!("http://localhost:{port}")),
        ("sec-fetch-site", "cross-site".to_owned()),
    ] {
        Answer::of(reset(name, value)).await.assert_error(403, "CROSS_ORIGIN");
    }
    assert_eq!(Answer::of(reset("origin", url)).await.status, 200);
    assert_eq!(Answer::of(reset("sec-fetch-site", "same-origin".to_owned())).await.status, 200);
    let preflight = client
        .request(Method::OPTIONS, "/_mock/reset")
        .header("origin", "https://evil.example")
        .header("access-control-request-method", "POST");
    assert!(!Answer::of(preflight).await.status.is_success());
}

#[tokio::test]
async fn the_clock_moves_tokens_quotas_and_dates() {
    let client = Client::start().await;
    let token = client.token(seed::CLEAR).await;
    let before = client.get("/_mock/clock").await.json()["now"].as_i64().unwrap();
    let moved = post(&client, "/_mock/clock", &json!({"advanceSeconds": 3600})).await;
    assert!(moved.json()["now"].as_i64().unwrap() >= before + 3_600_000);
    let path = format!("/v1/video/playback/manifest/{token}");
    let refused = client.get(&path).await;
    refused.assert_error(401, "PLAYBACK_TOKEN_EXPIRED");
    let date = httpdate::parse_http_date(refused.header("date").unwrap()).unwrap();
    let ahead = date.duration_since(std::time::SystemTime::now()).unwrap();
    assert!(ahead > Duration::from_mins(59), "{ahead:?}");

    post(&client, "/_mock/clock", &json!({"advanceSeconds": -3600})).await;
    assert_eq!(client.get(&path).await.status, 200);
    for body in
        [json!({}), json!({"advanceSeconds": "1"}), json!({"advanceSeconds": null}), json!({"seconds": 1}), json!([])]
    {
        post(&client, "/_mock/clock", &body).await.assert_error(400, "INVALID_REQUEST");
    }
    for absurd in [1e300, -1e300] {
        assert_eq!(post(&client, "/_mock/clock", &json!({"advanceSeconds": absurd})).await.status, 200);
        assert_eq!(client.mint(seed::CLEAR).await.status, 200, "what is ready stays so");
    }
}

#[tokio::test]
async fn a_status_fault_answers_for_the_route_and_only_so_often() {
    let client = Client::start().await;
    let fault = json!({"route": "mint", "kind": "status", "value": 503, "times": 2});
    assert_eq!(post(&client, "/_mock/faults", &fault).await.status, 204);
    for _ in 0..2 {
        let answer = client.mint(seed::CLEAR).await;
        answer.assert_error(503, "MOCK_FAULT");
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "a browser must see the status");
    }
    assert_eq!(client.get_with("/v1/video", client.mock.api_key()).await.status, 200);
    assert_eq!(client.mint(seed::CLEAR).await.number("x-ratelimit-remaining"), 999, "the route was not reached before");
}

#[tokio::test]
async fn a_drop_fault_closes_the_connection_without_an_answer() {
    let client = Client::start().await;
    client.mock.set_fault(Fault::new(FaultRoute::Key, FaultKind::Drop).times(1));
    let token = client.token(seed::SINGLE_KEY).await;
    let path = format!("/v1/video/playback/key/{token}/job_single_key");
    let error = client.request(Method::GET, &path).send().await.unwrap_err();
    assert!(error.is_request(), "{error:?}");
    let entry = client.mock.journal().into_iter().find(|entry| entry.path.contains("/key/")).unwrap();
    assert_eq!(entry.status, None);
    assert_eq!(client.get(&path).await.body.len(), 16);
}

#[tokio::test]
async fn a_truncate_fault_breaks_off_in_the_body() {
    let client = Client::start().await;
    client.mock.set_fault(Fault::new(FaultRoute::List, FaultKind::Truncate).times(1));
    let request = || client.request(Method::GET, "/v1/video").header("x-ansdev-key", client.mock.api_key()).send();
    let mut response = request().await.unwrap();
    assert_eq!(response.status(), 200);
    let announced = response.content_length().unwrap();
    let mut received = 0;
    let error = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => received += chunk.len() as u64,
            Ok(None) => panic!("the whole body came"),
            Err(error) => break error,
        }
    };
    assert!(error.is_body() || error.is_decode(), "{error:?}");
    assert_eq!(received, announced / 2);
    assert!(request().await.unwrap().json::<Value>().await.unwrap()["success"].as_bool().unwrap());
}

#[tokio::test]
async fn a_garbage_fault_answers_with_a_login_page() {
    let client = Client::start().await;
    client.mock.set_fault(Fault::new(FaultRoute::Every, FaultKind::Garbage).times(1));
    let answer = client.get_with("/v1/video", client.mock.api_key()).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, Some("text/html")));
    assert!(answer.body.starts_with(b"<!doctype html>") && String::from_utf8(answer.body).is_err());
}

#[tokio::test]
async fn a_latency_fault_delays_and_goes_with_others() {
    let client = Client::start().await;
    client.mock.set_fault(Fault::new(FaultRoute::Get, FaultKind::Latency).value(300).times(1));
    client.mock.set_fault(Fault::new(FaultRoute::Get, FaultKind::Status).value(418).times(1));
    let started = Instant::now();
    client.get("/v1/video/vid_clear").await.assert_error(418, "MOCK_FAULT");
    assert!(started.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn faults_can_be_cleared_and_invalid_ones_are_rejected() {
    let client = Client::start().await;
    post(&client, "/_mock/faults", &json!({"route": "*", "kind": "status", "value": 500, "times": null})).await;
    client.get("/v1/video").await.assert_error(500, "MOCK_FAULT");
    client.get("/cdn/job_clear/720p/0.ts").await.assert_error(500, "MOCK_FAULT");
    assert_eq!(client.get("/dashboard/api-keys").await.status, 200, "pages are no part of the API");
    assert_eq!(delete(&client, "/_mock/faults").await.status, 204);
    client.get("/v1/video").await.assert_error(401, "API_KEY_REQUIRED");
    for fault in [
        json!({"route": "mint", "kind": "status"}),
        json!({"route": "mint", "kind": "status", "value": 200}),
        json!({"route": "mint", "kind": "latency", "value": -1}),
        json!({"route": "mint", "kind": "explode"}),
        json!({"route": "nowhere", "kind": "drop"}),
        json!({"route": "mint", "kind": "drop", "probability": 2}),
        json!({"route": "mint", "kind": "drop", "often": 2}),
        json!("drop"),
    ] {
        post(&client, "/_mock/faults", &fault).await.assert_error(400, "INVALID_REQUEST");
    }
    let malformed =
        client.request(Method::POST, "/_mock/faults").header("content-type", "application/json").body(&b"{\xff"[..]);
    Answer::of(malformed).await.assert_error(400, "INVALID_REQUEST");
}

#[tokio::test]
async fn a_fault_can_come_by_chance() {
    let client = Client::start().await;
    client.mock.set_fault(Fault::new(FaultRoute::List, FaultKind::Status).value(500).probability(0.5));
    let mut failed = 0;
    for _ in 0..200 {
        failed += i32::from(client.get("/v1/video").await.status == 500);
    }
    // Fewer than 60 or more than 140 of 200: once in 70 million runs.
    assert!((60..=140).contains(&failed), "{failed}");
}

#[tokio::test]
async fn the_journal_tells_who_asked_what_and_hides_keys_and_tokens() {
    let client = Client::start().await;
    let key = client.mock.api_key().to_owned();
    let token = client.token(seed::ROTATING_KEYS).await;
    let path = format!("/v1/video/playback/key/{token}/job_rotating_keys?n=2");
    Answer::of(client.request(Method::GET, &path).header("origin", "https://shop.example")).await;
    client.get(&format!("/v1/video?cursor={key}")).await;

    let entries = journal(&client).await;
    assert_eq!(entries.len(), 3, "the control plane itself is not in it");
    let text = serde_json::to_string(&entries).unwrap();
    assert!(!text.contains(&token) && !text.contains(&key), "{text}");
    let at = entries[0]["at"].as_i64().unwrap();
    assert!((client.mock.now_ms() - at).abs() < 60_000);
    assert_eq!(
        entries[0],
        json!({"at": at, "method": "POST", "path": "/v1/video/vid_rotating_keys/playback-token", "query": null, "route": "mint",
               "status": 200, "errorCode": null, "keyPrefix": &key[..12], "origin": null})
    );
    assert_eq!(entries[1]["path"], "/v1/video/playback/key/eyJ0eXAi…/job_rotating_keys");
    assert_eq!((&entries[1]["query"], &entries[1]["route"]), (&json!("n=2"), &json!("key")));
    assert_eq!(entries[1]["origin"], "https://shop.example");
    assert_eq!((&entries[2]["status"], &entries[2]["errorCode"]), (&json!(401), &json!("API_KEY_REQUIRED")));
    assert_eq!(delete(&client, "/_mock/journal").await.status, 204);
    assert_eq!(journal(&client).await.len(), 0);
}

#[tokio::test]
async fn a_key_in_the_wrong_place_is_hidden_too() {
    let client = Client::start().await;
    let key = client.mock.api_key();
    let path = format!("/v1/video/vid_{key}?cursor=c{key}");
    Answer::of(client.request(Method::GET, &path).header("origin", format!("https://{key}.example"))).await;
    let told = client.get("/_mock/journal").await.text();
    assert!(told.contains(&format!("vid_{}…", &key[..12])) && !told.contains(key), "{told}");
}

#[tokio::test]
async fn keys_are_made_and_revoked() {
    let client = Client::start().await;
    let created = post(&client, "/_mock/keys", &json!({})).await;
    assert_eq!(created.status, 201);
    let (key, prefix) = (created.json()["apiKey"].as_str().unwrap().to_owned(), created.json()["prefix"].clone());
    assert_eq!(prefix, key[..12]);
    assert_eq!(client.get_with("/v1/video", &key).await.status, 200);
    assert_eq!(delete(&client, &format!("/_mock/keys/{}", &key[..12])).await.status, 204);
    client.get_with("/v1/video", &key).await.assert_error(401, "INVALID_API_KEY");
    delete(&client, &format!("/_mock/keys/{}", &key[..12])).await.assert_error(404, "NOT_FOUND");

    let wanted =
        json!({"name": "Old", "scopes": ["video:read", "vault:read"], "expiresAt": "2001-01-01T00:00:00Z", "quota": 5});
    let key = post(&client, "/_mock/keys", &wanted).await.json()["apiKey"].as_str().unwrap().to_owned();
    let answer = client.mint_with(seed::CLEAR, &key).await;
    answer.assert_error(401, "API_KEY_EXPIRED");
    assert_eq!(answer.number("x-ratelimit-limit"), 5);
    for wrong in
        [json!({"scopes": ["root"]}), json!({"expiresAt": "tomorrow"}), json!({"quota": -1}), json!({"nmae": ""})]
    {
        post(&client, "/_mock/keys", &wrong).await.assert_error(400, "INVALID_REQUEST");
    }
}

#[tokio::test]
async fn a_clock_that_was_moved_back_leaves_the_demos_videos_playable() {
    let client = Client::start().await;
    for back in [-1, -3600, -86_400 * 365 * 60] {
        post(&client, "/_mock/clock", &json!({"advanceSeconds": back})).await;
        let videos = client.get_with("/v1/video", client.mock.api_key()).await.json()["data"]["videos"].take();
        let is_ready = |video: &Value| video["status"] == "COMPLETED";
        let ready: Vec<_> = videos.as_array().unwrap().iter().filter(|video| is_ready(video)).collect();
        assert_eq!(ready.len(), videos.as_array().unwrap().len() - 2, "all but those in the making: {videos}");
        for video in ready {
            let token = client.token(video["id"].as_str().unwrap()).await;
            let status = client.get(&format!("/v1/video/playback/manifest/{token}")).await.status.as_u16();
            assert!(matches!(status, 200 | 302), "{status} {video}");
        }
        client.mint(seed::IN_THE_MAKING).await.assert_error(400, "VIDEO_NOT_READY");
    }
    assert_eq!(client.get("/dashboard/videos/vid_clear").await.status, 200);
}

#[tokio::test]
async fn reset_ends_the_tokens_of_before() {
    let client = Client::start().await;
    let token = client.token(seed::SINGLE_KEY).await;
    let addresses = [
        format!("/v1/video/playback/manifest/{token}"),
        format!("/v1/video/playback/key/{token}/job_single_key"),
        format!("/player/{token}"),
    ];
    for address in &addresses {
        assert_eq!(client.get(address).await.status, 200);
    }
    Answer::of(client.request(Method::POST, "/_mock/reset")).await;
    for address in &addresses {
        assert_eq!(client.get(address).await.status, 401, "{address}");
    }
    client.get(&addresses[0]).await.assert_error(401, "PLAYBACK_TOKEN_INVALID");
    let token = client.token(seed::SINGLE_KEY).await;
    assert_eq!(client.get(&format!("/v1/video/playback/manifest/{token}")).await.status, 200);
    client.mock.reset();
    assert_eq!(client.get(&format!("/v1/video/playback/manifest/{token}")).await.status, 401);
}

#[tokio::test]
async fn reset_brings_the_start_back() {
    let client = Client::start().await;
    let key = client.mock.api_key().to_owned();
    let extra = client.key_with(&[]);
    client.mint(seed::CLEAR).await;
    client.mock.revoke_key(&key[..12]);
    client.mock.advance(Duration::from_hours(1));
    client.mock.set_fault(Fault::new(FaultRoute::Every, FaultKind::Drop));

    // `curl -X POST` sends no length: the control plane takes it all the same.
    let answer = Answer::of(client.request(Method::POST, "/_mock/reset")).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, json!({"apiKey": key})));
    assert!(client.mock.journal().is_empty());
    assert_eq!(client.mint(seed::CLEAR).await.number("x-ratelimit-remaining"), 999);
    client.get_with("/v1/video", &extra).await.assert_error(401, "INVALID_API_KEY");
    client.mint(seed::IN_THE_MAKING).await.assert_error(400, "VIDEO_NOT_READY");
}
