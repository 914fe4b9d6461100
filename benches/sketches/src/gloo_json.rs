//! gloo-net reads the JSON with `serde_json`, serde-wasm-bindgen hands it to JavaScript.

use gloo_net::http::Request;
use wasm_bindgen::prelude::*;

use crate::{ADDRESS, KEY_HEADER, models::Envelope, text};

/// One page of the list of videos.
#[wasm_bindgen(js_name = listVideos)]
pub async fn list_videos(key: String) -> Result<JsValue, JsValue> {
    let response = Request::get(ADDRESS).header(KEY_HEADER, &key).send().await.map_err(text)?;
    response.json::<Envelope>().await.map_err(text)?.into_js()
}
