//! The mock's routes, over its socket: whole requests, as bytes. Whatever comes, nothing panics; a client that sends a whole
//! request gets a whole answer; every error is the envelope's or a page's; and no answer says the key that came with it.

use std::cell::{Cell, RefCell};
use std::panic;
use std::sync::Once;
use std::time::Duration;

use ansdev_mock_backend::{KeySpec, MockBackend};
use ansdev_player::api::endpoints::KEY_HEADER;
use ansdev_player::api::{Envelope, ErrorCode};
use bolero::check;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use crate::near_miss::near_miss;

/// Longer than the mock ever waits for a body.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);

/// Inputs that one mock takes: what they leave behind in it must not add up.
const INPUTS_EACH: u32 = 500;

/// Heads of requests, and after `|` their bodies. What stands in braces is filled in, before anything is changed.
const REQUESTS: [&str; 50] = [
    "GET /v1/video HTTP/1.1|",
    "GET /v1/video?limit=3&cursor=1767225600000.vid_clear HTTP/1.1|",
    "GET /v1/video/vid_single_key HTTP/1.1|",
    "GET /v1/video/3f0f8c1e-0a55-4f39-9c53-967d0da8ba0b HTTP/1.1|",
    "GET /v1/video/vid_other_owner HTTP/1.1|",
    "POST /v1/video/vid_single_key/playback-token HTTP/1.1|",
    "POST /v1/video/vid_in_the_making/playback-token HTTP/1.1|{\"any\": 1}",
    "POST /v1/video/vid_clear/playback-token HTTP/1.1\r\nx-ansdev-key: {spent key}|",
    "POST /v1/video/vid_clear/playback-token HTTP/1.0|",
    "GET /v1/video/playback/manifest/{token} HTTP/1.1|",
    "GET /v1/video/playback/manifest/{token}/720p.m3u8 HTTP/1.1|",
    "HEAD /v1/video/playback/manifest/{token} HTTP/1.1|",
    "GET /v1/video/playback/key/{token}/job_single_key HTTP/1.1|",
    "GET /v1/video/playback/key/{damaged token}/job_damaged_key HTTP/1.1|",
    "GET /video/key/job_single_key HTTP/1.1\r\nCookie: {cookie}|",
    "GET /video/key/job_damaged_key HTTP/1.1\r\nCookie: {cookie}|",
    "GET /cdn/job_single_key/720p/0.ts HTTP/1.1|",
    "GET /cdn/job_clear/720p/11.ts HTTP/1.1\r\nRange: bytes=0-187|",
    "GET /v1/video/playback/manifest/{cdn token} HTTP/1.1|",
    "GET /cdn/job_on_cdn/master.m3u8 HTTP/1.1|",
    "GET /cdn/job_on_cdn/chunk_0000.ts HTTP/1.1|",
    "GET /cdn/job_two_on_cdn/720p/playlist.m3u8 HTTP/1.1|",
    "OPTIONS /v1/video HTTP/1.1\r\nOrigin: https://page.example\r\nAccess-Control-Request-Method: GET|",
    "OPTIONS /v1/video/vid_clear/playback-token HTTP/1.1|",
    "DELETE /v1/video/vid_clear HTTP/1.1|",
    "GET / HTTP/1.1|",
    "GET /player/{token} HTTP/1.1|",
    "GET /sdk/index.js HTTP/1.1|",
    "GET /openapi.json HTTP/1.1|",
    "GET /docs/ HTTP/1.1|",
    "GET /dashboard HTTP/1.1|",
    "GET /dashboard/api-keys HTTP/1.1\r\nCookie: {cookie}|",
    "POST /dashboard/api-keys HTTP/1.1\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded|\
     form_token={form token}&name=Shop&expires=2099-12-31&scope=video%3Aread&scope=vault%3Aread",
    "GET /dashboard/api-keys/1/revoke HTTP/1.1\r\nCookie: {cookie}|",
    "POST /dashboard/api-keys/1/revoke HTTP/1.1\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded|\
     form_token={form token}",
    "GET /dashboard/videos HTTP/1.1\r\nCookie: {cookie}|",
    "GET /dashboard/videos/vid_two_hours HTTP/1.1\r\nCookie: {cookie}|",
    "GET /dashboard/playlists/vid_two_renditions HTTP/1.1\r\nCookie: {cookie}|",
    "GET /dashboard/playlists/vid_two_renditions/480p.m3u8 HTTP/1.1\r\nCookie: {cookie}|",
    "GET /_mock/clock HTTP/1.1|",
    "POST /_mock/clock HTTP/1.1\r\nContent-Type: application/json|{\"advanceSeconds\": -1e12}",
    "POST /_mock/faults HTTP/1.1\r\nContent-Type: application/json|\
     {\"route\": \"mint\", \"kind\": \"status\", \"value\": 503, \"times\": 1, \"probability\": 0.5}",
    "DELETE /_mock/faults HTTP/1.1|",
    "GET /_mock/journal HTTP/1.1|",
    "DELETE /_mock/journal HTTP/1.1|",
    "POST /_mock/keys HTTP/1.1\r\nContent-Type: application/json|\
     {\"name\": \"a\", \"scopes\": [\"video:read\"], \"expiresAt\": \"2030-01-01T00:00:00Z\", \"quota\": 5}",
    "DELETE /_mock/keys/{prefix} HTTP/1.1|",
    "POST /_mock/reset HTTP/1.1|",
    "GET /_mock/openapi.json HTTP/1.1|",
    "PATCH /nothing/here?at=all HTTP/1.1|",
];

