//! One route of the API, with nothing around it: no sessions, no quota, no catalogue of errors. Each feature is one
//! usual way to write it, and what that way costs in bytes is a baseline of the size benchmark.

#![cfg(target_arch = "wasm32")]

#[cfg(feature = "gloo-externs")]
pub mod gloo_externs;
#[cfg(feature = "gloo-json")]
pub mod gloo_json;
#[cfg(any(feature = "gloo-json", feature = "web-sys-fetch"))]
mod models;
#[cfg(feature = "web-sys-fetch")]
pub mod web_sys_fetch;

const ADDRESS: &str = "https://api.ansdev.cloud/v1/video";
const KEY_HEADER: &str = "x-ansdev-key";

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err calls")]
fn text(error: impl ToString) -> wasm_bindgen::JsValue {
    error.to_string().into()
}
