//! The server's own secrets: what wraps the videos' AES keys and signs the dashboard's session, made once per database,
//! and what signs tokens, made anew with every reset.

use super::{Store, StoreError};

/// 32 random bytes each.
#[derive(Clone)]
pub(crate) struct Secrets {
    /// Signs the dashboard's cookies and its forms.
    pub(crate) dashboard: [u8; 32],
    /// Wraps AES keys (RFC 3394).
    pub(crate) wrapping: [u8; 32],
}

impl Store {
    /// The secrets of this store, made when it is first asked.
    pub(crate) fn secrets(&self) -> Result<Secrets, StoreError> {
        Ok(Secrets { dashboard: self.secret("dashboard")?, wrapping: self.secret("wrapping")? })
    }

    /// What signs playback tokens, until the store is cleared.
    pub(crate) fn token_secret(&self) -> Result<[u8; 32], StoreError> {
        let stamp = self.stamp()?;
        if let Some(kept) = self.token_secret.get(&(), stamp) {
            return Ok(kept);
        }
        let secret = self.secret("token")?;
        self.token_secret.put((), secret, stamp);
        Ok(secret)
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
