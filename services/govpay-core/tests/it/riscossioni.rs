//! What was collected, read by people, by who keeps the books and by portals, on both kinds of store.

use domain::EsitoPagamento as E;
use domain::Importo;
use pagopa::documenti::{AllegatoRicevuta, TipoAllegato};
use serde_json::{Value, json};
use test_support::tools::pdf_text;

use crate::mondo::{A, Avviso, B, Mondo};
use crate::nodo::rt;
use crate::presso_psp::attiva;
use crate::unico;

const BACKOFFICE: &str = "/govpay/backend/api/backoffice/rs/basic/v1";
const RAGIONERIA: &str = "/govpay/backend/api/ragioneria/rs/basic/v3";
const RAGIONERIA_CORTA: &str = "/govpay-api-ragioneria/rs/basic/v3";
const PAGAMENTO: &str = "/govpay/frontend/api/pagamento/rs/basic/v3";
const PAGAMENTO_CORTA: &str = "/govpay-api-pagamento/rs/basic/v3";

const ADMIN: (&str, &str) = ("gpadmin", "Gpadmin-Password1");
const UFFICIO_A: (&str, &str) = ("valtorbida", "Valtorbida-Password1");
/// It is allowed to use API Ragioneria by [`mondo_con_ragioneria`].
const RAGIONIERE: (&str, &str) = ("gestionale", "Gestionale-Password1");
const PORTALE: (&str, &str) = ("portale", "Portale-Password1");

struct Letto {
    status: u16,
    content_type: String,
    body: Vec<u8>,
}

impl Letto {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&self.body)))
    }

    fn testo(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

async fn manda(request: reqwest::RequestBuilder, who: (&str, &str)) -> Letto {
    let response = request.basic_auth(who.0, Some(who.1)).send().await.unwrap();
    let content_type = response.headers().get("content-type");
    let content_type = content_type.map(|value| value.to_str().unwrap().to_owned());
    Letto {
        status: response.status().as_u16(),
        content_type: content_type.unwrap_or_default(),
        body: response.bytes().await.unwrap().to_vec(),
    }
}

async fn get(mondo: &Mondo, who: (&str, &str), path: &str) -> Letto {
    manda(mondo.http.get(format!("{}{path}", mondo.url)), who).await
}

async fn get_come(mondo: &Mondo, who: (&str, &str), path: &str, accept: &str) -> Letto {
    let request = mondo.http.get(format!("{}{path}", mondo.url));
    manda(request.header("accept", accept), who).await
}

async fn patch(mondo: &Mondo, path: &str, body: &Value) -> Letto {
    let request = mondo.http.patch(format!("{}{BACKOFFICE}{path}", mondo.url));
    manda(request.json(body), ADMIN).await
}

fn imposta(path: &str, value: impl Into<Value>) -> Value {
    json!([{"op": "REPLACE", "path": path, "value": value.into()}])
}

fn con_ragioneria(mondo: Mondo) -> Mondo {
    mondo.esegui("UPDATE applicazioni SET api_ragioneria = TRUE WHERE id_a2a = 'GESTIONALE'");
    mondo
}

/// A pendenza of A with these items, paid at the PSP with an RT.
async fn paga_v1(mondo: &Mondo, n: u64, cents: i64) -> Avviso {
    let avviso = mondo.pendenza(A, n, &[cents]);
    let before = mondo.nodo.rpt().len();
    let answer = mondo
        .chiama_v1(&avviso, &format!("c{n}"), &attiva(cents))
        .await;
    assert!(answer.fault.is_none(), "{:?}", answer.fault);
    let rpt = mondo.attendi_rpt(before + 1).await.pop().unwrap();
    let mut receipt = rt(&rpt, E::Eseguito, &[]);
    let single = &mut receipt.dati_pagamento.singoli[0];
    single.commissioni_applicate_psp = Some(Importo::from_cents(130).unwrap());
    single.allegato = Some(AllegatoRicevuta {
        tipo: TipoAllegato::Es,
        testo: b"esito".to_vec(),
    });
    assert_eq!(mondo.consegna(&receipt).await, None);
    avviso
}

/// A pendenza of B with these items, paid in the modello unico.
async fn paga_v2(mondo: &Mondo, n: u64, cents: &[i64]) -> Avviso {
    let avviso = mondo.pendenza(B, n, cents);
    let message = unico::receipt(&avviso, &format!("ric-{n}"), cents);
    assert_eq!(unico::send(mondo, &message).await, None);
    avviso
}

fn campo<'a>(lista: &'a Value, nome: &str) -> Vec<&'a Value> {
    let rows = lista["risultati"].as_array();
    let rows = rows.unwrap_or_else(|| panic!("{lista}"));
    rows.iter().map(|row| &row[nome]).collect()
}

