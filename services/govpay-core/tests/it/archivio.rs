//! Pendenze and profiles in version 3 of the APIs, the archive without flussi, and what a person
//! changes of attempts and sessions.

use serde_json::{Value, json};

use crate::lettore::*;
use crate::mondo::{A, Avviso, B, Mondo};
use crate::nodo::{CANALE, INTERMEDIARIO_PSP, PSP};
use crate::presso_psp::attiva;
use crate::unico;

async fn imposta(mondo: &Mondo, who: Chi, path: &str, ops: &Value) -> Letto {
    let request = mondo.http.patch(format!("{}{BACKOFFICE}{path}", mondo.url));
    manda(request.json(ops), who).await
}

fn op(path: &str, value: impl Into<Value>) -> Value {
    json!([{"op": "REPLACE", "path": path, "value": value.into()}])
}

async fn pendenze(mondo: Mondo) {
    let mondo = con_ragioneria(mondo);
    let a = mondo.pendenza(A, 1, &[1250]);
    mondo.esegui("UPDATE pendenze SET direzione = 'D', divisione = 'V', tipo = 'spontaneo'");
    let b = paga_v2(&mondo, 2, &[1000, 250]).await;
    let casi = [
        (String::new(), 2),
        (format!("idDominio={A}"), 1),
        ("stato=ESEGUITA".to_owned(), 1),
        ("direzione=D&divisione=V".to_owned(), 1),
        ("mostraSpontaneiNonPagati=true".to_owned(), 1),
        ("idPagamento=mai".to_owned(), 0),
        ("idDebitore=vrdgpp80a01h501u".to_owned(), 2),
        ("idA2A=ALTRO".to_owned(), 0),
        (format!("iuv={}", a.iuv), 1),
        (format!("idPendenza={}", b.id_pendenza), 1),
    ];
    for base in PAGAMENTO {
        let path = format!("{base}/pendenze");
        trova(&mondo, PORTALE, &path, &casi).await;
        rifiuta(
            &mondo,
            PORTALE,
            &path,
            &["stato=X", "risultatiPerPagina=201"],
        )
        .await;
    }
    let path = format!("{}/pendenze/GESTIONALE/{}", PAGAMENTO[0], b.id_pendenza);
    let read = letto(&mondo, PORTALE, &path).await;
    let expected = json!({
        "idA2A": "GESTIONALE", "stato": "ESEGUITA", "importo": 12.5, "dominio": {"idDominio": B},
        "dataCaricamento": "2026-01-01", "idTipoPendenza": "LIBERO",
        "voci": [{"idVocePendenza": "V0"}, {"riscossione": {"tipo": "ENTRATA", "importo": 2.5}}],
    });
    contiene(&read, &expected);
    let by_avviso = format!("{}/pendenze/byAvviso/{A}/{}", RAGIONERIA[0], a.numero);
    let voci = json!([{"codiceTassonomicoPagoPA": "9/TARI-2026", "riscossione": null}]);
    let expected = json!({"numeroAvviso": a.numero, "stato": null, "voci": voci});
    contiene(&letto(&mondo, RAGIONIERE, &by_avviso).await, &expected);
    solo(&mondo, B);
    assert_eq!(get(&mondo, RAGIONIERE, &by_avviso).await.status, 404);
    let of_a = format!("{}/pendenze/GESTIONALE/{}", PAGAMENTO[0], a.id_pendenza);
    assert_eq!(get(&mondo, PORTALE, &of_a).await.status, 404);
    mondo.stop().await;
}

#[tokio::test]
async fn pendenze_of_version_3_are_found_and_read() {
    pendenze(Mondo::start().await).await;
}

#[tokio::test]
async fn pendenze_of_version_3_are_found_and_read_on_postgresql() {
    pendenze(Mondo::start_pg().await).await;
}

