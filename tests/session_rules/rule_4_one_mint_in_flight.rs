//! Rule 4: one mint in flight per video, whatever asks.

use ansdev_player::api::ErrorCode;
use ansdev_player::session::{Command, Event, Notice, Reason, Refresh, State};

use crate::world::{LIFE, World, token};

#[test]
fn concurrent_requests_share_one_mint() {
    let mut world = World::new(Refresh::Eager);
    let waiters: Vec<_> = (0..10).map(|_| world.request()).collect();
    assert_eq!(world.mints().len(), 1);
    world.mint_succeeds(LIFE);
    for waiter in waiters {
        assert_eq!(world.outcome(waiter), Some(Ok(())));
    }
}

#[test]
fn aborting_affects_only_that_caller_and_the_last_one_aborts_the_fetch() {
    let mut world = World::new(Refresh::Eager);
    world.tell(Event::Watched(true));
    let (first, second) = (world.request(), world.request());
    world.tell(Event::Cancel { waiter: first });
    assert!(!world.commands.contains(&Command::AbortMint { id: 1 }));
    world.tell(Event::Cancel { waiter: second });
    assert!(world.commands.contains(&Command::AbortMint { id: 1 }));
    assert_eq!(world.mints().len(), 1);
    assert_eq!(world.machine.state(world.now), State::Idle);
}

#[test]
fn a_caller_that_aborts_gets_no_answer_and_the_others_get_theirs() {
    let mut world = World::new(Refresh::Eager);
    let (first, second) = (world.request(), world.request());
    world.tell(Event::Cancel { waiter: first });
    world.mint_succeeds(LIFE);
    assert_eq!((world.outcome(first), world.outcome(second)), (None, Some(Ok(()))));
}

#[test]
fn a_renewal_under_way_outlives_the_callers_that_leave() {
    let mut world = World::live();
    world.skip(LIFE);
    let waiter = world.request();
    world.tell(Event::Cancel { waiter });
    assert!(!world.aborts());
}

#[test]
fn ignores_a_late_or_second_answer() {
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
fn after_destroy_the_token_is_gone_although_it_lives() {
    let mut world = World::live();
    world.tell(Event::Destroy);
    assert_eq!((world.token(), world.machine.expires_in_ms(world.now)), (None, None));
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
    assert_eq!(world.machine.state(world.now), State::Destroyed);
    let waiter = world.request();
    assert_eq!(world.outcome(waiter), Some(Err(ErrorCode::Destroyed)));
    assert_eq!(world.token(), None);
}

#[test]
fn a_caller_that_was_answered_long_ago_aborts_nothing() {
    let mut world = World::new(Refresh::Eager);
    world.tell(Event::Watched(true));
    let answered = world.request();
    world.mint_succeeds(LIFE);
    world.until_mint();
    world.tell(Event::Watched(false));
    world.tell(Event::Cancel { waiter: answered });
    assert!(!world.aborts(), "the token that is on its way was paid for");
}

#[test]
fn the_page_is_told_of_each_mint_and_of_each_token() {
    let mut world = World::new(Refresh::Eager);
    world.tell(Event::Watched(true));
    world.request();
    world.request();
    world.mint_succeeds(LIFE);
    let told = |world: &mut World| -> Vec<_> {
        let commands = world.take();
        commands.into_iter().filter(|command| matches!(command, Command::Emit(_))).collect()
    };
    let both = |reason| [Command::Emit(Notice::Refreshing { reason }), Command::Emit(Notice::Refreshed { reason })];
    assert_eq!(told(&mut world), both(Reason::Initial));
    world.until_mint();
    world.mint_succeeds(LIFE);
    assert_eq!(told(&mut world), both(Reason::Refresh));
}
