//! NodoPerPa: what the Node accepts, and with which fault it refuses.

use chrono::TimeDelta;
use domain::Importo;
use pagopa::documenti::{Rpt, Rt};
use pagopa::ppt::{
    EffettuazioneScelta, NodoChiediCopiaRt, NodoChiediListaPendentiRpt, NodoChiediSceltaWisp,
    NodoInviaRptRisposta,
};
use pagopa::{Envelope, Esito, TipoVersamento};

use crate::mondo::{
    CARTA, DIFFERITO, INTERMEDIARIO, Mondo, PASSWORD, STAZIONE, VALTORBIDA, busta, chiedi,
    invia_rpt, posta,
};

#[tokio::test]
async fn an_rpt_is_accepted_once_and_the_answer_says_where_the_browser_goes() {
    let mondo = Mondo::start().await;
    let rpt = mondo.rpt("01000000000000100", "ccp-1", &[1_250]).await;

    let first = invia_rpt(&mondo.url, &rpt, CARTA).await;
    let again = invia_rpt(&mondo.url, &rpt, CARTA).await;

    assert_eq!((first.esito, first.redirect), (Esito::Ok, Some(1)));
    let url = first.url.unwrap();
    assert!(
        url.starts_with(&format!("{}/pagamento?idSession=", mondo.url)),
        "{url}"
    );
    assert_eq!(again.fault.unwrap().fault_code, "PPT_RPT_DUPLICATA");
    let other_ccp = mondo.rpt("01000000000000100", "ccp-2", &[1_250]).await;
    assert_eq!(
        invia_rpt(&mondo.url, &other_ccp, CARTA).await.esito,
        Esito::Ok
    );

    let esito = mondo
        .stato("01000000000000100", "ccp-1")
        .await
        .esito
        .unwrap();
    assert_eq!(
        (esito.stato.as_str(), esito.url),
        ("RPT_ACCETTATA_PSP", Some(url))
    );
    let storico: Vec<_> = esito.storico_rpt.iter().map(|s| s.stato.as_str()).collect();
    assert_eq!(
        storico,
        [
            "RPT_RICEVUTA_NODO",
            "RPT_ACCETTATA_NODO",
            "RPT_ACCETTATA_PSP"
        ]
    );
}

#[tokio::test]
async fn a_deferred_channel_sends_the_browser_nowhere() {
    let mondo = Mondo::start().await;
    let mut rpt = mondo.rpt("01000000000000102", "ccp", &[1_250]).await;
    rpt.dati_versamento.tipo_versamento = TipoVersamento::Bbt;

    let answer = invia_rpt(&mondo.url, &rpt, DIFFERITO).await;

    assert_eq!(
        (answer.esito, answer.redirect, answer.url),
        (Esito::Ok, Some(0), None)
    );
}

