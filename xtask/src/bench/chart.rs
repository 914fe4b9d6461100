//! Figures beside their baselines, as SVG.

use std::fmt::Write as _;

use super::figure::{Figure, number};

/// All in pixels.
const WIDTH: f64 = 860.0;
const LABEL: f64 = 16.0;
const BAR: f64 = 14.0;
const GAP: f64 = 14.0;
/// The longest bar of a figure; beside it is room for what it is.
const LONGEST: f64 = 420.0;

/// Colours for light pages and for dark ones.
const STYLE: &str = "text{font:12px system-ui,sans-serif;fill:#1f2328}.ours{fill:#0969da}.other{fill:#afb8c1}\
                     @media(prefers-color-scheme:dark){text{fill:#e6edf3}.ours{fill:#4493f8}.other{fill:#656c76}}";

/// For each figure a bar, and below it one for each of its baselines; `None` where no figure has any. A figure that stands
/// there once for each of its baselines is drawn once. Figures of one group have many units, so each has its own scale.
pub(super) fn of(figures: &[Figure]) -> Option<String> {
    let compared: Vec<_> = figures.iter().filter(|figure| figure.baseline.is_some()).collect();
    if compared.is_empty() {
        return None;
    }
    let (mut bars, mut top) = (String::new(), 0.0);
    for same in compared.chunk_by(|one, other| one.name == other.name) {
        top = comparison(&mut bars, same, top);
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {top}\" width=\"{WIDTH}\" height=\"{top}\" \
         role=\"img\">\n<style>{STYLE}</style>\n{bars}</svg>\n"
    ))
}

/// Draws one figure, from `top` down to where the next can be.
fn comparison(svg: &mut String, same: &[&Figure], top: f64) -> f64 {
    let others = same.iter().filter_map(|figure| figure.baseline.as_ref());
    let ours = same.first().map(|figure| ("ours", figure.value, ""));
    let bars: Vec<_> =
        ours.into_iter().chain(others.map(|other| ("other", other.value, other.name.as_str()))).collect();
    let largest = bars.iter().map(|(_, value, _)| *value).fold(0.0, f64::max);
    let [name, unit] = same.first().map(|figure| [figure.name.as_str(), figure.unit.as_str()]).unwrap_or_default();
    let _ = writeln!(svg, "<text x=\"0\" y=\"{}\">{}</text>", top + 12.0, escaped(name));
    let mut y = top + LABEL;
    for (class, value, what) in bars {
        // Nothing at all still has a place.
        let width = if largest > 0.0 { (LONGEST * value / largest).max(1.0) } else { 1.0 };
        let _ = writeln!(
            svg,
            "<rect class=\"{class}\" x=\"0\" y=\"{y}\" width=\"{width:.1}\" height=\"{}\"/>\
             <text x=\"{:.1}\" y=\"{}\">{}</text>",
            BAR - 2.0,
            width + 6.0,
            y + 10.0,
            escaped(format!("{} {unit} {what}", number(value)).trim_end()),
        );
        y += BAR;
    }
    y + GAP
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
    fn a_figure_with_two_baselines_is_drawn_once() {
        let figure = Figure::new("ready", 50.0, "ms");
        let svg = of(&[figure.clone().against("one", 100.0), figure.against("two", 200.0)]).unwrap();
        assert_eq!((svg.matches("class=\"ours\"").count(), svg.matches("class=\"other\"").count()), (1, 2));
        assert!(svg.contains("class=\"ours\" x=\"0\" y=\"16\" width=\"105.0\""), "{svg}");
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
