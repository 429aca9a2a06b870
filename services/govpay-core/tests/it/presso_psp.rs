//! Payments that begin at the PSP with RPT and RT (tipo 3 on a V1 station).

use domain::{EsitoPagamento, Importo};
use pagopa::ppt::{DatiPagamentoPsp, PaaAttivaRpt, PaaVerificaRpt};
use pagopa::{Esito, FaultNodo, soap};

use crate::mondo::{A, Avviso, CCP_SERVICE, Mondo, STAZIONE_A, STAZIONE_B};
use crate::nodo::{CANALE, INTERMEDIARIO_PSP, Modo, PSP, intestazione, rt};

fn verifica() -> PaaVerificaRpt {
    PaaVerificaRpt {
        identificativo_psp: PSP.to_owned(),
    }
}

pub fn attiva(cents: i64) -> PaaAttivaRpt {
    PaaAttivaRpt {
        identificativo_psp: PSP.to_owned(),
        dati_pagamento_psp: DatiPagamentoPsp {
            importo_singolo_versamento: Importo::from_cents(cents).unwrap(),
            iban_appoggio: None,
            bic_appoggio: None,
            soggetto_versante: None,
            iban_addebito: None,
            bic_addebito: None,
            soggetto_pagatore: None,
        },
        identificativo_intermediario_psp: INTERMEDIARIO_PSP.to_owned(),
        identificativo_canale_psp: CANALE.to_owned(),
    }
}

pub async fn code_verifica(mondo: &Mondo, avviso: &Avviso) -> Option<String> {
    let answer = mondo.chiama_v1(avviso, "verifica", &verifica()).await;
    answer.fault.map(|fault| fault.fault_code)
}

pub async fn code_attiva(mondo: &Mondo, avviso: &Avviso, ccp: &str, cents: i64) -> Option<String> {
    let answer = mondo.chiama_v1(avviso, ccp, &attiva(cents)).await;
    answer.fault.map(|fault| fault.fault_code)
}

#[tokio::test]
async fn verify_activate_rpt_and_receipt_end_in_a_paid_pendenza() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);

    let answer = mondo.chiama_v1(&avviso, "c1", &verifica()).await;
    let dati = answer.dati_pagamento_pa.unwrap();
    assert_eq!(dati.importo_singolo_versamento.cents(), 1250);
    assert_eq!(dati.iban_accredito, "IT41Q1234501600000000123456");
    assert_eq!(
        dati.ente_beneficiario.unwrap().denominazione,
        "Comune di Valtorbida"
    );
    assert!(mondo.tentativi(&avviso).is_empty());

    let answer = mondo.chiama_v1(&avviso, "c1", &attiva(1250)).await;
    assert_eq!(answer.esito, Esito::Ok);
    let rpt = mondo.attendi_rpt(1).await.remove(0);
    assert_eq!(rpt.dati_versamento.codice_contesto_pagamento, "c1");
    assert_eq!(rpt.dati_versamento.tipo_versamento.as_str(), "PO");
    let causale = format!("/RFB/{}/12.50/TXT/Voce 0", avviso.iuv);
    assert_eq!(rpt.dati_versamento.singoli[0].causale, causale);
    assert_eq!(
        rpt.dati_versamento.singoli[0].dati_specifici_riscossione,
        "9/TARI-2026"
    );
    mondo.attendi_stato(&avviso, &["RPT_ACCETTATA_NODO"]).await;

    assert_eq!(
        mondo
            .consegna(&rt(&rpt, EsitoPagamento::Eseguito, &[]))
            .await,
        None
    );
    assert_eq!(mondo.stato(&avviso), "ESEGUITO");
    assert_eq!(mondo.tentativi(&avviso), ["RT_ACCETTATA_PA"]);
    assert_eq!(mondo.eventi("rt.acquisita").len(), 1);
    assert_eq!(mondo.eventi("pendenza.stato").len(), 1);
    let states: Vec<_> = mondo.eventi("pagamento.stato");
    assert_eq!(states.len(), 3); // activated, accepted, paid
    assert_eq!(
        code_verifica(&mondo, &avviso).await.unwrap(),
        "PAA_PAGAMENTO_DUPLICATO"
    );
    mondo.stop().await;
}

