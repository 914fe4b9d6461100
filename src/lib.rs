//! The core of the Ansdev Player SDK, compiled to WebAssembly for the npm package `@ansdev/player`.
//!
//! | module | what it knows |
//! |---|---|
//! | [`api`] | what Ansdev says: keys, tokens, videos, quotas, errors, addresses |
//! | [`session`] | when to mint a token: a state machine without I/O |
//! | [`gated_url`] | which URLs of a playlist need the token, and their rewriting |
//! | [`detail`] | the plain objects that JavaScript gets: errors, and the details of events |
//!
//! `api`, `session` and `gated_url` do no I/O and know no clock and no browser; they are tested natively. Only `web`,
//! which is the feature of that name and exists on wasm32 alone, touches the browser. Arrows point one way:
//! `web → session → api` and `web → gated_url → api`.

#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unreachable)
)]

pub mod api;
pub mod detail;
pub mod gated_url;
pub mod session;
#[cfg(feature = "typescript")]
pub mod typescript;
#[cfg(all(feature = "web", target_arch = "wasm32"))]
pub mod web;

// A fifth of the size of the standard library's allocator. It needs no lock, because this module has one thread.
#[cfg(all(feature = "web", target_arch = "wasm32"))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
