//! The catalogue's twelve errors, each through its real condition, and the order in which they are checked.

use std::time::Duration;

use ansdev_mock_backend::{KeySpec, Scope, seed};
use reqwest::Method;
use reqwest::header::HeaderValue;

use crate::client::{Answer, Client};
use crate::mock::Wanted;

const UNKNOWN_KEY: &str = "ak_live_00000000000000000000000000000000";

#[tokio::test]
async fn no_key_is_api_key_required() {
    let client = Client::start().await;
    for path in ["/v1/video", "/v1/video/vid_clear"] {
        client.get(path).await.assert_error(401, "API_KEY_REQUIRED");
        client.get_with(path, "").await.assert_error(401, "API_KEY_REQUIRED");
    }
    client.mint_with(seed::CLEAR, "").await.assert_error(401, "API_KEY_REQUIRED");
}

#[tokio::test]
async fn an_unknown_or_malformed_key_is_invalid() {
    let client = Client::start().await;
    let key = client.mock.api_key();
    let almost = format!("{}{}", &key[..39], if key.ends_with('0') { '1' } else { '0' });
    for key in [UNKNOWN_KEY, "secret", &key[..12], &almost, &format!("{}0", client.mock.api_key()), &"k".repeat(4000)] {
        client.get_with("/v1/video", key).await.assert_error(401, "INVALID_API_KEY");
        client.mint_with(seed::CLEAR, key).await.assert_error(401, "INVALID_API_KEY");
    }
}

#[tokio::test]
async fn a_key_that_is_not_even_text_is_invalid() {
    let client = Client::start().await;
    for bytes in [&b"\xff\xfe"[..], b"ak_live_\xc3\x28", "ak_test_ä".as_bytes(), &[0x80; 40]] {
        let key = HeaderValue::from_bytes(bytes).unwrap();
        let request = client.request(Method::GET, "/v1/video").header("x-ansdev-key", key);
        Answer::of(request).await.assert_error(401, "INVALID_API_KEY");
    }
}

#[tokio::test]
async fn a_revoked_key_is_invalid_from_the_very_next_request() {
    let client = Client::start().await;
    let key = client.key_with(&[Scope::VideoRead]);
    assert_eq!(client.get_with("/v1/video", &key).await.status, 200);
    assert!(client.mock.revoke_key(&key[..12]));
    client.get_with("/v1/video", &key).await.assert_error(401, "INVALID_API_KEY");
    client.mint_with(seed::CLEAR, &key).await.assert_error(401, "INVALID_API_KEY");
    assert!(!client.mock.revoke_key(&key[..12]), "it was active no more");
}

#[tokio::test]
async fn a_key_past_its_expiry_is_expired() {
    let client = Client::start().await;
    let expires_at_ms = Some(client.mock.now_ms() + 60_000);
    let key = client.mock.create_key(&KeySpec { expires_at_ms, ..KeySpec::default() });
    assert_eq!(client.get_with("/v1/video", &key).await.status, 200);
    client.mock.advance(Duration::from_mins(1));
    client.get_with("/v1/video", &key).await.assert_error(401, "API_KEY_EXPIRED");
    client.mint_with(seed::CLEAR, &key).await.assert_error(401, "API_KEY_EXPIRED");
}

#[tokio::test]
async fn a_key_without_video_read_lacks_its_scope() {
    let client = Client::start().await;
    for scopes in [&[][..], &[Scope::VaultRead, Scope::VaultWrite, Scope::AiCompute, Scope::BillingRead]] {
        let key = client.key_with(scopes);
        client.get_with("/v1/video", &key).await.assert_error(403, "INSUFFICIENT_SCOPE");
        client.get_with("/v1/video/vid_clear", &key).await.assert_error(403, "INSUFFICIENT_SCOPE");
        client.mint_with(seed::CLEAR, &key).await.assert_error(403, "INSUFFICIENT_SCOPE");
    }
    let key = client.key_with(&Scope::ALL);
    assert_eq!(client.get_with("/v1/video", &key).await.status, 200);
}

#[tokio::test]
async fn a_video_that_is_not_there_or_another_owners_is_not_found() {
    let client = Client::start().await;
    let key = client.mock.api_key().to_owned();
    let too_long = "v".repeat(65);
    for id in [
        "vid_none",
        seed::OTHER_OWNER,
        "playback",
        "..%2F..%2Fetc%2Fpasswd",
        "%00",
        "%ff%fe",
        "%F0%9F%8E%AC",
        &too_long,
    ] {
        client.get_with(&format!("/v1/video/{id}"), &key).await.assert_error(404, "VIDEO_NOT_FOUND");
        client.mint(id).await.assert_error(404, "VIDEO_NOT_FOUND");
    }
}

#[tokio::test]
async fn a_video_in_processing_or_failed_is_not_ready() {
    let client = Client::start().await;
    client.mint(seed::IN_THE_MAKING).await.assert_error(400, "VIDEO_NOT_READY");
    client.mint(seed::FAILING).await.assert_error(400, "VIDEO_NOT_READY");
    client.mock.advance(Duration::from_mins(6));
    assert_eq!(client.mint(seed::IN_THE_MAKING).await.status, 200);
    client.mint(seed::FAILING).await.assert_error(400, "VIDEO_NOT_READY");
}

