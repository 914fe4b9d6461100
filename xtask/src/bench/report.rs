//! BENCHMARKS.md: its tables and charts, from the JSON of one run, so that no figure is ever copied by hand.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result};

use super::{
    GROUPS, chart,
    figure::{Figure, number},
    results::{Machine, Results},
};
use crate::workspace;

const PAGE: &str = "BENCHMARKS.md";
const RESULTS: &str = "benches/results.json";
const CHARTS: &str = "benches/charts";

/// Everything between these two lines of the page is written here.
const BEGIN: &str = "<!-- Written by `cargo xtask bench --publish`. -->\n";
const END: &str = "<!-- The end of what was written. -->\n";

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
        if let Some(svg) = chart::of(figures) {
            fs::write(charts.join(name).with_extension("svg"), svg)?;
        }
    }
    fs::write(file, results.to_json()?)?;
    let page = fs::read_to_string(workspace::path(PAGE)).with_context(|| format!("reading {PAGE}"))?;
    fs::write(workspace::path(PAGE), with_figures(&page, &results)?)?;
    println!("\nWritten: {RESULTS}, {CHARTS}/ and the figures in {PAGE}");
    Ok(())
}

/// The page with these figures in the place of those that it has.
fn with_figures(page: &str, results: &Results) -> Result<String> {
    let split = page.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) =
        split.with_context(|| format!("{PAGE} has no place for figures: a line {BEGIN} and one {END}"))?;
    Ok(format!("{before}{BEGIN}\n{}{END}{after}", tables(results)))
}

fn tables(results: &Results) -> String {
    let mut text = about(&results.machine);
    for group in GROUPS {
        let Some(figures) = results.groups.get(group.name) else { continue };
        let _ = write!(text, "### {}: {}\n\n", group.name, group.about);
        if chart::of(figures).is_some() {
            let _ = write!(text, "![Chart: {0}]({CHARTS}/{0}.svg)\n\n", group.name);
        }
        text.push_str("| figure | value | baseline | ratio | goal |\n| --- | ---: | ---: | ---: | --- |\n");
        text.extend(figures.iter().map(row));
        text.push('\n');
    }
    text
}

fn about(machine: &Machine) -> String {
    let Machine { os, arch, cpus, processor, chromium, rustc, node } = machine;
    let processor = processor.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
    format!("Measured on {os} {arch}, {cpus} processors{processor}; {chromium}; {rustc}; Node {node}.\n\n")
}

fn row(figure: &Figure) -> String {
    let measured = |value: f64, spread: Option<[f64; 2]>| {
        let spread = spread.map(|[low, high]| format!("<br>({}–{})", number(low), number(high))).unwrap_or_default();
        format!("{} {}", number(value), figure.unit).trim_end().to_owned() + &spread
    };
    let baseline =
        figure.baseline.as_ref().map(|other| format!("{}<br>{}", measured(other.value, other.spread), other.name));
    let ratio = figure.ratio.map(|ratio| format!("{} ×", number(ratio)));
    let goal = figure.goal.map(|goal| format!("{} {goal}", if figure.met == Some(true) { "✓" } else { "✗" }));
    let columns =
        [Some(figure.name.replace('<', "&lt;")), Some(measured(figure.value, figure.spread)), baseline, ratio, goal];
    format!("| {} |\n", columns.map(Option::unwrap_or_default).join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_the_figure_beside_its_baseline() {
        let figure = Figure::new("resolve", 60.0, "µs").against("a bare trip", 50.0).ratio_at_most(1.3);
        assert_eq!(row(&figure), "| resolve | 60 µs | 50 µs<br>a bare trip | 1.2 × | ✓ ≤ 1.3 × |\n");
        let spread = Figure { spread: Some([55.0, 70.0]), ..Figure::new("resolve", 60.0, "µs") };
        assert_eq!(row(&spread), "| resolve | 60 µs<br>(55–70) |  |  |  |\n");
    }

    #[test]
    fn a_page_without_a_place_for_figures_is_refused() {
        let machine = Machine {
            os: String::new(),
            arch: String::new(),
            cpus: 1,
            processor: None,
            chromium: String::new(),
            rustc: String::new(),
            node: String::new(),
        };
        let results = Results { machine, groups: [].into() };
        let error = with_figures("# Benchmarks\n", &results).unwrap_err().to_string();
        assert!(error.starts_with("BENCHMARKS.md has no place for figures"), "{error}");
    }

    #[test]
    fn the_published_tables_and_charts_are_those_of_the_published_results() {
        let read = |file: &str| fs::read_to_string(workspace::path(file)).unwrap();
        let results: Results = serde_json::from_str(&read(RESULTS)).unwrap();
        let page = read(PAGE);
        assert_eq!(with_figures(&page, &results).unwrap(), page);
        for (name, figures) in &results.groups {
            if let Some(svg) = chart::of(figures) {
                assert_eq!(read(&format!("{CHARTS}/{name}.svg")), svg, "{name}");
            }
        }
    }
}
