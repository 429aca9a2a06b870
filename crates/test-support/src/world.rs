//! A world of real processes: the one-process program on SQLite, or the six binaries on PostgreSQL
//! and RabbitMQ. The same tests run on both.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::Browser;
use crate::servers::{TestBus, TestDatabase};
use crate::wait::wait_until;

/// How the world is deployed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One process, SQLite, events in the process.
    Embedded,
    /// Six processes, PostgreSQL, RabbitMQ.
    Distributed,
}

/// Service names in the order of their ports.
pub const SERVICES: [&str; 6] = [
    "govpay-core",
    "loader",
    "portale-ente",
    "wisp",
    "psp-sim",
    "console",
];

/// A running world; its processes end with it.
pub struct World {
    mode: Mode,
    base_port: u16,
    processes: Vec<Child>,
    http: reqwest::Client,
    folder: TempDir,
    // Dropped after the processes, which use them.
    servers: Option<(TestDatabase, TestBus)>,
    extra_args: Vec<String>,
}

impl World {
    /// Starts a fresh world with the demo tenant and waits until all six services are ready.
    pub async fn start(mode: Mode) -> Self {
        Self::start_with(mode, &[]).await
    }

    /// The same with more command-line arguments, given to every process.
    pub async fn start_with(mode: Mode, extra_args: &[&str]) -> Self {
        let servers = match mode {
            Mode::Embedded => None,
            Mode::Distributed => Some((TestDatabase::create(), TestBus::create())),
        };
        let mut world = Self {
            mode,
            base_port: free_port_block(),
            processes: vec![],
            http: reqwest::Client::builder()
                .build()
                .expect("a client without options"),
            folder: tempfile::tempdir().expect("a temporary folder"),
            servers,
            extra_args: extra_args.iter().map(|arg| (*arg).to_owned()).collect(),
        };
        world.spawn();
        world.ready().await;
        world
    }

    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Address of a service, without a final slash.
    pub fn url(&self, service: &str) -> String {
        let index = SERVICES
            .iter()
            .position(|name| *name == service)
            .expect("a service name");
        format!("http://127.0.0.1:{}", self.base_port + index as u16)
    }

    /// A browser with an empty cookie jar.
    pub fn browser(&self) -> Browser {
        Browser::new()
    }

    /// Kills all processes without warning and starts them again on the same stores and ports.
    pub async fn crash_and_restart(&mut self) {
        self.kill();
        self.spawn();
        self.ready().await;
    }

    /// Stops all processes as Ctrl-C does and starts them again; how each of them ended.
    pub async fn interrupt_and_restart(&mut self) -> Vec<std::process::ExitStatus> {
        for process in &self.processes {
            let pid = process.id().to_string();
            let sent = Command::new("kill")
                .args(["-INT", &pid])
                .status()
                .expect("kill");
            assert!(sent.success(), "process {pid} is not there any more");
        }
        let exits = self
            .processes
            .drain(..)
            .map(|mut p| p.wait().expect("a child"));
        let exits = exits.collect();
        self.spawn();
        self.ready().await;
        exits
    }

    /// Moves the world's clock forward and waits until every service has heard of it.
    pub async fn advance_clock(&self, seconds: i64) {
        let answer = self
            .post_json(
                "psp-sim",
                "/api/v1/clock/advance",
                &json!({ "seconds": seconds }),
            )
            .await;
        let wanted = answer["offsetSecs"].as_i64().expect("offsetSecs");
        for service in SERVICES {
            wait_until("the service follows the clock", || async {
                let clock = self.get_json(service, "/api/v1/clock").await;
                match clock["offsetSecs"].as_i64() {
                    Some(offset) if offset >= wanted => Ok(()),
                    other => Err(format!("{service}: {other:?}")),
                }
            })
            .await;
        }
    }

    pub async fn get_json(&self, service: &str, path: &str) -> Value {
        let url = format!("{}{path}", self.url(service));
        let answer = self.http.get(&url).send().await.expect("an answer");
        answer.json().await.expect("JSON")
    }

