//! The mock backend over real HTTP: what `benches/load/` measures.

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{
    Group,
    figure::{Figure, number},
    native,
};
use crate::progress::Progress;

pub(super) const GROUP: Group = Group {
    name: "mock",
    about: "five thousand players on one mock backend for a minute, over HTTP; players and mock on one machine",
    measure,
};

/// What became of the players.
#[derive(Deserialize)]
struct Players {
    #[serde(rename = "players")]
    asked: f64,
    requests: f64,
    lost: f64,
    late: f64,
    slowest_ms: f64,
    mints: f64,
    charged: f64,
    resident_bytes_most: f64,
}

/// Bytes of memory after each tenth of the mints.
#[derive(Deserialize)]
struct Memory {
    mints: u32,
    resident_bytes: Vec<f64>,
}

fn measure(progress: &Progress) -> Result<Vec<Figure>> {
    let all: Players = native("load", "players", progress)?;
    let memory: Memory = native("load", "memory", progress)?;
    let (first, last) =
        memory.resident_bytes.first().zip(memory.resident_bytes.last()).context("no memory was read")?;
    let leak = format!("memory after {} mints, client included", number(memory.mints.into()));
    Ok(vec![
        Figure::new(format!("players lost of {}", number(all.asked)), all.lost, "players").at_most(0.0),
        Figure::new("tokens charged for and not received", all.charged - all.mints, "tokens").at_most(0.0),
        Figure::new(format!("answers later than a segment of {}", number(all.requests)), all.late, "answers"),
        Figure::new("slowest answer", all.slowest_ms, "ms"),
        Figure::new("memory at its most, players included", all.resident_bytes_most, "bytes"),
        Figure::new(leak, *last, "bytes").against("after the first tenth", *first).ratio_at_most(1.1),
    ])
}
