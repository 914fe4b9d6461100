//! The native mock and the npm one are the same: both get random sequences of the same requests, with the same secrets, the
//! same seed and clocks that stand until they are moved, and give the same status, headers and bytes.
//!
//! It needs Node and the built npm package, so `cargo xtask test` runs it, and `cargo test` does not by itself.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Stdio;

use ansdev_mock_backend::{MockBackend, seed};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// Where both clocks stand: 2026-01-01T00:00:00Z.
const NOW_MS: i64 = 1_767_225_600_000;
/// Sequences, and requests in each. Each sequence has mocks of its own.
const SEQUENCES: u64 = 12;
const REQUESTS: usize = 250;

/// Starts the npm mock on this address; its first line is its address, and it ends with its standard input.
const NPM: &str = "
const [, options] = process.argv;
const { startMockBackend } = await import(process.env.NPM_MOCK);
const mock = await startMockBackend(JSON.parse(options));
console.log(mock.url);
process.stdin.on('end', () => process.exit()).resume();
";

/// What came back.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    /// `None`: the connection was closed without an answer.
    status: Option<u16>,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    fn read(bytes: &[u8]) -> Self {
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
            assert!(bytes.is_empty(), "half a head: {}", String::from_utf8_lossy(bytes));
            return Self { status: None, headers: Vec::new(), body: Vec::new() };
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
        let mut headers: Vec<_> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            // The connection is the server's business, and the time of its head too.
            .filter(|(name, _)| !["connection", "keep-alive", "date"].contains(&&**name))
            .collect();
        headers.sort();
        Self { status, headers, body: bytes[end + 4..].to_vec() }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// Asks over a connection of its own.
async fn ask(address: SocketAddr, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    // A connection that is reset has given what it gave.
    let _ = stream.read_to_end(&mut answer).await;
    Answer::read(&answer)
}

/// What the requests so far have brought, to be used in later ones.
#[derive(Default)]
struct Known {
    keys: Vec<String>,
    tokens: Vec<String>,
    cookie: Option<String>,
    form_token: Option<String>,
    cursor: Option<String>,
}

struct Chance(fastrand::Rng);

impl Chance {
    fn of<T: Clone>(&mut self, these: &[T]) -> T {
        these[self.0.usize(..these.len())].clone()
    }

    fn is(&mut self, percent: u32) -> bool {
        self.0.u32(..100) < percent
    }
}

const VIDEOS: [&str; 16] = [
    seed::ROTATING_KEYS,
    seed::SINGLE_KEY,
    seed::SINGLE_KEY_UUID,
    seed::CLEAR,
    seed::TWO_RENDITIONS,
    seed::TEN_MINUTES,
    seed::IN_THE_MAKING,
    seed::FAILING,
    seed::ON_CDN,
    seed::TWO_ON_CDN,
    seed::DAMAGED_KEY,
    seed::OTHER_OWNER,
    "vid_none",
    "%ff",
    "..",
    "a%2Fb",
];
const JOBS: [&str; 9] = [
    "job_rotating_keys",
    "job_single_key",
    "job_clear",
    "job_two_renditions",
    "job_on_cdn",
    "job_two_on_cdn",
    "job_damaged_key",
    "job_none",
    "%00",
];
/// Files of a job on the CDN.
const FILES: [&str; 8] = [
    "master.m3u8",
    "720p/playlist.m3u8",
    "480p/0.ts",
    "720p/99999.ts",
    "720p/chunk_0007.ts",
    "chunk_0000.ts",
    "chunk_0.ts",
    "1080p/-1.ts",
];

/// A request of the API, or of what stands beside it.
fn request(chance: &mut Chance, known: &Known) -> (String, String, Vec<(String, String)>, Vec<u8>) {
    let (mut headers, mut body) = (Vec::<(String, String)>::new(), Vec::new());
    let key = match chance.0.u32(..10) {
        0 => String::new(),
        1 => "ak_live_00000000000000000000000000000000".to_owned(),
        2 => "nonsense".to_owned(),
        _ => chance.of(&known.keys),
    };
    let token = match chance.0.u32(..8) {
        0 => "a.b.c".to_owned(),
        1 => "%ff".to_owned(),
        _ if known.tokens.is_empty() => "x".to_owned(),
        _ => chance.of(&known.tokens),
    };
    let (video, job) = (chance.of(&VIDEOS), chance.of(&JOBS));
    let rendition = chance.of(&["720p", "480p", "1080p"]);
    let mut method = "GET".to_owned();
    let path = match chance.0.u32(..24) {
        0 => "/v1/video".to_owned(),
        1 => format!("/v1/video?limit={}", chance.of(&["1", "3", "0", "101", "x", ""])),
        2 => format!("/v1/video?limit=2&cursor={}", known.cursor.clone().unwrap_or_else(|| "x".to_owned())),
        3 => format!("/v1/video/{video}"),
        4..=7 => {
            method = "POST".to_owned();
            format!("/v1/video/{video}/playback-token")
        }
        8 | 9 => format!("/v1/video/playback/manifest/{token}"),
        10 => format!("/v1/video/playback/manifest/{token}/{rendition}.m3u8"),
        11 | 12 => format!("/v1/video/playback/key/{token}/{job}?n=1"),
        13 => format!("/video/key/{job}"),
        14 => format!("/cdn/{job}/{}", chance.of(&FILES)),
        15 => chance
            .of(&["/", "/dashboard", "/dashboard/videos", "/theme.css", "/player.js", "/demo/config.json"])
            .to_owned(),
        16 => format!("/player/{token}"),
        17 => "/dashboard/api-keys".to_owned(),
        18 => {
            method = "POST".to_owned();
            headers.push(("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()));
            let form_token = known.form_token.clone().unwrap_or_default();
            let name = chance.of(&["Shop", "", "%E2%82%AC", "x%0A"]);
            body = format!(
                "form_token={form_token}&name={name}&expires={}&scope=video%3Aread",
                chance.of(&["", "2026-12-31", "2001-01-01", "x"])
            )
            .into_bytes();
            "/dashboard/api-keys".to_owned()
        }
        19 => format!("/dashboard/api-keys/{}/revoke", chance.of(&["1", "2", "999", "x"])),
        20 => chance
            .of(&[
                "/openapi.json",
                "/_mock/openapi.json",
                "/sdk/none.js",
                "/sdk/",
                "/v1/nothing",
                "/%ff",
                "/_mock/none",
            ])
            .to_owned(),
        _ => {
            let (control_method, path, sent) = control(chance, known);
            method = control_method;
            if let Some(sent) = sent {
                headers.push(("content-type".to_owned(), "application/json".to_owned()));
                body = sent;
            }
            path
        }
    };
    // Another method now and then; never one that resets or moves something by chance.
    if chance.is(12) && !path.starts_with("/_mock") {
        method = chance.of(&["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "POST", "TRACE"]).to_owned();
        if method == "OPTIONS" && chance.is(70) {
            headers.push(("access-control-request-method".to_owned(), "POST".to_owned()));
            headers.push(("access-control-request-headers".to_owned(), "x-ansdev-key".to_owned()));
        }
    }
    if !key.is_empty() || chance.is(20) {
        headers.push(("x-ansdev-key".to_owned(), key));
    }
    if chance.is(25) {
        headers
            .push(("origin".to_owned(), chance.of(&["https://shop.example", "null", "http://127.0.0.1:1"]).to_owned()));
    }
    if let Some(cookie) = known.cookie.clone().filter(|_| chance.is(80)) {
        headers.push(("cookie".to_owned(), cookie));
    }
    // A POST without a length does not reach the service.
    if !body.is_empty() || (method != "GET" && method != "HEAD" && chance.is(90)) {
        headers.push(("content-length".to_owned(), body.len().to_string()));
    }
    (method, path, headers, body)
}

/// A request of the control plane.
fn control(chance: &mut Chance, known: &Known) -> (String, String, Option<Vec<u8>>) {
    let json = |value: Value| Some(value.to_string().into_bytes());
    let (method, path, body) = match chance.0.u32(..10) {
        0 => (
            "POST",
            "/_mock/clock".to_owned(),
            json(json!({"advanceSeconds": chance.of(&[1.0, 61.5, 301.0, 86_400.0, -30.0])})),
        ),
        1..=3 => {
            let fault = json!({
                "route": chance.of(&["list", "get", "mint", "manifest", "key", "segment", "*", "none"]),
                "kind": chance.of(&["latency", "status", "drop", "truncate", "garbage"]),
                "value": chance.of(&[json!(5), json!(503), json!(429), Value::Null]),
                "times": chance.0.u32(1..4),
                "probability": chance.of(&[1.0, 0.5]),
            });
            ("POST", "/_mock/faults".to_owned(), json(fault))
        }
        4 => ("DELETE", "/_mock/faults".to_owned(), None),
        5 => ("GET", "/_mock/journal".to_owned(), None),
        6 => {
            let wanted = chance.of(&[
                json!({}),
                json!({"quota": 2}),
                json!({"scopes": ["vault:read"]}),
                json!({"expiresAt": "2026-01-02T00:00:00Z", "name": "é"}),
                json!({"quota": -1}),
                json!({"wrong": 1}),
            ]);
            ("POST", "/_mock/keys".to_owned(), json(wanted))
        }
        7 => ("DELETE", format!("/_mock/keys/{}", chance.of(&known.keys)[..12].to_owned()), None),
        8 => ("GET", "/_mock/clock".to_owned(), None),
        _ => (
            "POST",
            "/_mock/faults".to_owned(),
            Some(chance.of(&[&b"{"[..], b"\xff", b"[]", b"{\"route\":1}"]).to_vec()),
        ),
    };
    (method.to_owned(), path, body)
}

fn remember(known: &mut Known, path: &str, answer: &Answer) {
    let body = answer.json();
    if let Some(token) = body["data"]["token"].as_str() {
        known.tokens.push(token.to_owned());
    }
    if let Some(key) = body["apiKey"].as_str().filter(|_| path.starts_with("/_mock/keys")) {
        known.keys.push(key.to_owned());
    }
    if let Some(cursor) = body["data"]["nextCursor"].as_str() {
        known.cursor = Some(cursor.to_owned());
    }
    if let Some(cookie) = answer.header("set-cookie") {
        known.cookie = cookie.split(';').next().map(str::to_owned);
    }
    let page = String::from_utf8_lossy(&answer.body);
    if let Some((_, rest)) = page.split_once("name=\"form_token\" value=\"") {
        known.form_token = rest.split('"').next().map(str::to_owned);
    }
}

/// Both mocks, on one port of two addresses: the session's cookie has the port in its name.
async fn both(seed: u64) -> (MockBackend, SocketAddr, Child) {
    let empty = tempfile::tempdir().unwrap();
    let mock = MockBackend::builder().repeat(seed, NOW_MS).sdk(empty.path()).start().await.unwrap();
    let port = mock.address().port();
    let package = concat!(env!("CARGO_MANIFEST_DIR"), "/npm/dist/index.js");
    let options = json!({
        "host": "127.0.0.2", "port": port, "sdk": empty.path(), "repeat": {"seed": seed, "nowMs": NOW_MS},
    });
    let mut child = Command::new("node")
        .args(["--input-type=module", "--eval", NPM, &options.to_string()])
        .env("NPM_MOCK", package)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("Node is there");
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).await.unwrap();
    assert_eq!(line.trim(), format!("http://127.0.0.2:{port}"), "the npm mock starts; is mock-backend/npm built?");
    (mock, SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), port)), child)
}

#[tokio::test]
async fn the_same_requests_get_the_same_answers() {
    let mut statuses = BTreeMap::<Option<u16>, u32>::new();
    for seed in 0..SEQUENCES {
        let (native, npm, _child) = both(seed).await;
        let (mut chance, mut known) = (Chance(fastrand::Rng::with_seed(seed)), Known::default());
        known.keys.push(native.api_key().to_owned());
        for number in 0..REQUESTS {
            let (method, path, headers, body) = request(&mut chance, &known);
            let mut bytes = format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:1\r\nconnection: close\r\n");
            for (name, value) in &headers {
                bytes.push_str(&format!("{name}: {value}\r\n"));
            }
            let bytes = [bytes.as_bytes(), b"\r\n", &body].concat();
            let (one, other) = tokio::join!(ask(native.address(), &bytes), ask(npm, &bytes));
            let shown = String::from_utf8_lossy(&bytes);
            assert_eq!(one.status, other.status, "sequence {seed}, request {number}: {shown}");
            assert_eq!(one.headers, other.headers, "sequence {seed}, request {number}: {shown}");
            assert!(
                one.body == other.body,
                "sequence {seed}, request {number}: {shown}\nnative: {}\nnpm: {}",
                String::from_utf8_lossy(&one.body),
                String::from_utf8_lossy(&other.body)
            );
            *statuses.entry(one.status).or_default() += 1;
            remember(&mut known, &path, &one);
        }
    }
    println!("{statuses:?}");
    // What is compared is worth it: all kinds of answers were among them.
    for status in [200, 201, 204, 302, 303, 400, 401, 403, 404, 405, 411, 429, 503] {
        assert!(statuses.contains_key(&Some(status)), "no {status}: {statuses:?}");
    }
    assert!(statuses.contains_key(&None), "none was dropped: {statuses:?}");
}
