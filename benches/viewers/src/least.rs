//! The least possible number of tokens.

use ansdev_player::session::policy;
use fastrand::Rng;

use crate::viewer::LIFE_MS;

/// Tokens that so many seconds of watching need at least, when each is renewed its lead before it expires:
/// `ceil(watched / (life − lead))`. The lead is drawn anew for every token; here stands its mean.
pub(crate) fn tokens(watched_seconds: f64) -> f64 {
    const DRAWS: u32 = 1_000_000;
    let mut rng = Rng::with_seed(0);
    let lead_ms = (0..DRAWS).map(|_| policy::lead_ms(LIFE_MS, &mut rng)).sum::<u64>() as f64 / f64::from(DRAWS);
    (watched_seconds / ((LIFE_MS as f64 - lead_ms) / 1000.0)).ceil()
}
