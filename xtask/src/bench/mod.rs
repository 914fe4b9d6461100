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

use crate::{
    build, mock,
    progress::Progress,
    setup,
    step::{Plan, Step},
    workspace,
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
    let steps = setup::build_tools().into_iter().chain(build::steps());
    let peers =
        |progress: &Progress| setup::node::install_packages(&workspace::path(PEERS), setup::node::LOCKED, progress);
    let peers = Step::new("peers", peers).needs(&["node"]);
    let mock = mock::step();
    Plan::new(steps.chain([peers, mock, setup::browser()]))?.run().require()?;

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
            // The others took minutes; they are not lost with this one.
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
