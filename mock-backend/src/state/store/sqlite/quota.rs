//! The day's tokens, counted by key and UTC date.

use rusqlite::{Connection, OptionalExtension};

use super::connection::Sqlite;
use crate::state::store::interface::{StoreError, TokenCounts};

impl TokenCounts for Sqlite {
    // One statement compares and counts, so concurrent mints, also those of another process on the file, never take
    // more than the limit.
    fn take_token(&self, key: i64, day: i64, limit: u32) -> Result<Option<u32>, StoreError> {
        if limit == 0 {
            return Ok(None);
        }
        let connection = self.connection();
        let changed = connection
            .prepare_cached(
                "INSERT INTO minted (key, day, tokens) VALUES (?1, ?2, 1)
                 ON CONFLICT (key, day) DO UPDATE SET tokens = tokens + 1 WHERE tokens < ?3",
            )?
            .execute((key, day, limit))?;
        // Read apart: RETURNING would build a table of its own for one number, which takes longer than all the rest.
        if changed == 0 { Ok(None) } else { Ok(Some(taken(&connection, key, day)?)) }
    }

    fn taken_tokens(&self, key: i64, day: i64) -> Result<u32, StoreError> {
        taken(&self.connection(), key, day)
    }
}

fn taken(connection: &Connection, key: i64, day: i64) -> Result<u32, StoreError> {
    let mut statement = connection.prepare_cached("SELECT tokens FROM minted WHERE key = ?1 AND day = ?2")?;
    Ok(statement.query_row((key, day), |row| row.get(0)).optional()?.unwrap_or(0))
}
