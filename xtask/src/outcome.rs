//! How a step ended.

use std::time::Duration;

/// How a step ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// With what there is to say about it, if anything.
    Passed(String),
    /// With the message, which has been printed already.
    Failed(String),
    /// It did not run, because this step before it did not pass.
    Blocked(&'static str),
}

/// One line of the summary.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) name: &'static str,
    pub(crate) outcome: Outcome,
    pub(crate) took: Duration,
}
