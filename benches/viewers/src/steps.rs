//! The session machine flat out.

use std::time::{Duration, Instant};

use ansdev_player::session::Refresh;
use anyhow::Result;

use crate::viewer::Page;

const RUNS: usize = 9;
const RUN: Duration = Duration::from_millis(300);
const TWO_HOURS_MS: u64 = 2 * 3_600_000;

/// Steps per second of each run: viewers watch two hours one after the other, and ask for a token every minute.
pub(crate) fn measure() -> Result<Vec<f64>> {
    let mut seed = 0;
    (0..RUNS)
        .map(|_| {
            let (began, mut steps) = (Instant::now(), 0);
            while began.elapsed() < RUN {
                seed += 1;
                steps += watch(seed)?;
            }
            Ok(steps as f64 / began.elapsed().as_secs_f64())
        })
        .collect()
}

/// The steps that it took.
fn watch(seed: u64) -> Result<u64> {
    let (mut page, mut machine) = Page::open(Refresh::Eager, seed, 0);
    page.watch(&mut machine, true, &mut |_| {})?;
    for minute in (0..TWO_HOURS_MS).step_by(60_000) {
        page.live_until(&mut machine, minute, &mut |_| {})?;
        page.ask(&mut machine, &mut |_| {})?;
    }
    page.live_until(&mut machine, TWO_HOURS_MS, &mut |_| {})?;
    Ok(page.steps())
}
