//! Chromium and its driver, of one version: from the environment, from PATH, or else from the system's packages.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};

use crate::{command::Command, progress::Progress};

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const ADVICE: &str = "Install Chromium or Chrome and the chromedriver of the same version, \
                      and if they are not in PATH, name them in CHROMIUM and CHROMEDRIVER";

/// A browser and the WebDriver program that can steer it.
pub(crate) struct Chromium {
    pub(crate) browser: PathBuf,
    pub(crate) driver: PathBuf,
}

/// Finds the two, or installs them where the system's package manager does so without asking.
pub(crate) fn prepare(progress: &Progress) -> Result<String> {
    let chromium = match find() {
        Ok(chromium) => chromium,
        Err(_) => install(progress).and_then(|()| find())?,
    };
    let (browser, driver) = (version(&chromium.browser)?, version(&chromium.driver)?);
    let major = |version: &str| version.split('.').next().map(str::to_owned);
    ensure!(major(&browser) == major(&driver), "Chromium is {browser} and chromedriver {driver}. {ADVICE}");
    Ok(browser)
}

/// The browser and driver that the environment names, or else those in PATH.
pub(crate) fn find() -> Result<Chromium> {
    Ok(Chromium { browser: locate("CHROMIUM", &BROWSERS)?, driver: locate("CHROMEDRIVER", &["chromedriver"])? })
}

fn locate(variable: &str, names: &[&str]) -> Result<PathBuf> {
    if let Some(named) = env::var_os(variable) {
        ensure!(Path::new(&named).is_file(), "{variable} names {}, which is not a file", named.display());
        return Ok(named.into());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let mut candidates = names.iter().flat_map(|name| env::split_paths(&path).map(move |dir| dir.join(name)));
    candidates.find(|file| file.is_file()).with_context(|| format!("{} is not in PATH. {ADVICE}", names[0]))
}

fn install(progress: &Progress) -> Result<()> {
    let packages = match distribution().as_deref() {
        Some("debian") => ["chromium", "chromium-driver"],
        Some("ubuntu") => ["chromium-browser", "chromium-chromedriver"],
        _ => bail!(ADVICE),
    };
    let user = Command::new("id").args(["--user"]).read()?;
    let as_root = if user.trim() == "0" { &["env"][..] } else { &["sudo", "--non-interactive"] };
    let apt = |args: &[&str]| {
        let (program, rest) = (as_root[0], &as_root[1..]);
        let command = Command::new(program).args(rest).args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(args);
        command.run(progress).map(drop).context(ADVICE)
    };
    apt(&["update"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"], &packages[..]].concat())
}

/// The `ID` of /etc/os-release.
fn distribution() -> Option<String> {
    let release = fs::read_to_string("/etc/os-release").ok()?;
    release.lines().find_map(|line| line.strip_prefix("ID=")).map(|id| id.trim_matches('"').to_owned())
}

fn version(program: &Path) -> Result<String> {
    let printed = Command::new(program).args(["--version"]).read()?;
    let number =
        printed.split_whitespace().find(|word| word.contains('.') && word.starts_with(|c: char| c.is_ascii_digit()));
    Ok(number.with_context(|| format!("{} --version says {printed:?}", program.display()))?.to_owned())
}
