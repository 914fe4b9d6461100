//! The machine's parameters. All times in milliseconds.

use fastrand::Rng;

/// How long a mint may take before it counts as failed.
pub const MINT_TIMEOUT_MS: u64 = 8_000;
/// Longest timer: browsers throttle and freeze timers, so the clocks are read again this often.
pub const MAX_TIMER_MS: u64 = 30_000;
/// How long a caller waits through transient failures before it gets the last error.
pub const CALLER_TIMEOUT_MS: u64 = 10_000;
/// Longest wait between two tries while the current token is still good.
pub const BACKOFF_CAP_LIVE_MS: u64 = 8_000;
/// Longest wait between two tries once the token has expired.
pub const BACKOFF_CAP_EXPIRED_MS: u64 = 30_000;
/// Least time between two tries for a waiting caller while the browser says that it is offline: it can be wrong.
pub const OFFLINE_RETRY_MS: u64 = 15_000;
/// How many of a video's refused tokens are remembered.
pub const REFUSED_KEPT: usize = 3;
/// How long to wait with a spent quota if the server does not say when it is reset.
pub const QUOTA_RETRY_MS: u64 = 15 * 60_000;
/// A 429 of a page's server with at least this wait counts as a spent quota.
pub const LONG_REFUSAL_MS: u64 = 60_000;

const BACKOFF_BASE_MS: u64 = 500;
const QUOTA_SPREAD_MS: u64 = 60_000;

/// How long before its expiry a token is renewed: a tenth of its life, at most 30 s, and a random part, at most 15 s,
/// that keeps viewers who started together from renewing together. It only ever makes the renewal earlier.
pub fn lead_ms(life_ms: u64, rng: &mut Rng) -> u64 {
    (life_ms / 10).min(30_000) + rng.u64(..=(life_ms / 20).min(15_000))
}

/// How long before its expiry a token is no longer handed out, so that it is still good when it arrives.
pub fn margin_ms(life_ms: u64) -> u64 {
    (life_ms / 50).min(5_000)
}

/// Least time between two mints of one video, but for the first forced one.
pub fn least_gap_ms(life_ms: u64) -> u64 {
    (life_ms / 10).min(10_000)
}

/// How long to wait after the `failures`-th failure in a row (from 1): anything from nothing to a bound that doubles
/// each time ("full jitter").
pub fn backoff_ms(failures: u32, cap_ms: u64, rng: &mut Rng) -> u64 {
    let doubled = 1_u64.checked_shl(failures.saturating_sub(1)).unwrap_or(u64::MAX);
    rng.u64(..=BACKOFF_BASE_MS.saturating_mul(doubled).min(cap_ms))
}

/// A random wait after the quota's reset, so that pages do not all mint in the same second.
pub fn quota_spread_ms(rng: &mut Rng) -> u64 {
    rng.u64(..=QUOTA_SPREAD_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(mut draw: impl FnMut(&mut Rng) -> u64) -> (u64, u64) {
        let mut rng = Rng::with_seed(7);
        let draws: Vec<_> = (0..20_000).map(|_| draw(&mut rng)).collect();
        (*draws.iter().min().unwrap(), *draws.iter().max().unwrap())
    }

    #[test]
    fn the_lead_is_a_tenth_of_the_life_and_up_to_a_twentieth_more() {
        let (least, most) = range(|rng| lead_ms(300_000, rng));
        assert!((30_000..30_100).contains(&least) && (44_900..=45_000).contains(&most), "{least} {most}");
        let (least, most) = range(|rng| lead_ms(6_000, rng));
        assert_eq!((least, most), (600, 900));
        let (least, most) = range(|rng| lead_ms(86_400_000, rng));
        assert!(least >= 30_000 && most <= 45_000);
    }

    #[test]
    fn after_a_reset_pages_come_back_within_a_minute() {
        let (least, most) = range(quota_spread_ms);
        assert!(least < 100 && (59_900..=60_000).contains(&most), "{least} {most}");
    }

    #[test]
    fn margin_and_gap_shrink_with_the_life() {
        assert_eq!((margin_ms(300_000), margin_ms(250_000), margin_ms(6_000)), (5_000, 5_000, 120));
        assert_eq!((least_gap_ms(300_000), least_gap_ms(100_000), least_gap_ms(6_000)), (10_000, 10_000, 600));
    }

    #[test]
    fn backoff_doubles_from_half_a_second_to_its_cap() {
        for (failures, bound) in
            [(1, 500), (2, 1_000), (4, 4_000), (5, 8_000), (6, 8_000), (64, 8_000), (u32::MAX, 8_000)]
        {
            let (least, most) = range(|rng| backoff_ms(failures, BACKOFF_CAP_LIVE_MS, rng));
            assert!(least <= bound / 100 && most <= bound && most >= bound * 99 / 100, "{failures}: {least} {most}");
        }
    }
}
