//! `POST /v1/video/{videoId}/playback-token`.

use std::sync::LazyLock;

use ansdev_player::api::{ErrorCode, PlaybackToken, Quota, VideoStatus, quota};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};

use super::videos::video_of;
use crate::http::answer::{Data, Failure};
use crate::http::authentication::caller;
use crate::http::base::Base;
use crate::routes::openapi::schemas::{Failed, TokenAnswer};
use crate::state::backend::{Backend, Shared};
use crate::state::clock::{end_of_utc_day, utc_day};
use crate::state::store::KeyRow;

/// A playback token for one video. The checks come in this order: key present, known, not expired, its scope; video found,
/// ready; quota.
#[utoipa::path(
    post,
    path = "/v1/video/{videoId}/playback-token",
    operation_id = "mintPlaybackToken",
    tag = "Videos",
    security(("apiKey" = [])),
    params(("videoId" = String, Path, min_length = 1, max_length = 64, description = "The `vid_…` id or the UUID.",
         example = "vid_single_key")),
    responses(
        (status = 200, body = TokenAnswer, description = "The token.",
         links(
             ("playlist" = (operation_id = "getManifest", parameters(("token" = "$response.body#/data/token")))),
             ("rendition" = (operation_id = "getRendition", parameters(("token" = "$response.body#/data/token")))),
             ("key" = (operation_id = "getPlaybackKey", parameters(("token" = "$response.body#/data/token")))),
         )),
        (status = 400, body = Failed, description = "`VIDEO_NOT_READY`: its status is not `COMPLETED`."),
        (status = 401, body = Failed, description = "`API_KEY_REQUIRED`, `INVALID_API_KEY` or `API_KEY_EXPIRED`."),
        (status = 403, body = Failed, description = "`INSUFFICIENT_SCOPE`."),
        (status = 404, body = Failed, description = "`VIDEO_NOT_FOUND`: none, or another owner's."),
        (status = 429, body = Failed, description = "`RATE_LIMIT_EXCEEDED`: the day's tokens are spent.",
         headers(("Retry-After" = u64, description = "Seconds to the end of the UTC day."))),
    )
)]
pub(in crate::routes) async fn mint(
    State(backend): State<Shared>,
    Base(base): Base,
    headers: HeaderMap,
    id: Result<Path<String>, PathRejection>,
) -> Response {
    let now_ms = backend.clock.now_ms();
    let caller = caller(&backend, &headers, now_ms);
    // A request without a key that is known has spent nothing: it is told of a key with an untouched day.
    let limit = caller.key.as_ref().and_then(|key| key.quota).unwrap_or(backend.options.quota);
    let key = caller.key.as_ref().map(|key| key.id);

    let outcome = caller.admitted().and_then(|key| minted(&backend, &key, id, limit, &base, now_ms));
    let taken = match (&outcome, key) {
        (Ok(minted), _) => Ok(minted.taken),
        (Err(_), Some(key)) => backend.store.taken_tokens(key, utc_day(now_ms)),
        (Err(_), None) => Ok(0),
    };
    let mut response = outcome.map(|minted| Data(minted.token)).into_response();
    if let Ok(taken) = taken {
        tell_quota(&mut response, limit, taken, now_ms);
    }
    response
}

/// A token, and how many the key has taken today.
struct Minted {
    token: PlaybackToken,
    taken: u32,
}

/// Video found, video ready, quota: the rest of the contract's order of checks.
fn minted(
    backend: &Backend,
    key: &KeyRow,
    id: Result<Path<String>, PathRejection>,
    limit: u32,
    base: &str,
    now_ms: i64,
) -> Result<Minted, Failure> {
    let video = video_of(backend, key, id)?;
    let status = video.status(now_ms);
    if status != VideoStatus::Completed {
        let message = format!("The video's status is {}; expected COMPLETED.", status.as_str());
        return Err(Failure::catalogued(ErrorCode::VideoNotReady, message));
    }
    let taken = backend.store.take_token(key.id, utc_day(now_ms), limit)?.ok_or_else(|| {
        let message = format!("The key's {limit} tokens of this UTC day are spent; the count starts again at its end.");
        Failure::catalogued(ErrorCode::RateLimitExceeded, message).with_retry_after(seconds_to_reset(now_ms))
    })?;
    let jwt = backend.issue_token(&video, now_ms)?;
    let player_url = Some(format!("{base}/player/{jwt}"));
    Ok(Minted {
        token: PlaybackToken { token: jwt, expires_in: backend.tokens.life_seconds().into(), player_url },
        taken,
    })
}

fn seconds_to_reset(now_ms: i64) -> i64 {
    // Rounded up: a second too early would be refused again.
    end_of_utc_day(now_ms) - now_ms.div_euclid(1000)
}

/// Limit, remaining, reset.
static QUOTA_HEADERS: LazyLock<[HeaderName; 3]> = LazyLock::new(|| {
    [quota::LIMIT_HEADER, quota::REMAINING_HEADER, quota::RESET_HEADER]
        .map(|name| HeaderName::from_bytes(name.as_bytes()).expect("a header's name"))
});

fn tell_quota(response: &mut Response, limit: u32, taken: u32, now_ms: i64) {
    let quota =
        Quota { limit, remaining: limit.saturating_sub(taken), reset: end_of_utc_day(now_ms).max(0).cast_unsigned() };
    let values = [u64::from(quota.limit), u64::from(quota.remaining), quota.reset];
    for (name, value) in QUOTA_HEADERS.iter().zip(values) {
        response.headers_mut().insert(name, HeaderValue::from(value));
    }
}
