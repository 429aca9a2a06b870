//! activatePaymentNotice and activatePaymentNoticeV2.

use chrono::NaiveDate;
use domain::Importo;

use crate::common::refusal;
use crate::modello_unico::{Accredito, Metadata, QrCode};
use crate::xml::{
    AMOUNT, BOOL, DATE, Enum, EnumOf, Enumerated, Int, Nested, Text, message, ns, shape, xml_struct,
};
use crate::{Esito, FaultBean, Masked, TipoVersamento};

/// Longest life of a payment token, in milliseconds: 30 minutes.
pub const MAX_EXPIRATION_MS: i64 = 1_800_000;

xml_struct! {
    pub struct ActivatePaymentNoticeReq in ns::NONE {
        pub id_psp: String => req("idPSP", Text(1, 35)),
        pub id_broker_psp: String => req("idBrokerPSP", Text(1, 35)),
        pub id_channel: String => req("idChannel", Text(1, 35)),
        pub password: Masked => req("password", Text(8, 15)),
        /// `<codice fiscale of the PSP>_<10 letters and digits>`.
        pub idempotency_key: Option<String> => opt("idempotencyKey", shape::IDEMPOTENCY_KEY),
        pub qr_code: QrCode => req("qrCode", Nested),
        /// Wanted life of the token, in milliseconds.
        pub expiration_time: Option<i64> => opt("expirationTime", Int(i64::MIN, MAX_EXPIRATION_MS)),
        pub amount: Importo => req("amount", AMOUNT),
        pub due_date: Option<NaiveDate> => opt("dueDate", DATE),
        pub payment_note: Option<String> => opt("paymentNote", Text(1, 210)),
    }
}
message!(ActivatePaymentNoticeReq = ns::NODE_FOR_PSP, "activatePaymentNoticeReq", asks "activatePaymentNotice" -> ActivatePaymentNoticeRes);

xml_struct! {
    pub struct ActivatePaymentNoticeV2Request in ns::NONE {
        pub id_psp: String => req("idPSP", Text(1, 35)),
        pub id_broker_psp: String => req("idBrokerPSP", Text(1, 35)),
        pub id_channel: String => req("idChannel", Text(1, 35)),
        pub password: Masked => req("password", Text(8, 15)),
        pub idempotency_key: Option<String> => opt("idempotencyKey", shape::IDEMPOTENCY_KEY),
        pub qr_code: QrCode => req("qrCode", Nested),
        pub expiration_time: Option<i64> => opt("expirationTime", Int(i64::MIN, MAX_EXPIRATION_MS)),
        pub amount: Importo => req("amount", AMOUNT),
        pub due_date: Option<NaiveDate> => opt("dueDate", DATE),
        pub payment_note: Option<String> => opt("paymentNote", Text(1, 210)),
        pub payment_method: Option<TipoVersamento> => opt("paymentMethod", EnumOf(&TipoVersamento::ACTIVATE)),
        pub touch_point: Option<TouchPoint> => opt("touchPoint", Enum),
    }
}
message!(ActivatePaymentNoticeV2Request = ns::NODE_FOR_PSP, "activatePaymentNoticeV2Request", asks "activatePaymentNoticeV2" -> ActivatePaymentNoticeV2Response);

/// Where the payer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TouchPoint {
    Io,
    Wisp,
    Checkout,
    Psp,
    Atm,
    Betting,
    /// Tabaccaio or shop.
    Ts,
    HomeBanking,
    Pos,
}

impl Enumerated for TouchPoint {
    const VALUES: &'static [(Self, &'static str)] = &[
        (Self::Io, "IO"),
        (Self::Wisp, "WISP"),
        (Self::Checkout, "CHECKOUT"),
        (Self::Psp, "PSP"),
        (Self::Atm, "ATM"),
        (Self::Betting, "BETTING"),
        (Self::Ts, "TS"),
        (Self::HomeBanking, "HB"),
        (Self::Pos, "POS"),
    ];
}

