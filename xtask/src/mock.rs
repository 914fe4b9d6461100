//! The mock backend as a running program.

use std::{
    env, fs,
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
            Self::Native => "mock",
            Self::Npm => "mock-package",
        }
    }

    /// Where that puts it.
    pub(crate) fn program(self) -> Result<PathBuf> {
        match self {
            Self::Native => program(),
            Self::Npm => Ok(npm_program()),
        }
    }

    /// Tags of the tests that it has not what they need for: npm's keeps nothing in a file.
    pub(crate) fn lacks(self) -> &'static [&'static str] {
        match self {
            Self::Native => &[],
            Self::Npm => &["@db"],
        }
    }
}

/// A mock backend that runs until this is dropped.
pub(crate) struct Mock {
    handle: Running,
    pub(crate) ready: Ready,
}

/// The first line that it prints.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ready {
    pub(crate) url: String,
    pub(crate) api_key: String,
}

/// The step that builds it.
pub(crate) fn step() -> Step {
    let build = |progress: &Progress| {
        Command::new("cargo").args(["build", "--package=ansdev-mock-backend"]).run(progress)?;
        let (built, program) = (built("debug")?, program()?);
        fs::create_dir_all(program.parent().context("a program lies in a folder")?)?;
        // One that still runs cannot be written to.
        let _ = fs::remove_file(&program);
        fs::copy(&built, &program).with_context(|| format!("copying {}", built.display()))?;
        Ok(String::new())
    };
    Step::new("mock", build).needs(&["rust"])
}

/// Where that puts it: apart, because cargo builds it anew with other features beside the tests that use it.
pub(crate) fn program() -> Result<PathBuf> {
    built("mock")
}

fn built(folder: &str) -> Result<PathBuf> {
    let program = cargo_target::dir()?.join(folder).join("ansdev-mock-backend");
    Ok(program.with_extension(env::consts::EXE_EXTENSION))
}

/// The same as an npm package, which `mock-package` builds.
pub(crate) fn npm_program() -> PathBuf {
    workspace::path("mock-backend/npm/dist/cli.js")
}

impl Mock {
    /// Starts it with these arguments and waits for the line that says it serves.
    pub(crate) fn start(kind: Kind, args: &[&str]) -> Result<Self> {
        // A line for every request would bury what these commands have to say.
        let log = env::var_os("RUST_LOG").unwrap_or_else(|| "warn".into());
        let command = Command::new(kind.program()?).args(args).args(["--json"]).env("RUST_LOG", log);
        let handle = command.expression().stdin_null().unchecked().reader();
        let handle = Running(handle.with_context(|| format!("starting {command}"))?);
        let mut line = String::new();
        BufReader::new(&handle.0).read_line(&mut line)?;
        let ready = serde_json::from_str(&line).with_context(|| format!("{command} did not say where it serves"))?;
        Ok(Self { handle, ready })
    }

    /// Waits until it ends, by itself or through [`Mock::stop`].
    pub(crate) fn wait(&self) -> Result<()> {
        std::io::copy(&mut &self.handle.0, &mut std::io::sink())?;
        Ok(())
    }

    pub(crate) fn stop(&self) {
        self.handle.stop();
    }
}

/// A program that does not outlive this value.
struct Running(ReaderHandle);

impl Running {
    fn stop(&self) {
        // It fails only where the program has ended already.
        let _ = self.0.kill();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}
