//! The floors of the sources: each knows only those below it, and no files know each other in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// From the top down.
const FLOORS: [&str; 4] = ["native", "routes", "http", "state"];

/// What the lowest floor must not name.
const HTTP: [&str; 5] = ["axum", "hyper", "tower", "tower_http", "utoipa_axum"];

/// The module of each file, such as `state::store::key`, and its text without the unit tests.
fn modules() -> BTreeMap<String, String> {
    let sources = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut modules = BTreeMap::new();
    collect(&sources, &sources, &mut modules);
    modules
}

fn collect(folder: &Path, sources: &Path, modules: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, sources, modules);
            continue;
        }
        let relative = path.strip_prefix(sources).unwrap().with_extension("");
        let names: Vec<_> = relative.iter().map(|name| name.to_str().unwrap()).filter(|name| *name != "mod").collect();
        let text = fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        let code: Vec<_> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        modules.insert(names.join("::"), code.join("\n"));
    }
}

/// Every path in a text that starts with this, braces resolved one level deep.
fn paths(text: &str, start: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices(start) {
        if text[..at].ends_with(is_name) {
            continue;
        }
        let rest = &text[at..];
        let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let (path, rest) = rest.split_at(end);
        match rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            Some((names, _)) if path.ends_with("::") => {
                found.extend(names.split(',').map(|name| format!("{path}{}", name.trim())));
            }
            _ => drop(found.insert(path.to_owned())),
        }
    }
    found
}

/// The module that a path from the crate's root leads into: the longest one that there is.
fn resolved(path: &str, modules: &BTreeMap<String, String>) -> Option<String> {
    let parts: Vec<_> = path.split("::").collect();
    (1..=parts.len()).rev().map(|length| parts[..length].join("::")).find(|module| modules.contains_key(module))
}

/// The modules that a module uses.
fn used(module: &str, modules: &BTreeMap<String, String>) -> BTreeSet<String> {
    let text = &modules[module];
    let parent = module.rsplit_once("::").map(|(parent, _)| parent);
    let mut roots: BTreeSet<String> =
        paths(text, "crate::").iter().filter_map(|path| Some(path.strip_prefix("crate::")?.to_owned())).collect();
    for path in paths(text, "super::") {
        assert!(!path.starts_with("super::super"), "{module} goes up by more than one: {path}");
        let name = path.trim_start_matches("super::");
        roots.insert(parent.map_or_else(|| name.to_owned(), |parent| format!("{parent}::{name}")));
    }
    // A module's own children, as in `pub use key::KeyRow`.
    let children = modules.keys().filter_map(|known| known.strip_prefix(module)?.strip_prefix("::"));
    for child in children.filter(|child| !child.contains("::")) {
        if !paths(text, &format!("{child}::")).is_empty() {
            roots.insert(format!("{module}::{child}"));
        }
    }
    let mut used: BTreeSet<_> = roots.iter().filter_map(|path| resolved(path, modules)).collect();
    used.remove(module);
    used
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| module.split("::").next() == Some(floor))
}

#[test]
fn each_floor_knows_only_those_below_it() {
    let modules = modules();
    for module in modules.keys() {
        let Some(own) = floor(module) else { continue };
        for other in used(module, &modules) {
            assert!(floor(&other).is_some_and(|other| other >= own), "{module} uses {other}");
        }
    }
}

#[test]
fn the_lowest_floor_has_no_http_in_it() {
    for (module, text) in modules().iter().filter(|(module, _)| module.starts_with("state")) {
        for name in HTTP {
            assert!(paths(text, &format!("{name}::")).is_empty(), "{module} uses {name}");
        }
    }
}

#[test]
fn no_files_know_each_other_in_a_circle() {
    let modules = modules();
    let mut uses: BTreeMap<_, _> = modules.keys().map(|module| (module.clone(), used(module, &modules))).collect();
    assert!(uses.values().map(BTreeSet::len).sum::<usize>() > 100, "the sources were read");
    // Whoever uses nothing that is left is in no circle.
    while let Some(done) = uses.iter().find(|(_, others)| others.is_empty()).map(|(module, _)| module.clone()) {
        uses.remove(&done);
        for others in uses.values_mut() {
            others.remove(&done);
        }
    }
    assert!(uses.is_empty(), "{uses:#?}");
}

#[test]
fn what_a_mock_is_has_its_methods_on_one_floor() {
    for (module, text) in modules() {
        assert!(module == "state::backend" || !text.contains("impl Backend"), "{module} has methods of Backend");
    }
}
