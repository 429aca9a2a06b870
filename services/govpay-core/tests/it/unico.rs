//! Payments that begin at the PSP with the modello unico (tipo 3 on a V2 station).

use domain::{Importo, TipoSoggetto};
use futures_util::future::join_all;
use pagopa::Esito;
use pagopa::modello_unico::pa_for_node::{
    Accreditato, PaGetPaymentV2Request, PaSendRtV2Request, PaVerifyPaymentNoticeReq, PaymentPaV2,
    ReceiptV2, TransferListReceiptV2, TransferReceiptV2,
};
use pagopa::modello_unico::{Accredito, QrCode, Subject};

use crate::mondo::{A, Avviso, B, Mondo, STAZIONE_A, STAZIONE_B, busta};
use crate::nodo::{CANALE, PSP};

fn qr(avviso: &Avviso) -> QrCode {
    QrCode {
        fiscal_code: avviso.dominio.to_owned(),
        notice_number: avviso.numero.clone(),
    }
}

fn station(avviso: &Avviso) -> String {
    if avviso.dominio == A {
        STAZIONE_A
    } else {
        STAZIONE_B
    }
    .to_owned()
}

pub async fn verify(mondo: &Mondo, avviso: &Avviso) -> Result<i64, String> {
    let request = PaVerifyPaymentNoticeReq {
        id_pa: avviso.dominio.to_owned(),
        id_broker_pa: "20000000016".to_owned(),
        id_station: station(avviso),
        qr_code: qr(avviso),
    };
    let answer = mondo
        .chiama::<PaVerifyPaymentNoticeReq>(busta(&request))
        .await;
    match answer.payment_list {
        Some(list) => Ok(list.option.amount.cents()),
        None => Err(answer.fault.unwrap().fault_code),
    }
}

pub async fn activate(mondo: &Mondo, avviso: &Avviso) -> Result<PaymentPaV2, String> {
    let request = PaGetPaymentV2Request {
        id_pa: avviso.dominio.to_owned(),
        id_broker_pa: "20000000016".to_owned(),
        id_station: station(avviso),
        qr_code: qr(avviso),
        amount: None,
        payment_note: None,
        transfer_type: None,
        due_date: None,
    };
    let answer = mondo.chiama::<PaGetPaymentV2Request>(busta(&request)).await;
    answer.data.ok_or_else(|| answer.fault.unwrap().fault_code)
}

pub fn receipt(avviso: &Avviso, id: &str, cents: &[i64]) -> PaSendRtV2Request {
    let euro = |cents: i64| Importo::from_cents(cents).unwrap();
    let transfer = |(i, cents): (i64, &i64)| TransferReceiptV2 {
        id_transfer: i,
        transfer_amount: euro(*cents),
        fiscal_code_pa: avviso.dominio.to_owned(),
        company_name: None,
        accreditato: Accreditato::Iban("IT71E5432103200000000777001".to_owned()),
        remittance_information: "causale".to_owned(),
        transfer_category: "9/TARI-2026".to_owned(),
        metadata: None,
    };
    PaSendRtV2Request {
        id_pa: avviso.dominio.to_owned(),
        id_broker_pa: "20000000016".to_owned(),
        id_station: station(avviso),
        receipt: ReceiptV2 {
            receipt_id: id.to_owned(),
            notice_number: avviso.numero.clone(),
            fiscal_code: avviso.dominio.to_owned(),
            outcome: Esito::Ok,
            creditor_reference_id: avviso.iuv.clone(),
            payment_amount: euro(cents.iter().sum()),
            description: "Tassa sui rifiuti".to_owned(),
            company_name: "Unione Terre d'Esempio".to_owned(),
            office_name: None,
            debtor: Subject::new(TipoSoggetto::F, "BNCLRA85M41F205C", "Laura Bianchi"),
            transfer_list: TransferListReceiptV2 {
                transfers: (1..).zip(cents).map(transfer).collect(),
            },
            id_psp: PSP.to_owned(),
            psp_fiscal_code: None,
            psp_partita_iva: None,
            psp_company_name: "Banca Link.it".to_owned(),
            id_channel: CANALE.to_owned(),
            channel_description: "app".to_owned(),
            payer: None,
            payment_method: None,
            payment_note: None,
            fee: Some(euro(150)),
            primary_ci_incurred_fee: None,
            id_bundle: None,
            id_ci_bundle: None,
            payment_date_time: None,
            application_date: None,
            transfer_date: None,
            metadata: None,
            stand_in: None,
        },
    }
}

