//! paSendRT and paSendRTV2: the receipt of a payment that was made.

use chrono::{NaiveDate, NaiveDateTime};
use domain::Importo;

use super::{TransferListPa, TransferPa};
use crate::common::refusal;
use crate::modello_unico::{Metadata, Subject};
use crate::xml::{
    AMOUNT, AMOUNT_NOT_ZERO, ANY_TEXT, BASE64, BOOL, Cursor, DATE, DATE_TIME, Enum, Group, Int,
    Nested, Text, Writer, XmlError, message, ns, shape, xml_struct,
};
use crate::{Esito, FaultBean};

xml_struct! {
    /// `id_pa` may differ from `receipt.fiscal_code`: every body with a transfer gets the receipt.
    pub struct PaSendRtReq in ns::NONE {
        pub id_pa: String => req("idPA", Text(1, 35)),
        pub id_broker_pa: String => req("idBrokerPA", Text(1, 35)),
        pub id_station: String => req("idStation", Text(1, 35)),
        pub receipt: Receipt => req("receipt", Nested),
    }
}
message!(PaSendRtReq = ns::PA_FOR_NODE, "paSendRTReq", asks "paSendRT" -> PaSendRtRes);

xml_struct! {
    pub struct PaSendRtV2Request in ns::NONE {
        pub id_pa: String => req("idPA", Text(1, 35)),
        pub id_broker_pa: String => req("idBrokerPA", Text(1, 35)),
        pub id_station: String => req("idStation", Text(1, 35)),
        pub receipt: ReceiptV2 => req("receipt", Nested),
    }
}
message!(PaSendRtV2Request = ns::PA_FOR_NODE, "paSendRTV2Request", asks "paSendRTV2" -> PaSendRtV2Response);

xml_struct! {
    #[derive(Default)]
    pub struct PaSendRtRes in ns::NONE {
        pub outcome: Esito => req("outcome", Enum),
        pub fault: Option<FaultBean> => opt("fault", Nested),
    }
}
message!(PaSendRtRes = ns::PA_FOR_NODE, "paSendRTRes");

xml_struct! {
    #[derive(Default)]
    pub struct PaSendRtV2Response in ns::NONE {
        pub outcome: Esito => req("outcome", Enum),
        pub fault: Option<FaultBean> => opt("fault", Nested),
    }
}
message!(PaSendRtV2Response = ns::PA_FOR_NODE, "paSendRTV2Response");

xml_struct! {
    pub struct Receipt in ns::NONE {
        /// The payment token of the attempt that paid; unique per body.
        pub receipt_id: String => req("receiptId", ANY_TEXT),
        pub notice_number: String => req("noticeNumber", shape::NOTICE_NUMBER),
        pub fiscal_code: String => req("fiscalCode", shape::FISCAL_CODE_PA),
        pub outcome: Esito => req("outcome", Enum),
        /// The IUV.
        pub creditor_reference_id: String => req("creditorReferenceId", Text(1, 35)),
        pub payment_amount: Importo => req("paymentAmount", AMOUNT),
        pub description: String => req("description", Text(1, 140)),
        pub company_name: String => req("companyName", Text(1, 140)),
        pub office_name: Option<String> => opt("officeName", Text(1, 140)),
        pub debtor: Subject => req("debtor", Nested),
        pub transfer_list: TransferListPa => req("transferList", Nested),
        pub id_psp: String => req("idPSP", Text(1, 35)),
        pub psp_fiscal_code: Option<String> => opt("pspFiscalCode", Text(1, 70)),
        pub psp_partita_iva: Option<String> => opt("pspPartitaIVA", Text(1, 20)),
        pub psp_company_name: String => req("PSPCompanyName", Text(1, 70)),
        pub id_channel: String => req("idChannel", Text(1, 35)),
        pub channel_description: String => req("channelDescription", Text(1, 35)),
        pub payer: Option<Subject> => opt("payer", Nested),
        pub payment_method: Option<String> => opt("paymentMethod", Text(1, 35)),
        pub fee: Option<Importo> => opt("fee", AMOUNT),
        /// Wall clock of Rome ([`crate::tempo`]).
        pub payment_date_time: Option<NaiveDateTime> => opt("paymentDateTime", DATE_TIME),
        pub application_date: Option<NaiveDate> => opt("applicationDate", DATE),
        pub transfer_date: Option<NaiveDate> => opt("transferDate", DATE),
        pub metadata: Option<Metadata> => opt("metadata", Nested),
        /// The Node answered in the place of the ente: the payment may be of a position that was never
        /// activated.
        pub stand_in: Option<bool> => opt("standIn", BOOL),
    }
}

