//! The mock as a WebAssembly module: what `mock-backend/npm` calls. One mock in each instance of the module.
//!
//! Nothing here starts by itself: the host calls in, is told when to call again, and catches what a trap throws. So a mock
//! that traps takes nothing else with it.

mod body;
mod control;
mod log;
mod options;
mod request;
mod tasks;

use std::cell::OnceCell;

use axum::Router;
use wasm_bindgen::prelude::*;

use crate::routes;
use crate::state::backend::{Backend, Shared};
use crate::state::host::{self, Host};
use options::StartOptions;

/// The mock of this instance.
struct Mock {
    backend: Shared,
    router: Router,
}

thread_local! {
    static MOCK: OnceCell<Mock> = const { OnceCell::new() };
}

/// Starts the mock, and gives an API key that works. `options` is JSON.
///
/// # Errors
/// A sentence saying what is wrong with the options.
#[wasm_bindgen]
pub fn start(options: &str, host: Host) -> Result<String, String> {
    let options = StartOptions::read(options)?;
    host::install(host);
    log::install(options.log_level());
    let address = options.address()?;
    let backend = Backend::open(options.checked()?).map_err(|error| error.to_string())?;
    let api_key = backend.api_key.expose().to_owned();
    if let Some(address) = address {
        // Set once, here.
        let _ = backend.address.set(address);
    }
    let router = routes::router(&backend);
    MOCK.with(|mock| mock.set(Mock { backend, router })).map_err(|_| "This instance has a mock already.".to_owned())?;
    Ok(api_key)
}

/// Asks the mock of this instance.
///
/// # Errors
/// Where [`start`] was not called.
fn with<T>(ask: impl FnOnce(&Mock) -> Result<T, String>) -> Result<T, String> {
    MOCK.with(|mock| mock.get().map_or_else(|| Err("The mock is not started.".to_owned()), ask))
}
