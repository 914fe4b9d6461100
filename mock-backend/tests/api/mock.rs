//! The mock that the tests ask: the library's, in this process; or the program that `MOCK_PROGRAM` names, native or npm's,
//! with its control plane in the place of direct calls.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use ansdev_mock_backend::seed::Seed;
use ansdev_mock_backend::{Fault, JournalEntry, KeySpec, MockBackend, Route};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

/// The program to test: the one that `MOCK_PROGRAM` names, or the native one.
pub(crate) fn program() -> PathBuf {
    std::env::var_os("MOCK_PROGRAM").map_or_else(|| env!("CARGO_BIN_EXE_ansdev-mock-backend").into(), PathBuf::from)
}

/// Whether it has the page at `/docs`: the native one does.
pub(crate) fn has_docs() -> bool {
    program().extension().is_none_or(|extension| extension != "js")
}

/// How the mock shall be. Control is on.
#[derive(Clone, Default)]
pub(crate) struct Wanted {
    listen: Option<String>,
    database: Option<PathBuf>,
    seed: Seed,
    api_key: Option<String>,
    allowed_hosts: Vec<String>,
    quota: Option<u32>,
    is_without_control: bool,
    sdk: Option<PathBuf>,
}

impl Wanted {
    pub(crate) fn listen(self, address: &str) -> Self {
        Self { listen: Some(address.to_owned()), ..self }
    }

    pub(crate) fn database(self, file: &Path) -> Self {
        Self { database: Some(file.to_owned()), ..self }
    }

    pub(crate) fn seed(self, seed: Seed) -> Self {
        Self { seed, ..self }
    }

    pub(crate) fn api_key(self, key: &str) -> Self {
        Self { api_key: Some(key.to_owned()), ..self }
    }

    pub(crate) fn allow_host(mut self, name: &str) -> Self {
        self.allowed_hosts.push(name.to_owned());
        self
    }

    pub(crate) fn quota(self, tokens: u32) -> Self {
        Self { quota: Some(tokens), ..self }
    }

    pub(crate) fn without_control(self) -> Self {
        Self { is_without_control: true, ..self }
    }

    pub(crate) fn sdk(self, folder: &Path) -> Self {
        Self { sdk: Some(folder.to_owned()), ..self }
    }

    /// Starts it.
    ///
    /// # Errors
    /// What it says where it does not start.
    pub(crate) async fn start(self) -> Result<Mock, String> {
        if std::env::var_os("MOCK_PROGRAM").is_some() {
            Ok(Mock::Program(Program::start(self.flags()).await?))
        } else {
            let builder = self.builder();
            Ok(Mock::Library(builder.start().await.map_err(|error| error.to_string())?))
        }
    }

    fn builder(self) -> ansdev_mock_backend::MockBackendBuilder {
        let mut builder = MockBackend::builder().seed(self.seed).control(!self.is_without_control);
        if let Some(address) = self.listen {
            builder = builder.listen(address);
        }
        if let Some(file) = self.database {
            builder = builder.database(file);
        }
        if let Some(key) = self.api_key {
            builder = builder.api_key(key);
        }
        if let Some(tokens) = self.quota {
            builder = builder.quota(tokens);
        }
        if let Some(folder) = self.sdk {
            builder = builder.sdk(folder);
        }
        self.allowed_hosts.into_iter().fold(builder, ansdev_mock_backend::MockBackendBuilder::allow_host)
    }

    fn flags(self) -> Vec<String> {
        let seed = if self.seed == Seed::Empty { "empty" } else { "demo" };
        let mut flags = vec!["--json".to_owned(), format!("--seed={seed}")];
        flags.push(format!("--listen={}", self.listen.as_deref().unwrap_or("127.0.0.1:0")));
        if !self.is_without_control {
            flags.push("--control".to_owned());
        }
        flags.extend(self.database.map(|file| format!("--db={}", file.display())));
        flags.extend(self.api_key.map(|key| format!("--api-key={key}")));
        flags.extend(self.quota.map(|tokens| format!("--quota={tokens}")));
        flags.extend(self.sdk.map(|folder| format!("--sdk={}", folder.display())));
        flags.extend(self.allowed_hosts.into_iter().map(|name| format!("--allow-host={name}")));
        flags
    }
}

/// A running mock; it ends when it is dropped.
pub(crate) enum Mock {
    Library(MockBackend),
    Program(Program),
}

/// A mock in a process of its own.
pub(crate) struct Program {
    child: Child,
    url: String,
    api_key: String,
}

