//! `cargo xtask contract`: the mock backend against its own OpenAPI document, by Schemathesis.

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result};

use crate::{
    command::Command,
    mock::{self, Mock},
    progress::Progress,
    step::{Plan, Step},
    workspace,
};

/// Schemathesis and all that it needs, each at one version.
const REQUIREMENTS: &str = "xtask/contract-requirements.txt";

pub(crate) fn run() -> Result<ExitCode> {
    let steps = [
        Step::new("schemathesis", install),
        Step::command("mock", mock::build()),
        Step::new("contract", contract).needs(&["schemathesis", "mock"]),
    ];
    Ok(Plan::new(steps)?.run().conclude())
}

fn environment() -> Result<PathBuf> {
    Ok(workspace::cargo_target()?.join("schemathesis"))
}

/// A virtual environment of its own, made again when the requirements change.
fn install(progress: &Progress) -> Result<String> {
    let (environment, wanted) = (environment()?, fs::read(workspace::path(REQUIREMENTS))?);
    let installed = environment.join("requirements.txt");
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok("up to date".to_owned());
    }
    let advice = "Install Python 3.10 or newer with its venv module (on Debian and Ubuntu: python3 and python3-venv)";
    let python = Command::new("python3").args(["-m", "venv", "--clear"]).args([&environment]);
    python.run(progress).context(advice)?;
    let pip = Command::new(environment.join("bin/pip")).args(["install", "--quiet", "--requirement", REQUIREMENTS]);
    pip.run(progress)?;
    fs::write(installed, wanted)?;
    Ok("installed".to_owned())
}

fn contract(progress: &Progress) -> Result<String> {
    let mock = Mock::start(&["--listen", "127.0.0.1:0", "--seed", "demo"])?;
    let (document, key) = (format!("{}/openapi.json", mock.ready.url), format!("x-ansdev-key: {}", mock.ready.api_key));
    let run = Command::new(environment()?.join("bin/schemathesis"));
    run.args(["run", &document, "--checks=all", "--header", &key]).run(progress)?;
    Ok(String::new())
}
