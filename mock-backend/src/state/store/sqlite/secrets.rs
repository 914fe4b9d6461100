//! The server's own secrets: what wraps the videos' AES keys and signs the dashboard's session, made once per file, and
//! what signs tokens, made anew with every reset.

use rusqlite::{Connection, OptionalExtension};

use crate::state::random::Random;
use crate::state::store::interface::{Secrets, StoreError};

/// The secrets of this file, made when it is first asked.
pub(super) fn read(connection: &Connection, random: &Random) -> Result<Secrets, StoreError> {
    let secret = |name: &str| secret(connection, random, name);
    Ok(Secrets { dashboard: secret("dashboard")?, wrapping: secret("wrapping")? })
}

/// What signs playback tokens, until the file is cleared.
pub(super) fn token(connection: &Connection, random: &Random) -> Result<[u8; 32], StoreError> {
    secret(connection, random, "token")
}

fn secret(connection: &Connection, random: &Random, name: &str) -> Result<[u8; 32], StoreError> {
    let mut statement = connection.prepare_cached("SELECT value FROM secret WHERE name = ?1")?;
    if let Some(known) = statement.query_row([name], |row| row.get(0)).optional()? {
        return Ok(known);
    }
    // The first process to ask makes it; every later one reads it.
    connection.execute(
        "INSERT INTO secret (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING",
        (name, random.bytes::<32>()),
    )?;
    Ok(statement.query_row([name], |row| row.get(0))?)
}
