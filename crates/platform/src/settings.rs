//! What a service needs to know at start: flags and environment variables, read once.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use ipnet::IpNet;
use url::Url;

/// Settings of one service, from the command line or the environment.
#[derive(Clone, Args)]
pub struct Settings {
    /// `sqlite:PATH` or `postgres://…`. On PostgreSQL each service uses the schema of its name.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: String,

    /// Tenant file, or `none` for an empty archive. Default: the demo tenant.
    #[arg(long, env = "TENANT")]
    pub tenant: Option<String>,

    /// Administrator of an empty archive.
    #[arg(long, env = "GOVPAY_ADMIN_USER")]
    pub admin_user: Option<String>,

    #[arg(long, env = "GOVPAY_ADMIN_PASSWORD", hide_env_values = true)]
    pub admin_password: Option<String>,

    /// Key that signs form tokens and links; the same for all replicas of a service. Without it
    /// one is made and kept in the service's store.
    #[arg(long, env = "SECRET_KEY", hide_env_values = true)]
    pub secret_key: Option<String>,

    /// Seconds between two looks of each timed procedure (validation, loading, sending of RTs).
    /// Decimals are allowed: 0.05.
    #[arg(long = "timer-secs", env = "TIMER_SECS", default_value = "2", value_parser = seconds, overrides_with = "timer")]
    pub timer: Duration,

    /// Largest tracciato that the Loader takes, in MiB.
    #[arg(long, env = "MAX_UPLOAD_MIB", default_value_t = 100)]
    pub max_upload_mib: u64,

    /// Rows of the largest tracciato.
    #[arg(long, env = "MAX_UPLOAD_ROWS", default_value_t = 2_000_000)]
    pub max_upload_rows: u64,

    /// Reverse proxies that may tell the core who calls (headers of SPID, of client certificates, of an
    /// authentication of their own): addresses or networks, separated by commas. Default: loopback with
    /// the demo tenant, else nobody.
    #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,

    /// Header in which such a proxy names the caller that it has authenticated. Without it the core
    /// does not serve the authentication `header`.
    #[arg(long, env = "PRINCIPAL_HEADER")]
    pub principal_header: Option<String>,

    /// Seconds to wait for a database that does not answer at start, before giving up.
    #[arg(long, env = "DATABASE_WAIT_SECS", default_value_t = 30)]
    pub wait_secs: u64,
}

/// Where the services are. The internal address is used between services, the public one by
/// browsers; without a public one they are the same.
#[derive(Clone, Args)]
pub struct PeersArgs {
    #[arg(long, env = "GOVPAY_CORE_URL", default_value = "http://127.0.0.1:8080")]
    pub govpay_core_url: Url,
    #[arg(long, env = "GOVPAY_CORE_PUBLIC_URL")]
    pub govpay_core_public_url: Option<Url>,
    #[arg(long, env = "LOADER_URL", default_value = "http://127.0.0.1:8081")]
    pub loader_url: Url,
    #[arg(long, env = "LOADER_PUBLIC_URL")]
    pub loader_public_url: Option<Url>,
    #[arg(
        long,
        env = "PORTALE_ENTE_URL",
        default_value = "http://127.0.0.1:8082"
    )]
    pub portale_ente_url: Url,
    #[arg(long, env = "PORTALE_ENTE_PUBLIC_URL")]
    pub portale_ente_public_url: Option<Url>,
    #[arg(long, env = "WISP_URL", default_value = "http://127.0.0.1:8083")]
    pub wisp_url: Url,
    #[arg(long, env = "WISP_PUBLIC_URL")]
    pub wisp_public_url: Option<Url>,
    #[arg(long, env = "PSP_SIM_URL", default_value = "http://127.0.0.1:8084")]
    pub psp_sim_url: Url,
    #[arg(long, env = "PSP_SIM_PUBLIC_URL")]
    pub psp_sim_public_url: Option<Url>,
    #[arg(long, env = "CONSOLE_URL", default_value = "http://127.0.0.1:8085")]
    pub console_url: Url,
    #[arg(long, env = "CONSOLE_PUBLIC_URL")]
    pub console_public_url: Option<Url>,
}

