//! `bench load`: how long a tracciato takes, beside a bare COPY of the rows that come of it; how much
//! memory; whether a row costs the same in a large file; what a portal feels meanwhile.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use clap::Args;
use serde::Deserialize;
use tempfile::TempDir;
use tokio::process::Command;

use crate::copy;
use crate::file::Tracciato;
use crate::prober::{Prober, RATE, Readings};
use crate::processes::{Binaries, CORE, LOADER, Store, World, check_servers};
use crate::report::{self, Figure, Runs, Summary, median, percentile};
use crate::upload::Loader;

const IDLE: Duration = Duration::from_secs(5);

#[derive(Args)]
pub struct Settings {
    /// Rows of the tracciato.
    #[arg(long, env = "ROWS", default_value_t = 100_000)]
    rows: u64,
    /// Repetitions of each measure; the median counts.
    #[arg(long, env = "RUNS", default_value_t = 3)]
    runs: usize,
    /// Rows of the small tracciato, for the growth of the time per row.
    #[arg(long, env = "SMALL", default_value_t = 10_000)]
    small: u64,
    /// Memory at more rows is compared with memory at this many.
    #[arg(long, env = "BASE", default_value_t = 100_000)]
    base: u64,
    /// Seconds between two looks of the services' timers.
    #[arg(long, env = "TIMER_SECS", default_value_t = 0.05)]
    timer_secs: f64,
    /// Milliseconds between two questions for the tracciato's state.
    #[arg(long, env = "POLL_MS", default_value_t = 20)]
    poll_ms: u64,
    /// The built example `misura-validazione` of the Loader; without it validation alone is not measured.
    #[arg(long, env = "VALIDATION_EXAMPLE")]
    validation: Option<PathBuf>,
}

/// What every measure needs.
struct Bench<'a> {
    settings: &'a Settings,
    binaries: Binaries,
    folder: TempDir,
}

/// One load on a fresh world, which is still there.
struct Loaded {
    world: World,
    id: i64,
    runs: Runs,
}

pub async fn run(settings: &Settings) -> anyhow::Result<()> {
    ensure!(
        settings.rows > 0 && settings.small > 0 && settings.base > 0 && settings.runs > 0,
        "ROWS, SMALL, BASE and RUNS are at least 1"
    );
    check_servers()?;
    let server = copy::server(&test_support::servers::postgres_url()).await?;
    let folder = tempfile::tempdir()?;
    let binaries = Binaries::copy_to(folder.path(), &[CORE, LOADER])?;
    let bench = Bench {
        settings,
        binaries,
        folder,
    };
    print_settings(settings, &server)?;
    let small = bench.file(settings.small, 1)?;
    let large = bench.file(settings.rows, 2)?;
    println!(
        "file: {} rows, {} bytes, 87 columns",
        large.rows, large.bytes
    );
    report::print_head();

    let small_runs = bench
        .repeat("PostgreSQL, small", Store::Postgres, &small)
        .await?
        .0;
    let base = if settings.rows > settings.base {
        let file = bench.file(settings.base, 3)?;
        let loaded = bench.load(Store::Postgres, &file).await?;
        report::print_runs("PostgreSQL, base", &loaded.runs);
        Some(loaded.runs)
    } else {
        None
    };
    let (runs, mut world) = bench.repeat("PostgreSQL", Store::Postgres, &large).await?;
    world.stop_services();
    let copied = bench.copy(&world).await?;
    drop(world);
    let (idle, busy) = bench.probe(&small, &large).await?;
    let sqlite = bench.repeat("SQLite", Store::Sqlite, &large).await?.0;
    let validation = bench.validation(&large.path).await?;

    let copy_s = median(copied);
    let growth = |of: fn(&crate::processes::Peak) -> f64| {
        Figure(base.as_ref().map(|base| runs.peak(of) / base.peak(of)))
    };
    let (p99_idle, p99_load) = (percentile(&idle.millis, 99), percentile(&busy.millis, 99));
    let summary = Summary {
        rows: settings.rows,
        ratio_copy: (runs.seconds() / copy_s).into(),
        copy_s: copy_s.into(),
        load_s: runs.seconds().into(),
        rows_per_s: runs.rows_per_second().into(),
        validation_rows_per_s: Figure(validation),
        rss_loader_mib: runs.peak(|p| p.loader).into(),
        rss_core_mib: runs.peak(|p| p.core).into(),
        rss_growth_loader: growth(|p| p.loader),
        rss_growth_core: growth(|p| p.core),
        growth_per_row: (runs.seconds_per_row() / small_runs.seconds_per_row()).into(),
        p99_idle_ms: p99_idle.into(),
        p99_load_ms: p99_load.into(),
        p99_ratio: (p99_load / p99_idle).into(),
        failed_readings: idle.failed + busy.failed,
        sqlite_s: sqlite.seconds().into(),
        sqlite_rows_per_s: sqlite.rows_per_second().into(),
    };
    println!("{}", serde_json::to_string(&summary)?);
    Ok(())
}

