//! Reads how many tests have run out of what a test runner prints.

use anyhow::{Result, bail};

/// How many tests a runner says have passed: libtest, the wasm test runner and Playwright all print "<n> passed".
/// A run of no test at all proves nothing, so that is an error.
pub(crate) fn passed_tests(output: &str) -> Result<usize> {
    let plain = console::strip_ansi_codes(output);
    let words: Vec<&str> = plain.split_whitespace().map(|word| word.trim_end_matches([';', ','])).collect();
    let passed = words.windows(2).filter(|pair| pair[1] == "passed").filter_map(|pair| pair[0].parse::<usize>().ok());
    match passed.sum::<usize>() {
        0 => bail!("{}\nran not one test", plain.trim_end()),
        passed => Ok(passed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_counted_over_all_their_binaries() {
        let libtest = "test result: ok. 12 passed; 0 failed; 1 ignored\n\ntest result: ok. 30 passed; 0 failed;";
        assert_eq!(passed_tests(libtest).unwrap(), 42);
        assert_eq!(passed_tests("  \u{1b}[32m7 passed\u{1b}[39m (12.4s)").unwrap(), 7);
    }

    #[test]
    fn running_no_test_is_an_error() {
        assert!(passed_tests("no tests to run!").unwrap_err().to_string().ends_with("ran not one test"));
        assert!(passed_tests("test result: ok. 0 passed; 0 failed").is_err());
    }
}
