//! `cargo xtask build`: from the Rust sources to the npm package in `js/dist/`.

pub(crate) mod declarations;
pub(crate) mod integrity;
mod panics;
mod rustflags;
pub(crate) mod wasm;

use anyhow::Result;
use console::style;

use crate::{
    command::Command,
    mock, setup, size,
    step::{Plan, Step},
};

use declarations::{METHODS, MODELS};
use wasm::{CORE, MOCK};

/// Sets up what is missing, builds, and says how large each file has become.
pub(crate) fn run() -> Result<()> {
    let integrity = Step::new("write-integrity", |_| integrity::write()).needs(&["npm-package"]);
    Plan::new(setup::build_tools().into_iter().chain(steps()).chain(mock_package()).chain([integrity]))?
        .run()
        .require()?;
    report(&size::of_package()?);
    Ok(())
}

/// The steps of the build; they need those of [`setup::build_tools`] before them.
pub(crate) fn steps() -> Vec<Step> {
    bindings().into_iter().chain(package()).collect()
}

/// All that a page in Chromium needs to play films: the package, the mock and the browser.
pub(crate) fn for_browsers() -> Vec<Step> {
    setup::build_tools().into_iter().chain(steps()).chain([mock::step(), setup::browser()]).collect()
}

/// The steps up to the module and what wasm-bindgen declares of it.
pub(crate) fn bindings() -> [Step; 2] {
    [
        Step::new("wasm", |progress| CORE.compile(progress)).needs(&["rust"]),
        Step::new("bindings", |_| CORE.bind()).needs(&["wasm", "npm-packages"]),
    ]
}

/// The steps from there to the npm package.
pub(crate) fn package() -> Vec<Step> {
    vec![
        Step::new("wasm-opt", |_| CORE.optimise()).needs(&["bindings"]),
        Step::new("write-models", |_| MODELS.write()),
        Step::new("write-methods", |_| METHODS.write()).needs(&["bindings"]),
        Step::command("npm-package", Command::npm(["run", "build", "--workspace", "js"])).needs(&[
            "wasm-opt",
            "write-models",
            "write-methods",
            "npm-packages",
        ]),
    ]
}

/// The steps to the mock's npm package.
pub(crate) fn mock_package() -> Vec<Step> {
    vec![
        Step::new("mock-wasm", |progress| MOCK.compile(progress)).needs(&["rust"]),
        Step::new("mock-bindings", |_| MOCK.bind()).needs(&["mock-wasm", "npm-packages"]),
        Step::new("mock-wasm-opt", |_| MOCK.optimise()).needs(&["mock-bindings"]),
        Step::command("mock-package", Command::npm(["run", "build", "--workspace", "mock-backend/npm"]))
            .needs(&["mock-wasm-opt", "npm-packages"]),
    ]
}

fn report(package: &size::Package) {
    let width = package.files.keys().map(String::len).max().unwrap_or(0);
    println!("\n{}", style(format!("{:width$} {:>10} {:>10}", "bytes", "raw", "brotli")).bold());
    for (name, size) in &package.files {
        println!("{name:width$} {:>10} {:>10}", size.raw, size.brotli);
    }
}