#[test]
fn mock() {
    // A request takes as long as a thousand keys.
    check!(name = "mock").with_test_time(Duration::from_secs(5)).for_each(|input: &[u8]| {
        WORLD.with_borrow_mut(|world| {
            world.take_if(|world| world.inputs == INPUTS_EACH);
            let current = world.get_or_insert_with(World::start);
            current.inputs += 1;
            let near = near_miss(&current.requests, input);
            let is_changed = current.holds(input) | current.holds(&near);
            if is_changed {
                *world = None;
            }
        });
    });
}

thread_local! {
    static WORLD: RefCell<Option<World>> = const { RefCell::new(None) };
    /// What panicked last on this thread, on which the mock runs as well.
    static PANICKED: Cell<Option<String>> = const { Cell::new(None) };
}

/// A mock, and what there is to know of it.
struct World {
    runtime: Runtime,
    mock: MockBackend,
    /// The key that every request brings.
    key: String,
    requests: Vec<Vec<u8>>,
    inputs: u32,
    /// Whether some request had the key where none belongs: it may be the name of another key by now.
    is_key_astray: Cell<bool>,
}

/// What was sent, as the parser below hyper reads it.
struct Sent {
    method: String,
    /// Without the query.
    path: String,
    /// Whether all of it is there, with nothing that would entitle the server to answer as it likes.
    is_whole: bool,
    /// What it has in the header for keys.
    key_headers: Vec<u8>,
}

struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    length: usize,
}

