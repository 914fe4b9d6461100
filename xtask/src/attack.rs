//! `cargo xtask attack`: the whole sweep of acting attackers (`tests/browser/specs/security/sweep.spec.ts`). The tests
//! have a part of it.

use std::process::ExitCode;

use anyhow::{Result, ensure};

use crate::{
    build,
    mock::Kind,
    progress::Progress,
    step::{Plan, Step},
    suite,
};

/// `seed`: runs in the order of an earlier run.
pub(crate) fn run(seed: Option<u32>) -> Result<ExitCode> {
    Ok(Plan::new(build::for_browsers().into_iter().chain([step(seed)]))?.run().conclude())
}

/// The sweep of everything, which takes ten minutes and more.
pub(crate) fn step(seed: Option<u32>) -> Step {
    Step::new("attack", move |progress| sweep(seed, progress)).needs(&["npm-package", "mock-backend", "chromium"])
}

fn sweep(seed: Option<u32>, progress: &Progress) -> Result<String> {
    let sweep = suite::playwright("tests/browser", Kind::Native)?
        .args(["security/sweep", "--grep=the sweep: "])
        .env("ATTACK", "whole");
    let sweep = seed.into_iter().fold(sweep, |sweep, seed| sweep.env("ATTACK_SEED", seed.to_string()));
    let output = sweep.run(progress)?;
    let counts: Vec<_> = output.lines().filter_map(|line| line.trim().strip_prefix("swept: ")).collect();
    ensure!(!counts.is_empty(), "the sweep did not print what it tried");
    Ok(counts.join("\n"))
}
