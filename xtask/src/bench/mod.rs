//! `cargo xtask bench`: groups of figures, each beside what it is compared with. A new group is a file here and a line
//! in [`GROUPS`].

mod browser;
mod economy;
mod figure;
mod load;
mod samples;
mod size;
mod viewers;

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use console::style;
use serde_json::{Map, Value, json};

use crate::{
    build,
    command::Command,
    mock,
    progress::Progress,
    setup,
    step::{Plan, Step},
    workspace,
};
use figure::Figure;

/// Figures that are measured together.
struct Group {
    name: &'static str,
    /// What it measures, for the table's heading.
    about: &'static str,
    measure: fn(&Progress) -> Result<Vec<Figure>>,
}

/// Other players, from npm at pinned versions, which nothing but the benchmarks needs.
const PEERS: &str = "benches/peers";

const GROUPS: &[Group] =
    &[size::GROUP, browser::STARTUP, browser::RESOLVE, economy::GROUP, load::GROUP, viewers::HERD, viewers::STEPS];

pub(crate) fn run(json: Option<&Path>, only: &[String]) -> Result<()> {
    if let Some(unknown) = only.iter().find(|name| GROUPS.iter().all(|group| group.name != **name)) {
        bail!(
            "no group is called {unknown}; there are {}",
            GROUPS.iter().map(|group| group.name).collect::<Vec<_>>().join(", ")
        );
    }
    let steps = setup::build_tools().into_iter().chain(build::steps());
    let peers = |progress: &Progress| setup::node::install_packages(&workspace::path(PEERS), progress);
    let peers = Step::new("peers", peers).needs(&["node"]);
    let mock = Step::command("mock", mock::build()).needs(&["rust"]);
    Plan::new(steps.chain([peers, mock, setup::browser()]))?.run().require()?;

    let mut figures = Map::new();
    for group in GROUPS.iter().filter(|group| only.is_empty() || only.iter().any(|name| name == group.name)) {
        let progress = Progress::start(group.name);
        let measured = (group.measure)(&progress);
        progress.finish();
        let measured = measured.with_context(|| format!("measuring {}", group.name))?;
        println!("\n{}  {}", style(group.name).bold(), group.about);
        for figure in &measured {
            println!("  {figure}");
        }
        figures.insert(group.name.to_owned(), json!(measured));
    }
    if let Some(file) = json {
        figures.insert("machine".to_owned(), machine()?);
        let text = serde_json::to_string_pretty(&figures)? + "\n";
        fs::write(file, text).with_context(|| format!("writing {}", file.display()))?;
    }
    Ok(())
}

/// What the figures were measured on.
fn machine() -> Result<Value> {
    let version =
        |program: &str| Ok::<_, anyhow::Error>(Command::new(program).args(["--version"]).read()?.trim().to_owned());
    Ok(json!({
        "os": std::env::consts::OS,
        "arch": std::env::consts::ARCH,
        "cpus": std::thread::available_parallelism()?,
        "rustc": version("rustc")?,
        "node": version("node")?,
    }))
}
