//! The tests that run in three browser engines (`tests/engines`), and the longest of them by itself.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    build,
    command::Command,
    mock::Kind,
    progress::{self, Progress},
    setup::{self, engines},
    step::{Plan, Step},
    suite,
};

/// Default seconds of chaos.
pub(crate) const CHAOS_SECONDS: u64 = 180;

/// The tests in every engine.
pub(crate) fn step(all: bool, mock: Kind) -> Step {
    let tests = Step::new("engine-tests", move |progress| {
        let tests = playwright(mock)?.args(suite::without(all, mock));
        run(&if all { tests.env("EVERYWHERE", "1") } else { tests }, progress)
    });
    tests.needs(&["npm-package", mock.step(), "chromium", "firefox", "webkit"]).waits()
}

/// Plays for so many seconds in each engine while nearly everything fails.
pub(crate) fn chaos(seconds: u64) -> Result<ExitCode> {
    let chaos = Step::new("chaos", move |progress| {
        let chaos = playwright(Kind::Native)?.args(["chaos.spec"]).env("CHAOS_SECONDS", seconds.to_string());
        run(&chaos, progress)
    });
    let needs = ["npm-package", "mock-backend", "chromium", "firefox", "webkit"];
    let steps = build::for_browsers().into_iter().chain(setup::other_engines()).chain([chaos.needs(&needs)]);
    Ok(Plan::new(steps)?.run().conclude())
}

/// The suite in every engine that is installed.
fn playwright(mock: Kind) -> Result<Command> {
    let (engines, programs) = engines::found()?;
    let command = suite::playwright("tests/engines", mock)?.env("ENGINES", engines);
    Ok(programs.into_iter().fold(command, |command, (name, program)| command.env(name, program)))
}

/// Runs the tests, and prints their table.
fn run(tests: &Command, progress: &Progress) -> Result<String> {
    let output = tests.run(progress)?;
    progress::print(&output.find("\nscenario ").map_or("", |start| &output[start..]));
    Ok(format!("{} in {}", suite::count(&output)?, engines::found()?.0.replace(',', ", ")))
}
