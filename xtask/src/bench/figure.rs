//! A figure, what it should be, and what it is compared with.

use std::fmt;

use serde::Serialize;

/// One measured number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    /// What it should be at most.
    pub(crate) goal: Option<f64>,
    pub(crate) baseline: Option<Baseline>,
    /// The value as a multiple of the baseline's.
    pub(crate) ratio: Option<f64>,
}

/// Another way to the same end, measured in the same run, in the figure's unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Baseline {
    pub(crate) name: &'static str,
    pub(crate) value: f64,
}

impl Figure {
    pub(crate) fn bytes(name: &'static str, value: u64) -> Self {
        Self { name, value: value as f64, unit: "bytes", goal: None, baseline: None, ratio: None }
    }

    pub(crate) fn at_most(self, goal: f64) -> Self {
        Self { goal: Some(goal), ..self }
    }

    pub(crate) fn against(self, name: &'static str, value: u64) -> Self {
        let value = value as f64;
        Self { ratio: Some(self.value / value), baseline: Some(Baseline { name, value }), ..self }
    }

    /// Whether it is as good as it should be, where that is said.
    pub(crate) fn meets_goal(&self) -> Option<bool> {
        self.goal.map(|most| self.value <= most)
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<26} {:>9} {:<6}", self.name, self.value, self.unit)?;
        if let (Some(most), Some(met)) = (self.goal, self.meets_goal()) {
            write!(f, "  {} goal {most}", if met { "✓" } else { "✗" })?;
        }
        if let (Some(baseline), Some(ratio)) = (&self.baseline, self.ratio) {
            write!(f, "  {ratio:.3} × {} {}", baseline.value, baseline.name)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slim() -> Figure {
        Figure::bytes("slim", 38_000).at_most(38_000.0).against("another player", 40_000)
    }

    #[test]
    fn a_figure_carries_its_baseline_and_ratio() {
        let json = serde_json::to_value(slim()).unwrap();
        let expected = serde_json::json!({
            "name": "slim", "value": 38_000.0, "unit": "bytes", "goal": 38_000.0,
            "baseline": { "name": "another player", "value": 40_000.0 }, "ratio": 0.95,
        });
        assert_eq!(json, expected);
    }

    #[test]
    fn a_goal_is_met_up_to_its_last_byte() {
        assert_eq!(slim().meets_goal(), Some(true));
        assert_eq!(Figure { value: 38_001.0, ..slim() }.meets_goal(), Some(false));
        assert_eq!(Figure::bytes("raw", 1).meets_goal(), None);
    }

    #[test]
    fn the_console_line_says_it_all() {
        let line = slim().to_string();
        assert_eq!(line, "slim                           38000 bytes   ✓ goal 38000  0.950 × 40000 another player");
    }
}