fn lungo(lista: &Value) -> usize {
    lista["risultati"]
        .as_array()
        .unwrap_or_else(|| panic!("{lista}"))
        .len()
}

async fn ogni_filtro(mondo: Mondo) {
    let mondo = con_ragioneria(mondo);
    let a = paga_v1(&mondo, 1, 1250).await;
    let b = paga_v2(&mondo, 2, &[1000, 250]).await;
    mondo.esegui(&format!(
        "UPDATE pendenze SET id_unita_operativa = 'UO1', direzione = 'Dir 1', divisione = 'Div 1', \
         altro = '{{\"tassonomia\": \"Sanzioni\"}}' WHERE id_pendenza = '{}'",
        b.id_pendenza
    ));
    mondo
        .esegui("UPDATE riscossioni SET data_pagamento = '2026-01-02 22:59:59.5' WHERE indice = 2");
    mondo.esegui(
        "UPDATE riscossioni SET data_pagamento = '2026-01-02 23:00:00' WHERE importo = 1000",
    );
    mondo.esegui(
        "UPDATE riscossioni SET data_pagamento = '2026-02-01 12:00:00' WHERE importo = 1250",
    );
    let base = format!("{BACKOFFICE}/riscossioni");
    let all = get(&mondo, ADMIN, &base).await;
    assert_eq!(all.status, 200, "{}", all.testo());
    assert!(all.testo().contains("\"importo\":12.50"), "{}", all.testo());
    let all = all.json();
    assert_eq!(
        (
            &all["numRisultati"],
            &all["numPagine"],
            &all["maxRisultati"]
        ),
        (&json!(3), &json!(1), &json!(10000))
    );
    assert_eq!(
        campo(&all, "importo"),
        [2.5, 10.0, 12.5]
            .map(|n| json!(n))
            .iter()
            .collect::<Vec<_>>()
    );
    assert_eq!(
        campo(&all, "data"),
        ["2026-01-02", "2026-01-03", "2026-02-01"]
            .map(|d| json!(d))
            .iter()
            .collect::<Vec<_>>()
    );
    let row = &all["risultati"][2];
    assert_eq!(
        row["pendenza"],
        json!(format!("/pendenze/GESTIONALE/{}", a.id_pendenza))
    );
    assert_eq!(row["rpp"], json!(format!("/rpp/{A}/{}/c1", a.iuv)));
    assert_eq!(
        (&row["stato"], &row["tipo"], &row["indice"]),
        (&json!("RISCOSSA"), &json!("ENTRATA"), &json!(1))
    );
    assert_eq!(
        (&row["commissioni"], &row["idVocePendenza"]),
        (&json!(1.3), &json!("V0"))
    );
    let iur = row["iur"].as_str().unwrap();
    for (query, quante) in [
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
        ("metadatiPaginazione=false&maxRisultati=false".to_owned(), 3),
    ] {
        let found = get(&mondo, ADMIN, &format!("{base}?{query}")).await;
        assert_eq!(found.status, 200, "{query}: {}", found.testo());
        assert_eq!(lungo(&found.json()), quante, "{query}");
    }
    for query in [
        "stato=PAGATO",
        "tipo=ALTRO",
        "dataDa=ieri",
        "pagina=0",
        "risultatiPerPagina=5001",
        "ordinamento=importo",
        "iuv=1&iuv=2",
        "maxRisultati=forse",
    ] {
        let refused = get(&mondo, ADMIN, &format!("{base}?{query}")).await;
        assert_eq!(
            (refused.status, &refused.json()["codice"]),
            (400, &json!("400000")),
            "{query}"
        );
        let nome = query.split('=').next().unwrap();
        assert!(
            refused.json()["dettaglio"].as_str().unwrap().contains(nome),
            "{}",
            refused.testo()
        );
    }
    // Pages follow each other in any order, and a field is a field.
    let mut path = format!("{base}?ordinamento=-data,iuv&risultatiPerPagina=1&campi=importo,iur");
    for importo in ["12.50", "10.00", "2.50"] {
        let page = get(&mondo, ADMIN, &path).await;
        assert!(
            page.testo().contains(&format!(
                "\"risultati\":[{{\"importo\":{importo},\"iur\":\""
            )),
            "{}",
            page.testo()
        );
        let page = page.json();
        assert_eq!(page["numPagine"], 3);
        path = page["prossimiRisultati"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
    }
    assert_eq!(path, "");
    let bare = get(
        &mondo,
        ADMIN,
        &format!("{base}?metadatiPaginazione=false&risultatiPerPagina=2"),
    )
    .await
    .json();
    assert!(
        bare["numRisultati"].is_null() && bare["maxRisultati"].is_null(),
        "{bare}"
    );
    assert!(
        bare["prossimiRisultati"]
            .as_str()
            .unwrap()
            .contains("pagina=2"),
        "{bare}"
    );
    mondo.stop().await;
}

#[tokio::test]
async fn riscossioni_are_found_by_every_filter_page_by_page() {
    ogni_filtro(Mondo::start().await).await;
}

#[tokio::test]
async fn riscossioni_are_found_by_every_filter_page_by_page_on_postgresql() {
    ogni_filtro(Mondo::start_pg().await).await;
}

async fn somme(mondo: Mondo) {
    let a = paga_v1(&mondo, 1, 1250).await;
    paga_v2(&mondo, 2, &[1000, 250]).await;
    paga_v1(&mondo, 3, 99).await;
    mondo.esegui(&format!(
        "UPDATE pendenze SET direzione = 'D', altro = '{{\"tassonomia\": \"T\"}}' WHERE id_pendenza = '{}'",
        a.id_pendenza
    ));
    let base = format!("{BACKOFFICE}/quadrature/riscossioni");
    assert_eq!(get(&mondo, ADMIN, &base).await.status, 400);
    let per_dominio = get(
        &mondo,
        ADMIN,
        &format!("{base}?gruppi=DOMINIO&gruppi=APPLICAZIONE"),
    )
    .await;
    assert!(
        per_dominio.testo().contains("\"importo\":13.49"),
        "{}",
        per_dominio.testo()
    );
    let rows = per_dominio.json();
    assert_eq!(rows["numRisultati"], 2);
    let of = |id: &str| {
        let rows = rows["risultati"].as_array().unwrap();
        rows.iter()
            .find(|row| row["dominio"]["idDominio"] == id)
            .unwrap()
            .clone()
    };
    assert_eq!(
        (&of(A)["numeroPagamenti"], &of(A)["importo"]),
        (&json!(2), &json!(13.49))
    );
    assert_eq!(
        (&of(B)["numeroPagamenti"], &of(B)["importo"]),
        (&json!(2), &json!(12.5))
    );
    assert_eq!(of(B)["applicazione"]["principal"], "gestionale");
    assert!(of(B)["tipoPendenza"].is_null());
    let altri = get(
        &mondo,
        ADMIN,
        &format!("{base}?gruppi=DIREZIONE,TASSONOMIA,TIPO_PENDENZA&idDominio={A}"),
    )
    .await
    .json();
    assert_eq!(lungo(&altri), 2, "{altri}");
    let con = altri["risultati"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["direzione"] == "D")
        .unwrap();
    assert_eq!(
        (
            &con["tassonomia"],
            &con["importo"],
            &con["tipoPendenza"]["idTipoPendenza"]
        ),
        (&json!("T"), &json!(12.5), &json!("LIBERO"))
    );
    let una = get(
        &mondo,
        ADMIN,
        &format!("{base}?gruppi=DOMINIO&risultatiPerPagina=1&pagina=9"),
    )
    .await
    .json();
    assert_eq!((&una["numRisultati"], lungo(&una)), (&json!(2), 0));
    let solo_a = get(&mondo, UFFICIO_A, &format!("{base}?gruppi=DOMINIO"))
        .await
        .json();
    assert_eq!(lungo(&solo_a), 1, "{solo_a}");
    // The sum of many amounts may be more than one may be.
    mondo.esegui("UPDATE riscossioni SET importo = 99999999999");
    let tanto = get(&mondo, ADMIN, &format!("{base}?gruppi=TIPO_PENDENZA"))
        .await
        .testo();
    assert!(tanto.contains("\"importo\":3999999999.96"), "{tanto}");

    let previste = get(
        &mondo,
        UFFICIO_A,
        &format!("{BACKOFFICE}/reportistiche/entrate-previste"),
    )
    .await
    .json();
    assert_eq!(lungo(&previste), 2);
    let first = &previste["risultati"][0];
    assert_eq!(
        (&first["idA2A"], &first["idVocePendenza"], &first["indice"]),
        (&json!("GESTIONALE"), &json!("V0"), &json!(1))
    );
    assert!(first["idFlusso"].is_null());
    let pdf = get_come(
        &mondo,
        ADMIN,
        &format!("{BACKOFFICE}/reportistiche/entrate-previste"),
        "application/pdf",
    )
    .await;
    assert_eq!((pdf.status, &pdf.json()["codice"]), (406, &json!("406000")));
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
async fn a_riscossione_is_read_with_its_item_and_its_attachment_by_who_may() {
    let mondo = con_ragioneria(Mondo::start().await);
    let avviso = paga_v1(&mondo, 1, 1250).await;
    let list = get(&mondo, ADMIN, &format!("{BACKOFFICE}/riscossioni"))
        .await
        .json();
    let iur = list["risultati"][0]["iur"].as_str().unwrap();
    let path = format!("/riscossioni/{A}/{}/{iur}/1", avviso.iuv);
    let read = get(&mondo, ADMIN, &format!("{BACKOFFICE}{path}"))
        .await
        .json();
    assert_eq!(
        read["allegato"],
        json!({"tipo": "Esito pagamento", "testo": "ZXNpdG8="})
    );
    assert_eq!(read["vocePendenza"]["idVocePendenza"], "V0");
    assert_eq!(
        read["vocePendenza"]["pendenza"]["idPendenza"],
        json!(avviso.id_pendenza)
    );
    assert_eq!(read["vocePendenza"]["pendenza"]["stato"], "ESEGUITA");
    for nome in ["rpp", "pagamenti", "tipo", "causale"] {
        assert!(
            read["vocePendenza"]["pendenza"][nome].is_string(),
            "{nome}: {read}"
        );
    }
    for base in [RAGIONERIA, RAGIONERIA_CORTA] {
        let read = get(&mondo, RAGIONIERE, &format!("{base}{path}"))
            .await
            .json();
        assert_eq!(
            (&read["idRicevuta"], &read["dominio"]["idDominio"]),
            (&json!("c1"), &json!(A))
        );
        assert_eq!(read["allegato"]["tipo"], "Esito pagamento");
        let voce = &read["vocePendenza"];
        assert_eq!(voce["codiceTassonomicoPagoPA"], "9/TARI-2026");
        assert_eq!(
            (
                &voce["pendenza"]["numeroAvviso"],
                &voce["pendenza"]["importo"]
            ),
            (&json!(avviso.numero), &json!(12.5))
        );
        let list = get(
            &mondo,
            RAGIONIERE,
            &format!("{base}/riscossioni?stato=RISCOSSA&tipo=ENTRATA&iur={iur}"),
        )
        .await
        .json();
        assert_eq!(list["risultati"][0]["vocePendenza"], *voce);
    }
    for wrong in [
        format!("/riscossioni/{A}/{}/{iur}/2", avviso.iuv),
        format!("/riscossioni/{A}/{}/{iur}/x", avviso.iuv),
        format!("/riscossioni/{B}/{}/{iur}/1", avviso.iuv),
    ] {
        let missing = get(&mondo, ADMIN, &format!("{BACKOFFICE}{wrong}")).await;
        assert_eq!(
            (missing.status, &missing.json()["codice"]),
            (404, &json!("404000")),
            "{wrong}"
        );
    }
    mondo.esegui("UPDATE applicazioni SET domini = '[\"09876543217\"]'");
    mondo.esegui("UPDATE operatori SET domini = '[\"09876543217\"]'");
    for (who, base) in [(RAGIONIERE, RAGIONERIA), (ADMIN, BACKOFFICE)] {
        assert_eq!(get(&mondo, who, &format!("{base}{path}")).await.status, 404);
        let list = get(&mondo, who, &format!("{base}/riscossioni"))
            .await
            .json();
        assert_eq!((lungo(&list), &list["numRisultati"]), (0, &json!(0)));
    }
    let refused = get(&mondo, PORTALE, &format!("{RAGIONERIA}/riscossioni")).await;
    assert_eq!(
        (refused.status, &refused.json()["codice"]),
        (403, &json!("403000"))
    );
    mondo.stop().await;
}

async fn ricevute(mondo: Mondo) {
    let mondo = con_ragioneria(mondo);
    let a = paga_v1(&mondo, 1, 1250).await;
    mondo.avanza(86_400).await;
    let b = paga_v2(&mondo, 2, &[1000, 250]).await;
    let c = mondo.pendenza(A, 3, &[500]);
    let before = mondo.nodo.rpt().len();
    assert!(
        mondo
            .chiama_v1(&c, "c3", &attiva(500))
            .await
            .fault
            .is_none()
    );
    mondo.attendi_rpt(before + 1).await;
    let list = get(&mondo, RAGIONIERE, &format!("{RAGIONERIA}/ricevute"))
        .await
        .json();
    assert_eq!(
        campo(&list, "idRicevuta"),
        [&json!("c1"), &json!("ric-2")],
        "{list}"
    );
    assert_eq!(
        campo(&list, "esito"),
        [&json!("ESEGUITO"), &json!("ESEGUITO")]
    );
    assert_eq!(
        list["risultati"][0]["dominio"]["ragioneSociale"],
        "Comune di Valtorbida"
    );
    let second = list["risultati"][1]["data"].as_str().unwrap().to_owned();
    for (query, quante) in [
        ("ordinamento=-data&risultatiPerPagina=1".to_owned(), 1),
        (format!("idDominio={B}"), 1),
        (format!("iuv={}", a.iuv), 1),
        ("idRicevuta=ric-2".to_owned(), 1),
        ("idRicevuta=c3".to_owned(), 0),
        (format!("numeroAvviso={}", b.numero), 1),
        (format!("dataDa={second}"), 1),
        (format!("dataA={second}"), 2),
    ] {
        let found = get(
            &mondo,
            RAGIONIERE,
            &format!("{RAGIONERIA_CORTA}/ricevute?{query}"),
        )
        .await;
        assert_eq!(found.status, 200, "{}", found.testo());
        assert_eq!(lungo(&found.json()), quante, "{query}");
    }
    let last = get(
        &mondo,
        RAGIONIERE,
        &format!("{RAGIONERIA}/ricevute?ordinamento=-data&risultatiPerPagina=1"),
    )
    .await
    .json();
    assert_eq!(last["risultati"][0]["idRicevuta"], "ric-2");
    assert_eq!(
        get(
            &mondo,
            RAGIONIERE,
            &format!("{RAGIONERIA}/ricevute?risultatiPerPagina=201")
        )
        .await
        .status,
        400
    );

    let path = format!("/ricevute/{B}/{}/ric-2", b.iuv);
    for (who, base) in [
        (RAGIONIERE, RAGIONERIA),
        (PORTALE, PAGAMENTO),
        (PORTALE, PAGAMENTO_CORTA),
    ] {
        let read = get(&mondo, who, &format!("{base}{path}")).await;
        assert_eq!(
            (read.status, read.content_type.as_str()),
            (200, "application/json")
        );
        assert!(
            read.testo().contains("\"importo\":2.50"),
            "{}",
            read.testo()
        );
        let read = read.json();
        for nome in [
            "dominio",
            "iuv",
            "idRicevuta",
            "importo",
            "stato",
            "istitutoAttestante",
            "modello",
            "pendenza",
        ] {
            assert!(!read[nome].is_null(), "{nome}: {read}");
        }
        assert_eq!(read["modello"], "Pagamento ad iniziativa PSP");
        assert_eq!(
            (&read["rt"]["tipo"], &read["rpt"]),
            (&json!("ctReceipt"), &Value::Null)
        );
        assert_eq!(read["rt"]["json"]["receipt"]["paymentAmount"], "12.50");
        let voci = read["pendenza"]["voci"].as_array().unwrap();
        assert_eq!(voci.len(), 2);
        assert_eq!(
            (
                &voci[1]["riscossione"]["importo"],
                &voci[1]["riscossione"]["iur"]
            ),
            (&json!(2.5), &json!("ric-2"))
        );
        assert_eq!(voci[1]["pendenza"]["idPendenza"], json!(b.id_pendenza));
        let pdf = get_come(&mondo, who, &format!("{base}{path}"), "application/pdf").await;
        assert_eq!(
            (pdf.status, pdf.content_type.as_str()),
            (200, "application/pdf")
        );
        assert_eq!(
            get_come(&mondo, who, &format!("{base}{path}"), "text/csv")
                .await
                .status,
            406
        );
    }
    let read = get(
        &mondo,
        RAGIONIERE,
        &format!("{RAGIONERIA}/ricevute/{A}/{}/c1", a.iuv),
    )
    .await
    .json();
    assert_eq!(
        (&read["rpt"]["tipo"], &read["rt"]["tipo"]),
        (
            &json!("ctRichiestaPagamentoTelematico"),
            &json!("ctRicevutaTelematica")
        )
    );
    assert_eq!(
        read["pendenza"]["voci"][0]["riscossione"]["allegato"]["testo"],
        "ZXNpdG8="
    );
    for missing in [
        format!("/ricevute/{A}/{}/c3", c.iuv),
        format!("/ricevute/{A}/{}/mai", a.iuv),
    ] {
        assert_eq!(
            get(&mondo, RAGIONIERE, &format!("{RAGIONERIA}{missing}"))
                .await
                .status,
            404
        );
    }
    let of_iuv = get(
        &mondo,
        PORTALE,
        &format!("{PAGAMENTO}/ricevute/{A}/{}", a.iuv),
    )
    .await
    .json();
    assert_eq!(campo(&of_iuv, "idRicevuta"), [&json!("c1")]);
    let none = get(
        &mondo,
        PORTALE,
        &format!("{PAGAMENTO}/ricevute/{A}/{}?esito=NON_ESEGUITO", a.iuv),
    )
    .await
    .json();
    assert_eq!(lungo(&none), 0);
    mondo.esegui("UPDATE applicazioni SET domini = '[\"12345678903\"]'");
    for (who, base) in [(RAGIONIERE, RAGIONERIA), (PORTALE, PAGAMENTO)] {
        for accept in ["application/json", "application/pdf"] {
            assert_eq!(
                get_come(&mondo, who, &format!("{base}{path}"), accept)
                    .await
                    .status,
                404
            );
        }
    }
    mondo.stop().await;
}

#[tokio::test]
async fn receipts_are_listed_read_and_printed() {
    ricevute(Mondo::start().await).await;
}

#[tokio::test]
async fn receipts_are_listed_read_and_printed_on_postgresql() {
    ricevute(Mondo::start_pg().await).await;
}

#[tokio::test]
async fn the_print_of_a_receipt_says_who_owed_and_how_much() {
    let mondo = con_ragioneria(Mondo::start().await);
    let a = paga_v1(&mondo, 1, 1250).await;
    let path = format!("{RAGIONERIA}/ricevute/{A}/{}/c1", a.iuv);
    let pdf = get_come(&mondo, RAGIONIERE, &path, "application/pdf").await;
    let text = pdf_text(&pdf.body);
    assert!(
        text.contains("12,50") && text.contains("Giuseppe Verdi"),
        "{text}"
    );
    mondo.stop().await;
}
