//! The wasm target, rustfmt and clippy of the toolchain that `rust-toolchain.toml` pins. rustup installs them with the
//! toolchain; this adds them where the same toolchain had been installed without them before.

use std::path::Path;

use anyhow::{Context, Result};

use crate::{command::Command, progress::Progress};

const TARGET: &str = "wasm32-unknown-unknown";

pub(crate) fn prepare(progress: &Progress) -> Result<String> {
    let sysroot = Command::new("rustc").args(["--print", "sysroot"]).read()?;
    if !Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).is_dir() {
        rustup(&["target", "add", TARGET], progress)?;
    }
    for component in ["rustfmt", "clippy"] {
        let tool = if component == "clippy" { "cargo-clippy" } else { component };
        if Command::new(tool).args(["--version"]).read().is_err() {
            rustup(&["component", "add", component], progress)?;
        }
    }
    let version = Command::new("rustc").args(["--version"]).read()?;
    Ok(version.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
}

fn rustup(args: &[&str], progress: &Progress) -> Result<()> {
    let added = Command::new("rustup").args(args).run(progress);
    added.context("Install rustup from https://rustup.rs: it brings the toolchain of rust-toolchain.toml")?;
    Ok(())
}
