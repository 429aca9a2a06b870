//! All six services in one process: embedded SQLite, events delivered in the process.
//!
//! A world is a folder: copy it for a snapshot, delete it for a reset, start a second process on
//! another folder for a second world.

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use platform::{Boot, Bus, Peers, Running, Settings};
use tokio_util::sync::CancellationToken;

/// The services in the order of their ports.
pub const SERVICES: [&str; 6] = [
    govpay_core::NAME,
    loader::NAME,
    portale_ente::NAME,
    wisp::NAME,
    psp_sim::NAME,
    console::NAME,
];

/// What a world is made of.
pub struct WorldConfig {
    /// Folder of the world, made when missing.
    pub folder: PathBuf,
    pub bind: IpAddr,
    /// The services listen on this port and the five that follow; 0 takes free ones.
    pub base_port: u16,
    /// For every service; `database_url` and `peers` are the world's own.
    pub settings: Settings,
}

/// Six services at work.
pub struct World {
    pub peers: Peers,
    running: Vec<Running>,
    /// Held while the world runs: two processes never share a folder.
    _lock: std::fs::File,
}

impl World {
    /// Starts all six, or none: a port in use or a world in use is told before anything begins.
    pub async fn start(config: WorldConfig, stop: CancellationToken) -> anyhow::Result<Self> {
        let lock = lock_folder(&config)?;
        let listeners = bind_all(&config)?;
        let addresses: Vec<SocketAddr> = listeners
            .iter()
            .map(TcpListener::local_addr)
            .collect::<Result<_, _>>()?;
        let addresses: [SocketAddr; 6] = addresses
            .try_into()
            .map_err(|_| anyhow::anyhow!("servono sei porte"))?;
        let peers = Peers::local(addresses);
        let bus = Bus::in_process();

        let mut running = Vec::with_capacity(SERVICES.len());
        for (service, listener) in SERVICES.into_iter().zip(listeners) {
            let mut settings = config.settings.clone();
            settings.database_url = format!(
                "sqlite:{}",
                config.folder.join(format!("{service}.db")).display()
            );
            let boot = Boot {
                settings,
                peers: peers.clone(),
                bus: bus.clone(),
                listener,
                stop: stop.clone(),
            };
            running.push(start_service(service, boot).await?);
        }
        Ok(Self {
            peers,
            running,
            _lock: lock,
        })
    }

    /// Waits until all services have stopped; the first error of any of them stops all.
    pub async fn wait(self) -> anyhow::Result<()> {
        let mut services = tokio::task::JoinSet::new();
        for running in self.running {
            services.spawn(running.wait());
        }
        let mut outcome = Ok(());
        while let Some(joined) = services.join_next().await {
            outcome = outcome.and(joined.context("servizio interrotto")?);
        }
        outcome
    }
}

async fn start_service(service: &str, boot: Boot) -> anyhow::Result<Running> {
    match service {
        govpay_core::NAME => govpay_core::start(boot).await,
        loader::NAME => loader::start(boot).await,
        portale_ente::NAME => portale_ente::start(boot).await,
        wisp::NAME => wisp::start(boot).await,
        psp_sim::NAME => psp_sim::start(boot).await,
        console::NAME => console::start(boot).await,
        other => anyhow::bail!("servizio sconosciuto: {other}"),
    }
}

fn lock_folder(config: &WorldConfig) -> anyhow::Result<std::fs::File> {
    let folder = config.folder.display();
    std::fs::create_dir_all(&config.folder)
        .with_context(|| format!("la cartella {folder} non si crea"))?;
    let lock = std::fs::File::create(config.folder.join("lock"))
        .with_context(|| format!("la cartella {folder} non è scrivibile"))?;
    ensure!(
        lock.try_lock().is_ok(),
        "il mondo {folder} è già aperto da un altro processo: fermalo o scegli un'altra cartella con --world"
    );
    Ok(lock)
}

fn bind_all(config: &WorldConfig) -> anyhow::Result<Vec<TcpListener>> {
    (0u16..6)
        .map(|index| {
            let port = match config.base_port {
                0 => 0,
                base => base
                    .checked_add(index)
                    .context("le porte arrivano fino a 65535")?,
            };
            platform::program::bind(config.bind, port)
        })
        .collect()
}
