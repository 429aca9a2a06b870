//! Settings of the archive, operations on request, and what is not served.

use reqwest::Method;
use serde_json::{Value, json};

use crate::anagrafica::{ADMIN, UFFICIO, chiama, get};
use crate::mondo::{A, Mondo};

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_kept_by_section_and_held_to_their_schema() {
    let mondo = Mondo::start().await;
    let (status, prima) = get(&mondo, ADMIN, "/configurazioni").await;
    assert_eq!(
        (status, &prima["mailBatch"]["abilitato"]),
        (200, &json!(false))
    );
    // What is read can be written back whole.
    let post = async |body: Value| {
        chiama(&mondo, Method::POST, ADMIN, "/configurazioni", Some(&body)).await
    };
    assert_eq!(post(prima.clone()).await.0, 200);
    let gde = json!({"servizioGDE": {"abilitato": true, "url": "https://gde.example"}});
    assert_eq!(post(gde.clone()).await.0, 200);
    let (_, dopo) = get(&mondo, ADMIN, "/configurazioni").await;
    assert_eq!(
        (&dopo["servizioGDE"], &dopo["hardening"]),
        (&gde["servizioGDE"], &prima["hardening"])
    );
    let ops = json!([{"op": "REPLACE", "path": "/appIOBatch", "value": {"abilitato": true, "timeToLive": 3600}}]);
    let (status, letta) = chiama(&mondo, Method::PATCH, ADMIN, "/configurazioni", Some(&ops)).await;
    assert_eq!(
        (status, &letta["appIOBatch"]["timeToLive"]),
        (200, &json!(3600))
    );
    let mut rotta = prima.clone();
    rotta["giornaleEventi"]["interfacce"]["apiEnte"]["letture"]["log"] = json!("spesso");
    rotta["hardening"]["captcha"]["soglia"] = json!(3);
    let (status, fault) = post(rotta).await;
    let text = fault["dettaglio"].as_str().unwrap();
    assert_eq!((status, fault["codice"].as_str()), (400, Some("SINTASSI")));
    assert!(
        text.contains("giornaleEventi.interfacce.apiEnte.letture.log: il valore 'spesso'"),
        "{text}"
    );
    assert!(text.contains("hardening.captcha.soglia"), "{text}");
    assert_eq!(
        chiama(&mondo, Method::POST, UFFICIO, "/configurazioni", Some(&gde))
            .await
            .0,
        403
    );
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_is_done_when_the_answer_comes() {
    let mondo = Mondo::start().await;
    let (status, lista) = get(&mondo, ADMIN, "/operazioni").await;
    assert_eq!((status, &lista["numRisultati"]), (200, &json!(4)));
    // An attempt whose life is over is closed by the operation, whatever the timers do.
    let avviso = mondo.pendenza(A, 1, &[1000]);
    mondo
        .chiama_v1(&avviso, "c1", &crate::presso_psp::attiva(1000))
        .await;
    mondo.esegui("UPDATE rpt SET scade_at = '2020-01-01 00:00:00'");
    for id in [
        "recuperoRptPendenti",
        "chiusuraRptScadute",
        "spedizioneNotifiche",
        "resetCacheAnagrafica",
    ] {
        let (status, fatta) = get(&mondo, ADMIN, &format!("/operazioni/{id}")).await;
        assert_eq!((status, &fatta["stato"]), (200, &json!(0)), "{fatta}");
        assert!(fatta["dettaglio"].is_string(), "{fatta}");
    }
    assert_eq!(mondo.conta("rpt WHERE scade_at IS NOT NULL"), 0);
    let (status, fault) = get(&mondo, ADMIN, "/operazioni/nessuna").await;
    assert_eq!((status, &fault["codice"]), (404, &json!("404000")));
    assert!(
        fault["dettaglio"]
            .as_str()
            .unwrap()
            .contains("recuperoRptPendenti"),
        "{fault}"
    );
    assert_eq!(
        get(&mondo, UFFICIO, "/operazioni/resetCacheAnagrafica")
            .await
            .0,
        403
    );
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_served_is_told_in_the_words_of_the_contract() {
    let mondo = Mondo::start().await;
    for (method, path) in [
        (Method::GET, "/nessuna"),
        (Method::DELETE, "/domini/12345678903"),
    ] {
        let (status, fault) = chiama(&mondo, method.clone(), ADMIN, path, None).await;
        assert_eq!(
            (status, &fault["codice"]),
            (404, &json!("404000")),
            "{fault}"
        );
        let text = fault["dettaglio"].as_str().unwrap();
        assert!(
            text.contains(method.as_str()) && text.ends_with(path),
            "{text}"
        );
    }
    mondo.stop().await;
}
