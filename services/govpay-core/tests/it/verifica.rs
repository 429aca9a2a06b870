//! Debts asked from their gestionale: past their validity, or never loaded.

use std::time::Duration;

use domain::NumeroAvviso;
use domain::numero_avviso::Numbering;
use serde_json::{Value, json};

use crate::ente::{Ente, Modo, su_entrambi};
use crate::mondo::{A, Avviso, B, Mondo};
use crate::presso_psp::{code_attiva, code_verifica};
use crate::unico::{activate, receipt, send, verify};
use crate::viaggi::paga;

su_entrambi! {
    validita_past_is_asked_anew_and_kept
    an_avviso_that_nobody_loaded_is_asked_and_kept
    each_state_of_the_gestionale_is_told_to_who_pays
    without_an_answer_the_known_data_are_paid_unless_they_must_be_new
    an_answer_that_cannot_be_kept_is_no_answer
    a_slow_gestionale_keeps_nobody_else_waiting
}

const PORTALE: &str = "/govpay/frontend/api/pagamento/rs/basic/v2";

/// A pendenza of 12.50 whose data were good until long ago.
fn scaduta_validita(mondo: &Mondo, dominio: &'static str, n: u64) -> Avviso {
    let avviso = mondo.pendenza(dominio, n, &[1250]);
    mondo.esegui(&format!(
        "UPDATE pendenze SET data_validita = '2026-01-31', data_scadenza = '2099-12-31' \
         WHERE id_pendenza = '{}'",
        avviso.id_pendenza
    ));
    avviso
}

/// An avviso of the body that nobody loaded.
fn mai_caricato(dominio: &'static str, n: u64) -> Avviso {
    let segregation_code = if dominio == A { 1 } else { 47 };
    let numero = NumeroAvviso::generate(Numbering::Aux3 { segregation_code }, "77", n).unwrap();
    Avviso {
        dominio,
        id_pendenza: format!("E-{dominio}-{n}"),
        iuv: numero.iuv().to_string(),
        numero: numero.to_string(),
    }
}

/// The debt as a gestionale tells it in that version.
fn detta(versione: &str, avviso: &Avviso, euro: f64) -> Value {
    let iban = match avviso.dominio {
        A => "IT41Q1234501600000000123456",
        _ => "IT71E5432103200000000777001",
    };
    let mut voce = json!({"idVocePendenza": "V0", "importo": euro, "descrizione": "Voce 0", "ibanAccredito": iban});
    match versione {
        "REST v2" => voce["codiceTassonomicoPagoPA"] = "9/TARI-2026".into(),
        _ => {
            voce["tipoContabilita"] = "ALTRO".into();
            voce["codiceContabilita"] = "TARI-2026".into();
        }
    }
    let pendenza = json!({
        "idA2A": "GESTIONALE", "idPendenza": avviso.id_pendenza, "idDominio": avviso.dominio,
        "idTipoPendenza": "LIBERO", "causale": "Tassa sui rifiuti", "importo": euro,
        "numeroAvviso": avviso.numero, "dataValidita": "2099-06-30", "dataScadenza": "2099-12-31",
        "soggettoPagatore": {"tipo": "F", "identificativo": "VRDGPP80A01H501U"}, "voci": [voce],
    });
    if versione == "REST v2" {
        return json!({"stato": "NON_ESEGUITA", "pendenza": pendenza});
    }
    let mut piatta = pendenza;
    piatta["stato"] = "NON_ESEGUITA".into();
    piatta
}

fn per_chiave(avviso: &Avviso) -> String {
    format!("/pendenze/GESTIONALE/{}", avviso.id_pendenza)
}

fn per_avviso(versione: &str, avviso: &Avviso) -> String {
    let by = if versione == "REST v2" {
        &avviso.numero
    } else {
        &avviso.iuv
    };
    format!("/avvisi/{}/{by}", avviso.dominio)
}

fn importo(mondo: &Mondo, avviso: &Avviso) -> String {
    mondo.leggi(&format!(
        "SELECT CAST(importo AS TEXT) AS v FROM pendenze WHERE id_pendenza = '{}'",
        avviso.id_pendenza
    ))
}

