//! The database file: opened, checked, and used behind one lock.

use std::fmt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::{schema, secrets};
use crate::state::random::Random;
use crate::state::store::interface::{Secrets, Store, StoreError};
use crate::state::store::key::UserId;

/// How long a statement waits for another process to let go of the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A store in a file.
pub(crate) struct Sqlite {
    connection: Mutex<Connection>,
    pub(super) random: Random,
}

impl Sqlite {
    /// The store in a file, which is created if missing.
    ///
    /// The file is judged before anything is written to it: one that is not the mock's stays untouched.
    pub(crate) fn open(path: &Path, random: Random) -> Result<Self, StoreError> {
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
        let connection = open().map_err(|error| unusable(path, &*error))?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self { connection: Mutex::new(connection), random })
    }

    pub(super) fn connection(&self) -> MutexGuard<'_, Connection> {
        // A panic while the lock was held leaves SQLite as consistent as ever.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Sqlite {
    fn secrets(&self) -> Result<Secrets, StoreError> {
        secrets::read(&self.connection(), &self.random)
    }

    fn token_secret(&self) -> Result<[u8; 32], StoreError> {
        secrets::token(&self.connection(), &self.random)
    }

    fn clear(&self) -> Result<(), StoreError> {
        Ok(self.connection().execute_batch(schema::CLEAR)?)
    }

    fn user(&self, name: &str) -> Result<UserId, StoreError> {
        let connection = self.connection();
        connection.execute("INSERT INTO user (name) VALUES (?1) ON CONFLICT (name) DO NOTHING", [name])?;
        Ok(connection.query_row("SELECT id FROM user WHERE name = ?1", [name], |row| row.get(0))?)
    }
}

fn unusable(path: &Path, reason: &(impl fmt::Display + ?Sized)) -> StoreError {
    StoreError::Unusable { path: path.to_owned(), reason: reason.to_string() }
}
