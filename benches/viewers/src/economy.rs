//! Tokens spent in an hour of watching, by how people watch.

use ansdev_player::session::Refresh;
use anyhow::Result;
use serde::Serialize;

use crate::least;
use crate::viewer::Page;

/// Viewers over whom each figure is the mean: renewals are jittered.
const VIEWERS: u64 = 1_000;
const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;

/// One way to watch.
struct Habit {
    refresh: Refresh,
    /// Players of the one video in the page.
    players: u32,
    /// Whether the film names a new key every minute, or one for all of it.
    is_rotating: bool,
    /// Milliseconds of watching, and of pause after it, again and again.
    watch_ms: u64,
    pause_ms: u64,
    /// Milliseconds from the beginning to the end.
    length_ms: u64,
}

/// What all habits cost.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Economy {
    eager: Spent,
    on_demand: Spent,
    on_demand_one_key: Spent,
    paused_half: Spent,
    four_players: Spent,
}

/// What one habit costs, the mean of all viewers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spent {
    tokens: f64,
    tokens_while_paused: f64,
    watched_hours: f64,
    /// The least possible number of tokens for so many hours.
    least: f64,
}

pub(crate) fn measure() -> Result<Economy> {
    let eager = Habit {
        refresh: Refresh::Eager,
        players: 1,
        is_rotating: true,
        watch_ms: 2 * HOUR_MS,
        pause_ms: 0,
        length_ms: 2 * HOUR_MS,
    };
    Ok(Economy {
        on_demand: Habit { refresh: Refresh::OnDemand, ..eager }.cost()?,
        on_demand_one_key: Habit { refresh: Refresh::OnDemand, is_rotating: false, ..eager }.cost()?,
        paused_half: Habit { watch_ms: HOUR_MS / 2, pause_ms: HOUR_MS / 2, length_ms: 4 * HOUR_MS, ..eager }.cost()?,
        four_players: Habit { players: 4, ..eager }.cost()?,
        eager: eager.cost()?,
    })
}

impl Habit {
    fn cost(&self) -> Result<Spent> {
        let (mut tokens, mut while_paused, mut watched_ms) = (0_u64, 0_u64, 0_u64);
        for seed in 0..VIEWERS {
            let (mut page, mut machine) = Page::open(self.refresh, seed, 0);
            watched_ms = 0;
            for minute in 0..self.length_ms / MINUTE_MS {
                let begin = minute * MINUTE_MS;
                let is_watched = begin % (self.watch_ms + self.pause_ms) < self.watch_ms;
                let mut minted = |_| {
                    tokens += 1;
                    while_paused += u64::from(!is_watched);
                };
                page.watch(&mut machine, is_watched, &mut minted)?;
                watched_ms += if is_watched { MINUTE_MS } else { 0 };
                // The playlist at first, and the minute's key: in every player, which are a little apart.
                for player in 0..if is_watched && (self.is_rotating || minute == 0) { self.players } else { 0 } {
                    page.live_until(&mut machine, begin + u64::from(player) * 1_000, &mut minted)?;
                    page.ask(&mut machine, &mut minted)?;
                }
                page.live_until(&mut machine, begin + MINUTE_MS, &mut minted)?;
            }
        }
        let mean = |count: u64| count as f64 / VIEWERS as f64;
        Ok(Spent {
            tokens: mean(tokens),
            tokens_while_paused: mean(while_paused),
            watched_hours: watched_ms as f64 / HOUR_MS as f64,
            least: least::tokens(watched_ms as f64 / 1000.0),
        })
    }
}