#[tokio::test]
async fn a_profile_says_who_reads_and_what() {
    let mondo = con_ragioneria(Mondo::start().await);
    let profilo = format!("{}/profilo", RAGIONERIA[1]);
    let read = letto(&mondo, RAGIONIERE, &profilo).await;
    let acl = json!({"servizio": "Rendicontazioni e Incassi", "autorizzazioni": ["Lettura"]});
    assert_eq!(
        (&read["nome"], &read["acl"][0]),
        (&json!("GESTIONALE"), &acl)
    );
    let domini = read["domini"].as_array().unwrap();
    assert!(domini.contains(&json!({"idDominio": A, "ragioneSociale": "Comune di Valtorbida"})));
    let tipi = read["tipiPendenza"].as_array().unwrap();
    let liberi = tipi
        .iter()
        .filter(|tipo| tipo["idTipoPendenza"] == "LIBERO");
    assert_eq!(liberi.count(), 1, "{read}");
    for base in PAGAMENTO {
        let read = letto(&mondo, PORTALE, &format!("{base}/profilo")).await;
        assert_eq!(read["acl"][0]["servizio"], "Pagamenti");
        assert_eq!(
            get(&mondo, PORTALE, &format!("{base}/logout")).await.status,
            200
        );
    }
    assert_eq!(
        get(&mondo, PORTALE, &profilo).await.rifiuto(),
        (403, "403000".to_owned())
    );
    let unknown = get(&mondo, ("x", "y"), &profilo).await;
    assert_eq!(unknown.rifiuto(), (401, "401000".to_owned()));
    mondo.stop().await;
}

#[tokio::test]
async fn an_archive_without_flussi_says_so() {
    let mondo = con_ragioneria(Mondo::start().await);
    let ragioneria = RAGIONERIA[0];
    let quando = "2026-01-01T00:00:00Z";
    for (who, base, path) in [
        (ADMIN, BACKOFFICE, "/flussiRendicontazione"),
        (ADMIN, BACKOFFICE, "/rendicontazioni"),
        (ADMIN, BACKOFFICE, "/incassi"),
        (ADMIN, BACKOFFICE, "/quadrature/rendicontazioni"),
        (RAGIONIERE, ragioneria, "/flussiRendicontazione"),
        (RAGIONIERE, ragioneria, "/riconciliazioni"),
    ] {
        let path = format!("{base}{path}");
        let empty = json!({"risultati": [], "numRisultati": 0, "numPagine": 0, "pagina": 1});
        contiene(&letto(&mondo, who, &path).await, &empty);
        rifiuta(&mondo, who, &path, &["dataDa=ieri", "pagina=x"]).await;
    }
    for (who, path) in [
        (ADMIN, format!("{BACKOFFICE}/flussiRendicontazione/F")),
        (
            ADMIN,
            format!("{BACKOFFICE}/flussiRendicontazione/F/{quando}"),
        ),
        (
            ADMIN,
            format!("{BACKOFFICE}/flussiRendicontazione/{A}/F/{quando}"),
        ),
        (ADMIN, format!("{BACKOFFICE}/incassi/{A}/I")),
        (
            RAGIONIERE,
            format!("{ragioneria}/flussiRendicontazione/{A}/F"),
        ),
        (
            RAGIONIERE,
            format!("{ragioneria}/flussiRendicontazione/{A}/F/{quando}"),
        ),
        (RAGIONIERE, format!("{ragioneria}/riconciliazioni/{A}/I")),
    ] {
        let missing = get(&mondo, who, &path).await.rifiuto();
        assert_eq!(missing, (404, "404000".to_owned()), "{path}");
    }
    mondo.stop().await;
}

