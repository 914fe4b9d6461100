//! `cargo xtask fuzz`: the targets of `tests/fuzz/` for as long as one likes.
//!
//! The ordinary tests try each target's seeds, and random inputs for a moment. Here cargo-bolero builds the same targets
//! instrumented, and libFuzzer keeps every input that reaches code which none before it reached, and goes on from
//! there: in `target/fuzz/corpus`. An input that fails is put into `tests/fuzz/__fuzz__/<target>/crashes`, where the
//! ordinary tests try it from then on.

use std::{fs, process::ExitCode};

use anyhow::{Context, Result, bail};

use crate::{
    build, cargo_target,
    command::Command,
    mock,
    progress::Progress,
    setup::{self, cargo_tool::CargoTool, chromium},
    step::{Plan, Step},
    test_count::passed_tests,
    workspace,
};

const CARGO_BOLERO: CargoTool = CargoTool { name: "cargo-bolero", version: "0.13.5" };

/// The targets of libFuzzer: the modules of `tests/fuzz/fuzz.rs`.
const TARGETS: [&str; 6] = ["key", "envelope", "quota", "playlist", "session", "mock"];
/// What needs a browser: messages between the page and the Worker, and the API's answers as the Worker reads them.
const BROWSER: &str = "browser";
const SPECS: [&str; 3] = ["worker-messages", "worker-answers", "api-answers"];
/// Where the targets and their inputs lie.
const FOLDER: &str = "tests/fuzz/__fuzz__";

/// `only`: these targets; all of them where there are none. `seconds`: for each.
pub(crate) fn run(only: &[String], seconds: u64) -> Result<ExitCode> {
    let all = || TARGETS.into_iter().chain([BROWSER]);
    if let Some(unknown) = only.iter().find(|name| all().all(|target| target != *name)) {
        bail!("no target is called {unknown}; there are {}", all().collect::<Vec<_>>().join(", "));
    }
    let wanted: Vec<_> = all().filter(|target| only.is_empty() || only.iter().any(|name| name == target)).collect();
    let mut steps = setup::build_tools();
    if wanted.iter().any(|target| TARGETS.contains(target)) {
        steps.push(Step::new("cargo-bolero", |progress| CARGO_BOLERO.prepare(progress)).needs(&["rust"]));
    }
    if wanted.contains(&BROWSER) {
        steps.extend(build::steps());
        steps.extend([mock::step(), setup::browser()]);
    }
    steps.extend(wanted.into_iter().map(|target| {
        if target == BROWSER {
            let step = Step::new(target, move |progress| browser(seconds, progress));
            step.needs(&["npm-package", "mock", "chromium"])
        } else {
            Step::new(target, move |progress| lib_fuzzer(target, seconds, progress)).needs(&["cargo-bolero"])
        }
    }));
    Ok(Plan::new(steps)?.run().conclude())
}

fn lib_fuzzer(target: &str, seconds: u64, progress: &Progress) -> Result<String> {
    let work = cargo_target::dir()?.join("fuzz");
    // libFuzzer gets its arguments as one text, parted by spaces; a path from the root has none.
    let work = work.strip_prefix(workspace::root()).unwrap_or(&work);
    let corpus = work.join("corpus").join(target);
    fs::create_dir_all(workspace::path(&corpus.to_string_lossy()))?;
    let output = CARGO_BOLERO
        .command()?
        .args(["bolero", "test", &format!("{target}::{target}"), "--package=fuzz", "--sanitizer=NONE"])
        .args(["-T", &format!("{seconds}s"), "--timeout=60s"])
        .args([format!("--target-dir={}", work.join("build").display())])
        .args([format!("--corpus-dir={}", corpus.display()), format!("--crashes-dir={FOLDER}/{target}/crashes")])
        .args([format!("--engine-args={FOLDER}/{target}/corpus"), "--engine-args=-print_final_stats=1".to_owned()])
        .run(progress)?;
    let plain = console::strip_ansi_codes(&output);
    let done =
        plain.lines().rev().find(|line| line.contains("\tDONE ")).context("libFuzzer did not say how it ended")?;
    summary(done).with_context(|| format!("libFuzzer ended with an unexpected line: {done}"))
}

/// What libFuzzer's last line says, such as `#4194304 DONE cov: 873 ft: 2719 corp: 221/5433b exec/s: 69905`.
fn summary(done: &str) -> Option<String> {
    let words: Vec<_> = done.split_whitespace().collect();
    let after = |name: &str| words.windows(2).find(|pair| pair[0] == name).map(|pair| pair[1]);
    let inputs = words.first()?.strip_prefix('#')?;
    Some(format!("{inputs} inputs, {} edges reached, {} a second", after("cov:")?, after("exec/s:")?))
}

/// The fuzz tests of `tests/browser/`, for longer.
fn browser(seconds: u64, progress: &Progress) -> Result<String> {
    let output = Command::new("npm")
        .args(["test", "--workspace=tests/browser", "--"])
        .args(SPECS)
        .env("CHROMIUM", chromium::find()?.browser)
        .env("MOCK_BACKEND", mock::program()?)
        .env("FUZZ_SECONDS", seconds.to_string())
        .run(progress)?;
    passed_tests(&output)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_of_libfuzzer_is_read() {
        let done = "#4194304\tDONE   cov: 873 ft: 2719 corp: 221/5433b lim: 4096 exec/s: 69905 rss: 73Mb";
        assert_eq!(summary(done).unwrap(), "4194304 inputs, 873 edges reached, 69905 a second");
        assert_eq!(summary("Done 4194304 runs"), None);
    }

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
