//! Node, and the packages that package-lock.json pins.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use semver::{Version, VersionReq};
use serde_json::Value;

use crate::{command::Command, progress::Progress, workspace};

/// Node and npm are there, and Node is one of the `engines` of package.json.
pub(crate) fn require() -> Result<String> {
    let package: Value = serde_json::from_str(&fs::read_to_string(workspace::path("package.json"))?)?;
    let wanted = package["engines"]["node"].as_str().context("package.json names no engines.node")?;
    let advice = || format!("Install Node {wanted} from https://nodejs.org, for example by `nvm install --lts`");

    let found = Command::new("node").args(["--version"]).read().with_context(advice)?;
    Command::npm(["--version"]).read().with_context(advice)?;
    ensure!(satisfies(found.trim(), wanted)?, "{}; this one is {}", advice(), found.trim());
    Ok(found.trim().to_owned())
}

/// Whether a version is in one of npm's ranges, such as `^20.19.0 || >=24.0.0`.
fn satisfies(version: &str, ranges: &str) -> Result<bool> {
    // A nightly build counts as the version that it leads to.
    let number = version.trim_start_matches('v').split('-').next().unwrap_or_default();
    let version = Version::parse(number).with_context(|| format!("node --version printed {version:?}"))?;
    let ranges = ranges.split("||").map(VersionReq::parse).collect::<Result<Vec<_>, _>>()?;
    Ok(ranges.iter().any(|range| range.matches(&version)))
}

/// Exactly what the lockfile in `dir` names.
pub(crate) const LOCKED: &[&str] = &["ci"];

/// What the lockfile names, and a package for this platform that it does not: bundlers have one for each platform, and
/// not every registry from which a lockfile is made has them all. `npm ci` would refuse the lockfile.
pub(crate) const LOCKED_BUT_FOR_PLATFORMS: &[&str] = &["install", "--no-save"];

/// Installs in `dir`, unless npm has done so since the lockfile last changed.
pub(crate) fn install_packages(dir: &Path, how: &[&str], progress: &Progress) -> Result<String> {
    let changed = |file: &str| fs::metadata(dir.join(file)).and_then(|metadata| metadata.modified());
    let locked = changed("package-lock.json").with_context(|| format!("{} has no package-lock.json", dir.display()))?;
    // npm writes this file when it has installed everything, whether by `npm ci` or by `npm install`.
    if changed("node_modules/.package-lock.json").is_ok_and(|installed| installed >= locked) {
        return Ok("up to date".to_owned());
    }
    let install = Command::npm(how).args(["--no-audit", "--no-fund"]).dir(dir);
    install.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1").run(progress)?;
    Ok("installed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_the_node_versions_that_the_tools_do_not_run_on() {
        let package: Value = serde_json::from_str(include_str!("../../../package.json")).unwrap();
        let is_new_enough = |version| satisfies(version, package["engines"]["node"].as_str().unwrap()).unwrap();
        for version in ["v20.19.0", "v20.20.2", "v22.12.0", "v22.21.1", "v24.0.0", "v25.1.0", "v26.0.0-nightly2026"] {
            assert!(is_new_enough(version), "{version}");
        }
        for version in ["v18.20.4", "v20.9.0", "v20.18.3", "v21.7.3", "v22.0.0", "v22.11.0", "v23.11.0"] {
            assert!(!is_new_enough(version), "{version}");
        }
        assert!(satisfies("lts", "*").is_err());
    }
}
