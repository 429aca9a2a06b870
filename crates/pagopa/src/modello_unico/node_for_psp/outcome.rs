//! sendPaymentOutcome and sendPaymentOutcomeV2.

use chrono::NaiveDate;
use domain::Importo;

use crate::common::refusal;
use crate::modello_unico::Subject;
use crate::xml::{
    AMOUNT, BASE64, DATE, Enum, Enumerated, Int, Nested, Text, message, ns, shape, xml_struct,
};
use crate::{Esito, FaultBean, Masked};

xml_struct! {
    pub struct SendPaymentOutcomeReq in ns::NONE {
        pub id_psp: String => req("idPSP", Text(1, 35)),
        pub id_broker_psp: String => req("idBrokerPSP", Text(1, 35)),
        pub id_channel: String => req("idChannel", Text(1, 35)),
        pub password: Masked => req("password", Text(8, 15)),
        pub idempotency_key: Option<String> => opt("idempotencyKey", shape::IDEMPOTENCY_KEY),
        pub payment_token: String => req("paymentToken", Text(1, 35)),
        pub outcome: Esito => req("outcome", Enum),
        pub details: Option<OutcomeDetails> => opt("details", Nested),
    }
}
message!(SendPaymentOutcomeReq = ns::NODE_FOR_PSP, "sendPaymentOutcomeReq", asks "sendPaymentOutcome" -> SendPaymentOutcomeRes);

xml_struct! {
    pub struct SendPaymentOutcomeV2Request in ns::NONE {
        pub id_psp: String => req("idPSP", Text(1, 35)),
        pub id_broker_psp: String => req("idBrokerPSP", Text(1, 35)),
        pub id_channel: String => req("idChannel", Text(1, 35)),
        pub password: Masked => req("password", Text(8, 15)),
        pub idempotency_key: Option<String> => opt("idempotencyKey", shape::IDEMPOTENCY_KEY),
        pub payment_tokens: PaymentTokens => req("paymentTokens", Nested),
        pub outcome: Esito => req("outcome", Enum),
        pub details: Option<OutcomeDetailsV2> => opt("details", Nested),
    }
}
message!(SendPaymentOutcomeV2Request = ns::NODE_FOR_PSP, "sendPaymentOutcomeV2Request", asks "sendPaymentOutcomeV2" -> SendPaymentOutcomeV2Response);

xml_struct! {
    pub struct PaymentTokens in ns::NONE {
        pub tokens: Vec<String> => list("paymentToken", Text(1, 35), 1, 5),
    }
}

xml_struct! {
    pub struct OutcomeDetails in ns::NONE {
        pub payment_method: PaymentMethod => req("paymentMethod", Enum),
        pub payment_channel: Option<PaymentChannel> => opt("paymentChannel", Enum),
        pub fee: Importo => req("fee", AMOUNT),
        pub payer: Option<Subject> => opt("payer", Nested),
        pub application_date: NaiveDate => req("applicationDate", DATE),
        pub transfer_date: NaiveDate => req("transferDate", DATE),
    }
}

xml_struct! {
    pub struct OutcomeDetailsV2 in ns::NONE {
        pub payment_method: PaymentMethod => req("paymentMethod", Enum),
        pub payment_channel: Option<PaymentChannel> => opt("paymentChannel", Enum),
        pub fee: Importo => req("fee", AMOUNT),
        pub primary_ci_incurred_fee: Option<Importo> => opt("primaryCiIncurredFee", AMOUNT),
        pub id_bundle: Option<String> => opt("idBundle", Text(1, 70)),
        pub id_ci_bundle: Option<String> => opt("idCiBundle", Text(1, 70)),
        pub payer: Option<Subject> => opt("payer", Nested),
        pub application_date: NaiveDate => req("applicationDate", DATE),
        pub transfer_date: NaiveDate => req("transferDate", DATE),
        pub marche_da_bollo: Option<MarcheDaBollo> => opt("marcheDaBollo", Nested),
    }
}

xml_struct! {
    pub struct MarcheDaBollo in ns::NONE {
        pub marche: Vec<MarcaDaBollo> => list("marcaDaBollo", Nested, 1, 25),
    }
}

xml_struct! {
    pub struct MarcaDaBollo in ns::NONE {
        pub payment_token: String => req("paymentToken", Text(1, 35)),
        pub id_transfer: i64 => req("idTransfer", Int(1, 5)),
        pub mbd_attachment: Vec<u8> => req("MBDAttachment", BASE64),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaymentMethod {
    Cash,
    CreditCard,
    Bancomat,
    Other,
}

impl Enumerated for PaymentMethod {
    const VALUES: &'static [(Self, &'static str)] = &[
        (Self::Cash, "cash"),
        (Self::CreditCard, "creditCard"),
        (Self::Bancomat, "bancomat"),
        (Self::Other, "other"),
    ];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaymentChannel {
    FrontOffice,
    Atm,
    OnLine,
    App,
    Other,
}

impl Enumerated for PaymentChannel {
    const VALUES: &'static [(Self, &'static str)] = &[
        (Self::FrontOffice, "frontOffice"),
        (Self::Atm, "atm"),
        (Self::OnLine, "onLine"),
        (Self::App, "app"),
        (Self::Other, "other"),
    ];
}

xml_struct! {
    #[derive(Default)]
    pub struct SendPaymentOutcomeRes in ns::NONE {
        pub outcome: Esito => req("outcome", Enum),
        pub fault: Option<FaultBean> => opt("fault", Nested),
    }
}
message!(
    SendPaymentOutcomeRes = ns::NODE_FOR_PSP,
    "sendPaymentOutcomeRes"
);

xml_struct! {
    #[derive(Default)]
    pub struct SendPaymentOutcomeV2Response in ns::NONE {
        pub outcome: Esito => req("outcome", Enum),
        pub fault: Option<FaultBean> => opt("fault", Nested),
    }
}
message!(
    SendPaymentOutcomeV2Response = ns::NODE_FOR_PSP,
    "sendPaymentOutcomeV2Response"
);

refusal!(SendPaymentOutcomeRes, SendPaymentOutcomeV2Response);
