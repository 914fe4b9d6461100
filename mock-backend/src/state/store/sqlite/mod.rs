//! The store in an `SQLite` file, which outlives the process and can be shared by several.
//!
//! Statements run on the caller's thread, behind a mutex: each takes some microseconds, less than a hop to another
//! thread would. Counts are changed by single statements, so they are exact also with another process on the file.

mod connection;
mod keys;
mod quota;
mod schema;
mod secrets;
mod videos;

pub(crate) use connection::Sqlite;
