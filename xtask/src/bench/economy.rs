//! Tokens spent per hour of watching: natively with the real session, in tabs of a real browser, and by what pages do by
//! hand today.

use anyhow::{Context, Result};

use super::{Group, browser::Series, figure::Figure, viewers};
use crate::progress::Progress;

pub(super) const GROUP: Group = Group {
    name: "economy",
    about: "tokens spent; the least possible number is what an oracle needs that knows when each request will come",
    measure,
};

/// Seconds that `benches/browser/by-hand.bench.ts` watches, and after the sleep.
const WATCHED: f64 = 1_200.0;
const AFTERWARDS: f64 = 180.0;

/// What pages do without an SDK: the name of its measurements, and what it is.
const BY_HAND: [(&str, &str); 3] = [
    ("oneToken", "by hand: one static token"),
    ("interval", "by hand: a setInterval of four minutes"),
    ("everyRequest", "by hand: a mint before every request"),
];

fn measure(progress: &Progress) -> Result<Vec<Figure>> {
    let mut figures = by_habit(progress)?;
    figures.extend(by_tabs(progress)?);
    figures.extend(by_hand(progress)?);
    Ok(figures)
}

fn by_habit(progress: &Progress) -> Result<Vec<Figure>> {
    let habits = viewers::economy(progress)?;
    let spent = |habit: &str| habits.get(habit).with_context(|| format!("no viewer has the habit {habit}"));
    let per_view = |name: &str, habit: &str| {
        let spent = spent(habit)?;
        let tokens = Figure::new(name, spent.tokens, "tokens a view");
        Ok::<_, anyhow::Error>(tokens.against("the least possible", spent.least))
    };
    let waits = |name: &str, habit: &str| {
        Ok::<_, anyhow::Error>(Figure::new(name, spent(habit)?.waits_percent, "%").at_most(1.0))
    };
    let views =
        |name: &str, habit: &str| Ok::<_, anyhow::Error>(Figure::new(name, 1_000.0 / spent(habit)?.tokens, "views"));
    let eager = spent("eager")?.tokens;
    Ok(vec![
        per_view("two hours, one key", "oneKey")?.ratio_at_most(1.05),
        per_view("two hours of four, paused for half an hour in every hour, one key", "oneKeyPaused")?
            .ratio_at_most(1.05),
        per_view("two hours, a key a minute", "eager")?.ratio_at_most(1.20),
        per_view("two hours, live", "live")?.ratio_at_most(1.20),
        per_view("two hours, a key a minute, on demand", "onDemand")?,
        per_view("two hours of four, paused for half an hour in every hour, a key a minute", "pausedHalf")?
            .ratio_at_most(1.20),
        waits("requests that waited, a key a minute", "eager")?,
        waits("requests that waited, live", "live")?,
        waits("requests that waited, paused for half an hour in every hour, a key a minute", "pausedHalf")?,
        Figure::new("requests that waited, a key a minute, on demand", spent("onDemand")?.waits_percent, "%"),
        views("views of two hours for 1,000 tokens, one key", "oneKey")?,
        views("views of two hours for 1,000 tokens, a key a minute", "eager")?,
        Figure::new("while paused", spent("pausedHalf")?.tokens_while_paused, "tokens").at_most(0.0),
        Figure::new("four players of one video, two hours", spent("fourPlayers")?.tokens, "tokens")
            .against("one player", eager)
            // They begin a second apart, so the last request comes three seconds later than one player's, and of a few
            // hundred viewers one has a renewal in between.
            .ratio_at_most(1.01),
    ])
}

fn by_tabs(progress: &Progress) -> Result<[Figure; 2]> {
    let series = Series::measure("tabs", progress)?;
    let tokens = |tabs: &str| Ok::<_, anyhow::Error>(series.get(tabs)?.median());
    let one = tokens("one")?;
    Ok([
        // By chance one renewal more falls into the time that is measured.
        Figure::new("two tabs with shareAcrossTabs", tokens("shared")?, "tokens")
            .against("one tab", one)
            .ratio_at_most(1.15),
        Figure::new("two tabs without", tokens("apart")?, "tokens").against("one tab", one),
    ])
}

/// A film of two hours over plain hls.js, of which a part is watched; and again after the laptop slept an hour.
fn by_hand(progress: &Progress) -> Result<Vec<Figure>> {
    let series = Series::measure("by-hand", progress)?;
    let get = |way: &str, what: &str| Ok::<_, anyhow::Error>(series.get(&format!("{way}{what}"))?.median());
    let mut figures = Vec::new();
    for (name, unit, what) in [
        ("shown of 20 minutes", "s", "Shown"),
        ("stalls in them", "stalls", "Stalls"),
        ("tokens for them", "tokens", "Tokens"),
        ("shown of 3 minutes after an hour's sleep", "s", "AfterSleep"),
    ] {
        let ours = Figure::new(name, get("session", what)?, unit);
        for (way, about) in BY_HAND {
            let figure = ours.clone().against(about, get(way, what)?);
            figures.push(match what {
                "Shown" => figure.at_least(WATCHED),
                "Stalls" => figure.at_most(0.0),
                "AfterSleep" => figure.at_least(AFTERWARDS),
                _ => figure,
            });
        }
    }
    Ok(figures)
}
