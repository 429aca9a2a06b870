//! What was collected, found, read and summed, on both kinds of store.

use serde_json::{Value, json};

use crate::lettore::*;
use crate::mondo::{A, Avviso, B, Mondo};

fn lista() -> String {
    format!("{BACKOFFICE}/riscossioni")
}

/// One riscossione of A, two of B; their moments straddle a midnight of Rome.
async fn tre(mondo: &Mondo) -> (Avviso, Avviso) {
    let a = paga_v1(mondo, 1, 1250).await;
    let b = paga_v2(mondo, 2, &[1000, 250]).await;
    mondo.esegui(&format!(
        "UPDATE pendenze SET id_unita_operativa = 'UO1', direzione = 'Dir 1', divisione = 'Div 1', \
         altro = '{{\"tassonomia\": \"Sanzioni\"}}' WHERE id_pendenza = '{}'",
        b.id_pendenza
    ));
    for (importo, at) in [
        (250, "2026-01-02 22:59:59.5"),
        (1000, "2026-01-02 23:00:00"),
        (1250, "2026-02-01 12:00:00"),
    ] {
        mondo.esegui(&format!(
            "UPDATE riscossioni SET data_pagamento = '{at}' WHERE importo = {importo}"
        ));
    }
    (a, b)
}

async fn ogni_filtro(mondo: Mondo) {
    let (a, b) = tre(&mondo).await;
    let all = get(&mondo, ADMIN, &lista()).await;
    assert!(all.testo().contains("\"importo\":12.50"), "{}", all.testo());
    let all = all.json();
    contiene(
        &all,
        &json!({"numRisultati": 3, "numPagine": 1, "maxRisultati": 10000, "risultati": [
            {"importo": 2.5, "data": "2026-01-02"},
            {"importo": 10.0, "data": "2026-01-03"},
            {"idDominio": A, "iuv": a.iuv, "importo": 12.5, "data": "2026-02-01", "stato": "RISCOSSA",
                "tipo": "ENTRATA", "indice": 1, "commissioni": 1.3, "idVocePendenza": "V0",
                "pendenza": format!("/pendenze/GESTIONALE/{}", a.id_pendenza),
                "rpp": format!("/rpp/{A}/{}/c1", a.iuv)},
        ]}),
    );
    let iur = righe(&all)[2]["iur"].as_str().unwrap();
    let casi = [
        (format!("idDominio={A}"), 1),
        ("idA2A=GESTIONALE".to_owned(), 3),
        ("idA2A=ALTRO".to_owned(), 0),
        (format!("idPendenza={}", b.id_pendenza), 2),
        (format!("iuv={}", a.iuv), 1),
        (format!("iur={iur}"), 1),
        ("idUnita=UO1".to_owned(), 2),
        ("idTipoPendenza=LIBERO".to_owned(), 3),
        ("idTipoPendenza=ALTRO".to_owned(), 0),
        ("stato=RISCOSSA".to_owned(), 3),
        ("stato=INCASSATA".to_owned(), 0),
        ("tipo=ENTRATA&tipo=MBT".to_owned(), 3),
        ("tipo=MBT,ALTRO_INTERMEDIARIO".to_owned(), 0),
        ("direzione=Dir%201&direzione=altra".to_owned(), 2),
        ("divisione=Div%201".to_owned(), 2),
        ("divisione=altra".to_owned(), 0),
        ("tassonomia=Sanzioni&tassonomia=Altro".to_owned(), 2),
        ("tassonomia=Altro".to_owned(), 0),
        // Days are days of Rome, and the last one is in.
        ("dataDa=2026-01-03".to_owned(), 2),
        ("dataA=2026-01-02".to_owned(), 1),
        ("dataA=2026-01-02T23:00:00Z".to_owned(), 2),
        ("dataDa=2026-01-03&dataA=2026-01-31".to_owned(), 1),
    ];
    trova(&mondo, ADMIN, &lista(), &casi).await;
    let wrong = [
        "stato=PAGATO",
        "tipo=ALTRO",
        "dataDa=ieri",
        "pagina=0",
        "risultatiPerPagina=5001",
        "ordinamento=importo",
        "iuv=1&iuv=2",
        "maxRisultati=forse",
    ];
    rifiuta(&mondo, ADMIN, &lista(), &wrong).await;
    mondo.stop().await;
}

#[tokio::test]
async fn riscossioni_are_found_by_every_filter() {
    ogni_filtro(Mondo::start().await).await;
}

