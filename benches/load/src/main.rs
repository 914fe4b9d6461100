//! Load on the mock backend over real HTTP. Prints JSON, which `cargo xtask bench` reads.

mod client;
mod memory;
mod players;

use std::time::Duration;

use clap::{Parser, Subcommand};

/// What the mock backend bears, as JSON on stdout.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    of: Of,
}

#[derive(Subcommand)]
enum Of {
    /// Memory along a million mints
    Memory,
    /// Players that all watch at the same time; fails where one is lost, or the quota is not exact
    Players {
        #[arg(long, default_value_t = 5000)]
        players: usize,
        #[arg(long, default_value_t = 60)]
        seconds: u64,
    },
}

fn main() -> anyhow::Result<()> {
    let (figures, verdict) = match Cli::parse().of {
        Of::Memory => (serde_json::to_string(&memory::along_a_million_mints()?)?, Ok(())),
        Of::Players { players, seconds } => {
            let outcome = players::watch(players, Duration::from_secs(seconds))?;
            (serde_json::to_string(&outcome)?, outcome.verdict())
        }
    };
    println!("{figures}");
    verdict
}
