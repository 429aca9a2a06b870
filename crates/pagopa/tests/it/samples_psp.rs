//! Every message of nodeForPsp, once with nothing optional and once with everything.

use pagopa::modello_unico::node_for_psp::*;
use pagopa::modello_unico::pa_for_node::TransferPa;
use pagopa::modello_unico::{Accredito, PaymentOptions};
use pagopa::{Esito, TipoVersamento};

use crate::samples::*;
use crate::samples_ppt::password;
use crate::samples_unico::{CANALE, bollo, metadata, qr_code, subject, subject_full, transfer};
use crate::schemas::{Cases, Schema};

pub const ALL: &[fn(&mut Cases)] = &[verify, activate, activate_v2, outcome, outcome_v2];

fn verify(cases: &mut Cases) {
    let schema = Schema::NodeForPsp;
    cases.add(
        schema,
        &VerifyPaymentNoticeReq {
            id_psp: "LNKBITRR".to_owned(),
            id_broker_psp: "09876543217".to_owned(),
            id_channel: CANALE.to_owned(),
            password: password(),
            qr_code: qr_code(),
        },
    );
    cases.add(schema, &VerifyPaymentNoticeRes::ko(fault()));
    let option = PaymentOptionPsp {
        amount: euro(12_345),
        options: PaymentOptions::Eq,
        due_date: Some(day("2026-06-30")),
        payment_note: some("nota"),
    };
    cases.add(
        schema,
        &VerifyPaymentNoticeRes {
            outcome: Esito::Ok,
            fault: None,
            payment_list: Some(PaymentListPsp {
                options: vec![option],
            }),
            payment_description: some("TARI 2026"),
            fiscal_code_pa: some(ENTE),
            company_name: some("Comune di Valtorbida"),
            office_name: some("Ufficio tributi"),
            standin: Some(false),
        },
    );
}

fn activate(cases: &mut Cases) {
    let schema = Schema::NodeForPsp;
    cases.add(
        schema,
        &ActivatePaymentNoticeReq {
            id_psp: "LNKBITRR".to_owned(),
            id_broker_psp: "09876543217".to_owned(),
            id_channel: CANALE.to_owned(),
            password: password(),
            idempotency_key: None,
            qr_code: qr_code(),
            expiration_time: None,
            amount: euro(12_345),
            due_date: None,
            payment_note: None,
        },
    );
    cases.add(schema, &ActivatePaymentNoticeRes::ko(fault()));
    cases.add(
        schema,
        &ActivatePaymentNoticeRes {
            outcome: Esito::Ok,
            fault: None,
            total_amount: Some(euro(12_345)),
            payment_description: some("TARI 2026"),
            fiscal_code_pa: some(ENTE),
            company_name: some("Comune di Valtorbida"),
            office_name: some("Ufficio tributi"),
            payment_token: some(CCP),
            transfer_list: Some(TransferListPsp {
                transfers: vec![TransferPsp {
                    id_transfer: 1,
                    transfer_amount: euro(12_345),
                    fiscal_code_pa: ENTE.to_owned(),
                    iban: IBAN.to_owned(),
                    remittance_information: transfer().remittance_information,
                    metadata: Some(metadata()),
                }],
            }),
            creditor_reference_id: some(IUV),
            standin: Some(true),
        },
    );
}

