//! Chromium and its driver, of one version: from the environment, from where the system has them, or else from its
//! packages.

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, ensure};

use super::{
    program::{locate, version},
    system_packages::Packages,
};
use crate::progress::Progress;

const BROWSERS: [&str; 7] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
];
/// Ubuntu's packages only ask for a snap.
const PACKAGES: Packages = Packages { debian: &["chromium", "chromium-driver"], ubuntu: &[] };
const ADVICE: &str = "Type `npx @puppeteer/browsers install chrome@stable` and the same with `chromedriver@stable`, and \
                      name the two programs in CHROMIUM and CHROMEDRIVER";

/// A browser and the WebDriver program that can steer it.
pub(crate) struct Chromium {
    pub(crate) browser: PathBuf,
    pub(crate) driver: PathBuf,
}

/// Finds the two, or installs them where the system's package manager does so without asking.
pub(crate) fn prepare(progress: &Progress) -> Result<String> {
    let chromium = match find() {
        Ok(chromium) => chromium,
        // Most tests need Chromium, so nothing excuses its absence.
        Err(_) => PACKAGES.install(ADVICE, progress).map_err(|error| anyhow!("{error:#}")).and_then(|()| find())?,
    };
    let (browser, driver) = (version(&chromium.browser)?, version(&chromium.driver)?);
    let major = |version: &str| version.split('.').next().map(str::to_owned);
    ensure!(major(&browser) == major(&driver), "Chromium is {browser} and chromedriver {driver}. {ADVICE}");
    Ok(browser)
}

/// The browser and driver that the environment names, or else those of the system.
pub(crate) fn find() -> Result<Chromium> {
    Ok(Chromium {
        browser: locate("CHROMIUM", &BROWSERS).context(ADVICE)?,
        driver: locate("CHROMEDRIVER", &["chromedriver"]).context(ADVICE)?,
    })
}
