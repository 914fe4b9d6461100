//! The whole Ansdev API on loopback, for tests of the SDK and of what is built with it.
//!
//! Tokens are JWTs that really expire, by a clock that a test can move; segments are really encrypted; keys, quotas and
//! errors are the contract's. The catalogue of errors, the envelope and the models are the SDK's own (`ansdev_player::api`),
//! so that client and server cannot drift apart.
//!
//! [`MockBackend`] is the way in. Each has a store, a clock and a port of its own; there is no global state.
//!
//! Floors, each of which knows only those below it:
//!
//! | module | what it knows |
//! |---|---|
//! | `native`, or `wasm` | sockets, connections, graceful stop; or the host that has them, on wasm32 |
//! | `routes` | what each address answers: the API, the dashboard, the demo, the hosted player, the control plane, OpenAPI |
//! | `http` | what all routes share: envelope, authentication, CORS, limits, faults, journal |
//! | `state` | what a mock is: store, clock, tokens, content keys, media, playlists; no HTTP |

#![forbid(unsafe_code)]

#[cfg(all(doctest, not(target_arch = "wasm32")))]
#[doc = include_str!("../README.md")]
struct Readme;

mod http;
#[cfg(not(target_arch = "wasm32"))]
mod native;
mod routes;
mod state;
#[cfg(feature = "typescript")]
pub mod typescript;
#[cfg(target_arch = "wasm32")]
#[expect(unreachable_pub, reason = "wasm-bindgen exports what is `pub`, wherever it stands")]
mod wasm;

#[cfg(not(target_arch = "wasm32"))]
pub use native::{MockBackend, MockBackendBuilder, StartError};
pub use state::api_key::{KeySpec, MAX_ACTIVE_KEYS, Scope};
pub use state::faults::{Fault, FaultKind, FaultRoute};
pub use state::hosts::InvalidHost;
pub use state::journal::JournalEntry;
pub use state::route::Route;
pub use state::seed;
pub use state::store::StoreError;
