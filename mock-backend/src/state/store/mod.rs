//! The store: users, API keys, the day's tokens, videos. In memory, or in an `SQLite` file.

mod interface;
mod key;
mod memory;
#[cfg(not(target_arch = "wasm32"))]
mod sqlite;
mod video;

pub use interface::StoreError;
pub(crate) use interface::{Secrets, Store};
pub(crate) use key::{KeyRow, UserId};
pub(crate) use memory::Memory;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use sqlite::Sqlite;
pub(crate) use video::VideoRow;
