//! Known vulnerabilities in crates, from a database that lives on GitHub, which not every network can reach.

use anyhow::Result;

use super::{DENY, not_checked};
use crate::progress::Progress;

pub(super) fn check(progress: &Progress) -> Result<String> {
    let fetched = DENY
        .command()?
        .args(["fetch", "db"])
        .env("GIT_TERMINAL_PROMPT", "0")
        // Bytes a second, and seconds below them, after which git gives up.
        .env("GIT_HTTP_LOW_SPEED_LIMIT", "1000")
        .env("GIT_HTTP_LOW_SPEED_TIME", "20")
        .run(progress);
    match fetched {
        Ok(_) => {}
        // As git says it, whatever kept it from a server.
        Err(error) if format!("{error:#}").contains("unable to access") => {
            return Ok(not_checked("advisories for crates", "github.com, where their database is, cannot be reached"));
        }
        Err(error) => return Err(error),
    }
    DENY.command()?.args(["--workspace", "--all-features", "--offline", "check", "advisories"]).run(progress)?;
    Ok("none".to_owned())
}
