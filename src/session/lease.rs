//! A token with its times.

use fastrand::Rng;

use super::policy;
use crate::api::{Error, PlaybackToken};

/// A token with its times, in milliseconds of the machine's [`Clock`](super::Clock).
#[derive(Debug, Clone)]
pub(super) struct Lease {
    pub(super) token: PlaybackToken,
    /// When the next one should be fetched.
    pub(super) refresh_at: u64,
    /// From when on it is no longer handed out.
    pub(super) usable_until: u64,
    pub(super) expires_at: u64,
    /// How long it lives in all.
    pub(super) life_ms: u64,
    /// Whether it came from another tab.
    pub(super) is_shared: bool,
    /// Least time between the mint of this token and the next.
    pub(super) least_gap_ms: u64,
}

impl Lease {
    /// Counts the token's life from when its request was sent: that is before the server signed it, so the token
    /// expires here no later than there, whatever the clocks say (rule 1).
    pub(super) fn new(token: PlaybackToken, sent_at: u64, rng: &mut Rng) -> Result<Self, Error> {
        let life_ms = token.life_ms()?;
        let expires_at = sent_at.saturating_add(life_ms);
        Ok(Self {
            token,
            refresh_at: expires_at.saturating_sub(policy::lead_ms(life_ms, rng)),
            usable_until: expires_at.saturating_sub(policy::margin_ms(life_ms)),
            expires_at,
            life_ms,
            is_shared: false,
            least_gap_ms: policy::least_gap_ms(life_ms),
        })
    }

    /// Moves all of its times back: its request was sent so much earlier.
    pub(super) fn age(&mut self, ms: u64) {
        for time in [&mut self.refresh_at, &mut self.usable_until, &mut self.expires_at] {
            *time = time.saturating_sub(ms);
        }
    }

    pub(super) fn is_usable(&self, now: u64) -> bool {
        now < self.usable_until
    }
}
