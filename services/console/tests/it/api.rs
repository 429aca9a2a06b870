//! `POST /api/v1/rebuild`.

use domain::EsitoPagamento;
use serde_json::{Value, json};

use crate::fixture::*;

async fn rebuild(mondo: &Mondo, who: Option<(&str, &str)>) -> (u16, Value) {
    let client = platform::http::client(std::time::Duration::from_secs(20)).unwrap();
    let mut request = client.post(format!("{}/api/v1/rebuild", mondo.url));
    if let Some((user, password)) = who {
        request = request.basic_auth(user, Some(password));
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn a_rebuild_replaces_what_was_wrong_and_keeps_the_events_of_the_bus() {
    let mondo = Mondo::start().await;
    let lost = Tentativo {
        ccp: "mai esistito",
        ..TENTATIVO
    };
    mondo
        .hear_all([
            pagamento(lost, ago(60), "IN_CORSO", "RPT_ATTIVATA"),
            pagamento(TENTATIVO, ago(60), "IN_CORSO", "RPT_ATTIVATA"),
        ])
        .await;
    let row = rpp(DOMINIO, CCP, "RT_ACCETTATA_PA", Some("ESEGUITO"));
    core_has_page(&mondo.core, "rpp", 1, true, vec![row]).await;
    let row = pendenza(DOMINIO, "ESEGUITA", json!("/rpp"));
    core_has_page(&mondo.core, "pendenze", 1, true, vec![row]).await;

    let (status, body) = rebuild(&mondo, Some(ADMIN)).await;

    assert_eq!(status, 200, "{body}");
    assert_eq!(
        body,
        json!({"pagamenti": 1, "pendenze": 1, "parziale": false})
    );
    let rows = mondo.db.tentativi_di(A2A.into(), ID.into()).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].ccp.as_str(), rows[0].gruppo.as_str()),
        (CCP, "eseguito")
    );
    assert_eq!(
        mondo
            .db
            .eventi_di(A2A.into(), ID.into(), 10)
            .await
            .unwrap()
            .len(),
        2
    );
    mondo.stop().await;
}

#[tokio::test]
async fn what_happened_after_the_core_was_asked_stays() {
    let mondo = Mondo::start().await;
    mondo
        .hear(rt(TENTATIVO, ago(-60), EsitoPagamento::Eseguito))
        .await;
    let row = rpp(DOMINIO, CCP, "RPT_ACCETTATA_NODO", None);
    core_has_page(&mondo.core, "rpp", 1, true, vec![row]).await;
    let (status, _) = rebuild(&mondo, Some(ADMIN)).await;
    assert_eq!(status, 200);
    let rows = mondo.db.tentativi_di(A2A.into(), ID.into()).await.unwrap();
    assert_eq!(rows[0].gruppo, "eseguito");
    mondo.stop().await;
}

#[tokio::test]
async fn only_administrators_rebuild_and_a_silent_core_changes_nothing() {
    let mondo = Mondo::start().await;
    mondo
        .hear(pagamento(TENTATIVO, ago(60), "IN_CORSO", "RPT_ATTIVATA"))
        .await;
    let (status, body) = rebuild(&mondo, None).await;
    assert_eq!(
        (status, body["code"].as_str()),
        (401, Some("ACCESSO_RICHIESTO"))
    );
    let (status, _) = rebuild(&mondo, Some(("gpadmin", "sbagliata"))).await;
    assert_eq!(status, 401);
    let (status, body) = rebuild(&mondo, Some(UFFICIO)).await;
    assert_eq!(
        (status, body["code"].as_str()),
        (403, Some("SOLO_AMMINISTRATORI"))
    );

    mondo.forget().await;
    let (status, body) = rebuild(&mondo, Some(ADMIN)).await;
    assert_eq!(
        (status, body["code"].as_str()),
        (503, Some("CORE_NON_DISPONIBILE"))
    );
    let rows = mondo.db.tentativi_di(A2A.into(), ID.into()).await.unwrap();
    assert_eq!(rows.len(), 1);
    mondo.stop().await;
}
