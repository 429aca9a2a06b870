//! People and bodies in a document. Their element names end with the role (`anagraficaPagatore`,
//! `anagraficaVersante`): the star in the names below stands for it.

use domain::TipoSoggetto;

use crate::Masked;
use crate::xml::{Enum, EnumOf, Enumerated, Nested, Text, ns, shape, xml_struct};

xml_struct! {
    /// `soggettoVersante` or `soggettoPagatore`. Omit the versante when it is the pagatore.
    pub struct Soggetto in ns::PAGAMENTI {
        pub identificativo: IdentificativoPersona => req("identificativoUnivoco*", Nested),
        pub anagrafica: Masked => req("anagrafica*", Text(1, 70)),
        pub indirizzo: Option<Masked> => opt("indirizzo*", Text(1, 70)),
        pub civico: Option<Masked> => opt("civico*", Text(1, 16)),
        pub cap: Option<Masked> => opt("cap*", Text(1, 16)),
        pub localita: Option<Masked> => opt("localita*", Text(1, 35)),
        pub provincia: Option<Masked> => opt("provincia*", Text(1, 35)),
        /// ISO 3166, two upper-case letters.
        pub nazione: Option<String> => opt("nazione*", shape::SIGLA),
        pub email: Option<Masked> => opt("e-mail*", shape::EMAIL),
    }
}

impl Soggetto {
    /// With the two mandatory data and nothing else.
    pub fn new(
        tipo: TipoSoggetto,
        codice: impl Into<Masked>,
        anagrafica: impl Into<Masked>,
    ) -> Self {
        Self {
            identificativo: IdentificativoPersona {
                tipo,
                codice: codice.into(),
            },
            anagrafica: anagrafica.into(),
            indirizzo: None,
            civico: None,
            cap: None,
            localita: None,
            provincia: None,
            nazione: None,
            email: None,
        }
    }
}

xml_struct! {
    pub struct IdentificativoPersona in ns::PAGAMENTI {
        pub tipo: TipoSoggetto => req("tipoIdentificativoUnivoco", Enum),
        /// Codice fiscale, partita IVA, `ANONIMO`, or a foreign code.
        pub codice: Masked => req("codiceIdentificativoUnivoco", Text(2, 16)),
    }
}

xml_struct! {
    /// The ente creditore.
    pub struct EnteBeneficiario in ns::PAGAMENTI {
        pub identificativo: IdentificativoEnte => req("identificativoUnivocoBeneficiario", Nested),
        pub denominazione: String => req("denominazioneBeneficiario", Text(1, 70)),
        pub codice_unit_oper: Option<String> => opt("codiceUnitOperBeneficiario", Text(1, 35)),
        pub denom_unit_oper: Option<String> => opt("denomUnitOperBeneficiario", Text(1, 70)),
        pub indirizzo: Option<String> => opt("indirizzoBeneficiario", Text(1, 70)),
        pub civico: Option<String> => opt("civicoBeneficiario", Text(1, 16)),
        pub cap: Option<String> => opt("capBeneficiario", Text(1, 16)),
        pub localita: Option<String> => opt("localitaBeneficiario", Text(1, 35)),
        pub provincia: Option<String> => opt("provinciaBeneficiario", Text(1, 35)),
        pub nazione: Option<String> => opt("nazioneBeneficiario", shape::SIGLA),
    }
}

impl EnteBeneficiario {
    /// With the two mandatory data and nothing else.
    pub fn new(codice: impl Into<String>, denominazione: impl Into<String>) -> Self {
        Self {
            identificativo: IdentificativoEnte {
                tipo: TipoSoggetto::G,
                codice: codice.into(),
            },
            denominazione: denominazione.into(),
            codice_unit_oper: None,
            denom_unit_oper: None,
            indirizzo: None,
            civico: None,
            cap: None,
            localita: None,
            provincia: None,
            nazione: None,
        }
    }
}

xml_struct! {
    pub struct IdentificativoEnte in ns::PAGAMENTI {
        /// Always `G`.
        pub tipo: TipoSoggetto => req("tipoIdentificativoUnivoco", EnumOf(&[TipoSoggetto::G])),
        pub codice: String => req("codiceIdentificativoUnivoco", Text(2, 16)),
    }
}

xml_struct! {
    /// Who certifies the payment: the PSP, or the Node itself.
    pub struct IstitutoAttestante in ns::PAGAMENTI {
        pub identificativo: IdentificativoAttestante => req("identificativoUnivocoAttestante", Nested),
        pub denominazione: String => req("denominazioneAttestante", Text(1, 70)),
        pub codice_unit_oper: Option<String> => opt("codiceUnitOperAttestante", Text(1, 35)),
        pub denom_unit_oper: Option<String> => opt("denomUnitOperAttestante", Text(1, 70)),
        pub indirizzo: Option<String> => opt("indirizzoAttestante", Text(1, 70)),
        pub civico: Option<String> => opt("civicoAttestante", Text(1, 16)),
        pub cap: Option<String> => opt("capAttestante", Text(1, 16)),
        pub localita: Option<String> => opt("localitaAttestante", Text(1, 35)),
        pub provincia: Option<String> => opt("provinciaAttestante", Text(1, 35)),
        pub nazione: Option<String> => opt("nazioneAttestante", shape::SIGLA),
    }
}

impl IstitutoAttestante {
    /// With the two mandatory data and nothing else.
    pub fn new(
        tipo: TipoAttestante,
        codice: impl Into<String>,
        denominazione: impl Into<String>,
    ) -> Self {
        Self {
            identificativo: IdentificativoAttestante {
                tipo,
                codice: codice.into(),
            },
            denominazione: denominazione.into(),
            codice_unit_oper: None,
            denom_unit_oper: None,
            indirizzo: None,
            civico: None,
            cap: None,
            localita: None,
            provincia: None,
            nazione: None,
        }
    }
}

xml_struct! {
    pub struct IdentificativoAttestante in ns::PAGAMENTI {
        pub tipo: TipoAttestante => req("tipoIdentificativoUnivoco", Enum),
        pub codice: String => req("codiceIdentificativoUnivoco", Text(2, 16)),
    }
}

/// Kind of the code of an istituto attestante.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TipoAttestante {
    /// Codice fiscale or partita IVA.
    G,
    /// ABI.
    A,
    /// BIC.
    B,
}

impl Enumerated for TipoAttestante {
    const VALUES: &'static [(Self, &'static str)] =
        &[(Self::G, "G"), (Self::A, "A"), (Self::B, "B")];
}
