//! paaVerificaRPT, paaAttivaRPT, paaInviaRT: all with header [`super::IntestazionePpt`], all with a
//! double wrapper in the response.

use domain::Importo;

use crate::common::refusal;
use crate::documenti::{EnteBeneficiario, Soggetto};
use crate::xml::{
    AMOUNT, AMOUNT_NOT_ZERO, ANY_TEXT, BASE64, Cursor, Enum, Group, Nested, NestedAs, Text, Writer,
    message, ns, shape, xml_struct,
};
use crate::{Esito, FaultBean, XmlError};

xml_struct! {
    /// Asks whether the avviso can be paid, and how much. No side effects.
    pub struct PaaVerificaRpt in ns::NONE {
        pub identificativo_psp: String => req("identificativoPSP", Text(1, 35)),
    }
}
message!(PaaVerificaRpt = ns::PPT, "paaVerificaRPT", asks "paaVerificaRPT" -> PaaVerificaRptRisposta);

xml_struct! {
    #[derive(Default)]
    pub struct PaaVerificaRptRisposta in ns::NONE {
        pub fault: Option<FaultBean> => opt("fault", Nested),
        pub esito: Esito => req("esito", Enum),
        pub dati_pagamento_pa: Option<DatiPagamentoPa> => opt("datiPagamentoPA", Nested),
    }
}
message!(
    PaaVerificaRptRisposta = ns::PPT,
    "paaVerificaRPTRisposta",
    wrapped
);

xml_struct! {
    /// Starts the payment: after an OK the ente sends the RPT with the PSP and the context received.
    pub struct PaaAttivaRpt in ns::NONE {
        pub identificativo_psp: String => req("identificativoPSP", Text(1, 35)),
        pub dati_pagamento_psp: DatiPagamentoPsp => req("datiPagamentoPSP", Nested),
        pub identificativo_intermediario_psp: String => req("identificativoIntermediarioPSP", Text(1, 35)),
        pub identificativo_canale_psp: String => req("identificativoCanalePSP", Text(1, 35)),
    }
}
message!(PaaAttivaRpt = ns::PPT, "paaAttivaRPT", asks "paaAttivaRPT" -> PaaAttivaRptRisposta);

xml_struct! {
    #[derive(Default)]
    pub struct PaaAttivaRptRisposta in ns::NONE {
        pub fault: Option<FaultBean> => opt("fault", Nested),
        pub esito: Esito => req("esito", Enum),
        pub dati_pagamento_pa: Option<DatiPagamentoPa> => opt("datiPagamentoPA", Nested),
    }
}
message!(
    PaaAttivaRptRisposta = ns::PPT,
    "paaAttivaRPTRisposta",
    wrapped
);

xml_struct! {
    /// What the ente answers about the payment.
    pub struct DatiPagamentoPa in ns::NONE {
        pub importo_singolo_versamento: Importo => req("importoSingoloVersamento", AMOUNT),
        pub iban_accredito: String => req("ibanAccredito", shape::IBAN),
        pub bic_accredito: Option<String> => opt("bicAccredito", shape::BIC),
        pub ente_beneficiario: Option<EnteBeneficiario> => opt("enteBeneficiario", Nested),
        pub credenziali_pagatore: Option<String> => opt("credenzialiPagatore", Text(1, 35)),
        pub causale: Causale => group(),
    }
}

/// The reason of the payment, in one text or in up to six pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Causale {
    /// At most 140 characters.
    Versamento(String),
    Spezzoni(SpezzoniCausale),
}

impl Group for Causale {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, XmlError> {
        if let Some(spezzoni) = cursor.opt("spezzoniCausaleVersamento", Nested)? {
            return Ok(Self::Spezzoni(spezzoni));
        }
        Ok(Self::Versamento(
            cursor.req("causaleVersamento", Text(0, 140))?,
        ))
    }
    fn write(&self, writer: &mut Writer<'_>) -> Result<(), XmlError> {
        match self {
            Self::Versamento(text) => writer.req(text, "causaleVersamento", Text(0, 140)),
            Self::Spezzoni(pieces) => writer.req(pieces, "spezzoniCausaleVersamento", Nested),
        }
    }
}

