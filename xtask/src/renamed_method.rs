//! A test of the page's types: a method of the core that is renamed in Rust must be a compile error of its caller in
//! TypeScript. It renames one in a copy of the crate, builds that, and expects `tsc` to fail.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

use crate::{
    build::{declarations, wasm::CORE},
    command::Command,
    progress::Progress,
    step::Step,
    workspace,
};

const METHOD: &str = "js_name = getToken,";
const RENAMED: &str = "js_name = obtainToken,";

pub(crate) fn step() -> Step {
    Step::new("renamed-method", run).needs(&["wasm", "bindings", "npm-packages"])
}

fn run(progress: &Progress) -> Result<String> {
    let copy = workspace::path("target/renamed-method");
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    copy_folder(&workspace::path("src"), &copy.join("src"))?;
    copy_folder(&workspace::path("js/src"), &copy.join("js/src"))?;
    for file in ["Cargo.lock", "README.md", "js/tsconfig.json"] {
        fs::copy(workspace::path(file), copy.join(file)).with_context(|| format!("copying {file}"))?;
    }
    let manifest = fs::read_to_string(workspace::path("Cargo.toml"))?;
    let (before, members) = manifest.split_once("members = [").context("the workspace names its members")?;
    let (_, after) = members.split_once(']').context("the list of members ends")?;
    fs::write(copy.join("Cargo.toml"), [before, "members = [", "]", after].concat())?;

    // The copy is right before anything is renamed: otherwise any mistake here would pass for a success.
    let tsc = Command::new(workspace::path("node_modules/.bin/tsc")).args(["--project", "js"]).dir(&copy);
    tsc.run(progress)?;

    let client = copy.join("src/web/client.rs");
    let source = fs::read_to_string(&client)?;
    ensure!(source.matches(METHOD).count() == 1, "src/web/client.rs does not have `{METHOD}` once");
    fs::write(&client, source.replace(METHOD, RENAMED))?;
    let generated = CORE.declarations_of(&copy, progress)?;
    fs::write(copy.join("js/src/protocol/core.ts"), declarations::methods(&generated)?)?;

    match tsc.run(progress) {
        Ok(_) => anyhow::bail!("`getToken` was renamed in Rust, and TypeScript still compiled"),
        Err(error) => {
            let message = error.to_string();
            ensure!(
                message.contains("client/session.ts") && message.contains("getToken"),
                "tsc failed otherwise: {message}"
            );
            Ok("tsc refused the renamed method".to_owned())
        }
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
