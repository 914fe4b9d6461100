//! Rule 13: a repeated rejection is reported to the machine too, and the caller gets its typed error.

use ansdev_player::api::ErrorCode;
use ansdev_player::session::{Event, State};

use crate::world::{LIFE, World};

#[test]
fn later_callers_get_the_429_and_the_page_gets_one_event() {
    let mut world = World::live();
    world.tell(Event::Rejected);
    world.request();
    world.mint_succeeds(LIFE);
    world.take();
    world.tell(Event::Rejected);
    world.tell(Event::Rejected);
    assert_eq!(world.failures(), [(ErrorCode::PlaybackTokenInvalid, false)]);
    for _ in 0..3 {
        let waiter = world.request();
        assert_eq!(world.outcome(waiter), Some(Err(ErrorCode::PlaybackTokenInvalid)));
    }
    assert!(world.mints().is_empty());
    assert_eq!(world.machine.state(world.now), State::Failed);
}
