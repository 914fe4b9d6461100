//! The lower floor: what a mock is, with no HTTP in it.

pub(crate) mod api_key;
pub(crate) mod backend;
pub(crate) mod clock;
pub(crate) mod content_key;
pub(crate) mod faults;
#[cfg(target_arch = "wasm32")]
pub(crate) mod host;
pub(crate) mod hosts;
mod hs256;
pub(crate) mod journal;
pub(crate) mod media;
pub(crate) mod notices;
pub(crate) mod playlist;
pub(crate) mod random;
pub(crate) mod redact;
pub(crate) mod route;
pub(crate) mod sdk;
pub mod seed;
pub(crate) mod store;
pub(crate) mod token;
