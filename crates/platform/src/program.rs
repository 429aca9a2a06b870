//! The main of a service's own binary: `<service> [serve|health]`.

use std::future::Future;
use std::io::Write as _;
use std::net::{IpAddr, TcpListener};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use tokio_util::sync::CancellationToken;

use crate::bus::Bus;
use crate::service::{Boot, Running};
use crate::settings::{PeersArgs, Settings};
use crate::telemetry::{self, TelemetryArgs};

/// Something that the program needs is not there: a port, the database (sysexits `EX_UNAVAILABLE`).
pub const EXIT_UNAVAILABLE: u8 = 69;

#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    args: ServeArgs,
}

#[derive(Subcommand)]
enum Command {
    /// Run the service (default).
    Serve,
    /// Ask the running service whether it is ready; exit code 0 or 1. For container healthchecks.
    Health,
}

#[derive(clap::Args)]
struct ServeArgs {
    /// Address to listen on.
    #[arg(long, env = "BIND", default_value = "127.0.0.1")]
    bind: IpAddr,
    /// Port to listen on; the default is the usual one of the service.
    #[arg(long, env = "PORT")]
    port: Option<u16>,
    /// RabbitMQ, for example `amqp://user:password@broker:5672/%2f`.
    #[arg(
        long,
        env = "AMQP_URL",
        hide_env_values = true,
        default_value = "amqp://127.0.0.1:5672/%2f"
    )]
    amqp_url: String,
    /// First word of the names of exchange and queues: several worlds can share a broker.
    #[arg(long, env = "BUS_NAMESPACE", default_value = "govpay")]
    bus_namespace: String,
    #[command(flatten)]
    telemetry: TelemetryArgs,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    peers: PeersArgs,
}

/// Runs one service until SIGINT or SIGTERM.
pub fn run<F, S>(name: &'static str, default_port: u16, start: S) -> ExitCode
where
    S: FnOnce(Boot) -> F,
    F: Future<Output = anyhow::Result<Running>>,
{
    let cli = Cli::parse();
    let outcome = with_runtime(async {
        match cli.command.unwrap_or(Command::Serve) {
            Command::Serve => serve(name, default_port, cli.args, start).await,
            Command::Health => {
                ask_health(cli.args.bind, cli.args.port.unwrap_or(default_port)).await
            }
        }
    });
    finish(name, outcome)
}

/// Runs `program` on a fresh multi-threaded runtime.
pub fn with_runtime(program: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("il runtime non parte")?
        .block_on(program)
}

/// One line on standard error and the exit code.
pub fn finish(name: &str, outcome: anyhow::Result<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing to do when standard error itself is closed.
            let _ = writeln!(std::io::stderr(), "{name}: {error:#}");
            ExitCode::from(EXIT_UNAVAILABLE)
        }
    }
}

async fn serve<F, S>(
    name: &'static str,
    default_port: u16,
    args: ServeArgs,
    start: S,
) -> anyhow::Result<()>
where
    S: FnOnce(Boot) -> F,
    F: Future<Output = anyhow::Result<Running>>,
{
    let _telemetry = telemetry::init(name, &args.telemetry)?;
    let listener = bind(args.bind, args.port.unwrap_or(default_port))?;
    let stop = CancellationToken::new();
    stop_on_signal(stop.clone())?;
    let boot = Boot {
        peers: args.peers.into(),
        bus: Bus::amqp(args.amqp_url, args.bus_namespace),
        settings: args.settings,
        listener,
        stop,
    };
    start(boot).await?.wait().await
}

/// Listens, or says in one sentence why not.
pub fn bind(address: IpAddr, port: u16) -> anyhow::Result<TcpListener> {
    TcpListener::bind((address, port)).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "la porta {port} di {address} è già in uso: ferma chi la usa o scegline un'altra"
        ),
        _ => anyhow::anyhow!("non riesco ad ascoltare su {address}:{port}: {error}"),
    })
}

/// Cancels `stop` at the first SIGINT or SIGTERM; the second one ends the process at once.
pub fn stop_on_signal(stop: CancellationToken) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        for seen in 0.. {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if seen > 0 {
                std::process::exit(130);
            }
            tracing::info!("stopping");
            stop.cancel();
        }
    });
    Ok(())
}

async fn ask_health(bind: IpAddr, port: u16) -> anyhow::Result<()> {
    let address = if bind.is_unspecified() {
        "127.0.0.1".to_owned()
    } else {
        bind.to_string()
    };
    let response = crate::http::client(Duration::from_secs(3))?
        .get(format!("http://{address}:{port}/readyz"))
        .send()
        .await
        .context("il servizio non risponde")?;
    anyhow::ensure!(
        response.status().is_success(),
        "il servizio non è pronto: {}",
        response.status()
    );
    Ok(())
}
