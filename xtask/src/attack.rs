//! `cargo xtask attack`: the whole sweep of acting attackers (`tests/browser/specs/security/sweep.spec.ts`). The tests
//! have a part of it.

use std::process::ExitCode;

use anyhow::{Result, ensure};

use crate::{
    build,
    command::Command,
    mock,
    progress::Progress,
    setup::{self, chromium},
    step::{Plan, Step},
};

/// What the line with the counts begins with.
const SUMMARY: &str = "swept: ";

/// `seed`: by which an earlier order of the stand-ins is repeated.
pub(crate) fn run(seed: Option<u32>) -> Result<ExitCode> {
    let mut plan = setup::build_tools();
    plan.push(setup::browser());
    plan.extend(build::steps());
    plan.push(mock::step());
    plan.push(step(seed));
    Ok(Plan::new(plan)?.run().conclude())
}

/// The sweep of everything, which takes ten minutes and more.
pub(crate) fn step(seed: Option<u32>) -> Step {
    Step::new("attack", move |progress| sweep(seed, progress)).needs(&["npm-package", "mock", "chromium"])
}

fn sweep(seed: Option<u32>, progress: &Progress) -> Result<String> {
    let mut command = Command::new("npm")
        .args(["test", "--workspace=tests/browser", "--", "security/sweep", "--grep=the sweep: "])
        .env("CHROMIUM", chromium::find()?.browser)
        .env("MOCK_BACKEND", mock::program()?)
        .env("ATTACK", "whole");
    if let Some(seed) = seed {
        command = command.env("ATTACK_SEED", seed.to_string());
    }
    let output = command.run(progress)?;
    let counts = counts(&output);
    ensure!(!counts.is_empty(), "the sweep did not say what it has tried");
    Ok(counts.join("\n"))
}

/// What the sweeps say of themselves.
fn counts(output: &str) -> Vec<&str> {
    output.lines().filter_map(|line| line.trim().strip_prefix(SUMMARY)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_are_found_among_the_lines_of_the_runner() {
        let output = "Running 1 test\n\nswept: 9638 points reached; seed 7\n  1 passed (5m)";
        assert_eq!(counts(output), ["9638 points reached; seed 7"]);
        assert!(counts("  1 passed (5m)").is_empty());
    }
}
