//! A virtual world around the token session: clocks that step, laptops that sleep, tabs that freeze, a network that
//! delays, drops and lies, and viewers who play, pause, seek and leave. After every step the invariants of
//! [`oracle`] are checked.
//!
//! A world is made from its seed alone. A failure names it; `SIMULATION_SEED=… cargo test --test simulation` replays it,
//! and `SIMULATION_DAYS=…` lives more viewer-days or fewer.

#![cfg(not(target_arch = "wasm32"))]

mod backend;
mod film;
mod oracle;
mod world;

use std::thread;

use world::{DAY, World};

/// Days that viewers live in one run: each is one viewer's, with some hours of watching in it.
const VIEWER_DAYS: u64 = 10_000;

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is a whole number, not {text:?}")))
}

#[test]
fn ten_thousand_viewer_days_break_no_rule() {
    let report = |name: &str, total: &world::Totals| println!("{name}: {total:?}");
    if let Some(seed) = number("SIMULATION_SEED") {
        report("one world", &World::new(seed).live(DAY));
        return;
    }
    let days = number("SIMULATION_DAYS").unwrap_or(VIEWER_DAYS);
    let workers = thread::available_parallelism().map_or(2, usize::from) as u64;
    let lives: Vec<_> = (0..workers)
        .map(|worker| {
            thread::spawn(move || {
                let seeds = (worker..days).step_by(workers as usize);
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
    assert!(total.steps > 100 * days && total.tokens > 10 * days && total.failures > days, "{total:?}");
    assert!(total.rejections > days / 10 && total.sleeps > days / 10 && total.destroyed > days / 10, "{total:?}");
    assert!(total.satisfied > days / 10 && total.chosen > days / 10, "{total:?}");
    assert!(total.exhausted > days / 100 && total.clock_steps > days / 10 && total.aborts > days / 10, "{total:?}");
}
