//! A mock in a test: built, started on a port of its own, stopped when dropped.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ansdev_player::api::key::KeyFormatError;
use ansdev_player::api::{ApiKey, Video};
use tokio::net::TcpListener;

use super::server::Server;
use crate::http::base::reachable;
use crate::routes;
use crate::state::api_key::KeySpec;
use crate::state::backend::{Backend, DEFAULT_QUOTA, Options, Repeat, Shared};
use crate::state::faults::Fault;
use crate::state::hosts::{AllowedHosts, InvalidHost};
use crate::state::journal::JournalEntry;
use crate::state::sdk::SdkFiles;
use crate::state::seed::{Seed, USER};
use crate::state::store::StoreError;

/// A running mock of the Ansdev API. It stops when it is dropped.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use ansdev_mock_backend::{MockBackend, seed};
///
/// let mock = MockBackend::builder().token_life_seconds(6).start().await?;
/// println!("{} opens {} at {}", mock.api_key(), seed::SINGLE_KEY, mock.url());
/// # Ok::<(), ansdev_mock_backend::StartError>(())
/// # }).unwrap();
/// ```
pub struct MockBackend {
    backend: Shared,
    address: SocketAddr,
    server: Server,
}

/// How a mock shall be.
#[derive(Debug, Clone)]
pub struct MockBackendBuilder {
    listen: String,
    api_key: Option<Result<Arc<ApiKey>, KeyFormatError>>,
    allowed_hosts: Vec<String>,
    options: Options,
}

/// Why a mock did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The API key has not the form of one.
    #[error(transparent)]
    ApiKey(#[from] KeyFormatError),
    /// The database knows the API key, as one that opens no more.
    #[error(
        "the API key {prefix}… was revoked, or has expired, in this database; expected another key, or another file"
    )]
    DeadApiKey {
        /// Its first 12 characters.
        prefix: String,
    },
    /// A name that was to be allowed is no host name.
    #[error(transparent)]
    Host(#[from] InvalidHost),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; expected a free address of this machine, such as 127.0.0.1:0")]
    Listen {
        /// The address that was asked for.
        address: String,
        /// What the system says.
        source: std::io::Error,
    },
}

impl MockBackend {
    /// A mock on a free port of 127.0.0.1, in memory, with the demo's videos, the control plane and the journal.
    pub fn builder() -> MockBackendBuilder {
        MockBackendBuilder {
            listen: "127.0.0.1:0".to_owned(),
            api_key: None,
            allowed_hosts: Vec::new(),
            options: Options {
                database: None,
                seed: Seed::Demo,
                api_key: None,
                hosts: AllowedHosts::default(),
                token_life: ansdev_player::api::PlaybackToken::DEFAULT_LIFE_SECONDS,
                quota: DEFAULT_QUOTA,
                control: true,
                repeat: None,
                sdk: SdkFiles::in_folder(concat!(env!("CARGO_MANIFEST_DIR"), "/../js/dist").into()),
            },
        }
    }

    /// The base URL, such as `http://127.0.0.1:40123`, without a slash at its end. Where it listens on every address of
    /// this machine, it is that of loopback.
    pub fn url(&self) -> String {
        format!("http://{}", reachable(self.address))
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// An API key that works from the start: the builder's, or else a new one in every run.
    pub fn api_key(&self) -> &str {
        self.backend.api_key.expose()
    }

    /// Every video of the key's owner, the first of the list first.
    ///
    /// # Errors
    /// Where the store's file cannot be read.
    pub fn videos(&self) -> Result<Vec<Video>, StoreError> {
        self.backend.seeded_videos()
    }

    /// The time by the mock's clock, in Unix milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.backend.clock.now_ms()
    }

    /// Moves the mock's clock forwards.
    pub fn advance(&self, by: Duration) {
        self.backend.clock.advance_ms(i64::try_from(by.as_millis()).unwrap_or(i64::MAX));
    }