/// A change to a good RPT, and the fault that it earns.
type Guasto = (&'static str, fn(&mut Rpt));

#[tokio::test]
async fn an_rpt_that_breaks_a_rule_is_refused_with_its_fault_and_leaves_nothing() {
    let mondo = Mondo::start().await;
    let good = mondo.rpt("01000000000000103", "ccp", &[1_000, 250]).await;
    let cases: &[Guasto] = &[
        ("PPT_SEMANTICA", |r| {
            r.dati_versamento.importo_totale_da_versare = Importo::from_cents(1_251).unwrap();
        }),
        ("PPT_SEMANTICA", |r| {
            r.dati_versamento.data_esecuzione_pagamento += TimeDelta::days(31);
        }),
        ("PPT_SEMANTICA", |r| {
            r.dati_versamento.singoli[0].iban_accredito = None
        }),
        ("PPT_SEMANTICA", |r| {
            r.dominio.identificativo_stazione_richiedente = Some("20000000016_02".to_owned());
        }),
        ("PPT_IBAN_NON_CENSITO", |r| {
            let iban = "IT60X0542811101000000123456".to_owned();
            r.dati_versamento.singoli[1].iban_accredito = Some(iban);
        }),
        ("PPT_AUTORIZZAZIONE", |r| {
            r.dati_versamento.tipo_versamento = TipoVersamento::Bbt
        }),
        ("PPT_DOMINIO_SCONOSCIUTO", |r| {
            "77777777777".clone_into(&mut r.dominio.identificativo_dominio);
        }),
    ];
    for (i, (expected, damage)) in cases.iter().enumerate() {
        let mut rpt = good.clone();
        damage(&mut rpt);
        let answer = invia_rpt(&mondo.url, &rpt, CARTA).await;
        let fault = answer.fault.unwrap();
        assert_eq!(fault.fault_code, *expected, "case {i}: {fault:?}");
        assert!(fault.description.is_some_and(|d| d.len() > 20), "case {i}");
        assert_eq!(answer.esito, Esito::Ko);
    }
    assert_eq!(invia_rpt(&mondo.url, &good, CARTA).await.esito, Esito::Ok);
}

#[tokio::test]
async fn a_wrong_password_and_a_document_that_is_no_rpt_are_refused() {
    let mondo = Mondo::start().await;
    let rpt = mondo.rpt("01000000000000104", "ccp", &[1_000]).await;
    let code = async |body: String| {
        let answer: NodoInviaRptRisposta = chiedi(&mondo.url, body, "nodoInviaRPT").await;
        answer.fault.unwrap().fault_code
    };

    let document = rpt.build().unwrap();
    let wrong = busta(&rpt, CARTA, "sbagliata", document.clone());
    assert_eq!(code(wrong).await, "PPT_AUTENTICAZIONE");
    let damaged = busta(&rpt, CARTA, PASSWORD, b"<RPT/>".to_vec());
    assert_eq!(code(damaged).await, "PPT_SINTASSI_XSD");
    let short = busta(&rpt, CARTA, PASSWORD, document);
    let short = short.replace("identificativoPSP>", "identificativoPsp>");
    assert_eq!(code(short).await, "PPT_SINTASSI_EXTRAXSD");
    let answer = mondo.stato("01000000000000104", "ccp").await;
    assert_eq!(answer.fault.unwrap().fault_code, "PPT_RPT_SCONOSCIUTA");
}

#[tokio::test]
async fn b157_what_is_no_message_gets_a_soap_fault_at_once() {
    let mondo = Mondo::start().await;
    let rpt = mondo.rpt("01000000000000105", "ccp", &[1_000]).await;
    let good = busta(&rpt, CARTA, PASSWORD, rpt.build().unwrap());
    let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\">]><a>&b;</a>".to_owned();
    let cases = [
        (String::new(), "nodoInviaRPT"),
        ("<non-chiuso>".to_owned(), "nodoInviaRPT"),
        (bomb, "nodoInviaRPT"),
        (good.clone(), "nodoChiediStatoRPT"),
        (
            good.replace("nodoInviaRPT", "nodoInventato"),
            "nodoInventato",
        ),
    ];
    for (body, action) in cases {
        let (status, text) = posta(&mondo.url, body.clone(), action).await;
        assert_eq!(status, 500, "{text}");
        let fault = Envelope::parse(text.as_bytes(), None)
            .unwrap()
            .fault()
            .unwrap();
        assert_eq!(fault.code, "Client", "{body}");
    }
    let (status, _) = posta(&mondo.url, vec![b'x'; 20 * 1024 * 1024], "nodoInviaRPT").await;
    assert_eq!(status, 413);
}

#[tokio::test]
async fn the_node_lists_what_is_pending_and_copies_a_receipt() {
    let mondo = Mondo::start().await;
    let lista = NodoChiediListaPendentiRpt {
        identificativo_intermediario_pa: INTERMEDIARIO.to_owned(),
        identificativo_stazione_intermediario_pa: STAZIONE.to_owned(),
        password: PASSWORD.into(),
        identificativo_dominio: Some(VALTORBIDA.to_owned()),
        range_da: None,
        range_a: None,
        dimensione_lista: 10,
    };
    let copia = NodoChiediCopiaRt {
        identificativo_intermediario_pa: INTERMEDIARIO.to_owned(),
        identificativo_stazione_intermediario_pa: STAZIONE.to_owned(),
        password: PASSWORD.into(),
        identificativo_dominio: VALTORBIDA.to_owned(),
        identificativo_univoco_versamento: "01000000000000106".to_owned(),
        codice_contesto_pagamento: "ccp".to_owned(),
    };
    let unknown = mondo.chiedi(&copia).await;
    assert_eq!(unknown.fault.unwrap().fault_code, "PPT_RT_SCONOSCIUTA");
    let page = mondo
        .alla_banca(&mondo.rpt("01000000000000106", "ccp", &[700]).await)
        .await;

    let pending = mondo.chiedi(&lista).await.lista_rpt_pendenti.unwrap();
    assert_eq!(pending.tot_restituiti, 1);
    assert_eq!(pending.rpt_pendente[0].stato, "RPT_ACCETTATA_PSP");
    let early = mondo.chiedi(&copia).await;
    assert_eq!(early.fault.unwrap().fault_code, "PPT_RT_NONDISPONIBILE");

    mondo.browser.press(&page, "Invia la ricevuta").await;
    mondo
        .attendi_stato("01000000000000106", "ccp", "RT_ACCETTATA_PA")
        .await;
    let copied = mondo.chiedi(&copia).await.rt.unwrap();
    assert_eq!(copied, mondo.ente.arrivate("01000000000000106")[0]);
    assert!(Rt::parse(&copied).is_ok());
    assert_eq!(
        mondo
            .chiedi(&lista)
            .await
            .lista_rpt_pendenti
            .unwrap()
            .tot_restituiti,
        0
    );
}

#[tokio::test]
async fn the_choice_made_on_wisp_is_read_there() {
    let mondo = Mondo::start().await;
    let scelta = NodoChiediSceltaWisp {
        identificativo_intermediario_pa: INTERMEDIARIO.to_owned(),
        identificativo_stazione_intermediario_pa: STAZIONE.to_owned(),
        password: PASSWORD.into(),
        identificativo_dominio: VALTORBIDA.to_owned(),
        key_pa: "chiave/pa".to_owned(),
        key_wisp: "chiave-wisp".to_owned(),
    };
    let body = format!(
        "{{\"effettuazioneScelta\":\"SI\",\"identificativoPSP\":\"BLNKIT22\",\
         \"identificativoIntermediarioPSP\":\"30000000023\",\"identificativoCanale\":\"{CARTA}\",\
         \"tipoVersamento\":\"CP\"}}"
    );
    mondo.ente.con(|s| s.wisp = (200, body));
    let answer = mondo.chiedi(&scelta).await;
    assert_eq!(
        answer.effettuazione_scelta,
        Some(EffettuazioneScelta::Si),
        "{:?}",
        answer.fault
    );
    assert_eq!(answer.identificativo_canale.as_deref(), Some(CARTA));
    assert_eq!(answer.tipo_versamento, Some(TipoVersamento::Cp));

    let late = "{\"title\":\"t\",\"status\":422,\"detail\":\"d\",\"code\":\"WISP_TIMEOUT_RECUPERO_SCELTA\"}";
    let cases = [
        (404, "{}", "PPT_WISP_SESSIONE_SCONOSCIUTA"),
        (410, "{}", "PPT_WISP_TIMEOUT_RECUPERO_SCELTA"),
        (422, late, "PPT_WISP_TIMEOUT_RECUPERO_SCELTA"),
        (503, "{}", "PPT_SYSTEM_ERROR"),
        (200, "non è json", "PPT_SYSTEM_ERROR"),
    ];
    for (status, body, expected) in cases {
        mondo.ente.con(|s| s.wisp = (status, body.to_owned()));
        let fault = mondo.chiedi(&scelta).await.fault.unwrap();
        assert_eq!(fault.fault_code, expected, "{status}");
    }
}
