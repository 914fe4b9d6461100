//! The browsers that the tests of `tests/engines` run in besides Chromium, and what steers them.

use std::path::PathBuf;

use anyhow::{Error, Result};
use console::style;

use super::{
    cargo_tool::CargoTool,
    program::{locate, version},
    system_packages::{Packages, Unobtainable},
};
use crate::progress::Progress;

const GECKODRIVER: CargoTool = CargoTool { name: "geckodriver", version: "0.37.1" };
/// Ubuntu's packages of Firefox are not Firefox, but ask for a snap.
const FIREFOX: Packages = Packages { debian: &["firefox-esr"], ubuntu: &[] };
const FIREFOX_ADVICE: &str = "Type `npx @puppeteer/browsers install firefox@stable`, and name the program in FIREFOX";
const FIREFOX_NAMES: [&str; 4] = [
    "firefox-esr",
    "firefox",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    r"C:\Program Files\Mozilla Firefox\firefox.exe",
];

// WebKitGTK's driver, a screen for it, and the codecs of the films: those of GStreamer, which plays for it.
const WEBKIT_NAMES: &[&str] =
    &["webkit2gtk-driver", "xvfb", "gstreamer1.0-libav", "gstreamer1.0-plugins-bad", "gstreamer1.0-plugins-good"];
const WEBKIT: Packages = Packages { debian: WEBKIT_NAMES, ubuntu: WEBKIT_NAMES };
const WEBKIT_ADVICE: &str = "Type `sudo apt-get install webkit2gtk-driver xvfb gstreamer1.0-libav \
                             gstreamer1.0-plugins-bad gstreamer1.0-plugins-good`, and name programs that are not in PATH \
                             in WEBKIT_DRIVER and XVFB; there is no WebKitGTK for macOS and Windows";

/// Firefox, and its driver from crates.io.
pub(crate) fn prepare_firefox(progress: &Progress) -> Result<String> {
    if firefox().is_err()
        && let Err(error) = FIREFOX.install(FIREFOX_ADVICE, progress)
    {
        return not_tested("Firefox", error);
    }
    Ok(format!("{}, geckodriver {}", version(&firefox()?)?, GECKODRIVER.prepare(progress)?))
}

/// `WebKitGTK`'s driver and browser.
pub(crate) fn prepare_webkit(progress: &Progress) -> Result<String> {
    let is_there = WEBKIT.are_installed().unwrap_or_else(|| webkit().is_ok());
    if !is_there && let Err(error) = WEBKIT.install(WEBKIT_ADVICE, progress) {
        return not_tested("WebKit", error);
    }
    webkit().map(|_| String::new())
}

/// An engine that cannot be installed here does not fail the tests, but the step says so.
fn not_tested(engine: &str, error: Error) -> Result<String> {
    let unobtainable = error.downcast::<Unobtainable>()?;
    Ok(style(format!("NOT TESTED: {engine}. {unobtainable}")).yellow().bold().to_string())
}

/// The engines that are there, and what tells the tests where.
pub(crate) fn found() -> Result<(String, Vec<(&'static str, PathBuf)>)> {
    let mut names = vec!["chromium"];
    let chromium = super::chromium::find()?;
    let mut programs = vec![("CHROMIUM", chromium.browser), ("CHROMEDRIVER", chromium.driver)];
    if let Ok(firefox) = firefox() {
        names.push("firefox");
        programs.extend([("FIREFOX", firefox), ("GECKODRIVER", GECKODRIVER.path()?)]);
    }
    if let Ok((driver, xvfb)) = webkit() {
        names.push("webkit");
        programs.extend([("WEBKIT_DRIVER", driver), ("XVFB", xvfb)]);
    }
    Ok((names.join(","), programs))
}

fn firefox() -> Result<PathBuf> {
    locate("FIREFOX", &FIREFOX_NAMES)
}

fn webkit() -> Result<(PathBuf, PathBuf)> {
    Ok((locate("WEBKIT_DRIVER", &["WebKitWebDriver"])?, locate("XVFB", &["Xvfb"])?))
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn excuses_only_what_cannot_be_installed() {
        let told = not_tested("Firefox", Unobtainable("There is no apt".to_owned()).into()).unwrap();
        assert!(told.contains("NOT TESTED: Firefox. There is no apt"), "{told}");
        assert_eq!(not_tested("Firefox", anyhow!("apt failed")).unwrap_err().to_string(), "apt failed");
    }
}