impl Program {
    async fn start(flags: Vec<String>) -> Result<Self, String> {
        let mut child = Command::new(program())
            .args(flags)
            .env("RUST_LOG", "off")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).await.unwrap();
        if line.is_empty() {
            let mut errors = String::new();
            child.stderr.take().unwrap().read_to_string(&mut errors).await.unwrap();
            return Err(errors.trim().trim_start_matches("ansdev-mock-backend: ").to_owned());
        }
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let text = |name: &str| ready[name].as_str().unwrap().to_owned();
        Ok(Self { url: text("url"), api_key: text("apiKey"), child })
    }

    fn address(&self) -> SocketAddr {
        self.url.strip_prefix("http://").unwrap().parse().unwrap()
    }

    /// Asks the control plane. It is another process that answers, so waiting for it stops nothing.
    fn control(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(self.address()).unwrap();
        write!(
            stream,
            "{method} /_mock/{path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.address(),
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or_default())
    }
}

/// As the control plane tells it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    at: i64,
    method: String,
    path: String,
    query: Option<String>,
    route: Route,
    status: Option<u16>,
    error_code: Option<String>,
    key_prefix: Option<String>,
    origin: Option<String>,
}

impl From<Told> for JournalEntry {
    fn from(told: Told) -> Self {
        let Told { at, method, path, query, route, status, error_code, key_prefix, origin } = told;
        Self { at, method, path, query, route, status, error_code, key_prefix, origin }
    }
}

impl Mock {
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Library(mock) => mock.url(),
            Self::Program(program) => program.url.clone(),
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        match self {
            Self::Library(mock) => mock.address(),
            Self::Program(program) => program.address(),
        }
    }

    pub(crate) fn api_key(&self) -> &str {
        match self {
            Self::Library(mock) => mock.api_key(),
            Self::Program(program) => &program.api_key,
        }
    }

    /// The time by the mock's clock, in Unix milliseconds.
    pub(crate) fn now_ms(&self) -> i64 {
        match self {
            Self::Library(mock) => mock.now_ms(),
            Self::Program(program) => program.control("GET", "clock", None).1["now"].as_i64().unwrap(),
        }
    }

    pub(crate) fn advance(&self, by: Duration) {
        match self {
            Self::Library(mock) => mock.advance(by),
            Self::Program(program) => {
                let moved = program.control("POST", "clock", Some(&json!({"advanceSeconds": by.as_secs_f64()})));
                assert_eq!(moved.0, 200);
            }
        }
    }

    pub(crate) fn set_fault(&self, fault: Fault) {
        match self {
            Self::Library(mock) => mock.set_fault(fault).unwrap(),
            Self::Program(program) => {
                let fault = serde_json::to_value(fault).unwrap();
                assert_eq!(program.control("POST", "faults", Some(&fault)).0, 204);
            }
        }
    }

    /// The requests so far; none where there is no control plane.
    pub(crate) fn journal(&self) -> Vec<JournalEntry> {
        match self {
            Self::Library(mock) => mock.journal(),
            Self::Program(program) => {
                let (_, told) = program.control("GET", "journal", None);
                let entries: Vec<Told> = serde_json::from_value(told["entries"].clone()).unwrap_or_default();
                entries.into_iter().map(JournalEntry::from).collect()
            }
        }
    }

    /// Makes a key, and gives its text.
    pub(crate) fn create_key(&self, spec: &KeySpec) -> String {
        match self {
            Self::Library(mock) => mock.create_key(spec).unwrap(),
            Self::Program(program) => {
                let expires_at =
                    spec.expires_at_ms.map(|ms| jiff::Timestamp::from_millisecond(ms).unwrap().to_string());
                let wanted = json!({
                    "name": spec.name, "scopes": spec.scopes, "expiresAt": expires_at, "quota": spec.quota,
                });
                let (status, made) = program.control("POST", "keys", Some(&wanted));
                assert_eq!(status, 201, "{made}");
                made["apiKey"].as_str().unwrap().to_owned()
            }
        }
    }

    /// Revokes the keys with this prefix; says whether there was an active one.
    pub(crate) fn revoke_key(&self, prefix: &str) -> bool {
        match self {
            Self::Library(mock) => mock.revoke_key(prefix).unwrap(),
            Self::Program(program) => program.control("DELETE", &format!("keys/{prefix}"), None).0 == 204,
        }
    }

    pub(crate) fn reset(&self) {
        match self {
            Self::Library(mock) => mock.reset().unwrap(),
            Self::Program(program) => assert_eq!(program.control("POST", "reset", None).0, 200),
        }
    }

    /// Ends it as one asks it to.
    pub(crate) async fn stop(self) {
        match self {
            Self::Library(mock) => mock.stop().await,
            Self::Program(program) => assert_eq!(crate::program::stopped(program.child).await.0, Some(0)),
        }
    }
}
