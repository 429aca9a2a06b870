//! What a gestionale is told when it is down, slow, or says no; and when the core dies half way.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use test_support::wait_until;

use crate::anagrafica::{ADMIN, get, put};
use crate::ente::{Chiamata, Ente, Modo, su_entrambi};
use crate::mondo::{Avviso, B, Mondo};
use crate::unico::{activate, receipt, send};

su_entrambi! {
    b169_five_events_are_told_in_order_once_it_is_up_again
    b171_a_refusal_for_good_stops_and_a_person_sends_it_again
    b171_a_poison_does_not_stop_the_others
    b173_what_was_sent_and_not_settled_is_sent_again_with_the_same_id
    b175_a_slow_first_event_is_not_overtaken
    a_slow_gestionale_does_not_slow_the_others
    a_gestionale_that_is_down_is_probed_by_one_notification_at_a_time
    replicas_tell_each_event_once
}

/// Five events of one position: activated, given up for another attempt, activated, paid, paid twice.
async fn cinque(mondo: &Mondo, n: u64) -> Avviso {
    let avviso = mondo.pendenza(B, n, &[1250]);
    activate(mondo, &avviso).await.unwrap();
    activate(mondo, &avviso).await.unwrap();
    for id in ["r1", "r2"] {
        assert_eq!(
            send(mondo, &receipt(&avviso, &format!("{id}-{n}"), &[1250])).await,
            None
        );
    }
    avviso
}

const CINQUE: [&str; 5] = [
    "attivazione",
    "annulla",
    "attivazione",
    "ricevuta",
    "ricevuta",
];

async fn paga(mondo: &Mondo, n: u64) -> Avviso {
    let avviso = mondo.pendenza(B, n, &[1250]);
    assert_eq!(
        send(mondo, &receipt(&avviso, &format!("r{n}"), &[1250])).await,
        None
    );
    avviso
}

fn cose(heard: &[Chiamata]) -> Vec<&'static str> {
    heard.iter().map(Chiamata::cosa).collect()
}

async fn adesso(mondo: &Mondo) -> DateTime<Utc> {
    let answer = mondo
        .http
        .get(format!("{}/api/v1/clock", mondo.url))
        .send()
        .await
        .unwrap();
    let clock: Value = answer.json().await.unwrap();
    clock["now"].as_str().unwrap().parse().unwrap()
}

