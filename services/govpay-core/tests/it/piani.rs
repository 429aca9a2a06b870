//! b184, b152: no list reads the whole archive, whatever it is asked and however many rows there are;
//! its count stops where it says. The statements are those that the core sends, as it sends them:
//! PostgreSQL tells how many rows each has read, SQLite how it goes about it.

#![expect(clippy::too_many_lines, reason = "an archive, row by row")]
#![expect(clippy::float_arithmetic, reason = "PostgreSQL tells means of rows")]

use std::sync::{Mutex, PoisonError};

use diesel::connection::{InstrumentationEvent, set_default_instrumentation};
use diesel::prelude::*;
use serde_json::Value;

use crate::lettore::*;
use crate::mondo::{A, Mondo};

/// Pendenze in the archive, many more than a count counts; half of them have an attempt, with its
/// session, receipt and event.
const RIGHE: usize = 60_000;

/// Rows that a page of 25 may read: its own, what belongs to them, and those that other filters leave
/// out.
const PAGINA: u64 = 400;

/// Where a count stops.
const CONTO: u64 = 10_000;

/// Indexes of few rows, each made for one filter: all of them may be read.
const DI_POCHE: [&str; 5] = [
    "pendenze_anomale",
    "pendenze_spontanee",
    "pagamenti_verificati",
    "rpt_in_corso",
    "rpt_rifiutate",
];

/// The tables that grow.
const GRANDI: [&str; 6] = [
    "pendenze",
    "voci",
    "rpt",
    "pagamenti",
    "riscossioni",
    "eventi",
];

static DETTE: Mutex<Vec<String>> = Mutex::new(vec![]);

/// From now on each statement of this process is written down, with its values.
fn ascolta() {
    set_default_instrumentation(|| {
        Some(Box::new(|event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                let mut dette = DETTE.lock().unwrap_or_else(PoisonError::into_inner);
                dette.push(query.to_string());
            }
        }))
    })
    .unwrap();
}

/// The statements of lists since the last look: pages and counts.
fn dette() -> Vec<String> {
    let all = std::mem::take(&mut *DETTE.lock().unwrap_or_else(PoisonError::into_inner));
    let is_list = |sql: &String| {
        let from = GRANDI.iter().any(|table| {
            sql.contains(&format!("\"{table}\"")) || sql.contains(&format!("`{table}`"))
        });
        let list = sql.contains("ORDER BY") && sql.contains("LIMIT");
        from && (list || sql.starts_with("SELECT COUNT"))
    };
    all.into_iter().filter(is_list).collect()
}

