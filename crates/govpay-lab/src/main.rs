//! `govpay-lab`: the whole payment chain with one command.

use std::io::Write as _;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use govpay_lab::{World, WorldConfig};
use platform::program::{finish, stop_on_signal, with_runtime};
use platform::telemetry::{self, TelemetryArgs};
use platform::{Peers, Settings, clock};
use tenant::{Operatore, Tenant};
use tokio_util::sync::CancellationToken;

/// The whole pagoPA payment chain of an Italian public body on one machine.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// Folder of the world: its databases. Made when missing; delete it to start afresh.
    #[arg(long, env = "GOVPAY_WORLD", default_value = "mondo")]
    world: PathBuf,

    /// Address to listen on.
    #[arg(long, env = "BIND", default_value = "127.0.0.1")]
    bind: IpAddr,

    /// First of six ports in a row; 0 takes free ones.
    #[arg(long, env = "BASE_PORT", default_value_t = 8080)]
    base_port: u16,

    /// Tenant file, or `none` for an empty archive with the administrator named by
    /// GOVPAY_ADMIN_USER and GOVPAY_ADMIN_PASSWORD. Default: the demo tenant.
    #[arg(long, env = "TENANT")]
    tenant: Option<String>,

    #[arg(long, env = "GOVPAY_ADMIN_USER")]
    admin_user: Option<String>,

    #[arg(long, env = "GOVPAY_ADMIN_PASSWORD", hide_env_values = true)]
    admin_password: Option<String>,

    /// Seconds between two looks of the timed procedures.
    #[arg(long = "timer-secs", env = "TIMER_SECS", default_value = "2", value_parser = platform::settings::seconds, overrides_with = "timer")]
    timer: std::time::Duration,

    /// Reverse proxies that may tell the core who calls: addresses or networks. Default: loopback with the
    /// demo tenant, else nobody.
    #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',', value_parser = platform::settings::network)]
    trusted_proxies: Vec<ipnet::IpNet>,

    #[command(flatten)]
    telemetry: TelemetryArgs,
}

fn main() -> ExitCode {
    let begun = Instant::now();
    let cli = Cli::parse();
    let outcome = with_runtime(run(cli, begun));
    finish("govpay-lab", outcome)
}

async fn run(cli: Cli, begun: Instant) -> anyhow::Result<()> {
    let _telemetry = telemetry::init("govpay-lab", &cli.telemetry)?;
    let tenant = Tenant::load(cli.tenant.as_deref())?;
    let stop = CancellationToken::new();
    stop_on_signal(stop.clone())?;
    let embedded = Settings::embedded(cli.tenant, cli.admin_user, cli.admin_password, cli.timer);
    let config = WorldConfig {
        folder: cli.world,
        bind: cli.bind,
        base_port: cli.base_port,
        settings: Settings {
            trusted_proxies: cli.trusted_proxies,
            ..embedded
        },
    };
    let demo = config.settings.is_demo();
    let folder = config.folder.display().to_string();
    let world = World::start(config, stop).await?;
    let logins = if demo { tenant.operatori } else { vec![] };
    let banner = banner(&world.peers, &logins, &folder, begun);
    // The banner is a courtesy: a closed standard output must not stop the services.
    let _ = std::io::stdout().write_all(banner.as_bytes());
    world.wait().await
}

/// What a newcomer needs to begin: when, where, who, and a file to load. `logins`: those that are no secret.
fn banner(peers: &Peers, logins: &[Operatore], folder: &str, begun: Instant) -> String {
    let mut lines = vec![
        String::new(),
        format!(
            "GovPay Lab {} avviato alle {} in {} ms; mondo: {folder}",
            env!("CARGO_PKG_VERSION"),
            clock::real_now()
                .with_timezone(&chrono_tz::Europe::Rome)
                .format("%H:%M:%S"),
            begun.elapsed().as_millis()
        ),
        String::new(),
    ];
    let addresses = [
        (
            "govpay-core",
            &peers.core,
            "cuore dei pagamenti, API e SOAP",
        ),
        ("loader", &peers.loader, "caricamento dei tracciati"),
        ("portale-ente", &peers.portale, "portale del cittadino"),
        ("wisp", &peers.wisp, "scelta del PSP"),
        ("psp-sim", &peers.psp, "PSP e Nodo dei pagamenti"),
        ("console", &peers.console, "monitoraggio"),
    ];
    for (name, peer, role) in addresses {
        lines.push(format!("  {name:<13} {:<28} {role}", peer.public));
    }
    lines.push(String::new());
    for operatore in logins {
        lines.push(format!(
            "  accesso a loader e console: {} / {}",
            operatore.principal,
            operatore.password.reveal()
        ));
    }
    if !logins.is_empty() {
        lines.push(
            "  tracciati di esempio: cartella samples/ (per cominciare, samples/cinque-righe.csv)"
                .to_owned(),
        );
    }
    lines.push("  Ctrl-C per fermare.\n\n".to_owned());
    lines.join("\n")
}
