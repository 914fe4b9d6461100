//! `cargo xtask bench`: groups of figures, each beside what it is compared with. A new group is a file here and a line
//! in [`GROUPS`].

mod browser;
mod chart;
mod economy;
pub(crate) mod figure;
mod load;
mod report;
pub(crate) mod results;
pub(crate) mod samples;
pub(crate) mod section;
mod size;
mod viewers;

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use console::style;
use serde::de::DeserializeOwned;

use crate::{
    build,
    command::Command,
    progress::Progress,
    step::{Plan, Step},
    suite,
};
use figure::Figure;
use results::{Machine, Results};

/// Figures that are measured together.
struct Group {
    name: &'static str,
    /// What it measures, for the heading of its table.
    about: &'static str,
    measure: fn(&Progress) -> Result<Vec<Figure>>,
}

/// Other players, from npm at pinned versions, which nothing but the benchmarks needs.
const PEERS: &str = "benches/peers";

const GROUPS: &[Group] = &[
    size::GROUP,
    browser::STARTUP,
    browser::FIRST_FRAME,
    browser::RESOLVE,
    browser::RENEWAL,
    browser::SESSIONS,
    browser::LEAK,
    economy::GROUP,
    load::GROUP,
    viewers::HERD,
    viewers::STEPS,
];

pub(crate) fn run(json: Option<&Path>, publish: bool, only: &[String]) -> Result<()> {
    if let Some(unknown) = only.iter().find(|name| GROUPS.iter().all(|group| group.name != **name)) {
        let known: Vec<_> = GROUPS.iter().map(|group| group.name).collect();
        bail!("no group is called {unknown}; there are {}", known.join(", "));
    }
    let peers = Step::new("peers", |progress| suite::install(PEERS, progress)).needs(&["node"]);
    Plan::new(build::for_browsers().into_iter().chain([peers]))?.run().require()?;

    let mut results = Results { machine: Machine::this()?, groups: BTreeMap::new() };
    let mut failed = Vec::new();
    for group in GROUPS.iter().filter(|group| only.is_empty() || only.iter().any(|name| name == group.name)) {
        let progress = Progress::start(group.name);
        let measured = (group.measure)(&progress);
        progress.finish();
        println!("\n{}  {}", style(group.name).bold(), group.about);
        match measured {
            Ok(figures) => {
                for figure in &figures {
                    println!("  {figure}");
                }
                results.groups.insert(group.name.to_owned(), figures);
            }
            // The other groups took minutes, and are kept.
            Err(error) => {
                println!("{error:#}");
                failed.push(group.name);
            }
        }
    }
    if let Some(file) = json {
        fs::write(file, results.to_json()?).with_context(|| format!("writing {}", file.display()))?;
    }
    ensure!(failed.is_empty(), "{} could not be measured", failed.join(", "));
    if publish { report::publish(results) } else { Ok(()) }
}

/// What a crate of `benches/` prints as JSON when it is told to measure this.
fn native<T: DeserializeOwned>(package: &str, what: &str, progress: &Progress) -> Result<T> {
    // Fast before small, as profile.release is not; see Cargo.toml.
    let cargo =
        |command: &str| Command::new("cargo").args([command, "--package", package, "--profile=bench", "--quiet"]);
    cargo("build").run(progress)?;
    let json = cargo("run").args(["--", what]).read()?;
    serde_json::from_str(&json).with_context(|| format!("{package} {what} printed something unexpected"))
}
