//! Rule 5: what follows a failure.

use ansdev_player::api::{Error, ErrorCode};
use ansdev_player::session::{Command, Event, Machine, Notice, Reading, Refresh, Source, State};

use crate::world::{LIFE, World, network, revoked, token, unavailable};

#[test]
fn a_transient_failure_is_retried_with_growing_waits() {
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
fn a_permanent_failure_is_reported_once_and_not_retried_until_asked() {
    let mut world = World::live();
    world.until_mint();
    world.mint_fails(revoked());
    assert_eq!(world.failures(), [(ErrorCode::InvalidApiKey, false)]);
    assert_eq!(world.token(), Some("t1"), "a valid token survives any error");
    world.take();
    world.pass(LIFE);
    assert_eq!((world.mints().len(), world.failures().len()), (0, 0));
    world.tell(Event::Wake);
    assert_eq!(world.machine.state(world.now), State::Failed);
    let waiter = world.request();
    assert_eq!(world.mints().len(), 1);
    world.mint_fails(revoked());
    assert_eq!(world.outcome(waiter), Some(Err(ErrorCode::InvalidApiKey)));
}

#[test]
fn a_caller_waits_through_transient_failures_for_ten_seconds_at_most() {
    let mut world = World::new(Refresh::Eager);
    let waiter = world.request();
    let start = world.now.monotonic_ms;
    while world.outcome(waiter).is_none() {
        if world.machine.state(world.now) == State::Minting {
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
fn callers_get_their_token_after_transient_failures() {
    let mut world = World::new(Refresh::Eager);
    let waiter = world.request();
    world.mint_fails(unavailable());
    world.pass(600);
    world.mint_succeeds(LIFE);
    assert_eq!(world.outcome(waiter), Some(Ok(())));
    assert_eq!(world.machine.state(world.now), State::Live);
}

#[test]
fn a_provider_that_hangs_is_named() {
    let now = Reading::default();
    let mut machine = Machine::new(Refresh::Eager, Source::Provider, 1, now);
    machine.step(now, Event::Request { waiter: 1, own: false });
    let later = Reading { monotonic_ms: 8_000, wall_ms: 8_000 };
    let commands = machine.step(later, Event::Timer);
    assert!(commands.iter().any(|command| matches!(command,
        Command::Emit(Notice::Failed { error, .. }) if error.code == ErrorCode::TokenProviderFailed)));
}

#[test]
fn the_cap_of_eight_seconds_ends_with_the_token() {
    let longest = |seed| {
        let mut world = World::seeded(Refresh::Eager, seed);
        world.tell(Event::Watched(true));
        world.request();
        let expiry = world.now.monotonic_ms + LIFE;
        world.mint_succeeds(LIFE);
        world.until_mint();
        for _ in 0..8 {
            world.mint_fails(network());
            world.until_mint();
        }
        world.skip(expiry - world.now.monotonic_ms);
        world.mint_fails(network());
        world.until_mint()
    };
    let longest = (0..20).map(longest).max();
    assert!(longest > Some(8_000), "{longest:?}");
}

#[test]
fn asking_again_does_not_shorten_a_wait() {
    let mut world = World::new(Refresh::Eager);
    world.request();
    world.mint_fails(unavailable().with_retry_after_ms(Some(5_000)));
    world.take();
    world.request();
    assert!(world.mints().is_empty());
    assert_eq!(world.until_mint(), 5_000);
}

#[test]
fn asking_again_retries_a_permanent_one_only_where_the_token_is_spent() {
    let mut world = World::live();
    world.until_mint();
    world.mint_fails(revoked());
    world.take();
    let waiter = world.request();
    assert_eq!(world.outcome(waiter), Some(Ok(())));
    assert!(world.mints().is_empty());
}

#[test]
fn a_caller_gets_the_error_when_the_next_retry_is_after_its_deadline() {
    let mut world = World::new(Refresh::Eager);
    let waiter = world.request();
    world.mint_fails(unavailable().with_retry_after_ms(Some(9_999)));
    assert_eq!(world.outcome(waiter), None);
    let mut world = World::new(Refresh::Eager);
    let waiter = world.request();
    world.mint_fails(unavailable().with_retry_after_ms(Some(10_000)));
    assert_eq!(world.outcome(waiter), Some(Err(ErrorCode::Other("UNAVAILABLE".into()))));
}

#[test]
fn the_page_is_told_whether_another_try_follows() {
    let mut world = World::live();
    world.skip(LIFE);
    world.tell(Event::Wake);
    world.mint_fails(network());
    assert_eq!(world.failures(), [(ErrorCode::Network, true)]);
    assert_eq!(world.machine.state(world.now), State::Retrying);

    let mut world = World::live();
    world.skip(LIFE);
    world.tell(Event::Wake);
    world.tell(Event::Watched(false));
    world.mint_fails(network());
    assert_eq!(world.failures(), [(ErrorCode::Network, false)]);
    assert_eq!(world.machine.state(world.now), State::Idle);
}

#[test]
fn retry_after_is_obeyed_although_the_network_was_away_meanwhile() {
    let mut world = World::live();
    world.until_mint();
    world.mint_fails(unavailable().with_retry_after_ms(Some(20_000)));
    world.skip(1_000);
    world.tell(Event::Online(false));
    world.tell(Event::Online(true));
    assert_eq!(world.until_mint(), 19_000);
}

#[test]
fn after_a_success_the_waits_start_small_again() {
    for seed in 0..20 {
        let mut world = World::seeded(Refresh::OnDemand, seed);
        world.request();
        for _ in 0..3 {
            world.mint_fails(network());
            world.until_mint();
        }
        world.mint_succeeds(LIFE);
        world.skip(LIFE);
        world.take();
        world.request();
        world.mint_fails(network());
        let wait = world.until_mint();
        assert!(wait <= 500, "seed {seed}: {wait}");
    }
}

#[test]
fn a_retry_after_of_zero_does_not_end_the_backoff() {
    let tries_at_once = |seed: &u64| {
        let mut world = World::seeded(Refresh::OnDemand, *seed);
        world.request();
        world.mint_fails(unavailable().with_retry_after_ms(Some(0)));
        world.mints().len() > 1
    };
    let at_once = (0..20).filter(tries_at_once).count();
    assert!(at_once < 2, "{at_once} of 20");
}

/// A world whose tokens come from the page's own server, with a caller that waits.
fn provided(life_ms: Option<u64>) -> World {
    let mut world = World::new(Refresh::Eager);
    world.machine = Machine::new(Refresh::Eager, Source::Provider, 1, world.now);
    world.tell(Event::Watched(true));
    world.request();
    if let Some(life_ms) = life_ms {
        world.mint_succeeds(life_ms);
        world.take();
    }
    world
}

fn refused(status: u16, wait_ms: Option<u64>) -> Error {
    Error::new(ErrorCode::TokenProviderFailed, "").with_status(status).with_retry_after_ms(wait_ms)
}

#[test]
fn a_429_of_the_pages_server_over_a_minute_is_exhausted_until_then() {
    let mut world = provided(None);
    world.mint_fails(refused(429, Some(3_600_000)));
    assert_eq!(world.outcome(1), Some(Err(ErrorCode::RateLimitExceeded)));
    assert!(world.answer(1).unwrap().unwrap_err().message.contains("page's server answered 429"));
    assert_eq!(world.machine.state(world.now), State::Exhausted);
    world.take();
    for _ in 0..100 {
        world.pass(35_000);
        let waiter = world.request();
        assert_eq!(world.outcome(waiter), Some(Err(ErrorCode::RateLimitExceeded)), "and asks nobody");
    }
    assert!(world.mints().is_empty());
    world.pass(3_600_000 - 3_500_000 + 60_000);
    world.request();
    assert_eq!(world.mints().len(), 1);
}

#[test]
fn a_429_of_the_pages_server_under_a_minute_is_a_backoff_with_jitter() {
    for status in [429, 503] {
        let waits: Vec<_> = (0..50)
            .map(|seed| {
                let mut world = provided(Some(LIFE));
                world.machine = Machine::new(Refresh::Eager, Source::Provider, seed, world.now);
                world.tell(Event::Watched(true));
                world.request();
                world.mint_succeeds(LIFE);
                world.until_mint();
                world.mint_fails(refused(status, Some(20_000)));
                world.until_mint()
            })
            .collect();
        assert!(waits.iter().all(|wait| (20_000..=30_000).contains(wait)), "{status}: {waits:?}");
        assert!(waits.iter().max() > waits.iter().min().map(|least| least + 5_000).as_ref(), "{status}: {waits:?}");
    }
}

#[test]
fn the_same_token_again_keeps_the_expiry_of_its_first_arrival() {
    let mut world = provided(Some(LIFE));
    let expires_in = world.machine.expires_in_ms(world.now).unwrap();
    let waited = world.until_mint();
    let id = world.last_mint();
    world.take();
    world.tell(Event::Minted { id, outcome: Ok(token("t1", LIFE)) });
    assert_eq!(world.machine.expires_in_ms(world.now), Some(expires_in - waited));
    assert!(world.mints().is_empty(), "it is not asked for again at once");
    let rest = world.until_mint();
    assert_eq!(waited + rest, LIFE - 5_000, "when it can no longer be handed out");
    world.mint_ends(Ok(token("t1", LIFE)));
    assert!(world.token().is_none(), "it has expired");
}
