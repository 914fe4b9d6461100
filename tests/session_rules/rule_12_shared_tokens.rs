//! Rule 12: tokens from other tabs are not trusted. Any script of the site can send one.

use ansdev_player::api::PlaybackToken;
use ansdev_player::session::{Command, Event, Reason, Refresh, State};

use crate::world::{LIFE, World, revoked, shared, token};

/// A session that somebody watches, whose token has expired.
fn due() -> World {
    let mut world = World::live();
    world.tell(Event::Watched(false));
    world.skip(LIFE);
    world.tell(Event::Wake);
    world.take();
    world
}

#[test]
fn its_life_counts_from_its_mint() {
    let mut world = due();
    world.tell(Event::Shared { token: token("other", LIFE), age_ms: 200_000 });
    assert_eq!(world.machine.expires_in_ms(world.now), Some(100_000));
    assert_eq!(world.machine.age_ms(world.now), Some(200_000), "and it is handed on with that age");
    world.tell(Event::Watched(true));
    assert!((55_000..=70_000).contains(&world.until_mint()), "its lead is that of a whole life");
}

#[test]
fn the_same_text_again_changes_nothing() {
    let mut world = due();
    world.tell(Event::Shared { token: token("other", LIFE), age_ms: 100_000 });
    world.take();
    world.skip(160_000);
    world.tell(shared(token("other", LIFE)));
    assert_eq!(world.machine.expires_in_ms(world.now), Some(40_000));
    assert_eq!(world.take(), []);
}

#[test]
fn a_token_of_our_own_that_comes_again_keeps_its_first_expiry() {
    let mut world = World::live();
    let waited = world.until_mint();
    world.mint_ends(Ok(token("t1", LIFE)));
    assert_eq!(world.machine.expires_in_ms(world.now), Some(LIFE - waited));
    world.take();
    world.pass(9_000);
    assert!(world.mints().is_empty(), "and the next renewal keeps the least gap");
}

#[test]
fn does_not_replace_a_valid_own_token() {
    let mut world = World::live();
    world.skip(200_000);
    world.tell(shared(token("other", 10 * LIFE)));
    assert_eq!(world.token(), Some("t1"));
}

#[test]
fn it_lives_no_longer_than_our_own_do() {
    let mut world = due();
    world.tell(shared(token("other", 100 * LIFE)));
    assert_eq!(world.machine.expires_in_ms(world.now), Some(LIFE));
}

#[test]
fn a_shared_token_has_no_player_url_and_asking_for_one_mints() {
    let mut world = due();
    let address = Some("javascript:1".to_owned());
    world.tell(shared(PlaybackToken { player_url: address, ..token("other", LIFE) }));
    assert_eq!(world.machine.token(world.now).and_then(|token| token.player_url.clone()), None);
    world.tell(Event::Request { waiter: 90, own: true });
    assert_eq!(world.mints(), [(2, Reason::Refresh)]);
    assert_eq!(world.outcome(90), None);
    world.mint_succeeds(LIFE);
    assert_eq!(world.outcome(90), Some(Ok(())));
    assert_eq!(world.token(), Some("t2"));
}

#[test]
fn a_mint_that_was_sent_is_not_aborted_for_it() {
    let mut world = World::new(Refresh::OnDemand);
    let waiter = world.request();
    world.tell(Event::Sent { id: 1 });
    world.tell(shared(token("other", LIFE)));
    assert_eq!(world.outcome(waiter), Some(Ok(())), "but nobody waits for it");
    assert!(!world.aborts());
    world.mint_succeeds(LIFE);
    assert_eq!(world.token(), Some("t1"));
}

#[test]
fn a_refused_one_is_replaced_by_our_own_and_never_comes_back() {
    let mut world = due();
    world.tell(shared(token("bad", LIFE)));
    world.tell(Event::Rejected);
    let waiter = world.request();
    world.tell(shared(token("bad", LIFE)));
    assert_eq!(world.outcome(waiter), None);
    assert_eq!(world.mints(), [(2, Reason::Rejected)]);
}

#[test]
fn the_last_three_refused_ones_are_remembered() {
    let mut world = due();
    world.request();
    for _ in 0..3 {
        world.mint_succeeds(LIFE);
        world.skip(10_000);
        world.tell(Event::Rejected);
        world.request();
    }
    world.tell(Event::Sent { id: world.last_mint() });
    world.mint_fails(revoked());
    for text in ["t2", "t3", "t4"] {
        world.tell(shared(token(text, LIFE)));
        assert_eq!(world.token(), None, "{text}");
    }
    world.tell(shared(token("t1", LIFE)));
    assert_eq!(world.token(), Some("t1"), "no more than three");
}

#[test]
fn once_one_was_refused_the_other_tabs_are_not_listened_to_for_a_life() {
    let mut world = due();
    world.tell(shared(token("bad", LIFE)));
    world.tell(Event::Rejected);
    for _ in 0..2 {
        world.tell(shared(token("other", LIFE)));
        assert_eq!(world.token(), None);
        world.skip(LIFE - 1);
    }
    world.tell(shared(token("other", LIFE)));
    assert_eq!(world.token(), Some("other"));
}

#[test]
fn a_flood_of_forged_tokens_costs_a_viewer_one_mint_for_each_life() {
    let mut world = World::live();
    let mut mints = 0;
    for second in 0..3_600 {
        world.tell(shared(token(&second.to_string(), LIFE)));
        if world.token().is_some_and(|token| !token.starts_with('t')) {
            world.tell(Event::Rejected);
        }
        world.request();
        if !world.mints().is_empty() {
            mints += 1;
            world.mint_succeeds(LIFE);
        }
        world.take();
        world.pass(1_000);
        if !world.mints().is_empty() {
            mints += 1;
            world.mint_succeeds(LIFE);
        }
        world.take();
    }
    assert!(mints <= 3_600 / 255 + 1, "{mints} in an hour");
}

#[test]
fn a_session_that_never_asked_renews_none() {
    let mut world = World::new(Refresh::Eager);
    world.tell(Event::Watched(true));
    world.tell(shared(token("other", LIFE)));
    world.pass(2 * LIFE);
    assert!(world.mints().is_empty());
    assert_eq!(world.machine.state(world.now), State::Idle);
}

#[test]
fn ignores_a_shared_token_that_is_due_for_renewal() {
    let mut world = World::new(Refresh::OnDemand);
    world.request();
    world.tell(Event::Shared { token: token("old", LIFE), age_ms: LIFE - 10_000 });
    world.tell(Event::Shared { token: token("ended", LIFE), age_ms: 100 * LIFE });
    assert_eq!(world.token(), None);
    assert!(!world.commands.iter().any(|command| matches!(command, Command::AbortMint { .. })));
}
