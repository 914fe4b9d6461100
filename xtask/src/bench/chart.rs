//! Figures beside their baselines, as SVG.

use anyhow::Result;
use plotters::prelude::*;

use super::figure::{Figure, number};

/// All in pixels.
const WIDTH: u32 = 860;
const BAR: i32 = 14;
/// The longest bar of a figure, in pixels; its label is beside it.
const MAX_BAR: f64 = 420.0;

/// Readable on light pages and on dark ones.
const OURS: RGBColor = RGBColor(47, 129, 247);
const OTHER: RGBColor = RGBColor(140, 149, 159);
const TEXT: RGBColor = RGBColor(110, 119, 129);

/// For each figure a bar, and below it one for each of its baselines; `None` where no figure has any. A figure that is
/// listed once for each of its baselines is drawn once. Figures of one group have many units, so each has its own scale.
pub(super) fn of(figures: &[Figure]) -> Result<Option<String>> {
    let compared: Vec<_> = figures.iter().filter(|figure| figure.baseline.is_some()).collect();
    if compared.is_empty() {
        return Ok(None);
    }
    let same = || compared.chunk_by(|one, other| one.name == other.name);
    let lines: usize = same().map(|figures| figures.len() + 3).sum();
    let mut svg = String::new();
    let area = SVGBackend::with_string(&mut svg, (WIDTH, lines as u32 * BAR as u32)).into_drawing_area();
    let font = ("system-ui, sans-serif", 15).into_font().color(&TEXT);
    let mut y = 2;
    for figures in same() {
        let ours = figures.iter().take(1).map(|figure| (OURS, figure.value, ""));
        let others = figures.iter().filter_map(|figure| figure.baseline.as_ref());
        let bars: Vec<_> = ours.chain(others.map(|other| (OTHER, other.value, other.name.as_str()))).collect();
        let largest = bars.iter().map(|(_, value, _)| *value).fold(f64::MIN_POSITIVE, f64::max);
        area.draw(&Text::new(figures[0].name.clone(), (0, y), font.clone()))?;
        for (colour, value, name) in bars {
            y += BAR;
            // Zero has a visible bar, too.
            let width = (MAX_BAR * value / largest).max(1.0).round() as i32;
            area.draw(&Rectangle::new([(0, y), (width, y + BAR - 2)], colour.filled()))?;
            let label = format!("{} {} {name}", number(value), figures[0].unit);
            area.draw(&Text::new(label.trim_end().to_owned(), (width + 6, y), font.clone()))?;
        }
        y += 2 * BAR;
    }
    area.present()?;
    drop(area);
    Ok(Some(svg))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_with_two_baselines_is_drawn_once() {
        let figure = Figure::new("a < b", 50.0, "ms");
        let figures = [figure.clone().against("one", 100.0), figure.against("two", 0.0)];
        let svg = of(&figures).unwrap().unwrap();
        let widths: Vec<_> = svg.split(" width=\"").skip(2).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(widths, ["210", "420", "1"], "{svg}");
        assert!(svg.contains("a &lt; b") && svg.contains("100 ms one"), "{svg}");
        assert_eq!(of(&[Figure::new("steps", 1.0, "")]).unwrap(), None);
    }
}
