//! Pending requests for videos: each ends with its answer, its deadline, its caller's abort or the client's `destroy`.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use web_sys::{AbortController, AbortSignal};

use super::registry::Registry;
use super::transport::abort;
use crate::api::{Error, ErrorCode};

/// How long a read may take, in milliseconds.
const DEADLINE_MS: u32 = 8_000;

/// The reads of one client, by their call.
#[derive(Default)]
pub(super) struct Reads(Registry<u32, Read>);

struct Read {
    controller: AbortController,
    ended: Option<ErrorCode>,
    /// Dropped with the read, which takes the timer back.
    #[expect(dead_code, reason = "held for its drop")]
    deadline: Timeout,
}

impl Reads {
    /// Starts a read; the signal is for its request.
    pub(super) fn start(self: &Rc<Self>, call: u32) -> Result<AbortSignal, Error> {
        let controller = AbortController::new().map_err(|_| {
            Error::new(ErrorCode::Unsupported, "The browser has no AbortController; expected one since 2018")
        })?;
        let signal = controller.signal();
        let reads = Rc::downgrade(self);
        let deadline = Timeout::new(DEADLINE_MS, move || {
            if let Some(reads) = reads.upgrade() {
                reads.end(call, ErrorCode::Timeout);
            }
        });
        self.0.insert(call, Read { controller, ended: None, deadline });
        Ok(signal)
    }

    /// Gives a read up, if it is still under way.
    pub(super) fn end(&self, call: u32, why: ErrorCode) {
        self.0.with(&call, |read| {
            if read.ended.is_none() {
                read.ended = Some(why);
                // Runs no code of ours before it returns: the fetch rejects later.
                abort(&read.controller);
            }
        });
    }

    /// Gives all reads up.
    pub(super) fn end_all(&self, why: &ErrorCode) {
        for call in self.0.collect(|call, _| Some(*call)) {
            self.end(call, why.clone());
        }
    }

    /// A read came to its end; the error, where it was given up.
    pub(super) fn finish(&self, call: u32) -> Option<Error> {
        let read = self.0.remove(&call)?;
        read.ended.map(|code| match code {
            ErrorCode::Destroyed => Error::client_destroyed(),
            ErrorCode::Timeout => Error::new(code, "Ansdev did not answer within 8 seconds"),
            _ => Error::new(code, "The call was aborted by its signal"),
        })
    }
}
