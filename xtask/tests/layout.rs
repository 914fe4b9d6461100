//! The layout that ARCHITECTURE.md describes is the one that is there, and its arrows have no circles.

use std::{
    collections::{BTreeMap, BTreeSet},
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

/// For each module below `folder` (a file, or a folder with its files) the modules beside it that it names by `prefix`.
fn arrows(folder: &str, prefix: &str) -> BTreeMap<String, BTreeSet<String>> {
    let folder = root().join(folder);
    let mut sources = BTreeMap::<String, String>::new();
    let mut rest = vec![folder.clone()];
    while let Some(path) = rest.pop() {
        if path.is_dir() {
            rest.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let module = path.strip_prefix(&folder).unwrap().components().next().unwrap();
            let module = Path::new(module.as_os_str()).file_stem().unwrap().to_string_lossy().into_owned();
            sources.entry(module).or_default().push_str(&fs::read_to_string(&path).unwrap());
        }
    }
    let modules: BTreeSet<_> = sources.keys().cloned().collect();
    let brace = format!("{prefix}{{");
    let named = |source: &str| {
        let braced = source.match_indices(&brace).flat_map(|(at, found)| top_level(&source[at + found.len()..]));
        let plain = source.match_indices(prefix).map(|(at, found)| word(&source[at + found.len()..]).to_owned());
        braced.chain(plain).filter(|name| modules.contains(name)).collect()
    };
    sources.iter().map(|(module, source)| (module.clone(), named(source))).collect()
}

/// The identifier that a text starts with.
fn word(text: &str) -> &str {
    text.split(|character: char| !character.is_alphanumeric() && character != '_').next().unwrap_or_default()
}

/// The first identifier of each part of `{a::b, c, d::{e, f}}`, from behind the opening brace.
fn top_level(text: &str) -> Vec<String> {
    let (mut depth, mut parts, mut part) = (0_u32, Vec::new(), String::new());
    for character in text.chars() {
        match character {
            '}' if depth == 0 => break,
            ',' if depth == 0 => parts.push(std::mem::take(&mut part)),
            '{' => depth += 1,
            '}' => depth -= 1,
            _ if depth == 0 => part.push(character),
            _ => {}
        }
    }
    parts.push(part);
    parts.iter().map(|part| word(part.trim()).to_owned()).collect()
}

/// A way from a module back to itself.
fn circle(arrows: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    fn walk(path: &mut Vec<String>, arrows: &BTreeMap<String, BTreeSet<String>>, done: &mut BTreeSet<String>) -> bool {
        let last = path.last().unwrap().clone();
        for next in arrows.get(&last).into_iter().flatten().filter(|next| **next != last) {
            let is_back = path.contains(next);
            path.push(next.clone());
            if is_back || !done.contains(next) && walk(path, arrows, done) {
                return true;
            }
            path.pop();
        }
        done.insert(last);
        false
    }
    let mut done = BTreeSet::new();
    arrows.keys().find_map(|module| {
        let mut path = vec![module.clone()];
        walk(&mut path, arrows, &mut done).then_some(path)
    })
}

#[test]
fn src_web_has_no_circular_import() {
    let arrows = arrows("src/web", "super::");
    assert!(arrows["client"].contains("video_tokens") && arrows["video_tokens"].contains("context"), "{arrows:?}");
    assert_eq!(circle(&arrows), None);
}

#[test]
fn xtask_has_no_circular_import() {
    let arrows = arrows("xtask/src", "crate::");
    assert!(arrows["command"].contains("workspace") && arrows["step"].contains("summary"), "{arrows:?}");
    assert_eq!(circle(&arrows), None);
}

#[test]
fn finds_a_circle() {
    let arrow = |from: &str, to: &[&str]| (from.to_owned(), to.iter().map(ToString::to_string).collect());
    let circular = BTreeMap::from([arrow("a", &["b"]), arrow("b", &["c", "d"]), arrow("c", &[]), arrow("d", &["a"])]);
    assert_eq!(circle(&circular).unwrap(), ["a", "b", "d", "a"]);
    assert_eq!(top_level("command::Command, a::{b, c}, d}; use x"), ["command", "a", "d"]);
}
