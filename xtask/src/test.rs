//! `cargo xtask test`: every check and every test there is.

use std::{env, fs, path::Path, process::ExitCode};

use anyhow::{Context, Result};
use serde_json::json;

use crate::{
    attack, budget,
    build::{self, declarations::METHODS, integrity},
    cargo_target, check,
    command::Command,
    engines, long_tests, mock,
    progress::Progress,
    renamed_method, server,
    setup::{self, chromium, node},
    soak,
    step::{Plan, Step},
    supply,
    test_count::passed_tests,
    workspace,
};

/// Chromium's own traffic has no place in a test.
const QUIET: [&str; 3] = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];

/// Bundlers and frameworks have a lockfile of their own: what everybody installs stays lean.
const BUNDLERS: &str = "tests/bundlers";

/// So have test runners and what else the package meets: once with the newest of everything, and with `--all` once with
/// the oldest that it is for.
const ENVIRONMENTS: &str = "tests/environments";

/// Every step; with `all` also what takes long. The suites in browsers run on this mock.
pub(crate) fn run(only: &[String], all: bool, mock: mock::Kind) -> Result<ExitCode> {
    Ok(Plan::new(steps(all, mock))?.only(only)?.run().conclude())
}

fn steps(all: bool, mock: mock::Kind) -> Vec<Step> {
    // Asked now: a step that builds this program anew puts another file in its place.
    let (this, program) = (env::current_exe(), env::current_exe());
    // First what the tests in browsers need: they take longest, and run beside all that follows.
    let mut steps = setup::build_tools();
    steps.extend([setup::browser(), check::models()]);
    steps.extend(build::bindings());
    steps.push(Step::new("methods", |_| METHODS.check()).needs(&["bindings"]));
    steps.extend(build::package());
    steps.push(mock::step());
    steps.extend(build::mock_package());
    steps.extend(setup::other_engines());
    steps.push(browser_tests(all, mock));
    steps.push(engines::step(all, mock));
    if all {
        steps.extend([soak::step().needs(&["npm-package", "mock", "chromium"]), attack::step(None)].map(Step::waits));
    }
    steps.extend(check::steps());
    steps.extend(supply::steps());
    steps.push(renamed_method::step());
    steps.extend([
        Step::new("size-budget", |_| budget::check()).needs(&["npm-package"]),
        Step::new("integrity", |_| integrity::check()).needs(&["npm-package"]),
        Step::command("package-lint", Command::new("npm").args(["run", "lint:package", "--workspace", "js"]))
            .needs(&["npm-package"]),
        Step::new("wasm-tests", move |progress| wasm_tests(&this?, progress)).needs(&["rust", "chromium"]),
        Step::command("mock-package-lint", mock_npm("lint:package")).needs(&["mock-package"]),
        Step::new("mock-suite", |progress| mock_suite(mock::Kind::Npm, progress)).needs(&["mock-package"]),
        Step::new("mock-differential", mock_differential).needs(&["mock-package"]),
    ]);
    let tests = Step::new("mock-package-tests", move |progress| mock_package_tests(&program?, all, progress));
    let mut tests = tests.needs(&["npm-package", "mock-package", "mock", "chromium"]);
    if all {
        steps
            .push(Step::new("mock-suite-native", |progress| mock_suite(mock::Kind::Native, progress)).needs(&["mock"]));
        steps.push(server::runtimes());
        tests = tests.needs(&["runtimes"]);
    }
    steps.extend([
        tests,
        Step::new("bundlers", bundlers).needs(&["node"]),
        Step::new("bundler-tests", move |progress| packed_tests(BUNDLERS, all, progress)).needs(&[
            "npm-package",
            "mock-package",
            "mock",
            "chromium",
            "bundlers",
        ]),
    ]);
    steps.extend([
        Step::new("environments", move |progress| environments(all, progress)).needs(&["node"]),
        Step::new("environment-tests", move |progress| packed_tests(ENVIRONMENTS, all, progress)).needs(&[
            "npm-package",
            "mock",
            "chromium",
            "environments",
        ]),
    ]);
    steps.extend(server::steps(all));
    steps
}

fn mock_npm(script: &str) -> Command {
    Command::new("npm").args(["run", script, "--workspace", "mock-backend/npm"])
}

