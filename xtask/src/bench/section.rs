//! The part of a committed page that a command writes, so that no figure is ever copied by hand.

use std::fs;

use anyhow::{Context, Result};

use super::figure::{Figure, number};
use crate::workspace;

/// Everything between two lines of a page.
pub(crate) struct Section {
    /// Below the repository's root.
    pub(crate) page: &'static str,
    /// What writes it.
    pub(crate) command: &'static str,
}

const END: &str = "<!-- The end of what was written. -->\n";

impl Section {
    pub(crate) fn write(&self, text: &str) -> Result<()> {
        let file = workspace::path(self.page);
        let page = fs::read_to_string(&file).with_context(|| format!("reading {}", self.page))?;
        fs::write(file, self.with(&page, text)?).with_context(|| format!("writing {}", self.page))
    }

    /// The page with this text in the place of that which it has.
    pub(crate) fn with(&self, page: &str, text: &str) -> Result<String> {
        let begin = format!("<!-- Written by `{}`. -->\n", self.command);
        let split = page.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
        let (before, after) =
            split.with_context(|| format!("{} has no place for figures: a line {begin} and one {END}", self.page))?;
        Ok(format!("{before}{begin}\n{text}{END}{after}"))
    }
}

/// The figures, each in a row with what it is compared with.
pub(crate) fn table(figures: &[Figure]) -> String {
    let mut text = "| figure | value | baseline | ratio | goal |\n| --- | ---: | ---: | ---: | --- |\n".to_owned();
    text.extend(figures.iter().map(row));
    text
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
        let figure = Figure { spread: Some([55.0, 70.0]), ..figure };
        assert_eq!(row(&figure), "| resolve | 60 µs<br>(55–70) | 50 µs<br>a bare trip | 1.2 × | ✓ ≤ 1.3 × |\n");
    }

    #[test]
    fn writes_its_own_section_only() {
        let section = Section { page: "PAGE.md", command: "a command" };
        let page = |text: &str| {
            let other = "<!-- Written by `another`. -->\n\nother\n<!-- The end of what was written. -->\n";
            format!("{other}<!-- Written by `a command`. -->\n\n{text}<!-- The end of what was written. -->\n{other}")
        };
        assert_eq!(section.with(&page("old\n"), "new\n").unwrap(), page("new\n"));
        let error = section.with("# Page\n", "").unwrap_err().to_string();
        assert!(error.starts_with("PAGE.md has no place for figures"), "{error}");
    }
}