#[tokio::test]
async fn a_movement_is_read_and_refused_for_what_is_not_here() {
    let mondo = con_ragioneria(Mondo::start().await);
    let paid = paga_v2(&mondo, 1, &[1000]).await;
    let riversamento = "/PUR/LGPE-RIVERSAMENTO/URI/2026-01-01P-1";
    for (dominio, altro, status, codice) in [
        (A, json!({"idFlussoRendicontazione": "F"}), 422, "021405"),
        (A, json!({"causale": riversamento}), 422, "021405"),
        (A, json!({"causale": "affitto"}), 422, "021401"),
        (A, json!({"iuv": "01000000000012345"}), 422, "021402"),
        (A, json!({"iuv": paid.iuv}), 422, "021402"),
        (B, json!({"iuv": paid.iuv}), 422, "021400"),
        ("00000000000", json!({"iuv": paid.iuv}), 422, "021410"),
        (A, json!({}), 400, "400000"),
        (A, json!({"iuv": "1", "causale": "x"}), 400, "400000"),
        (A, json!({"iuv": "1", "trn": "x"}), 400, "SINTASSI"),
    ] {
        let mut body = json!({"importo": 10.00, "sct": "S"});
        body.as_object_mut()
            .unwrap()
            .extend(altro.as_object().unwrap().clone());
        let url = format!(
            "{}{}/riconciliazioni/{dominio}/M1",
            mondo.url, RAGIONERIA[0]
        );
        let refused = manda(mondo.http.put(url).json(&body), RAGIONIERE).await;
        assert_eq!(refused.rifiuto(), (status, codice.to_owned()), "{altro}");
    }
    let url = format!("{}{BACKOFFICE}/incassi/{A}", mondo.url);
    let incasso = mondo
        .http
        .post(url)
        .json(&json!({"importo": 1, "idFlusso": "F"}));
    assert_eq!(
        manda(incasso, ADMIN).await.rifiuto(),
        (422, "021405".to_owned())
    );
    assert_eq!(mondo.conta("riscossioni WHERE stato = 'PAGATO'"), 1);
    mondo.stop().await;
}

async fn lascia_passare(mondo: Mondo) {
    let avviso = mondo.pendenza(A, 1, &[1250]);
    let first = mondo.chiama_v1(&avviso, "c1", &attiva(1250)).await;
    assert!(first.fault.is_none(), "{:?}", first.fault);
    mondo.attendi_stato(&avviso, &["RPT_ACCETTATA_NODO"]).await;
    let busy = mondo.chiama_v1(&avviso, "c2", &attiva(1250)).await;
    assert_eq!(busy.fault.unwrap().fault_code, "PAA_PAGAMENTO_IN_CORSO");

    let path = format!("/rpp/{A}/{}/c1", avviso.iuv);
    let read = letto(&mondo, ADMIN, &format!("{BACKOFFICE}{path}")).await;
    assert_eq!(read["bloccante"], true);
    for wrong in [
        json!([]),
        op("/bloccante", "no"),
        op("/stato", false),
        json!([{"op": "DELETE", "path": "/bloccante", "value": false}]),
    ] {
        let refused = imposta(&mondo, ADMIN, &path, &wrong).await;
        assert_eq!(refused.rifiuto(), (400, "400000".to_owned()), "{wrong}");
    }
    for _ in 0..2 {
        let changed = imposta(&mondo, ADMIN, &path, &op("/bloccante", false)).await;
        assert_eq!(changed.status, 200);
        contiene(&changed.json(), &json!({"ccp": "c1", "bloccante": false}));
    }
    let told = "eventi WHERE tipo = 'updateRpp' AND esito = 'OK' AND ccp = 'c1'";
    assert_eq!(mondo.conta(told), 2);
    let other = mondo.chiama_v1(&avviso, "c2", &attiva(1250)).await;
    assert!(other.fault.is_none(), "{:?}", other.fault);
    let states = ["RPT_ANNULLATA", "RPT_ACCETTATA_NODO"];
    mondo.attendi_stato(&avviso, &states).await;
    mondo.stop().await;
}

#[tokio::test]
async fn an_attempt_that_a_person_lets_go_gives_way_to_a_new_one() {
    lascia_passare(Mondo::start().await).await;
}

#[tokio::test]
async fn an_attempt_that_a_person_lets_go_gives_way_to_a_new_one_on_postgresql() {
    lascia_passare(Mondo::start_pg().await).await;
}

