//! BENCHMARKS.md: its tables and charts, from the JSON of one run.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result};

use super::{
    GROUPS, chart,
    results::Results,
    section::{Section, table},
};
use crate::workspace;

const PAGE: Section = Section { page: "BENCHMARKS.md", command: "cargo xtask bench --publish" };
const RESULTS: &str = "benches/results.json";
const CHARTS: &str = "benches/charts";

/// Writes the results, the charts and the page; groups that were not measured keep what was published of them.
pub(super) fn publish(results: Results) -> Result<()> {
    let file = workspace::path(RESULTS);
    let results = match fs::read(&file) {
        Ok(earlier) => results.over(serde_json::from_slice(&earlier).with_context(|| format!("reading {RESULTS}"))?)?,
        Err(_) => results,
    };
    let charts = workspace::path(CHARTS);
    fs::create_dir_all(&charts)?;
    for (name, figures) in &results.groups {
        if let Some(svg) = chart::of(figures)? {
            fs::write(charts.join(name).with_extension("svg"), svg)?;
        }
    }
    fs::write(file, results.to_json()?)?;
    PAGE.write(&tables(&results))?;
    println!("\nWritten: {RESULTS}, {CHARTS}/ and the figures in {}", PAGE.page);
    Ok(())
}

fn tables(results: &Results) -> String {
    let mut text = results.machine.to_string();
    for group in GROUPS {
        let Some(figures) = results.groups.get(group.name) else { continue };
        let _ = write!(text, "### {}: {}\n\n", group.name, group.about);
        if figures.iter().any(|figure| figure.baseline.is_some()) {
            let _ = write!(text, "![Chart: {0}]({CHARTS}/{0}.svg)\n\n", group.name);
        }
        text.push_str(&table(figures));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_tables_and_charts_are_those_of_the_published_results() {
        let read = |file: &str| fs::read_to_string(workspace::path(file)).unwrap();
        let results: Results = serde_json::from_str(&read(RESULTS)).unwrap();
        let page = read(PAGE.page);
        assert_eq!(PAGE.with(&page, &tables(&results)).unwrap(), page);
        for (name, figures) in &results.groups {
            if let Some(svg) = chart::of(figures).unwrap() {
                assert_eq!(read(&format!("{CHARTS}/{name}.svg")), svg, "{name}");
            }
        }
    }
}
