//! `cargo xtask contract`: the mock backend against its own OpenAPI document, by Schemathesis.

use std::{ffi::OsStr, fs, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result};

use crate::{
    build, cargo_target,
    command::Command,
    mock::{self, Kind, Mock},
    progress::Progress,
    setup,
    step::{Plan, Step},
    workspace,
};

/// Schemathesis and all that it needs, each at one version.
const REQUIREMENTS: &str = "xtask/contract/requirements.txt";

/// What Schemathesis is told; [`SESSION_COOKIE`] in it stands for a name that only the running mock knows.
const CONFIGURATION: &str = "xtask/contract/schemathesis.toml";
const SESSION_COOKIE: &str = "{session cookie}";

/// Python, and the folder in which a virtual environment has its programs.
const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };
const PROGRAMS: &str = if cfg!(windows) { "Scripts" } else { "bin" };

/// The native mock, and the npm one.
pub(crate) fn run() -> Result<ExitCode> {
    let mut steps = setup::build_tools();
    steps.extend([Step::new("schemathesis", install), mock::step()]);
    steps.extend(build::mock_package());
    for (name, kind) in [("contract", Kind::Native), ("contract-npm", Kind::Npm)] {
        steps.push(Step::new(name, move |progress| contract(kind, progress)).needs(&["schemathesis", kind.step()]));
    }
    Ok(Plan::new(steps)?.run().conclude())
}

fn environment() -> Result<PathBuf> {
    Ok(cargo_target::dir()?.join("schemathesis"))
}

/// A virtual environment of its own, made again when the requirements change.
fn install(progress: &Progress) -> Result<String> {
    let (environment, wanted) = (environment()?, fs::read(workspace::path(REQUIREMENTS))?);
    let installed = environment.join("requirements.txt");
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok("up to date".to_owned());
    }
    let advice =
        "Install Python 3.10 or newer with its venv module: `sudo apt-get install python3-venv` on Debian and Ubuntu";
    let python = Command::new(PYTHON).args(["-m", "venv", "--clear"]).args([&environment]);
    python.run(progress).context(advice)?;
    let pip = Command::new(environment.join(PROGRAMS).join("pip")).args([
        "install",
        "--quiet",
        "--requirement",
        REQUIREMENTS,
    ]);
    pip.run(progress)?;
    fs::write(installed, wanted)?;
    Ok("installed".to_owned())
}

fn contract(kind: Kind, progress: &Progress) -> Result<String> {
    let mock = Mock::start(kind, &["--listen", "127.0.0.1:0", "--seed", "demo"])?;
    let (_, port) = mock.ready.url.rsplit_once(':').context("the mock's address has no port")?;
    // Cookies do not know ports, so the mock puts its port into the name.
    let configuration = fs::read_to_string(workspace::path(CONFIGURATION))?;
    let configuration = configuration.replace(SESSION_COOKIE, &format!("ansdev_session_{port}"));
    let file = environment()?.join("schemathesis.toml");
    fs::write(&file, configuration)?;

    let output = Command::new(environment()?.join(PROGRAMS).join("schemathesis"))
        .args([OsStr::new("--config-file"), file.as_os_str()])
        .args(["run", &format!("{}/openapi.json", mock.ready.url), "--checks=all"])
        .env("ANSDEV_API_KEY", &mock.ready.api_key)
        // It keeps its examples and reports where it runs.
        .dir(environment()?)
        .run(progress)?;
    let cases = output.lines().find_map(|line| line.trim().split_once(" generated")).map(|(cases, _)| cases);
    Ok(format!("{} cases", cases.context("Schemathesis did not say how many cases it tried")?))
}
