//! Every dependency is in CONTRIBUTING.md with the reason for it, and nothing else is there.

use std::{collections::BTreeSet, fs, path::PathBuf, process::Command};

use serde_json::Value;

/// Packages with a lockfile of their own. The examples have none: each names what its reader installs.
const APART: [&str; 7] = [
    "tests/bundlers",
    "tests/bundlers/apart/nuxt",
    "tests/bundlers/apart/parcel",
    "tests/environments/newest",
    "tests/environments/oldest",
    "tests/runtimes",
    "benches/peers",
];

/// This repository's own.
const OWN: [&str; 3] = ["ansdev-player", "ansdev-mock-backend", "@ansdev/player"];

fn file(path: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names in the first column of the table with this heading: each stands in backticks.
fn listed(heading: &str) -> BTreeSet<String> {
    let page = file("CONTRIBUTING.md");
    let (_, table) = page.split_once(&format!("| {heading} | why |\n|---|---|\n")).expect("the table is there");
    let rows = table.lines().take_while(|line| line.starts_with('|'));
    rows.flat_map(|row| {
        let [_, names, why, _] = row.split('|').collect::<Vec<_>>()[..] else { panic!("two columns: {row}") };
        assert!(!why.trim().is_empty(), "no reason: {row}");
        let names: Vec<_> = names.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        assert!(!names.is_empty(), "no name: {row}");
        names
    })
    .collect()
}

fn compare(heading: &str, used: &BTreeSet<String>) {
    let listed = listed(heading);
    assert!(!used.is_empty());
    let without_reason: Vec<_> = used.difference(&listed).collect();
    assert!(without_reason.is_empty(), "CONTRIBUTING.md says of no {heading} why it is there: {without_reason:?}");
    let gone: Vec<_> = listed.difference(used).collect();
    assert!(gone.is_empty(), "CONTRIBUTING.md lists what is no longer used: {gone:?}");
}

#[test]
fn every_crate_has_its_reason() {
    let metadata = Command::new(env!("CARGO")).args(["metadata", "--no-deps", "--format-version=1"]).output().unwrap();
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let names = packages.iter().flat_map(|package| package["dependencies"].as_array().unwrap());
    let names = names.map(|dependency| dependency["name"].as_str().unwrap().to_owned());
    compare("crate", &names.filter(|name| !OWN.contains(&name.as_str())).collect());
}

#[test]
fn every_npm_package_has_its_reason() {
    let package = |folder: &str| -> Value { serde_json::from_str(&file(&format!("{folder}/package.json"))).unwrap() };
    let root = package(".");
    let workspaces = root["workspaces"].as_array().unwrap().iter().map(|folder| folder.as_str().unwrap());
    let mut used = BTreeSet::new();
    for folder in workspaces.chain(APART).chain(["."]) {
        let package = package(folder);
        for kind in ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"] {
            used.extend(package[kind].as_object().into_iter().flat_map(|names| names.keys().cloned()));
        }
    }
    used.retain(|name| !OWN.contains(&name.as_str()));
    compare("npm package", &used);
}
