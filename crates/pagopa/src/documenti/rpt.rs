//! Richiesta di pagamento telematico.

use chrono::{NaiveDate, NaiveDateTime};
use domain::Importo;

use super::{EnteBeneficiario, Soggetto};
use crate::TipoVersamento;
use crate::xml::{
    AMOUNT_NOT_ZERO, DATE, DATE_TIME, Enum, Nested, NestedAs, Text, XmlError, message, ns, shape,
    xml_struct,
};

xml_struct! {
    /// The request: who pays what to whom, and with which PSP.
    pub struct Rpt in ns::PAGAMENTI {
        /// [`super::VERSIONE`].
        pub versione_oggetto: String => req("versioneOggetto", Text(1, 16)),
        pub dominio: Dominio => req("dominio", Nested),
        /// Unique per day and dominio.
        pub identificativo_messaggio_richiesta: String => req("identificativoMessaggioRichiesta", Text(1, 35)),
        /// Wall clock of Rome ([`crate::tempo`]).
        pub data_ora_messaggio_richiesta: NaiveDateTime => req("dataOraMessaggioRichiesta", DATE_TIME),
        /// `CNS`, `USR`, `OTH` or `N/A`.
        pub autenticazione_soggetto: String => req("autenticazioneSoggetto", shape::AUTENTICAZIONE),
        pub soggetto_versante: Option<Soggetto> => opt("soggettoVersante", NestedAs("Versante")),
        pub soggetto_pagatore: Soggetto => req("soggettoPagatore", NestedAs("Pagatore")),
        pub ente_beneficiario: EnteBeneficiario => req("enteBeneficiario", Nested),
        pub dati_versamento: DatiVersamento => req("datiVersamento", Nested),
    }
}
message!(Rpt = ns::PAGAMENTI, "RPT");

impl Rpt {
    /// Reads the bytes of an RPT in any charset that its declaration names.
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
    pub struct Dominio in ns::PAGAMENTI {
        pub identificativo_dominio: String => req("identificativoDominio", Text(1, 35)),
        pub identificativo_stazione_richiedente: Option<String> => opt("identificativoStazioneRichiedente", Text(1, 35)),
    }
}

xml_struct! {
    pub struct DatiVersamento in ns::PAGAMENTI {
        /// Not before the day of sending, not more than 30 days after (SANP).
        pub data_esecuzione_pagamento: NaiveDate => req("dataEsecuzionePagamento", DATE),
        /// Sum of the singoli versamenti.
        pub importo_totale_da_versare: Importo => req("importoTotaleDaVersare", AMOUNT_NOT_ZERO),
        pub tipo_versamento: TipoVersamento => req("tipoVersamento", Enum),
        pub identificativo_univoco_versamento: String => req("identificativoUnivocoVersamento", Text(1, 35)),
        pub codice_contesto_pagamento: String => req("codiceContestoPagamento", Text(1, 35)),
        /// Mandatory with [`TipoVersamento::Ad`].
        pub iban_addebito: Option<String> => opt("ibanAddebito", shape::IBAN),
        pub bic_addebito: Option<String> => opt("bicAddebito", shape::BIC),
        /// Always `0`.
        pub firma_ricevuta: String => req("firmaRicevuta", shape::FIRMA_RICEVUTA),
        pub singoli: Vec<DatiSingoloVersamento> => list("datiSingoloVersamento", Nested, 1, 5),
    }
}

xml_struct! {
    /// Either `iban_accredito` or `marca_da_bollo` is present (SANP; the schema does not say it).
    pub struct DatiSingoloVersamento in ns::PAGAMENTI {
        pub importo: Importo => req("importoSingoloVersamento", AMOUNT_NOT_ZERO),
        pub commissione_carico_pa: Option<Importo> => opt("commissioneCaricoPA", AMOUNT_NOT_ZERO),
        pub iban_accredito: Option<String> => opt("ibanAccredito", shape::IBAN),
        pub bic_accredito: Option<String> => opt("bicAccredito", shape::BIC),
        pub iban_appoggio: Option<String> => opt("ibanAppoggio", shape::IBAN),
        pub bic_appoggio: Option<String> => opt("bicAppoggio", shape::BIC),
        pub credenziali_pagatore: Option<String> => opt("credenzialiPagatore", Text(1, 35)),
        pub causale: String => req("causaleVersamento", Text(1, 140)),
        /// `9/<codice>` and the like.
        pub dati_specifici_riscossione: String => req("datiSpecificiRiscossione", shape::DATI_SPECIFICI_RISCOSSIONE),
        pub marca_da_bollo: Option<MarcaBolloDigitale> => opt("datiMarcaBolloDigitale", Nested),
    }
}

xml_struct! {
    pub struct MarcaBolloDigitale in ns::PAGAMENTI {
        /// Always `01`.
        pub tipo_bollo: String => req("tipoBollo", shape::TIPO_BOLLO),
        /// SHA-256 of the document in base64.
        pub hash_documento: String => req("hashDocumento", shape::HASH_DOCUMENTO),
        pub provincia_residenza: String => req("provinciaResidenza", shape::SIGLA),
    }
}
