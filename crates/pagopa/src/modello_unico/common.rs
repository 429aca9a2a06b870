//! Types of both interfaces.

use domain::TipoSoggetto;

use crate::Masked;
use crate::xml::{
    Codec, Cursor, Enum, Enumerated, Nested, Text, Writer, XmlError, ns, shape, xml_struct,
};

xml_struct! {
    /// The avviso: codice fiscale of the ente and numero avviso.
    pub struct QrCode in ns::NONE {
        /// 11 digits.
        pub fiscal_code: String => req("fiscalCode", shape::FISCAL_CODE_PA),
        /// 18 digits.
        pub notice_number: String => req("noticeNumber", shape::NOTICE_NUMBER),
    }
}

xml_struct! {
    /// Debtor or payer.
    pub struct Subject in ns::NONE {
        pub unique_identifier: UniqueIdentifier => req("uniqueIdentifier", Nested),
        pub full_name: Masked => req("fullName", Text(1, 70)),
        pub street_name: Option<Masked> => opt("streetName", Text(1, 70)),
        pub civic_number: Option<Masked> => opt("civicNumber", Text(1, 16)),
        pub postal_code: Option<Masked> => opt("postalCode", Text(1, 16)),
        pub city: Option<Masked> => opt("city", Text(1, 35)),
        pub state_province_region: Option<Masked> => opt("stateProvinceRegion", Text(1, 35)),
        /// ISO 3166, two upper-case letters.
        pub country: Option<String> => opt("country", shape::SIGLA),
        pub email: Option<Masked> => opt("e-mail", shape::EMAIL),
    }
}

impl Subject {
    /// With the two mandatory data and nothing else.
    pub fn new(
        tipo: TipoSoggetto,
        codice: impl Into<Masked>,
        full_name: impl Into<Masked>,
    ) -> Self {
        Self {
            unique_identifier: UniqueIdentifier {
                tipo,
                value: codice.into(),
            },
            full_name: full_name.into(),
            street_name: None,
            civic_number: None,
            postal_code: None,
            city: None,
            state_province_region: None,
            country: None,
            email: None,
        }
    }
}

xml_struct! {
    pub struct UniqueIdentifier in ns::NONE {
        pub tipo: TipoSoggetto => req("entityUniqueIdentifierType", Enum),
        pub value: Masked => req("entityUniqueIdentifierValue", Text(2, 16)),
    }
}

xml_struct! {
    /// 1 to 15 keys with their values.
    pub struct Metadata in ns::NONE {
        pub entries: Vec<MapEntry> => list("mapEntry", Nested, 1, 15),
    }
}

xml_struct! {
    pub struct MapEntry in ns::NONE {
        pub key: String => req("key", Text(1, 140)),
        pub value: String => req("value", Text(1, 140)),
    }
}

xml_struct! {
    /// The digital revenue stamp that is asked for.
    pub struct RichiestaMarcaDaBollo in ns::NONE {
        /// SHA-256 of the document in base64.
        pub hash_documento: String => req("hashDocumento", shape::HASH_DOCUMENTO),
        /// Always `01`.
        pub tipo_bollo: String => req("tipoBollo", shape::TIPO_BOLLO),
        pub provincia_residenza: String => req("provinciaResidenza", shape::SIGLA),
    }
}

/// Where the money of a transfer goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accredito {
    Iban(String),
    MarcaDaBollo(RichiestaMarcaDaBollo),
}

/// The two interfaces have different rules for an IBAN, so the rule is an argument.
impl Cursor<'_> {
    pub(crate) fn accredito(&mut self, iban: impl Codec<String>) -> Result<Accredito, XmlError> {
        if let Some(bollo) = self.opt(BOLLO, Nested)? {
            return Ok(Accredito::MarcaDaBollo(bollo));
        }
        Ok(Accredito::Iban(self.req("IBAN", iban)?))
    }
}

impl Writer<'_> {
    pub(crate) fn accredito(
        &mut self,
        value: &Accredito,
        iban: impl Codec<String>,
    ) -> Result<(), XmlError> {
        match value {
            Accredito::Iban(text) => self.req(text, "IBAN", iban),
            Accredito::MarcaDaBollo(bollo) => self.req(bollo, BOLLO, Nested),
        }
    }
}

const BOLLO: &str = "richiestaMarcaDaBollo";

/// Rule between `amount` and what may be paid. In practice always [`PaymentOptions::Eq`]; the comments of
/// the official schema on `LS` and `GT` contradict their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaymentOptions {
    Eq,
    Ls,
    Gt,
    Any,
}

impl Enumerated for PaymentOptions {
    const VALUES: &'static [(Self, &'static str)] = &[
        (Self::Eq, "EQ"),
        (Self::Ls, "LS"),
        (Self::Gt, "GT"),
        (Self::Any, "ANY"),
    ];
}
