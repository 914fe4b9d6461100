//! The hosted player, the demo page, and the files of the SDK.

use std::fs;
use std::time::Duration;

use ansdev_mock_backend::seed;
use ansdev_mock_backend::seed::Seed;

use crate::client::Client;
use crate::mock::Wanted;

#[tokio::test]
async fn the_hosted_player_plays_with_its_token_and_can_be_framed() {
    let client = Client::start().await;
    let data = client.mint(seed::SINGLE_KEY).await.json()["data"].take();
    let (url, token) = (data["playerUrl"].as_str().unwrap(), data["token"].as_str().unwrap());
    let page = client.get(url.strip_prefix(&client.mock.url()).unwrap()).await;
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("frame-ancestors"), "{policy}");
    assert_eq!(page.header("x-frame-options"), None);
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    let text = page.text();
    assert!(text.contains("<ansdev-video ") && text.contains("src=\"/sdk/ansdev-player.global.js\""), "{text}");
    assert!(
        text.contains(&format!("data-token=\"{token}\"")) && text.contains("data-video-id=\"vid_single_key\""),
        "{text}"
    );
    assert_eq!(client.get("/player.js").await.header("content-type"), Some("text/javascript; charset=utf-8"));

    client.mock.advance(Duration::from_mins(6));
    let page = client.get(url.strip_prefix(&client.mock.url()).unwrap()).await;
    assert_eq!(page.status, 401);
    assert!(page.text().contains("has expired") && !page.text().contains("<ansdev-video"));
    for token in ["nonsense", "%ff", "%3Cscript%3E"] {
        assert_eq!(client.get(&format!("/player/{token}")).await.status, 401);
    }
}

#[tokio::test]
async fn the_demo_page_and_the_sdk_come_from_the_same_origin() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::with(Wanted::default().sdk(folder.path())).await;
    assert!(client.get("/").await.text().contains("run `cargo xtask build`"));
    client.get("/sdk/ansdev-player.global.js").await.assert_error(404, "NOT_FOUND");

    for (file, media_type) in [
        ("ansdev-player.global.js", "text/javascript"),
        ("hls.light.js", "text/javascript"),
        ("ansdev-player.wasm", "application/wasm"),
    ] {
        fs::write(folder.path().join(file), file).unwrap();
        let answer = client.get(&format!("/sdk/{file}")).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, Some(media_type)), "{file}");
        assert_eq!(answer.text(), file);
    }
    fs::write(folder.path().parent().unwrap().join("outside.txt"), "").ok();
    for path in ["/sdk/../outside.txt", "/sdk/..%2foutside.txt", "/sdk/%2e%2e/outside.txt", "/sdk//etc/passwd", "/sdk/"]
    {
        assert_eq!(client.get(path).await.status, 404, "{path}");
    }

    let page = client.get("/").await;
    assert!(page.text().contains("<ansdev-video") && page.header("content-security-policy").is_some());
    for file in ["/demo/demo.js", "/demo/demo.css", "/theme.css"] {
        assert_eq!(client.get(file).await.status, 200);
    }
    let config = client.get("/demo/config.json").await.json();
    assert_eq!(config["apiKey"], client.mock.api_key());
    assert_eq!(config["baseUrl"], client.mock.url());
    assert_eq!(config["videos"][0]["id"], seed::ROTATING_KEYS);
}

#[tokio::test]
async fn without_the_demo_there_is_no_demo_key_to_fetch() {
    let client = Client::with(Wanted::default().seed(Seed::Empty)).await;
    client.get("/demo/config.json").await.assert_error(404, "NOT_FOUND");
    assert!(client.get("/").await.text().contains("--seed demo"));
}
