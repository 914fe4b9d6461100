//! Chromium and its driver, of one version: from the environment, from PATH, or else from the system's packages.

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, ensure};

use super::{
    program::{locate, version},
    system_packages::Packages,
};
use crate::progress::Progress;

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const PACKAGES: Packages =
    Packages { debian: &["chromium", "chromium-driver"], ubuntu: &["chromium-browser", "chromium-chromedriver"] };
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
        // Without Chromium there is hardly a test, so nothing excuses its absence.
        Err(_) => PACKAGES.install(ADVICE, progress).map_err(|error| anyhow!("{error:#}")).and_then(|()| find())?,
    };
    let (browser, driver) = (version(&chromium.browser)?, version(&chromium.driver)?);
    let major = |version: &str| version.split('.').next().map(str::to_owned);
    ensure!(major(&browser) == major(&driver), "Chromium is {browser} and chromedriver {driver}. {ADVICE}");
    Ok(browser)
}

/// The browser and driver that the environment names, or else those in PATH.
pub(crate) fn find() -> Result<Chromium> {
    Ok(Chromium {
        browser: locate("CHROMIUM", &BROWSERS).context(ADVICE)?,
        driver: locate("CHROMEDRIVER", &["chromedriver"]).context(ADVICE)?,
    })
}
