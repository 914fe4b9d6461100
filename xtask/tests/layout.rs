//! The layout that ARCHITECTURE.md describes is the one that is there.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every folder that holds a file of the repository, with a slash at its end.
fn folders() -> BTreeSet<String> {
    let files = Command::new("git").args(["ls-files"]).current_dir(root()).output().unwrap();
    let files = String::from_utf8(files.stdout).unwrap();
    let ancestors = |file: &str| {
        let folders: Vec<_> = Path::new(file).ancestors().skip(1).map(|path| format!("{}/", path.display())).collect();
        folders.into_iter().filter(|folder| folder != "/")
    };
    files.lines().filter(|file| root().join(file).exists()).flat_map(ancestors).collect()
}

/// The folders in the first column of the layout's table.
fn mapped() -> BTreeSet<String> {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let (_, table) = page.split_once("| folder | what it is |\n|---|---|\n").expect("the table is there");
    let rows = table.lines().take_while(|line| line.starts_with('|'));
    rows.flat_map(|row| row.split('|').nth(1).unwrap().split('`').skip(1).step_by(2).map(str::to_owned)).collect()
}

/// What the table does not name. A folder below one that the table does not divide further belongs to that one.
fn unmapped<'a>(folders: &'a BTreeSet<String>, mapped: &BTreeSet<String>) -> Vec<&'a String> {
    let is_divided = |folder: &str| mapped.iter().any(|other| other != folder && other.starts_with(folder));
    let is_whole = |folder: &&String| mapped.iter().any(|whole| folder.starts_with(whole) && !is_divided(whole));
    folders.iter().filter(|folder| !mapped.contains(*folder) && !is_whole(folder)).collect()
}

#[test]
fn the_table_names_every_folder_and_no_other() {
    let (folders, mapped) = (folders(), mapped());
    assert!(folders.len() > 40, "{folders:?}");
    assert_eq!(unmapped(&folders, &mapped), Vec::<&String>::new(), "not in ARCHITECTURE.md's table");
    assert_eq!(mapped.difference(&folders).collect::<Vec<_>>(), Vec::<&String>::new(), "in the table, not in the tree");
}

#[test]
fn notices_a_new_folder_among_mapped_ones() {
    let set = |names: &[&str]| names.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
    let folders = set(&["js/src/", "js/src/client/", "js/src/extra/", "tests/soak/", "tests/soak/pages/"]);
    let mapped = set(&["js/src/", "js/src/client/", "tests/soak/"]);
    assert_eq!(unmapped(&folders, &mapped), ["js/src/extra/"]);
}
