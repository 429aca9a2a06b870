//! What a gestionale is told of the payments of its pendenze, when all goes well; who may look at it.

#![expect(clippy::too_many_lines, reason = "tables of cases")]

use domain::EsitoPagamento as E;
use futures_util::future::join_all;
use pagopa::FaultNodo;
use serde_json::{Value, json};

use crate::anagrafica::{ADMIN, UFFICIO, chiama, get, put};
use crate::ente::{Chiamata, Ente, difetti, su_entrambi};
use crate::mondo::{A, B, Mondo};
use crate::nodo::{Modo as ModoNodo, rt};
use crate::unico::{activate, receipt, send};
use crate::viaggi::{aperto, paga};

su_entrambi! {
    version_1_hears_of_each_attempt_in_order
    version_2_hears_of_receipts_of_money
    b124_twenty_equal_receipts_are_told_once
    b168_a_debt_with_nothing_but_its_amount_is_told_all_the_same
    each_way_of_being_known_is_used_and_no_secret_is_written
    people_look_at_what_was_told
}

fn cose(heard: &[Chiamata]) -> Vec<&'static str> {
    heard.iter().map(Chiamata::cosa).collect()
}

/// The gestionale may have heard before the core has written that it did.
async fn tutte_consegnate(mondo: &Mondo) {
    test_support::wait_until("what was sent is settled", || async {
        match mondo.conta("notifiche WHERE stato = 'DA_SPEDIRE'") {
            0 => Ok(()),
            left => Err(left.to_string()),
        }
    })
    .await;
}

async fn version_1_hears_of_each_attempt_in_order(mondo: Mondo) {
    let ente = Ente::start();
    ente.collega(&mondo, "REST v1", json!({})).await;
    // From the portal, two items.
    let avviso = mondo.pendenza(A, 1, &[1000, 250]);
    let created = aperto(&mondo, &[&avviso], "s1").await;
    let rpt = mondo.nodo.rpt().remove(0);
    assert_eq!(mondo.consegna(&rt(&rpt, E::Eseguito, &[])).await, None);
    let heard = ente.attendi(2).await;
    assert_eq!(cose(&heard), ["attivazione", "ricevuta"]);
    let session = created["idSession"].as_str().unwrap();
    let path = format!("/api-ente/pagamenti/{A}/{}?", avviso.iuv);
    for call in &heard {
        assert!(call.uri.starts_with(&path), "{}", call.uri);
        assert!(call.uri.contains("idSessionePortale=s1"), "{}", call.uri);
        assert!(
            call.uri
                .contains(&format!("idSession={}", &session[..35.min(session.len())]))
                || session.len() > 35,
            "{}",
            call.uri
        );
        assert_eq!(call.corpo["idPendenza"], avviso.id_pendenza);
        let iuv = &call.corpo["rpt"]["datiVersamento"]["identificativoUnivocoVersamento"];
        assert_eq!(iuv, &avviso.iuv);
    }
    let none: [String; 0] = [];
    for call in &heard {
        let faults = difetti("govpay-api-ec-v1.yaml", "notifica", &call.corpo);
        assert_eq!(faults, none, "{}", call.corpo);
    }
    let paid = &heard[1].corpo;
    assert_eq!(paid["rt"]["datiPagamento"]["codiceEsitoPagamento"], "0");
    assert_eq!(paid["riscossioni"][1]["idVocePendenza"], "V1", "{paid}");
    assert_eq!(paid["riscossioni"][1]["importo"], json!(2.5));
    assert_eq!(paid["riscossioni"][1]["tipo"], "ENTRATA");
    assert_ne!(heard[0].evento(), heard[1].evento());
    // Refused by the Node; at the PSP: activated, given up, expired.
    let rifiutata = mondo.pendenza(A, 2, &[1250]);
    mondo
        .nodo
        .modo(ModoNodo::Rifiuta(FaultNodo::Autorizzazione));
    assert_eq!(paga(&mondo, &[&rifiutata], "s2", "scelta").await.0, 502);
    let heard = ente.attendi(3).await;
    assert_eq!(heard[2].cosa(), "annulla");
    assert_eq!(
        heard[2].corpo["codice"], "PPT_AUTORIZZAZIONE",
        "{}",
        heard[2].corpo
    );
    let avviso = mondo.pendenza(B, 3, &[1250]);
    activate(&mondo, &avviso).await.unwrap();
    activate(&mondo, &avviso).await.unwrap();
    mondo.avanza(31 * 60).await;
    let heard = ente.attendi(7).await.split_off(3);
    assert_eq!(
        cose(&heard),
        ["attivazione", "annulla", "attivazione", "annulla"]
    );
    assert_eq!(heard[1].corpo["codice"], "RPT_ANNULLATA");
    assert_eq!(heard[3].corpo["codice"], "RPT_SCADUTA");
    let prefix = format!("/api-ente/pagamenti/{B}/{}/", avviso.iuv);
    assert!(heard[3].uri.starts_with(&prefix), "{}", heard[3].uri);
    mondo.stop().await;
}

