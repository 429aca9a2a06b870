//! Dashboard, monitor, pendenze, tools: what the lists show and how they move.

use domain::EsitoPagamento;
use scraper::{Html, Selector};
use serde_json::json;

use crate::fixture::*;

const CCPS: [&str; 30] = [
    "c00", "c01", "c02", "c03", "c04", "c05", "c06", "c07", "c08", "c09", "c10", "c11", "c12",
    "c13", "c14", "c15", "c16", "c17", "c18", "c19", "c20", "c21", "c22", "c23", "c24", "c25",
    "c26", "c27", "c28", "c29",
];

/// The state words of the rows of the list, in order.
fn states(page: &test_support::Page) -> Vec<String> {
    let document = Html::parse_document(&page.text());
    let badges = Selector::parse("#elenco tbody .badge").unwrap();
    document
        .select(&badges)
        .map(|b| b.text().collect())
        .collect()
}

#[tokio::test]
async fn waiting_payments_come_first_then_the_newest_and_pages_follow_each_other() {
    let mondo = Mondo::start().await;
    for (i, ccp) in CCPS.into_iter().enumerate() {
        let t = Tentativo { ccp, ..TENTATIVO };
        let begun = 4000 - i64::try_from(i).unwrap() * 10;
        mondo
            .hear(pagamento(t, ago(begun), "IN_CORSO", "RPT_ACCETTATA_NODO"))
            .await;
        // The two oldest go on waiting.
        if i > 1 {
            mondo
                .hear(rt(t, ago(begun - 5), EsitoPagamento::Eseguito))
                .await;
        }
    }
    let page = mondo.open("/pagamenti").await;
    let first = states(&page);
    assert_eq!(first.len(), 25);
    assert_eq!(first[..2], ["In corso", "In corso"]);
    assert!(first[2..].iter().all(|s| s == "Eseguito"));
    let second = mondo.browser.click(&page, "Successivi").await;
    assert_eq!(states(&second).len(), 5);
    assert!(second.link("Successivi").is_none());
    let back = mondo.browser.click(&second, "Precedenti").await;
    assert_eq!(states(&back), first);

    let waiting = mondo.open("/pagamenti?stato=attesa-lunga").await;
    assert_eq!(states(&waiting), ["In corso", "In corso"]);
    let none = mondo.open("/pagamenti?stato=rifiutato").await;
    none.expect("Nessun pagamento corrisponde ai filtri")
        .expect("Togli i filtri");
    let spaced = mondo.open("/pagamenti?testo=3010+0000+0000+0042+85").await;
    assert_eq!(states(&spaced).len(), 25);
    let tomorrow = mondo.open("/pagamenti?dal=2999-01-01").await;
    assert!(states(&tomorrow).is_empty());
    mondo
        .open("/pagamenti?dal=ieri")
        .await
        .expect("«ieri» non è una data");
    mondo.stop().await;
}

#[tokio::test]
async fn the_dashboard_counts_what_somebody_has_to_look_at() {
    let mondo = Mondo::start().await;
    let of = |ccp| Tentativo { ccp, ..TENTATIVO };
    mondo
        .hear_all([
            pagamento(of("lento"), ago(300), "IN_CORSO", "RPT_ACCETTATA_NODO"),
            pagamento(of("nuovo"), ago(2), "IN_CORSO", "RPT_ACCETTATA_NODO"),
            rt(of("negato"), ago(0), EsitoPagamento::NonEseguito),
            pagamento(of("rifiutato"), ago(0), "FALLITO", "RPT_RIFIUTATA_NODO"),
            rt(of("pagato"), ago(0), EsitoPagamento::Eseguito),
        ])
        .await;
    let page = mondo.open("/").await;
    page.expect("2 pagamenti in attesa")
        .expect("1 RT in attesa da più di 1 minuto")
        .expect("2 pagamenti rifiutati o non eseguiti oggi")
        .expect("0 tracciati con errori")
        .expect("0 messaggi in coda morta");
    mondo
        .browser
        .click(&page, "2 pagamenti in attesa")
        .await
        .expect("In corso");
    test_support::wait_until("the services were looked at", || async {
        let page = mondo.open("/").await;
        // This console answers for all its neighbours but the core, which is not ready.
        if page.shows("Funziona")
            && page.shows("Non risponde")
            && page.shows("Il core non risponde")
        {
            Ok(())
        } else {
            Err(page.visible_text())
        }
    })
    .await;
    mondo.stop().await;
}

#[tokio::test]
async fn an_event_wakes_the_pages_that_show_it() {
    let mondo = Mondo::start().await;
    let lists = mondo.stream("/flusso").await;
    let detail = mondo.stream(&format!("/flusso/pendenze/{A2A}/{ID}")).await;
    let elsewhere = mondo.stream(&format!("/flusso/pendenze/{A2A}/ALTRA")).await;
    mondo
        .hear(pagamento(TENTATIVO, ago(1), "IN_CORSO", "RPT_ATTIVATA"))
        .await;
    for stream in [lists, detail] {
        let text = read_until(stream, "event: stato").await;
        assert!(text.contains("retry: 3000"), "{text}");
    }
    mondo.stop().await;
    // The service has stopped: the stream that nobody woke has ended by itself, without that event.
    let text = read_until(elsewhere, "event: fine").await;
    assert!(!text.contains("event: stato"), "{text}");
}

