//! The interface of a store.

use std::path::PathBuf;
use std::sync::Arc;

use super::key::{KeyRow, NewKey, UserId};
use super::video::VideoRow;
use crate::state::api_key::KeySpec;

/// A store. Each call is one step: others see all of it or nothing.
///
/// # Errors
/// Only where the disk, or another process on the same file, is in the way; memory never fails.
pub(crate) trait Store: Keys + TokenCounts + Videos + Send + Sync {
    /// The secrets of this store, made when it was.
    fn secrets(&self) -> Result<Secrets, StoreError>;

    /// What signs playback tokens, until the store is cleared.
    fn token_secret(&self) -> Result<[u8; 32], StoreError>;

    /// Forgets every user, key, count and video, and ends every token; the other secrets stay, and the keys that runs on
    /// the same file made for themselves.
    fn clear(&self) -> Result<(), StoreError>;

    /// The user of this name, created if missing.
    fn user(&self, name: &str) -> Result<UserId, StoreError>;
}

/// API keys.
pub(crate) trait Keys {
    /// The key with this text, revoked ones included.
    fn key(&self, text: &[u8]) -> Result<Option<KeyRow>, StoreError>;

    /// One key of a user.
    fn key_of(&self, owner: UserId, id: i64) -> Result<Option<KeyRow>, StoreError>;

    /// Every key of a user, the newest first.
    fn keys_of(&self, owner: UserId) -> Result<Vec<KeyRow>, StoreError>;

    /// Remembers that a key was used.
    fn touch_key(&self, key: &KeyRow, now_ms: i64) -> Result<(), StoreError>;

    /// Makes a key, however many the user has.
    fn create_key(&self, owner: UserId, spec: &KeySpec, now_ms: i64) -> Result<NewKey, StoreError>;

    /// Makes a key, unless the user has ten active ones already.
    fn create_key_within_limit(&self, owner: UserId, spec: &KeySpec, now_ms: i64)
    -> Result<Option<NewKey>, StoreError>;

    /// Marks a key as one that a run made for itself, and revokes those of all but the latest runs: each takes one of
    /// the user's ten places, and its text is lost with its run.
    fn keep_for_run(&self, owner: UserId, text: &str, now_ms: i64) -> Result<(), StoreError>;

    /// Puts a key with a known text into the store; one that is there stays as it is.
    fn put_key(&self, owner: UserId, spec: &KeySpec, text: &str, now_ms: i64) -> Result<(), StoreError>;

    /// Revokes the active keys with this prefix; says whether there was one.
    fn revoke_prefix(&self, prefix: &str, now_ms: i64) -> Result<bool, StoreError>;

    /// Revokes one key of a user; says whether there was such a key and it was not revoked yet.
    fn revoke_key(&self, owner: UserId, id: i64, now_ms: i64) -> Result<bool, StoreError>;
}

/// The day's tokens, counted by key and UTC date.
pub(crate) trait TokenCounts {
    /// Takes one token from the day's, never more than `limit`; `None` where none is left. The answer is how many are
    /// taken by now.
    fn take_token(&self, key: i64, day: i64, limit: u32) -> Result<Option<u32>, StoreError>;

    /// How many of the day's tokens are taken.
    fn taken_tokens(&self, key: i64, day: i64) -> Result<u32, StoreError>;
}

/// Videos.
pub(crate) trait Videos {
    /// One video, by its public id or its UUID, of any owner.
    fn video(&self, id: &str) -> Result<Option<Arc<VideoRow>>, StoreError>;

    /// The video that a job made.
    fn video_of_job(&self, job: &str) -> Result<Option<Arc<VideoRow>>, StoreError>;

    /// A user's videos, the newest first, and of those of one moment by their ids.
    fn videos_of(&self, owner: UserId) -> Result<Vec<Arc<VideoRow>>, StoreError>;

    /// Puts a video into the store; one with this id stays as it is.
    fn put_video(&self, video: VideoRow) -> Result<(), StoreError>;
}

/// The server's own secrets, 32 random bytes each.
#[derive(Clone)]
pub(crate) struct Secrets {
    /// Signs the dashboard's cookies and its forms.
    pub(crate) dashboard: [u8; 32],
    /// Wraps AES keys (RFC 3394).
    pub(crate) wrapping: [u8; 32],
}

/// Why the store cannot be opened or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file is there and is not a database of the mock.
    #[error(
        "{path}: {reason}; expected a database made by ansdev-mock-backend, or a file that does not exist yet. The file was left as it is"
    )]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// `SQLite` failed while the store was in use.
    #[cfg(not(target_arch = "wasm32"))]
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
}
