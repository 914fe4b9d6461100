//! A figure, what it should be, and what it is compared with.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::samples::Samples;

/// One measured number: the median, where it was measured several times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) unit: String,
    /// The middle half of the measurements, from its lower to its upper end, where there were several.
    pub(crate) spread: Option<[f64; 2]>,
    pub(crate) baseline: Option<Baseline>,
    /// The value as a multiple of the baseline's.
    pub(crate) ratio: Option<f64>,
    pub(crate) goal: Option<Goal>,
    /// Whether it is as good as it should be, where that is said.
    pub(crate) met: Option<bool>,
}

/// Another way to the same end, measured in the same run, in the figure's unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Baseline {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) spread: Option<[f64; 2]>,
}

/// What a figure should be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Goal {
    pub(crate) of: Subject,
    pub(crate) bound: Bound,
    pub(crate) limit: f64,
}

/// What of a figure a goal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Subject {
    Value,
    Ratio,
}

/// Whether less is better, or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Bound {
    Most,
    Least,
}

impl Figure {
    pub(crate) fn new(name: impl Into<String>, value: f64, unit: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value,
            unit: unit.into(),
            spread: None,
            baseline: None,
            ratio: None,
            goal: None,
            met: None,
        }
    }

    pub(crate) fn bytes(name: impl Into<String>, value: u64) -> Self {
        Self::new(name, value as f64, "bytes")
    }

    /// The median of several measurements.
    pub(crate) fn median(name: impl Into<String>, samples: &Samples, unit: impl Into<String>) -> Self {
        Self { spread: Some(samples.quartiles()), ..Self::new(name, samples.median(), unit) }
    }

    pub(crate) fn against(self, name: impl Into<String>, value: f64) -> Self {
        self.beside(Baseline { name: name.into(), value, spread: None })
    }

    /// Beside the median of measurements that took turns with the figure's own.
    pub(crate) fn against_median(self, name: impl Into<String>, samples: &Samples) -> Self {
        self.beside(Baseline { name: name.into(), value: samples.median(), spread: Some(samples.quartiles()) })
    }

    fn beside(self, baseline: Baseline) -> Self {
        // There is no ratio to zero.
        let ratio = (baseline.value != 0.0).then(|| self.value / baseline.value);
        Self { ratio, baseline: Some(baseline), ..self }
    }

    pub(crate) fn at_most(self, limit: f64) -> Self {
        self.with_goal(Goal { of: Subject::Value, bound: Bound::Most, limit })
    }

    pub(crate) fn at_least(self, limit: f64) -> Self {
        self.with_goal(Goal { of: Subject::Value, bound: Bound::Least, limit })
    }

    /// Of the figure that is [`Figure::against`] something: call it after that.
    pub(crate) fn ratio_at_most(self, limit: f64) -> Self {
        self.with_goal(Goal { of: Subject::Ratio, bound: Bound::Most, limit })
    }

    fn with_goal(self, goal: Goal) -> Self {
        let subject = match goal.of {
            Subject::Value => Some(self.value),
            Subject::Ratio => self.ratio,
        };
        let met = subject.is_some_and(|subject| match goal.bound {
            Bound::Most => subject <= goal.limit,
            Bound::Least => subject >= goal.limit,
        });
        Self { goal: Some(goal), met: Some(met), ..self }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.bound == Bound::Most { "≤" } else { "≥" };
        let times = if self.of == Subject::Ratio { " ×" } else { "" };
        write!(f, "{sign} {}{times}", number(self.limit))
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<44} {:>9} {:<8}", self.name, number(self.value), self.unit)?;
        if let Some([low, high]) = self.spread {
            write!(f, " {}–{}", number(low), number(high))?;
        }
        if let (Some(goal), Some(met)) = (self.goal, self.met) {
            write!(f, "  {} goal {goal}", if met { "✓" } else { "✗" })?;
        }
        if let Some(baseline) = &self.baseline {
            let ratio = self.ratio.map(|ratio| format!("{} × ", number(ratio))).unwrap_or_default();
            write!(f, "  {ratio}{} {}", number(baseline.value), baseline.name)?;
        }
        Ok(())
    }
}

/// Three significant digits, or all before the point, with a comma after each three.
pub(crate) fn number(value: f64) -> String {
    let decimals = match value.abs() {
        large if large >= 100.0 => 0,
        medium if medium >= 10.0 => 1,
        small if small >= 1.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    let digits = text.len();
    let comma = |(at, digit): (usize, char)| [(at > 0 && (digits - at).is_multiple_of(3)).then_some(','), Some(digit)];
    text.chars().enumerate().flat_map(comma).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_met_up_to_its_limit() {
        let slim = Figure::bytes("slim", 38_000).against("another player", 40_000.0);
        let is_met = |figure: Figure| figure.met.unwrap();
        assert!(is_met(slim.clone().at_most(38_000.0)) && !is_met(slim.clone().at_most(37_999.0)));
        assert!(is_met(slim.clone().at_least(38_000.0)) && !is_met(slim.clone().at_least(38_001.0)));
        assert!(is_met(slim.clone().ratio_at_most(0.95)) && !is_met(slim.clone().ratio_at_most(0.94)));
        assert!(!is_met(slim.against("free", 0.0).ratio_at_most(1.0)), "there is no ratio to nothing");
    }

    #[test]
    fn the_console_line_has_spread_goal_and_baseline() {
        let samples = Samples::new("ready", vec![1.0, 2.0, 3.0]).unwrap();
        let ready = Figure::median("ready", &samples, "ms").against_median("other", &samples).ratio_at_most(1.5);
        let line: String = ready.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(line, "ready 2 ms 1–3 ✓ goal ≤ 1.5 × 1 × 2 other");
    }

    #[test]
    fn numbers_have_three_digits_or_more() {
        let all = [0.0, 0.0123, 1.0, 1.046, 12.34, 123.4, 1_234.5, 1e6].map(number);
        assert_eq!(all, ["0", "0.012", "1", "1.05", "12.3", "123", "1,234", "1,000,000"]);
    }
}
