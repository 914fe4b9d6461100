//! The contract's tables, asked of a running mock over HTTP.

mod client;

mod control;
mod cors;
mod crash;
mod dashboard;
mod docs;
mod errors;
mod hosts;
mod journal;
mod limits;
mod mock;
mod openapi;
mod pages;
mod playback;
mod program;
mod quota;
mod security;
mod store;
mod videos;