async fn by_avviso(mondo: &Mondo, avviso: &Avviso) -> (u16, Value) {
    let path = format!(
        "{PORTALE}/pendenze/byAvviso/{}/{}",
        avviso.dominio, avviso.numero
    );
    let request = mondo.http.get(format!("{}{path}", mondo.url));
    let request = request.basic_auth("portale", Some("Portale-Password1"));
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn validita_past_is_asked_anew_and_kept(mondo: Mondo) {
    let ente = Ente::start();
    for (n, versione) in (1..).zip(["REST v1", "REST v2"]) {
        ente.collega(&mondo, versione, json!({})).await;
        // At the PSP, modello unico: the amount is the new one from the verify on.
        let avviso = scaduta_validita(&mondo, B, n);
        ente.conosce(&per_chiave(&avviso), detta(versione, &avviso, 13.00));
        assert_eq!(verify(&mondo, &avviso).await, Ok(1300), "{versione}");
        assert_eq!(importo(&mondo, &avviso), "1300");
        let before = ente.domande();
        let payment = activate(&mondo, &avviso).await.unwrap();
        assert_eq!(payment.payment_amount.cents(), 1300);
        assert_eq!(
            ente.domande(),
            before,
            "the new data are valid: nobody asks again"
        );
        assert_eq!(
            send(&mondo, &receipt(&avviso, &format!("r{n}"), &[1300])).await,
            None
        );
        // At the PSP with the old primitives.
        let avviso = scaduta_validita(&mondo, A, n);
        ente.conosce(&per_chiave(&avviso), detta(versione, &avviso, 14.00));
        assert_eq!(code_verifica(&mondo, &avviso).await, None);
        assert_eq!(code_attiva(&mondo, &avviso, "c1", 1400).await, None);
        // From the portal: shown, then paid.
        let avviso = scaduta_validita(&mondo, A, n + 10);
        ente.conosce(&per_chiave(&avviso), detta(versione, &avviso, 15.00));
        let (status, shown) = by_avviso(&mondo, &avviso).await;
        assert_eq!((status, &shown["importo"]), (200, &json!(15.0)), "{shown}");
        let avviso = scaduta_validita(&mondo, A, n + 20);
        ente.conosce(&per_chiave(&avviso), detta(versione, &avviso, 16.00));
        let (status, paid) = paga(&mondo, &[&avviso], &format!("s{n}"), "scelta").await;
        assert_eq!(status, 201, "{paid}");
        assert_eq!(importo(&mondo, &avviso), "1600");
    }
    // Even data that are told with a validity that is past are those of now.
    let avviso = scaduta_validita(&mondo, B, 50);
    let mut told = detta("REST v2", &avviso, 13.00);
    told["pendenza"]["dataValidita"] = "2026-01-31".into();
    ente.conosce(&per_chiave(&avviso), told);
    assert!(activate(&mondo, &avviso).await.is_ok());
    // Each question is in the giornale, as a call of ours.
    let calls = "eventi WHERE componente = 'API_ENTE' AND ruolo = 'CLIENT' AND tipo = 'verifyPendenza' \
         AND esito = 'OK' AND richiesta LIKE '%/api-ente/pendenze/GESTIONALE/%' AND risposta LIKE '%NON_ESEGUITA%'";
    assert_eq!(mondo.conta(calls), i64::try_from(ente.domande()).unwrap());
    mondo.stop().await;
}

async fn an_avviso_that_nobody_loaded_is_asked_and_kept(mondo: Mondo) {
    let ente = Ente::start();
    for (n, versione) in (1..).zip(["REST v1", "REST v2"]) {
        ente.collega(&mondo, versione, json!({})).await;
        let unico = mai_caricato(B, n);
        ente.conosce(
            &per_avviso(versione, &unico),
            detta(versione, &unico, 21.00),
        );
        assert_eq!(verify(&mondo, &unico).await, Ok(2100), "{versione}");
        assert_eq!(mondo.stato(&unico), "NON_ESEGUITO");
        assert!(activate(&mondo, &unico).await.is_ok());
        assert_eq!(
            send(&mondo, &receipt(&unico, &format!("r{n}"), &[2100])).await,
            None
        );
        assert_eq!(mondo.stato(&unico), "ESEGUITO");
        let legacy = mai_caricato(A, n);
        ente.conosce(
            &per_avviso(versione, &legacy),
            detta(versione, &legacy, 22.00),
        );
        assert_eq!(
            code_attiva(&mondo, &legacy, "c1", 2200).await,
            None,
            "{versione}"
        );
        let portale = mai_caricato(A, n + 10);
        ente.conosce(
            &per_avviso(versione, &portale),
            detta(versione, &portale, 23.00),
        );
        let (status, shown) = by_avviso(&mondo, &portale).await;
        assert_eq!(
            (status, &shown["stato"]),
            (200, &json!("NON_ESEGUITA")),
            "{shown}"
        );
        let pagato = mai_caricato(A, n + 20);
        ente.conosce(
            &per_avviso(versione, &pagato),
            detta(versione, &pagato, 24.00),
        );
        let (status, paid) = paga(&mondo, &[&pagato], &format!("s{n}"), "scelta").await;
        assert_eq!(status, 201, "{paid}");
    }
    // By its key too.
    let chiave = mai_caricato(A, 40);
    ente.conosce(&per_chiave(&chiave), detta("REST v2", &chiave, 25.00));
    let body = json!({"pendenze": [{"idA2A": "GESTIONALE", "idPendenza": chiave.id_pendenza}]});
    let request = mondo.http.post(format!(
        "{}{PORTALE}/pagamenti?keyPA=chiave&keyWISP=scelta",
        mondo.url
    ));
    let request = request
        .basic_auth("portale", Some("Portale-Password1"))
        .json(&body);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap());
    mondo.stop().await;
}

