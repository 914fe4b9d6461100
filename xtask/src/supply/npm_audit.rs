//! Known vulnerabilities in npm packages, from the registry. Mirrors of it do not answer such questions.

use anyhow::{Result, bail};
use serde::Deserialize;

use super::not_checked;
use crate::{command::Command, progress::Progress, workspace};

/// Folders with a lockfile that the tests install.
const LOCKED: [&str; 3] = [".", "tests/bundlers", "tests/environments/newest"];

/// The part of npm's report that is there whenever the registry has answered (`auditReportVersion` 2).
#[derive(Deserialize)]
struct Report {
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    vulnerabilities: Vulnerabilities,
}

#[derive(Deserialize)]
struct Vulnerabilities {
    total: u64,
}

pub(super) fn check(_progress: &Progress) -> Result<String> {
    let mut not_answered = None;
    for folder in LOCKED {
        let audit = Command::new("npm").args(["audit", "--json"]).dir(workspace::path(folder));
        // npm fails where something is vulnerable, and where it has no answer: its report tells them apart.
        let report = audit.read_either_way()?;
        match vulnerable(&report) {
            None => not_answered = Some(folder),
            Some(0) => {}
            Some(count) => bail!("{count} npm packages are vulnerable; `{audit}` says which:\n{report}"),
        }
    }
    Ok(match not_answered {
        Some(_) => not_checked("advisories for npm packages", "the registry does not answer `npm audit`"),
        None => "none".to_owned(),
    })
}

/// How many packages are vulnerable; `None` where the registry did not say.
fn vulnerable(report: &str) -> Option<u64> {
    serde_json::from_str::<Report>(report).ok().map(|report| report.metadata.vulnerabilities.total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_how_many_are_vulnerable() {
        let report = r#"{"auditReportVersion": 2, "vulnerabilities": {"a": {"severity": "high"}},
            "metadata": {"vulnerabilities": {"info": 0, "low": 0, "moderate": 0, "high": 1, "critical": 0, "total": 1}}}"#;
        assert_eq!(vulnerable(report), Some(1));
        assert_eq!(vulnerable(&report.replace("\"total\": 1", "\"total\": 0")), Some(0));
    }

    #[test]
    fn an_error_in_its_place_is_no_answer() {
        let error = r#"{"message": "405 Method Not Allowed", "statusCode": 405, "body": {}}"#;
        assert_eq!(vulnerable(error), None);
        assert_eq!(vulnerable(""), None);
    }
}
