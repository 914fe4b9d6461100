//! Under which names the mock answers. What acts for the developer answers to loopback names, and to those allowed.

use std::time::Duration;

use ansdev_mock_backend::seed;
use reqwest::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{Answer, Client};
use crate::mock::{Wanted, has_docs};

/// Pages and routes that act for the developer who runs the mock.
const LOCAL: [&str; 14] = [
    "/",
    "/demo/config.json",
    "/demo/demo.js",
    "/demo/demo.css",
    "/dashboard",
    "/dashboard.js",
    "/dashboard/api-keys",
    "/dashboard/videos",
    "/dashboard/playlists/vid_single_key",
    "/docs",
    "/docs/",
    "/docs/swagger-ui.css",
    "/_mock/journal",
    "/_mock/openapi.json",
];

/// Whether this mock has the page.
fn is_there(path: &str) -> bool {
    has_docs() || !path.starts_with("/docs")
}

async fn at(client: &Client, host: &str, path: &str) -> Answer {
    Answer::of(client.request(Method::GET, path).header("host", host)).await
}

/// The status of the answer to a head that no HTTP library would send.
async fn status_of(client: &Client, head: &str) -> u16 {
    let mut stream = TcpStream::connect(client.mock.address()).await.unwrap();
    stream.write_all(format!("{head}\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut said = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut said)).await;
    read.expect("an answer").unwrap();
    let said = String::from_utf8_lossy(&said);
    said.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{said}"))
}

#[tokio::test]
async fn pages_and_the_control_plane_reject_unknown_hosts() {
    let client = Client::start().await;
    for path in LOCAL.into_iter().filter(|path| is_there(path)) {
        let answer = at(&client, "rebound.example:8787", path).await;
        answer.assert_error(421, "HOST_NOT_ALLOWED");
        assert!(answer.text().contains("--allow-host"), "{}", answer.text());
        assert_eq!(answer.header("set-cookie"), None, "{path}");
    }
    let key = client.mock.api_key().to_owned();
    assert!(!at(&client, "rebound.example", "/demo/config.json").await.text().contains(&key));
}

#[tokio::test]
async fn loopback_names_are_taken_in_every_spelling_that_a_browser_sends() {
    let client = Client::start().await;
    for host in [
        "localhost",
        "LocalHost:8787",
        "localhost.",
        "localhost.:80",
        "shop.localhost:3000",
        "127.0.0.1",
        "127.0.0.1.:1",
        "127.1.2.3:65535",
        "[::1]",
        "[::1]:8787",
        "[0:0:0:0:0:0:0:1]:8787",
    ] {
        for path in ["/demo/config.json", "/_mock/clock", "/dashboard/api-keys", "/docs/"]
            .into_iter()
            .filter(|path| is_there(path))
        {
            assert_eq!(at(&client, host, path).await.status, 200, "{host} {path}");
        }
    }
}

#[tokio::test]
async fn rejects_names_that_only_look_like_loopback() {
    let client = Client::start().await;
    for host in [
        "localhost.example",
        "127.0.0.1.example",
        "notlocalhost",
        ".localhost",
        "localhost..",
        "user@localhost",
        "localhost@rebound.example",
        "localhost:80@rebound.example",
        "localhost:port",
        "localhost:80:80",
        "localhost/",
        "localhost,rebound.example",
        "127.1",
        "0.0.0.0",
        "128.0.0.1",
        "192.168.1.10",
        "[::2]",
        "[::1",
        "::1",
        "",
    ] {
        let status = status_of(&client, &format!("GET /demo/config.json HTTP/1.1\r\nHost: {host}")).await;
        assert_eq!(status, 421, "{host}");
    }
}

#[tokio::test]
async fn a_request_has_to_name_one_host_and_a_proxys_word_does_not_count() {
    let client = Client::start().await;
    for (head, expected) in [
        ("GET /demo/config.json HTTP/1.1\r\nHost: localhost", 200),
        // None at all, and two.
        ("GET /demo/config.json HTTP/1.1", 421),
        ("GET /demo/config.json HTTP/1.0", 421),
        ("GET /demo/config.json HTTP/1.1\r\nHost: localhost\r\nHost: rebound.example", 421),
        ("GET /demo/config.json HTTP/1.1\r\nHost: rebound.example\r\nHost: localhost", 421),
        ("GET /demo/config.json HTTP/1.1\r\nHost: localhost\r\nHost: localhost", 421),
        // The whole address in the first line, as proxies are sent it.
        ("GET http://localhost/demo/config.json HTTP/1.1\r\nHost: localhost", 200),
        ("GET http://rebound.example/demo/config.json HTTP/1.1\r\nHost: localhost", 421),
        ("GET http://localhost/demo/config.json HTTP/1.1\r\nHost: rebound.example", 421),
        ("GET http://user@localhost/demo/config.json HTTP/1.1\r\nHost: localhost", 421),
        // Headers that anybody can add.
        ("GET /demo/config.json HTTP/1.1\r\nHost: rebound.example\r\nX-Forwarded-Host: localhost", 421),
        ("GET /demo/config.json HTTP/1.1\r\nHost: rebound.example\r\nForwarded: host=localhost", 421),
        ("GET /demo/config.json HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Host: rebound.example", 200),
    ] {
        assert_eq!(status_of(&client, head).await, expected, "{head}");
    }
}

#[tokio::test]
async fn the_api_the_cdn_and_the_hosted_player_answer_to_every_name() {
    let client = Client::start().await;
    let key = client.mock.api_key().to_owned();
    let token = client.token(seed::SINGLE_KEY).await;
    for path in [
        "/v1/video".to_owned(),
        "/v1/video/vid_clear".to_owned(),
        format!("/v1/video/playback/manifest/{token}"),
        format!("/v1/video/playback/key/{token}/job_single_key"),
        "/cdn/job_single_key/720p/0.ts".to_owned(),
        format!("/player/{token}"),
        "/player.js".to_owned(),
        "/theme.css".to_owned(),
        "/openapi.json".to_owned(),
    ] {
        let request = client.request(Method::GET, &path).header("host", "video.example").header("x-ansdev-key", &key);
        assert_eq!(Answer::of(request).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn what_acts_for_the_developer_cannot_be_framed_and_the_hosted_player_can() {
    let client = Client::start().await;
    for path in ["/", "/dashboard/api-keys", "/dashboard/videos", "/docs/", "/_mock/journal"]
        .into_iter()
        .filter(|path| is_there(path))
    {
        let answer = client.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
    }
    let token = client.token(seed::SINGLE_KEY).await;
    let player = client.get(&format!("/player/{token}")).await;
    assert_eq!(player.header("x-frame-options"), None);
    assert!(!player.header("content-security-policy").unwrap().contains("frame-ancestors"));
}

#[tokio::test]
async fn names_that_were_allowed_are_answered() {
    let builder = Wanted::default().allow_host("Mock.Example.").allow_host("192.168.1.10").allow_host("[fd00::1]");
    let client = Client::with(builder).await;
    for host in ["mock.example", "MOCK.example:8787", "mock.example.", "192.168.1.10:8787", "[FD00:0::1]", "localhost"]
    {
        for path in ["/demo/config.json", "/_mock/journal", "/dashboard/api-keys"] {
            assert_eq!(at(&client, host, path).await.status, 200, "{host} {path}");
        }
    }
    for host in ["other.mock.example", "mock.example.other", "192.168.1.11", "[fd00::2]"] {
        at(&client, host, "/demo/config.json").await.assert_error(421, "HOST_NOT_ALLOWED");
    }
}

#[tokio::test]
async fn an_invalid_allowed_host_is_a_clear_error() {
    for name in
        ["", ".", "*", "http://mock.example", "mock.example:8787", "a b", "mock..example", "user@host", "[::1", "a/b"]
    {
        let error = Wanted::default().allow_host(name).start().await.err().unwrap();
        assert!(
            error.starts_with(&format!("cannot allow the host {name:?}: expected a name or an IP address")),
            "{error}"
        );
    }
}