#[tokio::test]
async fn a_spent_quota_is_rate_limit_exceeded() {
    let client = Client::with(Wanted::default().quota(1)).await;
    assert_eq!(client.mint(seed::CLEAR).await.status, 200);
    client.mint(seed::CLEAR).await.assert_error(429, "RATE_LIMIT_EXCEEDED");
}

#[tokio::test]
async fn a_token_past_its_life_is_expired() {
    let client = Client::start().await;
    let token = client.token(seed::SINGLE_KEY).await;
    let paths =
        [format!("/v1/video/playback/manifest/{token}"), format!("/v1/video/playback/key/{token}/job_single_key")];
    client.mock.advance(Duration::from_secs(299));
    for path in &paths {
        assert_eq!(client.get(path).await.status, 200);
    }
    client.mock.advance(Duration::from_secs(2));
    for path in &paths {
        client.get(path).await.assert_error(401, "PLAYBACK_TOKEN_EXPIRED");
    }
}

#[tokio::test]
async fn a_token_that_was_tampered_with_is_invalid() {
    let client = Client::start().await;
    let token = client.token(seed::SINGLE_KEY).await;
    let other = client.token(seed::CLEAR).await;
    let [head, claims, signature] = *token.split('.').collect::<Vec<_>>() else { panic!("{token}") };
    let other_claims = other.split('.').nth(1).unwrap();
    for tampered in [
        format!("{head}.{other_claims}.{signature}"),
        format!("{head}.{claims}."),
        format!("eyJhbGciOiJub25lIn0.{claims}."),
        token.to_lowercase(),
        "nonsense".to_owned(),
        "%ff".to_owned(),
        "a%2Fb".to_owned(),
    ] {
        let manifest = format!("/v1/video/playback/manifest/{tampered}");
        client.get(&manifest).await.assert_error(401, "PLAYBACK_TOKEN_INVALID");
        let key = format!("/v1/video/playback/key/{tampered}/job_single_key");
        client.get(&key).await.assert_error(401, "PLAYBACK_TOKEN_INVALID");
    }
}

#[tokio::test]
async fn another_mocks_token_is_invalid() {
    let (client, other) = (Client::start().await, Client::start().await);
    let token = other.token(seed::CLEAR).await;
    client.get(&format!("/v1/video/playback/manifest/{token}")).await.assert_error(401, "PLAYBACK_TOKEN_INVALID");
}

#[tokio::test]
async fn a_token_for_another_video_is_a_mismatch() {
    let client = Client::start().await;
    let token = client.token(seed::CLEAR).await;
    for job in ["job_single_key", "job_none", "..%2Fjob_clear", "%ff"] {
        let status = client.get(&format!("/v1/video/playback/key/{token}/{job}")).await;
        if job == "%ff" {
            status.assert_error(401, "PLAYBACK_TOKEN_INVALID");
        } else {
            status.assert_error(403, "PLAYBACK_TOKEN_MISMATCH");
        }
    }
}

#[tokio::test]
async fn a_clear_video_has_no_key() {
    let client = Client::start().await;
    let token = client.token(seed::CLEAR).await;
    client.get(&format!("/v1/video/playback/key/{token}/job_clear")).await.assert_error(404, "NO_KEY");
}

#[tokio::test]
async fn a_damaged_key_cannot_be_decrypted() {
    let client = Client::start().await;
    let token = client.token(seed::DAMAGED_KEY).await;
    let path = format!("/v1/video/playback/key/{token}/job_damaged_key");
    client.get(&path).await.assert_error(500, "KEY_DECRYPT_FAILED");
}

/// Each row's request meets its own condition and every later one; the first must win.
#[tokio::test]
async fn the_checks_come_in_the_contracts_order() {
    let client = Client::with(Wanted::default().quota(0)).await;
    let scopeless = client.key_with(&[]);
    let expires_at_ms = Some(client.mock.now_ms() - 1);
    let spec = KeySpec { expires_at_ms, scopes: Vec::new(), ..KeySpec::default() };
    let expired = client.mock.create_key(&spec);
    let revoked = client.mock.create_key(&spec);
    client.mock.revoke_key(&revoked[..12]);
    let key = client.mock.api_key().to_owned();
    for (video, key, status, code) in [
        ("vid_none", "", 401, "API_KEY_REQUIRED"),
        ("vid_none", UNKNOWN_KEY, 401, "INVALID_API_KEY"),
        ("vid_none", revoked.as_str(), 401, "INVALID_API_KEY"),
        ("vid_none", expired.as_str(), 401, "API_KEY_EXPIRED"),
        ("vid_none", scopeless.as_str(), 403, "INSUFFICIENT_SCOPE"),
        ("vid_none", key.as_str(), 404, "VIDEO_NOT_FOUND"),
        (seed::IN_THE_MAKING, key.as_str(), 400, "VIDEO_NOT_READY"),
        (seed::CLEAR, key.as_str(), 429, "RATE_LIMIT_EXCEEDED"),
    ] {
        client.mint_with(video, key).await.assert_error(status, code);
    }
}
