//! What the mock remembers, in `SQLite`: users, API keys, the day's tokens, videos.
//!
//! Statements run on the caller's thread, behind a mutex: each takes some microseconds, less than a hop to another
//! thread would. Counts are changed by single statements, so they are exact also with another process on the file. Keys
//! and videos, which every request reads and hardly any writes, are cached until the next write.

mod cache;
mod keys;
mod quota;
mod schema;
mod secrets;
mod videos;

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use cache::{Cache, Stamp};
use keys::Candidates;

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
    /// Whether other processes can write to it as well.
    is_shared: bool,
    /// How often keys, videos or users were written, by this process.
    writes: AtomicU64,
    /// Keys by their prefix.
    keys: Cache<String, Candidates>,
    /// Videos by their ids, and by their UUIDs.
    videos: Cache<String, Arc<VideoRow>>,
    /// Videos by their jobs.
    jobs: Cache<String, Arc<VideoRow>>,
    /// Each user's videos, the newest first.
    lists: Cache<UserId, Arc<[VideoRow]>>,
    /// What signs tokens.
    token_secret: Cache<(), [u8; 32]>,
}

/// The connection, for something that changes keys, videos or users.
struct Writing<'a> {
    connection: MutexGuard<'a, Connection>,
    writes: &'a AtomicU64,
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
        Ok(Self::over(connection, false))
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
        Ok(Self::over(open().map_err(|error| unusable(path, &*error))?, true))
    }

    fn over(connection: Connection, is_shared: bool) -> Self {
        connection.set_prepared_statement_cache_capacity(64);
        Self {
            connection: Mutex::new(connection),
            is_shared,
            writes: AtomicU64::default(),
            keys: Cache::default(),
            videos: Cache::default(),
            jobs: Cache::default(),
            lists: Cache::default(),
            token_secret: Cache::default(),
        }
    }

    /// Forgets every user, key and video, and ends every token.
    pub(crate) fn clear(&self) -> Result<(), StoreError> {
        Ok(self.writing().execute_batch(schema::CLEAR)?)
    }

    /// The user of this name, made where there is none.
    pub(crate) fn user(&self, name: &str) -> Result<UserId, StoreError> {
        let connection = self.connection();
        connection.execute("INSERT INTO user (name) VALUES (?1) ON CONFLICT (name) DO NOTHING", [name])?;
        Ok(connection.query_row("SELECT id FROM user WHERE name = ?1", [name], |row| row.get(0))?)
    }

    /// The state that is there now. A write that has returned before this is called is in it.
    fn stamp(&self) -> Result<Stamp, StoreError> {
        let own = self.writes.load(Ordering::Acquire);
        let others = if self.is_shared {
            self.connection().prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?
        } else {
            0
        };
        Ok(Stamp { own, others })
    }

    fn writing(&self) -> Writing<'_> {
        Writing { connection: self.connection(), writes: &self.writes }
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A panic while the lock was held leaves SQLite as consistent as ever.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        // Before the lock is given back: whoever reads the rows next has a stamp that is newer than they are.
        self.writes.fetch_add(1, Ordering::Release);
    }
}

impl Deref for Writing<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Writing<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
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
