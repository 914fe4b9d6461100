//! The description: whole, and true of itself. Whether it is true of the mock, `cargo xtask contract` finds out.

use std::collections::BTreeSet;

use ansdev_player::api::ErrorCode;
use serde_json::Value;

use crate::client::Client;
use crate::mock::Wanted;

async fn document(client: &Client, path: &str) -> Value {
    let answer = client.get(path).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, Some("application/json")));
    answer.json()
}

#[tokio::test]
async fn every_route_of_the_api_is_in_it() {
    let client = Client::start().await;
    let document = document(&client, "/openapi.json").await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths: BTreeSet<_> = document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "/cdn/{jobId}/master.m3u8",
        "/cdn/{jobId}/{rendition}/playlist.m3u8",
        "/cdn/{jobId}/{rendition}/{segment}",
        "/cdn/{jobId}/{segment}",
        "/v1/video",
        "/v1/video/playback/key/{token}/{jobId}",
        "/v1/video/playback/manifest/{token}",
        "/v1/video/playback/manifest/{token}/{rendition}",
        "/v1/video/{videoId}",
        "/v1/video/{videoId}/playback-token",
        "/video/key/{jobId}",
    ];
    assert_eq!(paths, BTreeSet::from(expected));
}

#[tokio::test]
async fn every_code_of_the_catalogue_has_its_status() {
    let client = Client::start().await;
    let document = document(&client, "/openapi.json").await;
    let responses: Vec<(&String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .flat_map(|operation| operation["responses"].as_object().unwrap())
        .map(|(status, response)| (status, response["description"].as_str().unwrap().to_owned()))
        .collect();
    for code in ErrorCode::ALL.iter().filter(|code| code.is_catalogued()) {
        let status = code.http_status().unwrap().to_string();
        let is_told = responses.iter().any(|(told, text)| **told == status && text.contains(&format!("`{code}`")));
        assert!(is_told, "{code}");
    }
}

#[tokio::test]
async fn every_mint_answer_of_the_service_has_the_quota_headers() {
    let client = Client::start().await;
    let document = document(&client, "/openapi.json").await;
    let responses = &document["paths"]["/v1/video/{videoId}/playback-token"]["post"]["responses"];
    for status in ["200", "400", "401", "403", "404", "429"] {
        for header in ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Date"] {
            assert!(responses[status]["headers"][header].is_object(), "{status} {header}");
        }
    }
    assert!(responses["429"]["headers"]["Retry-After"].is_object());
    for status in ["408", "411", "413", "503"] {
        assert!(responses[status].is_object(), "{status}");
    }
}

#[tokio::test]
async fn the_session_is_the_cookie_that_the_dashboard_sets() {
    let client = Client::start().await;
    let scheme = document(&client, "/openapi.json").await["components"]["securitySchemes"]["dashboardSession"].clone();
    let page = client.get("/dashboard/api-keys").await;
    let (name, _) = page.header("set-cookie").unwrap().split_once('=').unwrap();
    assert_eq!((&scheme["in"], &scheme["name"]), (&"cookie".into(), &name.into()));
}

#[tokio::test]
async fn references_lead_somewhere() {
    let client = Client::start().await;
    for path in ["/openapi.json", "/_mock/openapi.json"] {
        let document = document(&client, path).await;
        let text = document.to_string();
        let references: Vec<_> =
            text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert!(!references.is_empty());
        for reference in references {
            assert!(document.pointer(reference).is_some(), "{reference}");
        }
    }
}

#[tokio::test]
async fn the_control_plane_describes_itself_where_it_is_on() {
    let on = Client::start().await;
    let described = document(&on, "/_mock/openapi.json").await;
    for path in
        ["/_mock/clock", "/_mock/faults", "/_mock/journal", "/_mock/keys", "/_mock/keys/{prefix}", "/_mock/reset"]
    {
        assert!(described["paths"][path].is_object(), "{path}");
    }
    let off = Client::with(Wanted::default().without_control()).await;
    off.get("/_mock/openapi.json").await.assert_error(404, "NOT_FOUND");
}
