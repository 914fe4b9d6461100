//! The browser parses the JSON, and only the fields that are needed are read, through typed externs.

use gloo_net::http::Request;
use js_sys::JSON;
use wasm_bindgen::prelude::*;

use crate::{ADDRESS, KEY_HEADER, text};

#[wasm_bindgen]
extern "C" {
    type Envelope;
    #[wasm_bindgen(method, getter)]
    fn data(this: &Envelope) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn error(this: &Envelope) -> JsValue;
}

/// One page of the list of videos.
#[wasm_bindgen(js_name = listVideos)]
pub async fn list_videos(key: String) -> Result<JsValue, JsValue> {
    let response = Request::get(ADDRESS).header(KEY_HEADER, &key).send().await.map_err(text)?;
    let body = response.text().await.map_err(text)?;
    let envelope: Envelope = JSON::parse(&body)?.unchecked_into();
    if envelope.data().is_undefined() { Err(envelope.error()) } else { Ok(envelope.data()) }
}
