//! The options of a mock, from the host.

use std::net::SocketAddr;
use std::sync::Arc;

use ansdev_player::api::{ApiKey, PlaybackToken};
use serde::Deserialize;

use crate::state::backend::{DEFAULT_QUOTA, Options, Repeat};
use crate::state::hosts::AllowedHosts;
use crate::state::sdk::SdkFiles;
use crate::state::seed::Seed;

/// JSON's side of [`Options`]. The host has checked what people can get wrong.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct StartOptions {
    /// Where the host listens, such as `127.0.0.1:8787`; none where it does not.
    #[serde(default)]
    address: Option<String>,
    #[serde(default)]
    seed: SeedName,
    #[serde(default)]
    ttl: Option<u32>,
    #[serde(default)]
    quota: Option<u32>,
    /// The key that works from the start; `None` is a new one.
    #[serde(default)]
    api_key: Option<String>,
    /// Host names, besides loopback's, under which everything answers.
    #[serde(default)]
    allow_hosts: Vec<String>,
    #[serde(default)]
    control: bool,
    /// The log level: `error`, `warn`, `info` or `debug`; `None` logs nothing.
    #[serde(default)]
    log: Option<String>,
    #[serde(default)]
    repeat: Option<RepeatOptions>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "lowercase")]
enum SeedName {
    #[default]
    Demo,
    Empty,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RepeatOptions {
    seed: u64,
    now_ms: i64,
}

impl StartOptions {
    pub(super) fn read(json: &str) -> Result<Self, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    pub(super) fn address(&self) -> Result<Option<SocketAddr>, String> {
        let parsed = self.address.as_deref().map(str::parse).transpose();
        parsed.map_err(|_| "`address` is expected to be an IP address and a port.".to_owned())
    }

    pub(super) fn log_level(&self) -> Option<tracing::Level> {
        self.log.as_deref().and_then(|level| level.parse().ok())
    }

    /// The mock's own form of it.
    ///
    /// # Errors
    /// A sentence about the API key or the host name that is none.
    pub(super) fn checked(self) -> Result<Options, String> {
        let api_key = self.api_key.map(ApiKey::parse).transpose().map_err(|error| error.to_string())?;
        Ok(Options {
            seed: match self.seed {
                SeedName::Demo => Seed::Demo,
                SeedName::Empty => Seed::Empty,
            },
            api_key: api_key.map(Arc::new),
            hosts: AllowedHosts::parse(&self.allow_hosts).map_err(|error| error.to_string())?,
            token_life: self.ttl.unwrap_or(PlaybackToken::DEFAULT_LIFE_SECONDS),
            quota: self.quota.unwrap_or(DEFAULT_QUOTA),
            control: self.control,
            repeat: self.repeat.map(|RepeatOptions { seed, now_ms }| Repeat { seed, now_ms }),
            sdk: SdkFiles::of_host(),
        })
    }
}
