//! Answers of the API: the envelope, its errors, tokens, videos. Read as the crate's types, and once more by hand.

use ansdev_player::api::endpoints::ERROR_DOCS_URL;
use ansdev_player::api::error::Recovery;
use ansdev_player::api::{BaseUrl, Envelope, Error, ErrorCode, PlaybackToken, Video, VideoPage, VideoStatus};
use ansdev_player::detail::ErrorDetail;
use ansdev_player::gated_url::GatedUrl;
use bolero::check;
use serde_json::{Value, json};
use url::Url;

use crate::near_miss::near_miss;

/// Statuses that the wire can have, but for the interim ones, which no caller sees.
const STATUSES: [u16; 20] =
    [200, 201, 204, 299, 300, 304, 400, 401, 403, 404, 407, 408, 409, 429, 499, 500, 502, 503, 599, 999];

const ANSWERS: [&str; 11] = [
    r#"{"success":true,"data":{"token":"aa.bb.cc","expiresIn":300,"playerUrl":"https://play.example/aa.bb.cc"}}"#,
    r#"{"success":true,"data":{"token":"aa.bb-_~","expiresIn":0.0005}}"#,
    r#"{"success":false,"error":{"code":"RATE_LIMIT_EXCEEDED","message":"Spent.","status":429}}"#,
    r#"{"success":false,"error":{"code":"KEY_DECRYPT_FAILED","message":"Sorry.","status":500}}"#,
    r#"{"success":false,"error":{"code":"TEAPOT"}}"#,
    r#"{"success":false,"error":{"code":"PLAYBACK_TOKEN_EXPIRED","message":"ak_live_7c1b1865ed225cf47377e7d21fdec972"}}"#,
    r#"{"success":true,"data":{"videos":[{"id":"vid_8fk2m9","title":"Sea","status":"COMPLETED","quality":"1080p","durationSeconds":24.5,"encrypted":true,"createdAt":"2026-01-02T03:04:05Z"}],"nextCursor":null}}"#,
    r#"{"success":true,"data":{"id":"vid_1","status":"DREAMING","quality":null,"new":{}}}"#,
    r#"{"success":true,"data":null}"#,
    r#"{"success":false,"data":1}"#,
    "[true,1,null]",
];

/// The first byte picks the status, the others are the body.
#[test]
fn envelope() {
    check!(name = "envelope").for_each(|input: &[u8]| {
        let (status, body) = input.split_first().unwrap_or((&0, &[]));
        let status = STATUSES[usize::from(*status) % STATUSES.len()];
        holds(status, body);
        holds(status, &near_miss(&ANSWERS, body));
    });
}

fn holds(status: u16, body: &[u8]) {
    let Ok(envelope) = serde_json::from_slice::<Envelope<Value>>(body) else {
        // What is an envelope by hand, and has no member twice, is one.
        if let Ok(value) = serde_json::from_slice::<Value>(body) {
            assert_eq!(is_envelope(&value), serde_json::from_value::<Envelope<Value>>(value).is_ok());
        }
        return;
    };
    round_trip(&envelope);
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        // A number that is too large, in a member that is not read.
        return;
    };
    if !value.is_object() {
        // Serde takes a list for a struct. In the browser, where `web::answer` reads, it is none.
        return;
    }
    let there = |name: &str| value.get(name).filter(|member| !member.is_null());
    let is_success = value["success"] == true;
    let result = envelope.into_result(status);
    match (result, there("data"), there("error")) {
        (Ok(data), Some(sent), _) => {
            assert!(is_success && (200..300).contains(&status), "{status} {value}");
            assert_eq!(&data, sent);
            data_holds(&data);
        }
        (Ok(data), None, _) => panic!("{data} out of {value}"),
        (Err(error), _, Some(sent)) if !is_success => {
            assert_eq!(Some(error.code.as_str()), sent["code"].as_str(), "a code is kept, known or not");
            assert_eq!(error.message, sent["message"].as_str().unwrap_or_default());
            error_holds(&error, status);
        }
        (Err(error), data, _) => {
            assert!(!(is_success && data.is_some() && (200..300).contains(&status)), "{status} {value}: {error}");
            assert_eq!(error.code, ErrorCode::BadResponse);
            // Always the same sentence: nothing of what came can be in it.
            assert!(error.message.starts_with("The answer is not Ansdev's envelope; expected {"), "{error}");
            error_holds(&error, status);
        }
    }
}

