//! Requests and their answers. Node sends them: it is there for everything else, and brings TLS along.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use anyhow::{Context, Result};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::Value;

const SENDER: &str = include_str!("fetch.mjs");

/// A process that sends requests, until this is dropped.
pub(super) struct Http {
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// A request without a body.
#[derive(Serialize)]
pub(super) struct Request<'a> {
    pub(super) method: &'a str,
    pub(super) url: &'a str,
    pub(super) headers: Vec<(&'a str, &'a str)>,
    pub(super) redirect: Redirect,
}

/// What becomes of a redirect.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Redirect {
    Manual,
    Follow,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Outcome {
    Answered(Wire),
    Failed { failed: String },
}

#[derive(Deserialize)]
struct Wire {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: u16,
    /// By their names in small letters.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Vec<u8>,
}

impl Http {
    /// Starts the process. Nothing of the environment's secrets is for it: a key goes into requests alone.
    pub(super) fn start(without: &[&str]) -> Result<Self> {
        let mut command = Command::new("node");
        command.args(["--input-type=module", "--eval", SENDER]).stdin(Stdio::piped()).stdout(Stdio::piped());
        for name in without {
            command.env_remove(name);
        }
        let mut process = command.spawn().context("starting node; install Node 20 or newer from https://nodejs.org")?;
        let requests = process.stdin.take().context("node has no standard input")?;
        let answers = process.stdout.take().context("node has no standard output")?;
        Ok(Self { process, requests, answers: BufReader::new(answers) })
    }

    /// Sends a request. `Ok(Err(…))`: the backend did not answer it, and says why.
    pub(super) fn send(&mut self, request: &Request<'_>) -> Result<Result<Answer, String>> {
        let mut line = serde_json::to_string(request)?;
        line.push('\n');
        self.requests.write_all(line.as_bytes()).context("node ended")?;
        line.clear();
        self.answers.read_line(&mut line).context("node ended")?;
        match serde_json::from_str(&line).context("node ended without an answer")? {
            Outcome::Failed { failed } => Ok(Err(format!("no answer: {failed}"))),
            Outcome::Answered(Wire { status, headers, body }) => {
                Ok(Ok(Answer { status, headers, body: BASE64_STANDARD.decode(body)? }))
            }
        }
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        // It fails only where the process has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Answer {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.as_str())
    }

    /// The members of its JSON; null where it is none.
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Its status, and the code of its error.
    pub(super) fn shown(&self) -> String {
        let json = self.json();
        [&self.status.to_string(), json["error"]["code"].as_str().unwrap_or_default()].join(" ").trim_end().to_owned()
    }

    /// Whether it is the error with this code.
    pub(super) fn is_error(&self, code: &str) -> bool {
        self.json()["error"]["code"] == code
    }

    /// Whether a page of that origin can read it.
    pub(super) fn is_readable_by(&self, origin: &str) -> bool {
        let allowed = self.header("access-control-allow-origin");
        allowed == "*" || allowed == origin
    }

    /// Whether a header that lists names has this one; `*` stands for every name.
    pub(super) fn lists(&self, header: &str, name: &str) -> bool {
        self.header(header).split(',').map(str::trim).any(|listed| listed == "*" || listed.eq_ignore_ascii_case(name))
    }
}