    /// Sets a fault, beside those that are set.
    ///
    /// # Errors
    /// A sentence saying what is wrong with the fault.
    pub fn set_fault(&self, fault: Fault) -> Result<(), &'static str> {
        fault.check()?;
        self.backend.faults.set(fault);
        Ok(())
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        self.backend.faults.clear();
    }

    /// The requests so far, the oldest first; empty where the builder turned control off.
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.backend.journal.entries()
    }

    /// Makes a key for the seed's user, and gives its text.
    ///
    /// # Errors
    /// Where the store's file cannot be written.
    pub fn create_key(&self, spec: &KeySpec) -> Result<String, StoreError> {
        let owner = self.backend.store.user(USER)?;
        Ok(self.backend.store.create_key(owner, spec, self.backend.clock.now_ms())?.text)
    }

    /// Revokes the keys with this 12-character prefix; says whether there was an active one.
    ///
    /// # Errors
    /// Where the store's file cannot be written.
    pub fn revoke_key(&self, prefix: &str) -> Result<bool, StoreError> {
        self.backend.store.revoke_prefix(prefix, self.backend.clock.now_ms())
    }

    /// Back to the state at the start: the seed with the same API key, no faults, an empty journal, the system's time.
    /// Playback tokens of before are invalid.
    ///
    /// # Errors
    /// Where the store's file cannot be written.
    pub fn reset(&self) -> Result<(), StoreError> {
        self.backend.reset()
    }

    /// Takes no more connections, and waits up to 5 seconds until requests under way have their answers.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}

impl MockBackendBuilder {
    /// Where to listen: an address or a name, and a port; 0 is any free one. Beyond loopback, anyone who reaches the port
    /// has the whole mock, its dashboard too.
    #[must_use]
    pub fn listen(mut self, address: impl Into<String>) -> Self {
        self.listen = address.into();
        self
    }

    /// Keeps everything in this `SQLite` file.
    #[must_use]
    pub fn database(mut self, file: impl Into<PathBuf>) -> Self {
        self.options.database = Some(file.into());
        self
    }

    /// What it holds at the start.
    #[must_use]
    pub fn seed(mut self, seed: Seed) -> Self {
        self.options.seed = seed;
        self
    }

    /// The key that works from the start. Without one, each run has a new one.
    #[must_use]
    pub fn api_key(mut self, key: impl AsRef<str>) -> Self {
        self.api_key = Some(ApiKey::parse(key.as_ref()).map(Arc::new));
        self
    }

    /// One more host name, besides loopback's, under which dashboard, demo, docs and control plane answer; without
    /// scheme and port. The API, the CDN and the hosted player answer under every name.
    #[must_use]
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        self.allowed_hosts.push(name.into());
        self
    }

    /// How long a playback token lives, in seconds.
    #[must_use]
    pub fn token_life_seconds(mut self, seconds: u32) -> Self {
        self.options.token_life = seconds;
        self
    }

    /// How many tokens a key can mint in a UTC day, unless it has a number of its own.
    #[must_use]
    pub fn quota(mut self, tokens: u32) -> Self {
        self.options.quota = tokens;
        self
    }

    /// Whether the control plane and the journal are on.
    #[must_use]
    pub fn control(mut self, is_on: bool) -> Self {
        self.options.control = is_on;
        self
    }

    /// The folder with the built SDK, served at `/sdk/`.
    #[must_use]
    pub fn sdk(mut self, folder: impl Into<PathBuf>) -> Self {
        self.options.sdk = SdkFiles::in_folder(folder.into());
        self
    }

    /// For comparing two mocks: random bytes come from a number, and the clock stands until it is moved. Whoever knows the
    /// number knows every key and secret.
    #[doc(hidden)]
    #[must_use]
    pub fn repeat(mut self, seed: u64, now_ms: i64) -> Self {
        self.options.repeat = Some(Repeat { seed, now_ms });
        self
    }

    /// Opens the store, binds the address and answers from then on. Needs a Tokio runtime.
    ///
    /// # Errors
    /// [`StartError`]
    pub async fn start(self) -> Result<MockBackend, StartError> {
        let api_key = self.api_key.transpose()?;
        let hosts = AllowedHosts::parse(&self.allowed_hosts)?;
        let backend = Backend::open(Options { api_key, hosts, ..self.options })?;
        let key = backend.store.key(backend.api_key.expose().as_bytes())?;
        if !key.is_some_and(|key| key.is_active(backend.clock.now_ms())) {
            return Err(StartError::DeadApiKey { prefix: backend.api_key.prefix().to_owned() });
        }
        let failed = |source| StartError::Listen { address: self.listen.clone(), source };
        let listener = TcpListener::bind(&self.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        // Set once, here.
        let _ = backend.address.set(address);
        let server = Server::start(listener, routes::router(&backend));
        Ok(MockBackend { backend, address, server })
    }
}

impl std::fmt::Debug for MockBackend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MockBackend").field("address", &self.address).finish_non_exhaustive()
    }
}
