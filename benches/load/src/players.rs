//! Thousands of players at once: each mints, loads its playlist, then a segment every two seconds and each new key with
//! the token that it has at that moment, and mints again before that one ends.

use std::net::SocketAddr;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use ansdev_mock_backend::{MockBackend, seed};
use anyhow::{Context, Result, bail, ensure};
use hyper::{HeaderMap, Method, StatusCode};
use memory_stats::memory_stats;
use serde::{Deserialize, Serialize};
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at, sleep_until};

use crate::client::{Connection, Question};

/// Short, so that every player renews several times in a minute.
const TOKEN_LIFE: Duration = Duration::from_secs(20);
/// From this age on a token is followed by the next, a little later by each player than by the one before.
const RENEWAL: Duration = Duration::from_secs(12);
const RENEWAL_SPREAD: Duration = Duration::from_secs(4);
const SEGMENT: Duration = Duration::from_secs(2);
/// All press play within this time.
const START: Duration = Duration::from_secs(5);
/// Bytes of memory that server and players may take together: for themselves, and for each player.
const MAX_BYTES: usize = 64 << 20;
const MAX_BYTES_PER_PLAYER: usize = 128 << 10;

/// What became of them.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Outcome {
    players: usize,
    seconds: u64,
    requests: u64,
    /// Players that met an error, and the first of these.
    lost: usize,
    first_error: Option<String>,
    /// Answers that took longer than a segment lasts.
    late: u64,
    slowest_ms: u64,
    /// Tokens that the players got, and tokens that the key was charged for.
    mints: u64,
    charged: u64,
    /// The memory of the process, server and players together: before the first one, at half-time, and at its most.
    resident_bytes_before: usize,
    resident_bytes_settled: usize,
    resident_bytes_most: usize,
}

/// What one player counts.
#[derive(Debug, Default)]
struct Counts {
    requests: u64,
    late: u64,
    slowest: Duration,
    mints: u64,
}

#[derive(Deserialize)]
struct Minted {
    data: Token,
}

#[derive(Deserialize)]
struct Token {
    token: String,
}

/// A segment's address, and that of its key where it names another one than the segment before.
struct Part {
    segment: String,
    key: Option<String>,
}

pub(crate) fn watch(players: usize, length: Duration) -> Result<Outcome> {
    // A socket on either side, and some files.
    let needed = players as u64 * 2 + 100;
    let allowed = rlimit::increase_nofile_limit(needed).context("asking for open files")?;
    ensure!(allowed >= needed, "{needed} open files are needed, the system allows {allowed}; see `ulimit -n`");

    Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let life = u32::try_from(TOKEN_LIFE.as_secs())?;
        let mock = MockBackend::builder().quota(u32::MAX).token_life_seconds(life).control(false).start().await?;
        let mut outcome = Outcome { players, seconds: length.as_secs(), ..Outcome::default() };
        outcome.resident_bytes_before = resident()?;

        let (began, key) = (Instant::now(), Arc::<str>::from(mock.api_key()));
        let mut tasks = JoinSet::new();
        for number in 0..players {
            let share = number as f64 / players as f64;
            let (start, renewal) = (began + START.mul_f64(share), RENEWAL + RENEWAL_SPREAD.mul_f64(share));
            let (address, key) = (mock.address(), key.clone());
            tasks.spawn(async move {
                let mut counts = Counts::default();
                let result = play(address, &key, renewal, start..began + length, &mut counts).await;
                (counts, result.err())
            });
        }
        let mut looks = tokio::time::interval(Duration::from_secs(1));
        loop {
            tokio::select! {
                _ = looks.tick() => outcome.look(began.elapsed() < length / 2)?,
                ended = tasks.join_next() => match ended {
                    None => break,
                    Some(ended) => outcome.add(ended?),
                },
            }
        }
        outcome.charged = charged(mock.address(), &key).await?;
        Ok(outcome)
    })
}

impl Outcome {
    /// An error where a player was lost, the key was charged for other tokens than the players got, or they took too much memory.
    pub(crate) fn verdict(&self) -> Result<()> {
        ensure!(self.lost == 0, "{} players were lost", self.lost);
        ensure!(self.mints == self.charged, "{} tokens were charged for, {} received", self.charged, self.mints);
        let (bytes, bound) = (self.resident_bytes_most, MAX_BYTES + self.players * MAX_BYTES_PER_PLAYER);
        ensure!(bytes <= bound, "{} players took {bytes} bytes of memory, more than {bound}", self.players);
        Ok(())
    }

    fn look(&mut self, is_settling: bool) -> Result<()> {
        let resident = resident()?;
        if is_settling {
            self.resident_bytes_settled = resident;
        }
        self.resident_bytes_most = self.resident_bytes_most.max(resident);
        Ok(())
    }

    fn add(&mut self, (counts, error): (Counts, Option<anyhow::Error>)) {
        self.requests += counts.requests;
        self.late += counts.late;
        self.mints += counts.mints;
        self.slowest_ms = self.slowest_ms.max(counts.slowest.as_millis() as u64);
        if let Some(error) = error {
            self.lost += 1;
            self.first_error.get_or_insert(format!("{error:#}"));
        }
    }
}