async fn each_state_of_the_gestionale_is_told_to_who_pays(mondo: Mondo) {
    let ente = Ente::start();
    ente.collega(&mondo, "REST v1", json!({})).await;
    let cases = [
        ("SCADUTA", "PAA_PAGAMENTO_SCADUTO", 422, "VER_010"),
        ("SCONOSCIUTA", "PAA_PAGAMENTO_SCONOSCIUTO", 422, "VER_011"),
        ("DUPLICATA", "PAA_PAGAMENTO_DUPLICATO", 422, "VER_012"),
        ("ANNULLATA", "PAA_PAGAMENTO_ANNULLATO", 422, "VER_013"),
    ];
    for (n, (stato, fault, status, codice)) in (1..).zip(cases) {
        let answer = json!({"stato": stato, "descrizioneStato": "lo dice l'ente"});
        for avviso in [scaduta_validita(&mondo, B, n), mai_caricato(B, n)] {
            ente.conosce(&per_chiave(&avviso), answer.clone());
            ente.conosce(&per_avviso("REST v1", &avviso), answer.clone());
            assert_eq!(verify(&mondo, &avviso).await.unwrap_err(), fault);
            assert_eq!(activate(&mondo, &avviso).await.unwrap_err(), fault);
        }
        for avviso in [scaduta_validita(&mondo, A, n), mai_caricato(A, n)] {
            ente.conosce(&per_chiave(&avviso), answer.clone());
            ente.conosce(&per_avviso("REST v1", &avviso), answer.clone());
            assert_eq!(code_verifica(&mondo, &avviso).await.as_deref(), Some(fault));
            let (got, body) = paga(&mondo, &[&avviso], &format!("s{stato}"), "scelta").await;
            assert_eq!((got, &body["codice"]), (status, &json!(codice)), "{body}");
            assert!(
                body["dettaglio"]
                    .as_str()
                    .unwrap()
                    .contains("lo dice l'ente"),
                "{body}"
            );
            let (got, body) = by_avviso(&mondo, &avviso).await;
            let shown = if stato == "SCONOSCIUTA" { 404 } else { status };
            assert_eq!((got, &body["codice"]), (shown, &json!(codice)), "{body}");
        }
    }
    // A 404 is an unknown debt, and an avviso that nobody may own is not even asked.
    let unknown = mai_caricato(B, 30);
    assert_eq!(
        verify(&mondo, &unknown).await.unwrap_err(),
        "PAA_PAGAMENTO_SCONOSCIUTO"
    );
    let asked = ente.domande();
    mondo.esegui("UPDATE applicazioni SET dettaglio = REPLACE(dettaglio, '[0-9]{17}', '99[0-9]+')");
    assert_eq!(
        verify(&mondo, &unknown).await.unwrap_err(),
        "PAA_PAGAMENTO_SCONOSCIUTO"
    );
    let (status, body) = paga(&mondo, &[&mai_caricato(A, 30)], "s", "scelta").await;
    assert_eq!(
        (status, &body["codice"]),
        (422, &json!("APP_006")),
        "{body}"
    );
    assert_eq!(by_avviso(&mondo, &mai_caricato(A, 30)).await.0, 404);
    assert_eq!(ente.domande(), asked);
    mondo.stop().await;
}

