//! Rule 4, where tabs share their tokens.

use ansdev_player::api::ErrorCode;
use ansdev_player::session::{Command, Event, Reason, Refresh};

use crate::world::{LIFE, World, revoked, shared, token};

#[test]
fn a_token_of_another_tab_serves_everybody_and_ends_the_mint_that_waits() {
    let mut world = World::new(Refresh::Eager);
    world.tell(Event::Watched(true));
    let waiter = world.request();
    world.tell(shared(token("other", LIFE)));
    assert_eq!(world.outcome(waiter), Some(Ok(())));
    assert_eq!(world.token(), Some("other"));
    assert!(world.commands.contains(&Command::AbortMint { id: 1 }));
    assert!((255_000..=270_000).contains(&world.until_mint()), "it is renewed like one of our own");
}

#[test]
fn ignores_a_shared_token_that_ends_sooner_or_is_invalid() {
    let mut world = World::live();
    world.tell(shared(token("sooner", LIFE / 2)));
    assert_eq!(world.token(), Some("t1"));
    let mut world = World::new(Refresh::Eager);
    world.request();
    world.tell(shared(token("rubbish", 0)));
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
    assert_eq!(world.machine.expires_in_ms(world.now), Some(LIFE - 4_000));
}

#[test]
fn a_shared_token_that_is_refused_is_replaced_once() {
    let mut world = World::live();
    world.skip(LIFE);
    world.tell(shared(token("other", LIFE)));
    assert_eq!(world.token(), Some("other"));
    world.tell(Event::Rejected);
    assert_eq!(world.mints(), [(2, Reason::Rejected)]);
}

#[test]
fn one_that_lives_as_long_as_ours_replaces_nothing() {
    let mut world = World::live();
    world.tell(shared(token("other", LIFE)));
    assert_eq!(world.token(), Some("t1"));
    assert_eq!(world.take(), []);
}

#[test]
fn a_caller_whose_turn_comes_late_gets_an_answer_after_ten_seconds() {
    let mut world = World::new(Refresh::OnDemand);
    let waiter = world.request();
    world.skip(5_000);
    world.tell(Event::Sent { id: 1 });
    world.pass(4_999);
    assert_eq!(world.outcome(waiter), None);
    world.pass(1);
    assert_eq!(world.outcome(waiter), Some(Err(ErrorCode::Timeout)));
}

#[test]
fn a_token_of_another_tab_ends_a_failure_of_our_own() {
    let mut world = World::new(Refresh::Eager);
    world.tell(Event::Watched(true));
    world.request();
    world.mint_fails(revoked());
    world.tell(shared(token("other", LIFE)));
    assert!((255_000..=270_000).contains(&world.until_mint()));
}
