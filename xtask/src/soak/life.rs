//! What one life in the browser has been, and the rules that it is judged by.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::bench::{figure::Figure, samples::Samples};

/// How much larger the lower quartile of the last third of the samples may be than that of the first.
const GROWTH: f64 = 1.05;

/// Fewer samples say nothing about a slope.
const LEAST_SAMPLES: usize = 3;

/// Seconds in which at least one token is renewed.
const LONGEST_RENEWAL: f64 = 3.0;

/// The figures that `tests/soak/soak.spec.ts` writes.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Life {
    first: Tab,
    second: Tab,
    seconds: f64,
    /// Mints that gave a token.
    renewals: f64,
    /// Keys that came for tokens of every age.
    keys: f64,
    seeks: f64,
    pauses: f64,
    recreations: f64,
    refusals: f64,
    stalls: f64,
    errors: f64,
    /// Tokens that had ended when they were handed out; requests whose token ended on their way; and requests that were
    /// refused for another reason than these and a fault.
    expired: f64,
    late: f64,
    refused: f64,
    /// Mints beyond the number that the machine's rules allow, and such as came two at a time.
    excess: f64,
    double: f64,
    while_paused: f64,
}

/// A tab's memory, sample after sample: bytes, and numbers of objects.
#[derive(Debug, Clone, Deserialize)]
struct Tab {
    heap: Vec<f64>,
    worker: Vec<f64>,
    wasm: Vec<f64>,
    nodes: Vec<f64>,
    listeners: Vec<f64>,
}

impl Life {
    pub(super) fn read(file: &Path) -> Result<Self> {
        let json = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
        serde_json::from_slice(&json).with_context(|| format!("{} has something unexpected", file.display()))
    }

    /// All of it.
    pub(super) fn figures(&self) -> Result<Vec<Figure>> {
        let none = |name: &str, value: f64| Figure::new(name, value, "").at_most(0.0);
        let mut figures = vec![
            Figure::new("played", self.seconds / 60.0, "min"),
            Figure::new("tokens minted", self.renewals, "").at_least(self.seconds / LONGEST_RENEWAL),
            Figure::new("keys asked for beside the players", self.keys, ""),
            Figure::new("seeks", self.seeks, ""),
            Figure::new("pauses", self.pauses, ""),
            Figure::new("players destroyed and created again", self.recreations, ""),
            Figure::new("keys refused once by a fault", self.refusals, ""),
            none("stalls over 2 s", self.stalls),
            none("fatal and unhandled errors", self.errors),
            none("tokens handed out after their end", self.expired),
            Figure::new("requests held up until their token had ended", self.late, ""),
            none("requests refused for any other reason", self.refused),
            none("mints beyond what the session's rules allow", self.excess),
            none("mints sooner than half a life after the last", self.double),
            none("mints for the film that is paused", self.while_paused),
        ];
        figures.extend(self.memory()?);
        Ok(figures)
    }

    /// What must not grow.
    pub(super) fn memory(&self) -> Result<Vec<Figure>> {
        let mut figures = Vec::new();
        for (tab, Tab { heap, worker, wasm, nodes, listeners }) in [("first", &self.first), ("second", &self.second)] {
            figures.extend([
                flat(format!("{tab} tab: heap of the page"), "bytes", heap)?,
                flat(format!("{tab} tab: heap of the Worker"), "bytes", worker)?,
                fixed(format!("{tab} tab: WebAssembly memory"), "bytes", wasm)?,
                flat(format!("{tab} tab: DOM nodes"), "", nodes)?,
                flat(format!("{tab} tab: event listeners"), "", listeners)?,
            ]);
        }
        Ok(figures)
    }
}

/// The lower quartile of the last third beside that of the first. What leaks stays; what will be let go of, but was not yet
/// when it was looked at, is in some samples.
fn flat(name: String, unit: &str, samples: &[f64]) -> Result<Figure> {
    ensure!(samples.len() >= LEAST_SAMPLES, "{name}: {} samples are too few", samples.len());
    let third = samples.len().div_ceil(3);
    let (first, last) = (&samples[..third], &samples[samples.len() - third..]);
    let (first, last) = (Samples::new(&name, first.to_vec())?, Samples::new(&name, last.to_vec())?);
    Ok(Figure::new(name, last.quartiles()[0], unit)
        .against("in the first third", first.quartiles()[0])
        .ratio_at_most(GROWTH))
}

/// The last sample beside the first one after the warm-up. WebAssembly's memory never shrinks.
fn fixed(name: String, unit: &str, samples: &[f64]) -> Result<Figure> {
    let (first, last) = samples.first().zip(samples.last()).with_context(|| format!("{name} was never measured"))?;
    Ok(Figure::new(name, *last, unit).against("after the warm-up", *first).ratio_at_most(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_flat(samples: &[f64]) -> Option<bool> {
        flat("it".to_owned(), "", samples).unwrap().met
    }

    #[test]
    fn a_twentieth_more_in_the_last_third_is_the_most_that_may_be() {
        assert_eq!(is_flat(&[100.0, 100.0, 300.0, 100.0, 105.0, 104.0]), Some(true));
        assert_eq!(is_flat(&[100.0, 100.0, 100.0, 100.0, 106.0, 106.0]), Some(false));
        assert_eq!(is_flat(&[100.0, 90.0, 80.0]), Some(true));
    }

    #[test]
    fn a_slope_is_seen_and_high_samples_are_not_taken_for_it() {
        let slope: Vec<_> = (0..30).map(|minute| 100.0 + f64::from(minute) / 2.0).collect();
        assert_eq!(is_flat(&slope), Some(false));
        let mut flat = vec![100.0; 30];
        (flat[25], flat[27]) = (150.0, 200.0);
        assert_eq!(is_flat(&flat), Some(true));
        assert_eq!(is_flat(&[479.0, 479.0, 479.0, 632.0]), Some(true));
    }

    #[test]
    fn too_few_samples_are_an_error() {
        assert!(flat("it".to_owned(), "", &[100.0, 100.0]).is_err());
        assert!(fixed("it".to_owned(), "", &[]).is_err());
    }

    #[test]
    fn web_assembly_memory_must_not_grow_at_all() {
        let is_fixed = |samples: &[f64]| fixed("it".to_owned(), "", samples).unwrap().met;
        assert_eq!(is_fixed(&[65_536.0, 65_536.0]), Some(true));
        assert_eq!(is_fixed(&[65_536.0, 131_072.0]), Some(false));
    }
}
