//! The functions that the core calls in the JavaScript around it.

use js_sys::Promise;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_sys::AbortSignal;

use super::plain::plain;
use crate::api::Error;
use crate::detail::ErrorDetail;

#[wasm_bindgen]
extern "C" {
    /// The object that the client was made with (`js/src/protocol/callbacks.ts`).
    #[wasm_bindgen(typescript_type = "CoreCallbacks")]
    pub type Callbacks;

    /// Passes an event on to the page. Must not call back into the module before it returns.
    #[wasm_bindgen(method)]
    pub(super) fn emit(this: &Callbacks, name: &str, video_id: Option<&str>, detail: JsValue);

    /// Asks the page's `getToken` for a token.
    #[wasm_bindgen(method, catch)]
    pub(super) fn provide(
        this: &Callbacks,
        video_id: &str,
        reason: &str,
        signal: &AbortSignal,
    ) -> Result<Promise, JsValue>;

    /// Waits for this tab's turn to mint. Meanwhile another tab's token may come by `Core.adopt`, which aborts the mint
    /// and with it the waiting: then it rejects.
    #[wasm_bindgen(method, catch, js_name = beforeMint)]
    pub(super) fn before_mint(
        this: &Callbacks,
        video_id: &str,
        reason: &str,
        signal: &AbortSignal,
    ) -> Result<Promise, JsValue>;

    /// The turn of the mint with this signal is over; `token` is what it brought, or `undefined`.
    #[wasm_bindgen(method, js_name = afterMint)]
    pub(super) fn after_mint(this: &Callbacks, video_id: &str, token: JsValue, signal: &AbortSignal);
}

/// The error as a promise rejects with it.
pub(super) fn rejection(error: &Error, video_id: Option<&str>) -> JsValue {
    plain(&ErrorDetail::new(error, video_id))
}
