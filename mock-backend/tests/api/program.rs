//! The program: its first line, its log, its end, its errors.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

fn program(arguments: &[&str]) -> Child {
    logging("info", arguments)
}

fn logging(level: &str, arguments: &[&str]) -> Child {
    Command::new(crate::mock::program())
        .args(arguments)
        .env("RUST_LOG", level)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// The program's first line, and the program.
pub(crate) async fn started(arguments: &[&str]) -> (Value, Child) {
    announced(program(arguments)).await
}

/// The same, with no line in the log for each request: nobody reads it while the program runs, and a full pipe blocks.
pub(crate) async fn started_quietly(arguments: &[&str]) -> (Value, Child) {
    announced(logging("warn", arguments)).await
}

async fn announced(mut child: Child) -> (Value, Child) {
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).await.unwrap();
    (serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}")), child)
}

/// Asks the program to stop, and gives its exit code and its log.
pub(crate) async fn stopped(mut child: Child) -> (Option<i32>, String) {
    let id = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
    let status = tokio::time::timeout(Duration::from_secs(20), child.wait()).await.expect("it stops").unwrap();
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
    (status.code(), log)
}

/// The program's exit code, its output and its errors, where it ends by itself.
pub(crate) async fn ended(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = tokio::time::timeout(Duration::from_secs(20), program(arguments).wait_with_output()).await;
    let output = output.expect("it ends").unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn the_first_line_says_where_it_is_and_sigterm_ends_it() {
    let (line, child) =
        started(&["--listen", "127.0.0.1:0", "--seed", "demo", "--ttl", "6", "--quota", "7", "--json"]).await;
    let (url, key) = (line["url"].as_str().unwrap(), line["apiKey"].as_str().unwrap());
    let first = &line["videos"][0];
    assert_eq!(
        (first["id"].as_str(), first["encrypted"].as_bool(), first["durationSeconds"].as_f64()),
        (Some("vid_rotating_keys"), Some(true), Some(24.0))
    );
    assert!(first["title"].is_string());

    let address = format!("{url}/v1/video/vid_rotating_keys/playback-token");
    let request = reqwest::Client::new().post(address).header("x-ansdev-key", key).header("content-length", 0);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["x-ratelimit-limit"], "7");
    let data = answer.json::<Value>().await.unwrap()["data"].take();
    assert_eq!(data["expiresIn"], 6.0);
    let token = data["token"].as_str().unwrap();
    assert_eq!(reqwest::get(format!("{url}/v1/video/playback/manifest/{token}?k={key}")).await.unwrap().status(), 200);
    assert_eq!(reqwest::get(format!("{url}/_mock/journal")).await.unwrap().status(), 404);

    let (code, log) = stopped(child).await;
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("/playback-token → 200") && log.contains(&key[..12]), "{log}");
    assert!(!log.contains(token) && !log.contains(&key[12..]), "{log}");
}

#[tokio::test]
async fn every_run_has_a_key_of_its_own_unless_it_is_given_one() {
    let mut keys = Vec::new();
    for _ in 0..3 {
        let (line, child) = started(&["--listen", "127.0.0.1:0", "--json"]).await;
        keys.push(line["apiKey"].as_str().unwrap().to_owned());
        assert_eq!(stopped(child).await.0, Some(0));
    }
    assert!(keys[0] != keys[1] && keys[1] != keys[2] && keys[0] != keys[2], "{keys:?}");
    assert!(ansdev_player::api::ApiKey::parse(&keys[0]).is_ok());

    let given = "ak_live_0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    let (line, child) = started(&["--listen", "127.0.0.1:0", "--json", "--api-key", given]).await;
    assert_eq!(line["apiKey"], given);
    let videos = reqwest::Client::new().get(format!("{}/v1/video", line["url"].as_str().unwrap()));
    assert_eq!(videos.header("x-ansdev-key", given).send().await.unwrap().status(), 200);
    assert_eq!(stopped(child).await.0, Some(0));
    // What is wrong with one is said without it.
    let (_, output, errors) = ended(&["--api-key", &given[..39]]).await;
    assert!(errors.contains("has 39 characters") && !format!("{output}{errors}").contains(&given[12..39]), "{errors}");
}

