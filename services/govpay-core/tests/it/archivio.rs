//! Pendenze and profiles in version 3 of the APIs, the archive without flussi, and what a person
//! changes of attempts and sessions.

use serde_json::{Value, json};

use crate::mondo::{A, B, Mondo};
use crate::nodo::{CANALE, INTERMEDIARIO_PSP, PSP};
use crate::presso_psp::attiva;
use crate::unico;

const BACKOFFICE: &str = "/govpay-api-backoffice/rs/basic/v1";
const RAGIONERIA: &str = "/govpay/backend/api/ragioneria/rs/basic/v3";
const PAGAMENTO: &str = "/govpay/frontend/api/pagamento/rs/basic/v3";

const ADMIN: (&str, &str) = ("gpadmin", "Gpadmin-Password1");
const UFFICIO_A: (&str, &str) = ("valtorbida", "Valtorbida-Password1");
const GESTIONALE: (&str, &str) = ("gestionale", "Gestionale-Password1");
const PORTALE: (&str, &str) = ("portale", "Portale-Password1");

async fn chiedi(request: reqwest::RequestBuilder, who: (&str, &str)) -> (u16, Value) {
    let response = request.basic_auth(who.0, Some(who.1)).send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (
        status,
        serde_json::from_str(&text).unwrap_or(Value::String(text)),
    )
}

async fn get(mondo: &Mondo, who: (&str, &str), path: &str) -> (u16, Value) {
    chiedi(mondo.http.get(format!("{}{path}", mondo.url)), who).await
}

async fn imposta(mondo: &Mondo, who: (&str, &str), path: &str, ops: Value) -> (u16, Value) {
    let request = mondo.http.patch(format!("{}{BACKOFFICE}{path}", mondo.url));
    chiedi(request.json(&ops), who).await
}

fn op(path: &str, value: impl Into<Value>) -> Value {
    json!([{"op": "REPLACE", "path": path, "value": value.into()}])
}

fn con_ragioneria(mondo: Mondo) -> Mondo {
    mondo.esegui("UPDATE applicazioni SET api_ragioneria = TRUE WHERE id_a2a = 'GESTIONALE'");
    mondo
}

