//! How many tokens may be minted, and requests sent, in a short time.

use super::policy;

/// A token bucket: full at first, and refilled at an even pace.
///
/// A page's own use never exhausts it. A hostile script that got hold of a client does, before it has spent the day's
/// tokens.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    capacity: u64,
    /// When it will be full again, by the clock of [`take`](Self::take).
    full_at: u64,
}

impl Budget {
    /// One video's: ten at once, then one in each least gap.
    pub fn of_a_video() -> Self {
        Self { capacity: 10, full_at: 0 }
    }

    /// A whole client's: sixty at once, then one in each half of a least gap.
    pub fn of_a_client() -> Self {
        Self { capacity: 60, full_at: 0 }
    }

    /// A whole client's requests with its key, successful or not: 120 at once, then one in each [`REQUEST_PACE_MS`].
    pub fn of_requests() -> Self {
        Self { capacity: 120, full_at: 0 }
    }

    /// Takes one; `every_ms` is how long one takes to come back.
    ///
    /// # Errors
    /// The budget is exhausted for so many milliseconds.
    pub fn take(&mut self, now: u64, every_ms: u64) -> Result<(), u64> {
        let full_at = self.full_at.max(now).saturating_add(every_ms);
        let empty_at = now.saturating_add(self.capacity.saturating_mul(every_ms));
        if full_at > empty_at {
            return Err(full_at - empty_at);
        }
        self.full_at = full_at;
        Ok(())
    }

    /// Puts one back: nothing was minted.
    pub fn give_back(&mut self, every_ms: u64) {
        self.full_at = self.full_at.saturating_sub(every_ms);
    }

    /// Whether it is full.
    pub fn is_full(&self, now: u64) -> bool {
        self.full_at <= now
    }
}

/// How long one request of a client takes to come back, in milliseconds.
pub const REQUEST_PACE_MS: u64 = 500;

/// How long one mint of a video takes to come back, for tokens of such a life.
pub fn video_pace_ms(life_ms: u64) -> u64 {
    policy::least_gap_ms(life_ms)
}

/// How long one mint of a client takes to come back, for tokens of such a life.
pub fn client_pace_ms(life_ms: u64) -> u64 {
    policy::least_gap_ms(life_ms) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: u64 = 300_000;

    /// How many can be taken in so many milliseconds, by one that asks ten times a second.
    fn taken(mut budget: Budget, every_ms: u64, within_ms: u64) -> usize {
        (0..within_ms).step_by(100).filter(|now| budget.take(*now, every_ms).is_ok()).count()
    }

    #[test]
    fn a_script_that_asks_all_the_time_gets_a_bounded_number_in_an_hour() {
        assert_eq!(taken(Budget::of_a_video(), video_pace_ms(LIFE), 3_600_000), 10 + 359);
        assert_eq!(taken(Budget::of_a_client(), client_pace_ms(LIFE), 3_600_000), 60 + 719);
        assert_eq!(taken(Budget::of_requests(), REQUEST_PACE_MS, 60_000), 120 + 119);
    }

    #[test]
    fn an_empty_budget_says_when_to_retry() {
        let mut budget = Budget::of_a_video();
        for _ in 0..10 {
            budget.take(1_000, 10_000).unwrap();
        }
        assert_eq!(budget.take(1_000, 10_000), Err(10_000));
        assert_eq!(budget.take(4_000, 10_000), Err(7_000));
        assert_eq!(budget.take(11_000, 10_000), Ok(()));
        assert_eq!(budget.take(11_000, 10_000), Err(10_000));
    }

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let mut budget = Budget::of_a_video();
        for _ in 0..100 {
            budget.take(0, 10_000).unwrap();
            budget.give_back(10_000);
        }
        assert!(budget.is_full(0));
    }

    #[test]
    fn fifty_videos_that_play_for_a_day_never_exhaust_the_budget() {
        let mut budget = Budget::of_a_client();
        // The earliest renewal is 45 seconds ahead of expiry.
        for round in 0..340_u64 {
            for video in 0..50 {
                let now = round * 255_000 + video * 10;
                assert_eq!(budget.take(now, client_pace_ms(LIFE)), Ok(()), "round {round}, video {video}");
            }
        }
    }

    #[test]
    fn it_is_full_again_after_a_pause() {
        let mut budget = Budget::of_a_video();
        budget.take(0, 10_000).unwrap();
        assert!(!budget.is_full(9_999));
        assert!(budget.is_full(10_000));
    }
}
