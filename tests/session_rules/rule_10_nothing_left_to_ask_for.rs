//! Rule 10: nothing left to ask for, nothing minted.

use ansdev_player::session::{Event, Reason, Refresh, State};

use crate::world::{LIFE, World, unavailable};

/// A watched session whose film has loaded all that needs a token.
fn satisfied() -> World {
    let mut world = World::live();
    world.tell(Event::Needed(false));
    world
}

#[test]
fn a_token_that_no_request_can_need_is_not_renewed() {
    let mut world = satisfied();
    world.pass(30 * LIFE);
    world.tell(Event::Wake);
    assert!(world.mints().is_empty());
    assert_eq!(world.machine.state(world.now), State::Idle);
    assert_eq!(world.timer_at, None);
}

#[test]
fn an_unexpected_request_mints_like_any_other() {
    let mut world = satisfied();
    world.pass(2 * LIFE);
    let waiter = world.request();
    assert_eq!(world.mints(), [(2, Reason::Refresh)]);
    world.mint_succeeds(LIFE);
    assert_eq!(world.outcome(waiter), Some(Ok(())));
    world.take();
    world.pass(2 * LIFE);
    assert!(world.mints().is_empty(), "and one is all that it mints");
}

#[test]
fn needed_again_is_as_if_it_always_was() {
    let mut world = satisfied();
    world.pass(LIFE / 2);
    world.tell(Event::Needed(true));
    assert!(world.mints().is_empty(), "the token is not due");
    let waited = world.until_mint();
    assert!((LIFE / 2 - 45_000..=LIFE / 2 - 30_000).contains(&waited), "{waited}");
    world.mint_succeeds(LIFE);
    world.tell(Event::Needed(false));
    world.take();
    world.pass(2 * LIFE);
    assert!(world.mints().is_empty());
    world.tell(Event::Needed(true));
    assert_eq!(world.mints().len(), 1, "the token is spent");
}

#[test]
fn unknown_counts_as_needed() {
    let mut world = World::live();
    world.until_mint();
    assert_eq!(world.mints().len(), 1);
}

#[test]
fn play_pause_and_seek_do_not_change_what_is_needed() {
    let mut world = satisfied();
    for _ in 0..5 {
        world.tell(Event::Watched(false));
        world.pass(LIFE);
        world.tell(Event::Watched(true));
        world.pass(LIFE);
    }
    assert!(world.mints().is_empty());
}

#[test]
fn what_is_needed_is_renewed_only_while_somebody_watches() {
    let mut world = World::live();
    world.tell(Event::Watched(false));
    world.tell(Event::Needed(true));
    world.pass(10 * LIFE);
    assert!(world.mints().is_empty());
    let mut world = World::new(Refresh::OnDemand);
    world.tell(Event::Watched(true));
    world.request();
    world.mint_succeeds(LIFE);
    world.take();
    world.tell(Event::Needed(true));
    world.pass(10 * LIFE);
    assert!(world.mints().is_empty());
}

#[test]
fn a_renewal_that_failed_is_not_tried_again_once_nothing_is_left() {
    let mut world = World::live();
    world.until_mint();
    world.mint_fails(unavailable());
    world.tell(Event::Needed(false));
    world.take();
    world.pass(LIFE);
    world.tell(Event::Wake);
    assert!(world.mints().is_empty());
    assert_eq!(world.machine.state(world.now), State::Idle);
}
