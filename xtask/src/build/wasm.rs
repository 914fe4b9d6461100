//! A crate as WebAssembly: compiled, bound to JavaScript, and made small.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::{panics, rustflags};
use crate::{cargo_target, command::Command, progress::Progress, workspace};

/// What rustc turns on for wasm32-unknown-unknown. Named one by one: with `--all-features` binaryen 132 writes compact
/// imports, which neither Chromium 156 nor Node 20 can read.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Small as brotli sees it. A function with a single caller stays one where it is large, because code that moves into
/// its caller loses its likeness to other functions.
const SMALL: [&str; 3] = ["-Oz", "--always-inline-max-function-size=6", "--one-caller-inline-max-function-size=20"];

/// Before [`SMALL`]: code that is written flat and put together anew is more alike, whatever function it came from.
const ALIKE: [&str; 2] = ["--flatten", "--rereloop"];

/// Functions of like names are neighbours, because they are alike themselves; of the locals, those that are used most
/// have the shortest numbers.
const IN_ORDER: [&str; 2] = ["--reorder-functions-by-name", "--reorder-locals"];

/// The names by which module and glue know each other are a hundred, with a hash in most; wasm-opt prints what it has
/// called them instead, and `js/` calls them so too.
const NAMELESS: [&str; 4] =
    ["--strip-debug", "--strip-producers", "--strip-target-features", "--minify-imports-and-exports-and-modules"];

/// The names stay by which module and glue know each other.
const STRIPPED: [&str; 3] = ["--strip-debug", "--strip-producers", "--strip-target-features"];

/// A crate of the workspace, and where its glue and module go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wasm {
    pub(crate) package: &'static str,
    /// The crate's features, with commas between.
    pub(crate) features: &'static str,
    /// Below the repository's root.
    pub(crate) out: &'static str,
    /// Whether panics become mere traps ([`panics`]). A crate that formats cannot have that.
    pub(crate) traps: bool,
    /// Whether module and glue know each other by the short names of [`NAMELESS`].
    pub(crate) is_nameless: bool,
    pub(crate) stack_bytes: u32,
}

/// The SDK's core. Its place is fixed, because `js/` reads it from there.
///
/// A stack of 64 KiB, as Emscripten has it; the default is 1 MiB, and every client's memory would hold it. The core
/// calls itself two levels deep at most, and a stack that overflows traps, because it lies below all else.
pub(crate) const CORE: Wasm = Wasm {
    package: "ansdev-player",
    features: "web",
    out: "target/wasm-bindgen",
    traps: true,
    is_nameless: true,
    stack_bytes: 64 << 10,
};

/// The mock backend, for its npm package. It parses and formats, deep and wide; nobody downloads it to watch a film.
pub(crate) const MOCK: Wasm = Wasm {
    package: "ansdev-mock-backend",
    features: "",
    out: "target/mock-wasm-bindgen",
    traps: false,
    is_nameless: false,
    stack_bytes: 1 << 20,
};

impl Wasm {
    pub(crate) fn compile(&self, progress: &Progress) -> Result<String> {
        // The kind is named here and not in the manifest: a crate that is also a dependency of another module would be
        // linked for that one too, under the same file name.
        Command::new("cargo")
            .args(["rustc", "--lib", "--crate-type=cdylib", "--package", self.package, "--features", self.features])
            .args(["--target=wasm32-unknown-unknown", "--release"])
            .env("CARGO_ENCODED_RUSTFLAGS", rustflags::all(self.stack_bytes)?)
            .run(progress)?;
        bytes(self.compiled()?)
    }

    pub(crate) fn bind(&self) -> Result<String> {
        if self.is_made()? {
            return Ok("up to date".to_owned());
        }
        let out = workspace::path(self.out);
        if out.exists() {
            fs::remove_dir_all(&out)?;
        }
        bindgen(&self.compiled()?, &self.name())?.generate(out)?;
        bytes(self.module())
    }

    /// The module with the names of its functions, for `cargo xtask size`.
    pub(crate) fn with_names(&self) -> Result<PathBuf> {
        let out = cargo_target::dir()?.join("size");
        bindgen(&self.compiled()?, &self.name())?.generate(&out)?;
        let module = out.join(self.file());
        self.make_small(&module, &["--debuginfo"])?;
        Ok(module)
    }

    /// In place; the new names go into `names.json` beside it. The `target_features` section is needed until here, and by
    /// nobody after.
    pub(crate) fn optimise(&self) -> Result<String> {
        if self.is_made()? {
            return Ok("up to date".to_owned());
        }
        let module = self.module();
        let names: &[&str] = if self.is_nameless { &NAMELESS } else { &STRIPPED };
        fs::write(workspace::path(self.out).join("names.json"), self.make_small(&module, names)?)?;
        fs::write(self.made_from(), self.ingredients()?)?;
        bytes(module)
    }

    /// In place, and gives back what wasm-opt prints. `names`: what becomes of them.
    fn make_small(&self, module: &Path, names: &[&str]) -> Result<String> {
        if self.traps {
            panics::trap(module)?;
        }
        wasm_opt(module, &[&ALIKE[..], &SMALL, &["--debuginfo"]].concat())?;
        wasm_opt(module, &[&SMALL[..], &IN_ORDER, names].concat())
    }

    /// The module that browsers download.
    pub(crate) fn module(&self) -> PathBuf {
        workspace::path(self.out).join(self.file())
    }

    /// What wasm-bindgen declares of it, for TypeScript.
    pub(crate) fn declarations(&self) -> PathBuf {
        workspace::path(self.out).join(self.name()).with_extension("d.ts")
    }

    fn file(&self) -> String {
        format!("{}_bg.wasm", self.name())
    }

    fn name(&self) -> String {
        self.package.replace('-', "_")
    }

    fn compiled(&self) -> Result<PathBuf> {
        let dir = cargo_target::dir()?.join("wasm32-unknown-unknown/release");
        Ok(dir.join(self.name()).with_extension("wasm"))
    }

    /// A copy of the ingredients: making the same module again would take ten seconds.
    fn made_from(&self) -> PathBuf {
        workspace::path(self.out).join("made-from")
    }

    fn is_made(&self) -> Result<bool> {
        let ingredients = self.ingredients()?;
        Ok(fs::read(self.made_from()).is_ok_and(|before| before == ingredients))
    }

    /// The compiled module, which names its version of wasm-bindgen; the version of wasm-opt; and this recipe.
    fn ingredients(&self) -> Result<Vec<u8>> {
        let binaryen = fs::read(workspace::path("node_modules/binaryen/package.json"));
        let binaryen = binaryen.context("binaryen is not among the npm packages")?;
        Ok([
            &[u8::from(self.traps)][..],
            &include_bytes!("wasm.rs")[..],
            include_bytes!("panics.rs"),
            &binaryen,
            &fs::read(self.compiled()?)?,
        ]
        .concat())
    }
}

fn bindgen(module: &Path, name: &str) -> Result<Bindgen> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(module)
        .out_name(name)
        .web(true)?
        .typescript(true)
        .omit_default_module_path(true)
        .remove_producers_section(true)
        .demangle(false);
    Ok(bindgen)
}

/// Optimises a module in place, and gives back what wasm-opt prints.
fn wasm_opt(module: &Path, options: &[&str]) -> Result<String> {
    let program = Command::from_npm("wasm-opt");
    let output: [&OsStr; 3] = [module.as_os_str(), "--output".as_ref(), module.as_os_str()];
    program.args(options).args(FEATURES).args(output).read()
}

fn bytes(file: PathBuf) -> Result<String> {
    Ok(format!("{} bytes", fs::metadata(file)?.len()))
}