#[tokio::test]
async fn nobody_lets_go_the_attempts_of_others() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(B, 2, &[100]);
    unico::activate(&mondo, &avviso).await.unwrap();
    let ccp = mondo.leggi("SELECT ccp AS v FROM rpt");
    let path = format!("/rpp/{B}/{}/{ccp}", avviso.iuv);
    let hidden = imposta(&mondo, UFFICIO_A, &path, &op("/bloccante", false)).await;
    assert_eq!(hidden.status, 404);
    assert_eq!(mondo.conta("rpt WHERE bloccante"), 1);
    mondo.stop().await;
}

/// A session that pays the pendenza at once; its id.
async fn sessione(mondo: &Mondo, avviso: &Avviso) -> String {
    let url = format!("{}/govpay-api-pagamento/rs/basic/v2/pagamenti", mondo.url);
    let request = mondo.http.post(url).query(&[
        ("identificativoPSP", PSP),
        ("identificativoIntermediarioPSP", INTERMEDIARIO_PSP),
        ("identificativoCanale", CANALE),
        ("tipoVersamento", "CP"),
    ]);
    let pendenze = json!([{"idDominio": A, "numeroAvviso": avviso.numero}]);
    let body = json!({"urlRitorno": "http://portale.example/p", "pendenze": pendenze});
    let created = manda(request.json(&body), PORTALE).await;
    assert_eq!(created.status, 201, "{}", created.testo());
    created.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_marked_as_looked_into() {
    let mondo = Mondo::start().await;
    let id = sessione(&mondo, &mondo.pendenza(A, 1, &[1250])).await;
    let path = format!("/pagamenti/{id}");
    let read = letto(&mondo, ADMIN, &format!("{BACKOFFICE}{path}")).await;
    assert_eq!(read["verificato"], false);
    let changed = imposta(&mondo, ADMIN, &path, &op("/verificato", true)).await;
    assert_eq!(
        (changed.status, &changed.json()["verificato"]),
        (200, &json!(true))
    );
    let casi = [
        ("verificato=true".to_owned(), 1),
        ("verificato=false".to_owned(), 0),
    ];
    trova(&mondo, ADMIN, &format!("{BACKOFFICE}/pagamenti"), &casi).await;
    let unknown = imposta(&mondo, ADMIN, "/pagamenti/mai", &op("/ack", true)).await;
    assert_eq!(unknown.status, 404);
    let of_session = [(format!("idPagamento={id}"), 1)];
    trova(
        &mondo,
        PORTALE,
        &format!("{}/pendenze", PAGAMENTO[0]),
        &of_session,
    )
    .await;
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_rpt_is_read_as_xml_and_as_json() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);
    sessione(&mondo, &avviso).await;
    let ccp = mondo.leggi("SELECT ccp AS v FROM rpt");
    for (who, base) in [
        (ADMIN, BACKOFFICE),
        (PORTALE, "/govpay-api-pagamento/rs/basic/v2"),
        (RAGIONIERE, "/govpay-api-pendenze/rs/basic/v2"),
    ] {
        let path = format!("{base}/rpp/{A}/{}/{ccp}/rpt", avviso.iuv);
        let xml = get(&mondo, who, &path).await;
        assert!(
            xml.content_type.starts_with("application/xml"),
            "{}",
            xml.content_type
        );
        let rpt = pagopa::documenti::Rpt::parse(&xml.body).unwrap();
        let iuv = rpt.dati_versamento.identificativo_univoco_versamento;
        assert_eq!(iuv, avviso.iuv);
        let json = get_come(&mondo, who, &path, "application/json")
            .await
            .json();
        assert_eq!(json["datiVersamento"]["importoTotaleDaVersare"], "12.50");
        assert_eq!(
            get_come(&mondo, who, &path, "application/pdf").await.status,
            406
        );
    }
    solo(&mondo, B);
    let path = format!("{BACKOFFICE}/rpp/{A}/{}/{ccp}/rpt", avviso.iuv);
    assert_eq!(get(&mondo, ADMIN, &path).await.status, 404);
    mondo.stop().await;
}
