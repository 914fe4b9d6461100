//! How much time has passed, told from two clocks that each lie in their own way.

/// The two clocks, read at the same moment. Both in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reading {
    /// A clock that never steps, but stands still while a laptop sleeps (`performance.now()`).
    pub monotonic_ms: u64,
    /// Time since the Unix epoch, which goes on during sleep, and steps when somebody sets it (`Date.now()`).
    pub wall_ms: u64,
}

/// Time since the clock was made: the larger of what the two clocks say, never running backwards.
///
/// A wall clock that is set back is not believed: from that moment on its advance is counted anew, and the
/// monotonic clock bridges the step. One that is set forward makes tokens look older than they are, which costs an
/// early renewal and nothing else.
#[derive(Debug, Clone)]
pub struct Clock {
    anchor: Reading,
    elapsed_at_anchor_ms: u64,
    last: Reading,
    elapsed_ms: u64,
}

impl Clock {
    /// A clock that starts now, at zero.
    pub fn new(now: Reading) -> Self {
        Self { anchor: now, elapsed_at_anchor_ms: 0, last: now, elapsed_ms: 0 }
    }

    /// Milliseconds since the clock was made, as of the last [`advance`](Self::advance).
    pub fn elapsed_ms(&self) -> u64 {
        self.elapsed_ms
    }

    /// Takes the clocks' new state, and returns the milliseconds since the clock was made.
    pub fn advance(&mut self, now: Reading) -> u64 {
        if now.wall_ms < self.last.wall_ms {
            let bridged = now.monotonic_ms.saturating_sub(self.last.monotonic_ms);
            self.elapsed_at_anchor_ms = self.elapsed_ms.saturating_add(bridged);
            self.anchor = now;
        }
        let monotonic = now.monotonic_ms.saturating_sub(self.anchor.monotonic_ms);
        let wall = now.wall_ms.saturating_sub(self.anchor.wall_ms);
        self.last = now;
        self.elapsed_ms = self.elapsed_ms.max(self.elapsed_at_anchor_ms.saturating_add(monotonic.max(wall)));
        self.elapsed_ms
    }
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
        assert_eq!(clock.elapsed_ms(), 10_000);
    }
}