#[tokio::test]
async fn the_pendenze_are_the_cores_and_without_it_those_that_were_seen() {
    let mondo = Mondo::start().await;
    mondo
        .hear(pendenza_stato(DOMINIO, "VISTA-1", ago(9), "NON_ESEGUITA"))
        .await;
    let row = pendenza(DOMINIO, "NON_ESEGUITA", json!("/rpp"));
    mondo.core_says("/pendenze", lista(vec![row])).await;
    let page = mondo
        .open("/pendenze?stato=NON_ESEGUITA&testo=3010+0000+0000+0042+85")
        .await;
    page.expect("TARI 2026 prima rata")
        .expect(ID)
        .expect("Da pagare");
    assert!(!page.shows("VISTA-1"));
    let requests = mondo.core.received_requests().await.unwrap();
    let query = requests
        .last()
        .unwrap()
        .url
        .query()
        .unwrap_or_default()
        .to_owned();
    assert!(
        query.contains("stato=NON_ESEGUITA") && query.contains(&format!("iuv={IUV}")),
        "{query}"
    );

    mondo.forget().await;
    let page = mondo.open("/pendenze").await;
    assert_eq!(page.status, 200);
    page.expect("Il core non risponde")
        .expect("VISTA-1")
        .expect("Comune di Valtorbida");
    mondo.stop().await;
}

#[tokio::test]
async fn an_operator_of_one_body_asks_the_core_for_that_body_only() {
    let mondo = Mondo::start().await;
    let rows = [
        pendenza(DOMINIO, "NON_ESEGUITA", json!("/rpp")),
        pendenza(ALTRO, "ESEGUITA", json!("/rpp")),
    ];
    mondo.core_says("/pendenze", lista(rows.to_vec())).await;
    let page = mondo.open("/").await;
    mondo.browser.press(&page, "Esci").await;
    mondo.login(UFFICIO).await;
    let page = mondo.open(&format!("/pendenze?dominio={ALTRO}")).await;
    page.expect("Da pagare");
    let requests = mondo.core.received_requests().await.unwrap();
    let query = requests
        .last()
        .unwrap()
        .url
        .query()
        .unwrap_or_default()
        .to_owned();
    assert!(query.contains(&format!("idDominio={DOMINIO}")), "{query}");
    let rows = Html::parse_document(&page.text());
    assert_eq!(
        rows.select(&Selector::parse("tbody tr").unwrap()).count(),
        1
    );
    mondo.stop().await;
}

#[tokio::test]
async fn the_clock_of_the_world_is_shown_and_moved_forward() {
    let mondo = Mondo::start().await;
    mondo
        .hear(pagamento(
            TENTATIVO,
            ago(1),
            "IN_CORSO",
            "RPT_ACCETTATA_NODO",
        ))
        .await;
    mondo
        .open("/")
        .await
        .expect("0 RT in attesa da più di 1 minuto");
    let page = mondo.open("/strumenti").await;
    let page = mondo.browser.press(&page, "+5 min").await;
    page.expect("L'orologio è andato avanti")
        .expect("300 secondi avanti");
    mondo
        .open("/")
        .await
        .expect("1 RT in attesa da più di 1 minuto");

    let page = mondo.open("/").await;
    mondo.browser.press(&page, "Esci").await;
    mondo.login(UFFICIO).await;
    let page = mondo.open("/strumenti").await;
    assert!(!page.shows("+5 min"));
    mondo.stop().await;
}

#[tokio::test]
async fn the_button_rebuilds_and_says_what_it_did() {
    let mondo = Mondo::start().await;
    let row = rpp(DOMINIO, CCP, "RT_ACCETTATA_PA", Some("ESEGUITO"));
    core_has_page(&mondo.core, "rpp", 1, true, vec![row]).await;
    let page = mondo.open("/strumenti").await;
    let page = mondo.browser.press(&page, "Ricostruisci dal core").await;
    page.expect("Proiezione ricostruita: 1 pagamenti e 0 pendenze");
    mondo.forget().await;
    let page = mondo.browser.press(&page, "Ricostruisci dal core").await;
    page.expect("La proiezione è rimasta com'era");
    mondo.open("/pagamenti").await.expect("Eseguito");
    mondo.stop().await;
}

#[tokio::test]
async fn dead_letters_are_shown_with_their_reason() {
    let mondo = Mondo::start().await;
    let dead = platform::store::DeadLetterRow {
        event_id: "e1".into(),
        envelope: "{\"type\":\"pagamento.stato\"}".into(),
        reason: "dati incoerenti nell'archivio".into(),
        dead_at: ago(5).naive_utc(),
    };
    mondo.db.0.dead_letter(dead).await.unwrap();
    mondo.open("/").await.expect("1 messaggi in coda morta");
    mondo
        .open("/code")
        .await
        .expect("dati incoerenti nell'archivio")
        .expect("pagamento.stato");
    mondo.stop().await;
}

#[tokio::test]
async fn every_page_speaks_english_when_asked_to() {
    let mondo = Mondo::start().await;
    mondo
        .hear(pagamento(
            TENTATIVO,
            ago(1),
            "IN_CORSO",
            "RPT_ACCETTATA_NODO",
        ))
        .await;
    mondo
        .core_has(
            pendenza(DOMINIO, "NON_ESEGUITA", json!([])),
            vec![evento(1, "nodoInviaRPT", DOMINIO)],
        )
        .await;
    mondo
        .core_says("/eventi/1", evento(1, "nodoInviaRPT", DOMINIO))
        .await;
    let detail = format!("/pendenze/{A2A}/{ID}");
    mondo.open("/?lang=en").await;
    for path in [
        "/",
        "/pagamenti",
        "/pendenze",
        "/tracciati",
        "/code",
        "/strumenti",
        "/cerca",
        "/eventi/1",
        &detail,
    ] {
        let page = mondo.open(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.text().contains('⟦'), "{path}: a text is missing");
        assert!(page.text().contains("<html lang=\"en\">"), "{path}");
        assert!(page.shows("Search notice number"), "{path}");
    }
    mondo.stop().await;
}