async fn pendenze(mondo: Mondo) {
    let mondo = con_ragioneria(mondo);
    let a = mondo.pendenza(A, 1, &[1250]);
    let b = mondo.pendenza(B, 2, &[1000, 250]);
    mondo.esegui(&format!(
        "UPDATE pendenze SET direzione = 'D', divisione = 'V', tipo = 'spontaneo' WHERE id_pendenza = '{}'",
        a.id_pendenza
    ));
    assert_eq!(
        unico::send(&mondo, &unico::receipt(&b, "r2", &[1000, 250])).await,
        None
    );
    for (query, quante) in [
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
    ] {
        let (status, list) = get(&mondo, PORTALE, &format!("{PAGAMENTO}/pendenze?{query}")).await;
        assert_eq!(status, 200, "{query}: {list}");
        assert_eq!(
            list["risultati"].as_array().unwrap().len(),
            quante,
            "{query}"
        );
    }
    let (status, refused) = get(&mondo, PORTALE, &format!("{PAGAMENTO}/pendenze?stato=X")).await;
    assert_eq!((status, &refused["codice"]), (400, &json!("400000")));

    let path = format!("{PAGAMENTO}/pendenze/GESTIONALE/{}", b.id_pendenza);
    let (_, read) = get(&mondo, PORTALE, &path).await;
    assert_eq!(
        (&read["stato"], &read["dominio"]["idDominio"]),
        (&json!("ESEGUITA"), &json!(B))
    );
    assert!(
        read["dataCaricamento"].is_string() && read["importo"] == 12.5,
        "{read}"
    );
    assert_eq!(read["voci"][1]["riscossione"]["tipo"], "ENTRATA");
    let by_avviso = format!("{RAGIONERIA}/pendenze/byAvviso/{A}/{}", a.numero);
    let (status, read) = get(&mondo, GESTIONALE, &by_avviso).await;
    assert_eq!((status, &read["numeroAvviso"]), (200, &json!(a.numero)));
    assert!(
        read["stato"].is_null() && read["voci"][0]["riscossione"].is_null(),
        "{read}"
    );
    assert_eq!(read["voci"][0]["codiceTassonomicoPagoPA"], "9/TARI-2026");

    let (_, profilo) = get(&mondo, GESTIONALE, &format!("{RAGIONERIA}/profilo")).await;
    assert_eq!(
        (
            &profilo["nome"],
            profilo["domini"].as_array().unwrap().len()
        ),
        (&json!("GESTIONALE"), 2)
    );
    assert_eq!(
        profilo["acl"][0],
        json!({"servizio": "Rendicontazioni e Incassi", "autorizzazioni": ["Lettura"]})
    );
    assert!(
        profilo["tipiPendenza"]
            .as_array()
            .unwrap()
            .iter()
            .any(|t| t["idTipoPendenza"] == "LIBERO"),
        "{profilo}"
    );
    let (_, profilo) = get(&mondo, PORTALE, &format!("{PAGAMENTO}/profilo")).await;
    assert_eq!(profilo["acl"][0]["servizio"], "Pagamenti");
    assert_eq!(
        get(&mondo, PORTALE, &format!("{PAGAMENTO}/logout")).await.0,
        200
    );

    mondo.esegui("UPDATE applicazioni SET domini = '[\"09876543217\"]'");
    assert_eq!(get(&mondo, GESTIONALE, &by_avviso).await.0, 404);
    let of_a = format!("{PAGAMENTO}/pendenze/GESTIONALE/{}", a.id_pendenza);
    assert_eq!(get(&mondo, PORTALE, &of_a).await.0, 404);
    assert_eq!(
        get(&mondo, PORTALE, &format!("{RAGIONERIA}/profilo"))
            .await
            .0,
        403
    );
    assert_eq!(
        get(&mondo, ("x", "y"), &format!("{RAGIONERIA}/profilo"))
            .await
            .0,
        401
    );
    mondo.stop().await;
}

#[tokio::test]
async fn pendenze_and_profiles_of_version_3() {
    pendenze(Mondo::start().await).await;
}

#[tokio::test]
async fn pendenze_and_profiles_of_version_3_on_postgresql() {
    pendenze(Mondo::start_pg().await).await;
}

