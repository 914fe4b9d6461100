//! Whether the mock's memory stays as it is over a million mints.

use ansdev_mock_backend::{MockBackend, seed};
use anyhow::{Context, Result};
use hyper::Method;
use memory_stats::memory_stats;
use serde::Serialize;
use tokio::runtime::Builder;

use crate::client::{Question, times};

const CONNECTIONS: usize = 64;
const MINTS: u32 = 1_000_000;
/// How often the memory is looked at on the way.
const LOOKS: u32 = 10;

/// The process's memory in bytes, server and client together, after each tenth of a million mints.
#[derive(Debug, Serialize)]
pub(crate) struct Memory {
    mints: u32,
    resident_bytes: Vec<usize>,
}

pub(crate) fn along_a_million_mints() -> Result<Memory> {
    Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let mock = MockBackend::builder().quota(u32::MAX).control(false).start().await?;
        let path = format!("/v1/video/{}/playback-token", seed::SINGLE_KEY);
        let mint = Question { method: Method::POST, path, api_key: mock.api_key().to_owned() };
        let mut resident_bytes = Vec::new();
        for _ in 0..LOOKS {
            times(mock.address(), &mint, CONNECTIONS, MINTS / LOOKS).await?;
            resident_bytes.push(memory_stats().context("this system does not tell memory")?.physical_mem);
        }
        Ok(Memory { mints: MINTS, resident_bytes })
    })
}