    pub async fn post_json(&self, service: &str, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.url(service));
        let answer = self
            .http
            .post(&url)
            .json(body)
            .send()
            .await
            .expect("an answer");
        assert!(
            answer.status().is_success(),
            "POST {url}: {}",
            answer.status()
        );
        answer.json().await.expect("JSON")
    }

    /// GET with the credentials of an applicazione or operatore; status and body.
    pub async fn get_as(
        &self,
        credentials: (&str, &str),
        path: &str,
        accept: &str,
    ) -> (u16, Vec<u8>) {
        let answer = self
            .http
            .get(format!("{}{path}", self.url("govpay-core")))
            .basic_auth(credentials.0, Some(credentials.1))
            .header("accept", accept)
            .send()
            .await
            .expect("an answer");
        (
            answer.status().as_u16(),
            answer.bytes().await.expect("a body").to_vec(),
        )
    }

    /// What the processes have logged so far.
    pub fn log(&self) -> String {
        let mut log = String::new();
        for name in self.process_names() {
            let path = self.folder.path().join(format!("{name}.log"));
            log += &std::fs::read_to_string(path).unwrap_or_default();
        }
        log
    }

    /// Folder of the processes' logs and, embedded, of the world.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Process ids, for measuring.
    pub fn pids(&self) -> Vec<u32> {
        self.processes.iter().map(Child::id).collect()
    }

    fn process_names(&self) -> Vec<&'static str> {
        match self.mode {
            Mode::Embedded => vec!["govpay-lab"],
            Mode::Distributed => SERVICES.to_vec(),
        }
    }

    fn spawn(&mut self) {
        for (index, name) in self.process_names().into_iter().enumerate() {
            let mut command = Command::new(binary(name));
            match (&self.servers, self.mode) {
                (Some((database, bus)), Mode::Distributed) => {
                    command
                        .args(["--port", &(self.base_port + index as u16).to_string()])
                        .args(["--database-url", &database.url, "--amqp-url", &bus.url])
                        .args(["--bus-namespace", &bus.namespace]);
                    for service in SERVICES {
                        command.args([&format!("--{service}-url"), &self.url(service)]);
                    }
                }
                _ => {
                    command
                        .args(["--base-port", &self.base_port.to_string(), "--world"])
                        .arg(self.folder.path().join("mondo"));
                }
            }
            let log = std::fs::OpenOptions::new()
                .create(true)
                .append(true)
                .open(self.folder.path().join(format!("{name}.log")))
                .expect("a log file");
            let child = command
                .args(["--timer-secs", "1"])
                .args(&self.extra_args)
                .stdin(Stdio::null())
                .stdout(log.try_clone().expect("a file handle"))
                .stderr(log)
                .spawn()
                .unwrap_or_else(|error| {
                    panic!("{} does not start: {error}", binary(name).display())
                });
            self.processes.push(child);
        }
    }

    /// Waits for `/readyz` of all services, and makes sure that they are ours and alive.
    async fn ready(&mut self) {
        for service in SERVICES {
            let url = format!("{}/readyz", self.url(service));
            let http = self.http.clone();
            wait_until("the service is ready", || {
                let exited: Vec<String> = self
                    .processes
                    .iter_mut()
                    .filter_map(|p| p.try_wait().ok().flatten().map(|status| status.to_string()))
                    .collect();
                assert!(
                    exited.is_empty(),
                    "a process ended: {exited:?}\n{}",
                    self.log()
                );
                let (http, url) = (http.clone(), url.clone());
                async move {
                    let answer = http
                        .get(&url)
                        .send()
                        .await
                        .map_err(|e| format!("{url}: {e}"))?;
                    let status = answer.status();
                    let body: Value = answer.json().await.map_err(|e| format!("{url}: {e}"))?;
                    assert_eq!(body["service"], service, "{url} belongs to another program");
                    if status.is_success() {
                        Ok(())
                    } else {
                        Err(format!("{url}: {body}"))
                    }
                }
            })
            .await;
        }
    }

    fn kill(&mut self) {
        for mut process in self.processes.drain(..) {
            // A process that has already ended cannot be killed: that is what we want anyway.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let log = self.log();
            let tail: Vec<&str> = log.lines().rev().take(60).collect();
            let tail: Vec<&str> = tail.into_iter().rev().collect();
            eprintln!("---- last lines of the world's log\n{}", tail.join("\n"));
        }
    }
}

/// A program of the workspace, built beside this test.
pub fn binary(name: &str) -> PathBuf {
    let mut folder = std::env::current_exe().expect("the path of this test");
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    let path = folder.join(name);
    assert!(
        path.exists(),
        "{} is missing: build the programs first (make build)",
        path.display()
    );
    path
}

/// The first of six free ports in a row. Another program may take one of them before we do: then
/// the process that needs it ends and says so.
fn free_port_block() -> u16 {
    for _ in 0..200 {
        let probe = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
        let base = probe.expect("a free port").port();
        let block: Option<Vec<TcpListener>> = (0..6)
            .map(|i| {
                base.checked_add(i)
                    .and_then(|p| TcpListener::bind(("127.0.0.1", p)).ok())
            })
            .collect();
        if block.is_some() {
            return base;
        }
    }
    panic!("no six free ports in a row");
}
