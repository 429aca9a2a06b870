//! Every message of paForNode, once with nothing optional and once with everything.

use domain::TipoSoggetto;
use pagopa::Esito;
use pagopa::modello_unico::pa_for_node::*;
use pagopa::modello_unico::*;

use crate::samples::*;
use crate::schemas::{Cases, Schema};

const STAZIONE: &str = "12345678903_01";
pub const CANALE: &str = "09876543217_01";

pub const ALL: &[fn(&mut Cases)] = &[verify, get_payment, payment, send_rt];

pub fn qr_code() -> QrCode {
    QrCode {
        fiscal_code: ENTE.to_owned(),
        notice_number: AVVISO.to_owned(),
    }
}

pub fn subject() -> Subject {
    Subject::new(TipoSoggetto::F, "BNCLRA85M41F205C", "Laura Bianchi")
}

pub fn subject_full() -> Subject {
    Subject {
        street_name: Some("Ulica Štefana".into()),
        civic_number: Some("3".into()),
        postal_code: Some("00100".into()),
        city: Some("Valtorbida".into()),
        state_province_region: Some("RM".into()),
        country: some("IT"),
        email: Some("laura@esempio.it".into()),
        ..subject()
    }
}

pub fn metadata() -> Metadata {
    let entry = |key: &str| MapEntry {
        key: key.to_owned(),
        value: "v <1>".to_owned(),
    };
    Metadata {
        entries: vec![entry("IBANAPPOGGIO"), entry("RC_TIP_1")],
    }
}

pub fn bollo() -> Accredito {
    Accredito::MarcaDaBollo(RichiestaMarcaDaBollo {
        hash_documento: "wHpFSLCGZjIvNSXxqtGbxg7275t446DRTk5ZrsdUQ6E=".to_owned(),
        tipo_bollo: "01".to_owned(),
        provincia_residenza: "RM".to_owned(),
    })
}

pub fn transfer() -> TransferPa {
    TransferPa {
        id_transfer: 1,
        transfer_amount: euro(12_345),
        fiscal_code_pa: ENTE.to_owned(),
        iban: IBAN.to_owned(),
        remittance_information: "/RFB/07122500000123406/123.45/TXT/TARI 2026".to_owned(),
        transfer_category: "9/0101100IM/".to_owned(),
        metadata: None,
    }
}

fn transfer_v2(id_transfer: i64, accredito: Accredito) -> TransferPaV2 {
    let TransferPa {
        remittance_information,
        transfer_category,
        ..
    } = transfer();
    TransferPaV2 {
        id_transfer,
        transfer_amount: euro(1_600),
        fiscal_code_pa: ENTE.to_owned(),
        company_name: some("Comune di Valtorbida"),
        accredito,
        remittance_information,
        transfer_category,
        metadata: Some(metadata()),
    }
}

fn verify(cases: &mut Cases) {
    let schema = Schema::PaForNode;
    cases.add(
        schema,
        &PaVerifyPaymentNoticeReq {
            id_pa: ENTE.to_owned(),
            id_broker_pa: ENTE.to_owned(),
            id_station: STAZIONE.to_owned(),
            qr_code: qr_code(),
        },
    );
    cases.add(schema, &PaVerifyPaymentNoticeRes::ko(fault()));
    let option = PaymentOptionPa {
        amount: euro(12_345),
        options: PaymentOptions::Eq,
        due_date: None,
        detail_description: None,
        all_ccp: false,
    };
    let full = PaymentOptionPa {
        due_date: Some(day("2026-06-30")),
        detail_description: some("TARI 2026"),
        all_ccp: true,
        ..option.clone()
    };
    for option in [option, full] {
        cases.add(
            schema,
            &PaVerifyPaymentNoticeRes {
                outcome: Esito::Ok,
                fault: None,
                payment_list: Some(PaymentListPa { option }),
                payment_description: some("TARI 2026"),
                fiscal_code_pa: some(ENTE),
                company_name: some("Comune di Valtorbida"),
                office_name: some("Ufficio tributi"),
            },
        );
    }
}

fn get_payment(cases: &mut Cases) {
    let schema = Schema::PaForNode;
    let request = PaGetPaymentReq {
        id_pa: ENTE.to_owned(),
        id_broker_pa: ENTE.to_owned(),
        id_station: STAZIONE.to_owned(),
        qr_code: qr_code(),
        amount: None,
        payment_note: None,
        transfer_type: None,
        due_date: None,
    };
    cases.add(schema, &request);
    let PaGetPaymentReq {
        id_pa,
        id_broker_pa,
        id_station,
        qr_code,
        ..
    } = request;
    cases.add(
        schema,
        &PaGetPaymentV2Request {
            id_pa,
            id_broker_pa,
            id_station,
            qr_code,
            amount: Some(euro(0)),
            payment_note: some("id del carrello"),
            transfer_type: Some(TransferType::Postal),
            due_date: Some(day("2026-06-30")),
        },
    );
}