#[tokio::test]
async fn riscossioni_are_found_by_every_filter_on_postgresql() {
    ogni_filtro(Mondo::start_pg().await).await;
}

#[tokio::test]
async fn pages_follow_each_other_in_any_order_and_a_field_is_a_field() {
    let mondo = Mondo::start().await;
    tre(&mondo).await;
    let mut path = format!(
        "{}?ordinamento=-data,iuv&risultatiPerPagina=1&campi=importo,iur",
        lista()
    );
    for importo in ["12.50", "10.00", "2.50"] {
        let page = get(&mondo, ADMIN, &path).await;
        let row = format!("\"risultati\":[{{\"importo\":{importo},\"iur\":\"");
        assert!(page.testo().contains(&row), "{}", page.testo());
        let page = page.json();
        assert_eq!(page["numPagine"], 3);
        let next = page["prossimiRisultati"].as_str();
        path = next.unwrap_or_default().to_owned();
    }
    assert_eq!(path, "");
    for (query, contati, max) in [
        ("metadatiPaginazione=false", Value::Null, Value::Null),
        ("maxRisultati=false", json!(3), Value::Null),
        ("maxRisultati=true", json!(3), json!(10_000)),
    ] {
        let path = format!("{}?{query}&risultatiPerPagina=2", lista());
        let page = letto(&mondo, ADMIN, &path).await;
        contiene(
            &page,
            &json!({"numRisultati": contati, "maxRisultati": max, "pagina": 1}),
        );
        let next = page["prossimiRisultati"].as_str().unwrap();
        assert!(next.ends_with("&pagina=2"), "{next}");
        assert_eq!(righe(&letto(&mondo, ADMIN, next).await).len(), 1);
    }
    mondo.stop().await;
}

#[tokio::test]
async fn a_riscossione_is_read_with_its_item_and_its_attachment() {
    let mondo = con_ragioneria(Mondo::start().await);
    let avviso = paga_v1(&mondo, 1, 1250).await;
    let iur = campo(&letto(&mondo, ADMIN, &lista()).await, "iur");
    let iur = iur[0].as_str().unwrap();
    let path = format!("/riscossioni/{A}/{}/{iur}/1", avviso.iuv);
    let key = format!("idA2A=GESTIONALE&idPendenza={}", avviso.id_pendenza);
    contiene(
        &letto(&mondo, ADMIN, &format!("{BACKOFFICE}{path}")).await,
        &json!({
            "allegato": {"tipo": "Esito pagamento", "testo": "ZXNpdG8="},
            "vocePendenza": {
                "idVocePendenza": "V0", "importo": 12.5, "stato": "Eseguito",
                "dominio": {"idDominio": A, "entrate": format!("/domini/{A}/entrate")},
                "pendenza": {
                    "idPendenza": avviso.id_pendenza, "stato": "ESEGUITA", "tipo": "dovuto",
                    "causale": "Tassa sui rifiuti", "rpp": format!("/rpp?{key}"),
                    "pagamenti": format!("/pagamenti?{key}"),
                },
            },
        }),
    );
    for base in RAGIONERIA {
        let read = letto(&mondo, RAGIONIERE, &format!("{base}{path}")).await;
        let expected = json!({
            "idRicevuta": "c1", "dominio": {"idDominio": A, "ragioneSociale": "Comune di Valtorbida"},
            "stato": "RISCOSSA", "tipo": "ENTRATA", "importo": 12.5,
            "vocePendenza": {
                "codiceTassonomicoPagoPA": "9/TARI-2026",
                "pendenza": {"numeroAvviso": avviso.numero, "importo": 12.5, "stato": null},
            },
        });
        contiene(&read, &expected);
        assert_eq!(read["allegato"]["tipo"], "Esito pagamento");
        let query = format!("stato=RISCOSSA&tipo=ENTRATA&iur={iur}");
        let list = letto(&mondo, RAGIONIERE, &format!("{base}/riscossioni?{query}")).await;
        contiene(&list, &json!({"numRisultati": 1, "risultati": [expected]}));
    }
    mondo.stop().await;
}

