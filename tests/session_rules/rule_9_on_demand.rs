//! Rule 9: on demand.

use ansdev_player::session::{Event, Reason, Refresh};

use crate::world::{LIFE, World};

#[test]
fn no_timer_runs_and_a_mint_happens_only_when_a_request_needs_one() {
    let mut world = World::new(Refresh::OnDemand);
    world.tell(Event::Watched(true));
    world.request();
    world.mint_succeeds(LIFE);
    assert_eq!(world.timer_at, None);
    world.take();
    world.skip(280_000);
    world.request();
    assert!(world.mints().is_empty(), "a valid token serves it");
    world.skip(LIFE);
    world.tell(Event::Wake);
    assert!(world.mints().is_empty());
    world.request();
    assert_eq!(world.mints(), [(2, Reason::Refresh)]);
}
