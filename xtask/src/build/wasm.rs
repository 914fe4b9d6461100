//! The core as WebAssembly: compiled, bound to JavaScript, and made small.

use std::{env, ffi::OsString, fs, path::PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::{command::Command, progress::Progress, workspace};

/// Where the glue and the module go; fixed, because `js/` reads them from there.
const OUT: &str = "target/wasm-bindgen";
const NAME: &str = "ansdev_player";

/// What they were made from: making them again takes ten seconds, for the same bytes.
const MADE_FROM: &str = "target/wasm-bindgen/made-from";

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

pub(crate) fn compile(progress: &Progress) -> Result<String> {
    let profile = ["--target=wasm32-unknown-unknown", "--release"];
    let cargo = Command::new("cargo").args(["build", "--package=ansdev-player", "--lib"]).args(profile);
    cargo.env("CARGO_ENCODED_RUSTFLAGS", remapped_paths()?).run(progress)?;
    Ok(format!("{} bytes", fs::metadata(compiled()?)?.len()))
}

pub(crate) fn bind() -> Result<String> {
    if is_made()? {
        return Ok("up to date".to_owned());
    }
    let out = workspace::path(OUT);
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    Bindgen::new()
        .input_path(compiled()?)
        .out_name(NAME)
        .web(true)?
        .typescript(true)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(out)?;
    Ok(format!("{} bytes", fs::metadata(module())?.len()))
}

/// In place. The `target_features` section is needed until here, and by nobody after.
pub(crate) fn optimise(progress: &Progress) -> Result<String> {
    if is_made()? {
        return Ok("up to date".to_owned());
    }
    let wasm_opt = Command::new(workspace::path("node_modules/.bin/wasm-opt")).args(["-Oz"]).args(FEATURES);
    let wasm_opt = wasm_opt.args(["--strip-producers", "--strip-target-features"]);
    wasm_opt.args([module().as_os_str(), "--output".as_ref(), module().as_os_str()]).run(progress)?;
    fs::write(workspace::path(MADE_FROM), ingredients()?)?;
    Ok(format!("{} bytes", fs::metadata(module())?.len()))
}

/// Whether the glue and the module were made of what would go into them now.
fn is_made() -> Result<bool> {
    let ingredients = ingredients()?;
    Ok(fs::read(workspace::path(MADE_FROM)).is_ok_and(|before| before == ingredients))
}

/// The compiled module, which names its version of wasm-bindgen; the version of wasm-opt; and this recipe.
fn ingredients() -> Result<Vec<u8>> {
    let binaryen =
        fs::read(workspace::path("node_modules/binaryen/package.json")).context("binaryen is not installed")?;
    Ok([&include_bytes!("wasm.rs")[..], &binaryen, &fs::read(compiled()?)?].concat())
}

fn compiled() -> Result<PathBuf> {
    Ok(workspace::cargo_target()?.join("wasm32-unknown-unknown/release").join(NAME).with_extension("wasm"))
}

/// The module that viewers download.
fn module() -> PathBuf {
    workspace::path(OUT).join(format!("{NAME}_bg.wasm"))
}

/// Flags that keep this machine's paths out of the module: panic messages name source files. It is also what makes two
/// machines build the same bytes. They replace whatever RUSTFLAGS the environment has.
fn remapped_paths() -> Result<OsString> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
    let registries = home.context("there is neither CARGO_HOME nor a home directory")?.join("registry/src");
    let mut flags = vec![remap(workspace::root(), "player")];
    for registry in fs::read_dir(&registries).with_context(|| format!("reading {}", registries.display()))? {
        flags.push(remap(&registry?.path(), "crates"));
    }
    let sysroot = Command::new("rustc").args(["--print=sysroot"]).read()?;
    flags.push(remap(&PathBuf::from(sysroot.trim()).join("lib/rustlib/src/rust"), "rust"));
    Ok(flags.join("\u{1f}".as_ref()))
}

fn remap(path: &std::path::Path, name: &str) -> OsString {
    let mut flag = OsString::from("--remap-path-prefix=");
    flag.push(path);
    flag.push("=");
    flag.push(name);
    flag
}