#[tokio::test]
async fn nobody_reads_what_others_collected() {
    let mondo = con_ragioneria(Mondo::start().await);
    let avviso = paga_v1(&mondo, 1, 1250).await;
    let iur = campo(&letto(&mondo, ADMIN, &lista()).await, "iur");
    let of = |dominio: &str, indice: &str| {
        let iur = iur[0].as_str().unwrap();
        format!("/riscossioni/{dominio}/{}/{iur}/{indice}", avviso.iuv)
    };
    for path in [of(A, "2"), of(A, "x"), of(B, "1")] {
        let missing = get(&mondo, ADMIN, &format!("{BACKOFFICE}{path}")).await;
        assert_eq!(missing.rifiuto(), (404, "404000".to_owned()), "{path}");
    }
    let refused = get(&mondo, PORTALE, &format!("{}/riscossioni", RAGIONERIA[0])).await;
    assert_eq!(refused.rifiuto(), (403, "403000".to_owned()));
    solo(&mondo, B);
    for (who, base) in [(RAGIONIERE, RAGIONERIA[0]), (ADMIN, BACKOFFICE)] {
        let path = format!("{base}{}", of(A, "1"));
        assert_eq!(get(&mondo, who, &path).await.status, 404);
        for query in ["".to_owned(), format!("idDominio={A}")] {
            let list = letto(&mondo, who, &format!("{base}/riscossioni?{query}")).await;
            contiene(&list, &json!({"numRisultati": 0, "risultati": []}));
        }
    }
    mondo.stop().await;
}

#[tokio::test]
async fn stamps_and_the_money_of_other_bodies_are_told_apart() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(B, 1, &[1000, 1600, 250, 300]);
    mondo.esegui("UPDATE voci SET tipo_bollo = '01', hash_documento = 'aGFzaA==', provincia_residenza = 'RM', iban_accredito = NULL WHERE indice = 2");
    mondo.esegui("UPDATE voci SET id_dominio = '11111111115' WHERE indice = 3");
    mondo.esegui("UPDATE voci SET id_dominio = '12345678903' WHERE indice = 4");
    let message = crate::unico::receipt(&avviso, "r1", &[1000, 1600, 250, 300]);
    assert_eq!(crate::unico::send(&mondo, &message).await, None);
    let default = letto(&mondo, ADMIN, &lista()).await;
    assert_eq!(
        campo(&default, "tipo"),
        json!(["ENTRATA", "MBT", "ENTRATA"])
    );
    let other = format!("{}?tipo=ENTRATA_PA_NON_INTERMEDIATA", lista());
    contiene(
        &letto(&mondo, ADMIN, &other).await,
        &json!({"risultati": [{"indice": 3}]}),
    );
    let path = format!("{BACKOFFICE}/riscossioni/{B}/{}/r1/2", avviso.iuv);
    let bollo =
        json!({"vocePendenza": {"tipoBollo": "Imposta di bollo", "provinciaResidenza": "RM"}});
    contiene(&letto(&mondo, ADMIN, &path).await, &bollo);
    mondo.stop().await;
}

async fn somme(mondo: Mondo) {
    let a = paga_v1(&mondo, 1, 1250).await;
    paga_v2(&mondo, 2, &[1000, 250]).await;
    paga_v1(&mondo, 3, 99).await;
    mondo.esegui(&format!(
        "UPDATE pendenze SET direzione = 'D', altro = '{{\"tassonomia\": \"T\"}}' \
         WHERE id_pendenza = '{}'",
        a.id_pendenza
    ));
    let base = format!("{BACKOFFICE}/quadrature/riscossioni");
    rifiuta(&mondo, ADMIN, &base, &["gruppi=", "gruppi=IBAN"]).await;
    let of = async |who: Chi, query: &str| letto(&mondo, who, &format!("{base}?{query}")).await;
    let mut rows = of(ADMIN, "gruppi=DOMINIO&gruppi=APPLICAZIONE").await;
    let list = rows["risultati"].as_array_mut().unwrap();
    list.sort_by_key(|row| row["dominio"]["idDominio"].to_string());
    let applicazione = json!({"idA2A": "GESTIONALE", "principal": "gestionale", "abilitato": true});
    contiene(
        &rows,
        &json!({"numRisultati": 2, "risultati": [
            {"dominio": {"idDominio": B}, "numeroPagamenti": 2, "importo": 12.5,
                "applicazione": applicazione, "tipoPendenza": null},
            {"dominio": {"idDominio": A}, "numeroPagamenti": 2, "importo": 13.49,
                "applicazione": applicazione, "direzione": null},
        ]}),
    );
    let query = format!("gruppi=DIREZIONE,TASSONOMIA,TIPO_PENDENZA&idDominio={A}&direzione=D");
    let expected = json!({"direzione": "D", "tassonomia": "T", "importo": 12.5,
        "tipoPendenza": {"idTipoPendenza": "LIBERO", "tipo": "dovuto"}});
    contiene(&of(ADMIN, &query).await, &json!({"risultati": [expected]}));
    let beyond = of(ADMIN, "gruppi=DOMINIO&risultatiPerPagina=1&pagina=9").await;
    contiene(
        &beyond,
        &json!({"numRisultati": 2, "numPagine": 2, "risultati": []}),
    );
    contiene(
        &of(UFFICIO_A, "gruppi=DOMINIO").await,
        &json!({"numRisultati": 1}),
    );
    // The sum of many amounts may be more than one may be.
    mondo.esegui("UPDATE riscossioni SET importo = 99999999999");
    let path = format!("{base}?gruppi=TIPO_PENDENZA");
    let much = get(&mondo, ADMIN, &path).await.testo();
    assert!(much.contains("\"importo\":3999999999.96"), "{much}");
    mondo.stop().await;
}

