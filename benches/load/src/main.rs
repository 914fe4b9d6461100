//! Load on the mock backend over real HTTP. Prints JSON, which `cargo xtask bench` reads.

mod client;
mod routes;

use clap::{Parser, Subcommand};

/// What the mock backend bears, as JSON on stdout.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    of: Of,
}

#[derive(Subcommand)]
enum Of {
    /// Requests a second of mint, list and get, and of a bare axum route
    Routes,
    /// Memory along a million mints
    Memory,
}

fn main() -> anyhow::Result<()> {
    let figures = match Cli::parse().of {
        Of::Routes => serde_json::to_string(&routes::rates()?)?,
        Of::Memory => serde_json::to_string(&routes::memory()?)?,
    };
    println!("{figures}");
    Ok(())
}
