//! The same on PostgreSQL, where there are replicas.

use domain::EsitoPagamento;
use serde_json::json;
use test_support::servers::TestDatabase;

use crate::fixture::*;

#[tokio::test]
async fn on_postgres_events_lists_search_and_rebuild_work_the_same() {
    let database = TestDatabase::create();
    let mondo = Mondo::start_on_pg(&database).await;
    mondo.riempita().await;
    let event = pagamento(TENTATIVO, ago(300), "IN_CORSO", "RPT_ACCETTATA_NODO");
    let paid = Tentativo {
        ccp: "c2",
        ..TENTATIVO
    };
    mondo
        .hear_all([
            event.clone(),
            event,
            pendenza_stato(DOMINIO, ID, ago(300), "NON_ESEGUITA"),
            rt(paid, ago(100), EsitoPagamento::Eseguito),
            pagamento(paid, ago(200), "IN_CORSO", "RPT_ACCETTATA_NODO"),
            pendenza_stato(DOMINIO, ID, ago(100), "ESEGUITA"),
        ])
        .await;
    let bus = mondo
        .db
        .eventi_di(A2A.into(), ID.into(), 100)
        .await
        .unwrap();
    assert_eq!(bus.len(), 5);
    mondo
        .open("/")
        .await
        .expect("1 RT in attesa da più di 1 minuto");
    for filter in [
        "",
        "?stato=attesa-lunga",
        "?testo=3010+0000+0000+0042+85",
        "?dal=2020-01-01&al=2999-01-01",
    ] {
        mondo
            .open(&format!("/pagamenti{filter}"))
            .await
            .expect("In corso");
    }
    let found = mondo.open(&format!("/cerca?q={IUV}")).await;
    assert_eq!(found.url.path(), format!("/pendenze/{A2A}/{ID}"));
    mondo.forget().await;
    mondo.open("/pendenze?stato=ESEGUITA").await.expect(ID);

    core_is_empty(&mondo.core).await;
    let row = rpp(DOMINIO, CCP, "RT_ACCETTATA_PA", Some("NON_ESEGUITO"));
    core_has_page(&mondo.core, "rpp", 1, true, vec![row]).await;
    let row = pendenza(DOMINIO, "NON_ESEGUITA", json!("/rpp"));
    core_has_page(&mondo.core, "pendenze", 1, true, vec![row]).await;
    let page = mondo.open("/strumenti").await;
    let page = mondo.browser.press(&page, "Ricostruisci dal core").await;
    page.expect("Proiezione ricostruita: 1 pagamenti e 1 pendenze");
    let rows = mondo.db.tentativi_di(A2A.into(), ID.into()).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].gruppo, "non-eseguito");
    mondo.stop().await;
}

#[tokio::test]
async fn b183_replicas_that_share_the_news_of_one_payment_agree_and_wake_each_others_pages() {
    let database = TestDatabase::create();
    let one = Mondo::start_on_pg(&database).await;
    let other = Mondo::start_on_pg(&database).await;
    let stream = other.stream("/flusso").await;
    let news = [
        pagamento(TENTATIVO, ago(30), "IN_CORSO", "RPT_ATTIVATA"),
        rt(TENTATIVO, ago(10), EsitoPagamento::Eseguito),
        pagamento(TENTATIVO, ago(20), "IN_CORSO", "RPT_ACCETTATA_NODO"),
        pagamento(TENTATIVO, ago(10), "ESEGUITO", "RT_ACCETTATA_PA"),
    ];
    let applied = news
        .iter()
        .cycle()
        .take(16)
        .enumerate()
        .map(|(i, envelope)| {
            let db = if i % 2 == 0 { &one.db } else { &other.db };
            db.applica_evento(envelope.clone(), ago(0))
        });
    let applied = futures_util::future::join_all(applied).await;
    let first_times = applied
        .into_iter()
        .filter(|applied| *applied.as_ref().unwrap())
        .count();
    assert_eq!(first_times, news.len());
    let rows = one.db.tentativi_di(A2A.into(), ID.into()).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].gruppo.as_str(), rows[0].stato.as_deref()),
        ("eseguito", Some("ESEGUITO"))
    );
    // Applied behind the backs of both services: only the look at the store can tell.
    read_until(stream, "event: stato").await;
    one.stop().await;
    other.stop().await;
}
