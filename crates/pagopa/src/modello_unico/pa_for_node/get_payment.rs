//! paGetPayment and paGetPaymentV2: all that is needed to pay the avviso.

use chrono::{NaiveDate, NaiveDateTime};
use domain::Importo;

use crate::common::refusal;
use crate::modello_unico::{Accredito, Metadata, QrCode, Subject};
use crate::xml::{
    AMOUNT, AMOUNT_NOT_ZERO, BOOL, DATE, DATE_TIME, Enum, Enumerated, Int, Nested, Text, message,
    ns, shape, xml_struct,
};
use crate::{Esito, FaultBean};

/// Both requests have the same content.
macro_rules! get_payment_request {
    ($name:ident) => {
        xml_struct! {
            pub struct $name in ns::NONE {
                pub id_pa: String => req("idPA", Text(1, 35)),
                pub id_broker_pa: String => req("idBrokerPA", Text(1, 35)),
                pub id_station: String => req("idStation", Text(1, 35)),
                pub qr_code: QrCode => req("qrCode", Nested),
                /// What the payer was shown: a hint, the answer carries the current amount.
                pub amount: Option<Importo> => opt("amount", AMOUNT),
                /// Carries the id of the cart when the payment started at the ente's portal.
                pub payment_note: Option<String> => opt("paymentNote", Text(1, 210)),
                pub transfer_type: Option<TransferType> => opt("transferType", Enum),
                pub due_date: Option<NaiveDate> => opt("dueDate", DATE),
            }
        }
    };
}
get_payment_request!(PaGetPaymentReq);
get_payment_request!(PaGetPaymentV2Request);
message!(PaGetPaymentReq = ns::PA_FOR_NODE, "paGetPaymentReq", asks "paGetPayment" -> PaGetPaymentRes);
message!(PaGetPaymentV2Request = ns::PA_FOR_NODE, "paGetPaymentV2Request", asks "paGetPaymentV2" -> PaGetPaymentV2Response);

/// Kind of account that the PSP can credit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransferType {
    Postal,
    Pagopa,
}

impl Enumerated for TransferType {
    const VALUES: &'static [(Self, &'static str)] =
        &[(Self::Postal, "POSTAL"), (Self::Pagopa, "PAGOPA")];
}

xml_struct! {
    #[derive(Default)]
    pub struct PaGetPaymentRes in ns::NONE {
        pub outcome: Esito => req("outcome", Enum),
        pub fault: Option<FaultBean> => opt("fault", Nested),
        pub data: Option<PaymentPa> => opt("data", Nested),
    }
}
message!(PaGetPaymentRes = ns::PA_FOR_NODE, "paGetPaymentRes");

xml_struct! {
    #[derive(Default)]
    pub struct PaGetPaymentV2Response in ns::NONE {
        pub outcome: Esito => req("outcome", Enum),
        pub fault: Option<FaultBean> => opt("fault", Nested),
        pub data: Option<PaymentPaV2> => opt("data", Nested),
    }
}
message!(
    PaGetPaymentV2Response = ns::PA_FOR_NODE,
    "paGetPaymentV2Response"
);

xml_struct! {
    pub struct PaymentPa in ns::NONE {
        /// The IUV.
        pub creditor_reference_id: String => req("creditorReferenceId", Text(1, 35)),
        /// Sum of the transfers.
        pub payment_amount: Importo => req("paymentAmount", AMOUNT_NOT_ZERO),
        pub due_date: NaiveDate => req("dueDate", DATE),
        /// Ignored by the Node, as `last_payment`.
        pub retention_date: Option<NaiveDateTime> => opt("retentionDate", DATE_TIME),
        pub last_payment: Option<bool> => opt("lastPayment", BOOL),
        pub description: String => req("description", Text(1, 140)),
        pub company_name: Option<String> => opt("companyName", Text(1, 140)),
        pub office_name: Option<String> => opt("officeName", Text(1, 140)),
        pub debtor: Subject => req("debtor", Nested),
        pub transfer_list: TransferListPa => req("transferList", Nested),
        pub metadata: Option<Metadata> => opt("metadata", Nested),
    }
}

xml_struct! {
    /// As [`PaymentPa`], with a mandatory `company_name` and transfers that may buy a revenue stamp.
    pub struct PaymentPaV2 in ns::NONE {
        pub creditor_reference_id: String => req("creditorReferenceId", Text(1, 35)),
        pub payment_amount: Importo => req("paymentAmount", AMOUNT_NOT_ZERO),
        pub due_date: NaiveDate => req("dueDate", DATE),
        pub retention_date: Option<NaiveDateTime> => opt("retentionDate", DATE_TIME),
        pub last_payment: Option<bool> => opt("lastPayment", BOOL),
        pub description: String => req("description", Text(1, 140)),
        pub company_name: String => req("companyName", Text(1, 140)),
        pub office_name: Option<String> => opt("officeName", Text(1, 140)),
        pub debtor: Subject => req("debtor", Nested),
        pub transfer_list: TransferListPaV2 => req("transferList", Nested),
        pub metadata: Option<Metadata> => opt("metadata", Nested),
    }
}

xml_struct! {
    pub struct TransferListPa in ns::NONE {
        pub transfers: Vec<TransferPa> => list("transfer", Nested, 1, 5),
    }
}

xml_struct! {
    pub struct TransferPa in ns::NONE {
        /// 1 to 5.
        pub id_transfer: i64 => req("idTransfer", Int(1, 5)),
        pub transfer_amount: Importo => req("transferAmount", AMOUNT_NOT_ZERO),
        pub fiscal_code_pa: String => req("fiscalCodePA", shape::FISCAL_CODE_PA),
        pub iban: String => req("IBAN", Text(1, 35)),
        pub remittance_information: String => req("remittanceInformation", Text(1, 140)),
        pub transfer_category: String => req("transferCategory", Text(1, 140)),
        pub metadata: Option<Metadata> => opt("metadata", Nested),
    }
}

xml_struct! {
    pub struct TransferListPaV2 in ns::NONE {
        pub transfers: Vec<TransferPaV2> => list("transfer", Nested, 1, 5),
    }
}

xml_struct! {
    pub struct TransferPaV2 in ns::NONE {
        pub id_transfer: i64 => req("idTransfer", Int(1, 5)),
        pub transfer_amount: Importo => req("transferAmount", AMOUNT_NOT_ZERO),
        pub fiscal_code_pa: String => req("fiscalCodePA", shape::FISCAL_CODE_PA),
        pub company_name: Option<String> => opt("companyName", Text(1, 140)),
        pub accredito: Accredito => accredito(Text(1, 35)),
        pub remittance_information: String => req("remittanceInformation", Text(1, 140)),
        pub transfer_category: String => req("transferCategory", Text(1, 140)),
        pub metadata: Option<Metadata> => opt("metadata", Nested),
    }
}

refusal!(PaGetPaymentRes, PaGetPaymentV2Response);
