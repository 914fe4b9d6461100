//! The project's own commands: `cargo xtask <command>`.

mod attack;
mod bench;
mod budget;
mod build;
mod cargo_target;
mod check;
mod command;
mod contents;
mod contract;
mod demo;
mod engines;
mod fuzz;
mod mock;
mod mutants;
mod probe;
mod progress;
mod renamed_method;
mod setup;
mod size;
mod soak;
mod step;
mod suite;
mod summary;
mod supply;
mod test;
mod workspace;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

/// The project's own commands. Each sets up what it needs and does not find.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build all, start the mock backend with the demo page, and print its address
    Demo {
        /// Address and port to listen at [default: 127.0.0.1:8787, or any free port where that is taken]
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<String>,
        /// Seconds that a playback token lives
        #[arg(long, value_name = "SECONDS", default_value_t = demo::TOKEN_SECONDS)]
        ttl: u32,
    },
    /// Run every check and every test there is; the last line counts the steps that passed and failed
    Test {
        /// Also what takes long: every framework, runtime and store
        #[arg(long)]
        all: bool,
        /// The mock that the suites in browsers run on
        #[arg(long, value_name = "MOCK", default_value = "native")]
        mock: mock::Kind,
        /// Only the steps whose name contains one of these words, and what they need
        #[arg(value_name = "STEP")]
        only: Vec<String>,
    },
    /// The fast loop: formatting, lints, types, native tests, documentation
    Check {
        /// Only the steps whose name contains one of these words, and what they need
        #[arg(value_name = "STEP")]
        only: Vec<String>,
    },
    /// Build the npm packages, into js/dist/ and mock-backend/npm/dist/, and say how large the SDK's files are
    Build,
    /// Show what the WebAssembly is made of, by function
    Size {
        /// How many functions to list, the largest first
        #[arg(long, value_name = "COUNT", default_value_t = 40)]
        functions: usize,
    },
    /// Measure, and print each figure beside what it is compared with
    Bench {
        /// Also write the figures to this file
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
        /// Also put the figures into benches/results.json, and from there into the tables and charts of BENCHMARKS.md
        #[arg(long)]
        publish: bool,
        /// Only these groups of figures
        #[arg(value_name = "GROUP")]
        only: Vec<String>,
    },
    /// Play films for half an hour in a real browser, with hundreds of renewals, and fail on leaks and stalls
    Soak {
        /// Minutes to play, from 2 to 120
        #[arg(long, value_name = "MINUTES", default_value_t = 30, value_parser = clap::value_parser!(u64).range(2..=120))]
        minutes: u64,
        /// Also put the figures into tests/soak/results.json, and from there into RELIABILITY.md
        #[arg(long)]
        publish: bool,
    },
    /// Write bills of materials, as `CycloneDX` JSON, into target/sbom/
    Sbom,
    /// Play in every browser engine while mints and keys fail, the backend restarts, the network fails and the tab freezes
    Chaos {
        /// Seconds to play in each engine, from 60 to 600
        #[arg(long, value_name = "SECONDS", default_value_t = engines::CHAOS_SECONDS, value_parser = clap::value_parser!(u64).range(60..=600))]
        seconds: u64,
    },
    /// Replace everything that the SDK touches by an attacker's, one thing at a time
    Attack {
        /// The order of an earlier run, which printed it
        #[arg(long, value_name = "SEED")]
        seed: Option<u32>,
    },
    /// Check our assumptions about a backend, with the key in `ANSDEV_API_KEY`; spends three tokens at most
    Probe {
        /// The API to ask
        #[arg(long, value_name = "URL", default_value = ansdev_player::api::endpoints::DEFAULT_BASE_URL)]
        base_url: String,
    },
    /// Check the mock backend, native and from npm, against its own OpenAPI document, with Schemathesis
    Contract,
    /// Mutation testing of the core: a test must fail for each small change (about ten minutes)
    Mutants {
        /// Only mutants that one of these regular expressions finds, such as src/session/clock
        #[arg(value_name = "PATTERN")]
        only: Vec<String>,
    },
    /// Fuzz everything that comes from outside: keys, answers, addresses, requests to the mock, messages to the Worker
    Fuzz {
        /// Only these targets
        #[arg(value_name = "TARGET")]
        only: Vec<String>,
        /// Seconds for each
        #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
        seconds: u64,
    },
    /// What `cargo test` calls with a module of tests for the browser
    #[command(hide = true)]
    WasmTestRunner {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
}

fn main() -> ExitCode {
    let result = match Cli::parse().task {
        Task::Demo { listen, ttl } => demo::run(listen.as_deref(), ttl).map(|()| ExitCode::SUCCESS),
        Task::Test { all, mock, only } => test::run(&only, all, mock),
        Task::Check { only } => check::run(&only),
        Task::Build => build::run().map(|()| ExitCode::SUCCESS),
        Task::Size { functions } => contents::run(functions),
        Task::Bench { json, publish, only } => bench::run(json.as_deref(), publish, &only).map(|()| ExitCode::SUCCESS),
        Task::Soak { minutes, publish } => soak::run(minutes, publish),
        Task::Sbom => supply::sbom::run().map(|()| ExitCode::SUCCESS),
        Task::Chaos { seconds } => engines::chaos(seconds),
        Task::Attack { seed } => attack::run(seed),
        Task::Probe { base_url } => probe::run(&base_url),
        Task::Contract => contract::run(),
        Task::Mutants { only } => mutants::run(only),
        Task::Fuzz { only, seconds } => fuzz::run(&only, seconds),
        Task::WasmTestRunner { args } => test::run_wasm_test(&args).map(|()| ExitCode::SUCCESS),
    };
    result.unwrap_or_else(|error| {
        eprintln!("{error:#}");
        ExitCode::FAILURE
    })
}
