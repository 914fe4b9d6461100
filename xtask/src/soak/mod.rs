//! `cargo xtask soak`: runs `tests/soak/` in a real Chromium, and checks its measurements.

mod life;

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::{Result, bail, ensure};
use console::style;
use serde::{Deserialize, Serialize};

use crate::{
    bench::{
        figure::Figure,
        results::Machine,
        section::{Section, table},
    },
    build, cargo_target,
    mock::Kind,
    progress::Progress,
    step::{Plan, Step},
    suite, workspace,
};
use life::Life;

const PAGE: Section = Section { page: "RELIABILITY.md", command: "cargo xtask soak --publish" };
const RESULTS: &str = "tests/soak/results.json";

/// Seconds of the short form.
const SHORT: u64 = 50;

/// What one run measured, and where.
#[derive(Serialize, Deserialize)]
struct Results {
    machine: Machine,
    figures: Vec<Figure>,
}

pub(crate) fn run(minutes: u64, publish: bool) -> Result<ExitCode> {
    Plan::new(build::for_browsers())?.run().require()?;

    let progress = Progress::start("soak");
    let played = play(&["--grep=life"], minutes * 60, &progress);
    progress.finish();
    played?;
    let figures = Life::read(&folder()?.join("life.json"))?.figures()?;
    println!("\n{}  {minutes} minutes of accelerated life", style("soak").bold());
    for figure in &figures {
        println!("  {figure}");
    }
    let results = Results { machine: Machine::this()?, figures };
    if publish {
        fs::write(workspace::path(RESULTS), serde_json::to_string_pretty(&results)? + "\n")?;
        PAGE.write(&results.to_text())?;
        println!("\nWritten: {RESULTS} and the figures in {}", PAGE.page);
    }
    let failed = missed(&results.figures);
    ensure!(failed.is_empty(), "over their limits: {}", failed.join(", "));
    Ok(ExitCode::SUCCESS)
}

/// The short form, and as its control the same with a page that releases nothing.
pub(crate) fn step() -> Step {
    Step::new("soak", short)
}

fn short(progress: &Progress) -> Result<String> {
    play(&[], SHORT, progress)?;
    let figures = Life::read(&folder()?.join("life.json"))?.figures()?;
    if let failed @ [_, ..] = &missed(&figures)[..] {
        let told: Vec<_> = figures.iter().map(Figure::to_string).collect();
        bail!("{}\nover their limits: {}", told.join("\n"), failed.join(", "));
    }
    let leak = Life::read(&folder()?.join("leak.json"))?.memory()?;
    let found = missed(&leak);
    ensure!(!found.is_empty(), "a page that releases nothing passes as well: the limits find no leak");
    Ok(format!("the leak was found by {}", found.join(", ")))
}

/// Runs `tests/soak/`, or what these arguments leave of it, for so many seconds.
fn play(only: &[&str], seconds: u64, progress: &Progress) -> Result<()> {
    let soak = suite::playwright("tests/soak", Kind::Native)?.args(only).env("SOAK_SECONDS", seconds.to_string());
    soak.env("SOAK_FIGURES", folder()?).run(progress).map(drop)
}

fn folder() -> Result<PathBuf> {
    Ok(cargo_target::dir()?.join("soak"))
}

/// The names of the figures that are not as they should be.
fn missed(figures: &[Figure]) -> Vec<&str> {
    figures.iter().filter(|figure| figure.met == Some(false)).map(|figure| figure.name.as_str()).collect()
}

impl Results {
    fn to_text(&self) -> String {
        format!("{}{}\n", self.machine, table(&self.figures))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_table_is_that_of_the_published_results() {
        let read = |file: &str| fs::read_to_string(workspace::path(file)).unwrap();
        let results: Results = serde_json::from_str(&read(RESULTS)).unwrap();
        let page = read(PAGE.page);
        assert_eq!(PAGE.with(&page, &results.to_text()).unwrap(), page);
    }
}
