//! Rule 1: a token's life is counted from when its request was sent, by two clocks that are wrong in different ways.

use ansdev_player::api::{ErrorCode, PlaybackToken};
use ansdev_player::session::{Event, Reason, Refresh};

use crate::world::{LIFE, World, token};

#[test]
fn a_slow_answer_does_not_lengthen_it() {
    let mut world = World::new(Refresh::OnDemand);
    world.request();
    world.skip(7_000);
    world.mint_succeeds(LIFE);
    assert_eq!(world.machine.expires_in_ms(world.now), Some(LIFE - 7_000));
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
fn rejects_a_non_positive_expires_in() {
    for expires_in in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let mut world = World::new(Refresh::OnDemand);
        world.request();
        world.mint_ends(Ok(PlaybackToken { expires_in, ..token("t", 0) }));
        assert_eq!(world.failures(), [(ErrorCode::BadResponse, true)], "{expires_in}");
    }
}