/// An archive of which most rows are alike, and the oldest, or one of them, has what a filter asks.
fn riempi(mondo: &Mondo, pg: bool) {
    let quando = |n: &str| match pg {
        true => format!("TIMESTAMP '2026-01-01 00:00:00' + {n} * INTERVAL '1 minute'"),
        false => format!("strftime('%Y-%m-%d %H:%M:%f', '2026-01-01', '+' || {n} || ' minutes')"),
    };
    let giorno = |text: &str| match pg {
        true => format!("CAST('{text}' AS DATE)"),
        false => format!("'{text}'"),
    };
    let n = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {RIGHE})"
    );
    let (at, scaduta, futura) = (quando("i"), giorno("2020-01-01"), giorno("2099-01-01"));
    // Seven tells the rare row of each filter.
    let raro = |raro: &str, altri: &str| format!("CASE WHEN i = 7 THEN {raro} ELSE {altri} END");
    mondo.esegui(&format!(
        "INSERT INTO pendenze (id, id_a2a, id_pendenza, id_dominio, id_unita_operativa, \
         id_tipo_pendenza, causale, importo, numero_avviso, iuv, data_scadenza, direzione, divisione, \
         soggetto_tipo, soggetto_identificativo, altro, uuid, tipo, stato, anomala, importo_pagato, \
         created_at, updated_at) {n} SELECT i, {}, 'P-' || i, '{A}', {}, {}, 'Tassa', 100, \
         CAST(301000000000000000 + i AS TEXT), CAST(1000000000000000 + i AS TEXT), \
         CASE WHEN i = 9 THEN {scaduta} ELSE {futura} END, {}, {}, 'F', {}, '{{}}', \
         'u' || i, {}, CASE WHEN i = 7 THEN 'ANNULLATO' WHEN i = 9 OR i % 2 = 0 THEN 'NON_ESEGUITO' \
         ELSE 'ESEGUITO' END, i = 8, 0, {at}, {at} FROM n",
        raro("'RARO'", "'GESTIONALE'"),
        raro("'RARA'", "NULL"),
        raro("'RARO'", "'LIBERO'"),
        raro("'RARA'", "NULL"),
        raro("'RARA'", "NULL"),
        raro("'RRARRA80A01H501U'", "'VRDGPP80A01H501U'"),
        raro("'spontaneo'", "'dovuto'"),
    ));
    mondo.esegui(&format!(
        "INSERT INTO voci (id, pendenza, indice, id_voce_pendenza, descrizione, importo, \
         iban_accredito, tipo_contabilita, codice_contabilita, altro, stato) {n} SELECT i, i, 1, 'V', \
         'Voce', 100, 'IT41Q1234501600000000123456', 'ALTRO', 'X', '{{}}', 'Non eseguito' FROM n"
    ));
    mondo.esegui(&format!(
        "INSERT INTO pagamenti (id, id_sessione_portale, id_sessione_psp, nome, importo, stato, \
         codice_stato, id_a2a_portale, tipo, created_at, updated_at, verificato) {n} SELECT \
         's' || i, 'p' || i, 'n' || i, 'Tassa', 100, {}, 'PAGAMENTO_ESEGUITO', {}, 1, {at}, {at}, \
         i = 7 FROM n WHERE i % 2 = 1",
        raro("'FALLITO'", "'ESEGUITO'"),
        raro("'RARO'", "'PORTALE'"),
    ));
    let tentativo = |esito: &str, stato: &str, quali: &str, rt: bool| {
        let (xml, rt_at) = match rt {
            true => ("'<rt/>'", at.as_str()),
            false => ("NULL", "NULL"),
        };
        mondo.esegui(&format!(
            "INSERT INTO rpt (id, pendenza, pagamento, id_dominio, iuv, ccp, id_stazione, versione, \
             id_messaggio_richiesta, stato, importo, xml_rpt, send_attempts, esito, importo_pagato, \
             xml_rt, rt_at, created_at, updated_at, bloccante) {n} SELECT i, i, 's' || i, '{A}', \
             CAST(1000000000000000 + i AS TEXT), 'c' || i, '20000000016_01', 'V1', 'm' || i, \
             {stato}, 100, '<rpt/>', 1, {esito}, 100, {xml}, {rt_at}, {at}, {at}, FALSE \
             FROM n WHERE i % 2 = 1 AND {quali}"
        ));
    };
    let esito = raro("'NON_ESEGUITO'", "'ESEGUITO'");
    tentativo(&esito, "'RT_ACCETTATA_PA'", "i NOT IN (9, 11)", true);
    tentativo("NULL", "'RPT_RIFIUTATA_NODO'", "i = 9", false);
    tentativo("NULL", "'RPT_ACCETTATA_NODO'", "i = 11", false);
    mondo.esegui(&format!(
        "INSERT INTO riscossioni (id, rpt, pendenza, voce, id_dominio, iuv, iur, indice, importo, \
         data_pagamento, stato, created_at, tipo) {n} SELECT i, i, i, i, '{A}', \
         CAST(1000000000000000 + i AS TEXT), 'R' || i, 1, 100, {}, {}, {at}, {} FROM n \
         WHERE i % 2 = 1",
        quando(&format!("({RIGHE} - i)")),
        raro("'INCASSATO'", "'PAGATO'"),
        raro("'MBT'", "'ENTRATA'"),
    ));
    mondo.esegui(&format!(
        "INSERT INTO eventi (id, componente, categoria, ruolo, tipo, data, durata_ms, esito, \
         id_dominio, iuv, ccp, id_a2a, id_pendenza, id_pagamento, severita) {n} SELECT i, {}, {}, {}, \
         {}, {at}, 1, {}, '{A}', CAST(1000000000000000 + i AS TEXT), 'c' || i, {}, 'P-' || i, \
         's' || i, {} FROM n",
        raro("'RARO'", "'API_PAGOPA'"),
        raro("'UTENTE'", "'INTERFACCIA'"),
        raro("'CLIENT'", "'SERVER'"),
        raro("'raro'", "'paaInviaRT'"),
        raro("'FAIL'", "'OK'"),
        raro("'RARO'", "'GESTIONALE'"),
        raro("5", "0"),
    ));
    let statistiche = if pg {
        "ANALYZE"
    } else {
        "PRAGMA optimize = 0x10002"
    };
    mondo.esegui(statistiche);
}

#[derive(QueryableByName)]
struct PianoPg {
    #[diesel(sql_type = diesel::sql_types::Json, column_name = "QUERY PLAN")]
    piano: Value,
}

#[derive(QueryableByName)]
struct PianoSqlite {
    #[diesel(sql_type = diesel::sql_types::Text)]
    detail: String,
}

