//! API keys: SHA-256, prefix, and what they may do.

use std::sync::Arc;

use ansdev_player::api::ApiKey;
use rusqlite::{OptionalExtension, Row, TransactionBehavior};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{Store, StoreError, UserId};
use crate::api_key::{KeySpec, MAX_ACTIVE_KEYS};

/// `last_used_at` is kept to the minute, so that a busy key does not write on every request.
const LAST_USE_GRAIN_MS: i64 = 60_000;

/// Keys that runs made for themselves and that stay active, on a file that many runs share.
const RUNS_KEPT: u32 = 5;

const COLUMNS: &str = "id, owner, name, prefix, scopes, quota, created_at, expires_at, revoked_at, last_used_at";

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

/// The keys with one prefix: SHA-256 and what is known.
pub(super) type Candidates = Arc<[(Vec<u8>, Arc<KeyRow>)]>;

/// A key that was just made: the only moment at which its text exists.
pub(crate) struct NewKey {
    pub(crate) text: String,
    pub(crate) prefix: String,
}

impl KeyRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            owner: row.get(1)?,
            name: row.get(2)?,
            prefix: row.get(3)?,
            scopes: row.get(4)?,
            quota: row.get(5)?,
            created_at: row.get(6)?,
            expires_at: row.get(7)?,
            revoked_at: row.get(8)?,
            last_used_at: row.get(9)?,
        })
    }

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
}

impl Store {
    /// The key with this text, revoked ones included. Digests are compared in constant time.
    pub(crate) fn key(&self, text: &[u8]) -> Result<Option<Arc<KeyRow>>, StoreError> {
        let Some(prefix) = text.get(..ApiKey::PREFIX_LENGTH).and_then(|prefix| std::str::from_utf8(prefix).ok()) else {
            return Ok(None);
        };
        let digest = Sha256::digest(text);
        let mut found = None;
        for (known, key) in self.keys_of_prefix(prefix)?.iter() {
            if known.ct_eq(&digest).into() {
                found = Some(key.clone());
            }
        }
        Ok(found)
    }

    fn keys_of_prefix(&self, prefix: &str) -> Result<Candidates, StoreError> {
        let stamp = self.stamp()?;
        if let Some(kept) = self.keys.get(prefix, stamp) {
            return Ok(kept);
        }
        let candidates: Candidates = {
            let connection = self.connection();
            let sql = format!("SELECT {COLUMNS}, sha256 FROM api_key WHERE prefix = ?1");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([prefix], |row| Ok((row.get(10)?, Arc::new(KeyRow::read(row)?))))?;
            rows.collect::<Result<_, _>>()?
        };
        if !candidates.is_empty() {
            self.keys.put(prefix.to_owned(), candidates.clone(), stamp);
        }
        Ok(candidates)
    }

    /// Remembers that a key was used.
    pub(crate) fn touch_key(&self, key: &KeyRow, now_ms: i64) -> Result<(), StoreError> {
        if key.last_used_at.is_none_or(|last| last.abs_diff(now_ms) >= LAST_USE_GRAIN_MS.unsigned_abs()) {
            let connection = self.writing();
            let mut statement = connection.prepare_cached("UPDATE api_key SET last_used_at = ?2 WHERE id = ?1")?;
            statement.execute((key.id, now_ms))?;
        }
        Ok(())
    }

