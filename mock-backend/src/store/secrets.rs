//! The server's own secrets, made once per database: what signs tokens, and what wraps the videos' AES keys.

use super::{Store, StoreError};

/// 32 random bytes each.
#[derive(Clone)]
pub(crate) struct Secrets {
    /// Signs playback tokens.
    pub(crate) token: [u8; 32],
    /// Signs the dashboard's cookies and its forms.
    pub(crate) dashboard: [u8; 32],
    /// Wraps AES keys (RFC 3394).
    pub(crate) wrapping: [u8; 32],
}

impl Store {
    /// The secrets of this store, made when it is first asked.
    pub(crate) fn secrets(&self) -> Result<Secrets, StoreError> {
        Ok(Secrets {
            token: self.secret("token")?,
            dashboard: self.secret("dashboard")?,
            wrapping: self.secret("wrapping")?,
        })
    }

    fn secret(&self, name: &str) -> Result<[u8; 32], StoreError> {
        let connection = self.connection();
        // The first process to ask makes it; whoever comes second reads what the first one made.
        connection.execute(
            "INSERT INTO secret (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING",
            (name, crate::random::bytes::<32>()),
        )?;
        Ok(connection.query_row("SELECT value FROM secret WHERE name = ?1", [name], |row| row.get(0))?)
    }
}
