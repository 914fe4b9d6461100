//! The bytes that a page may load at most. Bytes are the same on every machine, so they can fail a test.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result, ensure};

use crate::{size, workspace};

/// Name of a page load → bytes as brotli 11.
type Bytes = BTreeMap<String, u64>;

const FILE: &str = "js/size-budget.json";

/// An error if a page load has no budget or exceeds it, or has a byte of what only servers need.
pub(crate) fn check() -> Result<String> {
    let budgets = fs::read_to_string(workspace::path(FILE)).with_context(|| format!("reading {FILE}"))?;
    let budgets = serde_json::from_str(&budgets).with_context(|| format!("{FILE} should map names to bytes"))?;
    compare(&budgets, &size::of_package()?.loads)
}

fn compare(budgets: &Bytes, measured: &Bytes) -> Result<String> {
    let over = measured.iter().filter_map(|(name, bytes)| match budgets.get(name) {
        Some(budget) if bytes > budget => {
            Some(format!("{name} is {bytes} bytes, {} over its budget of {budget}", bytes - budget))
        }
        Some(_) => None,
        None => Some(format!("{name} has no budget")),
    });
    let unknown = budgets.keys().filter(|name| !measured.contains_key(*name));
    let wrong: Vec<_> = over.chain(unknown.map(|name| format!("{name} is not measured"))).collect();
    ensure!(wrong.is_empty(), "{}; the budgets are in {FILE}", wrong.join("; "));
    Ok(measured.iter().map(|(name, bytes)| format!("{name} {bytes}")).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_too_many_bytes_and_names_without_a_budget() {
        let bytes = |all: [(&str, u64); 2]| all.map(|(name, bytes)| (name.to_owned(), bytes)).into();
        let budgets = bytes([("slim", 38_000), ("wasm", 28_000)]);
        assert_eq!(compare(&budgets, &bytes([("wasm", 28_000), ("slim", 1)])).unwrap(), "slim 1, wasm 28000");
        let error = compare(&budgets, &bytes([("inline", 1), ("wasm", 28_001)])).unwrap_err().to_string();
        assert_eq!(
            error,
            "inline has no budget; wasm is 28001 bytes, 1 over its budget of 28000; slim is not measured; \
             the budgets are in js/size-budget.json"
        );
    }
}
