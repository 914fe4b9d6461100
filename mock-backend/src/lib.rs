//! The Ansdev API, whole, on loopback: for tests of the SDK, and for tests of whatever is built with it.
//!
//! Tokens are JWTs that really expire, by a clock that a test can move; segments are really encrypted; keys, quotas and
//! errors are the contract's. The catalogue of errors, the envelope and the models are the SDK's own (`ansdev_player::api`),
//! so that client and server cannot drift apart.
//!
//! [`MockBackend`] is the way in. Each has a store, a clock and a port of its own; there is no global state.
//!
//! | module | what it knows |
//! |---|---|
//! | `routes` | what each address answers |
//! | `caller`, `token`, `content_key` | API keys, playback tokens, AES keys |
//! | `store` | what is remembered, in SQLite |
//! | `media`, `playlist` | the test film, and the playlists of videos |
//! | `dashboard` | pages for people: API keys, videos |
//! | `openapi` | the description of it all, at `/openapi.json` and `/docs` |
//! | [`seed`] | what a fresh mock holds |
//! | `control` | the clock, faults and the journal, under `/_mock/` |
//! | `hosts`, `limits`, `cors`, `server` | what stands before the routes |

#![forbid(unsafe_code)]

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod answer;
mod api_key;
mod backend;
mod base;
mod caller;
mod clock;
mod content_key;
mod control;
mod cors;
mod dashboard;
mod files;
mod hosts;
mod hs256;
mod limits;
mod media;
mod mock;
mod openapi;
mod playlist;
mod random;
mod redact;
mod route;
mod routes;
pub mod seed;
mod server;
mod store;
mod token;

pub use api_key::{KeySpec, MAX_ACTIVE_KEYS, Scope};
pub use control::{Fault, FaultKind, FaultRoute, JournalEntry};
pub use hosts::InvalidHost;
pub use mock::{MockBackend, MockBackendBuilder, StartError};
pub use route::Route;
pub use store::StoreError;
