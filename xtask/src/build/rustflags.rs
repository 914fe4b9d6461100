//! Compiler flags for the WebAssembly.

use std::{env, ffi::OsString, fs, path::Path, path::PathBuf};

use anyhow::{Context, Result};

use crate::{command::Command, workspace};

/// For `CARGO_ENCODED_RUSTFLAGS`, which replaces whatever RUSTFLAGS there are.
pub(super) fn all(stack_bytes: u32) -> Result<OsString> {
    let mut flags = without_paths()?;
    flags.push(format!("-Clink-arg=-zstack-size={stack_bytes}").into());
    Ok(flags.join("\u{1f}".as_ref()))
}

/// Removes this machine's paths, which panics would name: so two machines build the same bytes.
fn without_paths() -> Result<Vec<OsString>> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
    let registries = home.context("there is neither CARGO_HOME nor a home directory")?.join("registry/src");
    let mut flags = vec![remap(workspace::root(), "player")];
    for registry in fs::read_dir(&registries).with_context(|| format!("reading {}", registries.display()))? {
        flags.push(remap(&registry?.path(), "crates"));
    }
    let sysroot = Command::new("rustc").args(["--print=sysroot"]).read()?;
    flags.push(remap(&Path::new(sysroot.trim()).join("lib/rustlib/src/rust"), "rust"));
    Ok(flags)
}

fn remap(path: &Path, name: &str) -> OsString {
    let mut flag = OsString::from("--remap-path-prefix=");
    flag.push(path);
    flag.push("=");
    flag.push(name);
    flag
}
