//! Our reader against the official schemas on broken documents: every message with one element removed,
//! doubled, emptied, renamed or made too long. Where one refuses, the other must.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

use crate::schemas::{Case, Cases, Schema, contract, schema_file};
use crate::{samples_ppt, samples_psp, samples_unico};

/// A broken document and what was done to it.
struct Mutant {
    what: String,
    xml: String,
}

fn mutants(xml: &str) -> Vec<Mutant> {
    let document = roxmltree::Document::parse(xml).unwrap();
    let mut mutants = Vec::new();
    for node in document
        .root_element()
        .descendants()
        .skip(1)
        .filter(|n| n.is_element())
    {
        let parents = node
            .ancestors()
            .filter(|n| n.is_element())
            .map(|n| n.tag_name().name());
        let mut path: Vec<_> = parents.collect();
        path.reverse();
        let range = node.range();
        let own = &xml[range.clone()];
        let inner = own.find('>').map_or(0, |i| i + 1)..own.rfind("</").unwrap_or(own.len());
        let mut add = |kind: &str, text: String| {
            mutants.push(Mutant {
                what: format!("{kind} {}", path.join("/")),
                xml: format!("{}{text}{}", &xml[..range.start], &xml[range.end..]),
            });
        };
        add("remove", String::new());
        add("double", own.repeat(2));
        let name = node.tag_name().name();
        add(
            "rename",
            own.replace(&format!("{name}>"), "pippo>")
                .replace(&format!("{name}/>"), "pippo/>"),
        );
        if inner.start <= inner.end && own.ends_with(&format!("{name}>")) {
            add(
                "empty",
                format!("{}{}", &own[..inner.start], &own[inner.end..]),
            );
            if !node.children().any(|n| n.is_element()) {
                let with =
                    |text: &str| format!("{}{text}{}", &own[..inner.start], &own[inner.end..]);
                add("long", with(&"x".repeat(400)));
                add("comma", with("12,50"));
                add("blank", with(" "));
            }
        }
    }
    mutants
}

/// Where we are knowingly more tolerant or more demanding than the schema, with the reason.
fn known_difference(what: &str) -> bool {
    let (kind, path) = what.split_once(' ').unwrap();
    let leaf = path.rsplit('/').next().unwrap();
    let broken_value = matches!(kind, "blank" | "empty" | "long" | "comma");
    match leaf {
        // The Node leaves it out when it answers with a fault.
        "esito" if path == "nodoChiediStatoRPTRisposta/esito" => kind == "remove",
        // Free text in the legacy schemas, with OK and KO as the only meanings.
        "esito" | "esitoComplessivoOperazione" => broken_value,
        // The schema lets both be absent; a transfer without either is meaningless.
        "IBAN" | "richiestaMarcaDaBollo" => {
            path.starts_with("activatePaymentNoticeV2Response") && kind == "remove"
        }
        // xmllint skips characters that are not base64; XML Schema does not.
        "rpt" | "rt" | "testoAllegato" | "MBDAttachment" => kind == "comma",
        "hashDocumento" => broken_value,
        _ => false,
    }
}

/// Names of the files that xmllint refuses.
fn refused(schema: &Path, files: &[String]) -> HashSet<String> {
    let mut refused = HashSet::new();
    for chunk in files.chunks(400) {
        let output = Command::new("xmllint")
            .args(["--noout", "--nonet", "--schema"])
            .arg(schema)
            .args(chunk)
            .output()
            .expect("install xmllint (libxml2-utils)");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let verdicts = text
            .lines()
            .filter(|l| l.ends_with(" validates") || l.ends_with(" fails to validate"));
        assert_eq!(verdicts.count(), chunk.len(), "{text}");
        refused.extend(
            text.lines()
                .filter_map(|l| l.strip_suffix(" fails to validate").map(str::to_owned)),
        );
    }
    refused
}

fn compare(case: &Case, contract: &Path, dir: &Path) -> (usize, Vec<String>) {
    let mutants = mutants(&case.xml);
    let mut files = Vec::new();
    for (i, mutant) in mutants.iter().enumerate() {
        let file = dir.join(format!("mutant-{i}.xml"));
        std::fs::write(&file, &mutant.xml).unwrap();
        files.push(file.to_str().unwrap().to_owned());
    }
    let refused = refused(
        &schema_file(case.schema, case.element, contract, dir),
        &files,
    );
    let mut differences = Vec::new();
    for (mutant, file) in mutants.iter().zip(&files) {
        let ours = (case.read)(&mutant.xml);
        if ours.is_err() != refused.contains(file) && !known_difference(&mutant.what) {
            let theirs = if refused.contains(file) {
                "refused"
            } else {
                "valid"
            };
            differences.push(format!("{}: schema {theirs}, we {ours:?}", mutant.what));
        }
    }
    (refused.len(), differences)
}

fn agree(fill: &[fn(&mut Cases)]) {
    let mut cases = Cases::default();
    fill.iter().for_each(|fill| fill(&mut cases));
    let contract = contract();
    let dir = tempfile::tempdir().unwrap();
    let (mut refused, mut differences) = (0, Vec::new());
    for case in cases
        .0
        .iter()
        .filter(|case| case.schema != Schema::Envelope)
    {
        let (some, more) = compare(case, &contract, dir.path());
        refused += some;
        differences.extend(more);
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(
        refused > 100,
        "only {refused} broken documents: the mutants do not bite"
    );
}

#[test]
fn broken_documents_are_refused_by_us_exactly_where_the_schema_refuses_them() {
    agree(&[Cases::documents]);
}

#[test]
fn broken_messages_of_the_ente_are_refused_exactly_where_the_schema_refuses_them() {
    agree(samples_ppt::ENTE_TO_NODE);
}

#[test]
fn broken_messages_to_the_ente_are_refused_exactly_where_the_schema_refuses_them() {
    agree(samples_ppt::NODE_TO_ENTE);
}

#[test]
fn broken_messages_of_pa_for_node_are_refused_exactly_where_the_schema_refuses_them() {
    agree(samples_unico::ALL);
}

#[test]
fn broken_messages_of_node_for_psp_are_refused_exactly_where_the_schema_refuses_them() {
    agree(samples_psp::ALL);
}
