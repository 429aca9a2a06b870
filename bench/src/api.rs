//! `bench api`: what one request costs beside a bare server and a bare transaction on the same pool;
//! whether look-ups and first pages of lists take as long in a large archive as in a small one.

mod archive;
mod bare;
mod generator;
mod lists;
mod tables;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use clap::Args;
use reqwest::Client;
use serde::Serialize;
use serde_json::json;

use crate::copy;
use crate::processes::{Binaries, CORE, Core, check_servers};
use crate::report::{self, Figure, median};

/// The gestionale of the demo tenant, which owns the pendenze.
const GESTIONALE: (&str, &str) = ("gestionale", "Gestionale-Password1");
const API: &str = "/govpay/backend/api/pendenze/rs/basic/v2";
const TIMEOUT: Duration = Duration::from_secs(30);

#[derive(Args)]
pub struct Settings {
    /// Pendenze of the large archive.
    #[arg(long, env = "ROWS", default_value_t = 1_000_000)]
    rows: u64,
    /// Pendenze of the small one.
    #[arg(long, env = "SMALL", default_value_t = 10_000)]
    small: u64,
    /// Repetitions of each rate; the median counts.
    #[arg(long, env = "RUNS", default_value_t = 5)]
    runs: usize,
    /// Seconds of each repetition.
    #[arg(long, env = "SECONDS_EACH", default_value_t = 3)]
    seconds_each: u64,
    /// Callers at a time.
    #[arg(long, env = "CONNECTIONS", default_value_t = 16)]
    connections: usize,
    /// Times that each list is asked for in either archive, in turn.
    #[arg(long, env = "PAIRS", default_value_t = 30)]
    pairs: usize,
}

/// The last line. Rates are requests (or transactions) per second, the `growth_…` are latencies in the
/// large archive over those in the small one.
#[derive(Serialize)]
struct Summary {
    rows: u64,
    ratio_get: Figure,
    ratio_put: Figure,
    get_s: Figure,
    bare_get_s: Figure,
    put_s: Figure,
    bare_put_s: Figure,
    /// The worst of the look-ups, by key and by avviso.
    growth_lookup: Figure,
    /// The worst of the lists, and which it is.
    growth_list: Figure,
    growth_list_of: String,
    growth_list_median: Figure,
}

pub async fn run(settings: &Settings) -> anyhow::Result<()> {
    ensure!(
        settings.small >= 1000 && settings.rows >= settings.small && settings.runs > 0,
        "SMALL is at least 1000, ROWS at least SMALL, RUNS at least 1"
    );
    check_servers()?;
    let server = copy::server(&test_support::servers::postgres_url()).await?;
    let folder = tempfile::tempdir()?;
    let binaries = Binaries::copy_to(folder.path(), &[CORE])?;
    report::print_machine(&server)?;
    println!(
        "settings: ROWS={} SMALL={} RUNS={} SECONDS_EACH={} CONNECTIONS={} PAIRS={}; pools of 10, 2 workers",
        settings.rows,
        settings.small,
        settings.runs,
        settings.seconds_each,
        settings.connections,
        settings.pairs
    );
    let small = Core::start(&binaries).await?;
    archive::fill(&small, settings.small).await?;
    let http = platform::http::client(TIMEOUT)?;
    let pair = Get::new(&http, &small)?;
    let get = rates("GET byAvviso", "one SELECT by primary key", settings, &pair);
    let get = get.await.with_context(|| small.last_words())?;
    pair.bare.stop().await;
    let pair = Put::new(&http, &small).await?;
    let put = rates("PUT pendenza", "the inserts alone", settings, &pair);
    let put = put.await.with_context(|| small.last_words())?;
    drop(small);

    // A fresh small archive: the one before holds what was put.
    let small = Core::start(&binaries).await?;
    archive::fill(&small, settings.small).await?;
    let large = Core::start(&binaries).await?;
    archive::fill(&large, settings.rows).await?;
    let growths = lists::run(&http, [&small, &large], settings).await;
    let growths = growths.with_context(|| large.last_words())?;

    let worst = growths.worst_list();
    let summary = Summary {
        rows: settings.rows,
        ratio_get: (get.0 / get.1).into(),
        ratio_put: (put.0 / put.1).into(),
        get_s: get.0.into(),
        bare_get_s: get.1.into(),
        put_s: put.0.into(),
        bare_put_s: put.1.into(),
        growth_lookup: growths.lookup().into(),
        growth_list: worst.growth().into(),
        growth_list_of: worst.name(),
        growth_list_median: growths.median_list().into(),
    };
    println!("{}", serde_json::to_string(&summary)?);
    Ok(())
}

/// Two rates that are measured in turn.
trait Pair {
    async fn core(&self, connections: usize, time: Duration) -> anyhow::Result<f64>;
    async fn bare(&self, connections: usize, time: Duration) -> anyhow::Result<f64>;
}

