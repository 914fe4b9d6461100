//! The state that all requests share: store, clock, tokens, faults, journal.

use std::net::SocketAddr;
#[cfg(not(target_arch = "wasm32"))]
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use ansdev_player::api::token::Claims;
use ansdev_player::api::{ApiKey, Quota, Video};

use super::api_key::KeySpec;
use super::clock::Clock;
use super::faults::Faults;
use super::hosts::AllowedHosts;
use super::journal::Journal;
use super::notices::Notices;
use super::random::Random;
use super::sdk::SdkFiles;
use super::seed::{Seed, USER};
#[cfg(not(target_arch = "wasm32"))]
use super::store::Sqlite;
use super::store::{Memory, Secrets, Store, StoreError, UserId, VideoRow};
use super::token::{TokenError, Tokens};

/// The state that the routes share.
pub(crate) type Shared = Arc<Backend>;

/// One mock.
pub(crate) struct Backend {
    pub(crate) store: Box<dyn Store>,
    pub(crate) random: Random,
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
    /// The file of the store; `None` is in memory.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) database: Option<PathBuf>,
    pub(crate) seed: Seed,
    /// The seed's key; `None` is a new one in each run.
    pub(crate) api_key: Option<Arc<ApiKey>>,
    /// Names, besides loopback's, to which everything answers.
    pub(crate) hosts: AllowedHosts,
    /// Seconds that a token lives.
    pub(crate) token_life: u32,
    /// Tokens a day for a key with no number of its own.
    pub(crate) quota: u32,
    /// Whether `/_mock/` and the journal are on.
    pub(crate) control: bool,
    /// Makes every run the same; `None` is real randomness and the system's time.
    pub(crate) repeat: Option<Repeat>,
    pub(crate) sdk: SdkFiles,
}

/// A run that can be had again: two mocks with the same one answer the same requests with the same bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Repeat {
    /// What keys and secrets come from.
    pub(crate) seed: u64,
    /// Where the clock stands until it is moved, in Unix milliseconds.
    pub(crate) now_ms: i64,
}

impl Backend {
    /// Opens the store and writes the seed.
    pub(crate) fn open(options: Options) -> Result<Shared, StoreError> {
        let random = options.repeat.map_or_else(Random::default, |repeat| Random::seeded(repeat.seed));
        let clock = options.repeat.map_or_else(Clock::default, |repeat| Clock::standing_at(repeat.now_ms));
        let store = open_store(&options, &random)?;
        let secrets = store.secrets()?;
        let owner = options.seed.write(&*store, &random, clock.now_ms())?;
        let api_key = if let Some(key) = &options.api_key {
            key.clone()
        } else {
            let made = store.create_key(owner, &KeySpec::of_seed(), clock.now_ms())?;
            Arc::new(ApiKey::parse(made.text).expect("a key that was made here has the form of one"))
        };
        let backend = Self {
            tokens: Tokens::new(options.token_life),
            faults: Faults::new(random.clone()),
            journal: Journal::new(options.control),
            notices: Notices::default(),
            address: OnceLock::new(),
            store,
            random,
            clock,
            secrets,
            options,
            api_key,
        };
        backend.insert_key(owner)?;
        Ok(Arc::new(backend))
    }

    fn insert_key(&self, owner: UserId) -> Result<(), StoreError> {
        let (text, now_ms) = (self.api_key.expose(), self.clock.now_ms());
        self.store.put_key(owner, &KeySpec::of_seed(), text, now_ms)?;
        if self.options.api_key.is_none() {
            self.store.keep_for_run(owner, text, now_ms)?;
        }
        Ok(())
    }

    /// A token for one video.
    pub(crate) fn issue_token(&self, video: &VideoRow, now_ms: i64) -> Result<String, StoreError> {
        Ok(self.tokens.issue(&self.store.token_secret()?, &video.id, &video.job, now_ms))
    }

    /// The claims of a token, if it is valid and has not expired.
    ///
    /// # Errors
    /// [`TokenError`]
    pub(crate) fn check_token(&self, token: &str, now_ms: i64) -> Result<Claims, TokenError> {
        let secret = self.store.token_secret().map_err(TokenError::Store)?;
        self.tokens.check(&secret, token, now_ms)
    }

    /// Every video of the seed's user, as the API tells it.
    pub(crate) fn seeded_videos(&self) -> Result<Vec<Video>, StoreError> {
        let now_ms = self.clock.now_ms();
        let rows = self.store.videos_of(self.store.user(USER)?)?;
        Ok(rows.iter().map(|row| row.described(now_ms)).collect())
    }

    /// Back to the state at the start: the seed alone, no token, no faults, an empty journal, the system's time.
    pub(crate) fn reset(&self) -> Result<(), StoreError> {
        self.faults.clear();
        self.journal.clear();
        self.clock.reset();
        self.store.clear()?;
        self.insert_key(self.options.seed.write(&*self.store, &self.random, self.clock.now_ms())?)
    }
}

#[cfg_attr(target_arch = "wasm32", expect(clippy::unnecessary_wraps, reason = "a file can fail to open"))]
fn open_store(options: &Options, random: &Random) -> Result<Box<dyn Store>, StoreError> {
    #[cfg(not(target_arch = "wasm32"))]
    if let Some(path) = &options.database {
        return Ok(Box::new(Sqlite::open(path, random.clone())?));
    }
    let _ = options;
    Ok(Box::new(Memory::new(random.clone())))
}

/// Tokens a day unless told otherwise.
pub(crate) const DEFAULT_QUOTA: u32 = Quota::DEFAULT_LIMIT;