fn payment(cases: &mut Cases) {
    let schema = Schema::PaForNode;
    cases.add(schema, &PaGetPaymentRes::ko(fault()));
    cases.add(schema, &PaGetPaymentV2Response::ko(fault()));
    cases.add(
        schema,
        &PaGetPaymentRes {
            outcome: Esito::Ok,
            fault: None,
            data: Some(PaymentPa {
                creditor_reference_id: IUV.to_owned(),
                payment_amount: euro(12_345),
                due_date: day("2026-06-30"),
                retention_date: None,
                last_payment: None,
                description: "TARI 2026".to_owned(),
                company_name: None,
                office_name: None,
                debtor: subject(),
                transfer_list: TransferListPa {
                    transfers: vec![transfer()],
                },
                metadata: None,
            }),
        },
    );
    cases.add(
        schema,
        &PaGetPaymentV2Response {
            outcome: Esito::Ok,
            fault: None,
            data: Some(PaymentPaV2 {
                creditor_reference_id: IUV.to_owned(),
                payment_amount: euro(3_200),
                due_date: day("2026-06-30"),
                retention_date: Some(time("2026-06-30T23:59:59")),
                last_payment: Some(true),
                description: "TARI 2026".to_owned(),
                company_name: "Comune di Valtorbida".to_owned(),
                office_name: some("Ufficio tributi"),
                debtor: subject_full(),
                transfer_list: TransferListPaV2 {
                    transfers: vec![
                        transfer_v2(1, Accredito::Iban(IBAN.to_owned())),
                        transfer_v2(2, bollo()),
                    ],
                },
                metadata: Some(metadata()),
            }),
        },
    );
}

pub fn receipt() -> Receipt {
    Receipt {
        receipt_id: CCP.to_owned(),
        notice_number: AVVISO.to_owned(),
        fiscal_code: ENTE.to_owned(),
        outcome: Esito::Ok,
        creditor_reference_id: IUV.to_owned(),
        payment_amount: euro(12_345),
        description: "TARI 2026".to_owned(),
        company_name: "Comune di Valtorbida".to_owned(),
        office_name: None,
        debtor: subject(),
        transfer_list: TransferListPa {
            transfers: vec![transfer()],
        },
        id_psp: "LNKBITRR".to_owned(),
        psp_fiscal_code: None,
        psp_partita_iva: None,
        psp_company_name: "Banca Link.it".to_owned(),
        id_channel: CANALE.to_owned(),
        channel_description: "app".to_owned(),
        payer: None,
        payment_method: None,
        fee: None,
        payment_date_time: None,
        application_date: None,
        transfer_date: None,
        metadata: None,
        stand_in: None,
    }
}

pub fn send_rt_request(receipt: Receipt) -> PaSendRtReq {
    PaSendRtReq {
        id_pa: ENTE.to_owned(),
        id_broker_pa: ENTE.to_owned(),
        id_station: STAZIONE.to_owned(),
        receipt,
    }
}

fn receipt_v2() -> ReceiptV2 {
    let r = receipt();
    let TransferPa {
        remittance_information,
        transfer_category,
        ..
    } = transfer();
    let row = |id_transfer, accreditato| TransferReceiptV2 {
        id_transfer,
        transfer_amount: euro(1_600),
        fiscal_code_pa: ENTE.to_owned(),
        company_name: some("Comune di Valtorbida"),
        accreditato,
        remittance_information: remittance_information.clone(),
        transfer_category: transfer_category.clone(),
        metadata: Some(metadata()),
    };
    ReceiptV2 {
        receipt_id: r.receipt_id,
        notice_number: r.notice_number,
        fiscal_code: r.fiscal_code,
        outcome: Esito::Ok,
        creditor_reference_id: r.creditor_reference_id,
        payment_amount: euro(3_200),
        description: r.description,
        company_name: r.company_name,
        office_name: some("Ufficio tributi"),
        debtor: subject_full(),
        transfer_list: TransferListReceiptV2 {
            transfers: vec![
                row(1, Accreditato::Iban(IBAN.to_owned())),
                row(2, Accreditato::MarcaDaBollo(b"<marcaDaBollo/>".to_vec())),
            ],
        },
        id_psp: r.id_psp,
        psp_fiscal_code: some("09876543217"),
        psp_partita_iva: some("09876543217"),
        psp_company_name: r.psp_company_name,
        id_channel: r.id_channel,
        channel_description: r.channel_description,
        payer: Some(subject_full()),
        payment_method: some("creditCard"),
        payment_note: some("id del carrello"),
        fee: Some(euro(150)),
        primary_ci_incurred_fee: Some(euro(0)),
        id_bundle: some("bundle"),
        id_ci_bundle: some("ci-bundle"),
        payment_date_time: Some(time("2026-06-15T10:35:00")),
        application_date: Some(day("2026-06-15")),
        transfer_date: Some(day("2026-06-16")),
        metadata: Some(metadata()),
        stand_in: Some(true),
    }
}

fn send_rt(cases: &mut Cases) {
    let schema = Schema::PaForNode;
    cases.add(schema, &send_rt_request(receipt()));
    cases.add(
        schema,
        &send_rt_request(Receipt {
            office_name: some("Ufficio tributi"),
            psp_fiscal_code: some("09876543217"),
            psp_partita_iva: some("09876543217"),
            payer: Some(subject_full()),
            payment_method: some("cash"),
            fee: Some(euro(150)),
            payment_date_time: Some(time("2026-06-15T10:35:00")),
            application_date: Some(day("2026-06-15")),
            transfer_date: Some(day("2026-06-16")),
            metadata: Some(metadata()),
            stand_in: Some(false),
            ..receipt()
        }),
    );
    let PaSendRtReq {
        id_pa,
        id_broker_pa,
        id_station,
        receipt: first_version,
    } = send_rt_request(receipt());
    let request = PaSendRtV2Request {
        id_pa,
        id_broker_pa,
        id_station,
        receipt: receipt_v2(),
    };
    cases.add(schema, &request);
    cases.add(
        schema,
        &PaSendRtV2Request {
            receipt: first_version.into(),
            ..request
        },
    );
    cases.add(
        schema,
        &PaSendRtRes {
            outcome: Esito::Ok,
            fault: None,
        },
    );
    cases.add(schema, &PaSendRtRes::ko(fault()));
    cases.add(
        schema,
        &PaSendRtV2Response {
            outcome: Esito::Ok,
            fault: None,
        },
    );
    cases.add(schema, &PaSendRtV2Response::ko(fault()));
}
