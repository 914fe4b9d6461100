//! Rule 3: in the lead window the current token is handed out at once.

use ansdev_player::session::{Reason, State};

use crate::world::{LIFE, World};

#[test]
fn the_current_token_is_handed_out_at_once_and_the_next_is_fetched_behind_it() {
    let mut world = World::live();
    world.skip(280_000);
    let waiter = world.request();
    assert_eq!(world.outcome(waiter), Some(Ok(())));
    assert_eq!(world.token(), Some("t1"));
    assert_eq!(world.mints(), [(2, Reason::Refresh)]);
    assert_eq!(world.machine.state(world.now), State::Refreshing);
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
