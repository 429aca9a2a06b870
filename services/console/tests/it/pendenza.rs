//! The page of a pendenza: attempts, story, exchanges, receipts, changes by hand.

use domain::EsitoPagamento;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, Request, ResponseTemplate};

use crate::fixture::*;

fn detail() -> String {
    format!("/pendenze/{A2A}/{ID}")
}

#[tokio::test]
async fn the_page_tells_the_pendenza_its_attempts_and_its_story_in_order() {
    let mondo = Mondo::start().await;
    mondo
        .hear_all([
            pagamento(TENTATIVO, ago(30), "IN_CORSO", "RPT_ATTIVATA"),
            rt(TENTATIVO, ago(10), EsitoPagamento::Eseguito),
        ])
        .await;
    let attempts = json!([
        rpp(DOMINIO, CCP, "RT_ACCETTATA_PA", Some("ESEGUITO")),
        rpp(DOMINIO, "vecchio", "RPT_SCADUTA", None)
    ]);
    mondo
        .core_has(
            pendenza(DOMINIO, "ESEGUITA", attempts),
            vec![evento(41, "nodoInviaRPT", DOMINIO)],
        )
        .await;
    let page = mondo.open(&detail()).await;
    page.expect("TARI 2026 prima rata")
        .expect("Comune di Valtorbida")
        .expect("VRDGPP80A01H501U Giuseppe Verdi")
        .expect("1.234,50")
        .expect("Scaduto")
        .expect("nodoInviaRPT")
        .expect("15/01/2026 11:00:00.123")
        .expect("87 ms")
        .expect("Core → Nodo pagoPA")
        .expect("registrato dal core")
        .expect("pagamento.stato")
        .expect("passato sul bus");
    let text = page.visible_text();
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what}: {text}"));
    assert!(
        at("nodoInviaRPT") < at("pagamento.stato") && at("pagamento.stato") < at("rt.acquisita")
    );
    assert_eq!(
        page.link("Apri nel portale").unwrap().as_str(),
        format!("http://portale.test/avvisi/{DOMINIO}/{NUMERO}")
    );
    mondo.stop().await;
}

#[tokio::test]
async fn an_exchange_opens_with_request_and_response_and_leads_back() {
    let mondo = Mondo::start().await;
    mondo
        .core_has(
            pendenza(DOMINIO, "NON_ESEGUITA", json!([])),
            vec![evento(41, "nodoInviaRPT", DOMINIO)],
        )
        .await;
    let mut exchange = evento(41, "nodoInviaRPT", DOMINIO);
    exchange["parametriRichiesta"] = json!({
        "url": "http://nodo.test/", "method": "POST",
        "payload": "<e:Envelope><password>Segreta-1</password></e:Envelope>"
    });
    exchange["parametriRisposta"] = json!({"status": 200, "payload": "{\"esito\":\"OK\"}"});
    mondo.core_says("/eventi/41", exchange).await;
    let page = mondo.open(&detail()).await;
    let page = mondo
        .browser
        .click(
            &page,
            "Apri richiesta e risposta nodoInviaRPT 15/01/2026 11:00:00.123",
        )
        .await;
    page.expect("http://nodo.test/")
        .expect("<e:Envelope>")
        .expect("\"esito\": \"OK\"")
        .expect("87 ms");
    assert!(!page.text().contains("Segreta-1"));
    let back = mondo.browser.click(&page, "Torna alla pendenza").await;
    assert_eq!(back.url.path(), detail());
    mondo.stop().await;
}

#[tokio::test]
async fn the_receipt_is_handed_over_from_the_core_as_pdf_and_xml() {
    let mondo = Mondo::start().await;
    mondo
        .hear(rt(TENTATIVO, ago(10), EsitoPagamento::Eseguito))
        .await;
    let rt_path = format!("{API}/rpp/{DOMINIO}/{IUV}/c1%2Fa/rt");
    for (kind, body) in [
        ("application/pdf", PDF),
        ("application/xml", b"<RT/>".as_slice()),
    ] {
        Mock::given(method("GET"))
            .and(path(rt_path.clone()))
            .and(move |request: &Request| {
                let accept = request.headers.get("accept").and_then(|v| v.to_str().ok());
                accept.is_some_and(|accept| accept.starts_with(kind))
            })
            .respond_with(ResponseTemplate::new(200).set_body_raw(body, kind))
            .with_priority(1)
            .mount(&mondo.core)
            .await;
    }
    let page = mondo.open(&detail()).await;
    let pdf = mondo
        .browser
        .click(&page, &format!("Scarica Ricevuta Telematica {CCP}"))
        .await;
    assert_eq!(pdf.content_type, "application/pdf");
    assert_eq!(&*pdf.body, PDF);
    let xml = mondo
        .browser
        .click(&page, &format!("Scarica XML {CCP}"))
        .await;
    assert_eq!(xml.content_type, "application/xml");
    assert_eq!(&*xml.body, b"<RT/>");
    let absent = mondo
        .open(&format!(
            "/ricevute/rt.pdf?dominio={DOMINIO}&iuv={IUV}&ccp=altro"
        ))
        .await;
    assert_eq!(absent.status, 404);
    absent.expect("La ricevuta non c'è");
    mondo.stop().await;
}

