//! nodoInviaCarrelloRPT: all or nothing, one session, one receipt for each RPT.

use domain::EsitoPagamento;
use pagopa::documenti::Rpt;
use pagopa::ppt::{
    ElementoListaRpt, IntestazioneCarrelloPpt, ListaRpt, NodoInviaCarrelloRpt,
    NodoInviaCarrelloRptRisposta,
};
use pagopa::{Esito, soap};

use crate::mondo::{CARTA, INTERMEDIARIO, Mondo, PASSWORD, STAZIONE, chiedi};

async fn invia(mondo: &Mondo, id: &str, rpts: &[Rpt]) -> NodoInviaCarrelloRptRisposta {
    let elemento = |rpt: &Rpt| ElementoListaRpt {
        identificativo_dominio: rpt.dominio.identificativo_dominio.clone(),
        identificativo_univoco_versamento: rpt
            .dati_versamento
            .identificativo_univoco_versamento
            .clone(),
        codice_contesto_pagamento: rpt.dati_versamento.codice_contesto_pagamento.clone(),
        tipo_firma: None,
        rpt: rpt.build().unwrap(),
    };
    let intestazione = IntestazioneCarrelloPpt {
        identificativo_intermediario_pa: INTERMEDIARIO.to_owned(),
        identificativo_stazione_intermediario_pa: STAZIONE.to_owned(),
        identificativo_carrello: id.to_owned(),
    };
    let invio = NodoInviaCarrelloRpt {
        password: PASSWORD.into(),
        identificativo_psp: "BLNKIT22".to_owned(),
        identificativo_intermediario_psp: "30000000023".to_owned(),
        identificativo_canale: CARTA.to_owned(),
        lista_rpt: ListaRpt {
            elementi: rpts.iter().map(elemento).collect(),
        },
        require_light_payment: None,
        codice_convenzione: None,
        multi_beneficiario: None,
    };
    let body = soap::build_with_header(&intestazione, &invio).unwrap();
    chiedi(&mondo.url, body, "nodoInviaCarrelloRPT").await
}

#[tokio::test]
async fn a_cart_is_one_session_and_each_rpt_gets_the_outcome_of_its_voci() {
    let mondo = Mondo::start().await;
    let rpts = [
        mondo.rpt("01000000000000200", "ccp", &[1_000, 2_000]).await,
        mondo.rpt("01000000000000201", "ccp", &[500]).await,
    ];

    let answer = invia(&mondo, "carrello-1", &rpts).await;

    assert_eq!(
        answer.esito_complessivo_operazione,
        Esito::Ok,
        "{:?}",
        answer.fault
    );
    let page = mondo.browser.open(&answer.url.unwrap()).await;
    page.expect("35,00").expect("Voce 3");
    let page = page
        .choose("Pagamento parzialmente eseguito")
        .choose("Voce 1")
        .choose("Voce 3");
    let back = mondo.browser.press(&page, "Invia la ricevuta").await;
    // A cart has no dominio of its own to tell.
    let query = back.url.query().unwrap();
    assert!(
        query.contains("esito=OK") && !query.contains("idDominio"),
        "{query}"
    );
    mondo
        .attendi_stato("01000000000000200", "ccp", "RT_ACCETTATA_PA")
        .await;
    mondo
        .attendi_stato("01000000000000201", "ccp", "RT_ACCETTATA_PA")
        .await;
    let first = &mondo.ente.rt("01000000000000200")[0].dati_pagamento;
    let second = &mondo.ente.rt("01000000000000201")[0].dati_pagamento;
    assert_eq!(first.esito, EsitoPagamento::EseguitoParziale);
    assert_eq!(first.importo_totale_pagato.cents(), 1_000);
    assert_eq!(second.esito, EsitoPagamento::Eseguito);
    let commissions = [first, second].map(|dati| -> i64 {
        let taken = dati
            .singoli
            .iter()
            .filter_map(|s| s.commissioni_applicate_psp);
        taken.map(|importo| importo.cents()).sum()
    });
    assert_eq!(commissions, [100, 0], "the commission is taken once");
}

#[tokio::test]
async fn a_cart_with_a_wrong_rpt_is_refused_whole_and_says_which() {
    let mondo = Mondo::start().await;
    let good = mondo.rpt("01000000000000202", "ccp", &[1_000]).await;
    let mut wrong = mondo.rpt("01000000000000203", "ccp", &[500]).await;
    wrong.dati_versamento.singoli[0].iban_accredito = None;

    let answer = invia(&mondo, "carrello-2", &[good.clone(), wrong]).await;

    assert_eq!(
        (answer.esito_complessivo_operazione, answer.url),
        (Esito::Ko, None)
    );
    let errors = answer.lista_errori_rpt.unwrap().fault;
    assert_eq!((errors.len(), errors[0].serial), (1, Some(2)));
    let unknown = mondo.stato("01000000000000202", "ccp").await;
    assert_eq!(unknown.fault.unwrap().fault_code, "PPT_RPT_SCONOSCIUTA");
    assert_eq!(
        invia(&mondo, "carrello-2", &[good])
            .await
            .esito_complessivo_operazione,
        Esito::Ok
    );
}

#[tokio::test]
async fn a_cart_is_known_by_its_id_and_its_rpts_by_their_keys() {
    let mondo = Mondo::start().await;
    let one = mondo.rpt("01000000000000204", "ccp", &[1_000]).await;
    let two = mondo.rpt("01000000000000205", "ccp", &[1_000]).await;
    invia(&mondo, "carrello-3", std::slice::from_ref(&one)).await;
    let code = |answer: NodoInviaCarrelloRptRisposta| answer.fault.unwrap().fault_code;

    let same = invia(&mondo, "carrello-3", std::slice::from_ref(&one)).await;
    let same_id = invia(&mondo, "carrello-3", std::slice::from_ref(&two)).await;
    let same_rpt = invia(&mondo, "carrello-4", &[two, one]).await;

    assert_eq!(code(same), "PPT_ID_CARRELLO_DUPLICATO");
    assert_eq!(code(same_id), "PPT_ID_CARRELLO_DUPLICATO");
    assert_eq!(same_rpt.fault.as_ref().unwrap().serial, Some(2));
    assert_eq!(code(same_rpt), "PPT_RPT_DUPLICATA");
    let fault = mondo.stato("01000000000000205", "ccp").await.fault.unwrap();
    assert_eq!(
        fault.fault_code, "PPT_RPT_SCONOSCIUTA",
        "nothing of a refused cart stays"
    );
}
