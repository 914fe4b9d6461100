//! Programs from crates.io, which cargo builds: into `target/tools`, at a stated version, once.

use std::{ffi::OsString, fs, path::PathBuf};

use anyhow::Result;

use crate::{cargo_target, command::Command, progress::Progress, step::Step};

/// A program on crates.io whose crate has its name.
pub(crate) struct CargoTool {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

impl CargoTool {
    /// Builds it, unless this version is there. Without optimisation: it builds in half the time, and is fast enough.
    pub(crate) fn prepare(&self, progress: &Progress) -> Result<String> {
        let root = cargo_target::dir()?.join("tools");
        // cargo's own record. Asked itself, cargo would ask the registry.
        let installed = fs::read_to_string(root.join(".crates.toml")).unwrap_or_default();
        if !installed.contains(&format!("\"{} {} ", self.name, self.version)) {
            let install =
                Command::new("cargo").args(["install", "--debug", &format!("{}@{}", self.name, self.version)]);
            // Not `--locked`: a mirror of the registry may lack the very latest of what the lockfile names. One folder for
            // what is built: the tools have many dependencies in common.
            let folders = [OsString::from("--target-dir"), root.join("build").into(), "--root".into(), root.into()];
            install.args(folders).env("CARGO_PROFILE_DEV_DEBUG", "false").run(progress)?;
        }
        Ok(self.version.to_owned())
    }

    /// The step that prepares it.
    pub(crate) fn step(&'static self) -> Step {
        Step::new(self.name, |progress| self.prepare(progress))
    }

    /// Where [`CargoTool::prepare`] puts it.
    pub(crate) fn path(&self) -> Result<PathBuf> {
        let file = PathBuf::from("tools/bin").join(self.name);
        Ok(cargo_target::dir()?.join(file).with_extension(std::env::consts::EXE_EXTENSION))
    }

    /// Its command line, without arguments.
    pub(crate) fn command(&self) -> Result<Command> {
        Ok(Command::new(self.path()?))
    }
}
