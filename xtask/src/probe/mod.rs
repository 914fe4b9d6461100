//! `cargo xtask probe`: asks a real backend whether what the project takes for true about it is so.
//!
//! It spends three tokens at most, and sends the key to the base URL alone. No key and no token is printed.

mod assumption;
mod backend;
mod cors;
mod http;
mod listing;
mod order;
mod playback;
mod playlist;
mod secrets;
mod token;
mod verdict;

use std::process::ExitCode;

use anyhow::Result;

use backend::Backend;
use verdict::Verdicts;

pub(crate) fn run(base_url: &str) -> Result<ExitCode> {
    let mut backend = Backend::new(base_url)?;
    let mut verdicts = Verdicts::default();
    let listing = listing::probe(&mut backend, &mut verdicts)?;
    order::probe(&mut backend, listing.unready.as_deref(), &mut verdicts)?;
    cors::probe(&mut backend, &mut verdicts)?;
    playback::probe(&mut backend, &listing.playable, &mut verdicts)?;
    println!("{}; {} tokens spent", verdicts.report(&backend.secrets), backend.minted());
    Ok(if verdicts.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