#[tokio::test]
async fn an_archive_without_flussi_says_so() {
    let mondo = con_ragioneria(Mondo::start().await);
    let paid = mondo.pendenza(B, 1, &[1000]);
    assert_eq!(
        unico::send(&mondo, &unico::receipt(&paid, "r1", &[1000])).await,
        None
    );
    let lists = [
        "/flussiRendicontazione",
        "/rendicontazioni",
        "/incassi",
        "/quadrature/rendicontazioni",
    ];
    let ragioneria = ["/flussiRendicontazione", "/riconciliazioni"];
    let lists = lists.map(|path| (ADMIN, BACKOFFICE, path)).into_iter();
    for (who, base, path) in lists.chain(ragioneria.map(|path| (GESTIONALE, RAGIONERIA, path))) {
        let (status, list) = get(&mondo, who, &format!("{base}{path}")).await;
        assert_eq!(status, 200, "{path}: {list}");
        assert_eq!(
            (&list["risultati"], &list["numRisultati"], &list["pagina"]),
            (&json!([]), &json!(0), &json!(1))
        );
        assert_eq!(
            get(&mondo, who, &format!("{base}{path}?dataDa=ieri"))
                .await
                .0,
            400
        );
    }
    for (who, path) in [
        (ADMIN, format!("{BACKOFFICE}/flussiRendicontazione/F")),
        (
            ADMIN,
            format!("{BACKOFFICE}/flussiRendicontazione/F/2026-01-01T00:00:00Z"),
        ),
        (
            ADMIN,
            format!("{BACKOFFICE}/flussiRendicontazione/{A}/F/2026-01-01T00:00:00Z"),
        ),
        (ADMIN, format!("{BACKOFFICE}/incassi/{A}/I")),
        (
            GESTIONALE,
            format!("{RAGIONERIA}/flussiRendicontazione/{A}/F"),
        ),
        (
            GESTIONALE,
            format!("{RAGIONERIA}/flussiRendicontazione/{A}/F/2026-01-01T00:00:00Z"),
        ),
        (GESTIONALE, format!("{RAGIONERIA}/riconciliazioni/{A}/I")),
    ] {
        let (status, fault) = get(&mondo, who, &path).await;
        assert_eq!(
            (status, &fault["codice"]),
            (404, &json!("404000")),
            "{path}"
        );
    }
    let url = |dominio: &str| format!("{}{RAGIONERIA}/riconciliazioni/{dominio}/M1", mondo.url);
    for (dominio, altro, status, codice) in [
        (A, json!({"idFlussoRendicontazione": "F"}), 422, "021405"),
        (
            A,
            json!({"causale": "/PUR/LGPE-RIVERSAMENTO/URI/2026-01-01P-1"}),
            422,
            "021405",
        ),
        (A, json!({"causale": "affitto"}), 422, "021401"),
        (A, json!({"iuv": "01000000000012345"}), 422, "021402"),
        (B, json!({"iuv": paid.iuv}), 422, "021400"),
        ("00000000000", json!({"iuv": paid.iuv}), 422, "021410"),
        (A, json!({}), 400, "400000"),
        (A, json!({"iuv": "1", "causale": "x"}), 400, "400000"),
        (A, json!({"iuv": "1", "trn": "x"}), 400, "SINTASSI"),
    ] {
        let mut body = json!({"importo": 10.00, "sct": "S"});
        for (nome, valore) in altro.as_object().unwrap() {
            body[nome] = valore.clone();
        }
        let (got, fault) = chiedi(mondo.http.put(url(dominio)).json(&body), GESTIONALE).await;
        assert_eq!(
            (got, &fault["codice"]),
            (status, &json!(codice)),
            "{altro}: {fault}"
        );
    }
    let incasso = mondo
        .http
        .post(format!("{}{BACKOFFICE}/incassi/{A}", mondo.url));
    let (status, fault) =
        chiedi(incasso.json(&json!({"importo": 1, "idFlusso": "F"})), ADMIN).await;
    assert_eq!((status, &fault["codice"]), (422, &json!("021405")));
    assert_eq!(mondo.conta("riscossioni WHERE stato = 'PAGATO'"), 1);
    mondo.stop().await;
}