fn resident() -> Result<usize> {
    Ok(memory_stats().context("this system does not tell memory")?.physical_mem)
}

/// One player.
async fn play(
    address: SocketAddr,
    key: &str,
    renewal: Duration,
    while_in: Range<Instant>,
    counts: &mut Counts,
) -> Result<()> {
    sleep_until(while_in.start).await;
    let mut player = Player { connection: Connection::open(address).await?, api_key: key.to_owned(), counts };
    let mut token = player.mint().await?;
    let mut renew_at = Instant::now() + renewal;
    let playlist = player.get(format!("/v1/video/playback/manifest/{token}")).await?;
    let parts = parts(std::str::from_utf8(&playlist)?)?;

    let mut ticks = interval_at(Instant::now(), SEGMENT);
    for part in parts.iter().cycle() {
        if ticks.tick().await >= while_in.end {
            break;
        }
        if Instant::now() >= renew_at {
            token = player.mint().await?;
            renew_at = Instant::now() + renewal;
        }
        if let Some(key) = &part.key {
            let path = key.replacen("/video/key/", &format!("/v1/video/playback/key/{token}/"), 1);
            let key = player.get(path).await?;
            ensure!(key.len() == 16, "a key of {} bytes", key.len());
        }
        let segment = player.get(part.segment.clone()).await?;
        ensure!(!segment.is_empty() && segment.len().is_multiple_of(16), "a segment of {} bytes", segment.len());
    }
    Ok(())
}

/// The playlist's segments in their order.
fn parts(playlist: &str) -> Result<Vec<Part>> {
    let (mut parts, mut key) = (Vec::new(), None);
    for line in playlist.lines() {
        if let Some((_, uri)) = line.strip_prefix("#EXT-X-KEY").and_then(|tag| tag.split_once("URI=\"")) {
            key = uri.split('"').next().map(str::to_owned);
        } else if !line.starts_with('#') {
            let path = line.find("/cdn/").with_context(|| format!("{line} is no segment"))?;
            parts.push(Part { segment: line[path..].to_owned(), key: key.take() });
        }
    }
    ensure!(!parts.is_empty(), "the playlist names no segment");
    Ok(parts)
}

struct Player<'a> {
    connection: Connection,
    api_key: String,
    counts: &'a mut Counts,
}

impl Player<'_> {
    async fn mint(&mut self) -> Result<String> {
        let answer = self.ask(Method::POST, mint_path(seed::ROTATING_KEYS)).await?;
        self.counts.mints += 1;
        Ok(serde_json::from_slice::<Minted>(&answer)?.data.token)
    }

    async fn get(&mut self, path: String) -> Result<bytes::Bytes> {
        self.ask(Method::GET, path).await
    }

    async fn ask(&mut self, method: Method, path: String) -> Result<bytes::Bytes> {
        let asked = Instant::now();
        let question = Question { method, path, api_key: self.api_key.clone() };
        let answer = self.connection.ask(&question).await?;
        let took = asked.elapsed();
        self.counts.requests += 1;
        self.counts.late += u64::from(took > SEGMENT);
        self.counts.slowest = self.counts.slowest.max(took);
        if answer.status() != StatusCode::OK {
            bail!("{} for {}: {:?}", answer.status(), question.path, answer.body());
        }
        Ok(answer.into_body())
    }
}

fn mint_path(video: &str) -> String {
    format!("/v1/video/{video}/playback-token")
}

/// How many tokens the key has spent, as the server counts: a mint that fails tells it, and spends none.
async fn charged(address: SocketAddr, key: &str) -> Result<u64> {
    let question = Question { method: Method::POST, path: mint_path("vid_none"), api_key: key.to_owned() };
    let answer = Connection::open(address).await?.ask(&question).await?;
    let number = |headers: &HeaderMap, name: &str| -> Result<u64> {
        Ok(headers.get(name).with_context(|| format!("no {name}"))?.to_str()?.parse()?)
    };
    Ok(number(answer.headers(), "x-ratelimit-limit")? - number(answer.headers(), "x-ratelimit-remaining")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_hundred_players_lose_nothing_and_are_charged_exactly() {
        let outcome = watch(300, Duration::from_secs(18)).unwrap();
        outcome.verdict().unwrap();
        assert!(outcome.mints > 300, "some renew: {outcome:?}");
    }

    #[test]
    fn a_lost_player_a_wrong_charge_and_a_leak_are_found() {
        let good = || Outcome {
            mints: 3,
            charged: 3,
            players: 1,
            resident_bytes_most: MAX_BYTES + MAX_BYTES_PER_PLAYER,
            ..Outcome::default()
        };
        assert!(good().verdict().is_ok());
        for bad in [
            Outcome { lost: 1, ..good() },
            Outcome { charged: 4, ..good() },
            Outcome { charged: 2, ..good() },
            Outcome { players: 0, ..good() },
        ] {
            assert!(bad.verdict().is_err(), "{bad:?}");
        }
    }
}
