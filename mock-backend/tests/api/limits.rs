//! What stands before the routes: lengths, sizes, times.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use reqwest::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{Answer, Client};
use crate::mock::Wanted;

/// Sends these bytes, and reads until the server closes, or for so long.
async fn spoken(client: &Client, bytes: &[u8], at_most: Duration) -> String {
    let mut stream = TcpStream::connect(client.mock.address()).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut heard = Vec::new();
    // Running out of time is an answer too: what was heard until then.
    let _ = tokio::time::timeout(at_most, stream.read_to_end(&mut heard)).await;
    String::from_utf8_lossy(&heard).into_owned()
}

#[tokio::test]
async fn a_post_without_a_length_does_not_reach_the_backend() {
    let client = Client::start().await;
    let key = client.mock.api_key();
    for head in [
        format!(
            "POST /v1/video/vid_clear/playback-token HTTP/1.1\r\nHost: x\r\nx-ansdev-key: {key}\r\nConnection: close\r\n\r\n"
        ),
        format!(
            "POST /v1/video/vid_clear/playback-token HTTP/1.1\r\nHost: x\r\nx-ansdev-key: {key}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        "POST /v1/video/vid_clear/playback-token HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_owned(),
    ] {
        let heard = spoken(&client, head.as_bytes(), Duration::from_secs(5)).await;
        assert!(heard.starts_with("HTTP/1.1 411 "), "{heard}");
        assert!(heard.contains("\"LENGTH_REQUIRED\""), "{heard}");
        assert!(!heard.to_lowercase().contains("\nx-ratelimit"), "the edge knows no quota: {heard}");
    }
    let answer = client.mint("vid_clear").await;
    assert_eq!(answer.number("x-ratelimit-remaining"), 999, "nothing was spent before");
}

#[tokio::test]
async fn rejects_a_body_of_ten_megabytes() {
    let client = Client::start().await;
    let body = vec![b'x'; 10 << 20];
    for (method, path) in [
        (Method::POST, "/v1/video/vid_clear/playback-token"),
        (Method::GET, "/v1/video"),
        (Method::POST, "/dashboard/api-keys"),
        (Method::POST, "/_mock/faults"),
        (Method::POST, "/v1/nothing"),
    ] {
        let request = client.request(method, path).header("content-type", "application/json").body(body.clone());
        Answer::of(request).await.assert_error(413, "PAYLOAD_TOO_LARGE");
    }
}

/// What libraries refuse by themselves, they refuse with a bare status, or in a sentence of their own.
#[tokio::test]
async fn framework_errors_are_in_the_envelope_too() {
    let files = tempfile::tempdir().unwrap();
    std::fs::write(files.path().join("index.js"), "1").unwrap();
    let client = Client::with(Wanted::default().sdk(files.path())).await;
    for (method, path, status, code) in [
        (Method::POST, "/sdk/index.js", 405, "METHOD_NOT_ALLOWED"),
        (Method::DELETE, "/_mock/keys/%ff", 400, "INVALID_REQUEST"),
    ] {
        let answer = Answer::of(client.request(method, path).header("content-length", 0)).await;
        answer.assert_error(status, code);
        assert_eq!(answer.header("allow"), (status == 405).then_some("GET,HEAD"), "{path}");
    }
}

#[tokio::test]
async fn a_mint_accepts_a_small_body() {
    let client = Client::start().await;
    let request = client.request(Method::POST, "/v1/video/vid_clear/playback-token");
    let request = request.header("x-ansdev-key", client.mock.api_key());
    for body in [&b"{\"any\": 1}"[..], b"\xff\xfe", b"{{{{"] {
        assert_eq!(Answer::of(request.try_clone().unwrap().body(body)).await.status, 200);
    }
}

#[tokio::test]
async fn does_not_wait_for_a_body_that_never_arrives() {
    let client = Client::start().await;
    let request = "POST /_mock/faults HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    let started = Instant::now();
    let heard = spoken(&client, request.as_bytes(), Duration::from_secs(25)).await;
    assert!(heard.starts_with("HTTP/1.1 408 ") && heard.contains("\"REQUEST_TIMEOUT\""), "{heard}");
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn rejects_what_is_not_http_and_goes_on() {
    let client = Client::start().await;
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"GET / HTTP/9.9\r\n\r\n",
        b"nonsense\r\n\r\n",
        &[0; 4096],
    ] {
        let heard = spoken(&client, bytes, Duration::from_secs(5)).await;
        assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 400 "), "{heard}");
    }
    let long = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(1 << 20));
    let heard = spoken(&client, long.as_bytes(), Duration::from_secs(5)).await;
    assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 4"), "{heard}");
    assert_eq!(client.get_with("/v1/video", client.mock.api_key()).await.status, 200);
}

