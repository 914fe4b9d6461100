//! The token session against a model of what it may do, over random sequences of events. Token lives are swept from one
//! second to a day; a failing sequence is shrunk to the shortest that still fails.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;

use ansdev_player::api::{Error, ErrorCode, PlaybackToken};
use ansdev_player::session::{
    Command, Event, Machine, Notice, Reading, Reason, Refresh, Source, State, WaiterId, policy,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

/// What can happen next.
#[derive(Debug, Clone)]
enum Happening {
    /// So many thousandths of the token's life pass, and the timer fires if it is due.
    Pass {
        thousandths: u64,
    },
    /// The same, and the timer is lost: the page was frozen.
    PassUnseen {
        thousandths: u64,
    },
    Request,
    CancelOldest,
    MintSucceeds,
    MintFails(Error),
    StrayAnswer {
        id: u32,
    },
    Rejected,
    Watched(bool),
    Needed(bool),
    Online(bool),
    Quota {
        is_low: bool,
        is_exceeded: bool,
    },
    Wake,
    Destroy,
}

/// How a session is set up; the same for all of one sequence.
#[derive(Debug, Clone, Copy)]
struct Setting {
    life_ms: u64,
    seed: u64,
    refresh: Refresh,
}

impl ReferenceStateMachine for Setting {
    type State = Self;
    type Transition = Happening;

    fn init_state() -> BoxedStrategy<Self> {
        let life_ms = prop_oneof![1_000..10_000_u64, 10_000..300_000_u64, Just(300_000), 300_000..=86_400_000_u64];
        let refresh = prop_oneof![3 => Just(Refresh::Eager), 1 => Just(Refresh::OnDemand)];
        (life_ms, any::<u64>(), refresh).prop_map(|(life_ms, seed, refresh)| Self { life_ms, seed, refresh }).boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Happening> {
        let failure = |code: ErrorCode, status| Just(Error::new(code, "").with_status(status));
        let error = prop_oneof![
            failure(ErrorCode::Other("BUSY".into()), 503),
            failure(ErrorCode::InvalidApiKey, 401),
            failure(ErrorCode::RateLimitExceeded, 429),
            Just(Error::new(ErrorCode::Network, "")),
            (0..120_000_u64).prop_map(|ms| Error::bad_response("").with_retry_after_ms(Some(ms))),
        ];
        prop_oneof![
            6 => (0..1_200_u64).prop_map(|thousandths| Happening::Pass { thousandths }),
            2 => (0..3_000_u64).prop_map(|thousandths| Happening::PassUnseen { thousandths }),
            6 => Just(Happening::Request),
            2 => Just(Happening::CancelOldest),
            8 => Just(Happening::MintSucceeds),
            3 => error.prop_map(Happening::MintFails),
            1 => any::<u32>().prop_map(|id| Happening::StrayAnswer { id }),
            2 => Just(Happening::Rejected),
            3 => any::<bool>().prop_map(Happening::Watched),
            2 => any::<bool>().prop_map(Happening::Needed),
            2 => any::<bool>().prop_map(Happening::Online),
            1 => any::<bool>().prop_map(|is_exceeded| Happening::Quota { is_low: true, is_exceeded }),
            1 => Just(Happening::Quota { is_low: false, is_exceeded: false }),
            2 => Just(Happening::Wake),
            1 => Just(Happening::Destroy),
        ]
        .boxed()
    }

    fn apply(state: Self, _: &Happening) -> Self {
        state
    }
}

/// A session, and what must be so of it.
#[expect(clippy::struct_excessive_bools, reason = "a session has independent aspects")]
struct Session {
    setting: Setting,
    machine: Machine,
    now: u64,
    timer_at: Option<u64>,
    mint: Option<(u32, Reason, u64)>,
    last_mint_at: Option<u64>,
    waiting: BTreeSet<WaiterId>,
    last_waiter: WaiterId,
    /// When the current token's request was sent; `None` after it was refused.
    token_sent_at: Option<u64>,
    /// When the last token's request was sent, and whether it was forced.
    last_success: Option<(u64, bool)>,
    watched: bool,
    needed: bool,
    online: bool,
    quota_spent_until: u64,
    /// Whether the last mint failed in a way that is not tried again until somebody asks.
    failed_for_good: bool,
    destroyed: bool,
}

impl Session {
    fn tell(&mut self, event: &Event) {
        let clocks = self.clocks();
        for command in self.machine.step(clocks, event.clone()) {
            assert!(!self.destroyed || matches!(command, Command::Settle { outcome: Err(_), .. }), "after destroy");
            match command {
                Command::Mint { id, reason } => {
                    assert!(self.mint.is_none(), "two mints in flight");
                    let offline_gap = policy::OFFLINE_RETRY_MS;
                    let is_tried =
                        !self.waiting.is_empty() && self.last_mint_at.is_none_or(|at| at + offline_gap <= self.now);
                    assert!(self.online || is_tried, "a mint offline");
                    self.last_mint_at = Some(self.now);
                    assert!(self.now >= self.quota_spent_until, "a mint without quota");
                    assert!(!self.waiting.is_empty() || self.is_renewing(), "a mint for nobody");
                    if let Some((sent_at, was_forced)) = self.last_success {
                        let gap = policy::least_gap_ms(self.setting.life_ms);
                        let is_first_forced = reason == Reason::Rejected && !was_forced;
                        assert!(is_first_forced || self.now >= sent_at + gap, "mints inside the least gap");
                    }
                    self.mint = Some((id, reason, self.now));
                }
                Command::AbortMint { id } => {
                    assert_eq!(self.mint.take().map(|(current, ..)| current), Some(id), "aborts what is not in flight");
                }
                Command::SetTimer { after_ms } => {
                    assert!((1..=policy::MAX_TIMER_MS).contains(&after_ms));
                    self.timer_at = Some(self.now + after_ms);
                }
                Command::CancelTimer => self.timer_at = None,
                Command::Settle { waiter, outcome } => {
                    assert!(self.waiting.remove(&waiter), "answered twice, or unasked");
                    assert!(outcome.is_err() || self.machine.token(clocks).is_some(), "no token behind the answer");
                }
                Command::Emit(Notice::Failed { error, .. }) => self.failed_for_good = !error.is_retryable(),
                Command::Emit(Notice::Refreshing { .. } | Notice::Refreshed { .. }) => self.failed_for_good = false,
            }
        }
    }

    fn answer(&mut self, outcome: Result<PlaybackToken, Error>) {
        let Some((id, reason, sent_at)) = self.mint.take() else { return };
        if let Err(error) = &outcome
            && error.code == ErrorCode::RateLimitExceeded
        {
            self.quota_spent_until = self.now + policy::QUOTA_RETRY_MS;
        }
        // One that expired on its way is a failure, and leaves what was there.
        if outcome.is_ok() && self.now < self.usable_until(sent_at) {
            self.token_sent_at = Some(sent_at);
            self.last_success = Some((sent_at, reason == Reason::Rejected));
        }
        self.tell(&Event::Minted { id, outcome });
    }

    fn clocks(&self) -> Reading {
        Reading { monotonic_ms: self.now, wall_ms: 1_800_000_000_000 + self.now }
    }

    fn usable_until(&self, sent_at: u64) -> u64 {
        sent_at + self.setting.life_ms - policy::margin_ms(self.setting.life_ms)
    }

    fn is_renewing(&self) -> bool {
        self.setting.refresh == Refresh::Eager && self.watched && self.needed && self.last_success.is_some()
    }
}

impl StateMachineTest for Session {
    type SystemUnderTest = Self;
    type Reference = Setting;

    fn init_test(setting: &Setting) -> Self {
        let start = Reading { monotonic_ms: 0, wall_ms: 1_800_000_000_000 };
        Self {
            setting: *setting,
            machine: Machine::new(setting.refresh, Source::ApiKey, setting.seed, start),
            now: 0,
            timer_at: None,
            mint: None,
            last_mint_at: None,
            waiting: BTreeSet::new(),
            last_waiter: 0,
            token_sent_at: None,
            last_success: None,
            watched: false,
            needed: true,
            online: true,
            quota_spent_until: 0,
            failed_for_good: false,
            destroyed: false,
        }
    }

    fn apply(mut session: Self, _: &Setting, happening: Happening) -> Self {
        let life_ms = session.setting.life_ms;
        match happening {
            Happening::Pass { thousandths } => {
                let end = session.now + life_ms * thousandths / 1_000;
                while let Some(at) = session.timer_at.take_if(|at| *at <= end) {
                    session.now = session.now.max(at);
                    session.tell(&Event::Timer);
                }
                session.now = end;
            }
            Happening::PassUnseen { thousandths } => session.now += life_ms * thousandths / 1_000,
            Happening::Request => {
                session.last_waiter += 1;
                session.waiting.insert(session.last_waiter);
                let waiter = session.last_waiter;
                session.tell(&Event::Request { waiter, own: false });
            }
            Happening::CancelOldest => {
                if let Some(waiter) = session.waiting.pop_first() {
                    session.tell(&Event::Cancel { waiter });
                }
            }
            Happening::MintSucceeds => {
                let expires_in = life_ms as f64 / 1_000.0;
                let token = ["t", &session.mint.map_or(0, |(id, ..)| id).to_string()].concat();
                session.answer(Ok(PlaybackToken { token, expires_in, player_url: None }));
            }
            Happening::MintFails(error) => session.answer(Err(error)),
            Happening::StrayAnswer { id } => {
                let is_in_flight = session.mint.is_some_and(|(current, ..)| current == id);
                if !is_in_flight {
                    let token = PlaybackToken { token: "stray".into(), expires_in: 300.0, player_url: None };
                    session.tell(&Event::Minted { id, outcome: Ok(token) });
                }
            }
            Happening::Rejected => {
                session.token_sent_at = None;
                session.tell(&Event::Rejected);
            }
            Happening::Watched(watched) => {
                session.watched = watched;
                session.tell(&Event::Watched(watched));
            }
            Happening::Needed(needed) => {
                session.needed = needed;
                session.tell(&Event::Needed(needed));
            }
            Happening::Online(online) => {
                session.online = online;
                session.tell(&Event::Online(online));
            }
            Happening::Quota { is_low, is_exceeded } => {
                let reset_in_ms = life_ms;
                session.quota_spent_until = if is_exceeded { session.now + reset_in_ms } else { 0 };
                session.tell(&Event::Quota { is_low, is_exceeded, reset_in_ms });
            }
            Happening::Wake => {}
            Happening::Destroy => {
                session.tell(&Event::Destroy);
                session.destroyed = true;
            }
        }
        // So that what follows from the time has followed; what is there is asked for by the clocks (11).
        session.tell(&Event::Wake);
        session
    }

    fn check_invariants(session: &Self, _: &Setting) {
        let clocks = session.clocks();
        let (now, state) = (session.now, session.machine.state(clocks));
        if session.destroyed {
            assert_eq!(state, State::Destroyed);
            assert!(session.machine.token(clocks).is_none() && session.mint.is_none() && session.timer_at.is_none());
            assert!(session.waiting.is_empty());
            return;
        }
        let is_valid = session.token_sent_at.is_some_and(|sent_at| now < session.usable_until(sent_at));
        assert_eq!(session.machine.token(clocks).is_some(), is_valid, "a token is there exactly while it is good");
        assert!(!is_valid || session.waiting.is_empty(), "nobody waits while there is a token");
        if let Some((_, _, sent_at)) = session.mint {
            assert!(now < sent_at + policy::MINT_TIMEOUT_MS, "a mint hangs");
        }
        if !session.waiting.is_empty() {
            assert!(session.timer_at.is_some(), "a caller waits and no timer would wake the session");
            assert!(matches!(state, State::Minting | State::Retrying), "{state:?}: a caller waits for nothing");
        }
        if session.is_renewing() && session.online && !session.failed_for_good {
            assert!(session.timer_at.is_some(), "a watched session sleeps for ever");
        }
    }
}

fn config() -> Config {
    let asked_for = Config::default();
    let is_named = |name| std::env::var_os(name).is_some();
    Config {
        cases: if is_named("PROPTEST_CASES") { asked_for.cases } else { 2_000 },
        rng_seed: if is_named("PROPTEST_RNG_SEED") { asked_for.rng_seed } else { RngSeed::Fixed(1) },
        failure_persistence: None,
        ..asked_for
    }
}

prop_state_machine! {
    // The same sequences in every run of the test command; more and others with PROPTEST_CASES and PROPTEST_RNG_SEED.
    #![proptest_config(config())]

    #[test]
    fn the_session_does_what_the_model_says(sequential 1..60 => Session);
}
