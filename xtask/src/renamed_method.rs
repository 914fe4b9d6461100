//! A test of the page's types: a method of the core that is renamed in Rust must be a compile error of its caller in
//! TypeScript. The step `methods` keeps `core.ts` in step with Rust; this one renames a method in a copy of `core.ts`,
//! and expects `tsc` to fail.

use std::{fs, path::Path};

use anyhow::{Result, bail, ensure};

use crate::{command::Command, progress::Progress, step::Step, workspace};

const METHOD: &str = "    getToken(";
const RENAMED: &str = "    obtainToken(";

pub(crate) fn step() -> Step {
    Step::new("renamed-method", run).needs(&["npm-packages"])
}

fn run(progress: &Progress) -> Result<String> {
    let copy = workspace::path("target/renamed-method");
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    copy_folder(&workspace::path("js/src"), &copy.join("src"))?;
    fs::copy(workspace::path("js/tsconfig.json"), copy.join("tsconfig.json"))?;

    // Any mistake in the copy would otherwise pass for the expected error.
    let tsc = Command::from_npm("tsc").args(["--project", "."]).dir(&copy);
    tsc.run(progress)?;

    let core = copy.join("src/protocol/core.ts");
    let declared = fs::read_to_string(&core)?;
    ensure!(declared.matches(METHOD).count() == 1, "js/src/protocol/core.ts does not declare `getToken` once");
    fs::write(&core, declared.replace(METHOD, RENAMED))?;
    match tsc.run(progress).map_err(|error| error.to_string()) {
        Ok(_) => bail!("`getToken` was renamed, and TypeScript still compiled"),
        Err(error) if error.contains("client/session.ts") && error.contains("getToken") => {
            Ok("tsc rejected the renamed method".to_owned())
        }
        Err(error) => bail!("tsc failed for another reason: {error}"),
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
