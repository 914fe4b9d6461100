//! A million viewers who press play in the same second.

use std::thread;
use std::time::Instant;

use allocation_counter::measure as allocations_of;
use ansdev_player::session::{Machine, Refresh};
use anyhow::{Context, Result, anyhow};
use fastrand::Rng;
use serde::Serialize;

use crate::least;
use crate::viewer::{LIFE_MS, Page, Refusal};

const HOURS: u64 = 2;
const SECONDS: usize = HOURS as usize * 3_600;
/// Seconds that all viewers live before any of them lives on: so they are all there at the same time.
const TURN_SECONDS: u64 = 600;

/// What the herd does to the backend, and takes of memory.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Herd {
    viewers: usize,
    mints_per_viewer_hour: f64,
    least_per_viewer_hour: f64,
    /// Mints in the second in which all press play.
    first_second: u64,
    /// Most mints in any later second.
    peak_second: u64,
    /// Heap bytes of a machine, its own size and all that it holds; counted by the allocator at the end, when every
    /// viewer has a token.
    bytes_per_viewer: f64,
    /// Most requests in a second after the page's own server answered 429 for an hour, in percent of the viewers.
    after_refusals_percent: f64,
    /// The same after 503 for a minute.
    after_outage_percent: f64,
    /// Seconds that it took to live through it.
    took_seconds: f64,
}

/// A part of the herd, on one thread.
struct Flock {
    mints: Vec<u64>,
    bytes: i64,
}

pub(crate) fn measure(viewers: usize) -> Result<Herd> {
    let began = Instant::now();
    let threads = thread::available_parallelism()?.get();
    let share = |thread: usize| viewers / threads + usize::from(thread < viewers % threads);
    let flocks: Vec<_> = (0..threads)
        .map(|thread| (thread as u64, share(thread)))
        .map(|(seed, viewers)| thread::spawn(move || live(viewers, seed)))
        .collect();
    let mut mints = vec![0; SECONDS];
    let mut bytes = 0;
    for flock in flocks {
        let flock = flock.join().map_err(|_| anyhow!("a thread of the herd panicked"))??;
        mints.iter_mut().zip(flock.mints).for_each(|(all, flock)| *all += flock);
        bytes += flock.bytes;
    }
    let (first, later) = mints.split_first().context("two hours have a first second")?;
    let per_viewer_hour = |tokens: f64| tokens / HOURS as f64;
    Ok(Herd {
        viewers,
        mints_per_viewer_hour: per_viewer_hour(mints.iter().sum::<u64>() as f64 / viewers as f64),
        least_per_viewer_hour: per_viewer_hour(least::tokens(
            &(0..SECONDS as u64).map(|second| second * 1_000).collect::<Vec<_>>(),
        ) as f64),
        first_second: *first,
        peak_second: later.iter().copied().max().unwrap_or(0),
        bytes_per_viewer: bytes as f64 / viewers as f64,
        after_refusals_percent: busiest_after(viewers, &REFUSALS)?,
        after_outage_percent: busiest_after(viewers, &OUTAGE)?,
        took_seconds: began.elapsed().as_secs_f64(),
    })
}

/// When the server begins to refuse: every viewer has watched for a while.
const TROUBLE_MS: u64 = 2 * LIFE_MS;
const REFUSALS: Refusal =
    Refusal { status: 429, from: TROUBLE_MS, until: TROUBLE_MS + 3_600_000, retry_after_ms: None };
const OUTAGE: Refusal = Refusal { status: 503, from: TROUBLE_MS, until: TROUBLE_MS + 60_000, retry_after_ms: None };

/// Viewers come at any time of a token's life and watch; after the refusal, how many of a hundred ask in the busiest
/// second of ten minutes.
fn busiest_after(viewers: usize, refusal: &Refusal) -> Result<f64> {
    let threads = thread::available_parallelism()?.get();
    let flocks: Vec<_> = (0..threads)
        .map(|thread| viewers / threads + usize::from(thread < viewers % threads))
        .zip(0_u64..)
        .map(|(viewers, seed)| {
            let refusal = *refusal;
            thread::spawn(move || {
                let mut rng = Rng::with_seed(seed);
                let mut seconds = vec![0_u64; 600];
                for _ in 0..viewers {
                    let mut minted = |at: u64| {
                        let after = at.checked_sub(refusal.until).map(|ms| ms as usize / 1_000);
                        if let Some(second) = after.and_then(|second| seconds.get_mut(second)) {
                            *second += 1;
                        }
                    };
                    let opened = rng.u64(0..LIFE_MS);
                    let (mut page, mut machine) = Page::open_at_provider(refusal, rng.u64(..), opened);
                    page.watch(&mut machine, true, &mut minted)?;
                    page.ask(&mut machine, &mut minted)?;
                    page.live_until(&mut machine, refusal.until + 600_000, &mut minted)?;
                }
                Ok::<_, anyhow::Error>(seconds)
            })
        })
        .collect();
    let mut all = vec![0; 600];
    for flock in flocks {
        let seconds = flock.join().map_err(|_| anyhow!("a thread of the herd panicked"))??;
        all.iter_mut().zip(seconds).for_each(|(all, flock)| *all += flock);
    }
    Ok(100.0 * all.into_iter().max().unwrap_or(0) as f64 / viewers as f64)
}

/// So many viewers live through it, all at the same time.
fn live(viewers: usize, seed: u64) -> Result<Flock> {
    let mut rng = Rng::with_seed(seed);
    let mut mints = vec![0; SECONDS];
    let mut minted = |at: u64| {
        if let Some(second) = mints.get_mut(at as usize / 1000) {
            *second += 1;
        }
    };
    let mut pages = Vec::with_capacity(viewers);
    let mut machines: Vec<Machine> = Vec::new();
    let mut lived = Ok(());
    // The machines alone are made and change inside; what pages need was reserved before.
    let memory = allocations_of(|| {
        machines.reserve_exact(viewers);
        lived = (|| {
            for _ in 0..viewers {
                let (mut page, mut machine) = Page::open(Refresh::Eager, rng.u64(..), rng.u64(0..1_000));
                page.watch(&mut machine, true, &mut minted)?;
                page.ask(&mut machine, &mut minted)?;
                pages.push(page);
                machines.push(machine);
            }
            for turn in 1..=HOURS * 3_600 / TURN_SECONDS {
                for (page, machine) in pages.iter_mut().zip(&mut machines) {
                    page.live_until(machine, turn * TURN_SECONDS * 1_000, &mut minted)?;
                }
            }
            Ok(())
        })();
    });
    lived.map(|()| Flock { mints, bytes: memory.bytes_current })
}