async fn lascia_passare(mondo: Mondo) {
    let avviso = mondo.pendenza(A, 1, &[1250]);
    assert!(
        mondo
            .chiama_v1(&avviso, "c1", &attiva(1250))
            .await
            .fault
            .is_none()
    );
    mondo.attendi_stato(&avviso, &["RPT_ACCETTATA_NODO"]).await;
    let busy = mondo.chiama_v1(&avviso, "c2", &attiva(1250)).await;
    assert_eq!(busy.fault.unwrap().fault_code, "PAA_PAGAMENTO_IN_CORSO");

    let path = format!("/rpp/{A}/{}/c1", avviso.iuv);
    let (_, read) = get(&mondo, ADMIN, &format!("{BACKOFFICE}{path}")).await;
    assert_eq!(read["bloccante"], true);
    for wrong in [
        json!([]),
        op("/bloccante", "no"),
        op("/stato", false),
        json!([{"op": "DELETE", "path": "/bloccante", "value": false}]),
    ] {
        let (status, fault) = imposta(&mondo, ADMIN, &path, wrong).await;
        assert_eq!(
            (status, &fault["codice"]),
            (400, &json!("400000")),
            "{fault}"
        );
    }
    for _ in 0..2 {
        let (status, changed) = imposta(&mondo, ADMIN, &path, op("/bloccante", false)).await;
        assert_eq!(
            (status, &changed["bloccante"]),
            (200, &json!(false)),
            "{changed}"
        );
    }
    assert_eq!(
        mondo.conta("eventi WHERE tipo = 'updateRpp' AND esito = 'OK' AND ccp = 'c1'"),
        2
    );
    let other = mondo.chiama_v1(&avviso, "c2", &attiva(1250)).await;
    assert!(other.fault.is_none(), "{:?}", other.fault);
    mondo
        .attendi_stato(&avviso, &["RPT_ANNULLATA", "RPT_ACCETTATA_NODO"])
        .await;

    let b = mondo.pendenza(B, 2, &[100]);
    unico::activate(&mondo, &b).await.unwrap();
    let ccp = mondo.leggi(&format!("SELECT ccp AS v FROM rpt WHERE iuv = '{}'", b.iuv));
    let of_b = format!("/rpp/{B}/{}/{ccp}", b.iuv);
    let hidden = imposta(&mondo, UFFICIO_A, &of_b, op("/bloccante", false)).await;
    assert_eq!(hidden.0, 404);
    assert_eq!(mondo.conta("rpt WHERE bloccante"), 2);
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_marked_as_looked_into_and_its_rpt_is_read() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);
    let url = format!("{}/govpay-api-pagamento/rs/basic/v2/pagamenti", mondo.url);
    let request = mondo.http.post(url).query(&[
        ("identificativoPSP", PSP),
        ("identificativoIntermediarioPSP", INTERMEDIARIO_PSP),
        ("identificativoCanale", CANALE),
        ("tipoVersamento", "CP"),
    ]);
    let body = json!({"urlRitorno": "http://portale.example/p", "pendenze": [{"idDominio": A, "numeroAvviso": avviso.numero}]});
    let (status, created) = chiedi(request.json(&body), PORTALE).await;
    assert_eq!(status, 201, "{created}");
    let path = format!("/pagamenti/{}", created["id"].as_str().unwrap());
    let (_, read) = get(&mondo, ADMIN, &format!("{BACKOFFICE}{path}")).await;
    assert_eq!(read["verificato"], false);
    let (status, changed) = imposta(&mondo, ADMIN, &path, op("/verificato", true)).await;
    assert_eq!((status, &changed["verificato"]), (200, &json!(true)));
    let (_, list) = get(
        &mondo,
        ADMIN,
        &format!("{BACKOFFICE}/pagamenti?verificato=true"),
    )
    .await;
    assert_eq!(list["numRisultati"], 1);
    assert_eq!(
        imposta(&mondo, ADMIN, "/pagamenti/mai", op("/ack", true))
            .await
            .0,
        404
    );
    let (_, pendenze) = get(
        &mondo,
        PORTALE,
        &format!(
            "{PAGAMENTO}/pendenze?idPagamento={}",
            created["id"].as_str().unwrap()
        ),
    )
    .await;
    assert_eq!(pendenze["numRisultati"], 1);

    let ccp = mondo.leggi("SELECT ccp AS v FROM rpt");
    for (who, base) in [
        (ADMIN, BACKOFFICE),
        (PORTALE, "/govpay-api-pagamento/rs/basic/v2"),
        (GESTIONALE, "/govpay-api-pendenze/rs/basic/v2"),
    ] {
        let path = format!("{base}/rpp/{A}/{}/{ccp}/rpt", avviso.iuv);
        let (status, xml) = get(&mondo, who, &path).await;
        let rpt = pagopa::documenti::Rpt::parse(xml.as_str().unwrap().as_bytes()).unwrap();
        assert_eq!(
            (
                status,
                rpt.dati_versamento.identificativo_univoco_versamento
            ),
            (200, avviso.iuv.clone())
        );
        let request = mondo.http.get(format!("{}{path}", mondo.url));
        let (_, json) = chiedi(request.header("accept", "application/json"), who).await;
        assert_eq!(json["datiVersamento"]["importoTotaleDaVersare"], "12.50");
        let request = mondo.http.get(format!("{}{path}", mondo.url));
        assert_eq!(
            chiedi(request.header("accept", "application/pdf"), who)
                .await
                .0,
            406
        );
    }
    mondo.stop().await;
}
