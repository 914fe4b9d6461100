//! `cargo xtask mutants`: every small change of the core must make a test fail.
//!
//! cargo-mutants changes one expression at a time (a `<` to a `<=`, a function's body to a constant) and runs the tests.
//! What it changes, and which tests count, is in `.cargo/mutants.toml`.

use std::{fmt, fs, path::Path, process::ExitCode};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::{
    cargo_target,
    progress::Progress,
    setup::cargo_tool::CargoTool,
    step::{Plan, Step},
};

const CARGO_MUTANTS: CargoTool = CargoTool { name: "cargo-mutants", version: "27.1.0" };

/// What came of a run, as cargo-mutants counts it.
#[derive(Debug, Deserialize)]
struct Score {
    /// A test failed.
    caught: u32,
    /// A test went on for ever.
    timeout: u32,
    /// No test failed.
    missed: u32,
    /// It does not compile, so it says nothing.
    unviable: u32,
}

/// `only`: the mutants whose name, such as `src/session/clock.rs:45:37: replace > with >= in Clock::advance`, matches one
/// of these regular expressions.
pub(crate) fn run(only: Vec<String>) -> Result<ExitCode> {
    let steps = [
        Step::new(CARGO_MUTANTS.name, |progress| CARGO_MUTANTS.prepare(progress)),
        Step::new("mutants", move |progress| mutants(&only, progress)).needs(&[CARGO_MUTANTS.name]),
    ];
    Ok(Plan::new(steps)?.run().conclude())
}

fn mutants(only: &[String], progress: &Progress) -> Result<String> {
    let target = cargo_target::dir()?;
    let report = target.join("mutants.out");
    if report.exists() {
        // So that no older figures are taken for this run's.
        fs::remove_dir_all(&report).with_context(|| format!("removing {}", report.display()))?;
    }
    let run = CARGO_MUTANTS
        .command()?
        .args(["mutants", "--package=ansdev-player", "--colors=never", "--output"])
        .args([target])
        .args(only.iter().flat_map(|pattern| ["--re", pattern]))
        .run(progress);
    // It fails where a mutant survives, and the score is wanted then above all.
    let Some(score) = Score::read(&report.join("outcomes.json"))? else {
        run?;
        bail!("no mutant was tried; `cargo mutants --list` shows their names");
    };
    let survivors = fs::read_to_string(report.join("missed.txt")).unwrap_or_default();
    ensure!(score.missed == 0, "{survivors}{score}\nWhat each changed is in {}", report.join("diff").display());
    Ok(score.to_string())
}

impl Score {
    /// `None` where no mutant was tried: the tests fail without any change, or there is nothing to change.
    fn read(file: &Path) -> Result<Option<Self>> {
        let Ok(outcomes) = fs::read(file) else { return Ok(None) };
        let score: Self = serde_json::from_slice(&outcomes).context("cargo-mutants wrote something unexpected")?;
        Ok((score.judged() > 0).then_some(score))
    }

    fn noticed(&self) -> u32 {
        self.caught + self.timeout
    }

    fn judged(&self) -> u32 {
        self.noticed() + self.missed
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = f64::from(self.noticed()) * 100.0 / f64::from(self.judged());
        write!(f, "{} of {} mutants noticed, {percent:.1} %", self.noticed(), self.judged())?;
        write!(f, " ({} by a time-out); {} more do not compile", self.timeout, self.unviable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mutant_that_hangs_is_noticed_and_one_that_does_not_compile_is_not_counted() {
        let outcomes =
            r#"{"outcomes": [], "total_mutants": 12, "caught": 7, "timeout": 1, "missed": 2, "unviable": 2}"#;
        let score: Score = serde_json::from_str(outcomes).unwrap();
        assert_eq!(score.to_string(), "8 of 10 mutants noticed, 80.0 % (1 by a time-out); 2 more do not compile");
    }
}
