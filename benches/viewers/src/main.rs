//! Viewers by the hour and by the million, each with the real token session, in a world where all goes well. (The world
//! of `tests/simulation` is the rough one.) Prints JSON, which `cargo xtask bench` reads.

mod economy;
mod herd;
mod least;
mod steps;
mod viewer;

use clap::{Parser, Subcommand};

/// What the token session costs, over hours and over a million viewers, as JSON on stdout.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    of: Of,
}

#[derive(Subcommand)]
enum Of {
    /// Tokens spent in an hour of watching, by how people watch
    Economy,
    /// All press play in the same second, and watch two hours
    Herd {
        #[arg(long, default_value_t = 1_000_000)]
        viewers: usize,
    },
    /// Steps of the session machine per second on one core, several times over
    Steps,
}

fn main() -> anyhow::Result<()> {
    let figures = match Cli::parse().of {
        Of::Economy => serde_json::to_string(&economy::measure()?)?,
        Of::Herd { viewers } => serde_json::to_string(&herd::measure(viewers)?)?,
        Of::Steps => serde_json::to_string(&steps::measure()?)?,
    };
    println!("{figures}");
    Ok(())
}
