//! How large files are, raw and as brotli 11, which is how a CDN serves them.

pub(crate) mod inputs;
pub(crate) mod page_load;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::{command::Command, workspace};

/// Node brings the reference encoder; a Rust one would cost every build of these commands some seconds.
const MEASURE: &str = include_str!("files.mjs");

/// One file's size in bytes.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) raw: u64,
    pub(crate) brotli: u64,
}

impl std::iter::Sum for Size {
    fn sum<I: Iterator<Item = Self>>(sizes: I) -> Self {
        sizes.fold(Self::default(), |sum, size| Self { raw: sum.raw + size.raw, brotli: sum.brotli + size.brotli })
    }
}

/// Measures files; each under its path below the repository's root.
pub(crate) fn of_files(files: &[PathBuf]) -> Result<Vec<(String, Size)>> {
    let node = Command::new("node").args(["--input-type=module", "--eval", MEASURE, "--"]).args(files);
    let sizes: Vec<Size> = serde_json::from_str(&node.read()?).context("measuring sizes with Node")?;
    ensure!(sizes.len() == files.len(), "Node measured {} of {} files", sizes.len(), files.len());
    let name = |file: &Path| file.strip_prefix(workspace::root()).unwrap_or(file).to_string_lossy().into_owned();
    Ok(files.iter().map(|file| name(file)).zip(sizes).collect())
}

/// What browsers can load of the built package, in the order of their names.
pub(crate) fn built_files() -> Result<Vec<PathBuf>> {
    let dist = workspace::path("js/dist");
    let entries = fs::read_dir(&dist).with_context(|| format!("reading {}", dist.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files
        .retain(|file| file.extension().is_some_and(|kind| ["js", "mjs", "wasm"].iter().any(|served| kind == *served)));
    files.sort();
    Ok(files)
}
