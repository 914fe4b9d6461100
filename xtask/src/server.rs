//! The tests of the server's half (`tests/server`): in Node and Rust always, in Deno and Bun and with Redis where all
//! tests are to run.

use anyhow::Result;

use crate::{
    cargo_target,
    command::Command,
    long_tests, mock,
    progress::Progress,
    setup::{chromium, node, redis},
    step::Step,
    test_count::passed_tests,
    workspace,
};

/// Deno and Bun, with a lockfile of their own: they are large.
const RUNTIMES: &str = "tests/runtimes";

/// The step that installs Deno and Bun.
pub(crate) fn runtimes() -> Step {
    let install = |progress: &Progress| {
        node::install_packages(&workspace::path(RUNTIMES), node::LOCKED_BUT_FOR_PLATFORMS, progress)
    };
    Step::new("runtimes", install).needs(&["node"])
}

/// The steps that need the npm package, the mock and Chromium before them; with `all` also [`runtimes`].
pub(crate) fn steps(all: bool) -> Vec<Step> {
    let example = Command::new("cargo").args(["build", "--package=ansdev-token-endpoint"]);
    let mut steps = vec![Step::command("token-endpoint", example).needs(&["rust"])];
    let tests = Step::new("server-tests", move |progress| run(all, progress));
    let mut tests = tests.needs(&["npm-package", "mock", "chromium", "token-endpoint"]);
    if all {
        steps.push(Step::new("redis", redis::prepare));
        tests = tests.needs(&["redis", "runtimes"]);
    }
    steps.push(tests);
    steps
}

fn run(all: bool, progress: &Progress) -> Result<String> {
    let mut command = Command::new("npm")
        .args(["test", "--workspace", "tests/server", "--"])
        .args(long_tests::unless(all))
        .env("CHROMIUM", chromium::find()?.browser)
        .env("MOCK_BACKEND", mock::program()?)
        .env("TOKEN_ENDPOINT", cargo_target::dir()?.join("debug/ansdev-token-endpoint"));
    if all {
        command = command.env("REDIS_SERVER", redis::find()?);
    }
    passed_tests(&command.run(progress)?)
}
