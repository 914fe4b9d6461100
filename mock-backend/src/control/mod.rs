//! What a test can do to a running mock: move its clock, set faults, read the journal, make and revoke keys, reset it.

mod faults;
mod journal;
pub(crate) mod routes;

pub(crate) use faults::{Dropped, Faults, inflict};
pub use faults::{Fault, FaultKind, FaultRoute};
pub use journal::JournalEntry;
pub(crate) use journal::{Journal, record};
