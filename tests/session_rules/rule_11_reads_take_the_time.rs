//! Rule 11: reads take the time.

use ansdev_player::session::{Event, State};

use crate::world::{LIFE, World};

#[test]
fn a_token_that_expired_since_the_last_event_is_not_there() {
    let mut world = World::live();
    world.tell(Event::Watched(false));
    world.skip(LIFE - 5_001);
    assert_eq!((world.token(), world.machine.state(world.now)), (Some("t1"), State::Live));
    assert_eq!(world.machine.expires_in_ms(world.now), Some(5_001));
    world.skip(1);
    assert_eq!((world.token(), world.machine.state(world.now)), (None, State::Idle));
    assert_eq!(world.machine.expires_in_ms(world.now), None);
}

#[test]
fn sleep_counts_without_a_wake_event() {
    let mut world = World::live();
    world.now.wall_ms += LIFE;
    assert_eq!(world.token(), None);
}

#[test]
fn a_read_changes_nothing() {
    let mut world = World::live();
    let mut later = world.now;
    later.wall_ms += LIFE;
    assert!(world.machine.token(later).is_none());
    assert_eq!(world.token(), Some("t1"));
    world.tell(Event::Wake);
    assert_eq!(world.take(), []);
}
