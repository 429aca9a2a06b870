//! Archives of earlier versions.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection, SqliteConnection};
use serde_json::json;
use test_support::servers::TestDatabase;

use crate::anagrafica::get;
use crate::mondo::{A, Archivio, Mondo};

const ADMIN: (&str, &str) = ("gpadmin", "Gpadmin-Password1");
const UFFICIO: (&str, &str) = ("valtorbida", "Valtorbida-Password1");

/// An anagrafica as the first version kept it, with a pendenza of its body.
fn contenuto() -> String {
    let hash = |password: &str| web::login::hash_password(password).unwrap();
    format!(
        "INSERT INTO intermediari VALUES ('20000000016', 'Servizi Digitali', NULL, TRUE);
         INSERT INTO stazioni VALUES ('20000000016_01', '20000000016', 'V1', 'Stazione01pw', 1, TRUE);
         INSERT INTO domini (id_dominio, ragione_sociale, aux_digit, segregation_code, iuv_prefix, id_stazione, abilitato)
            VALUES ('{A}', 'Comune di Valtorbida', 3, 1, '', '20000000016_01', TRUE);
         INSERT INTO conti VALUES ('{A}', 'IT41Q1234501600000000123456', FALSE, NULL, TRUE);
         INSERT INTO entrate VALUES ('{A}', 'TARI', 'Rifiuti', 'ALTRO', 'TARI-26', 'IT41Q1234501600000000123456', NULL, TRUE);
         INSERT INTO tipi_pendenza VALUES ('{A}', 'LIBERO', 'Pagamento libero', TRUE);
         INSERT INTO applicazioni VALUES ('GESTIONALE', 'gestionale', '{}', '[\"*\"]', TRUE, FALSE, FALSE, TRUE);
         INSERT INTO operatori VALUES ('gpadmin', 'Amministratore', '{}', '[\"*\"]', TRUE, TRUE);
         INSERT INTO operatori VALUES ('valtorbida', 'Ufficio', '{}', '[\"{A}\"]', FALSE, TRUE);
         INSERT INTO pendenze (id_a2a, id_pendenza, id_dominio, id_tipo_pendenza, causale, importo, numero_avviso, iuv, altro,
            uuid, tipo, stato, anomala, importo_pagato, created_at, updated_at)
            VALUES ('GESTIONALE', 'IERI', '{A}', 'LIBERO', 'Rifiuti', 1000, '301000000000004285', '01000000000004285', '{{}}',
            'u1', 'dovuto', 'NON_ESEGUITO', FALSE, 0, '2026-01-01 00:00:00', '2026-01-01 00:00:00');
         CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);
         INSERT INTO __diesel_schema_migrations (version) VALUES ('20260101000000');",
        hash("Gestionale-Password1"),
        hash(ADMIN.1),
        hash(UFFICIO.1),
    )
}

async fn goes_on(mondo: Mondo) {
    for (path, name, value) in [
        (format!("/domini/{A}"), "stazione", json!("20000000016_01")),
        (
            format!("/domini/{A}/entrate/TARI"),
            "codiceContabilita",
            json!("TARI-26"),
        ),
        ("/entrate/TARI".to_owned(), "descrizione", json!("Rifiuti")),
        (
            "/tipiPendenza/LIBERO".to_owned(),
            "descrizione",
            json!("Pagamento libero"),
        ),
        (
            format!("/domini/{A}/tipiPendenza/LIBERO"),
            "abilitato",
            json!(true),
        ),
        (
            "/intermediari/20000000016".to_owned(),
            "denominazione",
            json!("Servizi Digitali"),
        ),
        (
            "/pendenze/GESTIONALE/IERI".to_owned(),
            "numeroAvviso",
            json!("301000000000004285"),
        ),
    ] {
        let (status, read) = get(&mondo, ADMIN, &path).await;
        assert_eq!((status, &read[name]), (200, &value), "{path}: {read}");
    }
    // The people have the rights that they had.
    assert_eq!(get(&mondo, UFFICIO, "/pendenze").await.0, 200);
    assert_eq!(get(&mondo, UFFICIO, "/operatori").await.0, 403);
    // A body without a station can be written, and what refers to it still does.
    mondo.esegui(
        "INSERT INTO domini (id_dominio, ragione_sociale, aux_digit, iuv_prefix, abilitato) \
         VALUES ('00000000001', 'Provincia', 0, '', TRUE)",
    );
    assert_eq!(
        mondo.conta("pendenze p JOIN domini d ON d.id_dominio = p.id_dominio"),
        1
    );
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_of_the_first_version_goes_on_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("core.db");
    let mut conn = SqliteConnection::establish(&path.to_string_lossy()).unwrap();
    conn.batch_execute(include_str!(
        "../../migrations/sqlite/20260101000000_init/up.sql"
    ))
    .unwrap();
    conn.batch_execute(&contenuto()).unwrap();
    drop(conn);
    goes_on(Mondo::on(Archivio::Sqlite(folder), false).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_of_the_first_version_goes_on_on_postgresql() {
    let database = TestDatabase::create();
    let mut conn = PgConnection::establish(&database.url).unwrap();
    conn.batch_execute("CREATE SCHEMA \"govpay-core\"; SET search_path TO \"govpay-core\";")
        .unwrap();
    conn.batch_execute(include_str!(
        "../../migrations/pg/20260101000000_init/up.sql"
    ))
    .unwrap();
    conn.batch_execute(&contenuto()).unwrap();
    drop(conn);
    goes_on(Mondo::on(Archivio::Pg(database), false).await).await;
}
