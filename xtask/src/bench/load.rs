//! The mock backend over real HTTP, beside a bare axum route: what `benches/load/` measures.

use anyhow::{Context, Result};
use serde::{Deserialize, de::DeserializeOwned};

use super::{Group, figure::Figure, samples::Samples};
use crate::{command::Command, progress::Progress};

pub(super) const GROUP: Group = Group {
    name: "mock",
    about: "the mock backend over HTTP at 64 connections, client and server on one machine",
    measure,
};

/// Requests a second, by round.
#[derive(Deserialize)]
struct Rates {
    bare: Vec<f64>,
    mint: Vec<f64>,
    list: Vec<f64>,
    get: Vec<f64>,
}

/// Bytes of memory after each tenth of the mints.
#[derive(Deserialize)]
struct Memory {
    mints: u32,
    resident_bytes: Vec<f64>,
}

fn measure(progress: &Progress) -> Result<Vec<Figure>> {
    let rates: Rates = run("routes", progress)?;
    let bare = Samples::new("the bare route", rates.bare)?;
    let against_bare = |name: &str, rates: Vec<f64>, least: f64| {
        let figure = Figure::median(name, &Samples::new(name, rates)?, "/s");
        anyhow::Ok(figure.against_median("a bare axum route with a constant JSON", &bare).ratio_at_least(least))
    };
    let mut figures = vec![
        against_bare("mints", rates.mint, 0.5)?,
        against_bare("lists", rates.list, 0.7)?,
        against_bare("videos got", rates.get, 0.7)?,
    ];

    let memory: Memory = run("memory", progress)?;
    let (first, last) =
        memory.resident_bytes.first().zip(memory.resident_bytes.last()).context("no memory was read")?;
    let name = format!("memory after {} mints, client included", super::figure::number(memory.mints.into()));
    figures.push(Figure::new(name, *last, "bytes").against("after the first tenth", *first).ratio_at_most(1.1));
    Ok(figures)
}

fn run<T: DeserializeOwned>(what: &str, progress: &Progress) -> Result<T> {
    // Fast before small, as profile.release is not; see Cargo.toml.
    let load = ["--package=load", "--profile=bench", "--quiet"];
    Command::new("cargo").args(["build"]).args(load).run(progress)?;
    let json = Command::new("cargo").args(["run"]).args(load).args(["--", what]).read()?;
    serde_json::from_str(&json).with_context(|| format!("load {what} printed something unexpected"))
}
