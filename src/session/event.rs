//! The machine's input (events) and output (commands).

use serde::Serialize;

use crate::api::{Error, PlaybackToken};

/// Names a caller that waits for a token. Chosen by the caller of `Machine::step`; never used twice.
pub type WaiterId = u32;

/// What happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// A caller needs a token that is valid now. Answered by [`Command::Settle`], at once or later.
    Request {
        /// The caller.
        waiter: WaiterId,
        /// Whether only a token of our own serves it, and not another tab's.
        own: bool,
    },
    /// A caller no longer wants its answer. The others are not affected; when the last one leaves, the mint that
    /// was under way for them is aborted.
    Cancel {
        /// The caller.
        waiter: WaiterId,
    },
    /// The mint `id` came to an end.
    Minted {
        /// The number that [`Command::Mint`] gave. The answer to any other mint is ignored.
        id: u32,
        /// The token, or what went wrong.
        outcome: Result<PlaybackToken, Error>,
    },
    /// The request of the mint `id` is sent only now: it had to wait for another tab's. Its token's life and its
    /// timeout count from here.
    Sent {
        /// The mint.
        id: u32,
    },
    /// Another tab has a token for the same video. Any script of the site can say so.
    Shared {
        /// The token, with its whole life.
        token: PlaybackToken,
        /// Milliseconds since its request was sent.
        age_ms: u64,
    },
    /// A playlist or key request with the current token was refused with 401 or 403.
    Rejected,
    /// Whether anybody watches: something plays, and can be seen or heard.
    Watched(bool),
    /// Whether a request of the rest of the film can still need a token. Unknown counts as needed, which is how a
    /// machine begins.
    Needed(bool),
    /// Whether the browser has a network.
    Online(bool),
    /// What the server said of the key's quota, to any mint of any video.
    Quota {
        /// So few tokens are left that none is spent ahead of need.
        is_low: bool,
        /// None is left.
        is_exceeded: bool,
        /// Milliseconds until the day's count starts again.
        reset_in_ms: u64,
    },
    /// The timer of [`Command::SetTimer`] fired, on time, early or late.
    Timer,
    /// The page woke or became visible: read the clocks again.
    Wake,
    /// The session is destroyed. Nothing is requested any more.
    Destroy,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Request a token, and report with [`Event::Minted`].
    Mint {
        /// Names this mint.
        id: u32,
        /// Why it is needed.
        reason: Reason,
    },
    /// Abort the mint with this number; its answer is no longer needed.
    AbortMint {
        /// The mint.
        id: u32,
    },
    /// Send [`Event::Timer`] after so many milliseconds, at most 30,000; replaces the timer set before.
    SetTimer {
        /// From now.
        after_ms: u64,
    },
    /// Cancel the timer.
    CancelTimer,
    /// Answer a caller: it may read [`Machine::token`](super::Machine::token) now, or gets the error.
    Settle {
        /// The caller.
        waiter: WaiterId,
        /// Whether there is a token.
        outcome: Result<(), Error>,
    },
    /// Tell the page.
    Emit(Notice),
}

/// Why a token is minted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Reason {
    /// The session's first token.
    Initial,
    /// The one before it expires soon, or has expired.
    Refresh,
    /// The backend refused the one before it.
    Rejected,
}

impl Reason {
    /// The reason as JavaScript knows it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Refresh => "refresh",
            Self::Rejected => "rejected",
        }
    }
}

/// What the page may want to know. Holds no token.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// A token is being minted.
    Refreshing {
        /// Why.
        reason: Reason,
    },
    /// There is a new token.
    Refreshed {
        /// Why.
        reason: Reason,
    },
    /// A mint failed.
    Failed {
        /// What went wrong.
        error: Error,
        /// Whether the machine tries again by itself.
        will_retry: bool,
    },
}

/// What a token session is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum State {
    /// No valid token, and nobody has asked for one.
    Idle,
    /// No valid token; one is being minted.
    Minting,
    /// A valid token.
    Live,
    /// A valid token, and the next one is being minted.
    Refreshing,
    /// No valid token; one is wanted, and fetched when a backoff is over or the network is back.
    Retrying,
    /// No valid token; the last mint failed for good, until somebody asks again.
    Failed,
    /// No valid token, and the day's quota is spent.
    Exhausted,
    /// The session is over.
    Destroyed,
}

impl State {
    /// The state as JavaScript knows it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Minting => "minting",
            Self::Live => "live",
            Self::Refreshing => "refreshing",
            Self::Retrying => "retrying",
            Self::Failed => "failed",
            Self::Exhausted => "exhausted",
            Self::Destroyed => "destroyed",
        }
    }
}

#[cfg(test)]
impl State {
    /// Every state.
    pub(crate) const ALL: [Self; 8] = [
        Self::Idle,
        Self::Minting,
        Self::Live,
        Self::Refreshing,
        Self::Retrying,
        Self::Failed,
        Self::Exhausted,
        Self::Destroyed,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_in_an_event_and_in_its_type() {
        for state in State::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
        for reason in [Reason::Initial, Reason::Refresh, Reason::Rejected] {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
        }
    }
}