async fn version_2_hears_of_receipts_of_money(mondo: Mondo) {
    let ente = Ente::start();
    ente.collega(&mondo, "REST v2", json!({})).await;
    let avviso = mondo.pendenza(B, 1, &[1000, 250]);
    activate(&mondo, &avviso).await.unwrap();
    assert_eq!(
        send(&mondo, &receipt(&avviso, "ricevuta-1", &[1000, 250])).await,
        None
    );
    // A receipt that says that nothing was paid is not told.
    let altra = mondo.pendenza(A, 2, &[1250]);
    aperto(&mondo, &[&altra], "s1").await;
    let rpt = mondo.nodo.rpt().remove(0);
    assert_eq!(mondo.consegna(&rt(&rpt, E::NonEseguito, &[])).await, None);
    let terza = mondo.pendenza(A, 3, &[1250]);
    aperto(&mondo, &[&terza], "s2").await;
    let rpt = mondo.nodo.rpt().remove(1);
    assert_eq!(mondo.consegna(&rt(&rpt, E::Eseguito, &[])).await, None);
    let mut heard = ente.attendi(2).await;
    heard.sort_by_key(|call| call.uri.contains(A));
    let [prima, seconda] = heard.as_slice() else {
        panic!("{heard:?}");
    };
    assert_eq!(prima.metodo, "PUT");
    assert_eq!(
        prima.uri,
        format!("/api-ente/ricevute/{B}/{}/ricevuta-1", avviso.iuv)
    );
    let told = &prima.corpo;
    assert_eq!(
        (&told["esito"], &told["importo"]),
        (&json!("ESEGUITO"), &json!(12.5)),
        "{told}"
    );
    assert_eq!(told["pendenza"]["idPendenza"], avviso.id_pendenza);
    assert_eq!(
        told["pendenza"]["voci"][1]["riscossione"]["importo"],
        json!(2.5)
    );
    assert_eq!(told["rt"]["tipo"], "ctReceipt");
    for call in [prima, seconda] {
        let document = "api-ente-v2/govpay-api-schemas.yaml";
        let none: [String; 0] = [];
        assert_eq!(
            difetti(document, "Ricevuta", &call.corpo),
            none,
            "{}",
            call.corpo
        );
    }
    assert!(
        seconda.uri.contains(&terza.iuv) && seconda.uri.contains("idSessionePortale=s2"),
        "{}",
        seconda.uri
    );
    let left = "notifiche WHERE stato = 'ANNULLATA' AND descrizione_stato LIKE '%REST v2%'";
    assert_eq!(mondo.conta(left), 4); // three activations, one receipt
    tutte_consegnate(&mondo).await;
    mondo.stop().await;
}

async fn b124_twenty_equal_receipts_are_told_once(mondo: Mondo) {
    let ente = Ente::start();
    ente.collega(&mondo, "REST v2", json!({})).await;
    let avviso = mondo.pendenza(B, 1, &[1250]);
    let message = receipt(&avviso, "r1", &[1250]);
    let answers = join_all((0..20).map(|_| send(&mondo, &message))).await;
    assert_eq!(answers.iter().filter(|code| code.is_none()).count(), 1);
    ente.attendi(1).await;
    assert_eq!(mondo.conta("notifiche"), 1);
    mondo.stop().await;
}

async fn b168_a_debt_with_nothing_but_its_amount_is_told_all_the_same(mondo: Mondo) {
    let ente = Ente::start();
    for (n, versione) in (1..).zip(["REST v1", "REST v2"]) {
        ente.collega(&mondo, versione, json!({})).await;
        let avviso = mondo.pendenza(B, n, &[1250]);
        mondo.esegui(
            "UPDATE pendenze SET soggetto_tipo = NULL, soggetto_identificativo = NULL, \
             soggetto_anagrafica = NULL, soggetto_altro = NULL, numero_avviso = numero_avviso",
        );
        let mut message = receipt(&avviso, &format!("r{n}"), &[1250]);
        message.receipt.payer = None;
        message.receipt.fee = None;
        assert_eq!(send(&mondo, &message).await, None);
        let heard = ente.attendi(usize::try_from(n).unwrap()).await;
        assert_eq!(heard.last().unwrap().cosa(), "ricevuta");
    }
    mondo.stop().await;
}

