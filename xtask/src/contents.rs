//! `cargo xtask size`: what the core's WebAssembly is made of, by crate and by function.

use std::{collections::BTreeMap, process::ExitCode};

use anyhow::{Context, Result};
use console::style;
use serde::Deserialize;

use crate::{
    build::{self, wasm::CORE},
    progress,
    setup::{self, cargo_tool::CargoTool},
    step::{Plan, Step},
};

const TWIGGY: CargoTool = CargoTool { name: "twiggy", version: "0.8.0" };

/// A function, or another part of a module. Twiggy's own names.
#[derive(Debug, Deserialize)]
struct Item {
    name: String,
    /// Bytes of it alone, without what it calls, not compressed.
    shallow_size: u64,
}

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
    let twiggy = TWIGGY.command()?.args(["top", "--format=json"]).args([module]);
    let mut items: Vec<Item> = serde_json::from_str(&twiggy.read()?).context("twiggy wrote something unexpected")?;
    // The names are there for this report alone.
    items.retain(|item| !item.name.ends_with(" subsection"));
    let whole: u64 = items.iter().map(|item| item.shallow_size).sum();

    let mut crates = BTreeMap::<&str, u64>::new();
    for item in &items {
        *crates.entry(crate_of(&item.name)).or_default() += item.shallow_size;
    }
    let mut crates: Vec<_> = crates.into_iter().collect();
    crates.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    progress::print(&table("crate", crates.into_iter()));
    progress::print(&table("function", items.iter().map(|item| (&*item.name, item.shallow_size)).take(functions)));
    Ok(format!("{whole} bytes, not compressed"))
}

fn table<'a>(title: &str, rows: impl Iterator<Item = (&'a str, u64)>) -> String {
    let lines = rows.map(|(name, bytes)| format!("{bytes:>9}  {name}"));
    let title = style(format!("{:>9}  {title}", "bytes")).bold().to_string();
    [String::new(), title].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

/// The crate that a function is from: the first path in its name, which for a method of a trait is that of the type.
fn crate_of(name: &str) -> &str {
    let path = name.trim_start_matches(['<', '&', '*', '[']).trim_start_matches("mut ").trim_start_matches("dyn ");
    // Crates of the standard library have their hash behind them.
    match path.split_once("::").map(|(first, rest)| (first.split('[').next().unwrap_or(first), rest)) {
        Some((first, _)) if first.chars().all(|c| c.is_alphanumeric() || c == '_') => first,
        _ if name.starts_with("data") => "(data)",
        _ => "(glue)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_crate_from_the_start_of_a_name() {
        assert_eq!(crate_of("ansdev_player::session::machine::Machine::step"), "ansdev_player");
        assert_eq!(crate_of("<alloc::string::String as core::fmt::Write>::write_str"), "alloc");
        assert_eq!(crate_of("<&mut core::str::Chars as core::iter::Iterator>::next"), "core");
        assert_eq!(crate_of("<core[c5930c85a12de822]::fmt::Formatter>::pad"), "core");
        assert_eq!(crate_of("data[0]"), "(data)");
        assert_eq!(crate_of("__wbindgen_malloc"), "(glue)");
    }
}
