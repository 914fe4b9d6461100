//! `cargo xtask mutants`: every small change of the core must make a test fail.
//!
//! cargo-mutants changes one expression at a time (a `<` to a `<=`, a function's body to a constant) and runs the tests.
//! What it changes, and which tests count, is in `.cargo/mutants.toml`.

use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::{
    cargo_target,
    progress::Progress,
    setup::cargo_tool::CargoTool,
    step::{Plan, Step},
};

const CARGO_MUTANTS: CargoTool = CargoTool { name: "cargo-mutants", version: "27.1.0" };

/// `only`: the mutants whose name, such as `src/session/clock.rs:45:37: replace > with >= in Clock::advance`, matches one
/// of these regular expressions.
pub(crate) fn run(only: Vec<String>) -> Result<ExitCode> {
    let mutants = Step::new("mutants", move |progress| mutants(&only, progress)).needs(&[CARGO_MUTANTS.name]);
    Ok(Plan::new([CARGO_MUTANTS.step(), mutants])?.run().conclude())
}

/// It fails where a mutant survives, and says where the differences are.
fn mutants(only: &[String], progress: &Progress) -> Result<String> {
    let output = CARGO_MUTANTS
        .command()?
        .args(["mutants", "--package=ansdev-player", "--colors=never", "--output"])
        .args([cargo_target::dir()?])
        .args(only.iter().flat_map(|pattern| ["--re", pattern]))
        .run(progress)?;
    let score = output.lines().rev().find(|line| line.contains("mutants tested"));
    Ok(score.context("no mutant was tried; `cargo mutants --list` shows their names")?.to_owned())
}
