//! The bytes that a page may load at most. Bytes are the same on every machine, so they can fail a test.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result, bail};

use crate::{
    size::{
        inputs,
        page_load::{ALL, PageLoad},
    },
    workspace,
};

/// Name of a page load → bytes as brotli 11.
type Budgets = BTreeMap<String, u64>;

const FILE: &str = "js/size-budget.json";

/// An error if a page load has no budget or exceeds it, or has a byte of what only servers need.
pub(crate) fn check() -> Result<String> {
    inputs::server_is_apart()?;
    let budgets = fs::read_to_string(workspace::path(FILE)).with_context(|| format!("reading {FILE}"))?;
    let budgets: Budgets =
        serde_json::from_str(&budgets).with_context(|| format!("{FILE} should map names to bytes"))?;
    let measured = ALL.iter().map(|load: &PageLoad| Ok((load.name, load.measure()?.brotli)));
    compare(&budgets, &measured.collect::<Result<Vec<_>>>()?)
}

fn compare(budgets: &Budgets, measured: &[(&str, u64)]) -> Result<String> {
    let mut wrong = Vec::new();
    for (name, bytes) in measured {
        match budgets.get(*name) {
            Some(budget) if bytes > budget => {
                wrong.push(format!("{name} is {bytes} bytes, {} over its budget of {budget}", bytes - budget));
            }
            Some(_) => {}
            None => wrong.push(format!("{name} has no budget")),
        }
    }
    let unknown = budgets.keys().filter(|name| measured.iter().all(|(measured, _)| measured != name));
    wrong.extend(unknown.map(|name| format!("{name} is not measured")));
    if !wrong.is_empty() {
        bail!("{}; the budgets are in {FILE}", wrong.join("; "));
    }
    Ok(measured.iter().map(|(name, bytes)| format!("{name} {bytes}")).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_too_many_bytes_and_names_without_a_budget() {
        let budgets: Budgets = [("slim".to_owned(), 38_000), ("wasm".to_owned(), 28_000)].into();
        assert_eq!(compare(&budgets, &[("wasm", 28_000), ("slim", 1)]).unwrap(), "wasm 28000, slim 1");
        let error = compare(&budgets, &[("wasm", 28_001), ("inline", 1)]).unwrap_err().to_string();
        assert_eq!(
            error,
            "wasm is 28001 bytes, 1 over its budget of 28000; inline has no budget; slim is not measured; \
             the budgets are in js/size-budget.json"
        );
    }
}