#[tokio::test]
async fn b132_who_is_paying_is_told_with_since_and_until() {
    let mondo = Mondo::start().await;
    mondo
        .hear(pagamento(
            TENTATIVO,
            ago(10),
            "IN_CORSO",
            "RPT_ACCETTATA_NODO",
        ))
        .await;
    let page = mondo.open(&detail()).await;
    page.expect("Sta pagando Banca Link.it")
        .expect("nessun altro può pagare fino al");
    mondo
        .hear(rt(TENTATIVO, ago(5), EsitoPagamento::Eseguito))
        .await;
    assert!(!mondo.open(&detail()).await.shows("Sta pagando"));
    mondo.stop().await;
}

#[tokio::test]
async fn with_the_core_down_the_page_says_so_and_shows_what_was_seen() {
    let mondo = Mondo::start().await;
    mondo
        .hear_all([
            pendenza_stato(DOMINIO, ID, ago(20), "NON_ESEGUITA"),
            pagamento(TENTATIVO, ago(10), "IN_CORSO", "RPT_ACCETTATA_NODO"),
        ])
        .await;
    mondo.forget().await;
    Mock::given(wiremock::matchers::any())
        .respond_with(ResponseTemplate::new(502).set_body_raw("<html>proxy</html>", "text/html"))
        .mount(&mondo.core)
        .await;
    let page = mondo.open(&detail()).await;
    assert_eq!(page.status, 200);
    page.expect("Il core non risponde")
        .expect("HTTP 502")
        .expect("1.234,50")
        .expect("In corso")
        .expect("passato sul bus");
    assert!(!page.shows("Annulla la pendenza"));
    let unknown = mondo.open(&format!("/pendenze/{A2A}/MAI-VISTA")).await;
    assert_eq!(unknown.status, 503);
    mondo.stop().await;
}

#[tokio::test]
async fn a_pendenza_is_annulled_with_a_reason_only() {
    let mondo = Mondo::start().await;
    mondo
        .core_has(pendenza(DOMINIO, "NON_ESEGUITA", json!([])), vec![])
        .await;
    Mock::given(method("PATCH"))
        .and(path(format!("{API}/pendenze/{A2A}/{ID}")))
        .respond_with(ResponseTemplate::new(200).set_body_json(pendenza(
            DOMINIO,
            "ANNULLATA",
            json!([]),
        )))
        .with_priority(1)
        .mount(&mondo.core)
        .await;
    let page = mondo.open(&detail()).await;
    let refused = mondo.browser.press(&page, "Annulla la pendenza").await;
    assert_eq!(refused.status, 422);
    refused.expect("Scrivi il motivo");
    let page = refused.fill("Motivo", "Emessa due volte per errore");
    let done = mondo.browser.press(&page, "Annulla la pendenza").await;
    done.expect("La pendenza è annullata");
    let requests = mondo.core.received_requests().await.unwrap();
    let patches: Vec<Value> = requests
        .iter()
        .filter(|r| r.method.as_str() == "PATCH")
        .map(|r| r.body_json().unwrap())
        .collect();
    assert_eq!(
        patches,
        [json!([
            {"op": "REPLACE", "path": "/stato", "value": "ANNULLATA"},
            {"op": "REPLACE", "path": "/descrizioneStato", "value": "Emessa due volte per errore"}
        ])]
    );
    mondo.stop().await;
}

#[tokio::test]
async fn what_the_core_refuses_is_told_in_its_words_and_a_cancelled_one_can_be_restored() {
    let mondo = Mondo::start().await;
    mondo
        .core_has(pendenza(DOMINIO, "ANNULLATA", json!([])), vec![])
        .await;
    let fault = json!({"categoria": "OPERAZIONE", "codice": "VER_003", "descrizione": "Non si può", "dettaglio": "stato ESEGUITA"});
    Mock::given(method("PATCH"))
        .respond_with(ResponseTemplate::new(422).set_body_json(fault))
        .with_priority(1)
        .mount(&mondo.core)
        .await;
    let page = mondo.open(&detail()).await;
    let page = page.fill("Motivo", "Annullata per sbaglio");
    let page = mondo.browser.press(&page, "Ripristina la pendenza").await;
    assert_eq!(page.status, 409);
    page.expect("VER_003")
        .expect("stato ESEGUITA")
        .expect("Annullata per sbaglio");
    mondo.stop().await;
}

#[tokio::test]
async fn nobody_changes_the_pendenza_of_a_body_that_they_do_not_see() {
    let mondo = Mondo::start_with(|_| ()).await;
    mondo.riempita().await;
    mondo.login(UFFICIO).await;
    mondo
        .core_has(pendenza(DOMINIO, "NON_ESEGUITA", json!([])), vec![])
        .await;
    let page = mondo.open(&detail()).await;
    let request = mondo
        .browser
        .submission(&page.fill("Motivo", "Non è mia"), "Annulla la pendenza");
    mondo.forget().await;
    core_is_empty(&mondo.core).await;
    mondo
        .core_has(pendenza(ALTRO, "NON_ESEGUITA", json!([])), vec![])
        .await;
    assert_eq!(mondo.browser.follow(request).await.status, 404);
    let requests = mondo.core.received_requests().await.unwrap();
    assert!(requests.iter().all(|r| r.method.as_str() != "PATCH"));
    mondo.stop().await;
}
