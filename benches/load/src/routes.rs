//! How many requests a second the mock answers, beside a bare axum route that answers with a constant JSON; and whether
//! its memory stays as it is over a million mints.

use std::net::SocketAddr;
use std::time::Duration;

use ansdev_mock_backend::{MockBackend, seed};
use anyhow::{Context, Result};
use axum::http::header;
use axum::routing::get;
use hyper::Method;
use memory_stats::memory_stats;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

use crate::client::{Question, rate, times};

const CONNECTIONS: usize = 64;
/// Each route has its turn in every round, so that a slow moment of the machine meets all of them.
const ROUNDS: usize = 15;
const TURN: Duration = Duration::from_millis(500);
const MINTS: u32 = 1_000_000;
/// How often the memory is looked at on the way.
const LOOKS: u32 = 10;

/// Requests a second, by round.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Rates {
    bare: Vec<f64>,
    mint: Vec<f64>,
    list: Vec<f64>,
    get: Vec<f64>,
}

/// The process's memory in bytes, server and client together, after each tenth of a million mints.
#[derive(Debug, Serialize)]
pub(crate) struct Memory {
    mints: u32,
    resident_bytes: Vec<usize>,
}

/// Mock and bare route, each on threads of its own kind: as many as there are cores.
struct Servers {
    /// Dropped before the runtime that it runs on.
    mock: MockBackend,
    bare: SocketAddr,
    _runtime: Runtime,
}

impl Servers {
    fn start() -> Result<Self> {
        let runtime = Builder::new_multi_thread().enable_all().build()?;
        let (mock, bare) = runtime.block_on(async {
            let mock = MockBackend::builder().quota(u32::MAX).control(false).start().await?;
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            let address = listener.local_addr()?;
            tokio::spawn(async move { axum::serve(listener, bare()).await });
            anyhow::Ok((mock, address))
        })?;
        Ok(Self { mock, bare, _runtime: runtime })
    }

    fn question(&self, method: Method, path: String) -> Question {
        Question { method, path, api_key: self.mock.api_key().to_owned() }
    }

    fn mint(&self) -> Question {
        self.question(Method::POST, format!("/v1/video/{}/playback-token", seed::SINGLE_KEY))
    }
}

/// The baseline: what axum and hyper cost, and nothing else.
fn bare() -> axum::Router {
    const BODY: &str =
        r#"{"success":true,"data":{"token":"a token of the usual length would stand here","expiresIn":300}}"#;
    axum::Router::new().route("/", get(|| async { ([(header::CONTENT_TYPE, "application/json")], BODY) }))
}

pub(crate) fn rates() -> Result<Rates> {
    let servers = Servers::start()?;
    let mock = servers.mock.address();
    let (constant, mint) = (servers.question(Method::GET, "/".to_owned()), servers.mint());
    let list = servers.question(Method::GET, "/v1/video".to_owned());
    let one = servers.question(Method::GET, format!("/v1/video/{}", seed::SINGLE_KEY));
    Runtime::new()?.block_on(async {
        let mut rates = Rates::default();
        for round in 0..=ROUNDS {
            for (address, question, to) in [
                (servers.bare, &constant, &mut rates.bare),
                (mock, &mint, &mut rates.mint),
                (mock, &list, &mut rates.list),
                (mock, &one, &mut rates.get),
            ] {
                let measured = rate(address, question, CONNECTIONS, TURN).await?;
                // The first round warms up.
                if round > 0 {
                    to.push(measured);
                }
            }
        }
        Ok(rates)
    })
}

pub(crate) fn memory() -> Result<Memory> {
    let servers = Servers::start()?;
    let mint = servers.mint();
    Runtime::new()?.block_on(async {
        let mut resident_bytes = Vec::new();
        for _ in 0..LOOKS {
            times(servers.mock.address(), &mint, CONNECTIONS, MINTS / LOOKS).await?;
            resident_bytes.push(memory_stats().context("this system does not tell memory")?.physical_mem);
        }
        Ok(Memory { mints: MINTS, resident_bytes })
    })
}
