//! Ricevuta telematica.

use chrono::{NaiveDate, NaiveDateTime};
use domain::{EsitoPagamento, Importo};

use super::{Dominio, EnteBeneficiario, IstitutoAttestante, Soggetto};
use crate::xml::{
    AMOUNT, AMOUNT_NOT_ZERO, BASE64, DATE, DATE_TIME, Enum, Enumerated, Nested, NestedAs, Text,
    XmlError, message, ns, shape, xml_struct,
};

xml_struct! {
    /// The receipt: what became of the request that it refers to.
    pub struct Rt in ns::PAGAMENTI {
        pub versione_oggetto: String => req("versioneOggetto", Text(1, 16)),
        pub dominio: Dominio => req("dominio", Nested),
        /// Unique per day.
        pub identificativo_messaggio_ricevuta: String => req("identificativoMessaggioRicevuta", Text(1, 35)),
        /// Wall clock of Rome ([`crate::tempo`]).
        pub data_ora_messaggio_ricevuta: NaiveDateTime => req("dataOraMessaggioRicevuta", DATE_TIME),
        /// `identificativoMessaggioRichiesta` of the RPT.
        pub riferimento_messaggio_richiesta: String => req("riferimentoMessaggioRichiesta", Text(1, 35)),
        pub riferimento_data_richiesta: NaiveDate => req("riferimentoDataRichiesta", DATE),
        pub istituto_attestante: IstitutoAttestante => req("istitutoAttestante", Nested),
        pub ente_beneficiario: EnteBeneficiario => req("enteBeneficiario", Nested),
        pub soggetto_versante: Option<Soggetto> => opt("soggettoVersante", NestedAs("Versante")),
        pub soggetto_pagatore: Soggetto => req("soggettoPagatore", NestedAs("Pagatore")),
        pub dati_pagamento: DatiPagamento => req("datiPagamento", Nested),
    }
}
message!(Rt = ns::PAGAMENTI, "RT");

impl Rt {
    /// Reads the bytes of an RT in any charset that its declaration names.
    ///
    /// # Errors
    /// Not XML, another document, or one that the schema of PagInf 6.2.0 refuses.
    pub fn parse(bytes: &[u8]) -> Result<Self, XmlError> {
        super::parse(bytes)
    }

    /// The document in UTF-8.
    ///
    /// # Errors
    /// A value that the schema refuses, with the path of its element.
    pub fn build(&self) -> Result<Vec<u8>, XmlError> {
        super::build(self)
    }
}

xml_struct! {
    pub struct DatiPagamento in ns::PAGAMENTI {
        pub esito: EsitoPagamento => req("codiceEsitoPagamento", Enum),
        pub importo_totale_pagato: Importo => req("importoTotalePagato", AMOUNT),
        pub identificativo_univoco_versamento: String => req("identificativoUnivocoVersamento", Text(1, 35)),
        /// With a capital letter here, unlike in the RPT.
        pub codice_contesto_pagamento: String => req("CodiceContestoPagamento", Text(1, 35)),
        /// Same number and order as in the RPT; may be absent when nothing was paid.
        pub singoli: Vec<DatiSingoloPagamento> => list("datiSingoloPagamento", Nested, 0, 5),
    }
}

xml_struct! {
    pub struct DatiSingoloPagamento in ns::PAGAMENTI {
        /// 0.00 when not paid.
        pub importo: Importo => req("singoloImportoPagato", AMOUNT),
        /// Why it was not paid; mandatory with 0.00 (SANP).
        pub esito: Option<String> => opt("esitoSingoloPagamento", Text(1, 35)),
        pub data_esito: NaiveDate => req("dataEsitoSingoloPagamento", DATE),
        /// IUR; `n/a` when not paid.
        pub identificativo_univoco_riscossione: String => req("identificativoUnivocoRiscossione", Text(1, 35)),
        pub causale: String => req("causaleVersamento", Text(1, 140)),
        pub dati_specifici_riscossione: String => req("datiSpecificiRiscossione", shape::DATI_SPECIFICI_RISCOSSIONE),
        pub commissioni_applicate_psp: Option<Importo> => opt("commissioniApplicatePSP", AMOUNT),
        pub commissioni_applicate_pa: Option<Importo> => opt("commissioniApplicatePA", AMOUNT_NOT_ZERO),
        pub allegato: Option<AllegatoRicevuta> => opt("allegatoRicevuta", Nested),
    }
}

xml_struct! {
    pub struct AllegatoRicevuta in ns::PAGAMENTI {
        pub tipo: TipoAllegato => req("tipoAllegatoRicevuta", Enum),
        pub testo: Vec<u8> => req("testoAllegato", BASE64),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TipoAllegato {
    /// Esito originario of a card payment.
    Es,
    /// Marca da bollo digitale.
    Bd,
}

impl Enumerated for TipoAllegato {
    const VALUES: &'static [(Self, &'static str)] = &[(Self::Es, "ES"), (Self::Bd, "BD")];
}