    /// Every key of a user, the newest first.
    pub(crate) fn keys_of(&self, owner: UserId) -> Result<Vec<KeyRow>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM api_key WHERE owner = ?1 ORDER BY created_at DESC, id DESC"
        ))?;
        let rows = statement.query_map([owner], KeyRow::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Makes a key, however many the user has.
    pub(crate) fn create_key(&self, owner: UserId, spec: &KeySpec, now_ms: i64) -> Result<NewKey, StoreError> {
        let connection = self.writing();
        let mut text = crate::api_key::generate();
        // Prefixes hold 16 random bits; one that is taken would make two keys look alike.
        for _ in 0..100 {
            let prefix = &text[..ApiKey::PREFIX_LENGTH];
            let taken = connection.prepare_cached("SELECT 1 FROM api_key WHERE prefix = ?1")?.exists([prefix])?;
            if !taken {
                break;
            }
            text = crate::api_key::generate();
        }
        insert(&connection, owner, spec, &text, now_ms)?;
        Ok(NewKey { prefix: text[..ApiKey::PREFIX_LENGTH].to_owned(), text })
    }

    /// Marks a key as one that a run made for itself, and revokes those of all but the latest runs: each takes one of
    /// the user's ten places, and its text is lost with its run.
    pub(crate) fn keep_for_run(&self, owner: UserId, text: &str, now_ms: i64) -> Result<(), StoreError> {
        let mut connection = self.writing();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let digest = Sha256::digest(text.as_bytes());
        transaction.execute("UPDATE api_key SET is_runs_own = 1 WHERE sha256 = ?1", [digest.as_slice()])?;
        transaction.execute(
            "UPDATE api_key SET revoked_at = ?2 WHERE owner = ?1 AND is_runs_own AND revoked_at IS NULL AND id NOT IN
                 (SELECT id FROM api_key WHERE owner = ?1 AND is_runs_own ORDER BY id DESC LIMIT ?3)",
            (owner, now_ms, RUNS_KEPT),
        )?;
        Ok(transaction.commit()?)
    }

    /// Makes a key, unless the user has ten active ones already.
    pub(crate) fn create_key_within_limit(
        &self,
        owner: UserId,
        spec: &KeySpec,
        now_ms: i64,
    ) -> Result<Option<NewKey>, StoreError> {
        let mut connection = self.writing();
        // Counted and inserted under the write lock: two forms sent at once cannot both take the tenth place.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let active: u32 = transaction.query_row(
            "SELECT count(*) FROM api_key
             WHERE owner = ?1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?2)",
            (owner, now_ms),
            |row| row.get(0),
        )?;
        if active as usize >= MAX_ACTIVE_KEYS {
            return Ok(None);
        }
        let text = crate::api_key::generate();
        insert(&transaction, owner, spec, &text, now_ms)?;
        transaction.commit()?;
        Ok(Some(NewKey { prefix: text[..ApiKey::PREFIX_LENGTH].to_owned(), text }))
    }

    /// Puts a key with a known text into the store; one that is there stays as it is.
    pub(crate) fn put_key(&self, owner: UserId, spec: &KeySpec, text: &str, now_ms: i64) -> Result<(), StoreError> {
        insert(&self.writing(), owner, spec, text, now_ms)
    }

    /// Revokes the active keys with this prefix; says whether there was one.
    pub(crate) fn revoke_prefix(&self, prefix: &str, now_ms: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE api_key SET revoked_at = ?2 WHERE prefix = ?1 AND revoked_at IS NULL";
        Ok(self.writing().execute(sql, (prefix, now_ms))? > 0)
    }

    /// Revokes one key of a user; says whether there was such a key and it was not revoked yet.
    pub(crate) fn revoke_key(&self, owner: UserId, id: i64, now_ms: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE api_key SET revoked_at = ?3 WHERE owner = ?1 AND id = ?2 AND revoked_at IS NULL";
        Ok(self.writing().execute(sql, (owner, id, now_ms))? > 0)
    }

    /// One key of a user.
    pub(crate) fn key_of(&self, owner: UserId, id: i64) -> Result<Option<KeyRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM api_key WHERE owner = ?1 AND id = ?2");
        Ok(self.connection().query_row(&sql, (owner, id), KeyRow::read).optional()?)
    }
}

fn insert(
    connection: &rusqlite::Connection,
    owner: UserId,
    spec: &KeySpec,
    text: &str,
    now_ms: i64,
) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO api_key (owner, name, prefix, sha256, scopes, quota, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (sha256) DO NOTHING",
        (
            owner,
            &spec.name,
            &text[..ApiKey::PREFIX_LENGTH],
            Sha256::digest(text.as_bytes()).as_slice(),
            spec.scopes_text(),
            spec.quota,
            now_ms,
            spec.expires_at_ms,
        ),
    )?;
    Ok(())
}
