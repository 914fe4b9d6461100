//! The browser's side: the only place that knows fetch, timers, clocks and JavaScript objects. Runs in a dedicated
//! Worker, or in the page where the client was made with `isolation: "page"`.
//!
//! | file | what it does |
//! |---|---|
//! | `client` | [`Core`], the one exported class: takes calls, keeps the key, and knows the sessions |
//! | `session` | one video's machine: carries out what it asks for, answers callers, tells the page |
//! | `reads` | requests for videos that are under way |
//! | `registry` | a small map |
//! | `transport` | requests to the API, and what their answers say |
//! | `answer` | what comes from outside, read member by member |
//! | `timer` | the two clocks |
//! | `host` | what is asked of the JavaScript around the module |
//!
//! State lives behind `Rc` and is never borrowed across an await, nor while JavaScript runs.

mod answer;
mod client;
mod host;
mod plain;
mod reads;
mod registry;
mod session;
mod timer;
mod transport;

pub use client::Core;
pub use host::Host;
