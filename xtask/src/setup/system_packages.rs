//! Packages of the system's own package manager, where it installs without asking: apt, as root or by `sudo`.

use std::{fmt, fs};

use anyhow::{Context, Result};

use crate::{command::Command, progress::Progress};

/// Something that cannot be installed from here. The text says how a person can.
#[derive(Debug)]
pub(crate) struct Unobtainable(pub(crate) String);

impl fmt::Display for Unobtainable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unobtainable {}

/// Names of packages in the distributions that are known. None: it has no such package.
pub(crate) struct Packages {
    pub(crate) debian: &'static [&'static str],
    pub(crate) ubuntu: &'static [&'static str],
}

impl Packages {
    /// Whether all are installed; `None` where there is no such package.
    pub(crate) fn are_installed(&self) -> Option<bool> {
        let names = self.here()?;
        let query = Command::new("dpkg-query").args(["--show", "--showformat=${db:Status-Status}\n"]).args(names);
        Some(query.read().is_ok_and(|printed| printed.lines().all(|status| status == "installed")))
    }

    /// Installs them.
    ///
    /// # Errors
    /// [`Unobtainable`], with `advice`, where there is no apt, no such package, or no right to install it; or what apt
    /// says.
    pub(crate) fn install(&self, advice: &str, progress: &Progress) -> Result<()> {
        let unobtainable = |why: &str| Unobtainable(format!("{why}. {advice}"));
        let names = self.here().ok_or_else(|| unobtainable("This system has no known package for it"))?;
        let as_root = as_root().ok_or_else(|| unobtainable("Only root or sudo can install packages"))?;
        let apt = |args: &[&str]| {
            let command = Command::new(as_root[0]).args(&as_root[1..]);
            let command = command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(args);
            command.run(progress).map(drop).with_context(|| advice.to_owned())
        };
        apt(&["update"])?;
        apt(&[&["install", "--yes", "--no-install-recommends"], names].concat())
    }

    fn here(&self) -> Option<&'static [&'static str]> {
        let names = match distribution()?.as_str() {
            "debian" => self.debian,
            "ubuntu" => self.ubuntu,
            _ => return None,
        };
        (!names.is_empty()).then_some(names)
    }
}

/// The `ID` of /etc/os-release.
fn distribution() -> Option<String> {
    let release = fs::read_to_string("/etc/os-release").ok()?;
    release.lines().find_map(|line| line.strip_prefix("ID=")).map(|id| id.trim_matches('"').to_owned())
}

/// What a command line starts with to run as root, if it may.
fn as_root() -> Option<&'static [&'static str]> {
    let user = Command::new("id").args(["--user"]).read().ok()?;
    if user.trim() == "0" {
        return Some(&["env"]);
    }
    let sudo = Command::new("sudo").args(["--non-interactive", "true"]).read();
    sudo.is_ok().then_some(&["sudo", "--non-interactive"])
}
