//! The session's machine under whatever can reach it from outside: answers and tabs that name any number, clocks that say
//! anything. What it may do then is less than in `tests/session_properties.rs`, where the world is sane; what is asserted
//! here holds in every world.

use std::collections::BTreeSet;

use ansdev_player::api::{Error, ErrorCode, PlaybackToken};
use ansdev_player::session::{Command, Event, Machine, Notice, Reading, Refresh, Source, State};
use bolero::{TypeGenerator, check};

/// The latest moment that JavaScript's clocks can show, in milliseconds (ECMA-262, "Time Values").
const LATEST_MS: u64 = 8_640_000_000_000_000;

/// A number of seconds from outside: JavaScript's numbers are all of these.
#[derive(Debug, Clone, Copy, TypeGenerator)]
enum Seconds {
    Sane(u8),
    Milliseconds(u16),
    Any(f64),
    Nan,
    Infinite,
    Most,
    Least,
}

impl Seconds {
    fn number(self) -> f64 {
        match self {
            Self::Sane(seconds) => seconds.into(),
            Self::Milliseconds(ms) => f64::from(ms) / 1000.0,
            Self::Any(number) => number,
            Self::Nan => f64::NAN,
            Self::Infinite => f64::INFINITY,
            Self::Most => f64::MAX,
            Self::Least => f64::MIN_POSITIVE,
        }
    }
}

#[derive(Debug, Clone, Copy, TypeGenerator)]
enum Passes {
    Milliseconds(u16),
    Seconds(u8),
    Any(u64),
    End,
}

impl Passes {
    fn ms(self) -> u64 {
        match self {
            Self::Milliseconds(ms) => ms.into(),
            Self::Seconds(seconds) => u64::from(seconds) * 1000,
            Self::Any(ms) => ms,
            Self::End => u64::MAX,
        }
    }

    /// As a clock says it.
    fn by_clock(self) -> u64 {
        self.ms() % LATEST_MS
    }
}

#[derive(Debug, Clone, TypeGenerator)]
enum Happening {
    Request,
    Cancel(u8),
    Minted { is_current: bool, life: Seconds },
    Failed { is_current: bool, status: Option<u16>, retry_after: Option<Passes> },
    Sent,
    Shared { life: Seconds, is_token: bool, age: Passes },
    Rejected,
    Watched(bool),
    Needed(bool),
    Online(bool),
    Quota { is_low: bool, is_exceeded: bool, reset_in: Passes },
    Timer,
    Wake,
    Destroy,
}

/// One happening, and what the two clocks say by then: both, or only one, goes on, or is set to anything.
#[derive(Debug, Clone, TypeGenerator)]
struct Step {
    monotonic: Passes,
    wall: Passes,
    is_wall_set: bool,
    happening: Happening,
}

type Steps = (bool, bool, u64, Vec<Step>);

#[test]
fn session() {
    check!(name = "session").with_type::<Steps>().for_each(|(is_eager, is_provider, seed, steps)| {
        let refresh = if *is_eager { Refresh::Eager } else { Refresh::OnDemand };
        let source = if *is_provider { Source::Provider } else { Source::ApiKey };
        let mut world = World::new(Machine::new(refresh, source, *seed, Reading::default()));
        for step in steps {
            world.take(step);
        }
        world.end();
    });
}

struct World {
    machine: Machine,
    clocks: Reading,
    mint: Option<u32>,
    waiting: BTreeSet<u32>,
    last_waiter: u32,
    is_destroyed: bool,
}

impl World {
    fn new(machine: Machine) -> Self {
        let clocks = Reading::default();
        Self { machine, clocks, mint: None, waiting: BTreeSet::new(), last_waiter: 0, is_destroyed: false }
    }

    fn take(&mut self, step: &Step) {
        self.clocks.monotonic_ms += step.monotonic.by_clock();
        let wall = step.wall.by_clock();
        self.clocks.wall_ms = if step.is_wall_set { wall } else { self.clocks.wall_ms + wall };
        let event = self.event(&step.happening);
        self.feed(event);
    }

