//! The nine rules of the token session, each as the sentence it is in ARCHITECTURE.md.

#![cfg(not(target_arch = "wasm32"))]

use ansdev_player::api::{Error, ErrorCode, PlaybackToken};
use ansdev_player::session::{Command, Event, Machine, Notice, Reading, Reason, Refresh, Source, State, WaiterId};

const LIFE: u64 = 300_000;

/// A machine and the two clocks around it, with what it asked for since the last look.
struct World {
    machine: Machine,
    now: Reading,
    timer_at: Option<u64>,
    next_waiter: WaiterId,
    commands: Vec<Command>,
}

impl World {
    fn new(refresh: Refresh) -> Self {
        Self::seeded(refresh, 1)
    }

    fn seeded(refresh: Refresh, seed: u64) -> Self {
        let now = Reading { monotonic_ms: 1_000, wall_ms: 1_800_000_000_000 };
        let machine = Machine::new(refresh, Source::ApiKey, seed, now);
        Self { machine, now, timer_at: None, next_waiter: 0, commands: Vec::new() }
    }

    /// An eager session that somebody watches, with a token minted at time 0.
    fn live() -> Self {
        let mut world = Self::new(Refresh::Eager);
        world.tell(Event::Watched(true));
        world.request();
        world.mint_succeeds(LIFE);
        world.take();
        world
    }

    fn tell(&mut self, event: Event) {
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

    fn request(&mut self) -> WaiterId {
        self.next_waiter += 1;
        self.tell(Event::Request { waiter: self.next_waiter });
        self.next_waiter
    }

    /// Both clocks go on, and every timer that was asked for fires on time.
    fn pass(&mut self, ms: u64) {
        let end = self.now.monotonic_ms + ms;
        while self.timer_at.is_some_and(|at| at <= end) {
            self.fire();
        }
        self.skip(end - self.now.monotonic_ms);
    }

    /// Goes on to the next timer and fires it; how many milliseconds that took.
    fn fire(&mut self) -> u64 {
        let at = self.timer_at.take().expect("a timer is set");
        let wait = at.saturating_sub(self.now.monotonic_ms);
        self.skip(wait);
        self.tell(Event::Timer);
        wait
    }

    /// Fires timers until a mint is asked for; how many milliseconds that took.
    fn until_mint(&mut self) -> u64 {
        self.take();
        let mut waited = 0;
        while self.mints().is_empty() {
            waited += self.fire();
        }
        waited
    }

    /// Both clocks go on, and no timer fires.
    fn skip(&mut self, ms: u64) {
        self.now.monotonic_ms += ms;
        self.now.wall_ms += ms;
    }

    fn take(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.commands)
    }

    fn mints(&self) -> Vec<(u32, Reason)> {
        let mints = self.commands.iter().filter_map(|command| match command {
            Command::Mint { id, reason } => Some((*id, *reason)),
            _ => None,
        });
        mints.collect()
    }

    fn last_mint(&self) -> u32 {
        self.mints().last().expect("a mint was asked for").0
    }

    fn mint_ends(&mut self, outcome: Result<PlaybackToken, Error>) {
        let id = self.last_mint();
        self.tell(Event::Minted { id, outcome });
    }

    fn mint_succeeds(&mut self, life_ms: u64) {
        let id = self.last_mint();
        self.mint_ends(Ok(token(&format!("t{id}"), life_ms)));
    }

    fn mint_fails(&mut self, error: Error) {
        self.mint_ends(Err(error));
    }

    fn outcome(&self, waiter: WaiterId) -> Option<Result<(), ErrorCode>> {
        let outcomes: Vec<_> = self
            .commands
            .iter()
            .filter_map(|command| match command {
                Command::Settle { waiter: settled, outcome } if *settled == waiter => Some(outcome.clone()),
                _ => None,
            })
            .collect();
        assert!(outcomes.len() < 2, "waiter {waiter} was answered twice");
        outcomes.into_iter().next().map(|outcome| outcome.map_err(|error| error.code.clone()))
    }

    fn failures(&self) -> Vec<(ErrorCode, bool)> {
        let failures = self.commands.iter().filter_map(|command| match command {
            Command::Emit(Notice::Failed { error, will_retry }) => Some((error.code.clone(), *will_retry)),
            _ => None,
        });
        failures.collect()
    }

    fn token(&self) -> Option<&str> {
        self.machine.token().map(|token| token.token.as_str())
    }
}

