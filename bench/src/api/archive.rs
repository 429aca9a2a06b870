//! An archive filled in SQL: pendenze with one voce each, of which one in five was paid, with its
//! session, attempt, receipt and events. As many per day whatever the size: a larger archive is an
//! older one.

use anyhow::Context as _;

use crate::copy::{checkpoint, psql};
use crate::processes::Core;

/// Tables of the archive, in the order of the references.
const TABLES: [&str; 6] = [
    "pendenze",
    "voci",
    "pagamenti",
    "rpt",
    "riscossioni",
    "eventi",
];

/// One pendenza each ten seconds, up to now.
const SECONDS: u32 = 10;

const PENDENZE: &str = "
INSERT INTO pendenze (id, id_a2a, id_pendenza, id_dominio, id_tipo_pendenza, causale, importo,
  numero_avviso, iuv, data_scadenza, anno_riferimento, direzione, divisione, soggetto_tipo,
  soggetto_identificativo, soggetto_anagrafica, soggetto_altro, altro, uuid, tipo, stato, anomala,
  importo_pagato, created_at, updated_at)
SELECT i, 'GESTIONALE', 'E-' || i, dominio,
  CASE WHEN i % 3 = 0 THEN 'LIBERO' WHEN dominio = '12345678903' THEN 'TARI' ELSE 'SANZIONE' END,
  'Tassa sui rifiuti, utenza ' || i, 1250, '3' || iuv, iuv,
  CASE WHEN i % 4 < 2 THEN DATE '2020-01-01' + (i % 365)::int ELSE DATE '2099-12-31' END, '2026',
  CASE WHEN i % 10 = 0 THEN 'Direzione ' || i % 100 END,
  CASE WHEN i % 10 = 0 THEN 'Divisione ' || i % 100 END,
  'F', 'VRD' || lpad((i % (:rows / 5))::text, 8, '0') || 'H501U', 'Giuseppe Verdi',
  '{\"indirizzo\":\"via Roma\",\"civico\":\"1\",\"localita\":\"Valtorbida\"}', '{}',
  'u' || lpad(i::text, 31, '0'), CASE WHEN i % 100 = 1 THEN 'spontaneo' ELSE 'dovuto' END,
  CASE WHEN i % 5 = 0 THEN 'ESEGUITO' WHEN i % 20 = 1 THEN 'ANNULLATO' ELSE 'NON_ESEGUITO' END,
  i % 1000 = 7, CASE WHEN i % 5 = 0 THEN 1250 ELSE 0 END, at, at
FROM (SELECT i, (now() AT TIME ZONE 'UTC') - (:rows - i) * INTERVAL ':seconds seconds' AS at,
    CASE WHEN i % 2 = 0 THEN '12345678903' ELSE '09876543217' END AS dominio,
    lpad(i::text, 15, '0') || lpad((i % 93)::text, 2, '0') AS iuv
  FROM generate_series(1, :rows) i) n;
INSERT INTO voci (id, pendenza, indice, id_voce_pendenza, descrizione, importo, iban_accredito,
  tipo_contabilita, codice_contabilita, altro, stato)
SELECT id, id, 1, 'V1', 'Quota dovuta', 1250, CASE WHEN id_dominio = '12345678903'
  THEN 'IT41Q1234501600000000123456' ELSE 'IT71E5432103200000000777001' END, 'ALTRO', 'TARI-2026',
  '{}', CASE WHEN stato = 'ESEGUITO' THEN 'Eseguito' ELSE 'Non eseguito' END FROM pendenze;";

const PAGATE: &str = "
INSERT INTO pagamenti (id, id_sessione_portale, id_sessione_psp, nome, importo, stato, codice_stato,
  id_a2a_portale, tipo, created_at, updated_at, verificato)
SELECT 's' || id, 'p' || id, 'n' || id, causale, importo,
  CASE WHEN id % 50 = 0 THEN 'NON_ESEGUITO' ELSE 'ESEGUITO' END, 'PAGAMENTO_ESEGUITO', 'PORTALE', 1,
  created_at, created_at, id % 1000 = 0 FROM pendenze WHERE stato = 'ESEGUITO' ORDER BY id;
INSERT INTO rpt (id, pendenza, pagamento, id_dominio, iuv, ccp, id_stazione, versione,
  id_messaggio_richiesta, stato, id_psp, importo, xml_rpt, send_attempts, esito, importo_pagato,
  xml_rt, rt_at, created_at, updated_at)
