//! One viewer's world: true time, two clocks, a laptop, a tab, a network and a mind of its own.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use ansdev_player::session::{Command, Event, Machine, Notice, Reading, Refresh, Source, WaiterId};
use fastrand::Rng;

use super::backend::{Answer, Backend, Weather};
use super::film::Film;
use super::oracle::{Facts, Oracle};

/// A day, in milliseconds.
pub(crate) const DAY: u64 = 86_400_000;
const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
/// Where the wall clock starts: far from zero, so that it can be set back.
const EPOCH: u64 = 1_800_000_000_000;

/// What happened in a life, to see that the worlds are rough enough.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Totals {
    pub(crate) steps: u64,
    pub(crate) tokens: u64,
    pub(crate) failures: u64,
    pub(crate) rejections: u64,
    pub(crate) sleeps: u64,
    pub(crate) clock_steps: u64,
    pub(crate) exhausted: u64,
    pub(crate) aborts: u64,
    pub(crate) destroyed: u64,
    /// Films that had nothing left to ask for, and renditions that somebody chose then.
    pub(crate) satisfied: u64,
    pub(crate) chosen: u64,
}

impl Totals {
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            steps: self.steps + other.steps,
            tokens: self.tokens + other.tokens,
            failures: self.failures + other.failures,
            rejections: self.rejections + other.rejections,
            sleeps: self.sleeps + other.sleeps,
            clock_steps: self.clock_steps + other.clock_steps,
            exhausted: self.exhausted + other.exhausted,
            aborts: self.aborts + other.aborts,
            destroyed: self.destroyed + other.destroyed,
            satisfied: self.satisfied + other.satisfied,
            chosen: self.chosen + other.chosen,
        }
    }
}

/// Something that will happen. `Timer` and `Answer` belong to a session, of which a viewer may have several in a row.
enum Happening {
    Timer { session: u32, number: u32 },
    Answer { session: u32, mint: u32, answer: Box<Answer> },
    Viewer,
    World,
    Awake,
    Calm,
}

impl Happening {
    /// Whether it needs a page that runs.
    fn is_the_pages(&self) -> bool {
        matches!(self, Self::Timer { .. } | Self::Answer { .. } | Self::Viewer)
    }
}

