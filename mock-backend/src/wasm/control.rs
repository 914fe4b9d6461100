//! The control plane without HTTP: the same JSON in and out.

use ansdev_player::api::Video;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::routes::KeyRequest;
use crate::state::faults::Fault;

/// The time by the mock's clock, in Unix milliseconds.
#[wasm_bindgen(js_name = nowMs)]
pub fn now_ms() -> Result<f64, String> {
    super::with(|mock| Ok(mock.backend.clock.now_ms() as f64))
}

/// Moves the mock's clock; backwards, where it is negative.
#[wasm_bindgen]
pub fn advance(seconds: f64) -> Result<(), String> {
    super::with(|mock| {
        // The cast stops at the ends of the range, and the clock before them.
        mock.backend.clock.advance_ms((seconds * 1000.0) as i64);
        Ok(())
    })
}

/// Every video of the key's owner.
#[wasm_bindgen]
pub fn videos() -> Result<String, String> {
    super::with(|mock| {
        let videos: Vec<Video> = mock.backend.seeded_videos().map_err(|error| error.to_string())?;
        json(&videos)
    })
}

/// Sets a fault, beside those that are set.
#[wasm_bindgen(js_name = setFault)]
pub fn set_fault(fault: &str) -> Result<(), String> {
    let fault: Fault = serde_json::from_str(fault).map_err(|error| error.to_string())?;
    fault.check()?;
    super::with(|mock| {
        mock.backend.faults.set(fault);
        Ok(())
    })
}

/// Takes all faults away.
#[wasm_bindgen(js_name = clearFaults)]
pub fn clear_faults() -> Result<(), String> {
    super::with(|mock| {
        mock.backend.faults.clear();
        Ok(())
    })
}

/// The requests so far, the oldest first.
#[wasm_bindgen]
pub fn journal() -> Result<String, String> {
    super::with(|mock| json(&mock.backend.journal.entries()))
}

/// Makes a key for the seed's user.
#[wasm_bindgen(js_name = createKey)]
pub fn create_key(wanted: &str) -> Result<String, String> {
    let wanted: KeyRequest = serde_json::from_str(wanted).map_err(|error| error.to_string())?;
    super::with(|mock| json(&wanted.create(&mock.backend).map_err(|error| error.to_string())?))
}

/// Revokes the active keys with this prefix; says whether there was one.
#[wasm_bindgen(js_name = revokeKey)]
pub fn revoke_key(prefix: &str) -> Result<bool, String> {
    super::with(|mock| {
        let now_ms = mock.backend.clock.now_ms();
        mock.backend.store.revoke_prefix(prefix, now_ms).map_err(|error| error.to_string())
    })
}

/// Back to the state at the start.
#[wasm_bindgen]
pub fn reset() -> Result<(), String> {
    super::with(|mock| mock.backend.reset().map_err(|error| error.to_string()))
}

fn json(value: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(value).map_err(|error| error.to_string())
}
