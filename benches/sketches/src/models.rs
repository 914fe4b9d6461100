//! The answer as serde reads and writes it.

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

#[derive(Deserialize)]
pub(crate) struct Envelope {
    data: Option<Page>,
    error: Option<Failure>,
}

#[derive(Deserialize)]
struct Failure {
    message: String,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    videos: Vec<Video>,
    next_cursor: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Video {
    id: String,
    title: String,
    status: String,
    quality: Option<String>,
    duration_seconds: Option<f64>,
    encrypted: bool,
    created_at: String,
}

impl Envelope {
    pub(crate) fn into_js(self) -> Result<JsValue, JsValue> {
        match (self.data, self.error) {
            (Some(page), _) => Ok(serde_wasm_bindgen::to_value(&page)?),
            (None, Some(failure)) => Err(failure.message.into()),
            (None, None) => Err("the answer has neither data nor an error".into()),
        }
    }
}
