//! `cargo xtask sbom`: bills of materials as `CycloneDX` JSON, one for the WebAssembly, whose crates no tool can see in the
//! npm package, and one for the npm package.

use std::{collections::BTreeSet, fs, path::PathBuf};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::{
    cargo_target,
    command::Command,
    progress::Progress,
    setup::{self, cargo_tool::CargoTool},
    step::{Plan, Step},
    workspace,
};

const CYCLONEDX: CargoTool = CargoTool { name: "cargo-cyclonedx", version: "0.5.9" };

const TARGET: &str = "--target=wasm32-unknown-unknown";

/// The name that the tool gives its bills, one beside each Cargo.toml; they do not stay there.
const BESIDE_MANIFEST: &str = "bill-of-materials";

/// What a bill lists.
#[derive(Deserialize)]
struct Bill {
    components: Vec<Component>,
}

#[derive(Deserialize)]
struct Component {
    name: String,
    version: String,
    scope: Option<String>,
}

pub(crate) fn run() -> Result<()> {
    let steps = setup::build_tools().into_iter().chain(steps());
    Plan::new(steps)?.run().require()?;
    println!("\nWritten: {} and {}", file("wasm")?.display(), file("npm")?.display());
    Ok(())
}

/// They need those of [`setup::build_tools`] before them.
pub(super) fn steps() -> [Step; 2] {
    let write = Step::new("sbom", |progress| {
        Ok(format!("{} crates, {} npm packages", bill_of_wasm(progress)?, bill_of_npm()?))
    });
    [CYCLONEDX.step().needs(&["rust"]), write.needs(&[CYCLONEDX.name, "npm-packages"])]
}

fn file(of: &str) -> Result<PathBuf> {
    let folder = cargo_target::dir()?.join("sbom");
    fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("ansdev-player-{of}.cdx.json")))
}

/// Of the crate as it is compiled for browsers: with its feature `web`, without tests and what only other targets need.
fn bill_of_wasm(progress: &Progress) -> Result<usize> {
    CYCLONEDX
        .command()?
        .args(["cyclonedx", "--format=json", "--spec-version=1.5", "--no-build-deps", "--features=web", TARGET])
        .args([format!("--override-filename={BESIDE_MANIFEST}")])
        .run(progress)?;
    // The tool writes a bill for each member of the workspace; only the player is shipped as WebAssembly.
    let name = format!("{BESIDE_MANIFEST}.json");
    fs::copy(workspace::path(&name), file("wasm")?).context("copying the bill of the WebAssembly")?;
    let bills = ["ls-files", "--others", "--exclude-standard", "--", &name, &format!("*/{name}")];
    for bill in Command::new("git").args(bills).read()?.lines() {
        fs::remove_file(workspace::path(bill)).with_context(|| format!("removing {bill}"))?;
    }

    let Bill { components } = serde_json::from_slice(&fs::read(file("wasm")?)?).context("reading the bill")?;
    let parts = components.iter().filter(|part| part.scope.as_deref() != Some("excluded"));
    let named: BTreeSet<_> = parts.map(|Component { name, version, .. }| format!("{name} v{version}")).collect();
    for linked in linked()? {
        ensure!(named.contains(&linked), "the bill of the WebAssembly does not name {linked}");
    }
    Ok(components.len())
}

/// The crates that cargo links into the WebAssembly, as "name v1.2.3".
fn linked() -> Result<Vec<String>> {
    let tree = ["tree", "--package=ansdev-player", "--features=web", "--edges=normal,no-proc-macro", TARGET];
    let tree = Command::new("cargo").args(tree).args(["--prefix=none", "--format={p}"]).read()?;
    // The first is the player itself.
    let crates = tree.lines().skip(1).map(|line| line.split_whitespace().take(2).collect::<Vec<_>>().join(" "));
    let crates: Vec<_> = crates.collect();
    ensure!(!crates.is_empty(), "cargo tree does not name the crates of the WebAssembly");
    Ok(crates)
}

/// Of what a page gets by `npm install`.
fn bill_of_npm() -> Result<usize> {
    let args = ["sbom", "--sbom-format=cyclonedx", "--sbom-type=library", "--omit=dev", "--workspace=js"];
    let bill = Command::npm(args).read()?;
    let Bill { components } = serde_json::from_str(&bill).context("npm sbom printed something unexpected")?;
    fs::write(file("npm")?, bill)?;
    Ok(components.len())
}
