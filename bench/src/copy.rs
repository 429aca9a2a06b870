//! The yardstick: the very rows that the core wrote, brought into identical tables by `psql`'s
//! `\copy`. Same server, same database; indexes, checks and foreign keys included.

use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

const SCHEMA: &str = "\"govpay-core\"";
pub const COPIES: &str = "copie";
/// What the pendenze refer to, in the order of the references.
const ANAGRAFICA: [&str; 3] = ["intermediari", "stazioni", "domini"];
/// In the order of the references.
const TABLES: [&str; 2] = ["pendenze", "voci"];

/// Seconds of each of `runs` copies of the core's `rows` pendenze with their voci.
pub async fn run(url: &str, folder: &Path, rows: u64, runs: usize) -> anyhow::Result<Vec<f64>> {
    for table in TABLES {
        let file = folder.join(format!("{table}.csv"));
        let out = format!(
            "\\copy {SCHEMA}.{table} TO '{}' (FORMAT csv)",
            file.display()
        );
        psql(url, &[&out]).await?;
    }
    copy_schema(url).await?;
    let copies = TABLES.map(|table| {
        let file = folder.join(format!("{table}.csv"));
        let options = "WITH (FORMAT csv)";
        format!(
            "\\copy {COPIES}.{table} FROM '{}' {options}",
            file.display()
        )
    });
    let truncate = format!("TRUNCATE {COPIES}.pendenze, {COPIES}.voci CASCADE");
    let count = format!("SELECT count(*) FROM {COPIES}.pendenze");
    let mut seconds = Vec::new();
    for _ in 0..runs {
        psql(url, &[&truncate]).await?;
        checkpoint(url).await?;
        let begun = Instant::now();
        psql(url, &[&copies[0], &copies[1]]).await?;
        seconds.push(begun.elapsed().as_secs_f64());
        let copied = psql(url, &[&count]).await?;
        ensure!(
            copied.trim() == rows.to_string(),
            "{} pendenze copied of {rows}",
            copied.trim()
        );
    }
    Ok(seconds)
}

/// Empty tables like the core's, under another schema, with the bodies that pendenze refer to.
pub async fn copy_schema(url: &str) -> anyhow::Result<()> {
    let dump = Command::new("pg_dump")
        .args(["--schema-only", "--no-owner", "--no-privileges"])
        .args(["--schema", SCHEMA, "--dbname", url])
        .kill_on_drop(true)
        .output()
        .await
        .context("pg_dump is needed: install the package postgresql-client")?;
    ensure!(
        dump.status.success(),
        "pg_dump: {}",
        String::from_utf8_lossy(&dump.stderr)
    );
    let ddl = String::from_utf8(dump.stdout)?
        .replace(
            &format!("CREATE SCHEMA {SCHEMA};"),
            &format!("CREATE SCHEMA {COPIES};"),
        )
        .replace(&format!("{SCHEMA}."), &format!("{COPIES}."));
    psql_with_input(url, &[], &ddl).await?;
    for table in ANAGRAFICA {
        let rows = format!("INSERT INTO {COPIES}.{table} SELECT * FROM {SCHEMA}.{table}");
        psql(url, &[&rows]).await?;
    }
    Ok(())
}

/// Begins each measure with nothing left to be written from the one before.
pub async fn checkpoint(url: &str) -> anyhow::Result<()> {
    psql(url, &["CHECKPOINT"]).await?;
    Ok(())
}

/// Whether the server answers, and its version.
pub async fn server(url: &str) -> anyhow::Result<String> {
    let asked = "SELECT 'PostgreSQL ' || current_setting('server_version') || ', shared_buffers ' \
                 || current_setting('shared_buffers') || ', fsync ' || current_setting('fsync') \
                 || ', synchronous_commit ' || current_setting('synchronous_commit') \
                 || ', max_wal_size ' || current_setting('max_wal_size')";
    let answer = psql(url, &[asked]).await;
    let answer = answer.context("PostgreSQL is needed at TEST_DATABASE_URL and does not answer")?;
    Ok(answer.trim().to_owned())
}

pub async fn psql(url: &str, commands: &[&str]) -> anyhow::Result<String> {
    psql_with_input(url, commands, "").await
}

async fn psql_with_input(url: &str, commands: &[&str], input: &str) -> anyhow::Result<String> {
    let mut psql = Command::new("psql");
    psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url]);
    for command in commands {
        psql.args(["-c", command]);
    }
    let mut child = psql
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("psql is needed: install the package postgresql-client")?;
    let mut stdin = child.stdin.take().context("psql without input")?;
    if commands.is_empty() {
        stdin.write_all(input.as_bytes()).await?;
    }
    drop(stdin);
    let output = child.wait_with_output().await?;
    ensure!(
        output.status.success(),
        "psql {commands:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}