/// The suite of HTTP tests, which `native-tests` runs on the library, against a mock that runs as a program.
fn mock_suite(kind: mock::Kind, progress: &Progress) -> Result<String> {
    let suite = Command::new("cargo").args(["test", "--package=ansdev-mock-backend", "--test=api", "--"]);
    let suite = match kind {
        mock::Kind::Native => suite,
        // The file of `--db` and the page at `/docs` are the native mock's.
        mock::Kind::Npm => suite.args(["--skip=store::", "--skip=crash::", "--skip=docs::"]),
    };
    let output = suite.env("MOCK_PROGRAM", kind.program()?).run(progress)?;
    passed_tests(&output)
}

/// Random requests to both.
fn mock_differential(progress: &Progress) -> Result<String> {
    let output = Command::new("cargo").args(["test", "--package=ansdev-mock-backend", "--test=differential"]);
    passed_tests(&output.run(progress)?)
}

/// The packed npm package of the mock, installed where there is no Rust; and what `cargo xtask probe` finds out about the
/// mock.
fn mock_package_tests(this: &Path, all: bool, progress: &Progress) -> Result<String> {
    let output = Command::new("npx")
        .args(["playwright", "test", "--config", "tests/mock/playwright.config.ts"])
        .args(long_tests::unless(all))
        .env("XTASK", this)
        .env("CHROMIUM", chromium::find()?.browser)
        .env("MOCK_BACKEND", mock::program()?)
        .run(progress)?;
    passed_tests(&output)
}

fn bundlers(progress: &Progress) -> Result<String> {
    node::install_packages(&workspace::path(BUNDLERS), node::LOCKED_BUT_FOR_PLATFORMS, progress)
}

fn environments(all: bool, progress: &Progress) -> Result<String> {
    let mut done = String::new();
    for end in if all { &["newest", "oldest"][..] } else { &["newest"] } {
        let folder = workspace::path(ENVIRONMENTS).join(end);
        done = node::install_packages(&folder, node::LOCKED_BUT_FOR_PLATFORMS, progress)?;
    }
    Ok(done)
}

/// The tests marked `wasm_bindgen_test`, in headless Chromium. Their runner is this program; see [`run_wasm_test`].
fn wasm_tests(this: &Path, progress: &Progress) -> Result<String> {
    let chromium = chromium::find()?;
    let config = cargo_target::dir()?.join("webdriver.json");
    let options = json!({ "goog:chromeOptions": { "binary": chromium.browser, "args": QUIET } });
    fs::write(&config, options.to_string()).with_context(|| format!("writing {}", config.display()))?;

    let runner = json!([this, "wasm-test-runner"]);
    let output = Command::new("cargo")
        .args(["test", "--package=ansdev-player", "--features=web", "--lib", "--tests"])
        .args(["--target=wasm32-unknown-unknown", "--config"])
        .args([format!("target.wasm32-unknown-unknown.runner={runner}")])
        .env("CHROMEDRIVER", chromium.driver)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", config)
        // Seconds for one file of tests. The default of 20 is short for a busy machine.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
        .run(progress)?;
    passed_tests(&output)
}

/// What cargo calls with a module of tests.
pub(crate) fn run_wasm_test(args: &[String]) -> Result<()> {
    let program = "wasm-bindgen-test-runner".to_owned();
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args([&[program], args].concat())
}

/// The packed package, as bundlers, frameworks and test runners take it.
fn packed_tests(suite: &str, all: bool, progress: &Progress) -> Result<String> {
    let output = Command::new("npx")
        .args(["playwright", "test", "--config", &format!("{suite}/playwright.config.ts")])
        .args(long_tests::unless(all))
        .env("CHROMIUM", chromium::find()?.browser)
        .env("MOCK_BACKEND", mock::program()?)
        .run(progress)?;
    passed_tests(&output)
}

fn browser_tests(all: bool, mock: mock::Kind) -> Step {
    let tests = move |progress: &Progress| {
        let output = Command::new("npm")
            .args(["test", "--workspace", "tests/browser", "--"])
            .args(long_tests::without(all, mock.lacks()))
            .env("CHROMIUM", chromium::find()?.browser)
            .env("MOCK_BACKEND", mock.program()?)
            .run(progress)?;
        passed_tests(&output)
    };
    Step::new("browser-tests", tests).needs(&["npm-package", mock.step(), "chromium"]).waits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_comes_after_what_it_needs() {
        for mock in [mock::Kind::Native, mock::Kind::Npm] {
            Plan::new(steps(false, mock)).unwrap();
            Plan::new(steps(true, mock)).unwrap();
        }
    }
}
