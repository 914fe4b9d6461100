//! `cargo xtask probe`: asks a real backend whether what the project assumes about it is so (`xtask/probe/`, in
//! JavaScript: it is all HTTP and JSON, and Node brings TLS). Here are the key's format and the facts of `src/api`.

use std::{
    env,
    process::{Command, ExitCode},
};

use ansdev_player::api::{ApiKey, BaseUrl, endpoints, quota, token::Claims};
use anyhow::{Context, Result, anyhow};
use serde_json::json;

use crate::workspace;

/// The variables of the environment in which keys are: the one that is probed with, and others that show more.
const KEYS: [&str; 4] = ["ANSDEV_API_KEY", "ANSDEV_EXPIRED_KEY", "ANSDEV_UNSCOPED_KEY", "ANSDEV_SPENT_KEY"];

pub(crate) fn run(base_url: &str) -> Result<ExitCode> {
    let base = BaseUrl::parse(base_url).map_err(|error| anyhow!("{base_url}: {}", error.message))?;
    for name in KEYS {
        match env::var_os(name) {
            Some(text) => drop(ApiKey::parse(text.as_encoded_bytes()).context(name)?),
            None if name == KEYS[0] => {
                return Err(anyhow!("{name} is not set; expected an API key with videos to look at"));
            }
            None => {}
        }
    }
    let facts = json!({
        "keyHeader": endpoints::KEY_HEADER,
        "exposed": [quota::LIMIT_HEADER, quota::REMAINING_HEADER, quota::RESET_HEADER, "Retry-After", "Date"],
        "limitDefault": endpoints::LIST_LIMIT_DEFAULT,
        "limitMax": endpoints::LIST_LIMIT_MAX,
        "videos": endpoints::VIDEOS,
        "manifest": endpoints::MANIFEST,
        "playbackKey": endpoints::PLAYBACK_KEY,
        "dashboardKey": endpoints::DASHBOARD_KEY,
        "scope": Claims::SCOPE,
    });
    let probe = workspace::path("xtask/probe/main.mjs");
    let status = Command::new("node").arg(probe).args([base.as_str(), &facts.to_string()]).status();
    let status = status.context("starting node; install it from https://nodejs.org")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