async fn each_way_of_being_known_is_used_and_no_secret_is_written(mondo: Mondo) {
    let ente = Ente::start();
    let token = format!("{}/token", ente.url);
    let cases = [
        (json!({}), "authorization", None),
        (
            json!({"auth": {"username": "core", "password": "Segreto-01"}}),
            "authorization",
            Some("Basic Y29yZTpTZWdyZXRvLTAx"),
        ),
        (
            json!({"auth": {"headerName": "X-Chiave", "headerValue": "Segreto-01"}}),
            "x-chiave",
            Some("Segreto-01"),
        ),
        (
            json!({"auth": {"apiId": "core", "apiKey": "Segreto-01"}}),
            "x-api-key",
            Some("Segreto-01"),
        ),
        (
            json!({"subscriptionKey": "Segreto-01"}),
            "ocp-apim-subscription-key",
            Some("Segreto-01"),
        ),
        (
            json!({"auth": {"clientId": "cliente", "clientSecret": "Segreto-01", "urlTokenEndpoint": token, "scope": "a"}}),
            "authorization",
            Some("Bearer gettone-1"),
        ),
    ];
    for (n, (altro, header, expected)) in (1_u64..).zip(cases) {
        ente.collega(&mondo, "REST v2", altro).await;
        for again in 0..2 {
            let avviso = mondo.pendenza(B, n * 10 + again, &[1250]);
            assert_eq!(
                send(&mondo, &receipt(&avviso, &format!("r{n}-{again}"), &[1250])).await,
                None
            );
        }
        let heard = ente.attendi(usize::try_from(n * 2).unwrap()).await;
        for call in &heard[heard.len() - 2..] {
            assert_eq!(call.headers.get(header).map(String::as_str), expected);
        }
        let (_, read) = get(&mondo, ADMIN, "/applicazioni/GESTIONALE").await;
        assert!(!read.to_string().contains("Segreto"), "{read}");
        // What was read is written back, with its mask: the secret stays.
        let ops = json!([{"op": "REPLACE", "path": "/servizioIntegrazione", "value": read["servizioIntegrazione"]}]);
        let path = "/applicazioni/GESTIONALE";
        assert_eq!(
            chiama(&mondo, reqwest::Method::PATCH, ADMIN, path, Some(&ops))
                .await
                .0,
            200
        );
        let kept =
            mondo.leggi("SELECT dettaglio AS v FROM applicazioni WHERE id_a2a = 'GESTIONALE'");
        assert_eq!(kept.contains("Segreto-01"), expected.is_some(), "{kept}");
    }
    let tokens = ente
        .chiamate()
        .iter()
        .filter(|c| c.uri.ends_with("/token"))
        .count();
    assert_eq!(tokens, 1, "a token serves until its time");
    for secret in ["Segreto", "U2VncmV0", "gettone-1"] {
        let told = format!(
            "eventi WHERE richiesta LIKE '%{secret}%' OR risposta LIKE '%{secret}%' OR dettaglio_esito LIKE '%{secret}%'"
        );
        assert_eq!(mondo.conta(&told), 0, "{secret}");
    }
    assert_eq!(
        mondo.conta("eventi WHERE componente = 'API_ENTE' AND tipo = 'oauth2Token'"),
        1
    );
    let jks = json!({"tipo": "Client", "tsLocation": "/x", "tsPassword": "p", "tsType": "JKS", "sslType": "TLS"});
    let ops = json!([{"op": "REPLACE", "path": "/servizioIntegrazione", "value": {"url": ente.url, "auth": jks}}]);
    let path = "/applicazioni/GESTIONALE";
    let (status, fault) = chiama(&mondo, reqwest::Method::PATCH, ADMIN, path, Some(&ops)).await;
    assert_eq!(status, 422, "{fault}");
    assert!(
        fault["dettaglio"].as_str().unwrap().contains("JKS"),
        "{fault}"
    );
    mondo.stop().await;
}

