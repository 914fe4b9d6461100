//! A machine with its two clocks and its mints.

use ansdev_player::api::{Error, ErrorCode, PlaybackToken};
use ansdev_player::session::{Command, Event, Machine, Notice, Reading, Reason, Refresh, Source, WaiterId};

pub(crate) const LIFE: u64 = 300_000;

/// A machine and the two clocks around it, with what it asked for since the last look.
pub(crate) struct World {
    pub(crate) machine: Machine,
    pub(crate) now: Reading,
    pub(crate) timer_at: Option<u64>,
    timers_fired: u32,
    next_waiter: WaiterId,
    pub(crate) commands: Vec<Command>,
}

impl World {
    pub(crate) fn new(refresh: Refresh) -> Self {
        Self::seeded(refresh, 1)
    }

    pub(crate) fn seeded(refresh: Refresh, seed: u64) -> Self {
        let now = Reading { monotonic_ms: 1_000, wall_ms: 1_800_000_000_000 };
        let machine = Machine::new(refresh, Source::ApiKey, seed, now);
        Self { machine, now, timer_at: None, timers_fired: 0, next_waiter: 0, commands: Vec::new() }
    }

    /// An eager session that somebody watches, with a token minted at time 0.
    pub(crate) fn live() -> Self {
        let mut world = Self::new(Refresh::Eager);
        world.tell(Event::Watched(true));
        world.request();
        world.mint_succeeds(LIFE);
        world.take();
        world
    }

    pub(crate) fn tell(&mut self, event: Event) {
        let commands = self.machine.step(self.now, event);
        for command in &commands {
            match command {
                Command::SetTimer { after_ms } => self.timer_at = Some(self.now.monotonic_ms + after_ms),
                Command::CancelTimer => self.timer_at = None,
                _ => {}
            }
        }
        self.commands.extend(commands);
    }

    pub(crate) fn request(&mut self) -> WaiterId {
        self.next_waiter += 1;
        self.tell(Event::Request { waiter: self.next_waiter, own: false });
        self.next_waiter
    }

    /// Both clocks go on, and every timer that was asked for fires on time.
    pub(crate) fn pass(&mut self, ms: u64) {
        let end = self.now.monotonic_ms + ms;
        while self.timer_at.is_some_and(|at| at <= end) {
            self.fire();
        }
        self.skip(end - self.now.monotonic_ms);
    }

    /// Goes on to the next timer and fires it; how many milliseconds that took.
    pub(crate) fn fire(&mut self) -> u64 {
        let at = self.timer_at.take().expect("a timer is set");
        self.timers_fired += 1;
        assert!(self.timers_fired < 1_000, "timers fire again and again, and nothing comes of it");
        let wait = at.saturating_sub(self.now.monotonic_ms);
        self.skip(wait);
        self.tell(Event::Timer);
        wait
    }

    /// Fires timers until a mint is asked for; how many milliseconds that took.
    pub(crate) fn until_mint(&mut self) -> u64 {
        self.take();
        let mut waited = 0;
        while self.mints().is_empty() {
            waited += self.fire();
        }
        waited
    }

    /// Both clocks go on, and no timer fires.
    pub(crate) fn skip(&mut self, ms: u64) {
        self.now.monotonic_ms += ms;
        self.now.wall_ms += ms;
    }

    pub(crate) fn take(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.commands)
    }

    pub(crate) fn mints(&self) -> Vec<(u32, Reason)> {
        let mints = self.commands.iter().filter_map(|command| match command {
            Command::Mint { id, reason } => Some((*id, *reason)),
            _ => None,
        });
        mints.collect()
    }

    pub(crate) fn last_mint(&self) -> u32 {
        self.mints().last().expect("a mint was asked for").0
    }

    pub(crate) fn mint_ends(&mut self, outcome: Result<PlaybackToken, Error>) {
        let id = self.last_mint();
        self.tell(Event::Minted { id, outcome });
    }

    pub(crate) fn mint_succeeds(&mut self, life_ms: u64) {
        let id = self.last_mint();
        self.mint_ends(Ok(token(&format!("t{id}"), life_ms)));
    }

    pub(crate) fn mint_fails(&mut self, error: Error) {
        self.mint_ends(Err(error));
    }

    /// What a caller was answered, whole.
    pub(crate) fn answer(&self, waiter: WaiterId) -> Option<Result<(), Error>> {
        let answers: Vec<_> = self
            .commands
            .iter()
            .filter_map(|command| match command {
                Command::Settle { waiter: settled, outcome } if *settled == waiter => Some(outcome.clone()),
                _ => None,
            })
            .collect();
        assert!(answers.len() < 2, "waiter {waiter} was answered twice");
        answers.into_iter().next()
    }

    pub(crate) fn outcome(&self, waiter: WaiterId) -> Option<Result<(), ErrorCode>> {
        self.answer(waiter).map(|answer| answer.map_err(|error| error.code.clone()))
    }

    /// How long a caller was told to wait.
    pub(crate) fn retry_after_ms(&self, waiter: WaiterId) -> u64 {
        let answer = self.answer(waiter).expect("the caller was answered");
        answer.expect_err("with an error").retry_after_ms.expect("that says how long to wait")
    }

    pub(crate) fn aborts(&self) -> bool {
        self.commands.iter().any(|command| matches!(command, Command::AbortMint { .. }))
    }

    pub(crate) fn failures(&self) -> Vec<(ErrorCode, bool)> {
        let failures = self.commands.iter().filter_map(|command| match command {
            Command::Emit(Notice::Failed { error, will_retry }) => Some((error.code.clone(), *will_retry)),
            _ => None,
        });
        failures.collect()
    }

    pub(crate) fn token(&self) -> Option<&str> {
        self.machine.token(self.now).map(|token| token.token.as_str())
    }
}

pub(crate) fn token(text: &str, life_ms: u64) -> PlaybackToken {
    PlaybackToken { token: text.to_owned(), expires_in: life_ms as f64 / 1000.0, player_url: None }
}

pub(crate) fn unavailable() -> Error {
    Error::new(ErrorCode::Other("UNAVAILABLE".into()), "").with_status(503)
}

pub(crate) fn network() -> Error {
    Error::new(ErrorCode::Network, "")
}

pub(crate) fn revoked() -> Error {
    Error::new(ErrorCode::InvalidApiKey, "").with_status(401)
}

/// Another tab's token, minted just now.
pub(crate) fn shared(token: PlaybackToken) -> Event {
    Event::Shared { token, age_ms: 0 }
}
