//! The measurements of one run in the browser, and the limits that they must keep.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::bench::{figure::Figure, samples::Samples};

/// How much larger the lower quartile of the last third of the samples may be than that of the first.
const GROWTH: f64 = 1.05;

/// Fewer samples say nothing about a slope.
const MIN_SAMPLES: usize = 3;

/// Seconds in which at least one token is renewed.
const MAX_RENEWAL_SECONDS: f64 = 3.0;

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
            Figure::new("tokens minted", self.renewals, "").at_least(self.seconds / MAX_RENEWAL_SECONDS),
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

/// The lower quartile of the last third beside that of the first. What leaks stays; memory that was not freed yet is in some samples
/// only.
fn flat(name: String, unit: &str, samples: &[f64]) -> Result<Figure> {
    ensure!(samples.len() >= MIN_SAMPLES, "{name}: {} samples are too few", samples.len());
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

    #[test]
    fn recognises_a_slope_among_high_samples() {
        let is_flat = |samples: &[f64]| flat("it".to_owned(), "", samples).unwrap().met.unwrap();
        assert!(is_flat(&[100.0, 100.0, 300.0, 100.0, 105.0, 104.0]) && is_flat(&[479.0, 479.0, 479.0, 632.0]));
        assert!(!is_flat(&[100.0, 100.0, 100.0, 100.0, 106.0, 106.0]));
        let slope: Vec<_> = (0..30).map(|minute| 100.0 + f64::from(minute) / 2.0).collect();
        assert!(!is_flat(&slope));
        assert!(flat("it".to_owned(), "", &[100.0, 100.0]).is_err(), "two samples are too few");
    }

    #[test]
    fn web_assembly_memory_must_not_grow_at_all() {
        let is_fixed = |samples: &[f64]| fixed("it".to_owned(), "", samples).unwrap().met.unwrap();
        assert!(is_fixed(&[65_536.0, 65_536.0]) && !is_fixed(&[65_536.0, 131_072.0]));
    }
}
