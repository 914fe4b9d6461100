//! What `benches/browser/` measures in a real Chromium. Goals and baselines are named here, measurements made there.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result};

use super::{Group, figure::Figure, samples::Samples};
use crate::{command::Command, mock, progress::Progress, setup::chromium, workspace};

pub(super) const STARTUP: Group =
    Group { name: "startup", about: "createClient until ready, in a page that has seen nothing yet", measure: startup };

pub(super) const RESOLVE: Group =
    Group { name: "resolve", about: "session.resolve with a valid token", measure: resolve };

/// Measurements of one bench, by their names there.
pub(super) struct Series(BTreeMap<String, Vec<f64>>);

impl Series {
    /// Runs the bench of this name.
    pub(super) fn measure(bench: &str, progress: &Progress) -> Result<Self> {
        let file = workspace::cargo_target()?.join("bench").join(bench).with_extension("json");
        Command::new(workspace::path("node_modules/.bin/playwright"))
            .args(["test", "--config=benches/browser/playwright.config.ts", &format!("/{bench}.bench.ts")])
            .env("SERIES", &file)
            .env("CHROMIUM", chromium::find()?.browser)
            .env("MOCK_BACKEND", mock::program()?)
            .run(progress)?;
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
        slim.clone().against_median(format!("{empty}, as files"), &empty_files).ratio_at_most(1.5),
        inline.against_median(matrix_worker, &matrix).ratio_at_most(0.3),
        slim.against_median(matrix_worker, &matrix).ratio_at_most(0.3),
    ])
}

fn resolve(progress: &Progress) -> Result<Vec<Figure>> {
    let series = Series::measure("resolve", progress)?;
    let figure = Figure::median("session.resolve", &series.get("resolve")?, "µs");
    Ok(vec![figure.against_median("a bare round trip to a Worker", &series.get("bare")?).ratio_at_most(1.3)])
}