async fn without_an_answer_the_known_data_are_paid_unless_they_must_be_new(mondo: Mondo) {
    let ente = Ente::start();
    // Without a connector, past its validity is past.
    let nessuno = scaduta_validita(&mondo, B, 1);
    assert_eq!(
        verify(&mondo, &nessuno).await.unwrap_err(),
        "PAA_PAGAMENTO_SCADUTO"
    );
    ente.collega(&mondo, "REST v2", json!({})).await;
    ente.modo(Modo::Stato(500));
    let nota = scaduta_validita(&mondo, B, 2);
    assert_eq!(verify(&mondo, &nota).await, Ok(1250));
    assert_eq!(
        activate(&mondo, &nota)
            .await
            .unwrap()
            .payment_amount
            .cents(),
        1250
    );
    let portale = scaduta_validita(&mondo, A, 2);
    assert_eq!(by_avviso(&mondo, &portale).await.0, 200);
    assert_eq!(code_attiva(&mondo, &portale, "c1", 1250).await, None);
    let pagata = scaduta_validita(&mondo, A, 3);
    assert_eq!(paga(&mondo, &[&pagata], "s1", "scelta").await.0, 201);
    // What nobody knows cannot be paid, and nobody says that it does not exist.
    let ignota = mai_caricato(B, 4);
    assert_eq!(
        verify(&mondo, &ignota).await.unwrap_err(),
        "PAA_SYSTEM_ERROR"
    );
    let mandatorio = json!({"aggiornamentoValiditaMandatorio": true});
    ente.collega(&mondo, "REST v2", mandatorio).await;
    let nuova = scaduta_validita(&mondo, B, 5);
    assert_eq!(
        verify(&mondo, &nuova).await.unwrap_err(),
        "PAA_SYSTEM_ERROR"
    );
    let nuova = scaduta_validita(&mondo, A, 5);
    let (status, body) = paga(&mondo, &[&nuova], "s2", "scelta").await;
    assert_eq!(
        (status, &body["codice"], &body["categoria"]),
        (502, &json!("VER_014"), &json!("EC")),
        "{body}"
    );
    assert!(
        body["dettaglio"]
            .as_str()
            .unwrap()
            .contains("HTTP 500 (ROTTO"),
        "{body}"
    );
    assert_eq!(by_avviso(&mondo, &nuova).await.0, 502);
    mondo.stop().await;
}

