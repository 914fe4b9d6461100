//! Rule 8: the day's tokens.

use ansdev_player::api::{Error, ErrorCode};
use ansdev_player::session::{Event, Reason, Refresh, State};

use crate::world::{LIFE, World, network, revoked};

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
fn a_spent_quota_mints_nothing_before_the_reset_and_a_random_delay() {
    let mut world = World::live();
    world.tell(quota(true, true));
    world.pass(LIFE);
    let waiter = world.request();
    assert_eq!(world.outcome(waiter), Some(Err(ErrorCode::RateLimitExceeded)));
    assert_eq!(world.machine.state(world.now), State::Exhausted);
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
fn a_429_answer_has_the_same_headers() {
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

#[test]
fn pages_that_wait_for_one_reset_do_not_come_back_in_one_moment() {
    let wait = |seed| {
        let mut world = World::seeded(Refresh::Eager, seed);
        world.tell(quota(true, true));
        let waiter = world.request();
        world.retry_after_ms(waiter) - 3_600_000
    };
    let waits: Vec<_> = (0..100).map(wait).collect();
    let (least, most) = (waits.iter().min().unwrap(), waits.iter().max().unwrap());
    assert!(*least < 5_000 && (55_000..=60_000).contains(most), "{waits:?}");
}

#[test]
fn the_error_says_when_the_next_can_be_minted_and_then_it_is() {
    for is_watched in [true, false] {
        let mut world = World::live();
        world.tell(Event::Watched(is_watched));
        world.tell(quota(true, true));
        world.skip(LIFE);
        let waiter = world.request();
        let wait = world.retry_after_ms(waiter);
        assert!((3_600_000..=3_660_000).contains(&(LIFE + wait)), "{wait}");
        world.skip(wait - 1);
        let waiter = world.request();
        assert_eq!(world.retry_after_ms(waiter), 1);
        assert!(world.mints().is_empty());
        world.skip(1);
        if is_watched {
            world.tell(Event::Wake);
        } else {
            world.request();
        }
        assert_eq!(world.mints(), [(2, Reason::Refresh)]);
    }
}

#[test]
fn without_a_reset_time_it_waits_a_quarter_of_an_hour() {
    let mut world = World::new(Refresh::Eager);
    let waiter = world.request();
    world.mint_fails(Error::new(ErrorCode::RateLimitExceeded, "").with_status(429));
    let wait = world.retry_after_ms(waiter);
    assert!((15 * 60_000..=16 * 60_000).contains(&wait), "{wait}");
}

#[test]
fn with_a_low_quota_a_failed_renewal_is_not_tried_again_ahead_of_need() {
    let mut world = World::live();
    world.until_mint();
    world.tell(quota(true, false));
    world.mint_fails(network());
    assert_eq!(world.failures(), [(ErrorCode::Network, false)]);
    world.skip(LIFE);
    world.tell(Event::Wake);
    assert_eq!(world.machine.state(world.now), State::Idle);
}

#[test]
fn a_caller_gets_the_error_of_its_own_mint_with_a_spent_quota() {
    let mut world = World::new(Refresh::Eager);
    let waiter = world.request();
    world.tell(quota(true, true));
    world.mint_fails(revoked());
    assert_eq!(world.outcome(waiter), Some(Err(ErrorCode::InvalidApiKey)));
}
