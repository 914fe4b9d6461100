//! How large files are, raw and as brotli 11. Node measures (`xtask/size/`): it brings the reference encoder, and esbuild
//! to bundle with as a page's author would.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, de::DeserializeOwned};

use crate::command::Command;

/// One file's size in bytes.
#[derive(Debug, Deserialize)]
pub(crate) struct Size {
    pub(crate) raw: u64,
    pub(crate) brotli: u64,
}

/// The built package.
#[derive(Deserialize)]
pub(crate) struct Package {
    /// By their paths below the repository's root.
    pub(crate) files: BTreeMap<String, Size>,
    /// What one page loads in each of the package's forms, in bytes as brotli.
    pub(crate) loads: BTreeMap<String, u64>,
}

/// Measures the built package; an error if a file for browsers has a byte of what only servers need.
pub(crate) fn of_package() -> Result<Package> {
    run(&Command::new("node").args(["xtask/size/package.mjs"]))
}

/// Bytes of a file as brotli.
pub(crate) fn brotli(file: PathBuf) -> Result<u64> {
    let [size]: [Size; 1] = run(&Command::new("node").args(["xtask/size/files.mjs"]).args([file]))?;
    Ok(size.brotli)
}

fn run<T: DeserializeOwned>(measure: &Command) -> Result<T> {
    serde_json::from_str(&measure.read()?).with_context(|| format!("{measure} printed something unexpected"))
}