async fn people_look_at_what_was_told(mondo: Mondo) {
    // Nobody to tell yet.
    let prima = mondo.pendenza(A, 1, &[1250]);
    aperto(&mondo, &[&prima], "s1").await;
    let (status, lista) = get(&mondo, ADMIN, "/notifiche").await;
    assert_eq!(
        (status, &lista["numRisultati"]),
        (200, &json!(1)),
        "{lista}"
    );
    let row = &lista["risultati"][0];
    assert_eq!(
        (&row["tipo"], &row["stato"], &row["fallita"]),
        (&json!("ATTIVAZIONE"), &json!("ANNULLATA"), &json!(false))
    );
    assert!(
        row["descrizioneStato"]
            .as_str()
            .unwrap()
            .contains("servizioIntegrazione"),
        "{row}"
    );
    let ente = Ente::start();
    ente.collega(&mondo, "REST v1", json!({})).await;
    for n in 2..5 {
        let avviso = mondo.pendenza(B, n, &[1250]);
        assert_eq!(
            send(&mondo, &receipt(&avviso, &format!("r{n}"), &[1250])).await,
            None
        );
    }
    ente.attendi(3).await;
    tutte_consegnate(&mondo).await;
    let count = async |query: &str| {
        let (status, lista) = get(&mondo, ADMIN, &format!("/notifiche?{query}")).await;
        assert_eq!(status, 200, "{query}: {lista}");
        lista
    };
    for (query, expected) in [
        ("stato=SPEDITA", 3),
        ("stato=ANNULLATA", 1),
        ("stato=FALLITA", 0),
        ("tipo=RICEVUTA", 3),
        ("tipo=RICEVUTA&stato=ANNULLATA", 0),
        ("dataDa=2099-01-01", 0),
        ("dataA=2099-01-01", 4),
    ] {
        assert_eq!(
            count(query).await["numRisultati"],
            json!(expected),
            "{query}"
        );
    }
    let page = count("risultatiPerPagina=3").await;
    assert_eq!(page["risultati"].as_array().unwrap().len(), 3);
    assert!(
        page["prossimiRisultati"]
            .as_str()
            .unwrap()
            .contains("pagina=2"),
        "{page}"
    );
    assert!(
        count("metadatiPaginazione=false")
            .await
            .get("numRisultati")
            .is_none()
    );
    for wrong in ["stato=BOH", "tipo=BOH", "dataDa=ieri", "pagina=0"] {
        assert_eq!(
            get(&mondo, ADMIN, &format!("/notifiche?{wrong}")).await.0,
            400,
            "{wrong}"
        );
    }
    let id = &page["risultati"][0]["id"];
    let (status, one) = get(&mondo, ADMIN, &format!("/notifiche/{id}")).await;
    assert_eq!((status, &one), (200, &page["risultati"][0]));
    assert_eq!(get(&mondo, ADMIN, "/notifiche/999999").await.0, 404);
    diritti(&mondo, id).await;
    mondo.stop().await;
}

/// Who may look, and where; who may send again.
async fn diritti(mondo: &Mondo, id: &Value) {
    let acl = |rights: Value| json!([{"servizio": "Configurazione e manutenzione", "autorizzazioni": rights}]);
    for (who, domini, rights) in [
        ("legge", "*", json!(["R"])),
        ("scrive", "*", json!(["R", "W"])),
        ("di-a", A, json!(["R", "W"])),
    ] {
        let body = json!({"password": "Prova-Password1", "domini": [domini], "acl": acl(rights)});
        assert!(
            put(mondo, ADMIN, &format!("/operatori/{who}"), &body)
                .await
                .0
                < 300
        );
    }
    let of = |who| (who, "Prova-Password1");
    assert_eq!(get(mondo, ("", ""), "/notifiche").await.0, 401);
    assert_eq!(get(mondo, UFFICIO, "/notifiche").await.0, 403);
    assert_eq!(
        get(mondo, of("legge"), "/notifiche").await.1["numRisultati"],
        4
    );
    assert_eq!(
        get(mondo, of("di-a"), "/notifiche").await.1["numRisultati"],
        1
    );
    assert_eq!(
        get(mondo, of("di-a"), &format!("/notifiche/{id}")).await.0,
        404
    );
    let url = format!("{}/api/v1/notifiche/{id}/rinvio", mondo.url);
    for (who, expected) in [("legge", 403), ("di-a", 404), ("scrive", 422)] {
        let request = mondo
            .http
            .post(&url)
            .basic_auth(who, Some("Prova-Password1"));
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        assert_eq!(status, expected, "{who}: {}", answer.text().await.unwrap());
    }
}