fn print_settings(settings: &Settings, server: &str) -> anyhow::Result<()> {
    report::print_machine(server)?;
    println!(
        "settings: ROWS={} RUNS={} SMALL={} BASE={} TIMER_SECS={} POLL_MS={} MIMALLOC_PURGE_DELAY=0; each run on fresh processes \
         and a fresh store; {RATE} readings/s",
        settings.rows,
        settings.runs,
        settings.small,
        settings.base,
        settings.timer_secs,
        settings.poll_ms
    );
    Ok(())
}

impl Bench<'_> {
    fn file(&self, rows: u64, seed: u64) -> anyhow::Result<Tracciato> {
        Tracciato::create(self.folder.path(), rows, seed)
    }

    fn loader(&self, world: &World) -> anyhow::Result<Loader> {
        Loader::new(
            &world.loader_url,
            Duration::from_millis(self.settings.poll_ms),
        )
    }

    async fn start(&self, store: Store) -> anyhow::Result<World> {
        let world = World::start(&self.binaries, store, self.settings.timer_secs).await?;
        if let Some(database) = &world.database {
            copy::checkpoint(&database.url).await?;
        }
        Ok(world)
    }

    /// One load on a fresh world.
    async fn load(&self, store: Store, file: &Tracciato) -> anyhow::Result<Loaded> {
        let world = self.start(store).await?;
        let loaded = self.loader(&world)?.load(file).await;
        let (id, timing) = loaded.with_context(|| world.last_words())?;
        let runs = Runs {
            rows: file.rows,
            timings: vec![timing],
            peaks: vec![world.peak()?],
        };
        Ok(Loaded { world, id, runs })
    }

    /// As many loads as asked, each on a fresh world; the last world is still there.
    async fn repeat(
        &self,
        name: &str,
        store: Store,
        file: &Tracciato,
    ) -> anyhow::Result<(Runs, World)> {
        let first = self.load(store, file).await?;
        let (mut runs, mut world) = (first.runs, first.world);
        for _ in 1..self.settings.runs {
            drop(world);
            let again = self.load(store, file).await?;
            runs.timings.extend(again.runs.timings);
            runs.peaks.extend(again.runs.peaks);
            world = again.world;
        }
        report::print_runs(name, &runs);
        Ok((runs, world))
    }

    /// Seconds of each bare copy of the rows that the last load left.
    async fn copy(&self, world: &World) -> anyhow::Result<Vec<f64>> {
        let database = world.database.as_ref().context("a world on PostgreSQL")?;
        let Settings { rows, runs, .. } = *self.settings;
        let seconds = copy::run(&database.url, self.folder.path(), rows, runs).await?;
        let each: Vec<String> = seconds.iter().map(|s| format!("{s:.2}")).collect();
        println!(
            "{:<22} {rows:>8} {:>8.2}  of {}",
            "psql \\copy",
            median(seconds.clone()),
            each.join(" ")
        );
        Ok(seconds)
    }

    /// Readings of the core with nothing else to do, and while it loads.
    async fn probe(
        &self,
        small: &Tracciato,
        large: &Tracciato,
    ) -> anyhow::Result<(Readings, Readings)> {
        let Loaded { world, id, .. } = self.load(Store::Postgres, small).await?;
        let loader = self.loader(&world)?;
        let prober = Prober::new(&world.core_url, &loader.targets(id).await?)?;
        // Connections, plans and pages that the first readings pay for.
        prober.run_for(Duration::from_secs(1)).await?;
        let idle = prober.run_for(IDLE).await?;
        report::print_readings("readings, idle", &idle);
        let loading = prober.run_during(loader.load(large)).await;
        let (_, busy) = loading.with_context(|| world.last_words())?;
        report::print_readings("readings, loading", &busy);
        Ok((idle, busy))
    }

    /// Rows per second of the validation alone, on one core.
    async fn validation(&self, file: &Path) -> anyhow::Result<Option<f64>> {
        #[derive(Deserialize)]
        struct Measured {
            righe_al_secondo: f64,
        }
        let Some(example) = &self.settings.validation else {
            println!("validation alone: not measured, the example misura-validazione is not built");
            return Ok(None);
        };
        let mut rates = Vec::new();
        for _ in 0..self.settings.runs {
            let output = Command::new("taskset")
                .args(["--cpu-list", "0"])
                .args([example.as_path(), file])
                .stdin(Stdio::null())
                .stderr(Stdio::inherit())
                .kill_on_drop(true)
                .output()
                .await
                .context("taskset is needed: install the package util-linux")?;
            ensure!(
                output.status.success(),
                "misura-validazione: {}",
                output.status
            );
            let text = String::from_utf8(output.stdout)?;
            let line = text
                .lines()
                .last()
                .context("misura-validazione said nothing")?;
            let measured: Measured = serde_json::from_str(line).with_context(|| line.to_owned())?;
            rates.push(measured.righe_al_secondo);
        }
        let rate = median(rates);
        println!("{:<22} {rate:.0} rows/s on one core", "validation alone");
        Ok(Some(rate))
    }
}
