//! A virtual world around the token session: clocks that step, laptops that sleep, tabs that freeze, a network that
//! delays, drops and lies, and viewers who play, pause, seek and leave. After every step the invariants of
//! [`oracle`] are checked.
//!
//! A world is made from its seed alone. A failure names it; `SIMULATION_SEED=… cargo test --test simulation` replays it.

#![cfg(not(target_arch = "wasm32"))]

mod backend;
mod oracle;
mod world;

use std::thread;

use world::{DAY, World};

/// Days that viewers live in one run: each is one viewer's, with some hours of watching in it.
const VIEWER_DAYS: u64 = 10_000;

#[test]
fn ten_thousand_viewer_days_break_no_rule() {
    let report = |name: &str, total: &world::Totals| println!("{name}: {total:?}");
    if let Ok(seed) = std::env::var("SIMULATION_SEED") {
        let seed = seed.parse().expect("SIMULATION_SEED is a number");
        report("one world", &World::new(seed).live(DAY));
        return;
    }
    let workers = thread::available_parallelism().map_or(2, usize::from) as u64;
    let lives: Vec<_> = (0..workers)
        .map(|worker| {
            thread::spawn(move || {
                let seeds = (worker..VIEWER_DAYS).step_by(workers as usize);
                seeds.map(|seed| World::new(seed).live(DAY)).fold(world::Totals::default(), world::Totals::plus)
            })
        })
        .collect();
    let total = lives
        .into_iter()
        .map(|life| life.join().expect("a world broke a rule; its seed is printed above"))
        .fold(world::Totals::default(), world::Totals::plus);
    report("all worlds", &total);
    // The worlds must have had something to survive, or the run proves nothing.
    assert!(total.steps > 1_000_000 && total.tokens > 100_000 && total.failures > 10_000, "{total:?}");
    assert!(total.rejections > 1_000 && total.sleeps > 1_000 && total.destroyed > 1_000, "{total:?}");
    assert!(total.exhausted > 100 && total.clock_steps > 1_000 && total.aborts > 1_000, "{total:?}");
}
