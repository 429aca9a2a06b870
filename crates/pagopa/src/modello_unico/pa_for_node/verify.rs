//! paVerifyPaymentNotice: can this avviso be paid, and how much. No side effects.

use chrono::NaiveDate;
use domain::Importo;

use crate::common::refusal;
use crate::modello_unico::{PaymentOptions, QrCode};
use crate::xml::{AMOUNT_NOT_ZERO, BOOL, DATE, Enum, Nested, Text, message, ns, shape, xml_struct};
use crate::{Esito, FaultBean};

xml_struct! {
    pub struct PaVerifyPaymentNoticeReq in ns::NONE {
        pub id_pa: String => req("idPA", Text(1, 35)),
        pub id_broker_pa: String => req("idBrokerPA", Text(1, 35)),
        pub id_station: String => req("idStation", Text(1, 35)),
        pub qr_code: QrCode => req("qrCode", Nested),
    }
}
message!(PaVerifyPaymentNoticeReq = ns::PA_FOR_NODE, "paVerifyPaymentNoticeReq", asks "paVerifyPaymentNotice" -> PaVerifyPaymentNoticeRes);

xml_struct! {
    /// With outcome OK the Node requires all fields but the fault and `office_name`.
    #[derive(Default)]
    pub struct PaVerifyPaymentNoticeRes in ns::NONE {
        pub outcome: Esito => req("outcome", Enum),
        pub fault: Option<FaultBean> => opt("fault", Nested),
        pub payment_list: Option<PaymentListPa> => opt("paymentList", Nested),
        pub payment_description: Option<String> => opt("paymentDescription", Text(1, 140)),
        pub fiscal_code_pa: Option<String> => opt("fiscalCodePA", shape::FISCAL_CODE_PA),
        pub company_name: Option<String> => opt("companyName", Text(1, 140)),
        pub office_name: Option<String> => opt("officeName", Text(1, 140)),
    }
}
message!(
    PaVerifyPaymentNoticeRes = ns::PA_FOR_NODE,
    "paVerifyPaymentNoticeRes"
);

xml_struct! {
    /// Exactly one option.
    pub struct PaymentListPa in ns::NONE {
        pub option: PaymentOptionPa => req("paymentOptionDescription", Nested),
    }
}

xml_struct! {
    pub struct PaymentOptionPa in ns::NONE {
        pub amount: Importo => req("amount", AMOUNT_NOT_ZERO),
        pub options: PaymentOptions => req("options", Enum),
        pub due_date: Option<NaiveDate> => opt("dueDate", DATE),
        pub detail_description: Option<String> => opt("detailDescription", Text(1, 140)),
        /// Whether every transfer can be credited to a postal account.
        pub all_ccp: bool => req("allCCP", BOOL),
    }
}

refusal!(PaVerifyPaymentNoticeRes);