xml_struct! {
    #[derive(Default)]
    pub struct ActivatePaymentNoticeRes in ns::NONE {
        pub outcome: Esito => req("outcome", Enum),
        pub fault: Option<FaultBean> => opt("fault", Nested),
        pub total_amount: Option<Importo> => opt("totalAmount", AMOUNT),
        pub payment_description: Option<String> => opt("paymentDescription", Text(1, 140)),
        pub fiscal_code_pa: Option<String> => opt("fiscalCodePA", shape::FISCAL_CODE_PA),
        pub company_name: Option<String> => opt("companyName", Text(1, 140)),
        pub office_name: Option<String> => opt("officeName", Text(1, 140)),
        pub payment_token: Option<String> => opt("paymentToken", Text(1, 35)),
        pub transfer_list: Option<TransferListPsp> => opt("transferList", Nested),
        pub creditor_reference_id: Option<String> => opt("creditorReferenceId", Text(1, 35)),
        pub standin: Option<bool> => opt("standin", BOOL),
    }
}
message!(
    ActivatePaymentNoticeRes = ns::NODE_FOR_PSP,
    "activatePaymentNoticeRes"
);

xml_struct! {
    pub struct TransferListPsp in ns::NONE {
        pub transfers: Vec<TransferPsp> => list("transfer", Nested, 1, 5),
    }
}

xml_struct! {
    pub struct TransferPsp in ns::NONE {
        pub id_transfer: i64 => req("idTransfer", Int(1, 5)),
        pub transfer_amount: Importo => req("transferAmount", AMOUNT),
        pub fiscal_code_pa: String => req("fiscalCodePA", shape::FISCAL_CODE_PA),
        pub iban: String => req("IBAN", shape::IBAN),
        pub remittance_information: String => req("remittanceInformation", Text(1, 140)),
        pub metadata: Option<Metadata> => opt("metadata", Nested),
    }
}

xml_struct! {
    #[derive(Default)]
    pub struct ActivatePaymentNoticeV2Response in ns::NONE {
        pub outcome: Esito => req("outcome", Enum),
        pub fault: Option<FaultBean> => opt("fault", Nested),
        pub total_amount: Option<Importo> => opt("totalAmount", AMOUNT),
        pub payment_description: Option<String> => opt("paymentDescription", Text(1, 140)),
        pub fiscal_code_pa: Option<String> => opt("fiscalCodePA", shape::FISCAL_CODE_PA),
        pub company_name: Option<String> => opt("companyName", Text(1, 140)),
        pub office_name: Option<String> => opt("officeName", Text(1, 140)),
        pub payment_token: Option<String> => opt("paymentToken", Text(1, 35)),
        pub transfer_list: Option<TransferListPspV2> => opt("transferList", Nested),
        pub metadata: Option<Metadata> => opt("metadata", Nested),
        pub creditor_reference_id: Option<String> => opt("creditorReferenceId", Text(1, 35)),
        pub suggested_user_fee: Option<Importo> => opt("suggestedUserFee", AMOUNT),
        pub suggested_pa_fee: Option<Importo> => opt("suggestedPaFee", AMOUNT),
        pub suggested_id_bundle: Option<String> => opt("suggestedIdBundle", Text(1, 70)),
        pub suggested_id_ci_bundle: Option<String> => opt("suggestedIdCiBundle", Text(1, 70)),
        pub all_ccp: Option<bool> => opt("allCCP", BOOL),
        pub standin: Option<bool> => opt("standin", BOOL),
    }
}
message!(
    ActivatePaymentNoticeV2Response = ns::NODE_FOR_PSP,
    "activatePaymentNoticeV2Response"
);

xml_struct! {
    pub struct TransferListPspV2 in ns::NONE {
        pub transfers: Vec<TransferPspV2> => list("transfer", Nested, 1, 5),
    }
}

xml_struct! {
    pub struct TransferPspV2 in ns::NONE {
        pub id_transfer: i64 => req("idTransfer", Int(1, 5)),
        pub transfer_amount: Importo => req("transferAmount", AMOUNT),
        pub fiscal_code_pa: String => req("fiscalCodePA", shape::FISCAL_CODE_PA),
        pub company_name: Option<String> => opt("companyName", Text(1, 140)),
        /// The schema lets both be absent; the Node always says one.
        pub accredito: Accredito => accredito(shape::IBAN),
        pub remittance_information: String => req("remittanceInformation", Text(1, 140)),
        pub transfer_category: Option<String> => opt("transferCategory", Text(1, 140)),
        pub metadata: Option<Metadata> => opt("metadata", Nested),
    }
}

refusal!(ActivatePaymentNoticeRes, ActivatePaymentNoticeV2Response);
