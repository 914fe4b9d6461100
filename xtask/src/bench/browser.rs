//! What `benches/browser/` measures in a real Chromium. Goals and baselines are named here, measurements made there.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result};

use super::{Group, figure::Figure, samples::Samples};
use crate::{cargo_target, mock::Kind, progress::Progress, suite};

pub(super) const STARTUP: Group =
    Group { name: "startup", about: "createClient until ready, in a page that has seen nothing yet", measure: startup };

pub(super) const RESOLVE: Group =
    Group { name: "resolve", about: "session.resolve with a valid token", measure: resolve };

pub(super) const FIRST_FRAME: Group =
    Group { name: "first_frame", about: "from the navigation to the first picture", measure: first_frame };

pub(super) const RENEWAL: Group =
    Group { name: "renewal", about: "what the page's main thread does for a new token", measure: renewal };

pub(super) const SESSIONS: Group =
    Group { name: "sessions", about: "a thousand sessions on one page, beside one", measure: sessions };

pub(super) const LEAK: Group =
    Group { name: "leak", about: "memory of page and Worker after cycles of create, play and destroy", measure: leak };

/// Measurements of one bench, by their names there.
pub(super) struct Series(BTreeMap<String, Vec<f64>>);

impl Series {
    /// Runs the bench of this name.
    pub(super) fn measure(bench: &str, progress: &Progress) -> Result<Self> {
        let file = cargo_target::dir()?.join("bench").join(bench).with_extension("json");
        let measure = suite::playwright("benches/browser", Kind::Native)?.args([format!("/{bench}.bench.ts")]);
        measure.env("SERIES", &file).run(progress)?;
        let json = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
        Ok(Self(serde_json::from_slice(&json).with_context(|| format!("{bench} measured something unexpected"))?))
    }

    pub(super) fn get(&self, name: &str) -> Result<Samples> {
        Samples::new(name, self.0.get(name).cloned().unwrap_or_default())
    }
}

fn startup(progress: &Progress) -> Result<Vec<Figure>> {
    let series = Series::measure("startup", progress)?;
    let (inline, slim, matrix) = (series.get("inline")?, series.get("slim")?, series.get("matrix")?);
    let (empty_inline, empty_files) = (series.get("emptyInline")?, series.get("emptyFiles")?);
    let empty = "a Worker that instantiates an empty module";
    let matrix_worker = "@matrix-org/matrix-sdk-crypto-wasm in a Worker";
    let [inline, slim] = [("createClient, inline", inline), ("createClient, slim", slim)]
        .map(|(name, samples)| Figure::median(name, &samples, "ms"));
    Ok(vec![
        inline.clone().against_median(format!("{empty}, from a blob"), &empty_inline).ratio_at_most(1.5),
        inline.against_median(matrix_worker, &matrix).ratio_at_most(0.3),
        slim.clone().against_median(format!("{empty}, as files"), &empty_files).ratio_at_most(1.5),
        slim.against_median(matrix_worker, &matrix).ratio_at_most(0.3),
    ])
}

fn resolve(progress: &Progress) -> Result<Vec<Figure>> {
    let series = Series::measure("resolve", progress)?;
    let figure = Figure::median("session.resolve", &series.get("resolve")?, "µs");
    Ok(vec![
        figure.clone().against_median("a bare round trip to a Worker", &series.get("bare")?).ratio_at_most(1.3),
        figure.against_median("a Worker that does the same in plain JavaScript", &series.get("inJavaScript")?),
    ])
}

fn first_frame(progress: &Progress) -> Result<Vec<Figure>> {
    let series = Series::measure("first-frame", progress)?;
    let bare = series.get("bare")?;
    let beside = |name: &str, samples: &Samples| {
        let figure = Figure::median(name, samples, "ms");
        figure.against_median("hls.js with a token by one plain fetch", &bare).ratio_at_most(1.05)
    };
    Ok(vec![beside("<ansdev-video>", &series.get("ours")?), beside("with the hint", &series.get("hinted")?)])
}

fn renewal(progress: &Progress) -> Result<Vec<Figure>> {
    let longest = Series::measure("renewal", progress)?.get("longest")?;
    let figure = Figure::new("longest task of the main thread", longest.most(), "ms").at_most(2.0);
    Ok(vec![figure, Figure::median("longest task of a usual renewal", &longest, "ms")])
}

fn sessions(progress: &Progress) -> Result<Vec<Figure>> {
    let series = Series::measure("sessions", progress)?;
    let renewal = Figure::median("a renewal among 1,000 sessions", &series.get("renewals")?, "ms");
    Ok(vec![
        Figure::median("memory per session", &series.get("perSession")?, "bytes").at_most(4_096.0),
        renewal.against_median("with one session", &series.get("renewalsOfOne")?).ratio_at_most(1.2),
    ])
}

fn leak(progress: &Progress) -> Result<Vec<Figure>> {
    let series = Series::measure("leak", progress)?;
    let beside = |name: &str, unit: &str, last: &str, first: &str| {
        let (last, first) = (series.get(last)?.median(), series.get(first)?.median());
        Ok::<_, anyhow::Error>(Figure::new(name, last, unit).against("after 50", first).ratio_at_most(1.02))
    };
    Ok(vec![
        beside("memory after 500 cycles", "bytes", "last", "first")?,
        beside("nodes and listeners after 500 cycles", "", "lastNodes", "firstNodes")?,
    ])
}
