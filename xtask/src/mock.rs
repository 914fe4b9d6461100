//! The mock backend as a running program.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
};

use anyhow::{Context, Result};
use duct::ReaderHandle;
use serde::Deserialize;

use crate::{cargo_target, command::Command, progress::Progress, step::Step, workspace};

/// Which mock the tests of the SDK run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    /// The native program.
    Native,
    /// The npm package.
    Npm,
}

impl Kind {
    /// The step that builds it.
    pub(crate) fn step(self) -> &'static str {
        match self {
            Self::Native => "mock-backend",
            Self::Npm => "mock-package",
        }
    }

    /// The program that the step builds.
    pub(crate) fn program(self) -> Result<PathBuf> {
        match self {
            Self::Native => {
                let built = cargo_target::program("ansdev-mock-backend")?;
                Ok(cargo_target::dir()?.join("mock").join(built.file_name().unwrap_or_default()))
            }
            Self::Npm => Ok(workspace::path("mock-backend/npm/dist/cli.js")),
        }
    }

    /// Tags of the tests that cannot run on it: the npm package has no `--db`.
    pub(crate) fn lacks(self) -> &'static [&'static str] {
        match self {
            Self::Native => &[],
            Self::Npm => &["@db"],
        }
    }
}

/// A mock backend that runs until this is dropped.
pub(crate) struct Mock {
    handle: ReaderHandle,
    pub(crate) ready: Ready,
}

/// The first line that it prints.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ready {
    pub(crate) url: String,
    pub(crate) api_key: String,
}

/// The step that builds the native one, and copies it: cargo builds it again with other features beside the tests.
pub(crate) fn step() -> Step {
    let build = |progress: &Progress| {
        Command::new("cargo").args(["build", "--package=ansdev-mock-backend"]).run(progress)?;
        let (built, program) = (cargo_target::program("ansdev-mock-backend")?, Kind::Native.program()?);
        fs::create_dir_all(program.with_file_name(""))?;
        // One that still runs cannot be written to.
        let _ = fs::remove_file(&program);
        fs::copy(&built, &program).with_context(|| format!("copying {}", built.display()))?;
        Ok(String::new())
    };
    Step::new("mock-backend", build).needs(&["rust"])
}

impl Mock {
    /// Starts it with these arguments and waits for the line that says it serves.
    pub(crate) fn start(kind: Kind, args: &[&str]) -> Result<Self> {
        // A line for every request would bury what these commands have to say.
        let log = std::env::var_os("RUST_LOG").unwrap_or_else(|| "warn".into());
        let command = Command::new(kind.program()?).args(args).args(["--json"]).env("RUST_LOG", log);
        let handle = command.expression().stdin_null().unchecked().reader();
        let mut mock = Self { handle: handle.with_context(|| format!("starting {command}"))?, ready: Ready::default() };
        let mut line = String::new();
        BufReader::new(&mock.handle).read_line(&mut line)?;
        mock.ready = serde_json::from_str(&line).with_context(|| format!("{command} did not print its address"))?;
        Ok(mock)
    }

    /// Waits until it ends, by itself or through [`Mock::stop`].
    pub(crate) fn wait(&self) -> Result<()> {
        std::io::copy(&mut &self.handle, &mut std::io::sink())?;
        Ok(())
    }

    pub(crate) fn stop(&self) {
        // It fails only where the program has ended already.
        let _ = self.handle.kill();
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        self.stop();
    }
}
