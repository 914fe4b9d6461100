//! The day's tokens, counted by key and UTC date.

use super::{Store, StoreError};

impl Store {
    /// Takes one token from the day's; `None` where none is left. The answer is how many are taken by now.
    ///
    /// One statement compares and counts, so concurrent mints, also those of another process on the file, never take
    /// more than `limit`.
    pub(crate) fn take_token(&self, key: i64, day: i64, limit: u32) -> Result<Option<u32>, StoreError> {
        if limit == 0 {
            return Ok(None);
        }
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "INSERT INTO minted (key, day, tokens) VALUES (?1, ?2, 1)
             ON CONFLICT (key, day) DO UPDATE SET tokens = tokens + 1 WHERE tokens < ?3
             RETURNING tokens",
        )?;
        let mut rows = statement.query((key, day, limit))?;
        let taken = rows.next()?.map(|row| row.get(0)).transpose()?;
        // The statement's change is committed only when it has run to its end.
        while rows.next()?.is_some() {}
        Ok(taken)
    }

    /// How many of the day's tokens are taken.
    pub(crate) fn taken_tokens(&self, key: i64, day: i64) -> Result<u32, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT tokens FROM minted WHERE key = ?1 AND day = ?2")?;
        let mut rows = statement.query((key, day))?;
        Ok(rows.next()?.map_or(Ok(0), |row| row.get(0))?)
    }
}