fn is_envelope(value: &Value) -> bool {
    let is = |value: &Value, name: &str, is: fn(&Value) -> bool| value.get(name).is_none_or(is);
    value["success"].is_boolean()
        && is(value, "error", |error| {
            error.is_null()
                || error["code"].is_string()
                    && error.get("message").is_none_or(Value::is_string)
                    && error.get("status").is_none_or(|status| status.as_u64().is_some_and(|it| it <= 0xffff))
        })
}

/// But for the data, whose numbers are serde's matter.
fn round_trip(envelope: &Envelope<Value>) {
    let text = serde_json::to_string(envelope).unwrap();
    let read: Envelope<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!((read.success, &read.error), (envelope.success, &envelope.error), "{text}");
    assert_eq!(read.data.is_some(), envelope.data.is_some(), "{text}");
}

fn error_holds(error: &Error, status: u16) {
    assert_eq!(error.status, Some(status));
    assert_eq!(error.to_string(), format!("{}: {}", error.code, error.message));
    let code = error.code.as_str();
    assert_eq!(ErrorCode::from(code), error.code);
    assert_eq!(ErrorCode::ALL.contains(&error.code), !matches!(error.code, ErrorCode::Other(_)), "{code}");
    if matches!(error.code, ErrorCode::Other(_)) {
        let is_transient = matches!(status, 408 | 429 | 500..);
        assert_eq!(error.recovery() == Recovery::Transient, is_transient, "{code} {status}");
    }
    assert!(!(error.is_retryable() && error.is_fatal()), "{error}");
    let detail = serde_json::to_value(ErrorDetail::new(error, None)).unwrap();
    let docs = error.code.is_catalogued().then(|| format!("{ERROR_DOCS_URL}{code}"));
    let expected = json!({
        "code": code, "message": error.message, "status": status, "retryable": error.is_retryable(),
        "retryAfter": null, "fatal": error.is_fatal(), "videoId": null, "docsUrl": docs,
    });
    assert_eq!(detail, expected);
}

fn data_holds(data: &Value) {
    if let Ok(token) = serde_json::from_value::<PlaybackToken>(data.clone()) {
        token_holds(&token);
    }
    if let Ok(video) = serde_json::from_value::<Video>(data.clone()) {
        video_holds(&video, data);
    }
    if let Ok(page) = serde_json::from_value::<VideoPage>(data.clone()) {
        for (video, sent) in page.videos.iter().zip(data["videos"].as_array().into_iter().flatten()) {
            video_holds(video, sent);
        }
        assert_eq!(page.next_cursor.as_deref(), data["nextCursor"].as_str());
        assert_eq!(serde_json::from_value::<VideoPage>(json!(page)).unwrap(), page);
    }
}

/// A token that is taken for one changes nothing of an address but its own segment.
fn token_holds(token: &PlaybackToken) {
    let shown = format!("{token:?}");
    assert!(shown.starts_with("PlaybackToken { expires_in: "), "{shown}");
    let Ok(life_ms) = token.life_ms() else { return };
    assert!(life_ms >= 1 && token.expires_in > 0.0 && token.expires_in.is_finite());
    let base = BaseUrl::parse("https://api.ansdev.cloud").unwrap();
    let address = base.manifest(&token.token);
    let parsed = Url::parse(&address).unwrap();
    assert_eq!(parsed.as_str(), address, "a browser changes nothing");
    assert_eq!(parsed.path(), format!("/v1/video/playback/manifest/{}", token.token));
    assert!(parsed.query().is_none() && parsed.fragment().is_none());
    let gated = GatedUrl::parse(&address, &base).expect("an address with a token in it is known again");
    assert_eq!(gated.with_token(&base, &token.token), address);
    assert!(token.is_in(&address));
}

fn video_holds(video: &Video, sent: &Value) {
    assert_eq!(
        Some(video.status.as_str()),
        sent["status"].as_str().or(sent[2].as_str()),
        "a status is kept, known or not"
    );
    assert_eq!(VideoStatus::ALL.contains(&video.status), !matches!(video.status, VideoStatus::Other(_)));
    assert_eq!(&serde_json::from_value::<Video>(json!(video)).unwrap(), video);
}