#[expect(clippy::struct_excessive_bools, reason = "a world has independent aspects")]
pub(crate) struct World {
    seed: u64,
    rng: Rng,
    now: u64,
    slept_ms: u64,
    wall_skew_ms: i64,
    suspended_since: u64,
    suspended_until: u64,
    is_asleep: bool,
    /// Whether a sleep, or a wall clock set back, has not been seen by a step yet. Both between two looks at the clocks
    /// cancel out: no page can tell. (The backend refuses the token then, which is rule 6.)
    has_unseen_step: bool,
    queue: BinaryHeap<Reverse<(u64, u64)>>,
    happenings: std::collections::HashMap<u64, Happening>,
    last_happening: u64,
    backend: Backend,
    refresh: Refresh,
    machine: Machine,
    oracle: Oracle,
    session: u32,
    timer: u32,
    last_waiter: WaiterId,
    is_watching: bool,
    film: Film,
    is_online: bool,
    unhindered_since: Option<u64>,
    totals: Totals,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let life_ms = match rng.u32(0..20) {
            0 => rng.u64(SECOND..10 * SECOND),
            1 => rng.u64(10 * SECOND..MINUTE),
            2 => rng.u64(MINUTE..DAY),
            _ => 300 * SECOND,
        };
        let limit = if rng.u32(0..10) == 0 { rng.u32(1..60) } else { 100_000 };
        let refresh = if rng.u32(0..5) == 0 { Refresh::OnDemand } else { Refresh::Eager };
        let machine = Machine::new(refresh, Source::ApiKey, rng.u64(..), Reading { monotonic_ms: 0, wall_ms: EPOCH });
        let film = Film::any(&mut rng);
        Self {
            seed,
            rng,
            now: 0,
            slept_ms: 0,
            wall_skew_ms: 0,
            suspended_since: 0,
            suspended_until: 0,
            is_asleep: false,
            has_unseen_step: false,
            queue: BinaryHeap::new(),
            happenings: std::collections::HashMap::new(),
            last_happening: 0,
            backend: Backend::new(life_ms, limit),
            refresh,
            machine,
            oracle: Oracle::default(),
            session: 0,
            timer: 0,
            last_waiter: 0,
            is_watching: false,
            film,
            is_online: true,
            unhindered_since: None,
            totals: Totals::default(),
        }
    }

    /// Lives for so many milliseconds. Worlds with very short tokens live shorter: they have as many steps.
    pub(crate) fn live(mut self, ms: u64) -> Totals {
        let end = ms.min(self.backend.life_ms.saturating_mul(300)).max(10 * MINUTE).min(ms);
        self.schedule(0, Happening::Viewer);
        self.schedule(10 * MINUTE, Happening::World);
        while let Some(Reverse((at, key))) = self.queue.pop() {
            if at > end {
                break;
            }
            let Some(happening) = self.happenings.remove(&key) else { continue };
            self.now = at;
            if happening.is_the_pages() && at < self.suspended_until {
                // A timer counts the time that the laptop is awake; everything else waits for the page to run.
                let is_timer = matches!(happening, Happening::Timer { .. });
                let rest = if is_timer && self.is_asleep { at.saturating_sub(self.suspended_since) } else { 0 };
                self.schedule(self.suspended_until + rest, happening);
                continue;
            }
            self.happen(happening);
        }
        self.now = end.max(self.now).max(self.suspended_until);
        self.step(&Event::Destroy);
        self.totals
    }

    fn schedule(&mut self, at: u64, happening: Happening) {
        self.last_happening += 1;
        self.queue.push(Reverse((at, self.last_happening)));
        self.happenings.insert(self.last_happening, happening);
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Timer { session, number } => {
                if session == self.session && number == self.timer {
                    self.step(&Event::Timer);
                }
            }
            Happening::Answer { session, mint, answer } => {
                if session == self.session {
                    self.arrive(mint, *answer);
                }
            }
            Happening::Viewer => self.act(),
            Happening::World => self.turn(),
            Happening::Awake => {
                self.is_asleep = false;
                self.hinder();
                self.tell_online();
                // Some pages hear of it, some only find out by their timers.
                if self.rng.bool() {
                    self.step(&Event::Wake);
                }
            }
            Happening::Calm => self.set_weather(Weather::Fine),
        }
    }

    /// Somebody in front of the screen.
    fn act(&mut self) {
        let mut pause = self.rng.u64(SECOND..2 * MINUTE);
        match self.rng.u32(0..1_000) {
            0..700 => self.request(),
            700..760 => {
                // A seek: several requests at once, of which the player gives some up.
                for _ in 0..3 {
                    self.request();
                }
                self.abort_one();
            }
            760..800 => {
                self.request();
                self.abort_one();
            }
            800..860 => {
                self.watch(false);
                pause = self.rng.u64(SECOND..20 * MINUTE);
            }
            860..870 => {
                // Gone for hours.
                self.watch(false);
                pause = self.rng.u64(HOUR..6 * HOUR);
            }
            870..880 => self.leave(),
            880..890 => {
                self.totals.chosen += u64::from(!self.film.is_needed());
                self.film.choose_rendition();
                self.tell_needed();
                self.request();
            }
            _ => self.watch(true),
        }
        self.schedule(self.now + pause, Happening::Viewer);
    }

    /// Something of the world around changes.
    fn turn(&mut self) {
        let lasts = self.rng.u64(SECOND..10 * MINUTE);
        match self.rng.u32(0..100) {
            0..30 => self.trouble(Weather::Storm, lasts),
            30..45 => self.trouble(Weather::Offline, lasts),
            45..50 => self.trouble(Weather::Revoked, lasts),
            50..55 => self.backend.rotate(),
            55..75 if !self.has_unseen_step => {
                self.has_unseen_step = true;
                self.totals.sleeps += 1;
                let sleep_ms = self.rng.u64(SECOND..2 * HOUR);
                self.is_asleep = true;
                self.slept_ms += sleep_ms;
                self.suspend(sleep_ms);
            }
            75..85 => {
                let freeze_ms = self.rng.u64(SECOND..20 * MINUTE);
                self.suspend(freeze_ms);
            }
            85..95 if !self.has_unseen_step => {
                self.totals.clock_steps += 1;
                let by = self.rng.i64(-HOUR.cast_signed()..HOUR.cast_signed());
                self.has_unseen_step = true;
                self.wall_skew_ms += by;
                // Set forward, it makes a good token look spent.
                self.hinder();
            }
            _ => {}
        }
        let next = self.rng.u64(MINUTE..40 * MINUTE);
        self.schedule(self.now.max(self.suspended_until) + next, Happening::World);
    }

    fn trouble(&mut self, weather: Weather, lasts: u64) {
        self.set_weather(weather);
        self.schedule(self.now + lasts, Happening::Calm);
    }

    fn set_weather(&mut self, weather: Weather) {
        self.backend.weather = weather;
        self.hinder();
        self.tell_online();
    }

    /// A page that runs hears of the network at once, and one that did not run when it runs again.
    fn tell_online(&mut self) {
        let is_online = self.backend.weather != Weather::Offline;
        if self.now >= self.suspended_until && is_online != self.is_online {
            self.is_online = is_online;
            self.step(&Event::Online(is_online));
        }
    }

    fn suspend(&mut self, ms: u64) {
        if self.now >= self.suspended_until {
            self.suspended_since = self.now;
        }
        self.suspended_until = self.suspended_until.max(self.now + ms);
        self.schedule(self.suspended_until, Happening::Awake);
        self.hinder();
    }

    /// Notes whether anything stands in the way of a token from now on.
    fn hinder(&mut self) {
        let is_free = self.backend.weather == Weather::Fine && self.now >= self.suspended_until && self.is_watching;
        self.unhindered_since = (is_free && self.film.is_needed()).then_some(self.now);
    }

    fn watch(&mut self, watched: bool) {
        if self.is_watching != watched {
            self.is_watching = watched;
            self.hinder();
        }
        self.step(&Event::Watched(watched));
    }

    fn tell_needed(&mut self) {
        self.hinder();
        self.step(&Event::Needed(self.film.is_needed()));
    }

    fn request(&mut self) {
        self.last_waiter += 1;
        self.step(&Event::Request { waiter: self.last_waiter, own: false });
    }

    fn abort_one(&mut self) {
        let waiter = self.oracle.waiting().map(|(waiter, _)| waiter).min();
        if let Some(waiter) = waiter {
            self.totals.aborts += 1;
            self.step(&Event::Cancel { waiter });
        }
    }

    /// The viewer closes the page, and opens it again: another session.
    fn leave(&mut self) {
        self.step(&Event::Destroy);
        self.step(&Event::Wake);
        self.request();
        self.totals.destroyed += 1;
        self.session += 1;
        self.timer = 0;
        self.machine = Machine::new(self.refresh, Source::ApiKey, self.rng.u64(..), self.clocks());
        self.oracle = Oracle::default();
        self.is_watching = false;
        self.film = Film::any(&mut self.rng);
        self.unhindered_since = None;
        self.is_online = true;
        self.tell_online();
    }

    fn arrive(&mut self, mint: u32, answer: Answer) {
        let Answer { outcome, quota, twice, .. } = answer;
        if let Some((quota, reset_in_ms)) = quota {
            let (is_low, is_exceeded) = (quota.is_low(), quota.is_exceeded());
            self.totals.exhausted += u64::from(is_exceeded);
            self.step(&Event::Quota { is_low, is_exceeded, reset_in_ms });
        }
        self.step(&Event::Minted { id: mint, outcome: outcome.clone() });
        if twice {
            self.step(&Event::Minted { id: mint, outcome });
        }
    }

    /// Before a mint's failure is told: the token that is valid now.
    fn token_to_keep(&self, event: &Event) -> Option<String> {
        if !matches!(event, Event::Minted { outcome: Err(_), .. }) {
            return None;
        }
        self.machine.token(self.clocks()).map(|token| token.token.clone())
    }

    fn clocks(&self) -> Reading {
        let wall_ms = (EPOCH + self.now).saturating_add_signed(self.wall_skew_ms);
        Reading { monotonic_ms: self.now - self.slept_ms.min(self.now), wall_ms }
    }

    fn step(&mut self, event: &Event) {
        let facts = Facts {
            seed: self.seed,
            now: self.now,
            clocks: self.clocks(),
            eager: self.refresh == Refresh::Eager,
            watched: self.is_watching,
            needed: self.film.is_needed(),
            clock_steps: self.totals.clock_steps,
            unhindered_since: self.unhindered_since,
        };
        self.has_unseen_step = false;
        self.totals.steps += 1;
        let kept = self.token_to_keep(event);
        self.oracle.before(&facts, event);
        let commands = self.machine.step(self.clocks(), event.clone());
        self.oracle.after(&facts, event, kept.as_deref(), &commands, &self.machine, &self.backend);
        let (mut was_refused, was_needed) = (false, self.film.is_needed());
        for command in commands {
            match command {
                Command::Mint { id, .. } => {
                    if let Some(answer) = self.backend.mint(self.now, &mut self.rng) {
                        let (at, session) = (answer.at, self.session);
                        self.schedule(at, Happening::Answer { session, mint: id, answer: Box::new(answer) });
                    }
                }
                Command::SetTimer { after_ms } => {
                    self.timer += 1;
                    // Timers fire late on a busy machine, and a little early on some.
                    let late = if self.rng.u32(0..10) == 0 { self.rng.u64(0..2 * SECOND) } else { 0 };
                    let early = u64::from(self.rng.u32(0..10) == 0 && after_ms > 1);
                    let (session, number) = (self.session, self.timer);
                    self.schedule(self.now + after_ms - early + late, Happening::Timer { session, number });
                }
                Command::CancelTimer => self.timer += 1,
                Command::Settle { outcome: Ok(()), .. } => {
                    // The player uses it at once.
                    let token = self.machine.token(self.clocks()).map(|token| token.token.clone()).unwrap_or_default();
                    let is_refused = !self.backend.accepts(&token, self.now);
                    was_refused |= is_refused;
                    if !is_refused {
                        self.film.loaded();
                    }
                }
                Command::Emit(Notice::Refreshed { .. }) => self.totals.tokens += 1,
                Command::Emit(Notice::Failed { .. }) => self.totals.failures += 1,
                Command::AbortMint { .. } | Command::Settle { .. } | Command::Emit(_) => {}
            }
        }
        if was_needed && !self.film.is_needed() {
            self.totals.satisfied += 1;
            self.tell_needed();
        }
        if was_refused {
            self.totals.rejections += 1;
            self.hinder();
            self.step(&Event::Rejected);
            self.request();
        }
    }
}

const HOUR: u64 = 60 * MINUTE;
