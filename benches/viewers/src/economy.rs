//! Tokens spent on a view, by how people watch.

use std::iter;

use ansdev_player::session::Refresh;
use anyhow::Result;
use fastrand::Rng;
use serde::Serialize;

use crate::least;
use crate::viewer::Page;

/// Viewers over whom each figure is the mean: renewals are jittered.
const VIEWERS: u64 = 1_000;
const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
/// Milliseconds between two requests for a live playlist.
const LIVE_MS: u64 = 6_000;

/// What a film asks for.
#[derive(Clone, Copy, PartialEq)]
enum Film {
    /// A playlist and a key, at the beginning.
    OneKey,
    /// The playlist, and a key a minute.
    Rotating,
    /// The playlist every six seconds, and a key a minute.
    Live,
}

/// One way to watch.
struct Habit {
    refresh: Refresh,
    /// Players of the one video in the page.
    players: u32,
    film: Film,
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
    one_key: Spent,
    one_key_paused: Spent,
    eager: Spent,
    live: Spent,
    on_demand: Spent,
    paused_half: Spent,
    four_players: Spent,
}

/// What one habit costs, the mean of all viewers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spent {
    tokens: f64,
    tokens_while_paused: f64,
    /// The least possible number of tokens for the same requests.
    least: f64,
    /// Of a hundred requests after a view's first, those that waited for a mint.
    waits_percent: f64,
}

pub(crate) fn measure() -> Result<Economy> {
    let eager = Habit {
        refresh: Refresh::Eager,
        players: 1,
        film: Film::Rotating,
        watch_ms: 2 * HOUR_MS,
        pause_ms: 0,
        length_ms: 2 * HOUR_MS,
    };
    Ok(Economy {
        one_key: Habit { film: Film::OneKey, ..eager }.cost()?,
        one_key_paused: Habit {
            film: Film::OneKey,
            watch_ms: HOUR_MS / 2,
            pause_ms: HOUR_MS / 2,
            length_ms: 4 * HOUR_MS,
            ..eager
        }
        .cost()?,
        live: Habit { film: Film::Live, ..eager }.cost()?,
        on_demand: Habit { refresh: Refresh::OnDemand, ..eager }.cost()?,
        paused_half: Habit { watch_ms: HOUR_MS / 2, pause_ms: HOUR_MS / 2, length_ms: 4 * HOUR_MS, ..eager }.cost()?,
        four_players: Habit { players: 4, ..eager }.cost()?,
        eager: eager.cost()?,
    })
}

impl Habit {
    fn is_watched(&self, at: u64) -> bool {
        at % (self.watch_ms + self.pause_ms) < self.watch_ms
    }

    /// When a view's requests come, in order: those of the beginning, and then one each time that the buffer comes to the
    /// next key or playlist. Where in the film somebody pauses and plays on has nothing to do with where its keys change.
    fn requests(&self, rng: &mut Rng) -> Vec<u64> {
        let every = if self.film == Film::Live { LIVE_MS } else { MINUTE_MS };
        let later = (rng.u64(1..=every)..self.length_ms).step_by(every as usize);
        let later = later.filter(|at| self.film != Film::OneKey && self.is_watched(*at));
        // In every player, which are a little apart.
        let in_all = |at| (0..u64::from(self.players)).map(move |player| at + player * 1_000);
        let mut requests: Vec<u64> = iter::once(0).chain(later).flat_map(in_all).collect();
        requests.sort_unstable();
        requests
    }

    fn cost(&self) -> Result<Spent> {
        let (mut tokens, mut while_paused, mut least, mut asked, mut waits) = (0_u64, 0_u64, 0_u64, 0_u64, 0_u64);
        for seed in 0..VIEWERS {
            let requests = self.requests(&mut Rng::with_seed(seed));
            let (mut page, mut machine) = Page::open(self.refresh, seed, 0);
            let mut left = requests.iter().copied().peekable();
            for minute in 0..self.length_ms / MINUTE_MS {
                let (begin, end) = (minute * MINUTE_MS, (minute + 1) * MINUTE_MS);
                let is_watched = self.is_watched(begin);
                let mut minted = |_| {
                    tokens += 1;
                    while_paused += u64::from(!is_watched);
                };
                page.watch(&mut machine, is_watched, &mut minted)?;
                while let Some(at) = left.next_if(|at| *at < end) {
                    page.live_until(&mut machine, at, &mut minted)?;
                    page.ask(&mut machine, &mut minted)?;
                    if left.peek().is_none() && self.film != Film::Live {
                        page.need(&mut machine, false, &mut minted)?;
                    }
                }
                page.live_until(&mut machine, end, &mut minted)?;
            }
            least += least::tokens(&requests);
            // The first cannot but wait: there is no token yet.
            asked += requests.len() as u64 - 1;
            waits += page.waits() - 1;
        }
        let mean = |count: u64| count as f64 / VIEWERS as f64;
        Ok(Spent {
            tokens: mean(tokens),
            tokens_while_paused: mean(while_paused),
            least: mean(least),
            waits_percent: 100.0 * waits as f64 / asked.max(1) as f64,
        })
    }
}
