//! What one page loads for `createClient` and `<ansdev-video>`, in each of the forms that the package comes in.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{Size, of_files};
use crate::{command::Command, workspace};

/// Node bundles with esbuild, as a page's author would.
const BUNDLE: &str = include_str!("bundle.mjs");

/// One way to load the package.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageLoad {
    /// What budgets and figures call it.
    pub(crate) name: &'static str,
    /// The page's own script, to be bundled; empty where the page loads the package's files as they are.
    script: &'static str,
    /// What it loads besides, from `js/dist/`.
    files: &'static [&'static str],
}

pub(crate) const WASM: PageLoad = PageLoad { name: "wasm", script: "", files: &["ansdev-player.wasm"] };

pub(crate) const SLIM: PageLoad = PageLoad {
    name: "slim",
    script: "export { createClient } from '@ansdev/player/slim'; import '@ansdev/player/element';",
    files: &["worker.js", "ansdev-player.wasm"],
};

pub(crate) const INLINE: PageLoad = PageLoad {
    name: "inline",
    script: "export { createClient } from '@ansdev/player'; import '@ansdev/player/element';",
    files: &[],
};

pub(crate) const SCRIPT_TAG: PageLoad =
    PageLoad { name: "script-tag-with-hls-light", script: "", files: &["ansdev-player.global.js", "hls.light.js"] };

/// No page loads it: what a server imports.
pub(crate) const SERVER: PageLoad = PageLoad { name: "server", script: "", files: &["server.js"] };

pub(crate) const ALL: [PageLoad; 5] = [WASM, SLIM, INLINE, SCRIPT_TAG, SERVER];

impl PageLoad {
    /// Bytes over all files; each is compressed by itself, as it travels.
    pub(crate) fn measure(&self) -> Result<Size> {
        let mut files = self.bundle()?;
        files.extend(self.files.iter().map(|file| workspace::path("js/dist").join(file)));
        Ok(of_files(&files)?.into_iter().map(|(_, size)| size).sum())
    }

    fn bundle(&self) -> Result<Vec<PathBuf>> {
        if self.script.is_empty() {
            return Ok(Vec::new());
        }
        let out = workspace::path("target/page-load").join(self.name);
        let node = Command::new("node").args(["--input-type=module", "--eval", BUNDLE, "--", self.script]).args([out]);
        serde_json::from_str(&node.read()?).context("bundling a page")
    }
}
