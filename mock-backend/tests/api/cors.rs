//! What browsers need, and what they must not get.

use reqwest::Method;

use crate::client::{Answer, Client};

/// Every route of the API, with a method it takes.
const ROUTES: [(&str, &str); 11] = [
    ("GET", "/v1/video"),
    ("GET", "/v1/video/vid_clear"),
    ("POST", "/v1/video/vid_clear/playback-token"),
    ("GET", "/v1/video/playback/manifest/t"),
    ("GET", "/v1/video/playback/manifest/t/720p.m3u8"),
    ("GET", "/v1/video/playback/key/t/job_clear"),
    ("GET", "/video/key/job_clear"),
    ("GET", "/cdn/job_clear/720p/0.ts"),
    ("GET", "/cdn/job_on_cdn/master.m3u8"),
    ("GET", "/cdn/job_on_cdn/chunk_0000.ts"),
    ("GET", "/cdn/job_two_on_cdn/720p/playlist.m3u8"),
];

fn method(name: &str) -> Method {
    name.parse().unwrap()
}

#[tokio::test]
async fn a_preflight_is_answered_for_long() {
    let client = Client::start().await;
    for (name, path) in ROUTES {
        let request = client
            .request(Method::OPTIONS, path)
            .header("origin", "https://shop.example")
            .header("access-control-request-method", name)
            .header("access-control-request-headers", "x-ansdev-key");
        let answer = Answer::of(request).await;
        assert!(answer.status.is_success());
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert!(answer.header("access-control-allow-methods").unwrap().contains(name));
        assert!(answer.header("access-control-allow-headers").unwrap().contains("x-ansdev-key"));
        assert!(answer.number("access-control-max-age") >= 7200);
        assert_eq!(answer.header("access-control-allow-credentials"), None);
    }
}

#[tokio::test]
async fn every_answer_can_be_read_errors_included() {
    let client = Client::start().await;
    for (name, path) in
        ROUTES.into_iter().chain([("GET", "/v1/nothing"), ("DELETE", "/v1/video"), ("POST", "/v1/video")])
    {
        let request = client.request(method(name), path).header("origin", "https://shop.example");
        let answer = Answer::of(request).await;
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{name} {path}");
        let exposed = answer.header("access-control-expose-headers").unwrap();
        for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "retry-after", "date"] {
            assert!(exposed.contains(name), "{exposed}");
        }
    }
}

#[tokio::test]
async fn pages_and_the_control_plane_are_for_their_own_origin() {
    let client = Client::start().await;
    for path in ["/", "/demo/config.json", "/dashboard/api-keys", "/_mock/journal", "/_mock/clock"] {
        let answer = Answer::of(client.request(Method::GET, path).header("origin", "https://shop.example")).await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
}

#[tokio::test]
async fn a_plain_options_names_the_methods() {
    let client = Client::start().await;
    for (name, path) in ROUTES {
        let answer = Answer::of(client.request(Method::OPTIONS, path)).await;
        let allowed = if name == "POST" { "POST,OPTIONS" } else { "GET,HEAD,OPTIONS" };
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (204, Some(allowed)), "{path}");
    }
    Answer::of(client.request(Method::OPTIONS, "/v1/nothing")).await.assert_error(404, "NOT_FOUND");
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let client = Client::start().await;
    for (name, path) in ROUTES {
        if name == "GET" {
            let with_key = |method| client.request(method, path).header("x-ansdev-key", client.mock.api_key());
            let (get, head) = (Answer::of(with_key(Method::GET)).await, Answer::of(with_key(Method::HEAD)).await);
            assert_eq!(head.status, get.status, "{path}");
            assert!(head.body.is_empty());
            for name in ["content-type", "content-length", "cache-control"] {
                assert_eq!(head.header(name), get.header(name), "{path} {name}");
            }
        }
    }
}

#[tokio::test]
async fn rejects_other_methods_with_an_allow_header() {
    let client = Client::start().await;
    for (name, path) in ROUTES {
        for other in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"] {
            if other == name || (other == "HEAD" && name == "GET") {
                continue;
            }
            let answer = Answer::of(client.request(method(other), path).header("content-length", 0)).await;
            assert_eq!(answer.status, 405, "{other} {path}");
            let allowed = if name == "POST" { "POST" } else { "GET,HEAD" };
            assert_eq!(answer.header("allow"), Some(allowed), "{other} {path}");
            if other != "HEAD" {
                answer.assert_error(405, "METHOD_NOT_ALLOWED");
            }
        }
    }
    client.get("/v1/nothing").await.assert_error(404, "NOT_FOUND");
    client.get("/%ff").await.assert_error(404, "NOT_FOUND");
}