#[tokio::test]
async fn what_cannot_be_paid_is_refused_with_its_own_fault() {
    let mondo = Mondo::start().await;
    let set = |avviso: &Avviso, what: &str| {
        mondo.esegui(&format!(
            "UPDATE pendenze SET {what} WHERE id_pendenza = '{}'",
            avviso.id_pendenza
        ));
    };
    let cases = [
        ("stato = 'ANNULLATO'", "PAA_PAGAMENTO_ANNULLATO"),
        ("stato = 'ESEGUITO'", "PAA_PAGAMENTO_DUPLICATO"),
        ("stato = 'PARZIALMENTE_ESEGUITO'", "PAA_PAGAMENTO_DUPLICATO"),
        ("data_scadenza = '2020-01-01'", "PAA_PAGAMENTO_SCADUTO"),
        ("data_validita = '2020-01-01'", "PAA_PAGAMENTO_SCADUTO"),
    ];
    for (n, (what, expected)) in (1..).zip(cases) {
        let avviso = mondo.pendenza(A, n, &[1250]);
        set(&avviso, what);
        assert_eq!(
            code_verifica(&mondo, &avviso).await.as_deref(),
            Some(expected),
            "{what}"
        );
        let code = code_attiva(&mondo, &avviso, "c", 1250).await;
        assert_eq!(code.as_deref(), Some(expected), "{what}");
        assert!(mondo.tentativi(&avviso).is_empty());
    }
    let two = mondo.pendenza(A, 20, &[1000, 250]);
    assert_eq!(code_verifica(&mondo, &two).await.unwrap(), "PAA_SEMANTICA");
    let unknown = Avviso {
        iuv: "01000000000000000".to_owned(),
        ..two
    };
    assert_eq!(
        code_verifica(&mondo, &unknown).await.unwrap(),
        "PAA_PAGAMENTO_SCONOSCIUTO"
    );
    assert_eq!(mondo.nodo.count("nodoInviaRPT"), 0);
    mondo.stop().await;
}

#[tokio::test]
async fn who_is_called_is_checked_broker_station_body_in_this_order() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);
    let good = intestazione(STAZIONE_A, A, &avviso.iuv, "c1");
    let mut broker = good.clone();
    broker.identificativo_intermediario_pa = "99999999999".to_owned();
    let mut station = good.clone();
    station.identificativo_stazione_intermediario_pa = "20000000016_77".to_owned();
    let mut body = good.clone();
    body.identificativo_dominio = "00000000000".to_owned();
    let mut other_station = good.clone();
    other_station.identificativo_stazione_intermediario_pa = STAZIONE_B.to_owned();
    for (header, expected) in [
        (broker, "PAA_ID_INTERMEDIARIO_ERRATO"),
        (station, "PAA_STAZIONE_INT_ERRATA"),
        (body, "PAA_ID_DOMINIO_ERRATO"),
        (other_station, "PAA_ID_DOMINIO_ERRATO"),
    ] {
        let xml = soap::build_with_header(&header, &verifica()).unwrap();
        let fault = mondo.chiama::<PaaVerificaRpt>(xml).await.fault.unwrap();
        assert_eq!(fault.fault_code, expected, "{fault:?}");
    }
    mondo.stop().await;
}

#[tokio::test]
async fn b099_an_activation_with_another_amount_is_refused() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);
    let code = code_attiva(&mondo, &avviso, "c1", 1000).await.unwrap();
    assert_eq!(code, "PAA_ATTIVA_RPT_IMPORTO_NON_VALIDO");
    assert!(mondo.tentativi(&avviso).is_empty());
    mondo.stop().await;
}

#[tokio::test]
async fn the_same_activation_again_sends_the_same_rpt_and_another_one_has_to_wait() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);
    assert_eq!(code_attiva(&mondo, &avviso, "c1", 1250).await, None);
    mondo.attendi_stato(&avviso, &["RPT_ACCETTATA_NODO"]).await;
    assert_eq!(code_attiva(&mondo, &avviso, "c1", 1250).await, None);
    let code = code_attiva(&mondo, &avviso, "c2", 1250).await.unwrap();
    assert_eq!(code, "PAA_PAGAMENTO_IN_CORSO");
    test_support::wait_until("the RPT was sent again", || async {
        let count = mondo.nodo.count("nodoInviaRPT");
        if count == 2 {
            Ok(())
        } else {
            Err(format!("{count}"))
        }
    })
    .await;
    assert_eq!(mondo.nodo.rpt().len(), 1);
    assert_eq!(mondo.tentativi(&avviso), ["RPT_ACCETTATA_NODO"]);

    mondo.avanza(5 * 60 + 1).await;
    assert_eq!(code_attiva(&mondo, &avviso, "c2", 1250).await, None);
    mondo
        .attendi_stato(&avviso, &["RPT_ANNULLATA", "RPT_ACCETTATA_NODO"])
        .await;
    mondo.stop().await;
}

