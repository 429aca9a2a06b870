//! verifyPaymentNotice.

use chrono::NaiveDate;
use domain::Importo;

use crate::common::refusal;
use crate::modello_unico::{PaymentOptions, QrCode};
use crate::xml::{AMOUNT_NOT_ZERO, BOOL, DATE, Enum, Nested, Text, message, ns, shape, xml_struct};
use crate::{Esito, FaultBean, Masked};

xml_struct! {
    /// `password` is that of the channel.
    pub struct VerifyPaymentNoticeReq in ns::NONE {
        pub id_psp: String => req("idPSP", Text(1, 35)),
        pub id_broker_psp: String => req("idBrokerPSP", Text(1, 35)),
        pub id_channel: String => req("idChannel", Text(1, 35)),
        pub password: Masked => req("password", Text(8, 15)),
        pub qr_code: QrCode => req("qrCode", Nested),
    }
}
message!(VerifyPaymentNoticeReq = ns::NODE_FOR_PSP, "verifyPaymentNoticeReq", asks "verifyPaymentNotice" -> VerifyPaymentNoticeRes);

xml_struct! {
    #[derive(Default)]
    pub struct VerifyPaymentNoticeRes in ns::NONE {
        pub outcome: Esito => req("outcome", Enum),
        pub fault: Option<FaultBean> => opt("fault", Nested),
        pub payment_list: Option<PaymentListPsp> => opt("paymentList", Nested),
        pub payment_description: Option<String> => opt("paymentDescription", Text(1, 210)),
        pub fiscal_code_pa: Option<String> => opt("fiscalCodePA", shape::FISCAL_CODE_PA),
        pub company_name: Option<String> => opt("companyName", Text(1, 140)),
        pub office_name: Option<String> => opt("officeName", Text(1, 140)),
        pub standin: Option<bool> => opt("standin", BOOL),
    }
}
message!(
    VerifyPaymentNoticeRes = ns::NODE_FOR_PSP,
    "verifyPaymentNoticeRes"
);

xml_struct! {
    pub struct PaymentListPsp in ns::NONE {
        pub options: Vec<PaymentOptionPsp> => list("paymentOptionDescription", Nested, 1, 5),
    }
}

xml_struct! {
    pub struct PaymentOptionPsp in ns::NONE {
        pub amount: Importo => req("amount", AMOUNT_NOT_ZERO),
        pub options: PaymentOptions => req("options", Enum),
        pub due_date: Option<NaiveDate> => opt("dueDate", DATE),
        pub payment_note: Option<String> => opt("paymentNote", Text(1, 210)),
    }
}

refusal!(VerifyPaymentNoticeRes);
