//! What `benches/viewers/` measures: the token session natively, over hours, over a million viewers, and flat out.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Deserialize;

use super::{Group, figure::Figure, native, samples::Samples};
use crate::progress::Progress;

pub(super) const HERD: Group = Group {
    name: "herd",
    about: "a million viewers press play in the same second, and watch two hours",
    measure: herd,
};

pub(super) const STEPS: Group =
    Group { name: "steps", about: "the session machine by itself, natively, on one core", measure: steps };

/// What one way to watch costs, the mean of a thousand viewers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Spent {
    pub(super) tokens: f64,
    pub(super) tokens_while_paused: f64,
    /// The least possible number of tokens for the same requests.
    pub(super) least: f64,
    /// Of a hundred requests after a view's first, those that waited for a mint.
    pub(super) waits_percent: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Herd {
    viewers: usize,
    mints_per_viewer_hour: f64,
    least_per_viewer_hour: f64,
    first_second: f64,
    peak_second: f64,
    bytes_per_viewer: f64,
    after_refusals_percent: f64,
    after_outage_percent: f64,
    took_seconds: f64,
}

/// By the habit's name.
pub(super) fn economy(progress: &Progress) -> Result<BTreeMap<String, Spent>> {
    native("viewers", "economy", progress)
}

fn herd(progress: &Progress) -> Result<Vec<Figure>> {
    let herd: Herd = native("viewers", "herd", progress)?;
    Ok(vec![
        Figure::new("viewers", herd.viewers as f64, "").at_least(1_000_000.0),
        Figure::new("mints per viewer-hour", herd.mints_per_viewer_hour, "tokens")
            .against("the least possible", herd.least_per_viewer_hour),
        Figure::new("mints in the peak second", herd.peak_second, "tokens")
            .against("in the first second, when all press play", herd.first_second),
        Figure::new("busiest second after getToken's server refused for an hour", herd.after_refusals_percent, "%")
            .at_most(3.0),
        Figure::new("busiest second after it failed for a minute", herd.after_outage_percent, "%").at_most(3.0),
        Figure::new("memory per viewer", herd.bytes_per_viewer, "bytes"),
        Figure::new("time to live through it", herd.took_seconds, "s"),
    ])
}

fn steps(progress: &Progress) -> Result<Vec<Figure>> {
    let per_second: Vec<f64> = native("viewers", "steps", progress)?;
    Ok(vec![Figure::median("steps per second", &Samples::new("steps", per_second)?, "steps/s")])
}