impl World {
    fn start() -> Self {
        watch_panics();
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let builder = MockBackend::builder().token_life_seconds(86_400).quota(u32::MAX).sdk("no/such/folder");
        let mock = runtime.block_on(builder.start()).unwrap();
        let key = mock.create_key(&KeySpec::default()).unwrap();
        let spent = mock.create_key(&KeySpec { quota: Some(0), ..KeySpec::default() }).unwrap();
        let mut world = Self { runtime, mock, key, requests: Vec::new(), inputs: 0, is_key_astray: Cell::new(false) };
        let (token, damaged) = (world.token("vid_single_key"), world.token("vid_damaged_key"));
        let cdn = world.token("vid_on_cdn");
        let page = world.ask("GET /dashboard/api-keys HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        let cookie = page.header("set-cookie").and_then(|cookie| cookie.split(';').next()).unwrap().to_owned();
        let page =
            world.ask(&format!("GET /dashboard/api-keys HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n"));
        let page = String::from_utf8(page.body).unwrap();
        let (_, form_token) = page.split_once("name=\"form_token\" value=\"").unwrap();
        let (form_token, _) = form_token.split_once('"').unwrap();
        let filled_in = |request: &str| {
            let (head, body) = request.split_once('|').unwrap();
            let key = if head.contains("{spent key}") { "" } else { "\r\nx-ansdev-key: {key}" };
            let length =
                if head.starts_with("GET") || head.starts_with("HEAD") { String::new() } else { length_of(body) };
            format!("{head}\r\nHost: 127.0.0.1{key}{length}\r\n\r\n{body}")
                .replace("{key}", &world.key)
                .replace("{spent key}", &spent)
                .replace("{token}", &token)
                .replace("{damaged token}", &damaged)
                .replace("{cdn token}", &cdn)
                .replace("{prefix}", &world.mock.api_key()[..12])
                .replace("{cookie}", &cookie)
                .replace("{form token}", form_token)
        };
        world.requests = REQUESTS.iter().map(|request| filled_in(request).into_bytes()).collect();
        world
    }

    fn token(&self, video: &str) -> String {
        let answer = self.ask(&format!(
            "POST /v1/video/{video}/playback-token HTTP/1.1\r\nHost: 127.0.0.1\r\nx-ansdev-key: {}\r\nContent-Length: 0\r\n\r\n",
            self.key
        ));
        let answer: Value = serde_json::from_slice(&answer.body).unwrap();
        answer["data"]["token"].as_str().unwrap().to_owned()
    }

    fn ask(&self, request: &str) -> Answer {
        let said = self.runtime.block_on(self.exchange(request.as_bytes(), &Sent::read(request.as_bytes())));
        Answer::read(&said, "GET").expect("an answer")
    }

    /// Sends the bytes, and looks at what comes back. Says whether the mock may now be another one.
    fn holds(&self, bytes: &[u8]) -> bool {
        PANICKED.set(None);
        let sent = Sent::read(bytes);
        let said = self.runtime.block_on(self.exchange(bytes, &sent));
        if let Some(message) = PANICKED.take() {
            panic!("the mock panicked: {message}");
        }
        // Whoever puts the key into the Host, say, finds it in the addresses of the answer.
        let is_astray = count(bytes, self.key.as_bytes()) > count(&sent.key_headers, self.key.as_bytes());
        self.is_key_astray.set(self.is_key_astray.get() | is_astray);
        let is_echo = is_astray || self.is_key_astray.get() && sent.path.starts_with("/dashboard/api-keys");
        let is_told = !is_echo && count(&said, self.key.as_bytes()) > 0;
        assert!(!is_told, "{} {} says the key: {}", sent.method, sent.path, String::from_utf8_lossy(&said));
        let Some(answer) = Answer::read(&said, &sent.method) else {
            assert!(!sent.is_whole, "{} {}: half an answer", sent.method, sent.path);
            return false;
        };
        answer.holds(&sent);
        sent.path.starts_with("/_mock/") && sent.method != "GET" && answer.status < 300
    }

    /// All that the mock says to these bytes, until it closes the connection.
    async fn exchange(&self, bytes: &[u8], sent: &Sent) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.mock.address()).await.unwrap();
        // It may close the connection before it has heard everything.
        let _ = stream.write_all(bytes).await;
        let mut said = Vec::new();
        let whole = async {
            while sent.is_whole && Answer::read(&said, &sent.method).is_none() {
                let count = stream.read_buf(&mut said).await.unwrap_or(0);
                let so_far = || String::from_utf8_lossy(&said);
                assert!(count > 0, "{} {} got no answer, but: {}", sent.method, sent.path, so_far());
            }
            let _ = stream.shutdown().await;
            // A reset instead of an end is an end too.
            let _ = stream.read_to_end(&mut said).await;
        };
        assert!(timeout(ANSWER_TIMEOUT, whole).await.is_ok(), "{} {}: the connection hangs", sent.method, sent.path);
        said
    }
}

fn length_of(body: &str) -> String {
    format!("\r\nContent-Length: {}", body.len())
}

impl Sent {
    fn read(bytes: &[u8]) -> Self {
        let mut headers = [httparse::EMPTY_HEADER; 100];
        let mut request = httparse::Request::new(&mut headers);
        let Ok(httparse::Status::Complete(head)) = request.parse(bytes) else {
            return Self { method: String::new(), path: String::new(), is_whole: false, key_headers: Vec::new() };
        };
        let target = request.path.unwrap_or_default();
        let is_plain = target.starts_with('/')
            && target.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%".contains(&byte));
        let named = |name: &str| -> Vec<&[u8]> {
            let named = request.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
            named.map(|header| header.value).collect()
        };
        let has = |name: &str| !named(name).is_empty();
        let length = match named("content-length")[..] {
            [] => Some(0),
            [length] if length.iter().all(u8::is_ascii_digit) => {
                std::str::from_utf8(length).ok().and_then(|length| length.parse().ok())
            }
            _ => None,
        };
        let is_whole = is_plain
            && length.is_some_and(|length: usize| bytes.len() - head >= length)
            && !(has("transfer-encoding") || has("expect") || has("upgrade") || request.method == Some("CONNECT"));
        let path = target.split(['?', '#']).next().unwrap_or_default().to_owned();
        let key_headers = named(KEY_HEADER).join(&b'\n');
        Self { method: request.method.unwrap_or_default().to_owned(), path, is_whole, key_headers }
    }
}

