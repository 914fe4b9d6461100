//! The page at `/docs`, which the native mock has.

use reqwest::Method;

use crate::client::{Answer, Client};

#[tokio::test]
async fn it_can_be_browsed_without_any_other_host() {
    let client = Client::start().await;
    let page = client.get("/docs/").await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, Some("text/html")));
    let text = page.text();
    assert!(!text.contains("http://") && !text.contains("https://"), "{text}");
    for file in text.split("src=\"./").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert_eq!(client.get(&format!("/docs/{file}")).await.status, 200, "{file}");
    }
    assert_eq!(client.get("/docs").await.header("location"), Some("/docs/"));
}

#[tokio::test]
async fn unknown_routes_answer_404_in_the_envelope() {
    let client = Client::start().await;
    for (path, status, code) in [("/docs/nothing", 404, "NOT_FOUND"), ("/docs/%ff", 400, "INVALID_REQUEST")] {
        Answer::of(client.request(Method::GET, path)).await.assert_error(status, code);
    }
}
