//! Requests to the API, and their answers.

use gloo_net::http::Request;
use js_sys::{Date, SyntaxError};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, Headers, ReferrerPolicy, RequestCache, RequestCredentials, RequestInit,
    RequestRedirect, Response,
};

use super::callbacks::Callbacks;
use super::decode::{self, Mismatch};
use crate::api::endpoints::KEY_HEADER;
use crate::api::{ApiKey, Error, ErrorCode, PlaybackToken, Quota};
use crate::session::Reason;

/// Longest wait that an answer may ask for: the quota's day.
const DAY_MS: f64 = 86_400_000.0;

/// What a mint brought, and what its headers said of the quota.
pub(super) struct MintResponse {
    pub(super) outcome: Result<PlaybackToken, Error>,
    pub(super) quota: Option<QuotaResponse>,
}

/// The quota, and how far away its reset is by the server's clock.
pub(super) struct QuotaResponse {
    pub(super) quota: Quota,
    pub(super) reset_in_ms: u64,
}

/// A mint that is ready to be sent. Made apart from sending, so that no borrow of the key outlives this call.
pub(super) fn mint_request(url: &str, key: &ApiKey, signal: &AbortSignal) -> Result<Request, Error> {
    guarded("POST", url, key, signal)
}

/// A read that is ready to be sent.
pub(super) fn read_request(url: &str, key: &ApiKey, signal: &AbortSignal) -> Result<Request, Error> {
    guarded("GET", url, key, signal)
}

/// The key goes to the requested address only, and nothing of the answer is cached.
///
/// Made with `web_sys`: gloo-net's builder takes the address apart and puts it together again to add a query, which is
/// 6 KB of code for a query that is there already; and its headers and bodies panic where the browser throws.
fn guarded(method: &str, url: &str, key: &ApiKey, signal: &AbortSignal) -> Result<Request, Error> {
    let unable = |_| Error::new(ErrorCode::Unsupported, "The browser could not make the request; is fetch replaced?");
    let headers = Headers::new().map_err(unable)?;
    headers.set(KEY_HEADER, key.expose()).map_err(unable)?;
    let init = RequestInit::new();
    init.set_method(method);
    init.set_headers(&headers);
    init.set_redirect(RequestRedirect::Error);
    init.set_credentials(RequestCredentials::Omit);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    init.set_cache(RequestCache::NoStore);
    init.set_signal(Some(signal));
    web_sys::Request::new_with_str_and_init(url, &init).map(Request::from).map_err(unable)
}

/// Sends a mint, and reads its answer.
pub(super) async fn mint(request: Request) -> MintResponse {
    let response = match send(request).await {
        Ok(response) => response,
        Err(error) => return MintResponse { outcome: Err(error), quota: None },
    };
    let headers = response.headers();
    let quota = Quota::from_headers(|name| header(&headers, name))
        .map(|quota| QuotaResponse { quota, reset_in_ms: until(quota.reset as f64 * 1000.0, &headers) });
    // Whose quota an answer names that refuses the key, nobody knows.
    let quota = quota.filter(|_| !matches!(response.status(), 401 | 403));
    let outcome = data(&response).await.and_then(|data| {
        decode::playback_token(&data).map_err(|mismatch| malformed(&mismatch).with_status(response.status()))
    });
    let outcome = outcome.map_err(|error| {
        let is_spent = error.code == ErrorCode::RateLimitExceeded;
        let reset_in_ms = quota.as_ref().filter(|_| is_spent).map(|quota| quota.reset_in_ms);
        // The reset is the longer wait where both are named.
        let wait = retry_after_ms(&headers).max(reset_in_ms);
        error.with_retry_after_ms(wait)
    });
    MintResponse { outcome, quota }
}

/// Sends a request for videos, and has the answer checked. What comes back is the API's own object, with the members
/// that this version does not know.
pub(super) async fn read(request: Request, check: fn(&JsValue) -> Result<(), Mismatch>) -> Result<JsValue, Error> {
    let response = send(request).await?;
    let wait = retry_after_ms(&response.headers());
    let data = data(&response).await.map_err(|error| error.with_retry_after_ms(wait))?;
    check(&data).map_err(|mismatch| malformed(&mismatch).with_status(response.status()))?;
    Ok(data)
}

