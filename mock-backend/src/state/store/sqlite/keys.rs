//! API keys: SHA-256, prefix, and what they may do.

use ansdev_player::api::ApiKey;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior};

use super::connection::Sqlite;
use crate::state::api_key::{self, KeySpec, MAX_ACTIVE_KEYS};
use crate::state::random::Random;
use crate::state::store::interface::{Keys, StoreError};
use crate::state::store::key::{KeyRow, NewKey, UserId, digest};

/// Keys that runs made for themselves and that stay active, on a file that many runs share.
const RUNS_KEPT: u32 = 5;

const COLUMNS: &str = "id, owner, name, prefix, scopes, quota, created_at, expires_at, revoked_at, last_used_at";

fn read(row: &Row<'_>) -> rusqlite::Result<KeyRow> {
    Ok(KeyRow {
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

impl Keys for Sqlite {
    fn key(&self, text: &[u8]) -> Result<Option<KeyRow>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM api_key WHERE sha256 = ?1"))?;
        Ok(statement.query_row([digest(text)], read).optional()?)
    }

    fn key_of(&self, owner: UserId, id: i64) -> Result<Option<KeyRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM api_key WHERE owner = ?1 AND id = ?2");
        Ok(self.connection().query_row(&sql, (owner, id), read).optional()?)
    }

    fn keys_of(&self, owner: UserId) -> Result<Vec<KeyRow>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM api_key WHERE owner = ?1 ORDER BY created_at DESC, id DESC"
        ))?;
        let rows = statement.query_map([owner], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn touch_key(&self, key: &KeyRow, now_ms: i64) -> Result<(), StoreError> {
        if key.is_use_unnoted(now_ms) {
            let connection = self.connection();
            let mut statement = connection.prepare_cached("UPDATE api_key SET last_used_at = ?2 WHERE id = ?1")?;
            statement.execute((key.id, now_ms))?;
        }
        Ok(())
    }

    fn create_key(&self, owner: UserId, spec: &KeySpec, now_ms: i64) -> Result<NewKey, StoreError> {
        create(&self.connection(), owner, spec, &self.random, now_ms)
    }

    fn create_key_within_limit(
        &self,
        owner: UserId,
        spec: &KeySpec,
        now_ms: i64,
    ) -> Result<Option<NewKey>, StoreError> {
        let mut connection = self.connection();
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
        let key = create(&transaction, owner, spec, &self.random, now_ms)?;
        transaction.commit()?;
        Ok(Some(key))
    }

    fn keep_for_run(&self, owner: UserId, text: &str, now_ms: i64) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute("UPDATE api_key SET is_runs_own = 1 WHERE sha256 = ?1", [digest(text.as_bytes())])?;
        transaction.execute(
            "UPDATE api_key SET revoked_at = ?2 WHERE owner = ?1 AND is_runs_own AND revoked_at IS NULL AND id NOT IN
                 (SELECT id FROM api_key WHERE owner = ?1 AND is_runs_own ORDER BY id DESC LIMIT ?3)",
            (owner, now_ms, RUNS_KEPT),
        )?;
        Ok(transaction.commit()?)
    }

    fn put_key(&self, owner: UserId, spec: &KeySpec, text: &str, now_ms: i64) -> Result<(), StoreError> {
        insert(&self.connection(), owner, spec, text, now_ms)
    }

    fn revoke_prefix(&self, prefix: &str, now_ms: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE api_key SET revoked_at = ?2 WHERE prefix = ?1 AND revoked_at IS NULL";
        Ok(self.connection().execute(sql, (prefix, now_ms))? > 0)
    }

    fn revoke_key(&self, owner: UserId, id: i64, now_ms: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE api_key SET revoked_at = ?3 WHERE owner = ?1 AND id = ?2 AND revoked_at IS NULL";
        Ok(self.connection().execute(sql, (owner, id, now_ms))? > 0)
    }
}

fn create(
    connection: &Connection,
    owner: UserId,
    spec: &KeySpec,
    random: &Random,
    now_ms: i64,
) -> Result<NewKey, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM api_key WHERE prefix = ?1")?;
    // Where it cannot be asked, the insertion fails as well.
    let text = api_key::generate_unlike(random, |prefix| statement.exists([prefix]).unwrap_or_default());
    insert(connection, owner, spec, &text, now_ms)?;
    Ok(NewKey { prefix: text[..ApiKey::PREFIX_LENGTH].to_owned(), text })
}

fn insert(connection: &Connection, owner: UserId, spec: &KeySpec, text: &str, now_ms: i64) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO api_key (owner, name, prefix, sha256, scopes, quota, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (sha256) DO NOTHING",
        (
            owner,
            &spec.name,
            &text[..ApiKey::PREFIX_LENGTH],
            digest(text.as_bytes()),
            spec.scopes_text(),
            spec.quota,
            now_ms,
            spec.expires_at_ms,
        ),
    )?;
    Ok(())
}
