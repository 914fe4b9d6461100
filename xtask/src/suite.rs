//! Suites of tests: how Playwright is started, and how many tests a runner says have passed.

use anyhow::{Result, bail};

use crate::{command::Command, mock::Kind, progress::Progress, setup::chromium, workspace};

/// Marks tests that take long, or need what takes long to install: `cargo xtask test --all` runs them.
const LONG: &str = "@all";

/// The suite in this folder of the repository, in Chromium on this mock.
pub(crate) fn playwright(folder: &str, mock: Kind) -> Result<Command> {
    Ok(Command::from_npm("playwright")
        .args(["test", &format!("--config={folder}/playwright.config.ts")])
        .env("CHROMIUM", chromium::find()?.browser)
        .env("MOCK_BACKEND", mock.program()?))
}

/// Leaves out the long tests, unless `all` are to run, and those that the mock does not have what they need for.
pub(crate) fn without(all: bool, mock: Kind) -> Option<String> {
    let tags = [if all { &[] } else { &[LONG][..] }, mock.lacks()].concat();
    (!tags.is_empty()).then(|| format!("--grep-invert={}", tags.join("|")))
}

/// Runs tests, and says how many.
pub(crate) fn run(tests: &Command, progress: &Progress) -> Result<String> {
    count(&tests.run(progress)?)
}

/// How many tests have passed, as libtest, the wasm test runner and Playwright print it, and which of them needed a
/// retry. A run without any test proves nothing, so it is an error.
pub(crate) fn count(output: &str) -> Result<String> {
    let plain = console::strip_ansi_codes(output);
    let words: Vec<&str> = plain.split_whitespace().map(|word| word.trim_end_matches([';', ','])).collect();
    let passed = words.windows(2).filter(|pair| pair[1] == "passed").filter_map(|pair| pair[0].parse::<usize>().ok());
    let flaky = flaky_tests(&plain);
    match passed.sum::<usize>() + flaky.len() {
        0 => bail!("{}\nno test ran", plain.trim_end()),
        passed if flaky.is_empty() => Ok(format!("{passed} tests")),
        passed => Ok(format!("{passed} tests, {} FLAKY (passed when retried): {}", flaky.len(), flaky.join("; "))),
    }
}

/// The names below Playwright's "<n> flaky".
fn flaky_tests(output: &str) -> Vec<&str> {
    let is_head = |line: &&str| line.trim().strip_suffix(" flaky").is_some_and(|count| count.parse::<usize>().is_ok());
    let names = output.lines().skip_while(|line| !is_head(line)).skip(1).take_while(|line| line.starts_with("    "));
    names.map(|line| line.trim_matches([' ', '─'])).collect()
}

/// Installs the packages of a folder with a lockfile of its own.
pub(crate) fn install(folder: &str, progress: &Progress) -> Result<String> {
    use crate::setup::node::{LOCKED_BUT_FOR_PLATFORMS, install_packages};
    install_packages(&workspace::path(folder), LOCKED_BUT_FOR_PLATFORMS, progress)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_tests_of_all_binaries() {
        let libtest = "test result: ok. 12 passed; 0 failed; 1 ignored\n\ntest result: ok. 30 passed; 0 failed;";
        assert_eq!(count(libtest).unwrap(), "42 tests");
        assert_eq!(count("  \u{1b}[32m7 passed\u{1b}[39m (12.4s)").unwrap(), "7 tests");
    }

    #[test]
    fn names_the_tests_that_passed_when_retried() {
        let playwright = "  1 flaky\n    [webkit] › specs/a.spec.ts:3:1 › plays ────\n  7 passed (12.4s)\n";
        let expected = "8 tests, 1 FLAKY (passed when retried): [webkit] › specs/a.spec.ts:3:1 › plays";
        assert_eq!(count(playwright).unwrap(), expected);
    }

    #[test]
    fn rejects_a_run_without_tests() {
        assert!(count("test result: ok. 0 passed; 0 failed").unwrap_err().to_string().ends_with("no test ran"));
    }

    #[test]
    fn excludes_all_tags_with_one_pattern() {
        assert_eq!(without(true, Kind::Native), None);
        assert_eq!(without(false, Kind::Npm).unwrap(), "--grep-invert=@all|@db");
    }
}
