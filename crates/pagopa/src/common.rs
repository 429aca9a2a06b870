//! What messages of several groups share.

use std::fmt;

use crate::codes::{FaultNodo, FaultPa};
use crate::xml::{ANY_TEXT, Enumerated, Int, ns, printable, xml_struct};

/// Personal data or a password as it stands on the wire: any text, never shown by `Debug`.
///
/// The wire is more tolerant than our own types (a codice fiscale may be `ANONIMO` or foreign, an
/// e-mail may lack a dot), and a receipt must not be lost for that; so this is not a
/// [`domain::CodiceFiscale`] or [`domain::Email`]. Convert with their `parse`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Masked(String);

impl Masked {
    /// The value itself. Not for logs.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

impl std::ops::Deref for Masked {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for Masked {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

/// `OK` or `KO`: `esito` of the legacy messages, `outcome` of the new ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Esito {
    Ok,
    #[default]
    Ko,
}

impl Enumerated for Esito {
    const VALUES: &'static [(Self, &'static str)] = &[(Self::Ok, "OK"), (Self::Ko, "KO")];
}

/// `tipoVersamento` of an RPT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TipoVersamento {
    /// Bonifico bancario di tesoreria.
    Bbt,
    /// Bollettino postale.
    Bp,
    /// Addebito diretto.
    Ad,
    /// Carta di pagamento.
    Cp,
    /// Attivato presso il PSP.
    Po,
    /// MyBank.
    Obep,
    /// Altro.
    Oth,
    /// Bancomat Pay.
    Jif,
    /// MyBank, lato venditore.
    Mybk,
    /// PayPal.
    Ppal,
}

impl Enumerated for TipoVersamento {
    const VALUES: &'static [(Self, &'static str)] = &[
        (Self::Bbt, "BBT"),
        (Self::Bp, "BP"),
        (Self::Ad, "AD"),
        (Self::Cp, "CP"),
        (Self::Po, "PO"),
        (Self::Obep, "OBEP"),
        (Self::Oth, "OTH"),
        (Self::Jif, "JIF"),
        (Self::Mybk, "MYBK"),
        (Self::Ppal, "PPAL"),
    ];
}

impl TipoVersamento {
    /// The kinds that nodoChiediSceltaWISP can answer.
    pub const WISP: [Self; 6] = [
        Self::Bbt,
        Self::Bp,
        Self::Ad,
        Self::Cp,
        Self::Po,
        Self::Obep,
    ];
    /// The kinds of `paymentMethod` in activatePaymentNoticeV2: all but `OTH`.
    pub const ACTIVATE: [Self; 9] = [
        Self::Bbt,
        Self::Bp,
        Self::Ad,
        Self::Cp,
        Self::Po,
        Self::Obep,
        Self::Jif,
        Self::Mybk,
        Self::Ppal,
    ];

    pub fn as_str(self) -> &'static str {
        Enumerated::as_str(self)
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::VALUES
            .iter()
            .find(|(_, name)| *name == text)
            .map(|(value, _)| *value)
    }
}

impl Enumerated for domain::TipoSoggetto {
    const VALUES: &'static [(Self, &'static str)] = &[(Self::F, "F"), (Self::G, "G")];
}

impl Enumerated for domain::EsitoPagamento {
    const VALUES: &'static [(Self, &'static str)] = &[
        (Self::Eseguito, "0"),
        (Self::NonEseguito, "1"),
        (Self::EseguitoParziale, "2"),
        (Self::Decorrenza, "3"),
        (Self::DecorrenzaParziale, "4"),
    ];
}

xml_struct! {
    /// A fault of the protocol. All texts are free in the schemas.
    pub struct FaultBean in ns::NONE {
        /// `PAA_…`, `PPT_…` or `CANALE_…`.
        pub fault_code: String => req("faultCode", ANY_TEXT),
        pub fault_string: String => req("faultString", ANY_TEXT),
        /// Who raised it: `NodoDeiPagamentiSPC`, the codice fiscale of the ente, the id of the PSP.
        pub id: String => req("id", ANY_TEXT),
        pub description: Option<String> => opt("description", ANY_TEXT),
        /// Index from 1 of the offending RPT of a cart.
        pub serial: Option<i64> => opt("serial", Int(i32::MIN as i64, i32::MAX as i64)),
        /// What the counterpart of the Node answered, when the Node relays it.
        pub original_fault_code: Option<String> => opt("originalFaultCode", ANY_TEXT),
        pub original_fault_string: Option<String> => opt("originalFaultString", ANY_TEXT),
        pub original_description: Option<String> => opt("originalDescription", ANY_TEXT),
    }
}

impl FaultBean {
    /// `id` of the faults that the Node raises by itself.
    pub const NODO: &'static str = "NodoDeiPagamentiSPC";

    /// A fault of the ente `id_dominio`. The description says what, where and what to do.
    pub fn paa(code: FaultPa, id_dominio: &str, description: impl AsRef<str>) -> Self {
        Self::new(
            code.code(),
            code.fault_string(),
            id_dominio,
            description.as_ref(),
        )
    }

    /// A fault of the Node.
    pub fn ppt(code: FaultNodo, description: impl AsRef<str>) -> Self {
        Self::new(
            code.code(),
            code.fault_string(),
            Self::NODO,
            description.as_ref(),
        )
    }

    /// The fault with which the Node relays one of the ente to the PSP.
    pub fn emesso_da_paa(original: &Self) -> Self {
        let code = FaultNodo::ErroreEmessoDaPaa;
        let description = original
            .description
            .as_deref()
            .unwrap_or(&original.fault_string);
        Self {
            original_fault_code: Some(original.fault_code.clone()),
            original_fault_string: Some(original.fault_string.clone()),
            original_description: original.description.clone(),
            ..Self::new(code.code(), code.fault_string(), &original.id, description)
        }
    }

    /// Characters that XML cannot carry become U+FFFD: a fault must always be sendable.
    fn new(code: &str, string: &str, id: &str, description: &str) -> Self {
        let description = printable(description);
        Self {
            fault_code: code.to_owned(),
            fault_string: string.to_owned(),
            id: printable(id),
            description: Some(description).filter(|d| !d.is_empty()),
            serial: None,
            original_fault_code: None,
            original_fault_string: None,
            original_description: None,
        }
    }
}

/// `ko(fault)` for responses: the fault, outcome KO (the default) where there is one, no data.
macro_rules! refusal {
    ($($response:ident),* $(,)?) => { $(
        impl $response {
            /// The refusal with this fault and no data.
            pub fn ko(fault: $crate::FaultBean) -> Self {
                Self { fault: Some(fault), ..Self::default() }
            }
        }
    )* };
}
pub(crate) use refusal;
