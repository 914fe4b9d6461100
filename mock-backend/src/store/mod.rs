//! What the mock remembers, in `SQLite`: users, API keys, the day's tokens, videos.
//!
//! Statements run on the caller's thread, behind a mutex: each takes some microseconds, less than a hop to another
//! thread would. Counts are changed by single statements, so they are exact also with another process on the file.

mod keys;
mod quota;
mod schema;
mod secrets;
mod videos;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

pub(crate) use keys::KeyRow;
pub(crate) use secrets::Secrets;
pub(crate) use videos::VideoRow;

/// How long a statement waits for another process to let go of the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A user's number.
pub(crate) type UserId = i64;

/// The store.
pub(crate) struct Store {
    connection: Mutex<Connection>,
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
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

impl Store {
    /// An empty store that is gone with the process.
    pub(crate) fn in_memory() -> Result<Self, StoreError> {
        let mut connection = Connection::open_in_memory()?;
        schema::migrate(&mut connection).map_err(|error| unusable(Path::new(":memory:"), &error))?;
        Ok(Self::over(connection))
    }

    /// The store in a file, which is made where there is none.
    ///
    /// The file is judged before anything is written to it: one that is not the mock's stays untouched.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let is_new = std::fs::metadata(path).map_or(true, |file| file.is_file() && file.len() == 0);
        if !is_new {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let reader = Connection::open_with_flags(path, flags).map_err(|error| unusable(path, &error))?;
            reader.busy_timeout(BUSY_TIMEOUT)?;
            schema::judge(&reader).map_err(|reason| StoreError::Unusable { path: path.to_owned(), reason })?;
        }
        let open = || -> Result<Connection, Box<dyn std::error::Error>> {
            let mut connection = Connection::open(path)?;
            connection.busy_timeout(BUSY_TIMEOUT)?;
            schema::use_write_ahead_log(&connection, BUSY_TIMEOUT)?;
            schema::migrate(&mut connection)?;
            Ok(connection)
        };
        Ok(Self::over(open().map_err(|error| unusable(path, &*error))?))
    }

    fn over(connection: Connection) -> Self {
        connection.set_prepared_statement_cache_capacity(64);
        Self { connection: Mutex::new(connection) }
    }

    /// Forgets every user, key and video.
    pub(crate) fn clear(&self) -> Result<(), StoreError> {
        Ok(self.connection().execute_batch(schema::CLEAR)?)
    }

    /// The user of this name, made where there is none.
    pub(crate) fn user(&self, name: &str) -> Result<UserId, StoreError> {
        let connection = self.connection();
        connection.execute("INSERT INTO user (name) VALUES (?1) ON CONFLICT (name) DO NOTHING", [name])?;
        Ok(connection.query_row("SELECT id FROM user WHERE name = ?1", [name], |row| row.get(0))?)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A panic while the lock was held leaves SQLite as consistent as ever.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unusable(path: &Path, reason: &(impl fmt::Display + ?Sized)) -> StoreError {
    StoreError::Unusable { path: path.to_owned(), reason: reason.to_string() }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}
