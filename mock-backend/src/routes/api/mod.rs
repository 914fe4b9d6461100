//! The API: what each of its addresses answers.

pub(super) mod cdn;
pub(super) mod key;
pub(super) mod manifest;
pub(super) mod mint;
pub(super) mod videos;
