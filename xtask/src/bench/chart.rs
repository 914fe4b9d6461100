//! Figures beside their baselines, as SVG.

use std::fmt::Write as _;

use super::figure::{Baseline, Figure, number};

/// All in pixels.
const WIDTH: f64 = 860.0;
const LABEL: f64 = 16.0;
const BAR: f64 = 14.0;
const GAP: f64 = 14.0;
/// The longer bar of a pair; beside it is room for its value.
const LONGEST: f64 = 420.0;

/// Colours for light pages and for dark ones.
const STYLE: &str = "text{font:12px system-ui,sans-serif;fill:#1f2328}.ours{fill:#0969da}.other{fill:#afb8c1}\
                     @media(prefers-color-scheme:dark){text{fill:#e6edf3}.ours{fill:#4493f8}.other{fill:#656c76}}";

/// A pair of bars for each figure that has a baseline; `None` where there is no such figure. Figures of one group have
/// many units, so each pair has a scale of its own.
pub(super) fn of(figures: &[Figure]) -> Option<String> {
    let pairs: Vec<_> = figures.iter().filter_map(|figure| Some((figure, figure.baseline.as_ref()?))).collect();
    if pairs.is_empty() {
        return None;
    }
    let height = pairs.len() as f64 * (LABEL + 2.0 * BAR + GAP);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         role=\"img\">\n<style>{STYLE}</style>\n"
    );
    for (index, (figure, baseline)) in pairs.into_iter().enumerate() {
        pair(&mut svg, figure, baseline, index as f64 * (LABEL + 2.0 * BAR + GAP));
    }
    svg.push_str("</svg>\n");
    Some(svg)
}

fn pair(svg: &mut String, figure: &Figure, baseline: &Baseline, top: f64) {
    let largest = figure.value.max(baseline.value);
    let unit = &figure.unit;
    let _ = writeln!(svg, "<text x=\"0\" y=\"{}\">{}</text>", top + 12.0, escaped(&figure.name));
    for (class, value, what, y) in
        [("ours", figure.value, "", top + LABEL), ("other", baseline.value, baseline.name.as_str(), top + LABEL + BAR)]
    {
        // Nothing at all still has a place.
        let width = if largest > 0.0 { (LONGEST * value / largest).max(1.0) } else { 1.0 };
        let _ = writeln!(
            svg,
            "<rect class=\"{class}\" x=\"0\" y=\"{y}\" width=\"{width:.1}\" height=\"{}\"/>\
             <text x=\"{:.1}\" y=\"{}\">{} {} {}</text>",
            BAR - 2.0,
            width + 6.0,
            y + 10.0,
            number(value),
            escaped(unit),
            escaped(what),
        );
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_values() {
        let svg = of(&[Figure::new("a < b", 50.0, "ms").against("the other", 100.0)]).unwrap();
        assert!(svg.contains("a &lt; b") && svg.contains("the other"));
        assert!(svg.contains("class=\"ours\" x=\"0\" y=\"16\" width=\"210.0\""), "{svg}");
        assert!(svg.contains("class=\"other\" x=\"0\" y=\"30\" width=\"420.0\""), "{svg}");
    }

    #[test]
    fn nothing_beside_nothing_is_drawn_all_the_same() {
        assert!(of(&[Figure::new("tokens", 0.0, "").against("none", 0.0)]).unwrap().contains("width=\"1.0\""));
    }

    #[test]
    fn figures_without_baselines_have_no_chart() {
        assert_eq!(of(&[Figure::new("steps", 1.0, "")]), None);
    }
}