async fn an_answer_that_cannot_be_kept_is_no_answer(mondo: Mondo) {
    let ente = Ente::start();
    ente.collega(
        &mondo,
        "REST v2",
        json!({"aggiornamentoValiditaMandatorio": true}),
    )
    .await;
    let avviso = scaduta_validita(&mondo, A, 1);
    let buona = detta("REST v2", &avviso, 13.00);
    let con = |path: &str, value: Value| {
        let mut wrong = buona.clone();
        *wrong.pointer_mut(path).unwrap() = value;
        wrong
    };
    let cases = [
        (con("/pendenza/importo", json!(99.0)), "somma delle voci"),
        (con("/pendenza/idA2A", json!("ALTRA")), "idA2A"),
        (con("/pendenza/idPendenza", json!("ALTRA")), "idPendenza"),
        (con("/pendenza/idDominio", json!(B)), "VER_020"),
        (
            con("/pendenza/idTipoPendenza", json!("MAI_VISTO")),
            "TVR_000",
        ),
        (
            con("/pendenza/voci/0/idVocePendenza", json!("V9")),
            "VER_006",
        ),
        (con("/stato", json!("BOH")), "BOH"),
        (json!({"stato": "NON_ESEGUITA"}), "pendenza"),
    ];
    for (answer, dice) in cases {
        ente.conosce(&per_chiave(&avviso), answer);
        let (status, body) = paga(&mondo, &[&avviso], "s", "scelta").await;
        assert_eq!(
            (status, &body["codice"]),
            (502, &json!("VER_014")),
            "{dice}: {body}"
        );
        assert!(
            body["dettaglio"].as_str().unwrap().contains(dice),
            "{dice}: {body}"
        );
        assert_eq!(importo(&mondo, &avviso), "1250", "{dice}");
    }
    ente.modo(Modo::Corpo("<html>Pagina di cortesia</html>".to_owned()));
    let (status, body) = paga(&mondo, &[&avviso], "s", "scelta").await;
    assert_eq!(
        (status, &body["codice"]),
        (502, &json!("VER_014")),
        "{body}"
    );
    assert!(
        !body.to_string().contains("html"),
        "no page of others in our errors: {body}"
    );
    // Another debt than the one that was asked for is not kept.
    ente.modo(Modo::Bene);
    let asked = mai_caricato(B, 1);
    ente.conosce(
        &per_avviso("REST v2", &asked),
        detta("REST v2", &mai_caricato(B, 2), 5.00),
    );
    assert_eq!(
        verify(&mondo, &asked).await.unwrap_err(),
        "PAA_SYSTEM_ERROR"
    );
    assert_eq!(mondo.conta("pendenze"), 1);
    mondo.stop().await;
}

/// The gestionale of one avviso thinks it over; meanwhile everybody else pays. With a transaction open
/// SQLite would let nobody write.
async fn a_slow_gestionale_keeps_nobody_else_waiting(mondo: Mondo) {
    let ente = Ente::start();
    ente.collega(&mondo, "REST v2", json!({"timeoutVerifica": 20000}))
        .await;
    let lenta = scaduta_validita(&mondo, B, 1);
    ente.conosce(&per_chiave(&lenta), detta("REST v2", &lenta, 13.00));
    ente.modo(Modo::Lento(Duration::from_secs(8)));
    let others = async {
        test_support::wait_until("the question is under way", || async {
            if ente.domande() > 0 {
                Ok(())
            } else {
                Err(String::new())
            }
        })
        .await;
        for n in 2..7 {
            let avviso = mondo.pendenza(B, n, &[1250]);
            assert!(activate(&mondo, &avviso).await.is_ok());
            assert_eq!(
                send(&mondo, &receipt(&avviso, &format!("r{n}"), &[1250])).await,
                None
            );
        }
    };
    let mut waiting = Box::pin(verify(&mondo, &lenta));
    tokio::select! {
        answer = &mut waiting => panic!("the slow one came first: {answer:?}"),
        () = others => {}
    }
    assert_eq!(waiting.as_mut().await, Ok(1300));
    drop(waiting);
    // One that never answers is left after its time.
    ente.collega(
        &mondo,
        "REST v2",
        json!({"timeoutVerifica": 300, "timeoutConnessione": 200}),
    )
    .await;
    ente.modo(Modo::Lento(Duration::from_secs(60)));
    let muta = scaduta_validita(&mondo, B, 20);
    assert_eq!(verify(&mondo, &muta).await, Ok(1250));
    let late = "eventi WHERE componente = 'API_ENTE' AND esito = 'FAIL' AND dettaglio_esito LIKE '%500 ms%'";
    assert_eq!(mondo.conta(late), 1);
    mondo.stop().await;
}
