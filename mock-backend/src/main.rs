//! The mock as a program.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use ansdev_mock_backend::MockBackend;
use ansdev_mock_backend::seed::Seed;
use clap::Parser;
use serde_json::json;
use tokio::signal;
use tracing_subscriber::EnvFilter;

/// The Ansdev API on your own machine, for tests and demos.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES)]
struct Arguments {
    /// Address and port to listen on; port 0 is any free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8787")]
    listen: String,

    /// Keep everything in this database file, made if missing; without it, everything is lost when the mock stops
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,

    /// What a fresh mock holds
    #[arg(long, value_name = "NAME", value_enum, default_value_t)]
    seed: Seed,

    /// The API key that works from the start [default: a new one in every run]
    #[arg(long, value_name = "KEY")]
    api_key: Option<String>,

    /// A host name, besides loopback's, under which dashboard, demo, docs and control plane answer; can be repeated
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,

    /// Seconds that a playback token lives
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    ttl: u32,

    /// Playback tokens that a key can mint in a UTC day
    #[arg(long, value_name = "N", default_value_t = 1000)]
    quota: u32,

    /// Turn the control plane on (/_mock/: clock, faults, journal, keys, reset)
    #[arg(long)]
    control: bool,

    /// Folder with the built SDK, served at /sdk/ [default: the workspace's js/dist]
    #[arg(long, value_name = "DIR")]
    sdk: Option<PathBuf>,

    /// Print one line of JSON on stdout once it listens: url, apiKey, videos
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  ansdev-mock-backend                                     the demo, at http://127.0.0.1:8787/
  ansdev-mock-backend --listen 127.0.0.1:0 --json         for a script: any free port, and JSON that names it
  ansdev-mock-backend --ttl 6 --control                   tokens that live 6 s; tests may move the clock and set faults
  ansdev-mock-backend --db ansdev.db --quota 50           remembers keys and counts; 50 tokens a day
  curl -X POST localhost:8787/_mock/clock -H 'Content-Type: application/json' -d '{\"advanceSeconds\": 300}'

The log goes to stderr; RUST_LOG=debug shows more of it, RUST_LOG=off nothing.";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_target(false).init();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ansdev-mock-backend: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let mut builder = MockBackend::builder()
        .listen(arguments.listen)
        .seed(arguments.seed)
        .token_life_seconds(arguments.ttl)
        .quota(arguments.quota)
        .control(arguments.control);
    if let Some(file) = arguments.db {
        builder = builder.database(file);
    }
    if let Some(key) = arguments.api_key {
        builder = builder.api_key(key);
    }
    for name in &arguments.allow_host {
        builder = builder.allow_host(name);
    }
    if let Some(folder) = arguments.sdk {
        builder = builder.sdk(folder);
    }
    // Installed before the address is printed: its reader may stop the mock at once.
    let stop = stop_signal()?;
    let mock = builder.start().await?;
    if !mock.address().ip().to_canonical().is_loopback() {
        warn_of_network_access(&mock);
    }
    announce(&mock, arguments.json)?;
    stop.await;
    tracing::info!("stopping");
    mock.stop().await;
    Ok(())
}

/// Warns on stderr, at any log level, that other machines can reach the mock.
fn warn_of_network_access(mock: &MockBackend) {
    let line = "!".repeat(100);
    eprintln!(
        "{line}\n\
         WARNING: the mock listens on {}, which other machines can reach.\n\
         Everybody who reaches that port can use its API keys, its dashboard, and with --control its control plane.\n\
         To browsers, dashboard, demo, docs and control plane answer only under loopback names and those of --allow-host;\n\
         programs can claim any name. Use --listen 127.0.0.1:PORT unless other machines need it, and a firewall if they do.\n\
         {line}",
        mock.address()
    );
}

fn announce(mock: &MockBackend, is_json: bool) -> Result<(), Box<dyn std::error::Error>> {
    let (url, api_key) = (mock.url(), mock.api_key());
    let mut stdout = io::stdout().lock();
    if is_json {
        let videos: Vec<_> = mock
            .videos()?
            .iter()
            .map(|video| {
                json!({
                    "id": video.id,
                    "title": video.title,
                    "encrypted": video.encrypted,
                    "durationSeconds": video.duration_seconds,
                })
            })
            .collect();
        writeln!(stdout, "{}", json!({ "url": url, "apiKey": api_key, "videos": videos }))?;
    } else {
        writeln!(stdout, "Ansdev mock backend: {url}/\nAPI key: {api_key}\nStop it with Ctrl+C.")?;
    }
    // A pipe's reader waits for this line.
    Ok(stdout.flush()?)
}

/// Resolves at SIGINT or SIGTERM; Ctrl+C elsewhere.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal::unix::signal(signal::unix::SignalKind::interrupt())?;
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Resolves at SIGINT or SIGTERM; Ctrl+C elsewhere.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Where the system cannot tell, only ending the process helps.
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
