//! The mock on the system's own sockets.

mod mock;
mod server;

pub use mock::{MockBackend, MockBackendBuilder, StartError};