fn token(text: &str, life_ms: u64) -> PlaybackToken {
    PlaybackToken { token: text.to_owned(), expires_in: life_ms as f64 / 1000.0, player_url: None }
}

fn unavailable() -> Error {
    Error::new(ErrorCode::Other("UNAVAILABLE".into()), "").with_status(503)
}

fn network() -> Error {
    Error::new(ErrorCode::Network, "")
}

fn revoked() -> Error {
    Error::new(ErrorCode::InvalidApiKey, "").with_status(401)
}

mod rule_1_life_is_counted_from_the_request {
    use super::*;

    #[test]
    fn a_slow_answer_does_not_lengthen_it() {
        let mut world = World::new(Refresh::OnDemand);
        world.request();
        world.skip(7_000);
        world.mint_succeeds(LIFE);
        assert_eq!(world.machine.expires_in_ms(), Some(LIFE - 7_000));
    }

    #[test]
    fn sleep_counts_although_the_monotonic_clock_stood_still() {
        let mut world = World::live();
        world.now.wall_ms += 2 * LIFE;
        world.tell(Event::Wake);
        assert_eq!(world.token(), None);
        assert_eq!(world.mints(), [(2, Reason::Refresh)]);
    }

    #[test]
    fn a_wall_clock_that_jumps_back_changes_nothing() {
        let mut world = World::live();
        world.now.wall_ms -= 86_400_000;
        let lead = LIFE - world.until_mint();
        assert!((30_000..=45_000).contains(&lead), "{lead}");
        assert_eq!(world.token(), Some("t1"));
    }

    #[test]
    fn a_token_that_expired_on_its_way_is_not_handed_out() {
        let mut world = World::new(Refresh::OnDemand);
        let waiter = world.request();
        world.skip(3_000);
        world.mint_succeeds(3_000);
        assert_eq!(world.token(), None);
        assert_eq!(world.outcome(waiter), None);
        assert_eq!(world.failures(), [(ErrorCode::BadResponse, true)]);
    }

    #[test]
    fn a_life_that_is_none_is_a_bad_response() {
        for expires_in in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let mut world = World::new(Refresh::OnDemand);
            world.request();
            world.mint_ends(Ok(PlaybackToken { expires_in, ..token("t", 0) }));
            assert_eq!(world.failures(), [(ErrorCode::BadResponse, true)], "{expires_in}");
        }
    }
}

mod rule_2_refresh_ahead_of_expiry {
    use super::*;

    #[test]
    fn it_starts_a_tenth_of_the_life_before_and_a_little_earlier_by_chance() {
        let mut leads: Vec<u64> = (0..200)
            .map(|seed| {
                let mut world = World::seeded(Refresh::Eager, seed);
                world.tell(Event::Watched(true));
                world.request();
                world.mint_succeeds(LIFE);
                LIFE - world.until_mint()
            })
            .collect();
        leads.sort_unstable();
        assert!(leads[0] >= 30_000 && leads[199] <= 45_000, "{leads:?}");
        assert!(leads[199] - leads[0] > 10_000, "no jitter: {leads:?}");
    }

    #[test]
    fn a_life_shorter_than_five_minutes_has_a_shorter_lead() {
        let mut world = World::new(Refresh::Eager);
        world.tell(Event::Watched(true));
        world.request();
        world.mint_succeeds(6_000);
        world.take();
        world.pass(5_000);
        assert!(world.mints().is_empty());
        world.pass(400);
        assert_eq!(world.mints(), [(2, Reason::Refresh)]);
    }
}

mod rule_3_the_lead_window {
    use super::*;

    #[test]
    fn the_current_token_is_handed_out_at_once_and_the_next_is_fetched_behind_it() {
        let mut world = World::live();
        world.skip(280_000);
        let waiter = world.request();
        assert_eq!(world.outcome(waiter), Some(Ok(())));
        assert_eq!(world.token(), Some("t1"));
        assert_eq!(world.mints(), [(2, Reason::Refresh)]);
        assert_eq!(world.machine.state(), State::Refreshing);
    }

    #[test]
    fn five_seconds_before_expiry_it_is_no_longer_handed_out() {
        let mut world = World::live();
        world.skip(LIFE - 5_001);
        let early = world.request();
        assert_eq!(world.outcome(early), Some(Ok(())));
        world.skip(1);
        let late = world.request();
        assert_eq!(world.outcome(late), None);
        world.mint_succeeds(LIFE);
        assert_eq!(world.outcome(late), Some(Ok(())));
        assert_eq!(world.token(), Some("t2"));
    }
}

