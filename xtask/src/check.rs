//! `cargo xtask check`: formatting, lints, types, native tests.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    build,
    command::Command,
    setup,
    step::{Plan, Step},
    suite,
};

pub(crate) fn run(only: &[String]) -> Result<ExitCode> {
    Ok(Plan::new(setup::build_tools().into_iter().chain([models()]).chain(steps()))?.only(only)?.run().conclude())
}

/// Compares the committed types with the models; after a build they are the same.
pub(crate) fn models() -> Step {
    Step::new("models", |_| build::declarations::MODELS.check())
}

/// The checks; they need the steps of [`setup::build_tools`] before them.
///
/// These commands are checked apart from the product: together cargo would unify the features of their dependencies,
/// and build everything that runs now once more.
pub(crate) fn steps() -> Vec<Step> {
    let cargo = |args: &str| Command::new("cargo").args(args.split(' '));
    let npm = |script: &str| Command::npm(["run", script]);
    let doc = |args: &str| cargo(args).env("RUSTDOCFLAGS", "-D warnings");
    let tests = |name, args| {
        let tests = cargo(args);
        Step::new(name, move |progress| suite::run(&tests, progress))
    };
    vec![
        Step::command("rustfmt", cargo("fmt --all --check")).needs(&["rust"]),
        Step::command(
            "clippy",
            cargo("clippy --workspace --exclude xtask --all-features --all-targets -- -D warnings"),
        )
        .needs(&["rust"]),
        // src/web/ and the tests in the browser exist on wasm32 alone.
        Step::command(
            "clippy-wasm",
            cargo("clippy --package ansdev-player --features web --lib --tests --target wasm32-unknown-unknown -- -D warnings"),
        )
        .needs(&["rust"]),
        Step::command("clippy-xtask", cargo("clippy --package xtask --all-targets -- -D warnings")).needs(&["rust"]),
        tests("native-tests", "test --workspace --exclude xtask --all-features").needs(&["rust"]),
        tests("xtask-tests", "test --package xtask").needs(&["rust", "npm-packages"]),
        Step::command("docs", doc("doc --workspace --exclude xtask --all-features --no-deps")).needs(&["rust"]),
        Step::command("docs-wasm", doc("doc --package ansdev-player --features web --no-deps --target wasm32-unknown-unknown"))
            .needs(&["rust"]),
        Step::command("prettier", npm("format:check")).needs(&["npm-packages"]),
        Step::command("eslint", npm("lint")).needs(&["npm-packages"]),
        Step::command("types", npm("types")).needs(&["npm-packages"]),
        // Its warnings are errors: a public name without a comment, a link that leads nowhere.
        Step::command("typedoc", Command::npm(["run", "docs", "--workspace", "js"]))
            .needs(&["npm-packages"]),
    ]
}
