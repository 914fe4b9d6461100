//! Requests to the API, and what their answers say.

use gloo_net::http::{Headers, Request, RequestBuilder, Response};
use js_sys::{Date, JSON};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, ReferrerPolicy, RequestCache, RequestCredentials, RequestRedirect};

use super::host::Host;
use crate::api::endpoints::KEY_HEADER;
use crate::api::{ApiKey, Envelope, Error, ErrorCode, PlaybackToken, Quota, Video, VideoPage};
use crate::session::Reason;

/// Longest wait that an answer may ask for: the quota's day.
const DAY_MS: f64 = 86_400_000.0;

/// What a mint brought, and what its headers said of the quota.
pub(super) struct MintAnswer {
    pub(super) outcome: Result<PlaybackToken, Error>,
    pub(super) quota: Option<QuotaAnswer>,
}

/// The quota, and how far away its reset is by the server's clock.
pub(super) struct QuotaAnswer {
    pub(super) quota: Quota,
    pub(super) reset_in_ms: u64,
}

/// A mint that is ready to be sent. Made apart from sending, so that no borrow of the key outlives this call.
pub(super) fn mint_request(url: &str, key: &ApiKey, signal: &AbortSignal) -> Result<Request, Error> {
    guarded(Request::post(url), key, signal)
}

/// A read that is ready to be sent.
pub(super) fn read_request(url: &str, key: &ApiKey, signal: &AbortSignal) -> Result<Request, Error> {
    guarded(Request::get(url), key, signal)
}

/// The key goes to the address that was asked for and no further, and nothing of the answer is kept.
fn guarded(builder: RequestBuilder, key: &ApiKey, signal: &AbortSignal) -> Result<Request, Error> {
    builder
        .header(KEY_HEADER, key.expose())
        .redirect(RequestRedirect::Error)
        .credentials(RequestCredentials::Omit)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .cache(RequestCache::NoStore)
        .abort_signal(Some(signal))
        .build()
        .map_err(|_| Error::new(ErrorCode::Unsupported, "The browser could not make the request; is fetch replaced?"))
}

/// Sends a mint, and reads its answer.
pub(super) async fn mint(request: Request) -> MintAnswer {
    let response = match send(request).await {
        Ok(response) => response,
        Err(error) => return MintAnswer { outcome: Err(error), quota: None },
    };
    let headers = response.headers();
    let quota = Quota::from_headers(|name| headers.get(name))
        .map(|quota| QuotaAnswer { quota, reset_in_ms: until(quota.reset as f64 * 1000.0, &headers) });
    let outcome = data(&response).await.and_then(|data| read(data, response.status())).map_err(|error| {
        let is_spent = error.code == ErrorCode::RateLimitExceeded;
        let reset_in_ms = quota.as_ref().filter(|_| is_spent).map(|quota| quota.reset_in_ms);
        // The reset is the longer wait where both are named.
        let wait = retry_after_ms(&headers).max(reset_in_ms);
        error.with_retry_after_ms(wait)
    });
    MintAnswer { outcome, quota }
}

/// Sends a request for one page of videos; the object is the API's own, unknown fields and all.
pub(super) async fn video_page(request: Request) -> Result<JsValue, Error> {
    checked::<VideoPage>(request).await
}

/// Sends a request for one video; the object is the API's own, unknown fields and all.
pub(super) async fn video(request: Request) -> Result<JsValue, Error> {
    checked::<Video>(request).await
}

async fn checked<T: DeserializeOwned>(request: Request) -> Result<JsValue, Error> {
    let response = send(request).await?;
    let wait = retry_after_ms(&response.headers());
    let data = data(&response).await.map_err(|error| error.with_retry_after_ms(wait))?;
    read::<T>(data.clone(), response.status())?;
    Ok(data)
}

async fn send(request: Request) -> Result<Response, Error> {
    request.send().await.map_err(|_| {
        Error::new(
            ErrorCode::Network,
            "Ansdev could not be reached; is the network up, `baseUrl` right, and its origin in the page's \
             connect-src?",
        )
    })
}

/// `data` of the envelope, left as the JavaScript value that it is.
async fn data(response: &Response) -> Result<JsValue, Error> {
    #[derive(Deserialize)]
    struct Raw(#[serde(with = "serde_wasm_bindgen::preserve")] JsValue);

    let status = response.status();
    let cut_short = |_| Error::bad_response("The answer broke off; expected all of its body").with_status(status);
    let text = response.text().await.map_err(cut_short)?;
    let json = JSON::parse(&text).map_err(|_| {
        Error::bad_response("The answer is not JSON; expected Ansdev's envelope. Is `baseUrl` right?")
            .with_status(status)
    })?;
    read::<Envelope<Raw>>(json, status)?.into_result(status).map(|raw| raw.0)
}

fn read<T: DeserializeOwned>(value: JsValue, status: u16) -> Result<T, Error> {
    serde_wasm_bindgen::from_value(value).map_err(|error| {
        let message = ["The answer does not have the form that the API promises: ", &error.to_string()].concat();
        Error::new(ErrorCode::BadResponse, message).with_status(status)
    })
}

/// A token from the page's own `getToken`.
pub(super) async fn provide(
    host: &Host,
    video_id: &str,
    reason: Reason,
    signal: &AbortSignal,
) -> Result<PlaybackToken, Error> {
    let promise = host.provide(video_id, text(reason), signal).map_err(|thrown| provider_failed(&thrown))?;
    let answer = JsFuture::from(promise).await.map_err(|thrown| provider_failed(&thrown))?;
    let token: PlaybackToken =
        read(answer, 200).map_err(|error| Error::new(ErrorCode::TokenProviderFailed, error.message))?;
    match token.life_ms() {
        Ok(_) => Ok(token),
        Err(error) => Err(Error::new(ErrorCode::TokenProviderFailed, error.message)),
    }
}

/// The reason as JavaScript knows it.
pub(super) fn text(reason: Reason) -> &'static str {
    match reason {
        Reason::Initial => "initial",
        Reason::Refresh => "refresh",
        Reason::Rejected => "rejected",
    }
}

fn provider_failed(thrown: &JsValue) -> Error {
    let message = js_sys::Reflect::get(thrown, &JsValue::from_str("message")).ok().and_then(|text| text.as_string());
    match message {
        Some(message) => Error::new(ErrorCode::TokenProviderFailed, message),
        None => Error::new(ErrorCode::TokenProviderFailed, "getToken failed; expected { token, expiresIn }"),
    }
}

/// `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3).
fn retry_after_ms(headers: &Headers) -> Option<u64> {
    let value = headers.get("Retry-After")?;
    if let Ok(seconds) = value.trim().parse::<u32>() {
        return Some(u64::from(seconds) * 1000);
    }
    let at = Date::parse(&value);
    at.is_finite().then(|| until(at, headers))
}

/// Milliseconds until a moment of the server's clock, which the answer's `Date` tells; where that cannot be read, this
/// device's clock has to do. Never more than a day: a wrong clock must not lock anybody out for longer.
fn until(at_ms: f64, headers: &Headers) -> u64 {
    let server_now = headers.get("Date").map(|date| Date::parse(&date)).filter(|date| date.is_finite());
    (at_ms - server_now.unwrap_or_else(Date::now)).clamp(0.0, DAY_MS) as u64
}