mod rule_4_one_mint_in_flight {
    use super::*;

    #[test]
    fn whoever_asks_shares_it() {
        let mut world = World::new(Refresh::Eager);
        let waiters: Vec<_> = (0..10).map(|_| world.request()).collect();
        assert_eq!(world.mints().len(), 1);
        world.mint_succeeds(LIFE);
        for waiter in waiters {
            assert_eq!(world.outcome(waiter), Some(Ok(())));
        }
    }

    #[test]
    fn a_caller_that_aborts_leaves_alone_and_the_last_one_aborts_the_fetch() {
        let mut world = World::new(Refresh::Eager);
        world.tell(Event::Watched(true));
        let (first, second) = (world.request(), world.request());
        world.tell(Event::Cancel { waiter: first });
        assert!(!world.commands.contains(&Command::AbortMint { id: 1 }));
        world.tell(Event::Cancel { waiter: second });
        assert!(world.commands.contains(&Command::AbortMint { id: 1 }));
        assert_eq!(world.mints().len(), 1);
        assert_eq!(world.machine.state(), State::Idle);
    }

    #[test]
    fn a_renewal_under_way_outlives_the_callers_that_leave() {
        let mut world = World::live();
        world.skip(LIFE);
        let waiter = world.request();
        world.tell(Event::Cancel { waiter });
        assert!(!world.commands.iter().any(|command| matches!(command, Command::AbortMint { .. })));
    }

    #[test]
    fn an_answer_that_comes_late_or_twice_changes_nothing() {
        let mut world = World::new(Refresh::OnDemand);
        let waiter = world.request();
        world.tell(Event::Minted { id: 99, outcome: Ok(token("stray", LIFE)) });
        assert_eq!(world.token(), None);
        world.mint_succeeds(LIFE);
        world.tell(Event::Minted { id: 1, outcome: Ok(token("twice", LIFE)) });
        assert_eq!(world.token(), Some("t1"));
        assert_eq!(world.outcome(waiter), Some(Ok(())));
    }

    #[test]
    fn after_destroy_nothing_happens_any_more() {
        let mut world = World::new(Refresh::Eager);
        world.tell(Event::Watched(true));
        let waiter = world.request();
        world.tell(Event::Destroy);
        assert_eq!(world.outcome(waiter), Some(Err(ErrorCode::Destroyed)));
        assert!(world.commands.contains(&Command::AbortMint { id: 1 }));
        assert!(world.commands.contains(&Command::CancelTimer));
        world.take();
        world.tell(Event::Minted { id: 1, outcome: Ok(token("late", LIFE)) });
        world.tell(Event::Wake);
        world.tell(Event::Destroy);
        world.tell(Event::Watched(true));
        assert_eq!(world.take(), []);
        assert_eq!(world.machine.state(), State::Destroyed);
        let waiter = world.request();
        assert_eq!(world.outcome(waiter), Some(Err(ErrorCode::Destroyed)));
        assert_eq!(world.token(), None);
    }
}

mod rule_4_one_mint_among_the_tabs {
    use super::*;

    #[test]
    fn a_token_of_another_tab_serves_everybody_and_ends_the_mint_that_waits() {
        let mut world = World::new(Refresh::Eager);
        world.tell(Event::Watched(true));
        let waiter = world.request();
        world.tell(Event::Shared(token("other", LIFE)));
        assert_eq!(world.outcome(waiter), Some(Ok(())));
        assert_eq!(world.token(), Some("other"));
        assert!(world.commands.contains(&Command::AbortMint { id: 1 }));
        assert!((255_000..=270_000).contains(&world.until_mint()), "it is renewed like one of our own");
    }

    #[test]
    fn one_that_ends_sooner_or_soon_is_left_alone() {
        let mut world = World::live();
        world.tell(Event::Shared(token("sooner", LIFE / 2)));
        assert_eq!(world.token(), Some("t1"));
        let mut world = World::new(Refresh::Eager);
        world.request();
        world.tell(Event::Shared(token("rubbish", 0)));
        assert_eq!(world.token(), None);
    }

