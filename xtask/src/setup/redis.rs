//! Redis, in which the processes of the Express example share their counts.

use std::path::PathBuf;

use anyhow::Result;

use super::{program::locate, system_packages::Packages};
use crate::progress::Progress;

const NAMES: &[&str] = &["redis-server"];
const PACKAGES: Packages = Packages { debian: NAMES, ubuntu: NAMES };
const ADVICE: &str =
    "Type `sudo apt-get install redis-server` or `brew install redis`, or name the program in REDIS_SERVER";

/// Finds the program, or installs it.
pub(crate) fn prepare(progress: &Progress) -> Result<String> {
    if find().is_err() {
        PACKAGES.install(ADVICE, progress)?;
    }
    Ok(find()?.display().to_string())
}

/// The program.
pub(crate) fn find() -> Result<PathBuf> {
    locate("REDIS_SERVER", NAMES)
}
