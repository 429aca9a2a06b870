//! Medians, percentiles, the table, and the line for programs.

use serde::{Serialize, Serializer};

use crate::prober::Readings;
use crate::processes::Peak;
use crate::upload::Timing;

/// The middle value, or the mean of the two in the middle. NaN of nothing.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let sorted = sorted(values);
    let half = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        n if n.is_multiple_of(2) => f64::midpoint(sorted[half - 1], sorted[half]),
        _ => sorted[half],
    }
}

/// The smallest value that at least `percent` of the values do not exceed (nearest rank).
pub fn percentile(values: &[f64], percent: usize) -> f64 {
    let sorted = sorted(values.iter().copied());
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.max(1) - 1).copied().unwrap_or(f64::NAN)
}

fn sorted(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values
}

/// What the figures were taken on.
pub fn print_machine(server: &str) -> anyhow::Result<()> {
    let cores = std::thread::available_parallelism()?;
    let memory = std::fs::read_to_string("/proc/meminfo")?;
    let memory = memory.lines().next().unwrap_or_default();
    println!("machine: {cores} cores, {memory}; release build, demo tenant; {server}");
    // Measures of a machine that has something else to do are worth nothing: let the reader see it.
    let busy = std::fs::read_to_string("/proc/loadavg")?;
    println!("load average before the start: {}", busy.trim());
    Ok(())
}

/// The repetitions of one measure.
pub struct Runs {
    pub rows: u64,
    pub timings: Vec<Timing>,
    pub peaks: Vec<Peak>,
}

impl Runs {
    pub fn median(&self, of: impl Fn(&Timing) -> f64) -> f64 {
        median(self.timings.iter().map(of))
    }

    pub fn seconds(&self) -> f64 {
        self.median(|t| t.total)
    }

    pub fn seconds_per_row(&self) -> f64 {
        self.seconds() / self.rows as f64
    }

    pub fn rows_per_second(&self) -> f64 {
        self.rows as f64 / self.seconds()
    }

    pub fn peak(&self, of: impl Fn(&Peak) -> f64) -> f64 {
        median(self.peaks.iter().map(of))
    }
}

/// Names of the columns of [`print_runs`].
pub fn print_head() {
    println!(
        "{:<22} {:>8} {:>8} {:>8} {:>8} {:>8} {:>9} {:>8} {:>8} {:>7} {:>7}  total of each run",
        "medians, seconds",
        "rows",
        "total",
        "upload",
        "validate",
        "load",
        "download",
        "poll ms",
        "rows/s",
        "loader",
        "core"
    );
}

/// One line: medians, mean time of a question for the state, peak memory in MiB, and the total of
/// each run.
pub fn print_runs(name: &str, runs: &Runs) {
    let each: Vec<String> = runs
        .timings
        .iter()
        .map(|t| format!("{:.2}", t.total))
        .collect();
    println!(
        "{name:<22} {:>8} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>9.2} {:>8.1} {:>8.0} {:>7.1} {:>7.1}  {}",
        runs.rows,
        runs.seconds(),
        runs.median(|t| t.upload),
        runs.median(|t| t.validation),
        runs.median(|t| t.loading),
        runs.median(|t| t.download),
        runs.median(|t| t.poll) * 1000.0,
        runs.rows_per_second(),
        runs.peak(|p| p.loader),
        runs.peak(|p| p.core),
        each.join(" ")
    );
}

pub fn print_readings(name: &str, readings: &Readings) {
    println!(
        "{name:<22} {} readings, {} failed, p50 {:.2} ms, p99 {:.2} ms, longest {:.2} ms",
        readings.millis.len(),
        readings.failed,
        percentile(&readings.millis, 50),
        percentile(&readings.millis, 99),
        percentile(&readings.millis, 100)
    );
}

/// The last line. A figure that was not measured is null; `rss_growth` compares with BASE rows.
#[derive(Serialize)]
pub struct Summary {
    pub rows: u64,
    pub ratio_copy: Figure,
    pub copy_s: Figure,
    pub load_s: Figure,
    pub rows_per_s: Figure,
    pub validation_rows_per_s: Figure,
    pub rss_loader_mib: Figure,
    pub rss_core_mib: Figure,
    pub rss_growth_loader: Figure,
    pub rss_growth_core: Figure,
    pub growth_per_row: Figure,
    pub p99_idle_ms: Figure,
    pub p99_load_ms: Figure,
    pub p99_ratio: Figure,
    pub failed_readings: u64,
    pub sqlite_s: Figure,
    pub sqlite_rows_per_s: Figure,
}

/// A number with three decimals, or null.
pub struct Figure(pub Option<f64>);

impl From<f64> for Figure {
    fn from(value: f64) -> Self {
        Self(Some(value))
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rounded = self.0.map(|value| (value * 1000.0).round() / 1000.0);
        rounded.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_odd_and_even_counts() {
        assert_eq!(median([3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median([4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median([]).is_nan());
    }

    #[test]
    fn percentiles_are_values_that_were_seen() {
        let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(percentile(&hundred, 50), 50.0);
        assert_eq!(percentile(&hundred, 99), 99.0);
        assert_eq!(percentile(&hundred, 100), 100.0);
        assert_eq!(percentile(&[7.0], 50), 7.0);
    }

    #[test]
    fn a_figure_is_rounded_or_null() {
        let json = serde_json::to_string(&[Figure(Some(1.23456)), Figure(None)]).unwrap();
        assert_eq!(json, "[1.235,null]");
    }
}
