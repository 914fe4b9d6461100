//! Known vulnerabilities in npm packages, from the registry. Mirrors of it do not answer such questions.

use anyhow::{Result, bail};
use serde_json::Value;

use super::not_checked;
use crate::{command::Command, progress::Progress, workspace};

/// Folders with a lockfile that the tests install.
const LOCKED: [&str; 3] = [".", "tests/bundlers", "tests/environments/newest"];

pub(super) fn check(_progress: &Progress) -> Result<String> {
    let mut is_answered = true;
    for folder in LOCKED {
        let audit = Command::npm(["audit", "--json"]).dir(workspace::path(folder));
        // npm fails where something is vulnerable, and where it has no answer: its report tells them apart.
        let report = audit.read_either_way()?;
        match vulnerable(&report) {
            None => is_answered = false,
            Some(0) => {}
            Some(count) => bail!("{count} npm packages are vulnerable; `{audit}` lists them:\n{report}"),
        }
    }
    if is_answered {
        return Ok("none".to_owned());
    }
    Ok(not_checked("advisories for npm packages", "the registry does not answer `npm audit`"))
}

/// How many packages are vulnerable; `None` where the registry did not answer.
fn vulnerable(report: &str) -> Option<u64> {
    serde_json::from_str::<Value>(report).ok()?["metadata"]["vulnerabilities"]["total"].as_u64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_no_vulnerability_from_no_answer() {
        assert_eq!(vulnerable(r#"{"metadata": {"vulnerabilities": {"high": 1, "total": 1}}}"#), Some(1));
        assert_eq!(vulnerable(r#"{"metadata": {"vulnerabilities": {"total": 0}}}"#), Some(0));
        assert_eq!(vulnerable(r#"{"message": "405 Method Not Allowed", "body": {}}"#), None);
        assert_eq!(vulnerable(""), None);
    }
}
