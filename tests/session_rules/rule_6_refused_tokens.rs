//! Rule 6: a refused token is replaced once.

use ansdev_player::api::ErrorCode;
use ansdev_player::session::{Command, Event, Notice, Reason};

use crate::world::{LIFE, World};

/// A session whose forced token is refused, too, so many milliseconds after it was asked for.
fn refused_again(after_ms: u64) -> World {
    let mut world = World::live();
    world.tell(Event::Rejected);
    world.request();
    world.mint_succeeds(LIFE);
    world.take();
    world.skip(after_ms);
    world.tell(Event::Rejected);
    world
}

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
    let mut world = refused_again(2_000);
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
fn a_rejection_mints_nothing_while_nobody_watches() {
    let mut world = World::live();
    world.tell(Event::Watched(false));
    world.tell(Event::Rejected);
    world.pass(LIFE);
    assert!(world.mints().is_empty());
}

#[test]
fn the_error_says_when_the_gap_ends() {
    let mut world = refused_again(2_000);
    let waiter = world.request();
    assert_eq!(world.retry_after_ms(waiter), 8_000);
}

#[test]
fn a_second_refusal_when_the_gap_is_over_is_followed_by_a_mint() {
    let world = refused_again(10_000);
    assert!(world.failures().is_empty());
    assert_eq!(world.mints(), [(3, Reason::Rejected)]);
}

#[test]
fn a_renewal_that_is_under_way_serves_instead() {
    let mut world = World::live();
    world.until_mint();
    world.tell(Event::Rejected);
    let waiter = world.request();
    world.mint_succeeds(LIFE);
    assert_eq!(world.outcome(waiter), Some(Ok(())));
    assert_eq!(world.mints(), [(2, Reason::Refresh)]);
    assert!(world.commands.contains(&Command::Emit(Notice::Refreshed { reason: Reason::Refresh })));
}

#[test]
fn the_gap_counts_from_when_the_mint_was_sent() {
    let mut world = World::live();
    world.tell(Event::Rejected);
    world.request();
    world.skip(3_000);
    world.mint_succeeds(LIFE);
    world.take();
    world.skip(7_000);
    world.tell(Event::Rejected);
    assert_eq!(world.mints(), [(3, Reason::Rejected)]);
}
