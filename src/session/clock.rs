//! How much time has passed, by two clocks that are wrong in different ways.

/// The two clocks, read at the same moment. Both in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reading {
    /// A clock that never steps, but stands still while a laptop sleeps (`performance.now()`).
    pub monotonic_ms: u64,
    /// Time since the Unix epoch, which goes on during sleep, and steps when somebody sets it (`Date.now()`).
    pub wall_ms: u64,
}

/// How far the two clocks may drift apart before one of them must have stepped or stood still. More than the 100 ms to
/// which some browsers round both.
const STEP_MS: u64 = 250;

/// Time since the clock was made: the larger of what the two clocks say, never running backwards.
///
/// A wall clock that is set back is ignored: the monotonic clock bridges the step. One that is set forward makes
/// tokens look older than they are, which costs an early renewal and nothing else. After each step, of either kind, both
/// are counted anew, so that one step cannot hide the next.
#[derive(Debug, Clone)]
pub struct Clock {
    anchor: Reading,
    elapsed_at_anchor_ms: u64,
    elapsed_ms: u64,
}

impl Clock {
    /// A clock that starts now, at zero.
    pub fn new(now: Reading) -> Self {
        Self { anchor: now, elapsed_at_anchor_ms: 0, elapsed_ms: 0 }
    }

    /// Milliseconds since the clock was made, by a reading that is not kept.
    pub fn at(&self, now: Reading) -> u64 {
        let (monotonic, wall) = self.since_anchor(now);
        let since_anchor = monotonic.max(wall).max(0).unsigned_abs();
        self.elapsed_ms.max(self.elapsed_at_anchor_ms.saturating_add(since_anchor))
    }

    /// Takes the clocks' new state, and returns the milliseconds since the clock was made.
    pub fn advance(&mut self, now: Reading) -> u64 {
        self.elapsed_ms = self.at(now);
        let (monotonic, wall) = self.since_anchor(now);
        if monotonic.abs_diff(wall) > STEP_MS {
            self.anchor = now;
            self.elapsed_at_anchor_ms = self.elapsed_ms;
        }
        self.elapsed_ms
    }

    fn since_anchor(&self, now: Reading) -> (i64, i64) {
        (difference(now.monotonic_ms, self.anchor.monotonic_ms), difference(now.wall_ms, self.anchor.wall_ms))
    }
}

fn difference(now: u64, then: u64) -> i64 {
    i64::try_from(i128::from(now) - i128::from(then)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Reading = Reading { monotonic_ms: 5_000, wall_ms: 1_000_000 };

    fn after(clock: &mut Clock, monotonic_ms: u64, wall_ms: u64) -> u64 {
        clock.advance(Reading { monotonic_ms, wall_ms })
    }

    #[test]
    fn both_clocks_together_are_plain_time() {
        let mut clock = Clock::new(START);
        assert_eq!(after(&mut clock, 5_000, 1_000_000), 0);
        assert_eq!(after(&mut clock, 6_000, 1_001_000), 1_000);
    }

    #[test]
    fn sleep_is_counted_by_the_wall_clock() {
        let mut clock = Clock::new(START);
        assert_eq!(after(&mut clock, 5_010, 1_600_010), 600_010);
    }

    #[test]
    fn a_wall_clock_set_back_is_ignored_and_later_sleep_still_counts() {
        let mut clock = Clock::new(START);
        after(&mut clock, 6_000, 1_001_000);
        assert_eq!(after(&mut clock, 7_000, 400_000), 2_000, "the monotonic clock bridges the step");
        assert_eq!(after(&mut clock, 8_000, 401_000), 3_000);
        assert_eq!(after(&mut clock, 8_000, 1_001_000), 603_000, "ten minutes of sleep after it");
    }

    #[test]
    fn a_wall_clock_set_back_by_a_second_hides_no_sleep_either() {
        let mut clock = Clock::new(START);
        assert_eq!(after(&mut clock, 5_000, 999_000), 0);
        assert_eq!(after(&mut clock, 5_000, 999_600), 600, "of sleep");
    }

    #[test]
    fn a_small_step_back_after_a_sleep_is_not_hidden_by_it() {
        let mut clock = Clock::new(START);
        assert_eq!(after(&mut clock, 5_000, 4_600_000), 3_600_000, "an hour of sleep");
        assert_eq!(after(&mut clock, 15_000, 4_605_000), 3_610_000, "ten seconds, of which the wall lost five");
    }

    #[test]
    fn clocks_that_are_rounded_to_a_tenth_of_a_second_do_not_run_fast() {
        let mut clock = Clock::new(START);
        for ms in 0..=20_000_u64 {
            after(&mut clock, 5_000 + ms / 100 * 100, 1_000_000 + (ms + 50) / 100 * 100);
        }
        assert_eq!(clock.elapsed_ms, 20_000);
    }

    #[test]
    fn clocks_a_quarter_of_a_second_apart_are_not_taken_for_stepped() {
        let mut clock = Clock::new(START);
        assert_eq!(after(&mut clock, 5_000, 1_000_250), 250);
        assert_eq!(after(&mut clock, 6_000, 1_001_000), 1_000);
    }

    #[test]
    fn a_reading_that_is_only_asked_about_leaves_the_clock_as_it_was() {
        let mut clock = Clock::new(START);
        assert_eq!(clock.at(Reading { monotonic_ms: 5_000, wall_ms: 1_600_000 }), 600_000);
        assert_eq!(after(&mut clock, 6_000, 1_001_000), 1_000);
    }

    #[test]
    fn time_never_runs_backwards() {
        let mut clock = Clock::new(START);
        assert_eq!(after(&mut clock, 9_000, 1_004_000), 4_000);
        assert_eq!(after(&mut clock, 1_000, 1_000_000), 4_000);
        assert_eq!(after(&mut clock, 0, 0), 4_000);
    }

    #[test]
    fn many_small_steps_add_up_to_no_more_than_the_time_that_passed() {
        let mut clock = Clock::new(START);
        // Clocks that are rounded differently: each step's larger advance, summed, would run far ahead.
        for step in 1..=10_000 {
            after(&mut clock, 5_000 + step / 2 * 2, 1_000_000 + step.div_ceil(2) * 2);
        }
        assert_eq!(clock.elapsed_ms, 10_000);
    }
}