    fn event(&mut self, happening: &Happening) -> Event {
        let mint = |is_current: bool| self.mint.filter(|_| is_current).unwrap_or(u32::MAX);
        match *happening {
            Happening::Request => {
                self.last_waiter += 1;
                self.waiting.insert(self.last_waiter);
                Event::Request { waiter: self.last_waiter, own: self.last_waiter.is_multiple_of(4) }
            }
            Happening::Cancel(waiter) => {
                self.waiting.remove(&waiter.into());
                Event::Cancel { waiter: waiter.into() }
            }
            Happening::Minted { is_current, life } => {
                Event::Minted { id: mint(is_current), outcome: Ok(token(life, true)) }
            }
            Happening::Failed { is_current, status, retry_after } => {
                let error = match status {
                    Some(429) => Error::new(ErrorCode::RateLimitExceeded, "Spent.").with_status(429),
                    Some(status) => Error::new(ErrorCode::Other("TEAPOT".into()), "No.").with_status(status),
                    None => Error::new(ErrorCode::Network, "Gone."),
                };
                let error = error.with_retry_after_ms(retry_after.map(Passes::ms));
                Event::Minted { id: mint(is_current), outcome: Err(error) }
            }
            Happening::Sent => Event::Sent { id: mint(true) },
            Happening::Shared { life, is_token, age } => {
                Event::Shared { token: token(life, is_token), age_ms: age.ms() }
            }
            Happening::Rejected => Event::Rejected,
            Happening::Watched(watched) => Event::Watched(watched),
            Happening::Needed(needed) => Event::Needed(needed),
            Happening::Online(online) => Event::Online(online),
            Happening::Quota { is_low, is_exceeded, reset_in } => {
                Event::Quota { is_low, is_exceeded, reset_in_ms: reset_in.ms() }
            }
            Happening::Timer => Event::Timer,
            Happening::Wake => Event::Wake,
            Happening::Destroy => Event::Destroy,
        }
    }

    fn feed(&mut self, event: Event) {
        let is_destroyed = self.is_destroyed;
        match &event {
            Event::Minted { id, .. } if self.mint == Some(*id) => self.mint = None,
            Event::Destroy => self.is_destroyed = true,
            _ => {}
        }
        for command in self.machine.step(self.clocks, event) {
            match command {
                Command::Mint { id, .. } => {
                    assert!(!is_destroyed, "nothing is minted after the end");
                    assert_eq!(self.mint.replace(id), None, "one mint at a time");
                }
                Command::AbortMint { id } => assert_eq!(self.mint.take(), Some(id), "what is aborted is under way"),
                Command::SetTimer { after_ms } => assert!((1..=30_000).contains(&after_ms), "{after_ms}"),
                Command::CancelTimer => {}
                Command::Settle { waiter, outcome } => {
                    assert!(self.waiting.remove(&waiter), "{waiter} is settled once, and only if it waits");
                    if let Err(error) = outcome {
                        assert!(!is_destroyed || error.code == ErrorCode::Destroyed, "{error}");
                        says_nothing(&error);
                    } else {
                        assert!(self.machine.token(self.clocks).is_some(), "{waiter} was promised a token");
                    }
                }
                Command::Emit(Notice::Failed { error, .. }) => says_nothing(&error),
                Command::Emit(_) => assert!(!is_destroyed, "nothing is told after the end"),
            }
        }
        let (token, left) = (self.machine.token(self.clocks), self.machine.expires_in_ms(self.clocks));
        assert_eq!(token.is_some(), left.is_some());
        assert_ne!(left, Some(0), "what is handed out lives");
        let is_live = matches!(self.machine.state(self.clocks), State::Live | State::Refreshing);
        assert_eq!(token.is_some(), is_live, "{:?}", self.machine.state(self.clocks));
        assert_eq!(self.machine.state(self.clocks) == State::Destroyed, self.is_destroyed);
        assert!(self.waiting.is_empty() || !self.is_destroyed, "a caller that waits at the end gets an answer");
    }

    /// However it came to this, no caller waits for longer than a minute more.
    fn end(mut self) {
        for _ in 0..60 {
            self.clocks.monotonic_ms += 1_000;
            self.feed(Event::Timer);
        }
        assert!(self.waiting.is_empty(), "{:?} still wait", self.waiting);
    }
}

fn token(life: Seconds, is_token: bool) -> PlaybackToken {
    let text = if is_token { "secret.to.ken" } else { "secret/../to?ken" };
    PlaybackToken { token: text.into(), expires_in: life.number(), player_url: None }
}

fn says_nothing(error: &Error) {
    assert!(!error.message.contains("secret"), "{error}");
}
