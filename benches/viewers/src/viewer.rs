//! A page in which somebody watches a video: the machine's timers and mints, and a backend that answers them.

use ansdev_player::api::{Error, ErrorCode, PlaybackToken};
use ansdev_player::session::{Command, Event, Machine, Notice, Reading, Refresh, Source};
use anyhow::{Result, bail};
use fastrand::Rng;

/// How long tokens live, in milliseconds: five minutes, as Ansdev's do.
pub(crate) const LIFE_MS: u64 = 300_000;
/// Milliseconds from a mint's request to its answer.
const LATENCY_MS: std::ops::Range<u64> = 30..300;
/// Characters of a token, and of the player's address with it, as the mock backend makes them.
const TOKEN_CHARS: usize = 212;
const PLAYER_URL_CHARS: usize = 242;
/// Where the wall clock starts.
const EPOCH_MS: u64 = 1_800_000_000_000;

/// All of a page but its machine, which is kept apart so that its memory can be weighed alone.
pub(crate) struct Page {
    rng: Rng,
    now: u64,
    timer_at: Option<u64>,
    /// When the mint under way is answered, and its number.
    answer: Option<(u64, u32)>,
    last_waiter: u32,
    steps: u64,
    waits: u64,
    refusal: Option<Refusal>,
}

/// The page's own server answers a status for a while, and says how long to wait.
#[derive(Clone, Copy)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    /// Milliseconds since the world began.
    pub(crate) from: u64,
    pub(crate) until: u64,
    /// Milliseconds to wait, or all that is left of it.
    pub(crate) retry_after_ms: Option<u64>,
}

impl Page {
    /// A page that is opened at `now`, in milliseconds since the world began.
    pub(crate) fn open(refresh: Refresh, seed: u64, now: u64) -> (Self, Machine) {
        let page = Self {
            rng: Rng::with_seed(seed),
            now,
            timer_at: None,
            answer: None,
            last_waiter: 0,
            steps: 0,
            waits: 0,
            refusal: None,
        };
        let machine = Machine::new(refresh, Source::ApiKey, !seed, page.clocks());
        (page, machine)
    }

    /// A page whose tokens come from its own server, which refuses them for a while.
    pub(crate) fn open_at_provider(refusal: Refusal, seed: u64, now: u64) -> (Self, Machine) {
        let (page, _) = Self::open(Refresh::Eager, seed, now);
        let machine = Machine::new(Refresh::Eager, Source::Provider, !seed, page.clocks());
        (Self { refusal: Some(refusal), ..page }, machine)
    }

    /// Somebody watches, or nobody does any more.
    pub(crate) fn watch(&mut self, machine: &mut Machine, watched: bool, minted: &mut impl FnMut(u64)) -> Result<()> {
        self.feed(machine, Event::Watched(watched), minted)
    }

    /// Whether a request of the rest of the film can need a token.
    pub(crate) fn need(&mut self, machine: &mut Machine, needed: bool, minted: &mut impl FnMut(u64)) -> Result<()> {
        self.feed(machine, Event::Needed(needed), minted)
    }

    /// A player asks for a token, for a playlist or a key.
    pub(crate) fn ask(&mut self, machine: &mut Machine, minted: &mut impl FnMut(u64)) -> Result<()> {
        self.last_waiter += 1;
        self.waits += u64::from(machine.token(self.clocks()).is_none());
        self.feed(machine, Event::Request { waiter: self.last_waiter, own: false }, minted)
    }

    /// Time goes on, with all that is due in it. `minted` is told when each mint is sent.
    pub(crate) fn live_until(&mut self, machine: &mut Machine, end: u64, minted: &mut impl FnMut(u64)) -> Result<()> {
        loop {
            let (timer, answer) = (self.timer_at, self.answer.map(|(at, _)| at));
            let Some(next) = timer.into_iter().chain(answer).min().filter(|next| *next < end) else {
                self.now = end;
                return Ok(());
            };
            self.now = next;
            let event = if let Some((_, id)) = self.answer.take_if(|(at, _)| *at == next) {
                Event::Minted { id, outcome: self.outcome() }
            } else {
                self.timer_at = None;
                Event::Timer
            };
            self.feed(machine, event, minted)?;
        }
    }

    /// Requests that had to wait for a mint.
    pub(crate) fn waits(&self) -> u64 {
        self.waits
    }

    /// Events that the machine has been fed.
    pub(crate) fn steps(&self) -> u64 {
        self.steps
    }

    fn feed(&mut self, machine: &mut Machine, event: Event, minted: &mut impl FnMut(u64)) -> Result<()> {
        self.steps += 1;
        for command in machine.step(self.clocks(), event) {
            match command {
                Command::Mint { id, .. } => {
                    minted(self.now);
                    self.answer = Some((self.now + self.rng.u64(LATENCY_MS), id));
                }
                Command::AbortMint { .. } => self.answer = None,
                Command::SetTimer { after_ms } => self.timer_at = Some(self.now + after_ms),
                Command::CancelTimer => self.timer_at = None,
                Command::Settle { outcome: Err(error), .. } | Command::Emit(Notice::Failed { error, .. })
                    if self.refusal.is_none() =>
                {
                    bail!("nothing goes wrong in this world, and yet: {error:?}");
                }
                Command::Settle { .. } | Command::Emit(_) => {}
            }
        }
        Ok(())
    }

    /// What a mint brings that is answered now.
    fn outcome(&self) -> Result<PlaybackToken, Error> {
        match self.refusal.filter(|refusal| (refusal.from..refusal.until).contains(&self.now)) {
            Some(refusal) => {
                let wait = refusal.retry_after_ms.unwrap_or(refusal.until - self.now);
                Err(Error::new(ErrorCode::TokenProviderFailed, "")
                    .with_status(refusal.status)
                    .with_retry_after_ms(Some(wait)))
            }
            // The same text again would be the same token.
            None => Ok(PlaybackToken { token: format!("{}{}", token().token, self.steps), ..token() }),
        }
    }

    fn clocks(&self) -> Reading {
        Reading { monotonic_ms: self.now, wall_ms: EPOCH_MS + self.now }
    }
}

fn token() -> PlaybackToken {
    PlaybackToken {
        token: "t".repeat(TOKEN_CHARS),
        expires_in: LIFE_MS as f64 / 1000.0,
        player_url: Some("u".repeat(PLAYER_URL_CHARS)),
    }
}
