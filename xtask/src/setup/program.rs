//! Programs of this machine.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use crate::command::Command;

/// What the environment variable names, or else the first of these names in PATH.
pub(crate) fn locate(variable: &str, names: &[&str]) -> Result<PathBuf> {
    if let Some(named) = env::var_os(variable) {
        ensure!(Path::new(&named).is_file(), "{variable} names {}, which is not a file", named.display());
        return Ok(named.into());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let mut candidates = names.iter().flat_map(|name| env::split_paths(&path).map(move |dir| dir.join(name)));
    candidates.find(|file| file.is_file()).with_context(|| format!("{} is not in PATH", names[0]))
}

/// The version number that a program prints about itself.
pub(crate) fn version(program: &Path) -> Result<String> {
    let printed = Command::new(program).args(["--version"]).read()?;
    let number =
        printed.split_whitespace().find(|word| word.contains('.') && word.starts_with(|c: char| c.is_ascii_digit()));
    Ok(number.with_context(|| format!("{} --version says {printed:?}", program.display()))?.to_owned())
}