/// Seconds of a timer. At least a hundredth: one that never rests would keep the store busy.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let wrong = || "i secondi sono un numero da 0.01 a 86400, per esempio 2 oppure 0.5".to_owned();
    let value: f64 = text.parse().map_err(|_| wrong())?;
    if (0.01..=86_400.0).contains(&value) {
        Ok(Duration::from_secs_f64(value))
    } else {
        Err(wrong())
    }
}

/// A network (`10.0.0.0/8`) or one address.
pub fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let address = text.parse().map(|address: std::net::IpAddr| address.into());
    text.parse().or(address).map_err(|_| {
        "un proxy è un indirizzo o una rete, per esempio 10.1.2.3 oppure 10.0.0.0/8".to_owned()
    })
}

impl Settings {
    /// Whether the tenant is the one that everybody knows, with its passwords.
    pub fn is_demo(&self) -> bool {
        self.tenant.is_none()
    }

    /// The proxies that are believed; see [`Settings::trusted_proxies`].
    pub fn proxies(&self) -> Vec<IpNet> {
        if self.trusted_proxies.is_empty() && self.is_demo() {
            let loopback = ["127.0.0.0/8", "::1/128"];
            return loopback.iter().filter_map(|net| net.parse().ok()).collect();
        }
        self.trusted_proxies.clone()
    }

    /// Settings of a service inside the one-process program, which gives it store and peers.
    pub fn embedded(
        tenant: Option<String>,
        admin_user: Option<String>,
        admin_password: Option<String>,
        timer: Duration,
    ) -> Self {
        Self {
            database_url: String::new(),
            tenant,
            admin_user,
            admin_password,
            secret_key: None,
            timer,
            max_upload_mib: 100,
            max_upload_rows: 2_000_000,
            trusted_proxies: vec![],
            principal_header: None,
            wait_secs: 0,
        }
    }
}

/// One service as its neighbours and as browsers reach it. Both end without a slash.
#[derive(Clone, Debug)]
pub struct Peer {
    pub internal: String,
    pub public: String,
}

#[derive(Clone, Debug)]
pub struct Peers {
    pub core: Peer,
    pub loader: Peer,
    pub portale: Peer,
    pub wisp: Peer,
    pub psp: Peer,
    pub console: Peer,
}

impl Peers {
    /// All six at the same kind of address: what the one-process program uses.
    pub fn local(addresses: [std::net::SocketAddr; 6]) -> Self {
        let [core, loader, portale, wisp, psp, console] = addresses.map(|address| {
            let url = format!("http://{address}");
            Peer {
                internal: url.clone(),
                public: url,
            }
        });
        Self {
            core,
            loader,
            portale,
            wisp,
            psp,
            console,
        }
    }
}

impl From<PeersArgs> for Peers {
    fn from(args: PeersArgs) -> Self {
        let peer = |internal: Url, public: Option<Url>| {
            let text = |url: &Url| url.as_str().trim_end_matches('/').to_owned();
            let public = public.as_ref().unwrap_or(&internal);
            Peer {
                public: text(public),
                internal: text(&internal),
            }
        };
        Self {
            core: peer(args.govpay_core_url, args.govpay_core_public_url),
            loader: peer(args.loader_url, args.loader_public_url),
            portale: peer(args.portale_ente_url, args.portale_ente_public_url),
            wisp: peer(args.wisp_url, args.wisp_public_url),
            psp: peer(args.psp_sim_url, args.psp_sim_public_url),
            console: peer(args.console_url, args.console_public_url),
        }
    }
}

/// The file that a `sqlite:` address names; `None` for PostgreSQL.
pub fn sqlite_path(database_url: &str) -> Option<PathBuf> {
    let path = database_url.strip_prefix("sqlite:")?;
    Some(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))
}