/// 1 to 6 pieces, in order, of either kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpezzoniCausale(pub Vec<SpezzoneCausale>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpezzoneCausale {
    /// At most 35 characters.
    Testo(String),
    Strutturato(SpezzoneStrutturato),
}

xml_struct! {
    pub struct SpezzoneStrutturato in ns::NONE {
        pub causale: String => req("causaleSpezzone", Text(1, 25)),
        pub importo: Importo => req("importoSpezzone", AMOUNT_NOT_ZERO),
    }
}

const TESTO: &str = "spezzoneCausaleVersamento";
const STRUTTURATO: &str = "spezzoneStrutturatoCausaleVersamento";

impl crate::xml::Complex for SpezzoniCausale {
    const CHILDREN: &'static str = ns::NONE;

    fn read(cursor: &mut Cursor<'_>) -> Result<Self, XmlError> {
        let mut pieces = Vec::new();
        loop {
            let piece = if let Some(text) = cursor.opt(TESTO, Text(1, 35))? {
                SpezzoneCausale::Testo(text)
            } else if let Some(piece) = cursor.opt(STRUTTURATO, Nested)? {
                SpezzoneCausale::Strutturato(piece)
            } else {
                break;
            };
            pieces.push(piece);
        }
        match pieces.len() {
            0 => Err(cursor.missing(TESTO)),
            count => too_many(count).map(|()| Self(pieces)),
        }
    }

    fn write(&self, writer: &mut Writer<'_>) -> Result<(), XmlError> {
        too_many(self.0.len())?;
        self.0.iter().try_for_each(|piece| match piece {
            SpezzoneCausale::Testo(text) => writer.req(text, TESTO, Text(1, 35)),
            SpezzoneCausale::Strutturato(piece) => writer.req(piece, STRUTTURATO, Nested),
        })
    }
}

fn too_many(count: usize) -> Result<(), XmlError> {
    if (1..=6).contains(&count) {
        return Ok(());
    }
    Err(XmlError::Occurrences {
        path: TESTO.to_owned(),
        count,
        min: 1,
        max: 6,
    })
}

xml_struct! {
    /// What the PSP says about the payment that it starts.
    pub struct DatiPagamentoPsp in ns::NONE {
        pub importo_singolo_versamento: Importo => req("importoSingoloVersamento", AMOUNT),
        pub iban_appoggio: Option<String> => opt("ibanAppoggio", shape::IBAN),
        pub bic_appoggio: Option<String> => opt("bicAppoggio", shape::BIC),
        pub soggetto_versante: Option<Soggetto> => opt("soggettoVersante", NestedAs("Versante")),
        pub iban_addebito: Option<String> => opt("ibanAddebito", shape::IBAN),
        pub bic_addebito: Option<String> => opt("bicAddebito", shape::BIC),
        pub soggetto_pagatore: Option<Soggetto> => opt("soggettoPagatore", NestedAs("Pagatore")),
    }
}

xml_struct! {
    /// Delivers a receipt.
    pub struct PaaInviaRt in ns::NONE {
        /// Present and empty, or `0`.
        pub tipo_firma: String => req("tipoFirma", ANY_TEXT),
        /// The RT document ([`crate::documenti::Rt`]) as bytes.
        pub rt: Vec<u8> => req("rt", BASE64),
    }
}
message!(PaaInviaRt = ns::PPT, "paaInviaRT", asks "paaInviaRT" -> PaaInviaRtRisposta);

xml_struct! {
    #[derive(Default)]
    pub struct PaaInviaRtRisposta in ns::NONE {
        pub fault: Option<FaultBean> => opt("fault", Nested),
        pub esito: Esito => req("esito", Enum),
    }
}
message!(PaaInviaRtRisposta = ns::PPT, "paaInviaRTRisposta", wrapped);

refusal!(
    PaaVerificaRptRisposta,
    PaaAttivaRptRisposta,
    PaaInviaRtRisposta
);
