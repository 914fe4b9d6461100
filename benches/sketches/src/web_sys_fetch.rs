//! The browser parses the JSON, serde-wasm-bindgen reads it and hands it back.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Request, RequestInit, Response};

use crate::{ADDRESS, KEY_HEADER, models::Envelope, text};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch)]
    fn fetch(request: &Request) -> Promise;
}

/// One page of the list of videos.
#[wasm_bindgen(js_name = listVideos)]
pub async fn list_videos(key: String) -> Result<JsValue, JsValue> {
    let request = Request::new_with_str_and_init(ADDRESS, &RequestInit::new())?;
    request.headers().set(KEY_HEADER, &key)?;
    let response: Response = JsFuture::from(fetch(&request)).await?.dyn_into()?;
    let json = JsFuture::from(response.json()?).await?;
    serde_wasm_bindgen::from_value::<Envelope>(json).map_err(text)?.into_js()
}
