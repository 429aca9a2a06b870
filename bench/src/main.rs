//! Measures of the release programs, each on real processes and a real database, each repeated.
#![expect(
    clippy::float_arithmetic,
    reason = "ratios, medians and rates; no money is computed here"
)]
#![expect(
    clippy::print_stdout,
    reason = "a program of the command line: its table is its output"
)]

mod api;
mod copy;
mod file;
mod load;
mod prober;
mod processes;
mod report;
mod upload;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tokio::signal::unix::{SignalKind, signal};

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// A tracciato, from the upload's first byte to the elaborato, beside a bare COPY of its rows.
    Load(load::Settings),
    /// Single requests of API Pendenze beside a bare server on the same pool, and lists of a large archive
    /// beside those of a small one.
    Api(api::Settings),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    platform::program::finish("bench", platform::program::with_runtime(run(cli.command)))
}

/// Runs until the end or the first signal. What has been started ends with the future that holds it.
async fn run(command: Command) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let work = async {
        match command {
            Command::Load(settings) => load::run(&settings).await,
            Command::Api(settings) => api::run(&settings).await,
        }
    };
    tokio::select! {
        done = work => done,
        _ = terminate.recv() => anyhow::bail!("stopped by SIGTERM; nothing is left running"),
        _ = interrupt.recv() => anyhow::bail!("stopped by SIGINT; nothing is left running"),
    }
}
