//! `cargo xtask size`: what the core's WebAssembly is made of, by function.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    build::{self, wasm::CORE},
    progress,
    setup::{self, cargo_tool::CargoTool},
    step::{Plan, Step},
};

const TWIGGY: CargoTool = CargoTool { name: "twiggy", version: "0.8.0" };

/// Builds the core with the names of its functions, and prints the `functions` largest.
pub(crate) fn run(functions: usize) -> Result<ExitCode> {
    let mut steps = setup::build_tools();
    steps.push(TWIGGY.step().needs(&["rust"]));
    steps.extend(build::steps());
    steps.push(Step::new("contents", move |_| contents(functions)).needs(&["wasm-opt", "twiggy"]));
    Ok(Plan::new(steps)?.run().conclude())
}

fn contents(functions: usize) -> Result<String> {
    let module = CORE.with_names()?;
    progress::print(&TWIGGY.command()?.args(["top", "-n", &functions.to_string()]).args([module]).read()?);
    Ok("bytes that are not compressed".to_owned())
}
