//! Callers: the software of the bodies and the people, what they may do and where.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ConnettoreEnte, TipoPendenzaDettaglio};

/// What a right is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub enum Servizio {
    #[serde(rename = "Anagrafica PagoPA")]
    AnagraficaPagopa,
    #[serde(rename = "Anagrafica Creditore")]
    AnagraficaCreditore,
    #[serde(rename = "Anagrafica Applicazioni")]
    AnagraficaApplicazioni,
    #[serde(rename = "Anagrafica Ruoli")]
    AnagraficaRuoli,
    #[serde(rename = "Pagamenti")]
    Pagamenti,
    #[serde(rename = "Pendenze")]
    Pendenze,
    #[serde(rename = "Rendicontazioni e Incassi")]
    Rendicontazioni,
    #[serde(rename = "Giornale degli Eventi")]
    Giornale,
    #[serde(rename = "Configurazione e manutenzione")]
    Configurazione,
}

impl Servizio {
    /// In the order of the contract.
    pub const TUTTI: [Self; 9] = [
        Self::AnagraficaPagopa,
        Self::AnagraficaCreditore,
        Self::AnagraficaApplicazioni,
        Self::AnagraficaRuoli,
        Self::Pagamenti,
        Self::Pendenze,
        Self::Rendicontazioni,
        Self::Giornale,
        Self::Configurazione,
    ];

    /// As the contract spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::AnagraficaPagopa => "Anagrafica PagoPA",
            Self::AnagraficaCreditore => "Anagrafica Creditore",
            Self::AnagraficaApplicazioni => "Anagrafica Applicazioni",
            Self::AnagraficaRuoli => "Anagrafica Ruoli",
            Self::Pagamenti => "Pagamenti",
            Self::Pendenze => "Pendenze",
            Self::Rendicontazioni => "Rendicontazioni e Incassi",
            Self::Giornale => "Giornale degli Eventi",
            Self::Configurazione => "Configurazione e manutenzione",
        }
    }
}

/// Read or write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub enum Diritto {
    R,
    W,
}

/// What may be done with a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NuovaAcl {
    pub servizio: Servizio,
    pub autorizzazioni: Vec<Diritto>,
}

/// A body where the caller works, and there all offices or some.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DominioAutorizzato {
    /// 11 digits, or `*` for all.
    #[schema(pattern = "^([0-9]{11}|\\*)$")]
    pub id_dominio: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unita_operative: Option<Vec<String>>,
}

/// The same, or its idDominio alone.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum NomeOppureDominio {
    Nome(String),
    Dominio(DominioAutorizzato),
}

impl From<NomeOppureDominio> for DominioAutorizzato {
    fn from(value: NomeOppureDominio) -> Self {
        match value {
            NomeOppureDominio::Dominio(dominio) => dominio,
            NomeOppureDominio::Nome(id_dominio) => Self {
                id_dominio,
                unita_operative: None,
            },
        }
    }
}

/// An office, as profiles show it.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnitaProfilo {
    pub id_unita: String,
    pub ragione_sociale: String,
}

/// A body, as profiles show it.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DominioProfilo {
    pub id_dominio: String,
    pub ragione_sociale: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unita_operative: Option<Vec<UnitaProfilo>>,
}

gruppo!(
    /// Which numbers are an applicazione's.
    CodificaAvvisi {
        obbligatori {}
        facoltativi {
            /// `%(a)` of the prefix of numbers.
            #[schema(pattern = "^[0-9]{0,3}$")]
            codifica_iuv: String,
            /// The IUVs that the applicazione may own.
            #[schema(max_length = 1024)]
            reg_exp_iuv: String,
            /// Whether the applicazione makes its own numbers.
            generazione_iuv_interna: bool,
        }
    }
);

/// Body of `PUT /applicazioni/{idA2A}`: software of a body.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NuovaApplicazione {
    /// Unique among all callers.
    #[schema(min_length = 1, max_length = 4000)]
    pub principal: String,
    /// At least 8 characters with a lower-case letter, an upper-case letter and a digit, no blanks. The
    /// one in force stays when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?!.*\\s).{8,}$")]
    pub password: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codifica_avvisi: Option<CodificaAvvisi>,
    /// None when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domini: Option<Vec<NomeOppureDominio>>,
    /// Names, or `*` for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tipi_pendenza: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_pagamenti: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_pendenze: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_ragioneria: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acl: Option<Vec<NuovaAcl>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ruoli: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub servizio_integrazione: Option<ConnettoreEnte>,
    /// `true` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abilitato: Option<bool>,
}

/// An applicazione as it is read.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApplicazioneDettaglio {
    #[serde(rename = "idA2A")]
    pub id_a2a: String,
    pub principal: String,
    /// Whether it has one.
    pub password: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codifica_avvisi: Option<CodificaAvvisi>,
    pub domini: Vec<DominioProfilo>,
    pub tipi_pendenza: Vec<TipoPendenzaDettaglio>,
    pub api_pagamenti: bool,
    pub api_pendenze: bool,
    pub api_ragioneria: bool,
    pub acl: Vec<NuovaAcl>,
    pub ruoli: Vec<Ruolo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub servizio_integrazione: Option<ConnettoreEnte>,
    pub abilitato: bool,
}

/// Body of `PUT /operatori/{principal}`: a person.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NuovoOperatore {
    /// The name; the principal when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 35)]
    pub ragione_sociale: Option<String>,
    /// As that of an applicazione.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?!.*\\s).{8,}$")]
    pub password: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domini: Option<Vec<NomeOppureDominio>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tipi_pendenza: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acl: Option<Vec<NuovaAcl>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ruoli: Option<Vec<String>>,
    /// `true` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abilitato: Option<bool>,
}

/// A person as it is read.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OperatoreDettaglio {
    pub principal: String,
    pub password: bool,
    pub ragione_sociale: String,
    pub domini: Vec<DominioProfilo>,
    pub tipi_pendenza: Vec<TipoPendenzaDettaglio>,
    pub acl: Vec<NuovaAcl>,
    pub ruoli: Vec<Ruolo>,
    pub abilitato: bool,
}

/// A row of the list of people.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OperatoreElenco {
    pub principal: String,
    pub ragione_sociale: String,
    pub abilitato: bool,
}

risorsa!(
    /// Body of `PUT /ruoli/{idRuolo}`: rights under a name.
    NuovoRuolo => Ruolo {
        chiave {
            id: String,
        }
        obbligatori {
            acl: Vec<NuovaAcl>,
        }
        facoltativi {}
    }
);
