//! The tables, as numbered migrations (`SQLite`'s `user_version` says how many have run), and the check that a file
//! is the mock's.

use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode};
use rusqlite_migration::{M, Migrations};

/// `SQLite`'s `application_id` of the mock's files: "Ansd".
const APPLICATION_ID: i64 = 0x416e_7364;

/// How long to wait before a lock is tried again.
const RETRY_PAUSE: Duration = Duration::from_millis(10);

/// Every step ever taken; a released one is never changed, only followed by another.
const MIGRATIONS: &[M<'static>] = &[FIRST, SECOND];

const FIRST: M<'static> = M::up(
    "PRAGMA application_id = 0x416e7364;

     CREATE TABLE secret (
         name TEXT PRIMARY KEY,
         value BLOB NOT NULL
     ) STRICT;

     CREATE TABLE user (
         id INTEGER PRIMARY KEY,
         name TEXT NOT NULL UNIQUE
     ) STRICT;

     -- A key is known by its prefix and its SHA-256; the key itself is nowhere. Times are Unix milliseconds.
     CREATE TABLE api_key (
         id INTEGER PRIMARY KEY,
         owner INTEGER NOT NULL REFERENCES user (id),
         name TEXT NOT NULL,
         prefix TEXT NOT NULL,
         sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
         scopes TEXT NOT NULL,
         quota INTEGER,
         created_at INTEGER NOT NULL,
         expires_at INTEGER,
         revoked_at INTEGER,
         last_used_at INTEGER
     ) STRICT;
     CREATE INDEX api_key_prefix ON api_key (prefix);
     CREATE INDEX api_key_owner ON api_key (owner, id);

     CREATE TABLE minted (
         key INTEGER NOT NULL REFERENCES api_key (id),
         day INTEGER NOT NULL,
         tokens INTEGER NOT NULL,
         PRIMARY KEY (key, day)
     ) STRICT, WITHOUT ROWID;

     -- From created_at on, a video passes evenly through the stages of its making; at settled_at it reaches its outcome.
     CREATE TABLE video (
         id TEXT PRIMARY KEY,
         uuid TEXT NOT NULL UNIQUE,
         owner INTEGER NOT NULL REFERENCES user (id),
         title TEXT NOT NULL,
         job TEXT NOT NULL UNIQUE,
         created_at INTEGER NOT NULL,
         settled_at INTEGER NOT NULL,
         outcome TEXT NOT NULL CHECK (outcome IN ('COMPLETED', 'FAILED')),
         renditions TEXT NOT NULL,
         segments INTEGER NOT NULL,
         wrapped_key BLOB,
         segments_per_key_uri INTEGER,
         iv BLOB CHECK (length(iv) = 16)
     ) STRICT;
     CREATE INDEX video_owner ON video (owner, created_at DESC, id);",
);

const SECOND: M<'static> = M::up(
    "-- Whether a run made the key for itself.
     ALTER TABLE api_key ADD COLUMN is_runs_own INTEGER NOT NULL DEFAULT 0;

     -- Whether the playlist lies on the CDN.
     ALTER TABLE video ADD COLUMN on_cdn INTEGER NOT NULL DEFAULT 0;

     -- The key of every run before this step was one and the same, and published.
     UPDATE api_key SET revoked_at = unixepoch() * 1000
     WHERE name = 'Seed' AND prefix = 'ak_test_94b1' AND revoked_at IS NULL;

     -- What was ready from its creation on is ready whatever the clock says.
     UPDATE video SET settled_at = -9223372036854775808 WHERE settled_at = created_at;",
);

/// Empties every table, and has the secret of tokens made anew, so that none of before is valid. The other secrets stay,
/// and the keys that runs made for themselves: another process on the file goes on with them.
pub(super) const CLEAR: &str =
    "BEGIN IMMEDIATE; DELETE FROM minted; DELETE FROM api_key WHERE NOT is_runs_own OR revoked_at IS NOT NULL;
     DELETE FROM video; DELETE FROM user WHERE id NOT IN (SELECT owner FROM api_key);
     DELETE FROM secret WHERE name = 'token'; COMMIT;";

/// Brings the tables up to date.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), rusqlite_migration::Error> {
    connection.pragma_update(None, "foreign_keys", true)?;
    Migrations::from_slice(MIGRATIONS).to_latest(connection).or_else(|error| {
        // Another process may have taken the same step a moment before; then there is nothing left to do.
        if version(connection)? == MIGRATIONS.len() { Ok(()) } else { Err(error) }
    })
}

/// Switches a file to the write-ahead log, with which readers do not wait for a writer.
pub(super) fn use_write_ahead_log(connection: &Connection, patience: Duration) -> rusqlite::Result<()> {
    let started = Instant::now();
    loop {
        match connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())) {
            // Of all locks, SQLite does not wait by itself for this one.
            Err(error) if is_busy(&error) && started.elapsed() < patience => std::thread::sleep(RETRY_PAUSE),
            result => {
                result?;
                return connection.pragma_update(None, "synchronous", "NORMAL");
            }
        }
    }
}

/// Whether an existing file is a whole database of the mock, or one that nobody has written to; only reads.
///
/// # Errors
/// What is wrong with it, in words that fit behind the file's name.
pub(super) fn judge(connection: &Connection) -> Result<(), String> {
    let unreadable = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => "not a SQLite database".to_owned(),
        _ => format!("cannot be read ({error})"),
    };
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(unreadable)?;
    if tables == 0 {
        return Ok(());
    }
    let id: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(unreadable)?;
    if id != APPLICATION_ID {
        return Err("a database of another program".to_owned());
    }
    let (found, known) = (version(connection).map_err(unreadable)?, MIGRATIONS.len());
    if found > known {
        return Err(format!("made by a newer version of the mock (schema {found}, this one knows {known})"));
    }
    let verdict: String = connection.pragma_query_value(None, "quick_check", |row| row.get(0)).map_err(unreadable)?;
    if verdict == "ok" { Ok(()) } else { Err(format!("damaged ({verdict})")) }
}

/// How many migrations have run.
fn version(connection: &Connection) -> rusqlite::Result<usize> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    // No version of ours is negative: another program wrote this file.
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_migrations_are_valid_and_mark_the_file_as_ours() {
        Migrations::from_slice(MIGRATIONS).validate().unwrap();
        let mut connection = Connection::open_in_memory().unwrap();
        judge(&connection).unwrap();
        connection.execute_batch("CREATE TABLE theirs (a)").unwrap();
        assert_eq!(judge(&connection).unwrap_err(), "a database of another program");
        migrate(&mut connection).unwrap();
        judge(&connection).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        assert!(judge(&connection).unwrap_err().starts_with("made by a newer version"));
    }
}
