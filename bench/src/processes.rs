//! The core and the Loader as processes of their own, on a fresh database, with the demo tenant.

use std::fs::File;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use tempfile::TempDir;
use test_support::servers::{TestBus, TestDatabase, amqp_url, postgres_url};

/// A service that is not ready after so long will never be.
const START_LIMIT: Duration = Duration::from_secs(60);
/// Nobody listens here: the services that are not started must not be looked for elsewhere.
const NOBODY: &str = "http://127.0.0.1:9";

pub const CORE: &str = "govpay-core";
pub const LOADER: &str = "loader";

/// Copies of the programs: a build that goes on meanwhile does not change what is measured.
pub struct Binaries(PathBuf);

impl Binaries {
    pub fn copy_to(folder: &Path, names: &[&str]) -> anyhow::Result<Self> {
        let built = std::env::current_exe()?;
        for name in names {
            let (from, to) = (built.with_file_name(name), folder.join(name));
            std::fs::copy(&from, &to).with_context(|| {
                let advice = format!("build it first: cargo build --release -p {name}");
                format!("{} is missing; {advice}", from.display())
            })?;
        }
        Ok(Self(folder.to_owned()))
    }
}

/// Which store the services use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    Postgres,
    Sqlite,
}

/// Peak resident memory in MiB.
#[derive(Clone, Copy, Debug)]
pub struct Peak {
    pub loader: f64,
    pub core: f64,
}

/// The two services, running. They end with it, and then their database and queues.
pub struct World {
    pub core_url: String,
    pub loader_url: String,
    core: Process,
    loader: Process,
    pub database: Option<TestDatabase>,
    _bus: TestBus,
    _folder: TempDir,
}

/// A core on a database of PostgreSQL, and nothing else.
pub struct Core {
    pub url: String,
    process: Process,
    pub database: TestDatabase,
    _bus: TestBus,
    _folder: TempDir,
}

impl Core {
    pub async fn start(binaries: &Binaries) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let (database, bus) = (TestDatabase::create(), TestBus::create());
        let [port, _] = free_ports()?;
        let url = format!("http://127.0.0.1:{port}");
        let mut command = service(&binaries.0.join(CORE), port, &database.url, &bus);
        command.args(["--govpay-core-url", &url, "--loader-url", NOBODY]);
        let mut core = Self {
            process: Process::spawn(CORE, &mut command, folder.path())?,
            url,
            database,
            _bus: bus,
            _folder: folder,
        };
        core.process.ready(&core.url).await?;
        Ok(core)
    }

    /// What it has logged last, for the reader of an error.
    pub fn last_words(&self) -> String {
        self.process.last_words()
    }
}

/// The command that starts a service; the services that are not there are not looked for elsewhere.
fn service(binary: &Path, port: u16, database_url: &str, bus: &TestBus) -> Command {
    let mut command = Command::new(binary);
    command
        .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
        .args(["--database-url", database_url, "--amqp-url", &bus.url])
        .args(["--bus-namespace", &bus.namespace])
        .env_remove("TENANT")
        // As in the container image.
        .env("MIMALLOC_PURGE_DELAY", "0");
    for absent in ["portale-ente", "wisp", "psp-sim", "console"] {
        command.args([&format!("--{absent}-url"), NOBODY]);
    }
    command
}

