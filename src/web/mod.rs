//! The browser's side: the only place that knows fetch, timers, clocks and JavaScript objects. Runs in a dedicated
//! Worker, or in the page where the client was made with `isolation: "page"`.
//!
//! | file | what it does |
//! |---|---|
//! | `client` | [`Core`], the one exported class: takes calls, and knows the sessions |
//! | `video_tokens` | one video's machine: carries out what it asks for, settles callers, tells the page |
//! | `reads` | requests for videos that are under way |
//! | `context` | what every video needs of its client; holds the key |
//! | `transport` | requests to the API, and what their answers say |
//! | `decode` | what comes from outside, read member by member |
//! | `callbacks` | what is asked of the JavaScript around the module |
//! | `plain` | details as plain JavaScript objects |
//! | `clocks` | the two clocks |
//! | `registry` | a small map |
//!
//! Arrows point down this list.
//!
//! State lives behind `Rc` and is never borrowed across an await, nor while JavaScript runs.

mod callbacks;
mod client;
mod clocks;
mod context;
mod decode;
mod plain;
mod reads;
mod registry;
mod transport;
mod video_tokens;

pub use callbacks::Callbacks;
pub use client::Core;
