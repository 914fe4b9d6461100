//! `cargo xtask sbom`: bills of materials as `CycloneDX` JSON, one for the WebAssembly, whose crates no tool can see in the
//! npm package, and one for the npm package.

use std::{collections::BTreeSet, fs, path::PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::{
    cargo_target,
    command::Command,
    progress::Progress,
    setup::{self, cargo_tool::CargoTool},
    step::{Plan, Step},
    workspace,
};

pub(super) const CYCLONEDX: CargoTool = CargoTool { name: "cargo-cyclonedx", version: "0.5.9" };

const TARGET: &str = "wasm32-unknown-unknown";

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
    #[serde(default)]
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
    [
        Step::new("cargo-cyclonedx", |progress| CYCLONEDX.prepare(progress)).needs(&["rust"]),
        Step::new("sbom", write).needs(&["cargo-cyclonedx", "npm-packages"]),
    ]
}

fn write(progress: &Progress) -> Result<String> {
    fs::create_dir_all(folder()?)?;
    let crates = bill_of_wasm(progress)?;
    let packages = bill_of_npm()?;
    Ok(format!("{crates} crates, {packages} npm packages"))
}

/// Where the bills are.
fn folder() -> Result<PathBuf> {
    Ok(cargo_target::dir()?.join("sbom"))
}

fn file(of: &str) -> Result<PathBuf> {
    Ok(folder()?.join(format!("ansdev-player-{of}.cdx.json")))
}

/// Of the crate as it is compiled for browsers: with its feature `web`, without tests and what only other targets need.
fn bill_of_wasm(progress: &Progress) -> Result<usize> {
    let made = CYCLONEDX
        .command()?
        .args(["cyclonedx", "--format=json", "--spec-version=1.5", "--no-build-deps", "--features=web"])
        .args([format!("--target={TARGET}"), format!("--override-filename={BESIDE_MANIFEST}")])
        .run(progress);
    let kept = keep_own_bill();
    made.and(kept.map(|()| String::new()))?;

    let bill: Bill = serde_json::from_slice(&fs::read(file("wasm")?)?).context("the bill is not as expected")?;
    compare(&bill, &linked()?)?;
    Ok(bill.components.len())
}

/// The tool writes a bill for each member of the workspace; only the player's is shipped as WebAssembly.
fn keep_own_bill() -> Result<()> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        manifest_path: PathBuf,
    }
    let metadata = Command::new("cargo").args(["metadata", "--no-deps", "--format-version=1"]).read()?;
    let metadata: Metadata = serde_json::from_str(&metadata)?;
    for Package { manifest_path } in metadata.packages {
        let bill = manifest_path.with_file_name(BESIDE_MANIFEST).with_extension("json");
        if manifest_path.parent() == Some(workspace::root()) {
            fs::copy(&bill, file("wasm")?).with_context(|| format!("copying {}", bill.display()))?;
        }
        fs::remove_file(&bill).with_context(|| format!("removing {}", bill.display()))?;
    }
    Ok(())
}

/// The crates that cargo links into the WebAssembly, as "name version".
fn linked() -> Result<BTreeSet<String>> {
    let tree = Command::new("cargo")
        .args([
            "tree",
            "--package=ansdev-player",
            "--features=web",
            "--edges=normal,no-proc-macro",
            "--prefix=none",
            "--format={p}",
        ])
        .args([format!("--target={TARGET}")])
        .read()?;
    let crates = tree.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let (name, version) = (words.next()?, words.next()?);
        Some(format!("{name} {}", version.trim_start_matches('v')))
    });
    Ok(crates.filter(|name| !name.starts_with("ansdev-player ")).collect())
}

/// An error where a crate is in the WebAssembly, and the bill does not name it as part of it.
fn compare(bill: &Bill, linked: &BTreeSet<String>) -> Result<()> {
    ensure!(!linked.is_empty(), "cargo links nothing into the WebAssembly; expected wasm-bindgen at least");
    let parts = bill.components.iter().filter(|part| part.scope.as_deref() != Some("excluded"));
    let named: BTreeSet<String> = parts.map(|Component { name, version, .. }| format!("{name} {version}")).collect();
    let missing: Vec<_> = linked.difference(&named).map(String::as_str).collect();
    if !missing.is_empty() {
        bail!("the bill of the WebAssembly does not name {}", missing.join(", "));
    }
    Ok(())
}

/// Of what a page gets by `npm install`.
fn bill_of_npm() -> Result<usize> {
    let bill = Command::new("npm")
        .args(["sbom", "--sbom-format=cyclonedx", "--sbom-type=library", "--omit=dev", "--workspace=js"])
        .read()?;
    let Bill { components } = serde_json::from_str(&bill).context("npm sbom printed something unexpected")?;
    let package = fs::read_to_string(workspace::path("js/package.json"))?;
    let package: serde_json::Value = serde_json::from_str(&package)?;
    for name in package["dependencies"].as_object().context("js/package.json has no dependencies")?.keys() {
        ensure!(components.iter().any(|part| part.name == *name), "the bill of the npm package does not name {name}");
    }
    fs::write(file("npm")?, bill)?;
    Ok(components.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bill(parts: &[(&str, &str)]) -> Bill {
        let component = |&(name, scope): &(&str, &str)| Component {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            scope: Some(scope.to_owned()),
        };
        Bill { components: parts.iter().map(component).collect() }
    }

    #[test]
    fn a_bill_that_lacks_a_crate_is_refused() {
        let linked: BTreeSet<String> = ["talc 1.0.0".to_owned(), "zeroize 1.0.0".to_owned()].into();
        assert!(compare(&bill(&[("talc", "required"), ("zeroize", "required"), ("syn", "excluded")]), &linked).is_ok());
        for parts in [&[("talc", "required")][..], &[("talc", "required"), ("zeroize", "excluded")]] {
            let error = compare(&bill(parts), &linked).unwrap_err().to_string();
            assert_eq!(error, "the bill of the WebAssembly does not name zeroize 1.0.0");
        }
    }

    #[test]
    fn cargo_says_what_is_linked() {
        let linked = linked().unwrap();
        for name in ["wasm-bindgen", "gloo-net", "talc", "zeroize"] {
            assert!(linked.iter().any(|part| part.starts_with(&format!("{name} "))), "{name}: {linked:?}");
        }
        assert!(!linked.iter().any(|part| part.starts_with("syn ") || part.starts_with("proptest ")), "{linked:?}");
    }
}
