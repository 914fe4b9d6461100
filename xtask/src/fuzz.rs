//! `cargo xtask fuzz`: the targets of `tests/fuzz/` for as long as one likes.
//!
//! The ordinary tests try each target's seeds, and random inputs for a moment. Here cargo-bolero builds the same targets
//! instrumented, and libFuzzer keeps every input that reaches new code, and goes on from there: in
//! `target/fuzz/corpus`. An input that fails is put into `tests/fuzz/__fuzz__/<target>/crashes`, where the ordinary tests
//! try it from then on.

use std::{fs, process::ExitCode};

use anyhow::{Context, Result, bail};

use crate::{
    build, cargo_target,
    mock::Kind,
    progress::Progress,
    setup::{self, cargo_tool::CargoTool},
    step::{Plan, Step},
    suite, workspace,
};

const CARGO_BOLERO: CargoTool = CargoTool { name: "cargo-bolero", version: "0.13.5" };

/// The targets of libFuzzer: the modules of `tests/fuzz/fuzz.rs`.
const TARGETS: [&str; 6] = ["key", "envelope", "quota", "playlist", "session", "mock"];
/// What needs a browser: messages between the page and the Worker, and the API's answers as the Worker reads them.
const BROWSER: &str = "browser";
const SPECS: [&str; 3] = ["worker-messages", "worker-answers", "api-answers"];
/// Where the targets and their inputs are.
const FOLDER: &str = "tests/fuzz/__fuzz__";

/// `only`: these targets; if empty, all. `seconds`: for each.
pub(crate) fn run(only: &[String], seconds: u64) -> Result<ExitCode> {
    let all = [&TARGETS[..], &[BROWSER]].concat();
    if let Some(unknown) = only.iter().find(|name| !all.contains(&name.as_str())) {
        bail!("no target is called {unknown}; there are {}", all.join(", "));
    }
    let is_wanted = |target: &str| only.is_empty() || only.iter().any(|name| name == target);
    let mut steps = if is_wanted(BROWSER) { build::for_browsers() } else { setup::build_tools() };
    let targets: Vec<_> = TARGETS.into_iter().filter(|target| is_wanted(target)).collect();
    if !targets.is_empty() {
        steps.push(CARGO_BOLERO.step().needs(&["rust"]));
    }
    steps.extend(targets.into_iter().map(|target| {
        Step::new(target, move |progress| lib_fuzzer(target, seconds, progress)).needs(&[CARGO_BOLERO.name])
    }));
    if is_wanted(BROWSER) {
        let browser = Step::new(BROWSER, move |progress| browser(seconds, progress));
        steps.push(browser.needs(&["npm-package", "mock-backend", "chromium"]));
    }
    Ok(Plan::new(steps)?.run().conclude())
}

fn lib_fuzzer(target: &str, seconds: u64, progress: &Progress) -> Result<String> {
    let work = cargo_target::dir()?.join("fuzz");
    // libFuzzer splits its arguments at spaces; a path relative to the root has none.
    let work = work.strip_prefix(workspace::root()).unwrap_or(&work);
    let corpus = work.join("corpus").join(target);
    fs::create_dir_all(workspace::root().join(&corpus))?;
    let output = CARGO_BOLERO
        .command()?
        .args(["bolero", "test", &format!("{target}::{target}"), "--package=fuzz", "--sanitizer=NONE"])
        .args(["-T", &format!("{seconds}s"), "--timeout=60s"])
        .args([format!("--target-dir={}", work.join("build").display())])
        .args([format!("--corpus-dir={}", corpus.display()), format!("--crashes-dir={FOLDER}/{target}/crashes")])
        .args([format!("--engine-args={FOLDER}/{target}/corpus"), "--engine-args=-print_final_stats=1".to_owned()])
        .run(progress)?;
    let plain = console::strip_ansi_codes(&output);
    let done = plain.lines().rev().find(|line| line.contains("\tDONE ")).context("libFuzzer did not print DONE")?;
    Ok(done.replace('\t', " "))
}

/// The fuzz tests of `tests/browser/`, for longer.
fn browser(seconds: u64, progress: &Progress) -> Result<String> {
    let tests = suite::playwright("tests/browser", Kind::Native)?.args(SPECS);
    suite::run(&tests.env("FUZZ_SECONDS", seconds.to_string()), progress)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_a_module_with_seeds() {
        let modules = fs::read_to_string(workspace::path("tests/fuzz/fuzz.rs")).unwrap();
        for target in TARGETS {
            assert!(modules.contains(&format!("\nmod {target};\n")), "{target}");
            let seeds = fs::read_dir(workspace::path(FOLDER).join(target).join("corpus")).unwrap();
            assert!(seeds.count() > 0, "{target}");
        }
    }
}