/// The statement with its values in it: PostgreSQL plans for the values.
fn con_valori(detta: &str) -> String {
    let (sql, valori) = detta.split_once(" -- binds: ").unwrap();
    let valori = elementi(valori.trim());
    let whole = |sql: String, (i, valore): (usize, &String)| {
        sql.replace(&format!("${}", i + 1), &letterale(valore))
    };
    // From the last: `$1` is also the beginning of `$10`.
    valori.iter().enumerate().rev().fold(sql.to_owned(), whole)
}

/// The elements of a printed list.
fn elementi(lista: &str) -> Vec<String> {
    let inside = &lista[1..lista.len() - 1];
    let (mut out, mut depth, mut quoted) = (vec![String::new()], 0, false);
    for c in inside.chars() {
        match c {
            '"' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                out.push(String::new());
                continue;
            }
            _ => {}
        }
        out.last_mut().unwrap().push(c);
    }
    let out = out.into_iter().map(|text| text.trim().to_owned());
    out.filter(|text| !text.is_empty()).collect()
}

fn letterale(valore: &str) -> String {
    if valore.starts_with('[') {
        let parts: Vec<String> = elementi(valore).iter().map(|v| letterale(v)).collect();
        return format!("ARRAY[{}]", parts.join(", "));
    }
    let plain = valore.parse::<i64>().is_ok() || ["true", "false"].contains(&valore);
    match plain {
        true => valore.to_owned(),
        false => format!("'{}'", valore.trim_matches('"')),
    }
}

/// Rows that the nodes of a plan have read; a scan of a whole table is in `scan`.
fn rows_read(node: &Value, scan: &mut Vec<String>) -> u64 {
    let count = |name: &str| node[name].as_f64().unwrap_or_default();
    let mut read = 0.0;
    if let Some(relation) = node["Relation Name"].as_str() {
        let kind = node["Node Type"].as_str().unwrap();
        if kind.contains("Seq Scan") && GRANDI.contains(&relation) {
            scan.push(format!("{kind} on {relation}"));
        }
        let out = count("Rows Removed by Filter") + count("Rows Removed by Index Recheck");
        read = (count("Actual Rows") + out) * count("Actual Loops");
    }
    let children = node["Plans"].as_array().into_iter().flatten();
    children.fold(read as u64, |sum, child| sum + rows_read(child, scan))
}

/// What is wrong with the way in which PostgreSQL serves a statement.
fn giudica_pg(mondo: &Mondo, detta: &str) -> Option<String> {
    let sql = format!("EXPLAIN (ANALYZE, FORMAT JSON) {}", con_valori(detta));
    let plan = mondo.piano_pg::<PianoPg>(&sql).piano;
    let mut scan = vec![];
    let read = rows_read(&plan[0]["Plan"], &mut scan);
    let most = match detta.starts_with("SELECT COUNT") {
        true => 2 * CONTO + PAGINA,
        false => PAGINA,
    };
    let wrong = !scan.is_empty() || read > most;
    wrong.then(|| format!("{scan:?}, {read} rows read\n{plan}"))
}

/// The same of SQLite. `in_ordine`: rows may be looked at one by one in the order of the list.
fn giudica_sqlite(mondo: &Mondo, detta: &str, in_ordine: bool) -> Option<String> {
    let (sql, _) = detta.split_once(" -- binds: ").unwrap();
    let steps = mondo.piano_sqlite::<PianoSqlite>(&format!("EXPLAIN QUERY PLAN {sql}"));
    let whole = |step: &String| {
        GRANDI.iter().any(|table| {
            let rest = step.strip_prefix(&format!("SCAN {table}"));
            let few = |rest: &str| DI_POCHE.iter().any(|index| rest.ends_with(index));
            rest.is_some_and(|rest| !(few(rest) || in_ordine && rest.contains("INDEX")))
        })
    };
    steps.into_iter().map(|step| step.detail).find(whole)
}

