//! Tests that take long, or need what takes long to install: `cargo xtask test --all` runs them.

/// How they are tagged for Playwright.
const TAG: &str = "@all";

/// What keeps Playwright from running them, unless all are to run.
pub(crate) fn unless(all: bool) -> Option<String> {
    (!all).then(|| format!("--grep-invert={TAG}"))
}
