//! The tests that run in three browser engines (`tests/engines`), and the longest of them by itself.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    build,
    command::Command,
    long_tests, mock,
    progress::{self, Progress},
    setup::{self, engines},
    step::{Plan, Step},
    test_count::passed_tests,
};

/// Seconds of chaos where nobody says how many.
pub(crate) const CHAOS_SECONDS: u64 = 180;

/// The tests in every engine.
pub(crate) fn step(all: bool, mock: mock::Kind) -> Step {
    let tests = Step::new("engine-tests", move |progress| {
        let everywhere = all.then_some(("EVERYWHERE", "1"));
        let command = everywhere.into_iter().fold(playwright(), |command, (name, value)| command.env(name, value));
        run(command.args(long_tests::without(all, mock.lacks())), mock, progress)
    });
    tests.needs(&["npm-package", mock.step(), "chromium", "firefox", "webkit"]).waits()
}

/// Plays for so many seconds in each engine while nearly everything fails.
pub(crate) fn chaos(seconds: u64) -> Result<ExitCode> {
    let mut plan = setup::build_tools();
    plan.push(setup::browser());
    plan.extend(build::steps());
    plan.push(mock::step());
    plan.extend(setup::other_engines());
    let command = playwright().args(["chaos.spec"]).env("CHAOS_SECONDS", seconds.to_string());
    let chaos = Step::new("chaos", move |progress| run(command, mock::Kind::Native, progress));
    plan.push(chaos.needs(&["npm-package", "mock", "chromium", "firefox", "webkit"]));
    Ok(Plan::new(plan)?.run().conclude())
}

fn playwright() -> Command {
    Command::new("npm").args(["test", "--workspace", "tests/engines", "--"])
}

/// Runs the tests in every engine that is there, and prints their table.
fn run(command: Command, mock: mock::Kind, progress: &Progress) -> Result<String> {
    let (engines, programs) = engines::found()?;
    let command = command.env("ENGINES", &engines).env("MOCK_BACKEND", mock.program()?);
    let command = programs.into_iter().fold(command, |command, (name, program)| command.env(name, program));
    let output = command.run(progress)?;
    let table = output.find("\nscenario ").map_or("", |start| &output[start..]);
    progress::print(&table);
    Ok(format!("{} in {}", passed_tests(&output)?, engines.replace(',', ", ")))
}
