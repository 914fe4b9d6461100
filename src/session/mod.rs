//! When to mint a playback token: a state machine without I/O.
//!
//! [`Machine`] owns the token of one video. It is fed [`Event`]s, each with a [`Reading`] of the two clocks, and
//! answers with [`Command`]s; it does nothing else. The same code runs in the browser and in the simulations of
//! `tests/`.
//!
//! ```text
//!                 Request                      Minted(ok)
//!       Idle ────────────────▶ Minting ─────────────────────▶ Live ◀─────────────┐
//!        ▲                     │  │  ▲                         │  refresh is due, │
//!        │                     │  │  │ backoff is over,        │  somebody watches│ Minted(ok)
//!        │     transient       │  │  │ somebody waits          ▼                  │
//!        │  ┌──────────────────┘  │  │ or watches          Refreshing ────────────┘
//!        │  ▼                     │  │                         │ any failure: the token lives on
//!        │ Retrying ──────────────┼──┘                         ▼
//!        │                        │ permanent               Live, and Retrying once it has expired
//!        │                        ├────────────▶ Failed ──── Request ──▶ Minting
//!        │                        │ 429
//!        └─ token expired,        └────────────▶ Exhausted ─ reset ────▶ Idle
//!           nobody watches                                              Destroyed: from every state, for good
//! ```

pub mod budget;
mod clock;
mod event;
mod lease;
mod machine;
pub mod policy;

pub use clock::{Clock, Reading};
pub use event::{Command, Event, Notice, Reason, State, WaiterId};
pub use machine::{Machine, Refresh, Source};
