//! What a test runner's output says of its tests.

use anyhow::{Result, bail};

/// How many tests have passed, as libtest, the wasm test runner and Playwright print it, and which of them needed a
/// retry. A run of no test at all proves nothing, so that is an error.
pub(crate) fn passed_tests(output: &str) -> Result<String> {
    let plain = console::strip_ansi_codes(output);
    let words: Vec<&str> = plain.split_whitespace().map(|word| word.trim_end_matches([';', ','])).collect();
    let passed = words.windows(2).filter(|pair| pair[1] == "passed").filter_map(|pair| pair[0].parse::<usize>().ok());
    let flaky = flaky_tests(&plain);
    match passed.sum::<usize>() + flaky.len() {
        0 => bail!("{}\nran not one test", plain.trim_end()),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_tests_over_all_their_binaries() {
        let libtest = "test result: ok. 12 passed; 0 failed; 1 ignored\n\ntest result: ok. 30 passed; 0 failed;";
        assert_eq!(passed_tests(libtest).unwrap(), "42 tests");
        assert_eq!(passed_tests("  \u{1b}[32m7 passed\u{1b}[39m (12.4s)").unwrap(), "7 tests");
    }

    #[test]
    fn names_the_tests_that_passed_when_retried() {
        let playwright = "  1 flaky\n    [webkit] › specs/a.spec.ts:3:1 › plays ────\n  7 passed (12.4s)\n";
        let expected = "8 tests, 1 FLAKY (passed when retried): [webkit] › specs/a.spec.ts:3:1 › plays";
        assert_eq!(passed_tests(playwright).unwrap(), expected);
    }

    #[test]
    fn rejects_a_run_of_no_test() {
        assert!(passed_tests("no tests to run!").unwrap_err().to_string().ends_with("ran not one test"));
        assert!(passed_tests("test result: ok. 0 passed; 0 failed").is_err());
    }
}