/// The medians of both, after one second of each that does not count: connections, plans and pages
/// that the first requests pay for.
async fn rates(
    name: &str,
    against: &str,
    settings: &Settings,
    pair: &impl Pair,
) -> anyhow::Result<(f64, f64)> {
    let n = settings.connections;
    let second = Duration::from_secs(1);
    pair.core(n, second).await?;
    pair.bare(n, second).await?;
    let each = Duration::from_secs(settings.seconds_each);
    let (mut core, mut bare) = (vec![], vec![]);
    for _ in 0..settings.runs {
        core.push(pair.core(n, each).await?);
        bare.push(pair.bare(n, each).await?);
    }
    let list = |rates: &[f64]| {
        let each: Vec<String> = rates.iter().map(|rate| format!("{rate:.0}")).collect();
        each.join(" ")
    };
    println!(
        "{name:<14} {:>8.0}/s  of {}",
        median(core.clone()),
        list(&core)
    );
    println!(
        "{:<14} {:>8.0}/s  of {}  ({against})",
        "bare",
        median(bare.clone()),
        list(&bare)
    );
    Ok((median(core), median(bare)))
}

struct Get {
    http: Client,
    core_url: String,
    bare: bare::Server,
}

/// The avviso of the n-th pendenza of [`archive`], as its path has it.
fn avviso(n: u64) -> String {
    let dominio = if n.is_multiple_of(2) {
        "12345678903"
    } else {
        "09876543217"
    };
    format!("{dominio}/3{n:015}{:02}", n % 93)
}

impl Get {
    fn new(http: &Client, core: &Core) -> anyhow::Result<Self> {
        Ok(Self {
            http: http.clone(),
            core_url: core.url.clone(),
            bare: bare::Server::start(&core.database.url)?,
        })
    }
}

impl Pair for Get {
    async fn core(&self, connections: usize, time: Duration) -> anyhow::Result<f64> {
        let (http, base) = (self.http.clone(), self.core_url.clone());
        generator::rate(connections, time, move |n| {
            let url = format!("{base}{API}/pendenze/byAvviso/{}", avviso(n % 1000 + 1));
            http.get(url).basic_auth(GESTIONALE.0, Some(GESTIONALE.1))
        })
        .await
    }

    async fn bare(&self, connections: usize, time: Duration) -> anyhow::Result<f64> {
        let (http, base) = (self.http.clone(), self.bare.url.clone());
        let request = move |n| http.get(format!("{base}/{}", n % 1000 + 1));
        generator::rate(connections, time, request).await
    }
}

struct Put {
    http: Client,
    core_url: String,
    inserts: bare::Inserts,
}

impl Put {
    async fn new(http: &Client, core: &Core) -> anyhow::Result<Self> {
        let first = put(http, &core.url, "first").send().await?;
        let (status, body) = (first.status(), first.text().await?);
        ensure!(status.as_u16() == 201, "PUT pendenza: {status} {body}");
        copy::copy_schema(&core.database.url).await?;
        Ok(Self {
            http: http.clone(),
            core_url: core.url.clone(),
            inserts: bare::Inserts::like_the_last(&core.database.url).await?,
        })
    }
}

/// A new pendenza with two voci, whose avviso is generated.
fn put(http: &Client, core_url: &str, key: &str) -> reqwest::RequestBuilder {
    let body = json!({
        "idDominio": "12345678903", "idTipoPendenza": "TARI", "causale": "Tassa sui rifiuti 2026",
        "importo": 120.5, "dataScadenza": "2030-12-31", "annoRiferimento": 2026,
        "soggettoPagatore": {
            "tipo": "F", "identificativo": "VRDGPP80A01H501U", "anagrafica": "Giuseppe Verdi",
            "indirizzo": "via Roma", "civico": "1", "cap": "00100", "localita": "Valtorbida",
            "provincia": "RM", "nazione": "IT", "email": "giuseppe@posta.example",
        },
        "voci": [
            {"idVocePendenza": "1", "importo": 100.0, "descrizione": "Quota", "codEntrata": "TARI"},
            {"idVocePendenza": "2", "importo": 20.5, "descrizione": "Spese", "codEntrata": "TARI"},
        ],
    });
    http.put(format!("{core_url}{API}/pendenze/GESTIONALE/{key}"))
        .basic_auth(GESTIONALE.0, Some(GESTIONALE.1))
        .json(&body)
}

impl Pair for Put {
    async fn core(&self, connections: usize, time: Duration) -> anyhow::Result<f64> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let (http, base) = (self.http.clone(), self.core_url.clone());
        generator::rate(connections, time, move |_| {
            let key = format!("P-{}", NEXT.fetch_add(1, Ordering::Relaxed));
            put(&http, &base, &key)
        })
        .await
    }

    async fn bare(&self, connections: usize, time: Duration) -> anyhow::Result<f64> {
        self.inserts.rate(connections, time).await
    }
}