    #[test]
    fn a_mint_that_waited_for_its_turn_counts_from_when_it_was_sent() {
        let mut world = World::new(Refresh::OnDemand);
        world.request();
        world.skip(5_000);
        world.tell(Event::Sent { id: 1 });
        world.pass(4_000);
        assert!(world.failures().is_empty(), "it has eight seconds from then");
        world.mint_succeeds(LIFE);
        assert_eq!(world.machine.expires_in_ms(), Some(LIFE - 4_000));
    }

    #[test]
    fn a_shared_token_that_is_refused_is_replaced_once() {
        let mut world = World::live();
        world.skip(200_000);
        world.tell(Event::Shared(token("other", LIFE)));
        world.tell(Event::Rejected);
        assert_eq!(world.mints(), [(2, Reason::Rejected)]);
    }
}

mod rule_5_failures {
    use super::*;

    #[test]
    fn a_transient_one_is_tried_again_with_growing_waits() {
        let mut world = World::live();
        world.until_mint();
        let mut waits = Vec::new();
        for _ in 0..6 {
            world.mint_fails(unavailable());
            waits.push(world.until_mint());
        }
        assert!(waits.iter().zip([500, 1_000, 2_000, 4_000, 8_000, 8_000]).all(|(wait, bound)| *wait <= bound + 1));
        assert!(waits.iter().sum::<u64>() > 1_000, "{waits:?}");
        assert_eq!(world.token(), Some("t1"), "a valid token survives any error");
    }

    #[test]
    fn after_expiry_the_wait_may_grow_to_thirty_seconds() {
        let mut world = World::live();
        world.skip(LIFE);
        world.tell(Event::Wake);
        let mut longest = 0;
        for _ in 0..60 {
            world.mint_fails(network());
            longest = longest.max(world.until_mint());
        }
        assert!((15_000..=30_000).contains(&longest), "{longest}");
    }

    #[test]
    fn no_answer_for_eight_seconds_is_a_failure() {
        let mut world = World::new(Refresh::Eager);
        world.request();
        world.pass(7_999);
        assert!(world.failures().is_empty());
        world.pass(1);
        assert_eq!(world.failures(), [(ErrorCode::Timeout, true)]);
        assert!(world.commands.contains(&Command::AbortMint { id: 1 }));
    }

    #[test]
    fn retry_after_is_obeyed() {
        let mut world = World::live();
        world.until_mint();
        world.mint_fails(unavailable().with_retry_after_ms(Some(20_000)));
        assert_eq!(world.until_mint(), 20_000);
    }

    #[test]
    fn a_permanent_one_is_told_once_and_not_tried_again_until_asked() {
        let mut world = World::live();
        world.until_mint();
        world.mint_fails(revoked());
        assert_eq!(world.failures(), [(ErrorCode::InvalidApiKey, false)]);
        assert_eq!(world.token(), Some("t1"), "a valid token survives any error");
        world.take();
        world.pass(LIFE);
        assert_eq!((world.mints().len(), world.failures().len()), (0, 0));
        world.tell(Event::Wake);
        assert_eq!(world.machine.state(), State::Failed);
        let waiter = world.request();
        assert_eq!(world.mints().len(), 1);
        world.mint_fails(revoked());
        assert_eq!(world.outcome(waiter), Some(Err(ErrorCode::InvalidApiKey)));
    }

    #[test]
    fn a_caller_waits_through_short_trouble_and_not_for_ever() {
        let mut world = World::new(Refresh::Eager);
        let waiter = world.request();
        let start = world.now.monotonic_ms;
        while world.outcome(waiter).is_none() {
            if world.machine.state() == State::Minting {
                world.mint_fails(network());
            }
            if world.outcome(waiter).is_none() {
                world.fire();
            }
            assert!(world.now.monotonic_ms - start <= 10_000);
        }
        assert_eq!(world.outcome(waiter), Some(Err(ErrorCode::Network)));
        assert!(world.mints().len() >= 3);
        assert_eq!(world.failures().iter().filter(|(_, will_retry)| !will_retry).count(), 0);
    }

    #[test]
    fn when_the_trouble_ends_the_callers_get_their_token() {
        let mut world = World::new(Refresh::Eager);
        let waiter = world.request();
        world.mint_fails(unavailable());
        world.pass(600);
        world.mint_succeeds(LIFE);
        assert_eq!(world.outcome(waiter), Some(Ok(())));
        assert_eq!(world.machine.state(), State::Live);
    }

