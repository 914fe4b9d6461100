//! A stored API key, without its text.

use sha2::{Digest as _, Sha256};

/// A user's number: whom keys and videos belong to.
pub(crate) type UserId = i64;

/// What a key is found by: its text is nowhere.
pub(super) type Digest = [u8; 32];

/// What is known of a key.
#[derive(Debug, Clone)]
pub(crate) struct KeyRow {
    pub(crate) id: i64,
    pub(crate) owner: UserId,
    pub(crate) name: String,
    pub(crate) prefix: String,
    /// Separated by spaces.
    pub(crate) scopes: String,
    /// Tokens a day, where support set a number.
    pub(crate) quota: Option<u32>,
    /// Unix milliseconds, as all times here.
    pub(crate) created_at: i64,
    pub(crate) expires_at: Option<i64>,
    pub(crate) revoked_at: Option<i64>,
    pub(crate) last_used_at: Option<i64>,
}

/// A key that was just made: the only moment at which its text exists.
pub(crate) struct NewKey {
    pub(crate) text: String,
    pub(crate) prefix: String,
}

impl KeyRow {
    pub(crate) fn is_expired(&self, now_ms: i64) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now_ms)
    }

    /// Whether it takes one of the user's ten places.
    pub(crate) fn is_active(&self, now_ms: i64) -> bool {
        self.revoked_at.is_none() && !self.is_expired(now_ms)
    }

    pub(crate) fn has_scope(&self, scope: &str) -> bool {
        self.scopes.split(' ').any(|held| held == scope)
    }

    /// Whether its last use is so long ago that it has to be noted again: a busy key does not write on every request.
    pub(super) fn is_use_unnoted(&self, now_ms: i64) -> bool {
        self.last_used_at.is_none_or(|last| last.abs_diff(now_ms) >= LAST_USE_GRAIN_MS)
    }
}

/// `last_used_at` is kept to the minute.
const LAST_USE_GRAIN_MS: u64 = 60_000;

/// What a key with this text is found by.
pub(super) fn digest(text: &[u8]) -> Digest {
    Sha256::digest(text).into()
}