xml_struct! {
    /// As [`Receipt`], with the note of the activation, the fee bundles and revenue stamps.
    pub struct ReceiptV2 in ns::NONE {
        pub receipt_id: String => req("receiptId", ANY_TEXT),
        pub notice_number: String => req("noticeNumber", shape::NOTICE_NUMBER),
        pub fiscal_code: String => req("fiscalCode", shape::FISCAL_CODE_PA),
        pub outcome: Esito => req("outcome", Enum),
        pub creditor_reference_id: String => req("creditorReferenceId", Text(1, 35)),
        pub payment_amount: Importo => req("paymentAmount", AMOUNT),
        pub description: String => req("description", Text(1, 140)),
        pub company_name: String => req("companyName", Text(1, 140)),
        pub office_name: Option<String> => opt("officeName", Text(1, 140)),
        pub debtor: Subject => req("debtor", Nested),
        pub transfer_list: TransferListReceiptV2 => req("transferList", Nested),
        pub id_psp: String => req("idPSP", Text(1, 35)),
        pub psp_fiscal_code: Option<String> => opt("pspFiscalCode", Text(1, 70)),
        pub psp_partita_iva: Option<String> => opt("pspPartitaIVA", Text(1, 20)),
        pub psp_company_name: String => req("PSPCompanyName", Text(1, 70)),
        pub id_channel: String => req("idChannel", Text(1, 35)),
        pub channel_description: String => req("channelDescription", Text(1, 35)),
        pub payer: Option<Subject> => opt("payer", Nested),
        pub payment_method: Option<String> => opt("paymentMethod", Text(1, 35)),
        pub payment_note: Option<String> => opt("paymentNote", Text(1, 210)),
        pub fee: Option<Importo> => opt("fee", AMOUNT),
        pub primary_ci_incurred_fee: Option<Importo> => opt("primaryCiIncurredFee", AMOUNT),
        pub id_bundle: Option<String> => opt("idBundle", Text(1, 70)),
        pub id_ci_bundle: Option<String> => opt("idCiBundle", Text(1, 70)),
        pub payment_date_time: Option<NaiveDateTime> => opt("paymentDateTime", DATE_TIME),
        pub application_date: Option<NaiveDate> => opt("applicationDate", DATE),
        pub transfer_date: Option<NaiveDate> => opt("transferDate", DATE),
        pub metadata: Option<Metadata> => opt("metadata", Nested),
        pub stand_in: Option<bool> => opt("standIn", BOOL),
    }
}

xml_struct! {
    pub struct TransferListReceiptV2 in ns::NONE {
        pub transfers: Vec<TransferReceiptV2> => list("transfer", Nested, 1, 5),
    }
}

xml_struct! {
    pub struct TransferReceiptV2 in ns::NONE {
        pub id_transfer: i64 => req("idTransfer", Int(1, 5)),
        pub transfer_amount: Importo => req("transferAmount", AMOUNT_NOT_ZERO),
        pub fiscal_code_pa: String => req("fiscalCodePA", shape::FISCAL_CODE_PA),
        pub company_name: Option<String> => opt("companyName", Text(1, 140)),
        pub accreditato: Accreditato => group(),
        pub remittance_information: String => req("remittanceInformation", Text(1, 140)),
        pub transfer_category: String => req("transferCategory", Text(1, 140)),
        pub metadata: Option<Metadata> => opt("metadata", Nested),
    }
}

/// Where the money of a transfer went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accreditato {
    Iban(String),
    /// The revenue stamp that was bought, an XML document of the Agenzia delle Entrate.
    MarcaDaBollo(Vec<u8>),
}

impl Group for Accreditato {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, XmlError> {
        if let Some(bollo) = cursor.opt("MBDAttachment", BASE64)? {
            return Ok(Self::MarcaDaBollo(bollo));
        }
        Ok(Self::Iban(cursor.req("IBAN", Text(1, 35))?))
    }
    fn write(&self, writer: &mut Writer<'_>) -> Result<(), XmlError> {
        match self {
            Self::Iban(iban) => writer.req(iban, "IBAN", Text(1, 35)),
            Self::MarcaDaBollo(bollo) => writer.req(bollo, "MBDAttachment", BASE64),
        }
    }
}

/// What V2 adds is absent: one path is enough for both versions, which one station may receive mixed.
impl From<Receipt> for ReceiptV2 {
    fn from(receipt: Receipt) -> Self {
        let transfers = receipt.transfer_list.transfers.into_iter();
        Self {
            receipt_id: receipt.receipt_id,
            notice_number: receipt.notice_number,
            fiscal_code: receipt.fiscal_code,
            outcome: receipt.outcome,
            creditor_reference_id: receipt.creditor_reference_id,
            payment_amount: receipt.payment_amount,
            description: receipt.description,
            company_name: receipt.company_name,
            office_name: receipt.office_name,
            debtor: receipt.debtor,
            transfer_list: TransferListReceiptV2 {
                transfers: transfers.map(Into::into).collect(),
            },
            id_psp: receipt.id_psp,
            psp_fiscal_code: receipt.psp_fiscal_code,
            psp_partita_iva: receipt.psp_partita_iva,
            psp_company_name: receipt.psp_company_name,
            id_channel: receipt.id_channel,
            channel_description: receipt.channel_description,
            payer: receipt.payer,
            payment_method: receipt.payment_method,
            payment_note: None,
            fee: receipt.fee,
            primary_ci_incurred_fee: None,
            id_bundle: None,
            id_ci_bundle: None,
            payment_date_time: receipt.payment_date_time,
            application_date: receipt.application_date,
            transfer_date: receipt.transfer_date,
            metadata: receipt.metadata,
            stand_in: receipt.stand_in,
        }
    }
}

impl From<TransferPa> for TransferReceiptV2 {
    fn from(transfer: TransferPa) -> Self {
        Self {
            id_transfer: transfer.id_transfer,
            transfer_amount: transfer.transfer_amount,
            fiscal_code_pa: transfer.fiscal_code_pa,
            company_name: None,
            accreditato: Accreditato::Iban(transfer.iban),
            remittance_information: transfer.remittance_information,
            transfer_category: transfer.transfer_category,
            metadata: transfer.metadata,
        }
    }
}

refusal!(PaSendRtRes, PaSendRtV2Response);