    #[test]
    fn a_provider_that_hangs_is_named() {
        let now = Reading::default();
        let mut machine = Machine::new(Refresh::Eager, Source::Provider, 1, now);
        machine.step(now, Event::Request { waiter: 1 });
        let later = Reading { monotonic_ms: 8_000, wall_ms: 8_000 };
        let commands = machine.step(later, Event::Timer);
        assert!(commands.iter().any(|command| matches!(command,
            Command::Emit(Notice::Failed { error, .. }) if error.code == ErrorCode::TokenProviderFailed)));
    }
}

mod rule_6_refused_tokens {
    use super::*;

    #[test]
    fn one_forced_mint_follows() {
        let mut world = World::live();
        world.skip(1_000);
        world.tell(Event::Rejected);
        let waiter = world.request();
        assert_eq!(world.mints(), [(2, Reason::Rejected)]);
        world.mint_succeeds(LIFE);
        assert_eq!(world.outcome(waiter), Some(Ok(())));
    }

    #[test]
    fn a_second_refusal_inside_the_gap_is_answered_with_an_error_at_once() {
        let mut world = World::live();
        world.tell(Event::Rejected);
        world.request();
        world.mint_succeeds(LIFE);
        world.take();
        world.skip(2_000);
        world.tell(Event::Rejected);
        let waiter = world.request();
        assert_eq!(world.outcome(waiter), Some(Err(ErrorCode::PlaybackTokenInvalid)));
        assert_eq!(world.failures(), [(ErrorCode::PlaybackTokenInvalid, false)]);
        world.pass(7_999);
        world.request();
        assert!(world.mints().is_empty(), "never two inside the gap, but for the first forced one");
        world.pass(1);
        world.request();
        assert_eq!(world.mints(), [(3, Reason::Rejected)]);
    }

    #[test]
    fn a_refusal_that_nobody_follows_up_costs_nothing_where_nobody_watches() {
        let mut world = World::live();
        world.tell(Event::Watched(false));
        world.tell(Event::Rejected);
        world.pass(LIFE);
        assert!(world.mints().is_empty());
    }
}

mod rule_7_nobody_watching_nothing_minted {
    use super::*;

    #[test]
    fn an_unwatched_session_lets_its_token_expire() {
        let mut world = World::live();
        world.tell(Event::Watched(false));
        assert_eq!(world.take(), [Command::CancelTimer]);
        world.pass(10 * LIFE);
        world.tell(Event::Wake);
        assert_eq!(world.take(), []);
        assert_eq!(world.machine.state(), State::Idle);
    }

    #[test]
    fn play_mints_only_if_the_token_is_spent() {
        let mut world = World::live();
        world.tell(Event::Watched(false));
        world.pass(60_000);
        world.tell(Event::Watched(true));
        assert!(world.mints().is_empty());
        world.tell(Event::Watched(false));
        world.pass(LIFE);
        assert!(world.mints().is_empty());
        world.tell(Event::Watched(true));
        assert_eq!(world.mints(), [(2, Reason::Refresh)]);
    }

    #[test]
    fn a_session_that_never_had_a_token_mints_none_by_itself() {
        let mut world = World::new(Refresh::Eager);
        world.tell(Event::Watched(true));
        world.tell(Event::Wake);
        world.pass(LIFE);
        assert_eq!(world.take(), []);
    }

    #[test]
    fn a_timer_is_at_most_thirty_seconds_long() {
        let mut world = World::live();
        for _ in 0..50 {
            let wait = world.fire();
            assert!((1..=30_000).contains(&wait), "{wait}");
            if !world.mints().is_empty() {
                world.mint_succeeds(LIFE);
                world.take();
            }
        }
    }

    #[test]
    fn a_timer_that_fires_early_is_set_again() {
        let mut world = World::live();
        world.tell(Event::Timer);
        assert_eq!(world.take(), [Command::SetTimer { after_ms: 30_000 }]);
    }

    #[test]
    fn offline_spends_no_attempts_and_online_tries_at_once() {
        let mut world = World::live();
        world.tell(Event::Online(false));
        world.pass(LIFE);
        let waiter = world.request();
        world.pass(10_000);
        assert!(world.mints().is_empty());
        assert_eq!(world.outcome(waiter), Some(Err(ErrorCode::Network)));
        world.tell(Event::Online(true));
        world.pass(500);
        assert_eq!(world.mints().len(), 1);
    }