#[tokio::test]
async fn an_rpt_that_the_node_did_not_take_is_sent_again_even_by_another_process() {
    let mut mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);
    mondo.nodo.modo(Modo::Giu);
    assert_eq!(code_attiva(&mondo, &avviso, "c1", 1250).await, None);
    mondo
        .attendi_stato(&avviso, &["RPT_ERRORE_INVIO_A_NODO"])
        .await;
    mondo.riavvia().await;
    mondo.nodo.modo(Modo::Immediato);
    mondo.avanza(60).await;
    mondo.attendi_stato(&avviso, &["RPT_ACCETTATA_NODO"]).await;
    assert_eq!(mondo.nodo.rpt().len(), 1);
    mondo.stop().await;
}

#[tokio::test]
async fn an_answer_that_got_lost_is_no_failure() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);
    mondo.nodo.modo(Modo::PerdeLaRisposta);
    assert_eq!(code_attiva(&mondo, &avviso, "c1", 1250).await, None);
    mondo
        .attendi_stato(&avviso, &["RPT_ERRORE_INVIO_A_NODO"])
        .await;
    mondo.nodo.modo(Modo::Immediato);
    mondo.avanza(60).await;
    mondo.attendi_stato(&avviso, &["RPT_ACCETTATA_NODO"]).await;
    assert_eq!(mondo.nodo.rpt().len(), 1);
    mondo.stop().await;
}

#[tokio::test]
async fn a_refusal_of_the_node_closes_the_attempt_and_frees_the_pendenza() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);
    mondo.nodo.modo(Modo::Rifiuta(FaultNodo::CanaleSconosciuto));
    assert_eq!(code_attiva(&mondo, &avviso, "c1", 1250).await, None);
    mondo.attendi_stato(&avviso, &["RPT_RIFIUTATA_NODO"]).await;
    assert_eq!(code_verifica(&mondo, &avviso).await, None);
    let sql = "SELECT descrizione_stato AS v FROM rpt";
    assert!(
        mondo.leggi(sql).starts_with("PPT_CANALE_SCONOSCIUTO"),
        "{}",
        mondo.leggi(sql)
    );
    mondo.stop().await;
}

#[tokio::test]
async fn what_is_not_a_message_gets_a_clean_fault() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);
    let header = intestazione(STAZIONE_A, A, &avviso.iuv, "c1");
    let good = soap::build_with_header(&header, &verifica()).unwrap();
    let dtd = format!(
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>{}",
        &good[39..]
    );
    let huge = format!("{good}{}", " ".repeat(21 * 1024 * 1024));
    for (action, body, word) in [
        (
            "paaVerificaRPT",
            "<non chiuso".to_owned(),
            "XML non ben formato",
        ),
        ("paaVerificaRPT", dtd, "DOCTYPE"),
        ("paaVerificaRPT", huge, "20 MB"),
        ("paaVerificaRPT", String::new(), "vuoto"),
        ("paaInventata", good.clone(), "paaInventata"),
        ("paaInviaRT", good.clone(), "PagamentiTelematiciRTservice"),
    ] {
        let (status, text) = mondo.invia(CCP_SERVICE, action, body).await;
        assert_eq!(status, 500, "{text}");
        let fault = pagopa::Envelope::parse(text.as_bytes(), None)
            .unwrap()
            .fault()
            .unwrap();
        assert!(fault.string.contains(word), "{word}: {}", fault.string);
    }
    let wrong = good.replace(
        "<identificativoPSP>BLNKIT22</identificativoPSP>",
        "<altro/>",
    );
    let (status, text) = mondo.invia(CCP_SERVICE, "paaVerificaRPT", wrong).await;
    assert_eq!(status, 200);
    assert!(
        text.contains("PAA_SINTASSI_XSD") && text.contains("identificativoPSP"),
        "{text}"
    );
    mondo.stop().await;
}
