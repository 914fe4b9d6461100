//! `cargo xtask test`: every check and every test there is.

use std::{env, fs, path::Path, process::ExitCode};

use anyhow::{Context, Result};
use serde_json::json;

use crate::{
    attack, budget,
    build::{self, declarations::METHODS, integrity},
    cargo_target, check,
    command::Command,
    engines,
    mock::{self, Kind},
    progress::Progress,
    renamed_method,
    setup::{self, chromium, redis},
    soak,
    step::{Plan, Step},
    suite, supply,
};

/// Chromium's own traffic has no place in a test.
const QUIET: [&str; 3] = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];

/// What a suite that plays films needs.
const PLAYING: [&str; 3] = ["npm-package", "mock-backend", "chromium"];

/// Every step; with `all` also what takes long. The suites in browsers run on this mock.
pub(crate) fn run(only: &[String], all: bool, mock: Kind) -> Result<ExitCode> {
    Ok(Plan::new(steps(all, mock))?.only(only)?.run().conclude())
}

fn steps(all: bool, mock: Kind) -> Vec<Step> {
    // Asked now: a step that builds this program again replaces its file.
    let (this, program) = (env::current_exe(), env::current_exe());
    let npm = |name, workspace, script| Step::command(name, Command::npm(["run", script, "--workspace", workspace]));
    let playwright = |name, folder, mock: Kind| {
        Step::new(name, move |progress| {
            suite::run(&suite::playwright(folder, mock)?.args(suite::without(all, mock)), progress)
        })
        .needs(&["npm-package", mock.step(), "chromium"])
    };
    // First what the tests in browsers need: they take longest, and run beside all that follows.
    let mut steps = setup::build_tools();
    steps.extend([setup::browser(), check::models()]);
    steps.extend(build::bindings());
    steps.push(Step::new("methods", |_| METHODS.check()).needs(&["bindings"]));
    steps.extend(build::package());
    steps.push(mock::step());
    steps.extend(build::mock_package());
    steps.extend(setup::other_engines());
    steps.push(playwright("browser-tests", "tests/browser", mock).waits());
    steps.push(engines::step(all, mock));
    if all {
        steps.extend([soak::step().needs(&PLAYING), attack::step(None)].map(Step::waits));
    }
    steps.extend(check::steps());
    steps.extend(supply::steps());
    steps.push(renamed_method::step());
    steps.extend([
        Step::new("size-budget", |_| budget::check()).needs(&["npm-package"]),
        Step::new("integrity", |_| integrity::check()).needs(&["npm-package"]),
        npm("package-lint", "js", "lint:package").needs(&["npm-package"]),
        Step::new("wasm-tests", move |progress| wasm_tests(&this?, progress)).needs(&["rust", "chromium"]),
        npm("mock-package-lint", "mock-backend/npm", "lint:package").needs(&["mock-package"]),
        Step::new("mock-suite", |progress| mock_suite(Kind::Npm, progress)).needs(&["mock-package"]),
        Step::new("mock-differential", |progress| suite::run(&mock_tests("--test=differential"), progress))
            .needs(&["mock-package"]),
    ]);
    // The packed npm package of the mock, installed where there is no Rust; and what `cargo xtask probe` reports of it.
    let packed = Step::new("mock-package-tests", move |progress| {
        let tests = suite::playwright("tests/mock", Kind::Native)?.args(suite::without(all, Kind::Native));
        suite::run(&tests.env("XTASK", program?), progress)
    });
    let server = Step::new("server-tests", move |progress| server_tests(all, progress));
    let (mut packed, mut server) = (packed.needs(&PLAYING), server.needs(&PLAYING));
    if all {
        steps.extend([
            Step::new("mock-suite-native", |progress| mock_suite(Kind::Native, progress)).needs(&["mock-backend"]),
            Step::new("runtimes", |progress| suite::install("tests/runtimes", progress)).needs(&["node"]),
            Step::new("redis", redis::prepare),
        ]);
        (packed, server) = (packed.needs(&["runtimes"]), server.needs(&["redis", "runtimes"]));
    }
    steps.extend([
        packed.needs(&["mock-package"]),
        Step::new("bundlers", |progress| suite::install("tests/bundlers", progress)).needs(&["node"]),
        playwright("bundler-tests", "tests/bundlers", Kind::Native).needs(&["mock-package", "bundlers"]),
        Step::new("environments", move |progress| environments(all, progress)).needs(&["node"]),
        playwright("environment-tests", "tests/environments", Kind::Native).needs(&["environments"]),
        Step::command("token-endpoint", Command::new("cargo").args(["build", "--package=ansdev-token-endpoint"]))
            .needs(&["rust"]),
        server.needs(&["token-endpoint"]),
    ]);
    steps
}

/// Test runners and frameworks: the newest of everything, and with `all` also the oldest that the package is for.
fn environments(all: bool, progress: &Progress) -> Result<String> {
    if all {
        suite::install("tests/environments/oldest", progress)?;
    }
    suite::install("tests/environments/newest", progress)
}

fn mock_tests(suite: &str) -> Command {
    Command::new("cargo").args(["test", "--package=ansdev-mock-backend", suite])
}

/// The suite of HTTP tests, which `native-tests` runs on the library, against a mock that runs as a program.
fn mock_suite(kind: Kind, progress: &Progress) -> Result<String> {
    let tests = mock_tests("--test=api").env("MOCK_PROGRAM", kind.program()?);
    suite::run(
        &match kind {
            Kind::Native => tests,
            // The file of `--db` and the page at `/docs` are the native mock's.
            Kind::Npm => tests.args(["--", "--skip=store::", "--skip=crash::", "--skip=docs::"]),
        },
        progress,
    )
}

/// The tests of the server's half: in Node and Rust always, in Deno and Bun and with Redis where all tests are to run.
fn server_tests(all: bool, progress: &Progress) -> Result<String> {
    let endpoint = cargo_target::program("ansdev-token-endpoint")?;
    let tests = suite::playwright("tests/server", Kind::Native)?
        .args(suite::without(all, Kind::Native))
        .env("TOKEN_ENDPOINT", endpoint);
    suite::run(&if all { tests.env("REDIS_SERVER", redis::find()?) } else { tests }, progress)
}

/// The tests marked `wasm_bindgen_test`, in headless Chromium. Their runner is this program; see [`run_wasm_test`].
fn wasm_tests(this: &Path, progress: &Progress) -> Result<String> {
    let chromium = chromium::find()?;
    let config = cargo_target::dir()?.join("webdriver.json");
    let options = json!({ "goog:chromeOptions": { "binary": chromium.browser, "args": QUIET } });
    fs::write(&config, options.to_string()).with_context(|| format!("writing {}", config.display()))?;

    let runner = json!([this, "wasm-test-runner"]);
    let tests = Command::new("cargo")
        .args(["test", "--package=ansdev-player", "--features=web", "--lib", "--tests"])
        .args(["--target=wasm32-unknown-unknown", "--config"])
        .args([format!("target.wasm32-unknown-unknown.runner={runner}")])
        .env("CHROMEDRIVER", chromium.driver)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", config)
        // Seconds for one file of tests. The default of 20 is short for a busy machine.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    suite::run(&tests, progress)
}

/// What cargo calls with a module of tests.
pub(crate) fn run_wasm_test(args: &[String]) -> Result<()> {
    let program = "wasm-bindgen-test-runner".to_owned();
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args([&[program], args].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_comes_after_what_it_needs() {
        for mock in [Kind::Native, Kind::Npm] {
            Plan::new(steps(false, mock)).unwrap();
            Plan::new(steps(true, mock)).unwrap();
        }
    }
}
