//! What every request sees of the mock: its store, its clock, its tokens, its faults, its journal.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use ansdev_player::api::Quota;

use crate::clock::Clock;
use crate::control::{Faults, Journal};
use crate::dashboard::Notices;
use crate::seed::Seed;
use crate::store::{Secrets, Store, StoreError};
use crate::token::Tokens;

/// The state that the routes share.
pub(crate) type Shared = Arc<Backend>;

/// One mock.
pub(crate) struct Backend {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) tokens: Tokens,
    pub(crate) secrets: Secrets,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
    pub(crate) notices: Notices,
    pub(crate) options: Options,
    /// Where it listens; known once it does.
    pub(crate) address: OnceLock<SocketAddr>,
}

/// How a mock behaves.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// The file of the store; in memory, where there is none.
    pub(crate) database: Option<PathBuf>,
    pub(crate) seed: Seed,
    /// Seconds that a token lives.
    pub(crate) token_life: u32,
    /// Tokens a day for a key with no number of its own.
    pub(crate) quota: u32,
    /// Whether `/_mock/` is there, and the journal kept.
    pub(crate) control: bool,
    /// The folder with the built SDK.
    pub(crate) sdk: PathBuf,
}

impl Backend {
    /// Opens the store and plants the seed. The second value is an API key that works.
    pub(crate) fn open(options: Options) -> Result<(Shared, String), StoreError> {
        let store = match &options.database {
            Some(path) => Store::open(path)?,
            None => Store::in_memory()?,
        };
        let secrets = store.secrets()?;
        let clock = Clock::default();
        let api_key = options.seed.plant(&store, clock.now_ms())?;
        let backend = Self {
            tokens: Tokens::new(&secrets.token, options.token_life),
            faults: Faults::default(),
            journal: Journal::new(options.control),
            notices: Notices::default(),
            address: OnceLock::new(),
            store,
            clock,
            secrets,
            options,
        };
        Ok((Arc::new(backend), api_key))
    }

    /// Back to the state at the start: the seed alone, no faults, an empty journal, the system's time.
    pub(crate) fn reset(&self) -> Result<String, StoreError> {
        self.faults.clear();
        self.journal.clear();
        self.clock.reset();
        self.store.clear()?;
        self.options.seed.plant(&self.store, self.clock.now_ms())
    }
}

/// Tokens a day unless told otherwise.
pub(crate) const DEFAULT_QUOTA: u32 = Quota::DEFAULT_LIMIT;
