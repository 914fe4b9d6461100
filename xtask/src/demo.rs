//! `cargo xtask demo`: a film that survives its tokens, in a browser.

use std::{net::TcpListener, sync::Arc};

use anyhow::Result;
use console::style;

use crate::{
    build,
    mock::{self, Kind, Mock},
    setup,
    step::Plan,
};

/// The demo's address, unless another is given or this one is in use.
const DEFAULT_ADDRESS: &str = "127.0.0.1:8787";

/// Tokens of the real API live 300 seconds. Shorter ones let a visitor see several renewals in one film.
pub(crate) const TOKEN_SECONDS: u32 = 20;

pub(crate) fn run(listen: Option<&str>, ttl: u32) -> Result<()> {
    let steps = setup::build_tools().into_iter().chain(build::steps());
    Plan::new(steps.chain([mock::step()]))?.run().require()?;

    let is_free = TcpListener::bind(DEFAULT_ADDRESS).is_ok();
    let listen = listen.unwrap_or(if is_free { DEFAULT_ADDRESS } else { "127.0.0.1:0" });
    let args = ["--listen", listen, "--seed", "demo", "--control", "--ttl", &ttl.to_string()];
    let mock = Arc::new(Mock::start(Kind::Native, &args)?);
    let stopper = Arc::clone(&mock);
    ctrlc::set_handler(move || stopper.stop())?;
    println!("\nThe demo is at {}  (Ctrl-C stops it)", style(&mock.ready.url).bold().underlined());
    mock.wait()
}