pub async fn send(mondo: &Mondo, message: &PaSendRtV2Request) -> Option<String> {
    let answer = mondo.chiama::<PaSendRtV2Request>(busta(message)).await;
    answer.fault.map(|fault| fault.fault_code)
}

#[tokio::test]
async fn verify_activate_and_receipt_end_in_a_paid_pendenza() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(B, 1, &[1000, 250]);
    assert_eq!(verify(&mondo, &avviso).await, Ok(1250));
    assert!(mondo.tentativi(&avviso).is_empty());

    let payment = activate(&mondo, &avviso).await.unwrap();
    assert_eq!(payment.payment_amount.cents(), 1250);
    assert_eq!(payment.debtor.full_name.as_str(), "Giuseppe Verdi");
    let transfers = &payment.transfer_list.transfers;
    assert_eq!(transfers.len(), 2);
    let iban = Accredito::Iban("IT71E5432103200000000777001".to_owned());
    assert_eq!(transfers[0].accredito, iban);
    assert_eq!(mondo.tentativi(&avviso), ["RPT_ACCETTATA_NODO"]);
    assert_eq!(verify(&mondo, &avviso).await, Ok(1250)); // still open

    assert_eq!(
        send(&mondo, &receipt(&avviso, "token-1", &[1000, 250])).await,
        None
    );
    assert_eq!(mondo.stato(&avviso), "ESEGUITO");
    assert_eq!(mondo.tentativi(&avviso), ["RT_ACCETTATA_PA"]);
    assert_eq!(mondo.conta("riscossioni WHERE iur = 'token-1'"), 2);
    assert_eq!(
        verify(&mondo, &avviso).await.unwrap_err(),
        "PAA_PAGAMENTO_DUPLICATO"
    );
    let again = send(&mondo, &receipt(&avviso, "token-1", &[1000, 250])).await;
    assert_eq!(again.as_deref(), Some("PAA_RECEIPT_DUPLICATA"));
    assert_eq!(mondo.eventi("rt.acquisita").len(), 1);
    mondo.stop().await;
}

#[tokio::test]
async fn a_new_activation_replaces_the_previous_one() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(B, 1, &[1250]);
    activate(&mondo, &avviso).await.unwrap();
    activate(&mondo, &avviso).await.unwrap();
    assert_eq!(
        mondo.tentativi(&avviso),
        ["RPT_ANNULLATA", "RPT_ACCETTATA_NODO"]
    );
    assert_eq!(
        send(&mondo, &receipt(&avviso, "token-2", &[1250])).await,
        None
    );
    assert_eq!(
        mondo.tentativi(&avviso),
        ["RPT_ANNULLATA", "RT_ACCETTATA_PA"]
    );
    mondo.stop().await;
}

#[tokio::test]
async fn an_activation_without_a_receipt_expires_after_half_an_hour_even_across_a_restart() {
    let mut mondo = Mondo::start().await;
    let avviso = mondo.pendenza(B, 1, &[1250]);
    activate(&mondo, &avviso).await.unwrap();
    mondo.avanza(29 * 60).await;
    mondo.riavvia().await;
    assert_eq!(mondo.tentativi(&avviso), ["RPT_ACCETTATA_NODO"]);
    mondo.avanza(61).await;
    mondo.attendi_stato(&avviso, &["RPT_SCADUTA"]).await;
    let last = mondo.eventi("pagamento.stato").pop().unwrap();
    let domain::Event::PagamentoStato {
        stato,
        stato_rpt,
        tipo,
        ..
    } = last.event
    else {
        panic!("{last:?}");
    };
    assert_eq!(
        (stato.as_str(), stato_rpt.as_str(), tipo),
        ("NON_ESEGUITO", "RPT_SCADUTA", 3)
    );
    assert_eq!(verify(&mondo, &avviso).await, Ok(1250));
    mondo.stop().await;
}

