//! The middle floor: what all routes share. The envelope, authentication, CORS, limits, faults, the journal.

pub(crate) mod answer;
pub(crate) mod authentication;
pub(crate) mod base;
pub(crate) mod cors;
pub(crate) mod fault;
pub(crate) mod files;
pub(crate) mod hosts;
pub(crate) mod journal;
pub(crate) mod limits;
mod timer;