fn activate_v2(cases: &mut Cases) {
    let schema = Schema::NodeForPsp;
    cases.add(
        schema,
        &ActivatePaymentNoticeV2Request {
            id_psp: "LNKBITRR".to_owned(),
            id_broker_psp: "09876543217".to_owned(),
            id_channel: CANALE.to_owned(),
            password: password(),
            idempotency_key: some("09876543217_abcdef1234"),
            qr_code: qr_code(),
            expiration_time: Some(MAX_EXPIRATION_MS),
            amount: euro(12_345),
            due_date: Some(day("2026-06-30")),
            payment_note: some("nota"),
            payment_method: Some(TipoVersamento::Ppal),
            touch_point: Some(TouchPoint::HomeBanking),
        },
    );
    cases.add(schema, &ActivatePaymentNoticeV2Response::ko(fault()));
    let TransferPa {
        remittance_information,
        transfer_category,
        ..
    } = transfer();
    let row = |id_transfer, accredito| TransferPspV2 {
        id_transfer,
        transfer_amount: euro(1_600),
        fiscal_code_pa: ENTE.to_owned(),
        company_name: some("Comune di Valtorbida"),
        accredito,
        remittance_information: remittance_information.clone(),
        transfer_category: Some(transfer_category.clone()),
        metadata: Some(metadata()),
    };
    cases.add(
        schema,
        &ActivatePaymentNoticeV2Response {
            outcome: Esito::Ok,
            fault: None,
            total_amount: Some(euro(3_200)),
            payment_description: some("TARI 2026"),
            fiscal_code_pa: some(ENTE),
            company_name: some("Comune di Valtorbida"),
            office_name: some("Ufficio tributi"),
            payment_token: some(CCP),
            transfer_list: Some(TransferListPspV2 {
                transfers: vec![row(1, Accredito::Iban(IBAN.to_owned())), row(2, bollo())],
            }),
            metadata: Some(metadata()),
            creditor_reference_id: some(IUV),
            suggested_user_fee: Some(euro(100)),
            suggested_pa_fee: Some(euro(50)),
            suggested_id_bundle: some("bundle"),
            suggested_id_ci_bundle: some("ci-bundle"),
            all_ccp: Some(false),
            standin: Some(false),
        },
    );
}

fn outcome(cases: &mut Cases) {
    let schema = Schema::NodeForPsp;
    let request = SendPaymentOutcomeReq {
        id_psp: "LNKBITRR".to_owned(),
        id_broker_psp: "09876543217".to_owned(),
        id_channel: CANALE.to_owned(),
        password: password(),
        idempotency_key: None,
        payment_token: CCP.to_owned(),
        outcome: Esito::Ko,
        details: None,
    };
    cases.add(schema, &request);
    cases.add(
        schema,
        &SendPaymentOutcomeReq {
            idempotency_key: some("09876543217_abcdef1234"),
            outcome: Esito::Ok,
            details: Some(OutcomeDetails {
                payment_method: PaymentMethod::CreditCard,
                payment_channel: Some(PaymentChannel::FrontOffice),
                fee: euro(150),
                payer: Some(subject_full()),
                application_date: day("2026-06-15"),
                transfer_date: day("2026-06-16"),
            }),
            ..request
        },
    );
}

fn outcome_v2(cases: &mut Cases) {
    let schema = Schema::NodeForPsp;
    cases.add(
        schema,
        &SendPaymentOutcomeV2Request {
            id_psp: "LNKBITRR".to_owned(),
            id_broker_psp: "09876543217".to_owned(),
            id_channel: CANALE.to_owned(),
            password: password(),
            idempotency_key: some("09876543217_abcdef1234"),
            payment_tokens: PaymentTokens {
                tokens: vec![CCP.to_owned(), "altro".to_owned()],
            },
            outcome: Esito::Ok,
            details: Some(OutcomeDetailsV2 {
                payment_method: PaymentMethod::Other,
                payment_channel: Some(PaymentChannel::OnLine),
                fee: euro(0),
                primary_ci_incurred_fee: Some(euro(10)),
                id_bundle: some("bundle"),
                id_ci_bundle: some("ci-bundle"),
                payer: Some(subject()),
                application_date: day("2026-06-15"),
                transfer_date: day("2026-06-16"),
                marche_da_bollo: Some(MarcheDaBollo {
                    marche: vec![MarcaDaBollo {
                        payment_token: CCP.to_owned(),
                        id_transfer: 2,
                        mbd_attachment: b"<marcaDaBollo/>".to_vec(),
                    }],
                }),
            }),
        },
    );
    cases.add(
        schema,
        &SendPaymentOutcomeRes {
            outcome: Esito::Ok,
            fault: None,
        },
    );
    cases.add(schema, &SendPaymentOutcomeRes::ko(fault()));
    cases.add(
        schema,
        &SendPaymentOutcomeV2Response {
            outcome: Esito::Ok,
            fault: None,
        },
    );
    cases.add(schema, &SendPaymentOutcomeV2Response::ko(fault()));
}
