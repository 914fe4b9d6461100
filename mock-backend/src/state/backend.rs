//! What every request sees of the mock: its store, its clock, its tokens, its faults, its journal.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use ansdev_player::api::{ApiKey, Quota};

use crate::api_key::KeySpec;
use crate::clock::Clock;
use crate::control::{Faults, Journal};
use crate::dashboard::Notices;
use crate::hosts::AllowedHosts;
use crate::seed::Seed;
use crate::store::{Secrets, Store, StoreError, UserId};
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
    /// The key that works from the start.
    pub(crate) api_key: Arc<ApiKey>,
    /// Where it listens; known once it does.
    pub(crate) address: OnceLock<SocketAddr>,
}

/// How a mock behaves.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// The file of the store; in memory, where there is none.
    pub(crate) database: Option<PathBuf>,
    pub(crate) seed: Seed,
    /// The seed's key; where there is none, each run has one of its own.
    pub(crate) api_key: Option<Arc<ApiKey>>,
    /// Names, besides loopback's, to which everything answers.
    pub(crate) hosts: AllowedHosts,
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
    /// Opens the store and plants the seed.
    pub(crate) fn open(options: Options) -> Result<Shared, StoreError> {
        let store = match &options.database {
            Some(path) => Store::open(path)?,
            None => Store::in_memory()?,
        };
        let secrets = store.secrets()?;
        let clock = Clock::default();
        let owner = options.seed.plant(&store, clock.now_ms())?;
        let api_key = if let Some(key) = &options.api_key {
            key.clone()
        } else {
            let made = store.create_key(owner, &KeySpec::of_seed(), clock.now_ms())?;
            Arc::new(ApiKey::parse(made.text).expect("a key that was made here has the form of one"))
        };
        let backend = Self {
            tokens: Tokens::new(options.token_life),
            faults: Faults::default(),
            journal: Journal::new(options.control),
            notices: Notices::default(),
            address: OnceLock::new(),
            store,
            clock,
            secrets,
            options,
            api_key,
        };
        backend.plant_key(owner)?;
        Ok(Arc::new(backend))
    }

    fn plant_key(&self, owner: UserId) -> Result<(), StoreError> {
        let (text, now_ms) = (self.api_key.expose(), self.clock.now_ms());
        self.store.put_key(owner, &KeySpec::of_seed(), text, now_ms)?;
        if self.options.api_key.is_none() {
            self.store.keep_for_run(owner, text, now_ms)?;
        }
        Ok(())
    }

    /// Back to the state at the start: the seed alone, no token, no faults, an empty journal, the system's time.
    pub(crate) fn reset(&self) -> Result<(), StoreError> {
        self.faults.clear();
        self.journal.clear();
        self.clock.reset();
        self.store.clear()?;
        self.plant_key(self.options.seed.plant(&self.store, self.clock.now_ms())?)
    }
}

/// Tokens a day unless told otherwise.
pub(crate) const DEFAULT_QUOTA: u32 = Quota::DEFAULT_LIMIT;
