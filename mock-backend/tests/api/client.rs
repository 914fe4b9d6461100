//! A client for the tests: one mock, and requests to it.

use ansdev_mock_backend::{KeySpec, Scope};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;

use crate::mock::{Mock, Wanted};

/// A mock, and an HTTP client that follows no redirect.
pub(crate) struct Client {
    pub(crate) mock: Mock,
    pub(crate) http: reqwest::Client,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) async fn start() -> Self {
        Self::with(Wanted::default()).await
    }

    pub(crate) async fn with(wanted: Wanted) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { mock: wanted.start().await.unwrap(), http }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.mock.url()))
    }

    /// A `GET` without a key.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    /// A `GET` with a key.
    pub(crate) async fn get_with(&self, path: &str, key: &str) -> Answer {
        Answer::of(self.request(Method::GET, path).header("x-ansdev-key", key)).await
    }

    /// Mints a token for a video with a key.
    pub(crate) async fn mint_with(&self, video: &str, key: &str) -> Answer {
        let path = format!("/v1/video/{video}/playback-token");
        Answer::of(self.request(Method::POST, &path).header("x-ansdev-key", key).header("content-length", 0)).await
    }

    /// Mints a token for a video with the mock's key.
    pub(crate) async fn mint(&self, video: &str) -> Answer {
        self.mint_with(video, self.mock.api_key()).await
    }

    /// A token for a video.
    pub(crate) async fn token(&self, video: &str) -> String {
        let answer = self.mint(video).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["data"]["token"].as_str().unwrap().to_owned()
    }

    /// A key with these scopes.
    pub(crate) fn key_with(&self, scopes: &[Scope]) -> String {
        self.mock.create_key(&KeySpec { scopes: scopes.to_vec(), ..KeySpec::default() })
    }
}

impl Answer {
    pub(crate) async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, body: response.bytes().await.unwrap().to_vec() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The number in a header.
    pub(crate) fn number(&self, name: &str) -> i64 {
        self.header(name).unwrap_or_else(|| panic!("no {name}")).parse().unwrap()
    }

    /// Asserts an error of this code, in the whole envelope, under this status.
    #[track_caller]
    pub(crate) fn assert_error(&self, status: u16, code: &str) {
        assert_eq!(self.status, status, "{}", self.text());
        let body = self.json();
        assert_eq!(body["success"], false);
        assert_eq!(body["error"]["code"], code);
        assert_eq!(body["error"]["status"], status);
        assert!(!body["error"]["message"].as_str().unwrap().is_empty());
        assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
        assert_eq!(body["error"].as_object().unwrap().len(), 3, "{body}");
        assert_eq!(self.header("content-type"), Some("application/json"));
    }
}