SELECT id, id, 's' || id, id_dominio, iuv, 'c' || id, '20000000016_01', 'V1', 'm' || id,
  CASE WHEN id % 500 = 5 THEN 'RPT_RIFIUTATA_NODO' ELSE 'RT_ACCETTATA_PA' END, 'BLNKIT22', importo,
  '<rpt><a>1</a></rpt>', 1,
  CASE WHEN id % 500 IN (5, 10) THEN NULL WHEN id % 50 = 0 THEN 'NON_ESEGUITO' ELSE 'ESEGUITO' END,
  importo, CASE WHEN id % 500 NOT IN (5, 10) THEN '<rt><a>1</a></rt>' END,
  CASE WHEN id % 500 NOT IN (5, 10) THEN created_at END, created_at, created_at
FROM pendenze WHERE stato = 'ESEGUITO' ORDER BY id;
INSERT INTO riscossioni (id, rpt, pendenza, voce, id_dominio, iuv, iur, indice, importo,
  data_pagamento, stato, created_at, tipo)
SELECT id, id, id, id, id_dominio, iuv, 'R' || id, 1, importo, created_at,
  CASE WHEN id % 50 = 0 THEN 'INCASSATO' ELSE 'PAGATO' END, created_at,
  CASE WHEN id % 500 = 0 THEN 'MBT' ELSE 'ENTRATA' END
FROM pendenze WHERE stato = 'ESEGUITO' ORDER BY id;
INSERT INTO eventi (componente, categoria, ruolo, tipo, data, durata_ms, esito, id_dominio, iuv, ccp,
  id_a2a, id_pendenza, id_pagamento, severita, richiesta, risposta)
SELECT CASE n WHEN 0 THEN 'API_PAGAMENTO' ELSE 'API_PAGOPA' END, 'INTERFACCIA',
  CASE n WHEN 0 THEN 'SERVER' ELSE 'CLIENT' END,
  CASE n WHEN 0 THEN 'addPagamento' ELSE 'nodoInviaRPT' END, created_at, 12,
  CASE WHEN id % 500 = 5 THEN 'KO' ELSE 'OK' END, id_dominio, iuv, 'c' || id, id_a2a, id_pendenza,
  's' || id, CASE WHEN id % 500 = 5 THEN 3 ELSE 0 END, '{\"payload\":\"x\"}', '{\"status\":200}'
FROM pendenze, generate_series(0, 1) n WHERE stato = 'ESEGUITO' ORDER BY id, n;";

/// Fills the archive of a core that has just started. Indexes are made again afterwards, and the
/// statistics taken, as the server's own daemon would do by and by.
pub async fn fill(core: &Core, rows: u64) -> anyhow::Result<()> {
    let url = &core.database.url;
    let session = "SET search_path TO \"govpay-core\"; SET session_replication_role TO replica; \
                   SET synchronous_commit TO off; SET maintenance_work_mem TO '256MB';";
    let names = TABLES.map(|table| format!("'{table}'")).join(", ");
    let of_lists = format!(
        "SELECT c.relname AS name, pg_get_indexdef(c.oid) AS def FROM pg_index i \
         JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid \
         JOIN pg_namespace s ON s.oid = t.relnamespace WHERE s.nspname = 'govpay-core' \
         AND NOT i.indisunique AND t.relname IN ({names})"
    );
    let drop = format!(
        "CREATE TABLE di_liste AS {of_lists}; \
         DO $$ DECLARE r record; BEGIN FOR r IN SELECT name FROM di_liste LOOP \
         EXECUTE 'DROP INDEX ' || r.name; END LOOP; END $$;"
    );
    let create = "DO $$ DECLARE r record; BEGIN FOR r IN SELECT def FROM di_liste LOOP \
                  EXECUTE r.def; END LOOP; END $$; DROP TABLE di_liste;";
    let values = |sql: &str| {
        let sql = sql.replace(":rows", &rows.to_string());
        sql.replace(":seconds", &SECONDS.to_string())
    };
    let next = TABLES
        .iter()
        .filter(|table| !["pagamenti", "eventi"].contains(table))
        .map(|table| {
            format!(
                "SELECT setval(pg_get_serial_sequence('{table}', 'id'), {});",
                rows + 1
            )
        });
    let next: String = next.collect();
    let script = [session, &drop, &values(PENDENZE), PAGATE, create, &next];
    psql(url, &script)
        .await
        .context("the archive is not filled")?;
    let analyze = TABLES
        .map(|table| format!("\"govpay-core\".{table}"))
        .join(", ");
    psql(url, &[&format!("VACUUM (ANALYZE) {analyze}")]).await?;
    checkpoint(url).await
}
