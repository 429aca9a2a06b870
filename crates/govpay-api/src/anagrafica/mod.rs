//! Bodies, kinds of debt, callers and what they may do.
//!
//! Beside what all APIs tell of a body, the resources that the Backoffice writes and reads: each is
//! declared once, as what a PUT carries and as what a GET answers. Lengths and forms are those of
//! GovPay's contract and of its archive; `crate::schema` holds a body to them.

/// A resource: what a PUT carries (unknown properties refused), and what a GET answers: its key and
/// the same. None prints: some hold credentials.
macro_rules! risorsa {
    ($(#[$meta:meta])* $post:ident => $letta:ident {
        chiave { $($(#[$km:meta])* $k:ident: $kt:ty,)* }
        obbligatori { $($(#[$rm:meta])* $r:ident: $rt:ty,)* }
        facoltativi { $($(#[$om:meta])* $o:ident: $ot:ty,)* }
    }) => {
        $(#[$meta])*
        #[derive(Clone, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $post {
            $($(#[$rm])* pub $r: $rt,)*
            $($(#[$om])* #[serde(skip_serializing_if = "Option::is_none")] pub $o: Option<$ot>,)*
        }
        #[doc = concat!("[`", stringify!($post), "`] as it is read, with its key.")]
        #[derive(Clone, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "camelCase")]
        pub struct $letta {
            $($(#[$km])* pub $k: $kt,)*
            $($(#[$rm])* pub $r: $rt,)*
            $($(#[$om])* #[serde(skip_serializing_if = "Option::is_none")] pub $o: Option<$ot>,)*
        }
    };
}

/// A group of fields inside a resource.
macro_rules! gruppo {
    ($(#[$meta:meta])* $name:ident {
        obbligatori { $($(#[$rm:meta])* $r:ident: $rt:ty,)* }
        facoltativi { $($(#[$om:meta])* $o:ident: $ot:ty,)* }
    }) => {
        $(#[$meta])*
        #[derive(Clone, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name {
            $($(#[$rm])* pub $r: $rt,)*
            $($(#[$om])* #[serde(skip_serializing_if = "Option::is_none")] pub $o: Option<$ot>,)*
        }
    };
}

mod configurazione;
mod connettori;
mod creditore;
mod pagopa;
mod tipi_pendenza;
mod utenze;

pub use configurazione::*;
pub use connettori::*;
pub use creditore::*;
pub use pagopa::*;
pub use tipi_pendenza::*;
pub use utenze::*;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A body. Beyond the first two fields, only what the API in question tells.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Dominio {
    /// 11 digits.
    pub id_dominio: String,
    pub ragione_sociale: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indirizzo: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub civico: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub localita: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provincia: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pec: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tel: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gln: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cbill: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stazione: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aux_digit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segregation_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iuv_prefix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abilitato: Option<bool>,
    /// Whether the flows of rendicontazione are fetched for this body (Backoffice).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scarica_fr: Option<bool>,
    /// Paths of what belongs to the body (Backoffice).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unita_operative: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conti_accredito: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entrate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tipi_pendenza: Option<String>,
}

/// A kind of debt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TipoPendenza {
    pub id_tipo_pendenza: String,
    pub descrizione: String,
    /// `dovuto` or `spontaneo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tipo: Option<String>,
}

/// A right of the caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Acl {
    /// `Pendenze`, `Pagamenti`, `Giornale degli Eventi`…
    pub servizio: String,
    /// `Lettura`, `Scrittura`; `R`, `W` in the Backoffice.
    pub autorizzazioni: Vec<String>,
}

/// Who the caller is and what it may do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Profilo {
    pub nome: String,
    pub domini: Vec<Dominio>,
    pub tipi_pendenza: Vec<TipoPendenza>,
    pub acl: Vec<Acl>,
}

/// `infoGovPay` of the Backoffice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Info {
    pub app_name: String,
    pub versione: String,
    pub build: String,
    pub ambiente: String,
}

/// `applicazioneIndex` of the Backoffice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Applicazione {
    #[serde(rename = "idA2A")]
    pub id_a2a: String,
    pub principal: String,
    pub abilitato: bool,
}
