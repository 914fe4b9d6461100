//! Node, and the packages that package-lock.json pins.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::{command::Command, progress::Progress, workspace};

/// Node and npm are there, and Node is new enough for the `engines` of package.json.
pub(crate) fn require() -> Result<String> {
    #[derive(Deserialize)]
    struct Package {
        engines: Engines,
    }
    #[derive(Deserialize)]
    struct Engines {
        node: String,
    }
    let package = fs::read_to_string(workspace::path("package.json")).context("reading package.json")?;
    let package: Package = serde_json::from_str(&package).context("package.json names no engines.node")?;
    let wanted = package.engines.node.trim_start_matches(">=");
    let advice =
        || format!("Install Node {wanted} or newer, with npm, from https://nodejs.org or with your package manager");

    let found = Command::new("node").args(["--version"]).read().with_context(advice)?;
    Command::new("npm").args(["--version"]).read().with_context(advice)?;
    let found = found.trim().trim_start_matches('v');
    ensure!(version(found) >= version(wanted), "{}; this one is {found}", advice());
    Ok(found.to_owned())
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
    let install = Command::new("npm").args(how).args(["--no-audit", "--no-fund"]).dir(dir);
    install.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1").run(progress)?;
    Ok("installed".to_owned())
}

/// The numbers of a version, fit for comparing; a part that is no number ends it.
fn version(text: &str) -> Vec<u32> {
    text.trim().split('.').map_while(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_compare_by_number() {
        assert!(version("20.20.2") >= version("20.19"));
        assert!(version("100.0.0") > version("20.19"));
        assert!(version("20.9.0") < version("20.19"));
        assert!(version("18.20.4") < version("20"));
        assert!(version("22.0.0-nightly") >= version("20.19"));
    }
}