#[tokio::test]
async fn b131_a_receipt_after_the_expiry_still_pays() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(B, 1, &[1250]);
    activate(&mondo, &avviso).await.unwrap();
    mondo.avanza(31 * 60).await;
    mondo.attendi_stato(&avviso, &["RPT_SCADUTA"]).await;
    assert_eq!(
        send(&mondo, &receipt(&avviso, "token-1", &[1250])).await,
        None
    );
    assert_eq!(mondo.stato(&avviso), "ESEGUITO");
    assert_eq!(mondo.tentativi(&avviso), ["RT_ACCETTATA_PA"]);
    mondo.stop().await;
}

#[tokio::test]
async fn b207_a_receipt_of_a_payment_that_was_never_activated_here_is_taken() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(B, 1, &[1250]);
    assert_eq!(
        send(&mondo, &receipt(&avviso, "stand-in", &[1250])).await,
        None
    );
    assert_eq!(mondo.stato(&avviso), "ESEGUITO");
    mondo.stop().await;
}

#[tokio::test]
async fn b126_a_second_receipt_with_another_id_is_taken_and_marked() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(B, 1, &[1250]);
    assert_eq!(send(&mondo, &receipt(&avviso, "r1", &[1250])).await, None);
    assert_eq!(send(&mondo, &receipt(&avviso, "r2", &[1250])).await, None);
    assert_eq!(mondo.stato(&avviso), "ESEGUITO!");
    assert_eq!(mondo.conta("riscossioni"), 2);
    mondo.stop().await;
}

async fn ten_at_once(mondo: Mondo) {
    let avviso = mondo.pendenza(B, 1, &[1250]);
    let message = receipt(&avviso, "r1", &[1250]);
    let answers = join_all((0..10).map(|_| send(&mondo, &message))).await;
    assert_eq!(
        answers.iter().filter(|code| code.is_none()).count(),
        1,
        "{answers:?}"
    );
    assert_eq!(mondo.conta("riscossioni"), 1);
    assert_eq!(mondo.stato(&avviso), "ESEGUITO");
    assert_eq!(mondo.tentativi(&avviso), ["RT_ACCETTATA_PA"]);
    mondo.stop().await;
}

#[tokio::test]
async fn b124_a_receipt_of_the_modello_unico_that_comes_ten_times_at_once_is_stored_once() {
    ten_at_once(Mondo::start().await).await;
}

#[tokio::test]
async fn b124_the_same_on_postgresql() {
    ten_at_once(Mondo::start_pg().await).await;
}

#[tokio::test]
async fn a_receipt_for_an_unknown_notice_is_kept_apart() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(B, 1, &[1250]);
    let mut message = receipt(&avviso, "r1", &[1250]);
    message.receipt.creditor_reference_id = "47000000000000000".to_owned();
    let code = send(&mondo, &message).await;
    assert_eq!(code.as_deref(), Some("PAA_RPT_SCONOSCIUTA"));
    assert_eq!(mondo.conta("rt_orfane"), 1);
    mondo.stop().await;
}

#[tokio::test]
async fn b103_an_amount_that_is_no_amount_stores_nothing() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(B, 1, &[1250]);
    let xml = busta(&receipt(&avviso, "r1", &[1250]));
    for wrong in ["1234,5", "NaN", "-1.00", "1e3"] {
        let amount = format!("<paymentAmount>{wrong}</paymentAmount>");
        let xml = xml.replace("<paymentAmount>12.50</paymentAmount>", &amount);
        let answer = mondo.chiama::<PaSendRtV2Request>(xml).await;
        assert_eq!(
            answer.fault.unwrap().fault_code,
            "PAA_SINTASSI_EXTRAXSD",
            "{wrong}"
        );
    }
    assert_eq!(mondo.stato(&avviso), "NON_ESEGUITO");
    assert_eq!(mondo.conta("rt_orfane"), 0);
    mondo.stop().await;
}

#[tokio::test]
async fn each_station_is_told_which_primitives_to_use() {
    let mondo = Mondo::start().await;
    let old = mondo.pendenza(A, 1, &[1250]);
    assert_eq!(
        verify(&mondo, &old).await.unwrap_err(),
        "PAA_STAZIONE_INT_ERRATA"
    );
    assert_eq!(
        activate(&mondo, &old).await.unwrap_err(),
        "PAA_STAZIONE_INT_ERRATA"
    );
    mondo.stop().await;
}
