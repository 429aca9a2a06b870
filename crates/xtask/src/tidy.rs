//! The rules of `ARCHITECTURE.md` that a program can check. A rule without a check is a wish.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// Lines of a source file without its tests.
const MAX_LINES: usize = 400;

/// What each crate may use of ours; everything else of ours is refused.
const OURS: [(&str, &[&str]); 10] = [
    ("domain", &[]),
    ("pagopa", &["domain"]),
    ("tenant", &["domain"]),
    ("stampe", &["domain"]),
    ("platform", &["domain"]),
    ("govpay-api", &["domain"]),
    ("web", &["domain", "platform"]),
    ("test-support", &["platform", "domain"]),
    ("xtask", &[]),
    (
        "govpay-lab",
        &[
            "platform",
            "tenant",
            "govpay-core",
            "loader",
            "portale-ente",
            "wisp",
            "psp-sim",
            "console",
        ],
    ),
];

/// What a service may use of ours.
const FOR_SERVICES: [&str; 7] = [
    "domain",
    "platform",
    "tenant",
    "web",
    "govpay-api",
    "pagopa",
    "stampe",
];

/// The domain is pure: these and nothing else.
const FOR_DOMAIN: [&str; 7] = [
    "serde",
    "serde_json",
    "chrono",
    "chrono-tz",
    "uuid",
    "thiserror",
    "iban_validate",
];

/// Prints every fault; an error when there is one.
pub fn run(root: &Path) -> anyhow::Result<()> {
    let mut faults = Vec::new();
    let crates = members(&root.join("crates"))?;
    let services = members(&root.join("services"))?;
    let ours: BTreeSet<String> = crates
        .iter()
        .chain(&services)
        .map(|path| name_of(path))
        .collect();

    for path in crates.iter().chain(&services) {
        check_dependencies(path, &ours, services.contains(path), &mut faults)?;
    }
    for path in source_files(root)? {
        check_source(root, &path, &mut faults)?;
    }
    check_glossary(root, &mut faults)?;

    for fault in &faults {
        eprintln!("{fault}");
    }
    anyhow::ensure!(faults.is_empty(), "tidy: {} faults", faults.len());
    Ok(())
}

fn members(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    paths.retain(|path| path.join("Cargo.toml").exists());
    paths.sort();
    Ok(paths)
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Who may import whom.
fn check_dependencies(
    path: &Path,
    ours: &BTreeSet<String>,
    is_service: bool,
    faults: &mut Vec<String>,
) -> anyhow::Result<()> {
    let name = name_of(path);
    let manifest = std::fs::read_to_string(path.join("Cargo.toml"))?;
    let manifest: toml::Table = manifest.parse().with_context(|| name.clone())?;
    let dependencies: Vec<&String> = manifest
        .get("dependencies")
        .and_then(|d| d.as_table())
        .map(|d| d.keys().collect())
        .unwrap_or_default();
    let allowed: &[&str] = if is_service {
        &FOR_SERVICES
    } else {
        OURS.iter()
            .find(|(crate_name, _)| *crate_name == name)
            .map_or(&[], |(_, list)| list)
    };
    for dependency in dependencies {
        let is_ours = ours.contains(dependency);
        if is_ours && !allowed.contains(&dependency.as_str()) {
            faults.push(format!("{name}: may not depend on {dependency}"));
        }
        if name == "domain" && !FOR_DOMAIN.contains(&dependency.as_str()) {
            faults.push(format!(
                "domain: may not depend on {dependency}; it is pure"
            ));
        }
    }
    Ok(())
}

fn source_files(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![
        root.join("crates"),
        root.join("services"),
        root.join("tests"),
    ];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() && path.file_name().is_some_and(|n| n != "node_modules") {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn check_source(root: &Path, path: &Path, faults: &mut Vec<String>) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(path)?;
    let shown = path
        .strip_prefix(root)
        .unwrap_or(path)
        .display()
        .to_string();
    let is_test = shown.contains("/tests/") || shown.starts_with("tests/");

    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    if !first.starts_with("//!") {
        faults.push(format!(
            "{shown}: begins without saying what lives here (//!)"
        ));
    }
    let code = text
        .split("#[cfg(test)]")
        .next()
        .unwrap_or_default()
        .lines()
        .count();
    // The tables of a service are one list, however many they are.
    if !is_test && code > MAX_LINES && !shown.ends_with("/src/schema.rs") {
        faults.push(format!("{shown}: {code} lines, more than {MAX_LINES}"));
    }
    // Only query files name a table.
    let may_name_tables = shown.contains("/src/db/") || shown.contains("/src/store/") || is_test;
    if text.contains("schema::") && !may_name_tables && !shown.ends_with("schema.rs") {
        let names_a_table = text
            .lines()
            .any(|l| l.trim_start().starts_with("use crate::schema"));
        if names_a_table {
            faults.push(format!("{shown}: names tables; only files under db/ do"));
        }
    }
    // A service hears of queues from one place.
    if shown.starts_with("services/") && text.contains("basic_publish") {
        faults.push(format!(
            "{shown}: talks to the broker; only platform::bus does"
        ));
    }
    Ok(())
}

/// Every public type of the domain is in the glossary.
fn check_glossary(root: &Path, faults: &mut Vec<String>) -> anyhow::Result<()> {
    let glossary = std::fs::read_to_string(root.join("proto-docs/GLOSSARIO.md"))
        .context("proto-docs/GLOSSARIO.md")?;
    for path in source_files(root)? {
        if !path.starts_with(root.join("crates/domain/src")) {
            continue;
        }
        for line in std::fs::read_to_string(&path)?.lines() {
            let Some(rest) = line
                .strip_prefix("pub struct ")
                .or_else(|| line.strip_prefix("pub enum "))
            else {
                continue;
            };
            let name: String = rest
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect();
            if !name.ends_with("Error") && !glossary.contains(&format!("`{name}`")) {
                faults.push(format!("proto-docs/GLOSSARIO.md: {name} is missing"));
            }
        }
    }
    Ok(())
}
