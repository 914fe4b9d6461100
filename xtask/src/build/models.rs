//! `js/src/models.ts`: the data's types, written from the Rust structs and committed, so that TypeScript sources check
//! without a build.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::workspace;

const FILE: &str = "js/src/models.ts";

/// Writes the file where it differs.
pub(crate) fn write() -> Result<String> {
    if check().is_ok() {
        return Ok("up to date".to_owned());
    }
    fs::write(workspace::path(FILE), declarations()).with_context(|| format!("writing {FILE}"))?;
    Ok(format!("wrote {FILE}; commit it"))
}

/// An error if the committed file is not what the Rust structs say.
pub(crate) fn check() -> Result<String> {
    let committed = fs::read_to_string(workspace::path(FILE)).with_context(|| format!("reading {FILE}"))?;
    let (mut wanted, mut found) = (declarations().lines().map(str::to_owned).collect::<Vec<_>>(), committed.lines());
    let differing = wanted.drain(..).zip(1..).find(|(line, _)| found.next() != Some(line));
    if let Some((line, number)) = differing {
        anyhow::bail!(
            "{FILE}:{number} should be {line:?}, as the Rust structs have it; `cargo xtask build` writes the file"
        );
    }
    ensure!(
        found.next().is_none(),
        "{FILE} has lines that the Rust structs do not; `cargo xtask build` writes the file"
    );
    Ok(String::new())
}

fn declarations() -> String {
    ansdev_player::typescript::declarations()
}