/// The oldest that is to be sent, once it is due later than now; none when there is nothing left.
async fn in_attesa(mondo: &Mondo) -> Option<Value> {
    wait_until("what is due has been tried", || async {
        let (_, lista) = get(
            mondo,
            ADMIN,
            "/notifiche?stato=DA_SPEDIRE&risultatiPerPagina=1000",
        )
        .await;
        let Some(first) = lista["risultati"].as_array().unwrap().last() else {
            return Ok(None);
        };
        let due: DateTime<Utc> = first["dataProssimaSpedizione"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        if due > adesso(mondo).await {
            Ok(Some(first.clone()))
        } else {
            Err(first.to_string())
        }
    })
    .await
}

async fn attendi_stati(mondo: &Mondo, stato: &str, count: i64) {
    wait_until("the notifications are settled", || async {
        let found = mondo.conta(&format!("notifiche WHERE stato = '{stato}'"));
        if found == count {
            Ok(())
        } else {
            Err(format!("{found} {stato}"))
        }
    })
    .await;
}

async fn b169_five_events_are_told_in_order_once_it_is_up_again(mondo: Mondo) {
    let ente = Ente::start();
    // Ten minutes without anybody at the address.
    ente.collega(
        &mondo,
        "REST v1",
        json!({"url": "http://127.0.0.1:9/api-ente"}),
    )
    .await;
    cinque(&mondo, 1).await;
    let mut tries = vec![];
    for _ in 0..10 {
        let waiting = in_attesa(&mondo).await.unwrap();
        assert!(
            waiting["descrizioneStato"]
                .as_str()
                .unwrap()
                .contains("non è raggiungibile"),
            "{waiting}"
        );
        tries.push(waiting["numeroTentativi"].as_i64().unwrap());
        mondo.avanza(60).await;
    }
    let waiting = in_attesa(&mondo).await.unwrap();
    let tentativi = waiting["numeroTentativi"].as_i64().unwrap();
    assert!(
        (4..=8).contains(&tentativi),
        "a growing wait: {tries:?}, {waiting}"
    );
    assert_eq!(
        mondo.conta("notifiche WHERE tentativi > 0"),
        1,
        "the others wait for the first"
    );
    // Then 500, then well.
    ente.modo(Modo::Stato(500));
    ente.collega(&mondo, "REST v1", json!({})).await;
    mondo.avanza(600).await;
    ente.attendi(1).await;
    let waiting = in_attesa(&mondo).await.unwrap();
    assert!(
        waiting["descrizioneStato"]
            .as_str()
            .unwrap()
            .contains("HTTP 500"),
        "{waiting}"
    );
    ente.modo(Modo::Bene);
    mondo.avanza(600).await;
    attendi_stati(&mondo, "SPEDITA", 5).await;
    let heard = ente.notifiche();
    assert_eq!(
        heard[0].evento(),
        heard[1].evento(),
        "the same event is told again with its id"
    );
    assert_eq!(cose(&heard[1..]), CINQUE);
    let ids: HashSet<String> = heard[1..].iter().map(Chiamata::evento).collect();
    assert_eq!(ids.len(), 5);
    mondo.stop().await;
}

async fn b171_a_refusal_for_good_stops_and_a_person_sends_it_again(mondo: Mondo) {
    let ente = Ente::start();
    ente.collega(&mondo, "REST v2", json!({})).await;
    for (n, status) in (1..).zip([410, 400]) {
        ente.modo(Modo::Stato(status));
        paga(&mondo, n).await;
        attendi_stati(&mondo, "FALLITA", i64::try_from(n).unwrap()).await;
    }
    mondo.avanza(24 * 3600).await;
    // The timer has had its looks when it has sent something newer.
    ente.modo(Modo::Bene);
    paga(&mondo, 3).await;
    attendi_stati(&mondo, "SPEDITA", 1).await;
    assert_eq!(ente.notifiche().len(), 3, "no loop");
    let (_, lista) = get(&mondo, ADMIN, "/notifiche?stato=FALLITA").await;
    assert_eq!(lista["numRisultati"], 2, "{lista}");
    let failed = &lista["risultati"][1];
    assert_eq!(
        (&failed["stato"], &failed["fallita"]),
        (&json!("ANNULLATA"), &json!(true))
    );
    assert!(
        failed["descrizioneStato"]
            .as_str()
            .unwrap()
            .contains("HTTP 410 (ROTTO"),
        "{failed}"
    );
    assert_eq!(
        mondo.conta(
            "eventi WHERE componente = 'API_ENTE' AND esito = 'KO' AND sottotipo_esito = '410'"
        ),
        1
    );
    let url = format!("{}/api/v1/notifiche/{}/rinvio", mondo.url, failed["id"]);
    let request = mondo.http.post(url).basic_auth(ADMIN.0, Some(ADMIN.1));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let again: Value = answer.json().await.unwrap();
    assert_eq!(
        (&again["stato"], &again["fallita"]),
        (&json!("DA_SPEDIRE"), &json!(false))
    );
    attendi_stati(&mondo, "SPEDITA", 2).await;
    let heard = ente.notifiche();
    assert_eq!(heard.len(), 4);
    assert_eq!(heard[3].evento(), failed["idEvento"]);
    assert_eq!(heard[3].evento(), heard[0].evento());
    mondo.stop().await;
}

/// One notification that the gestionale never digests, and others after it.
async fn b171_a_poison_does_not_stop_the_others(mondo: Mondo) {
    let ente = Ente::start();
    ente.collega(&mondo, "REST v2", json!({})).await;
    ente.modo(Modo::Stato(503));
    paga(&mondo, 1).await;
    in_attesa(&mondo).await.unwrap();
    for _ in 0..5 {
        mondo.avanza(900).await;
        in_attesa(&mondo).await.unwrap();
    }
    assert_eq!(
        mondo.conta("integrazioni WHERE prova_at IS NOT NULL"),
        0,
        "one notification is not the connector"
    );
    ente.modo(Modo::Bene);
    paga(&mondo, 2).await;
    attendi_stati(&mondo, "SPEDITA", 1).await;
    assert_eq!(mondo.conta("notifiche WHERE stato = 'DA_SPEDIRE'"), 1);
    // Nor is it insisted on for ever.
    ente.modo(Modo::Stato(503));
    mondo.avanza(16 * 24 * 3600).await;
    attendi_stati(&mondo, "FALLITA", 1).await;
    let why = mondo.leggi("SELECT descrizione_stato AS v FROM notifiche WHERE stato = 'FALLITA'");
    assert!(
        why.contains("15 giorni") && why.contains("HTTP 503"),
        "{why}"
    );
    mondo.stop().await;
}

async fn b173_what_was_sent_and_not_settled_is_sent_again_with_the_same_id(mut mondo: Mondo) {
    let ente = Ente::start();
    ente.collega(
        &mondo,
        "REST v2",
        json!({"timeoutNotifica": 8000, "timeoutConnessione": 500}),
    )
    .await;
    ente.modo(Modo::Lento(Duration::from_secs(60)));
    paga(&mondo, 1).await;
    ente.attendi(1).await;
    mondo.riavvia().await;
    assert_eq!(
        mondo.conta("notifiche WHERE stato = 'DA_SPEDIRE' AND tentativi = 1"),
        1
    );
    ente.modo(Modo::Bene);
    let heard = ente.attendi(2).await;
    assert_eq!(heard[0].evento(), heard[1].evento());
    assert_eq!(heard[0].corpo, heard[1].corpo);
    attendi_stati(&mondo, "SPEDITA", 1).await;
    assert_eq!(ente.notifiche().len(), 2);
    mondo.stop().await;
}

async fn b175_a_slow_first_event_is_not_overtaken(mondo: Mondo) {
    let ente = Ente::start();
    ente.collega(&mondo, "REST v1", json!({})).await;
    ente.modo(Modo::Lento(Duration::from_millis(3000)));
    let avviso = mondo.pendenza(B, 1, &[1250]);
    activate(&mondo, &avviso).await.unwrap();
    ente.attendi(1).await;
    assert_eq!(send(&mondo, &receipt(&avviso, "r1", &[1250])).await, None);
    // Another position goes its way meanwhile.
    ente.modo(Modo::Bene);
    paga(&mondo, 2).await;
    let heard = ente.attendi(3).await;
    attendi_stati(&mondo, "SPEDITA", 3).await;
    let of_first: Vec<_> = heard
        .iter()
        .filter(|c| c.uri.contains(&avviso.iuv))
        .cloned()
        .collect();
    assert_eq!(cose(&of_first), ["attivazione", "ricevuta"]);
    let settled = mondo.leggi(
        "SELECT CAST(a.updated_at <= b.updated_at AS TEXT) AS v FROM notifiche a, notifiche b \
         WHERE a.tipo = 'ATTIVAZIONE' AND b.tipo = 'RICEVUTA' AND a.rpt = b.rpt",
    );
    assert!(matches!(settled.as_str(), "1" | "true"), "{settled}");
    mondo.stop().await;
}

async fn replicas_tell_each_event_once(mondo: Mondo) {
    let ente = Ente::start();
    ente.collega(&mondo, "REST v1", json!({})).await;
    let (other, stop) = mondo.replica().await;
    ente.modo(Modo::Lento(Duration::from_millis(100)));
    for n in 1..=8 {
        cinque(&mondo, n).await;
    }
    attendi_stati(&mondo, "SPEDITA", 40).await;
    let heard = ente.notifiche();
    assert_eq!(heard.len(), 40);
    let ids: HashSet<String> = heard.iter().map(Chiamata::evento).collect();
    assert_eq!(ids.len(), 40);
    for n in 1..=8 {
        let id = format!("P-{B}-{n}");
        let iuv = mondo.leggi(&format!(
            "SELECT iuv AS v FROM pendenze WHERE id_pendenza = '{id}'"
        ));
        let own: Vec<Chiamata> = heard
            .iter()
            .filter(|c| c.uri.contains(&iuv))
            .cloned()
            .collect();
        assert_eq!(cose(&own), CINQUE, "{id}");
    }
    stop.cancel();
    other.wait().await.unwrap();
    mondo.stop().await;
}

/// The gestionale of one body never answers; that of another hears at once, and its payments go on.
async fn a_slow_gestionale_does_not_slow_the_others(mondo: Mondo) {
    let (lento, svelto) = (Ente::start(), Ente::start());
    lento
        .collega(&mondo, "REST v2", json!({"timeoutNotifica": 60000}))
        .await;
    lento.modo(Modo::Lento(Duration::from_secs(60)));
    let altro = json!({"principal": "altro", "domini": ["*"], "tipiPendenza": ["*"], "apiPendenze": true,
        "servizioIntegrazione": {"url": svelto.url, "versioneApi": "REST v2"}});
    assert!(put(&mondo, ADMIN, "/applicazioni/ALTRO", &altro).await.0 < 300);
    for n in 1..=20 {
        paga(&mondo, n).await;
    }
    lento.attendi(4).await;
    for n in 21..=30 {
        let avviso = mondo.pendenza(B, n, &[1250]);
        mondo.esegui(&format!(
            "UPDATE pendenze SET id_a2a = 'ALTRO' WHERE id_pendenza = '{}'",
            avviso.id_pendenza
        ));
        activate(&mondo, &avviso).await.unwrap();
        assert_eq!(
            send(&mondo, &receipt(&avviso, &format!("r{n}"), &[1250])).await,
            None
        );
    }
    svelto.attendi(10).await;
    assert_eq!(
        lento.notifiche().len(),
        4,
        "no more than four in flight to one of them"
    );
    mondo.stop().await;
}

async fn a_gestionale_that_is_down_is_probed_by_one_notification_at_a_time(mondo: Mondo) {
    let ente = Ente::start();
    ente.collega(&mondo, "REST v2", json!({})).await;
    ente.modo(Modo::Stato(503));
    for n in 1..=30 {
        paga(&mondo, n).await;
    }
    wait_until("the connector is at fault", || async {
        match mondo.conta("integrazioni WHERE prova_at IS NOT NULL") {
            1 => Ok(()),
            _ => Err("not yet".to_owned()),
        }
    })
    .await;
    wait_until("what was in flight is settled", || async {
        match mondo.conta("notifiche WHERE presa_fino_a IS NOT NULL") {
            0 => Ok(()),
            n => Err(format!("{n} in flight")),
        }
    })
    .await;
    let before = ente.notifiche().len();
    assert!(before <= 8, "{before} calls for thirty notifications");
    // An hour down, minute by minute.
    for _ in 0..12 {
        let seen = ente.notifiche().len();
        mondo.avanza(300).await;
        ente.attendi(seen + 1).await;
        wait_until("the probe is settled", || async {
            match mondo.conta("notifiche WHERE presa_fino_a IS NOT NULL") {
                0 => Ok(()),
                n => Err(format!("{n} in flight")),
            }
        })
        .await;
        assert_eq!(ente.notifiche().len(), seen + 1, "one probe");
    }
    ente.modo(Modo::Bene);
    mondo.avanza(300).await;
    attendi_stati(&mondo, "SPEDITA", 30).await;
    let ids: HashSet<String> = ente.notifiche().iter().map(Chiamata::evento).collect();
    assert_eq!(ids.len(), 30);
    mondo.stop().await;
}
