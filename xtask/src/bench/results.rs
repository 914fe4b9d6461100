//! All that one run measured, and where.

use std::{collections::BTreeMap, env, fs, thread};

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::figure::Figure;
use crate::{command::Command, setup::chromium};

/// The JSON of `cargo xtask bench --json`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Results {
    pub(crate) machine: Machine,
    /// By the group's name.
    #[serde(flatten)]
    pub(crate) groups: BTreeMap<String, Vec<Figure>>,
}

/// What the figures were measured on.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) os: String,
    pub(crate) arch: String,
    pub(crate) cpus: usize,
    /// The processor's name, where the system tells it.
    pub(crate) processor: Option<String>,
    pub(crate) chromium: String,
    pub(crate) rustc: String,
    pub(crate) node: String,
}

impl Results {
    pub(crate) fn to_json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

impl Machine {
    pub(crate) fn this() -> Result<Self> {
        let version = |command: Command| Ok::<_, anyhow::Error>(command.args(["--version"]).read()?.trim().to_owned());
        Ok(Self {
            os: env::consts::OS.to_owned(),
            arch: env::consts::ARCH.to_owned(),
            cpus: thread::available_parallelism()?.get(),
            processor: processor(),
            chromium: version(Command::new(chromium::find()?.browser))?,
            rustc: version(Command::new("rustc"))?,
            node: version(Command::new("node"))?,
        })
    }
}

fn processor() -> Option<String> {
    let about = fs::read_to_string("/proc/cpuinfo").ok()?;
    let name = about.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    name.map(|(_, name)| name.trim().to_owned())
}