#[tokio::test]
async fn beyond_loopback_it_warns_whatever_the_logs_level_and_names_an_address_to_open() {
    let (line, child) = announced(logging("off", &["--listen", "0.0.0.0:0", "--json"])).await;
    let url = line["url"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    assert_eq!(reqwest::get(format!("{url}/demo/config.json")).await.unwrap().status(), 200);
    let (code, log) = stopped(child).await;
    assert_eq!(code, Some(0), "{log}");
    for text in ["WARNING: the mock listens on 0.0.0.0:", "API keys", "--listen 127.0.0.1", "--allow-host"] {
        assert!(log.contains(text), "{text}: {log}");
    }
    for address in ["127.0.0.1:0", "localhost:0"] {
        let (_, child) = announced(logging("off", &["--listen", address, "--json"])).await;
        assert_eq!(stopped(child).await, (Some(0), String::new()), "{address}");
    }
}

#[tokio::test]
async fn an_escaped_key_is_kept_out_of_the_log() {
    let (line, child) = started(&["--listen", "127.0.0.1:0", "--json"]).await;
    let (url, key) = (line["url"].as_str().unwrap(), line["apiKey"].as_str().unwrap());
    let escaped = key.replace('_', "%5f");
    let address = format!("{url}/v1/video/{escaped}?k={escaped}");
    assert_eq!(reqwest::get(address).await.unwrap().status(), 401);
    let (_, log) = stopped(child).await;
    assert!(log.contains("/v1/video/ak%5ftest%5f") && !log.contains(&key[12..]), "{log}");
}

#[tokio::test]
async fn a_request_under_way_gets_its_answer_before_the_end() {
    let (line, child) = started(&["--listen", "127.0.0.1:0", "--control", "--json"]).await;
    let (url, key) = (line["url"].as_str().unwrap().to_owned(), line["apiKey"].as_str().unwrap().to_owned());
    let http = reqwest::Client::new();
    let fault = r#"{"route": "get", "kind": "latency", "value": 1500}"#;
    let fault = http.post(format!("{url}/_mock/faults")).header("content-type", "application/json").body(fault);
    assert_eq!(fault.send().await.unwrap().status(), 204);

    let slow = tokio::spawn(http.get(format!("{url}/v1/video/vid_clear")).header("x-ansdev-key", key).send());
    // It is in the journal only once it is answered; that it has arrived, the next request's answer tells.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let (code, log) = stopped(child).await;
    assert_eq!(code, Some(0), "{log}");
    let answer = slow.await.unwrap().unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.json::<Value>().await.unwrap()["data"]["id"], "vid_clear");
    assert!(reqwest::get(format!("{url}/v1/video")).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn without_json_it_prints_for_people() {
    let mut child = program(&["--listen", "127.0.0.1:0"]);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next_line().await.unwrap().unwrap();
    assert!(first.starts_with("Ansdev mock backend: http://127.0.0.1:"), "{first}");
    assert_eq!(stopped(child).await.0, Some(0));
}

#[tokio::test]
async fn help_has_examples() {
    let (code, help, _) = ended(&["--help"]).await;
    assert_eq!(code, Some(0));
    for text in [
        "Examples:",
        "--listen",
        "--db",
        "--seed",
        "--ttl",
        "--quota",
        "--control",
        "--json",
        "--sdk",
        "--api-key",
        "--allow-host",
    ] {
        assert!(help.contains(text), "{text}: {help}");
    }
}

#[tokio::test]
async fn unsupported_options_are_a_clear_error() {
    for (arguments, code, sentence) in [
        (&["--listen", "203.0.113.1:80"][..], 1, "cannot listen on 203.0.113.1:80"),
        (&["--listen", "nowhere"], 1, "cannot listen on nowhere"),
        (&["--allow-host", "http://mock.example"], 1, "cannot allow the host \"http://mock.example\": expected a name"),
        (&["--api-key", "secret"], 1, "The API key does not start with ak_live_ or ak_test_; expected"),
        (&["--ttl", "0"], 2, "--ttl"),
        (&["--ttl", "soon"], 2, "--ttl"),
        (&["--quota", "-1"], 2, "unexpected argument"),
        (&["--seed", "other"], 2, "possible values: demo, empty"),
        (&["--nonsense"], 2, "--nonsense"),
    ] {
        let (ended_with, output, errors) = ended(arguments).await;
        assert_eq!(ended_with, Some(code), "{errors}");
        assert!(errors.contains(sentence) && output.is_empty(), "{errors}");
        assert!(!errors.contains("panicked"), "{errors}");
    }
}