impl Answer {
    /// The first answer in what was said, where all of it is there.
    fn read(said: &[u8], method: &str) -> Option<Self> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut response = httparse::Response::new(&mut headers);
        let parsed = response.parse(said);
        let head = match parsed.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(said))) {
            httparse::Status::Complete(head) => head,
            httparse::Status::Partial => return None,
        };
        let status = response.code.unwrap_or_default();
        if status < 200 {
            return Self::read(&said[head..], method);
        }
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let headers: Vec<_> =
            response.headers.iter().map(|header| (header.name.to_ascii_lowercase(), text(header.value))).collect();
        let mut answer = Self { status, headers, body: Vec::new(), length: head };
        let has_body = method != "HEAD" && !matches!(status, 204 | 304);
        if has_body {
            // The mock knows how long its answers are; it never sends chunks.
            let length = answer.header("content-length").unwrap_or_else(|| panic!("no length: {:?}", answer.headers));
            let length: usize = length.parse().unwrap();
            answer.length += length;
            answer.body = said.get(head..head + length)?.to_vec();
        }
        Some(answer)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    fn holds(&self, sent: &Sent) {
        let what = || format!("{} {}: {} {}", sent.method, sent.path, self.status, String::from_utf8_lossy(&self.body));
        let kind = self.header("content-type").unwrap_or_default();
        let is_api =
            sent.path.starts_with("/v1/") || sent.path.starts_with("/video/") || sent.path.starts_with("/cdn/");
        let is_page = sent.path.starts_with("/dashboard") || sent.path.starts_with("/player/");
        if sent.is_whole && is_api && sent.method != "OPTIONS" {
            assert_eq!(self.header("access-control-allow-origin"), Some("*"), "no page could read {}", what());
        }
        if self.status < 400 {
            if is_api && kind == "application/json" && !self.body.is_empty() {
                let envelope: Envelope<Value> =
                    serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", what()));
                assert!(envelope.into_result(self.status).is_ok(), "{}", what());
            }
            return;
        }
        if !sent.is_whole && self.body.is_empty() {
            // Refused below the routes, as no HTTP, or too much of it.
            assert!(matches!(self.status, 400..=431), "{}", what());
            return;
        }
        if is_page && kind.starts_with("text/html") {
            assert!(self.status < 500, "{}", what());
            return;
        }
        assert_eq!(kind, "application/json", "{}", what());
        assert_eq!(self.header("cache-control"), Some("no-store"), "{}", what());
        if sent.method == "HEAD" {
            return;
        }
        let envelope: Envelope<Value> = serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", what()));
        let status = envelope.error.as_ref().map(|error| error.status);
        assert_eq!(status, Some(self.status), "{}", what());
        let error = envelope.into_result(self.status).unwrap_err();
        assert!(error.code != ErrorCode::BadResponse && !error.message.is_empty(), "{}", what());
        // The contract's one fault of the server's own.
        assert!(self.status < 500 || error.code == ErrorCode::KeyDecryptFailed, "{}", what());
        assert!(error.code.http_status().is_none_or(|status| status == self.status), "{}", what());
    }
}

/// How often a part stands in a text.
fn count(text: &[u8], part: &[u8]) -> usize {
    text.windows(part.len()).filter(|window| *window == part).count()
}

/// Tokio swallows a panic of a task; this remembers it.
fn watch_panics() {
    static WATCHING: Once = Once::new();
    WATCHING.call_once(|| {
        let next = panic::take_hook();
        panic::set_hook(Box::new(move |panicked| {
            PANICKED.set(Some(panicked.to_string()));
            next(panicked);
        }));
    });
}