    #[test]
    fn a_caller_that_asks_offline_after_a_failure_is_answered_too() {
        let mut world = World::live();
        world.until_mint();
        world.mint_fails(unavailable());
        world.tell(Event::Watched(false));
        world.tell(Event::Online(false));
        world.pass(LIFE);
        let waiter = world.request();
        world.pass(10_000);
        assert_eq!(world.outcome(waiter), Some(Err(ErrorCode::Other("UNAVAILABLE".into()))));
    }

    #[test]
    fn online_again_forgets_how_often_it_failed() {
        let mut world = World::live();
        world.skip(LIFE);
        world.tell(Event::Wake);
        for _ in 0..12 {
            world.mint_fails(network());
            world.pass(30_000);
        }
        world.mint_fails(network());
        world.take();
        world.tell(Event::Online(false));
        world.tell(Event::Online(true));
        world.pass(500);
        assert_eq!(world.mints().len(), 1);
    }
}

mod rule_8_quota {
    use super::*;

    fn quota(is_low: bool, is_exceeded: bool) -> Event {
        Event::Quota { is_low, is_exceeded, reset_in_ms: 3_600_000 }
    }

    #[test]
    fn a_low_quota_is_spent_on_demand_only() {
        let mut world = World::live();
        world.tell(quota(true, false));
        world.pass(2 * LIFE);
        assert!(world.mints().is_empty());
        let waiter = world.request();
        assert_eq!(world.mints().len(), 1);
        world.mint_succeeds(LIFE);
        assert_eq!(world.outcome(waiter), Some(Ok(())));
    }

    #[test]
    fn a_spent_quota_is_left_alone_until_the_reset_and_a_little_longer() {
        let mut world = World::live();
        world.tell(quota(true, true));
        world.pass(LIFE);
        let waiter = world.request();
        assert_eq!(world.outcome(waiter), Some(Err(ErrorCode::RateLimitExceeded)));
        assert_eq!(world.machine.state(), State::Exhausted);
        assert!(world.mints().is_empty());
        let reset = LIFE + world.until_mint();
        assert!((3_600_000..=3_660_000).contains(&reset), "{reset}: somebody still watches");
    }

    #[test]
    fn a_valid_token_is_handed_out_although_none_is_left() {
        let mut world = World::live();
        world.tell(quota(true, true));
        let waiter = world.request();
        assert_eq!(world.outcome(waiter), Some(Ok(())));
    }

    #[test]
    fn the_last_token_of_the_day_reaches_those_who_wait_for_it() {
        let mut world = World::new(Refresh::Eager);
        let waiter = world.request();
        // Its answer tells of the quota, too, and that may be heard first.
        world.tell(quota(true, true));
        world.mint_succeeds(LIFE);
        assert_eq!(world.outcome(waiter), Some(Ok(())));
    }

    #[test]
    fn an_answer_429_says_the_same() {
        let mut world = World::new(Refresh::Eager);
        let waiter = world.request();
        let error = Error::new(ErrorCode::RateLimitExceeded, "").with_status(429).with_retry_after_ms(Some(5_000));
        world.mint_fails(error);
        assert_eq!(world.outcome(waiter), Some(Err(ErrorCode::RateLimitExceeded)));
        world.take();
        world.pass(4_999);
        world.request();
        assert!(world.mints().is_empty());
        world.pass(60_001);
        world.request();
        assert_eq!(world.mints().len(), 1);
    }

    #[test]
    fn a_new_day_ends_it() {
        let mut world = World::live();
        world.tell(quota(true, true));
        world.tell(quota(false, false));
        assert!(world.until_mint() < LIFE);
    }
}

mod rule_9_on_demand {
    use super::*;

    #[test]
    fn no_timer_runs_and_a_mint_happens_only_when_a_request_needs_one() {
        let mut world = World::new(Refresh::OnDemand);
        world.tell(Event::Watched(true));
        world.request();
        world.mint_succeeds(LIFE);
        assert_eq!(world.timer_at, None);
        world.take();
        world.skip(280_000);
        world.request();
        assert!(world.mints().is_empty(), "a valid token serves it");
        world.skip(LIFE);
        world.tell(Event::Wake);
        assert!(world.mints().is_empty());
        world.request();
        assert_eq!(world.mints(), [(2, Reason::Refresh)]);
    }
}