#[tokio::test]
async fn what_was_collected_is_summed_per_group() {
    somme(Mondo::start().await).await;
}

#[tokio::test]
async fn what_was_collected_is_summed_per_group_on_postgresql() {
    somme(Mondo::start_pg().await).await;
}

#[tokio::test]
async fn the_money_to_come_is_what_was_paid_without_a_flusso() {
    let mondo = Mondo::start().await;
    let avviso = paga_v1(&mondo, 1, 1250).await;
    paga_v2(&mondo, 2, &[1000]).await;
    let path = format!("{BACKOFFICE}/reportistiche/entrate-previste");
    let row = json!({"idDominio": A, "iuv": avviso.iuv, "importoPagato": 12.5, "indice": 1,
        "idVocePendenza": "V0", "idPendenza": avviso.id_pendenza, "idA2A": "GESTIONALE",
        "idTipoPendenza": "LIBERO", "identificativoDebitore": "VRDGPP80A01H501U", "idFlusso": null});
    let list = letto(&mondo, UFFICIO_A, &path).await;
    contiene(&list, &json!({"numRisultati": 1, "risultati": [row]}));
    let pdf = get_come(&mondo, ADMIN, &path, "application/pdf").await;
    assert_eq!(pdf.rifiuto(), (406, "406000".to_owned()));
    mondo.esegui("UPDATE riscossioni SET stato = 'INCASSATO'");
    contiene(
        &letto(&mondo, ADMIN, &path).await,
        &json!({"risultati": []}),
    );
    let reached = format!("{}?stato=INCASSATA", lista());
    contiene(
        &letto(&mondo, ADMIN, &reached).await,
        &json!({"numRisultati": 2}),
    );
    mondo.stop().await;
}

async fn oltre_il_conto(mondo: Mondo) {
    paga_v1(&mondo, 1, 1250).await;
    mondo.esegui(
        "INSERT INTO riscossioni (rpt, pendenza, voce, id_dominio, iuv, iur, indice, importo, \
         data_pagamento, stato, created_at) WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 \
         FROM n WHERE i < 10002) SELECT rpt, pendenza, voce, id_dominio, iuv, iur, n.i, importo, \
         data_pagamento, stato, created_at FROM riscossioni, n",
    );
    let page = |query: &str| format!("{}?risultatiPerPagina=5000&{query}", lista());
    let first = letto(&mondo, ADMIN, &page("campi=indice")).await;
    contiene(
        &first,
        &json!({"numRisultati": 10_000, "numPagine": 2, "maxRisultati": 10_000}),
    );
    // What is beyond the count is still read.
    let last = letto(&mondo, ADMIN, &page("campi=indice&pagina=3")).await;
    assert_eq!(campo(&last, "indice"), json!([10_001, 10_002]));
    assert!(last["prossimiRisultati"].is_null());
    let all = letto(
        &mondo,
        ADMIN,
        &page("campi=indice&pagina=3&maxRisultati=false"),
    )
    .await;
    contiene(
        &all,
        &json!({"numRisultati": 10_002, "numPagine": 3, "maxRisultati": null}),
    );
    mondo.stop().await;
}

#[tokio::test]
async fn counting_stops_where_it_says_and_reading_does_not() {
    oltre_il_conto(Mondo::start().await).await;
}

#[tokio::test]
async fn counting_stops_where_it_says_and_reading_does_not_on_postgresql() {
    oltre_il_conto(Mondo::start_pg().await).await;
}