impl World {
    pub async fn start(binaries: &Binaries, store: Store, timer_secs: f64) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let database = (store == Store::Postgres).then(TestDatabase::create);
        let bus = TestBus::create();
        let [core_port, loader_port] = free_ports()?;
        let url = |port| format!("http://127.0.0.1:{port}");
        let (core_url, loader_url) = (url(core_port), url(loader_port));
        let spawn = |name: &'static str, port: u16| {
            let address = match &database {
                Some(database) => database.url.clone(),
                None => format!("sqlite:{}/{name}.db", folder.path().display()),
            };
            let mut command = service(&binaries.0.join(name), port, &address, &bus);
            command
                .args(["--timer-secs", &timer_secs.to_string()])
                .args(["--govpay-core-url", &core_url, "--loader-url", &loader_url])
                // A million rows are some hundred MiB; the default is 100.
                .env("MAX_UPLOAD_MIB", "4096");
            Process::spawn(name, &mut command, folder.path())
        };
        let mut world = Self {
            core: spawn(CORE, core_port)?,
            loader: spawn(LOADER, loader_port)?,
            core_url,
            loader_url,
            database,
            _bus: bus,
            _folder: folder,
        };
        world.core.ready(&world.core_url).await?;
        world.loader.ready(&world.loader_url).await?;
        Ok(world)
    }

    pub fn peak(&self) -> anyhow::Result<Peak> {
        Ok(Peak {
            loader: self.loader.peak_mib()?,
            core: self.core.peak_mib()?,
        })
    }

    /// Ends the services; the database stays until the end of the world.
    pub fn stop_services(&mut self) {
        self.loader.kill();
        self.core.kill();
    }

    /// What the services have logged last, for the reader of an error.
    pub fn last_words(&self) -> String {
        format!("{}{}", self.core.last_words(), self.loader.last_words())
    }
}

struct Process {
    name: &'static str,
    child: Child,
    log: PathBuf,
}

impl Process {
    fn spawn(name: &'static str, command: &mut Command, folder: &Path) -> anyhow::Result<Self> {
        let log = folder.join(format!("{name}.log"));
        let out = File::create(&log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            .spawn()
            .with_context(|| format!("{name} does not start"))?;
        Ok(Self { name, child, log })
    }

    async fn ready(&mut self, url: &str) -> anyhow::Result<()> {
        let http = platform::http::client(Duration::from_secs(5))?;
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                bail!(
                    "{} ended at its start, {status}{}",
                    self.name,
                    self.last_words()
                );
            }
            let answer = http.get(format!("{url}/readyz")).send().await;
            if answer.is_ok_and(|a| a.status().is_success()) {
                return Ok(());
            }
            ensure!(
                begun.elapsed() < START_LIMIT,
                "{} is not ready after {} s{}",
                self.name,
                START_LIMIT.as_secs(),
                self.last_words()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// `VmHWM`: the most that was ever resident.
    fn peak_mib(&self) -> anyhow::Result<f64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(&path)
            .with_context(|| format!("{} is not there any more", self.name))?;
        let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
        let kib = peak.and_then(|p| p.trim().strip_suffix(" kB"));
        let kib: f64 = kib
            .with_context(|| format!("no VmHWM in {path}"))?
            .parse()?;
        Ok(kib / 1024.0)
    }

    fn kill(&mut self) {
        // A process that has already ended cannot be killed: that is what we want anyway.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let tail = lines[lines.len().saturating_sub(15)..].join("\n");
        format!("\n---- last lines of {}\n{tail}", self.name)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Two free ports. Another program may take one before we do: then the process that needs it ends
/// and says so.
fn free_ports() -> anyhow::Result<[u16; 2]> {
    let (first, second) = (
        TcpListener::bind("127.0.0.1:0")?,
        TcpListener::bind("127.0.0.1:0")?,
    );
    Ok([first.local_addr()?.port(), second.local_addr()?.port()])
}

/// Says in one sentence which server is missing, before anything is started.
pub fn check_servers() -> anyhow::Result<()> {
    for (what, variable, url, port) in [
        ("PostgreSQL", "TEST_DATABASE_URL", postgres_url(), 5432),
        ("RabbitMQ", "TEST_AMQP_URL", amqp_url(), 5672),
    ] {
        let url = url::Url::parse(&url).with_context(|| format!("{variable} is not an address"))?;
        let (host, port) = (
            url.host_str().unwrap_or("127.0.0.1"),
            url.port().unwrap_or(port),
        );
        let address = match host {
            "localhost" => format!("127.0.0.1:{port}"),
            host => format!("{host}:{port}"),
        };
        let address: SocketAddr = address.parse().with_context(|| {
            format!("{variable} names «{host}»: this measure stays on the loopback addresses")
        })?;
        ensure!(
            address.ip().is_loopback(),
            "{variable} names {address}: this measure stays on the loopback addresses"
        );
        TcpStream::connect_timeout(&address, Duration::from_secs(3)).with_context(|| {
            format!(
                "{what} is needed and does not listen on {address}: start it, or set {variable}"
            )
        })?;
    }
    Ok(())
}
