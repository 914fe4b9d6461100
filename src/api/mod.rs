//! What Ansdev says: keys, tokens, videos, quotas, errors and addresses.
//!
//! Pure data. No I/O, no clock, no browser: the Player SDK and the mock backend both build on these types, so
//! that client and server cannot drift apart. Facts that the vendor does not publish are marked *assumed*; they
//! are in [`endpoints`] and in the models ([`video`], [`token`]) and nowhere else. `cargo xtask probe` asks a real
//! backend about them.

pub mod endpoints;
pub mod envelope;
pub mod error;
pub mod key;
pub mod quota;
pub mod token;
pub mod video;

pub use endpoints::{BaseUrl, VideoId};
pub use envelope::{Envelope, ErrorBody};
pub use error::{Error, ErrorCode};
pub use key::ApiKey;
pub use quota::Quota;
pub use token::PlaybackToken;
pub use video::{Video, VideoPage, VideoStatus};
