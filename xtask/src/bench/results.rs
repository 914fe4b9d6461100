//! All that one run measured, and where.

use std::{collections::BTreeMap, env, fmt, fs, thread};

use anyhow::{Result, ensure};
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
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// These, and of the groups that were not measured now the figures of `earlier`.
    ///
    /// An error if that was another machine, or one with other tools.
    pub(crate) fn over(mut self, earlier: Self) -> Result<Self> {
        if earlier.groups.keys().any(|group| !self.groups.contains_key(group)) {
            ensure!(
                self.machine == earlier.machine,
                "the published figures are of another machine, or older tools; publish all groups together"
            );
        }
        for (group, figures) in earlier.groups {
            self.groups.entry(group).or_insert(figures);
        }
        Ok(self)
    }

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

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { os, arch, cpus, processor, chromium, rustc, node } = self;
        let processor = processor.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
        writeln!(f, "Measured on {os} {arch}, {cpus} processors{processor}; {chromium}; {rustc}; Node {node}.\n")
    }
}

fn processor() -> Option<String> {
    let about = fs::read_to_string("/proc/cpuinfo").ok()?;
    let name = about.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    name.map(|(_, name)| name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_two_machines_are_not_mixed() {
        let results = |cpus: usize, groups: &[(&str, f64)]| {
            let machine = Machine { cpus, ..Machine::default() };
            let figure = |(name, value): &(&str, f64)| ((*name).to_owned(), vec![Figure::new(*name, *value, "ms")]);
            Results { machine, groups: groups.iter().map(figure).collect() }
        };
        let earlier = || results(2, &[("resolve", 1.0), ("leak", 1.0)]);
        let merged = results(2, &[("resolve", 2.0)]).over(earlier()).unwrap();
        assert_eq!(merged.groups, results(2, &[("resolve", 2.0), ("leak", 1.0)]).groups);
        assert!(results(4, &[("resolve", 2.0)]).over(earlier()).is_err());
        assert!(results(4, &[("resolve", 2.0), ("leak", 2.0)]).over(earlier()).is_ok());
    }
}