/// Lists and what each is asked. What is asked after `~` is judged row by row in the order of the list:
/// by SQLite always; by PostgreSQL when the tables are so much larger than a count that reading them whole
/// would cost more, which they are not here.
const DOMANDE: [(&str, &str); 7] = [
    (
        "/pendenze",
        "~ idDominio=12345678903 idA2A=RARO idA2A=GESTIONALE idPendenza=P-7 iuv=1000000000000007 \
         idDebitore=RRARRA80A01H501U idTipoPendenza=RARO stato=ANNULLATA stato=ANOMALA stato=SCADUTA \
         stato=NON_ESEGUITA stato=ESEGUITA dataDa=2026-01-14 dataA=2025-12-31 direzione=RARA \
         divisione=RARA mostraSpontaneiNonPagati=true idPagamento=s7",
    ),
    (
        "/rpp",
        "~ idDominio=12345678903 ~idA2A=GESTIONALE idPendenza=P-7 idPagamento=s7 ccp=c7 \
         iuv=1000000000000007 esito=NON_ESEGUITO esito=ESEGUITO esito=IN_CORSO esito=RIFIUTATO \
         dataRptDa=2026-01-14 dataRptA=2025-12-31 dataRtDa=2026-01-14 dataRtA=2025-12-31",
    ),
    (
        "/pagamenti",
        "~ ~idDominio=12345678903 ~idA2A=GESTIONALE idPendenza=P-7 iuv=1000000000000007 id=s7 \
         idSessionePortale=p7 idSessionePsp=n7 stato=FALLITO stato=ESEGUITO verificato=true \
         ~verificato=false dataDa=2026-01-14 dataA=2025-12-31",
    ),
    (
        "/riscossioni",
        "~ idDominio=12345678903 ~idA2A=GESTIONALE idPendenza=P-7 iuv=1000000000000007 iur=R7 \
         stato=INCASSATA stato=RISCOSSA tipo=MBT dataDa=2026-01-14 dataA=2025-12-31",
    ),
    (
        "/eventi",
        "~ idDominio=12345678903 idA2A=RARO idPendenza=P-7 idPagamento=s7 iuv=1000000000000007 \
         ccp=c7 esito=FAIL esito=OK tipoEvento=raro componente=RARO categoriaEvento=UTENTE \
         ruolo=CLIENT ~severitaDa=4 dataDa=2026-01-14 dataA=2025-12-31",
    ),
    (
        "ricevute",
        "~ idDominio=12345678903 iuv=1000000000000007 idRicevuta=c7 numeroAvviso=301000000000000007 \
         dataDa=2026-01-14 dataA=2025-12-31 ordinamento=-data",
    ),
    (
        "gestionale",
        "idDebitore=RRARRA80A01H501U stato=ANNULLATA dataDa=2026-01-14 dataA=2025-12-31 idPendenza=P-7",
    ),
];

async fn nessuna_lista_legge_tutto(mondo: Mondo, pg: bool) {
    let mondo = con_ragioneria(mondo);
    riempi(&mondo, pg);
    let mut wrong = vec![];
    for (lista, domande) in DOMANDE {
        let (who, base) = match lista {
            "ricevute" => (RAGIONIERE, format!("{}/ricevute", RAGIONERIA[0])),
            "gestionale" => (
                RAGIONIERE,
                "/govpay/backend/api/pendenze/rs/basic/v2/pendenze".to_owned(),
            ),
            lista => (ADMIN, format!("{BACKOFFICE}{lista}")),
        };
        for domanda in domande.split_whitespace() {
            let in_ordine = domanda.starts_with('~') || domanda.starts_with("ordinamento");
            let path = format!("{base}?{}", domanda.trim_start_matches('~'));
            dette();
            letto(&mondo, who, &path).await;
            let dette = dette();
            assert!(!dette.is_empty(), "{path}: no statement was heard");
            for detta in dette {
                let counted = detta.starts_with("SELECT COUNT");
                let found = match pg {
                    true if in_ordine && counted => None,
                    true => giudica_pg(&mondo, &detta),
                    false => giudica_sqlite(&mondo, &detta, in_ordine),
                };
                wrong.extend(found.map(|what| format!("{path}: {what}\n{detta}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    mondo.stop().await;
}

#[tokio::test]
async fn b184_no_list_reads_the_whole_archive_on_sqlite() {
    ascolta();
    nessuna_lista_legge_tutto(Mondo::start().await, false).await;
}

#[tokio::test]
async fn b184_no_list_reads_the_whole_archive_on_postgresql() {
    ascolta();
    nessuna_lista_legge_tutto(Mondo::start_pg().await, true).await;
}

#[tokio::test]
async fn b152_a_count_stops_where_it_says_and_goes_on_when_asked_to() {
    let mondo = Mondo::start().await;
    riempi(&mondo, false);
    let of = |query: &str| format!("{BACKOFFICE}/pendenze?{query}");
    let capped = letto(&mondo, ADMIN, &of("idA2A=GESTIONALE")).await;
    assert_eq!(
        (&capped["numRisultati"], &capped["maxRisultati"]),
        (&10_000.into(), &10_000.into())
    );
    let all = letto(&mondo, ADMIN, &of("idA2A=GESTIONALE&maxRisultati=false")).await;
    assert_eq!(all["numRisultati"], RIGHE - 1);
    let none = letto(&mondo, ADMIN, &of("metadatiPaginazione=false")).await;
    assert!(none["numRisultati"].is_null() && none["prossimiRisultati"].is_string());
    // Beyond the last page: an empty list, and the count all the same.
    let beyond = letto(&mondo, ADMIN, &of("stato=ANNULLATA&pagina=999")).await;
    assert_eq!(
        (righe(&beyond).len(), &beyond["numRisultati"]),
        (0, &1.into())
    );
    mondo.stop().await;
}