/// Half a minute in real time, for all of them at once.
#[tokio::test]
async fn closes_connections_of_clients_that_neither_send_nor_receive() {
    let client = Client::start().await;
    let silent = async |head: &str| {
        let started = Instant::now();
        let heard = spoken(&client, head.as_bytes(), Duration::from_mins(2)).await;
        let waited = started.elapsed();
        assert!((Duration::from_secs(29)..Duration::from_mins(1)).contains(&waited), "{head}: {waited:?}");
        heard
    };
    let half_said = async |head: &str| {
        let heard = silent(head).await;
        assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 408 "), "{heard}");
    };
    let answered = async {
        let heard = silent("GET /v1/video HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert!(heard.starts_with("HTTP/1.1 401 "), "{heard}");
    };
    let taking_nothing = async {
        let mut stream = TcpStream::connect(client.mock.address()).await.unwrap();
        // More answers than all buffers on the way can hold, and nobody who reads them.
        let question = "GET /cdn/job_clear/720p/0.ts HTTP/1.1\r\nHost: x\r\n\r\n";
        let asked = tokio::time::timeout(Duration::from_mins(2), async {
            while stream.write_all(question.repeat(100).as_bytes()).await.is_ok() {}
        });
        asked.await.expect("the server closes the connection");
    };
    tokio::join!(
        half_said(""),
        half_said("GET"),
        half_said("GET /v1/video HTTP/1.1\r\n"),
        half_said("GET /v1/video HTTP/1.1\r\nHost: x\r\nx-slow: "),
        answered,
        taking_nothing
    );
}

#[tokio::test]
async fn an_address_in_use_is_a_clear_error() {
    let client = Client::start().await;
    let taken = client.mock.address().to_string();
    let error = Wanted::default().listen(&taken).start().await.err().unwrap();
    assert!(error.starts_with(&format!("cannot listen on {taken}: ")), "{error}");
    let error = Wanted::default().listen("nonsense").start().await.err().unwrap();
    assert!(error.starts_with("cannot listen on nonsense: "), "{error}");
}

#[tokio::test]
async fn mocks_have_ports_of_their_own_and_stop_when_dropped() {
    let mut clients = Vec::new();
    for _ in 0..20 {
        clients.push(Client::start().await);
    }
    let addresses: BTreeSet<_> = clients.iter().map(|client| client.mock.address()).collect();
    assert_eq!(addresses.len(), clients.len());
    let (first, second) = (clients.swap_remove(0), clients.swap_remove(0));
    first.mock.revoke_key(&first.mock.api_key()[..12]);
    assert_eq!(second.get_with("/v1/video", second.mock.api_key()).await.status, 200, "they share nothing");

    let address = first.mock.address();
    // A connection that is open and idle ends with the mock too.
    let mut idle = TcpStream::connect(address).await.unwrap();
    drop(first);
    let mut byte = [0];
    let end = tokio::time::timeout(Duration::from_secs(5), idle.read(&mut byte)).await.expect("the connection ends");
    assert!(matches!(end, Ok(0) | Err(_)));
    let refused = tokio::time::timeout(Duration::from_secs(5), async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    });
    refused.await.expect("the port is closed");
}
