//! Rule 7: nobody watching, nothing minted.

use ansdev_player::api::ErrorCode;
use ansdev_player::session::{Command, Event, Reason, Refresh, State};

use crate::world::{LIFE, World, network, unavailable};

#[test]
fn an_unwatched_session_lets_its_token_expire() {
    let mut world = World::live();
    world.tell(Event::Watched(false));
    assert_eq!(world.take(), [Command::CancelTimer]);
    world.pass(10 * LIFE);
    world.tell(Event::Wake);
    assert_eq!(world.take(), []);
    assert_eq!(world.machine.state(world.now), State::Idle);
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
fn a_session_without_a_first_request_mints_nothing() {
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
fn offline_nothing_is_minted_ahead_and_online_tries_at_once() {
    let mut world = World::live();
    world.tell(Event::Online(false));
    world.pass(LIFE);
    assert!(world.mints().is_empty());
    world.tell(Event::Online(true));
    world.pass(500);
    assert_eq!(world.mints().len(), 1);
}

#[test]
fn a_request_that_waits_offline_mints_at_once() {
    let mut world = World::live();
    world.tell(Event::Online(false));
    world.pass(LIFE);
    let waiter = world.request();
    assert_eq!(world.mints(), [(2, Reason::Refresh)]);
    world.mint_succeeds(LIFE);
    assert_eq!(world.outcome(waiter), Some(Ok(())));
}

#[test]
fn offline_requests_try_at_most_every_fifteen_seconds() {
    let mut world = World::live();
    world.tell(Event::Online(false));
    world.pass(LIFE);
    let mut tries = 0;
    for _ in 0..59 {
        world.request();
        world.pass(1_000);
        if !world.mints().is_empty() {
            tries += 1;
            world.mint_fails(network());
        }
        world.take();
    }
    assert_eq!(tries, 4, "in a minute of requests");
}

#[test]
fn a_caller_that_waits_offline_gets_an_answer_within_ten_seconds() {
    let mut world = World::live();
    world.tell(Event::Online(false));
    world.pass(LIFE);
    let waiter = world.request();
    world.mint_fails(network());
    world.pass(10_000);
    assert_eq!(world.outcome(waiter), Some(Err(ErrorCode::Network)));
    assert_eq!(world.mints().len(), 1);
}

#[test]
fn a_caller_that_asks_offline_after_a_failure_gets_an_answer() {
    let mut world = World::live();
    world.until_mint();
    world.mint_fails(unavailable());
    world.tell(Event::Watched(false));
    world.tell(Event::Online(false));
    world.pass(LIFE);
    let waiter = world.request();
    world.mint_fails(unavailable());
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
    world.mint_fails(network());
    assert!(world.until_mint() <= 500);
}

#[test]
fn does_not_replace_a_timer_that_fires_early_enough() {
    let mut world = World::new(Refresh::Eager);
    world.request();
    world.take();
    world.request();
    assert_eq!(world.take(), []);
}

#[test]
fn a_lost_timer_is_set_again_when_the_page_wakes() {
    let mut world = World::live();
    world.skip(31_000);
    world.tell(Event::Wake);
    assert_eq!(world.take(), [Command::SetTimer { after_ms: 30_000 }]);
}

#[test]
fn offline_no_timer_runs() {
    let mut world = World::live();
    world.tell(Event::Online(false));
    assert_eq!(world.take(), [Command::CancelTimer]);
    world.skip(LIFE);
    world.tell(Event::Wake);
    assert_eq!(world.take(), []);
}

#[test]
fn online_told_twice_shortens_no_wait() {
    let mut world = World::new(Refresh::Eager);
    world.request();
    world.mint_fails(unavailable().with_retry_after_ms(Some(5_000)));
    world.tell(Event::Online(true));
    assert_eq!(world.until_mint(), 5_000);
}
