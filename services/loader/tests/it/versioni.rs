//! Worlds of earlier versions.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};

use crate::fixture::{Mondo, Opzioni, molte};

/// A store as the first version left it: one file half way, one loaded, with its rows.
fn vecchio(path: &std::path::Path) {
    let mut conn = SqliteConnection::establish(&path.to_string_lossy()).unwrap();
    conn.batch_execute(include_str!(
        "../../migrations/sqlite/20260101000000_init/up.sql"
    ))
    .unwrap();
    let csv = String::from_utf8(molte("IERI", 3)).unwrap();
    let (testa, coda) = csv.split_at(100);
    let insert = |id: i64, stato: &str| {
        format!(
            "INSERT INTO contenuti VALUES ('c{id}', '2026-01-01 10:00:00');
             INSERT INTO tracciato_chunks VALUES ('c{id}', 0, CAST('{testa}' AS BLOB));
             INSERT INTO tracciato_chunks VALUES ('c{id}', 1, CAST('{coda}' AS BLOB));
             INSERT INTO tracciati (id, contenuto_id, nome_file, operatore, dimensione, sha256, codifica, separatore, formato, colonne, stato,
                righe, righe_valide, righe_caricate, righe_in_errore, avvisi, importo_totale, caricato_at, caricamento_at, versione)
             VALUES ({id}, 'c{id}', 'ieri-{id}.csv', 'gpadmin', {}, 'x{id}', 'UTF-8', ';', 'STANDARD_87', 14, '{stato}',
                3, 3, 3, 0, 0, 3000, '2026-01-01 10:00:00', '2026-01-01 10:00:01', 1);
             INSERT INTO righe (tracciato_id, numero, riga, operazione, id_a2a, id_pendenza, id_dominio) VALUES ({id}, 1, 2, 'ADD', 'GESTIONALE', 'IERI-1', '12345678903');",
            csv.len()
        )
    };
    conn.batch_execute(&insert(1, "CARICAMENTO_OK")).unwrap();
    conn.batch_execute(&insert(2, "IN_CARICAMENTO")).unwrap();
    conn.batch_execute(
        "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);
         INSERT INTO __diesel_schema_migrations (version) VALUES ('20260101000000');",
    )
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn b024_a_world_of_an_earlier_version_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vecchio.db");
    vecchio(&path);
    let mondo = Mondo::start_with(Opzioni {
        database: Some(format!("sqlite:{}", path.display())),
        ..Opzioni::default()
    })
    .await;
    // What was half way begins again and ends.
    let vista = mondo.attendi(2, "CARICAMENTO_OK").await;
    assert_eq!(
        (&vista["righeCaricate"], &vista["formato"]),
        (&3.into(), &"STANDARD_87".into())
    );
    assert_eq!(mondo.core.messe().len(), 3);
    // What had ended keeps its counts and its file, and says what it has no more.
    let vista = mondo.vedi(1).await;
    assert_eq!(
        (&vista["stato"], &vista["righeCaricate"]),
        (&"CARICAMENTO_OK".into(), &3.into())
    );
    assert_eq!(
        mondo.bytes("/api/v1/tracciati/1/originale").await,
        molte("IERI", 3)
    );
    let answer = mondo
        .get("/api/v1/tracciati/1/elaborato")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 410);
    // Yesterday's file again: the same result.
    let id = mondo.carica("ieri.csv", molte("IERI", 3)).await;
    assert_eq!(
        mondo.attendi(id, "CARICAMENTO_OK").await["righeCaricate"],
        3
    );
}
