//! A million viewers who press play in the same second.

use std::thread;
use std::time::Instant;

use allocation_counter::measure as allocations_of;
use ansdev_player::session::{Machine, Refresh};
use anyhow::{Context, Result, anyhow};
use fastrand::Rng;
use serde::Serialize;

use crate::least;
use crate::viewer::Page;

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
        took_seconds: began.elapsed().as_secs_f64(),
    })
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
