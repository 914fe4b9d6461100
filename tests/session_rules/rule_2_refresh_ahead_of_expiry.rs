//! Rule 2: refresh at expiry − lead.

use ansdev_player::session::{Event, Reason, Refresh};

use crate::world::{LIFE, World};

#[test]
fn it_starts_a_tenth_of_the_life_before_and_a_little_earlier_by_chance() {
    let mut leads: Vec<u64> = (0..200)
        .map(|seed| {
            let mut world = World::seeded(Refresh::Eager, seed);
            world.tell(Event::Watched(true));
            world.request();
            world.mint_succeeds(LIFE);
            LIFE - world.until_mint()
        })
        .collect();
    leads.sort_unstable();
    assert!(leads[0] >= 30_000 && leads[199] <= 45_000, "{leads:?}");
    assert!(leads[199] - leads[0] > 10_000, "no jitter: {leads:?}");
}

#[test]
fn a_life_shorter_than_five_minutes_has_a_shorter_lead() {
    let mut world = World::new(Refresh::Eager);
    world.tell(Event::Watched(true));
    world.request();
    world.mint_succeeds(6_000);
    world.take();
    world.pass(5_000);
    assert!(world.mints().is_empty());
    world.pass(400);
    assert_eq!(world.mints(), [(2, Reason::Refresh)]);
}
