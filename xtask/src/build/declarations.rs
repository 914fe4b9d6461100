//! TypeScript that is made from the Rust sources and committed, so that TypeScript checks without a build.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

use super::wasm::CORE;
use crate::workspace;

/// A committed file, and how its text is made.
pub(crate) struct Declarations {
    file: &'static str,
    make: fn() -> Result<String>,
}

/// The data's types, from the Rust structs.
pub(crate) const MODELS: Declarations =
    Declarations { file: "js/src/protocol/models.ts", make: || Ok(ansdev_player::typescript::declarations()) };

/// The core's methods, from wasm-bindgen's own declarations; needs the step "bindings".
pub(crate) const METHODS: Declarations =
    Declarations { file: "js/src/protocol/core.ts", make: || methods(&CORE.declarations()) };

impl Declarations {
    /// Writes the file where it differs.
    pub(crate) fn write(&self) -> Result<String> {
        let file = self.file;
        if self.check().is_ok() {
            return Ok("up to date".to_owned());
        }
        fs::write(workspace::path(file), (self.make)()?).with_context(|| format!("writing {file}"))?;
        Ok(format!("wrote {file}; commit it"))
    }

    /// An error if the committed file is not what the Rust sources say.
    pub(crate) fn check(&self) -> Result<String> {
        let file = self.file;
        let committed = fs::read_to_string(workspace::path(file)).with_context(|| format!("reading {file}"))?;
        let (made, mut found) = ((self.make)()?, committed.lines());
        let differing = made.lines().zip(1..).find(|(line, _)| found.next() != Some(line));
        if let Some((line, number)) = differing {
            anyhow::bail!(
                "{file}:{number} should be {line:?} by the Rust sources; `cargo xtask build` writes the file"
            );
        }
        ensure!(
            found.next().is_none(),
            "{file} has lines that the Rust sources do not; `cargo xtask build` writes the file"
        );
        Ok(String::new())
    }
}

/// The class of a declaration file that wasm-bindgen wrote, without the functions that load the module.
pub(crate) fn methods(generated: &Path) -> Result<String> {
    let text = fs::read_to_string(generated).with_context(|| format!("reading {}", generated.display()))?;
    let (class, _) = text.split_once("\nexport type InitInput").context("wasm-bindgen declares no InitInput")?;
    let (_, class) = class.split_once("/**").context("wasm-bindgen declares no documented class")?;
    let class = class.replacen("export class Core", "export declare class Core", 1);
    Ok(format!(
        "// Made from the Rust sources by `cargo xtask build`. Do not edit.\n\
         import type {{ CoreCallbacks, SharedToken }} from \"./callbacks.js\";\n\
         import type {{ OpenedSession, Video, VideoPage }} from \"./models.js\";\n\n/**{class}"
    ))
}
