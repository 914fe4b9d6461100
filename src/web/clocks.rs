//! The two clocks, read together.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::session::Reading;

#[wasm_bindgen]
extern "C" {
    // Declared here: web-sys finds `performance` on a Window or on a Worker's scope, and this code runs in both.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

pub(super) fn now() -> Reading {
    Reading { monotonic_ms: performance_now() as u64, wall_ms: js_sys::Date::now() as u64 }
}