async fn send(request: Request) -> Result<Response, Error> {
    request.send().await.map(Response::from).map_err(|_| {
        Error::new(
            ErrorCode::Network,
            "Ansdev could not be reached; is the network up, `baseUrl` right, and its origin in the page's \
             connect-src?",
        )
    })
}

/// `data` of the envelope, left as the JavaScript value that it is.
async fn data(response: &Response) -> Result<JsValue, Error> {
    let status = response.status();
    let cut_short = || Error::bad_response("The answer was cut short; expected its whole body").with_status(status);
    let body = response.json().map_err(|_| cut_short())?;
    let json = JsFuture::from(body).await.map_err(|thrown| {
        if !thrown.is_instance_of::<SyntaxError>() {
            return cut_short();
        }
        Error::bad_response("The answer is not JSON; expected Ansdev's envelope. Is `baseUrl` right?")
            .with_status(status)
    })?;
    decode::envelope(&json).map_err(|mismatch| malformed(&mismatch).with_status(status))?.into_result(status)
}

fn malformed(mismatch: &Mismatch) -> Error {
    let message = ["The answer does not have the form that the API documents: ", &mismatch.0].concat();
    Error::new(ErrorCode::BadResponse, message)
}

/// A token from the page's own `getToken`.
pub(super) async fn provide(
    callbacks: &Callbacks,
    video_id: &str,
    reason: Reason,
    signal: &AbortSignal,
) -> Result<PlaybackToken, Error> {
    let promise = callbacks.provide(video_id, reason.as_str(), signal).map_err(|thrown| provider_failed(&thrown))?;
    let answer = JsFuture::from(promise).await.map_err(|thrown| provider_failed(&thrown))?;
    let token = decode::playback_token(&answer).map_err(|Mismatch(message)| {
        Error::new(ErrorCode::TokenProviderFailed, ["getToken gave no token: ", &message].concat())
    })?;
    match token.life_ms() {
        Ok(_) => Ok(token),
        Err(error) => Err(Error::new(ErrorCode::TokenProviderFailed, error.message.clone())),
    }
}

fn provider_failed(thrown: &JsValue) -> Error {
    let get = |name| js_sys::Reflect::get(thrown, &JsValue::from_str(name)).unwrap_or_default();
    let error = match get("message").as_string() {
        Some(message) => Error::new(ErrorCode::TokenProviderFailed, message),
        None => Error::new(ErrorCode::TokenProviderFailed, "getToken failed; expected { token, expiresIn }"),
    };
    // A number from 400 to 599, or `null` (provider.ts).
    let error = match get("status").as_f64() {
        Some(status) => error.with_status(status as u16),
        None => error,
    };
    // Seconds, or `null`.
    error.with_retry_after_ms(get("retryAfter").as_f64().map(|seconds| (seconds * 1000.0) as u64))
}

fn header(headers: &Headers, name: &str) -> Option<String> {
    headers.get(name).ok().flatten()
}

/// `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3).
fn retry_after_ms(headers: &Headers) -> Option<u64> {
    let value = header(headers, "Retry-After")?;
    if let Ok(seconds) = value.trim_ascii().parse::<u32>() {
        return Some((u64::from(seconds) * 1000).min(DAY_MS as u64));
    }
    let at = Date::parse(&value);
    at.is_finite().then(|| until(at, headers))
}

/// Milliseconds until a moment of the server's clock, which the answer's `Date` tells; where that cannot be read, this
/// device's clock has to do. At most a day: a wrong clock must not lock a page out for longer.
fn until(at_ms: f64, headers: &Headers) -> u64 {
    let server_now = header(headers, "Date").map(|date| Date::parse(&date)).filter(|date| date.is_finite());
    (at_ms - server_now.unwrap_or_else(Date::now)).clamp(0.0, DAY_MS) as u64
}

/// Aborts with an `Error`: gloo-net cannot take a fetch that rejects with anything else.
pub(super) fn abort(controller: &AbortController) {
    controller.abort_with_reason(&js_sys::Error::new("aborted"));
}
