//! Tests that take long, or need what takes long to install: `cargo xtask test --all` runs them.

/// How they are tagged for Playwright.
const TAG: &str = "@all";

/// What keeps Playwright from running them, unless all are to run.
pub(crate) fn unless(all: bool) -> Option<String> {
    without(all, &[])
}

/// The same, and tests with these tags are left out whatever runs.
pub(crate) fn without(all: bool, tags: &[&str]) -> Option<String> {
    let tags = [if all { &[] } else { &[TAG][..] }, tags].concat();
    (!tags.is_empty()).then(|| format!("--grep-invert={}", tags.join("|")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn playwright_is_told_of_every_tag_at_once() {
        assert_eq!(unless(true), None);
        assert_eq!(unless(false).unwrap(), "--grep-invert=@all");
        assert_eq!(without(false, &["@db"]).unwrap(), "--grep-invert=@all|@db");
        assert_eq!(without(true, &["@db"]).unwrap(), "--grep-invert=@db");
    }
}
