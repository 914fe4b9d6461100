//! Where cargo puts what it builds.

use std::{
    env::consts::EXE_EXTENSION,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::command::Command;

/// Asked of cargo, because the environment and its configuration can move it.
pub(crate) fn dir() -> Result<&'static Path> {
    #[derive(Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    static TARGET: OnceLock<PathBuf> = OnceLock::new();
    if let Some(target) = TARGET.get() {
        return Ok(target);
    }
    let metadata = Command::new("cargo").args(["metadata", "--no-deps", "--format-version=1"]).read()?;
    let metadata: Metadata = serde_json::from_str(&metadata).context("cargo metadata printed something unexpected")?;
    Ok(TARGET.get_or_init(|| metadata.target_directory))
}

/// A program of the workspace, where `cargo build` puts it.
pub(crate) fn program(name: &str) -> Result<PathBuf> {
    Ok(dir()?.join("debug").join(name).with_extension(EXE_EXTENSION))
}
