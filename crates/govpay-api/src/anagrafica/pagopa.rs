//! Brokers and stations: the connection with pagoPA.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ConnettorePagopa, ConnettoreRestPagopa, DominioElenco, ServizioFtp};

risorsa!(
    /// Body of `PUT /intermediari/{idIntermediario}`.
    NuovoIntermediario => Intermediario {
        chiave {
            /// 11 digits.
            id_intermediario: String,
            stazioni: Vec<StazioneElenco>,
        }
        obbligatori {
            #[schema(min_length = 1, max_length = 255)]
            denominazione: String,
            /// Who pagoPA must be, when it calls.
            #[schema(min_length = 1, max_length = 4000)]
            principal_pago_pa: String,
            servizio_pago_pa: ConnettorePagopa,
        }
        facoltativi {
            servizio_ftp: ServizioFtp,
            #[serde(rename = "servizioPagoPaRecuperoRT")]
            servizio_pago_pa_recupero_rt: ConnettoreRestPagopa,
            #[serde(rename = "servizioPagoPaACA")]
            servizio_pago_pa_aca: ConnettoreRestPagopa,
            #[serde(rename = "servizioPagoPaGPD")]
            servizio_pago_pa_gpd: ConnettoreRestPagopa,
            #[serde(rename = "servizioPagoPaFR")]
            servizio_pago_pa_fr: ConnettoreRestPagopa,
            #[serde(rename = "servizioPagoPaBackofficeEC")]
            servizio_pago_pa_backoffice_ec: ConnettoreRestPagopa,
            /// `true` when absent.
            abilitato: bool,
        }
    }
);

/// A row of the list of brokers.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IntermediarioElenco {
    pub id_intermediario: String,
    pub denominazione: String,
    pub abilitato: bool,
}

/// The primitives that a station speaks: legacy, or modello unico.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum VersioneStazione {
    V1,
    V2,
}

impl VersioneStazione {
    pub fn name(self) -> &'static str {
        match self {
            Self::V1 => "V1",
            Self::V2 => "V2",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        [Self::V1, Self::V2].into_iter().find(|v| v.name() == name)
    }
}

risorsa!(
    /// Body of `PUT /intermediari/{idIntermediario}/stazioni/{idStazione}`.
    NuovaStazione => Stazione {
        chiave {
            /// `<idIntermediario>_<two digits>`.
            id_stazione: String,
            domini: Vec<DominioElenco>,
        }
        obbligatori {
            abilitato: bool,
            versione: VersioneStazione,
        }
        facoltativi {
            /// What the body says of itself to the Node.
            #[schema(max_length = 35)]
            password: String,
        }
    }
);

/// A row of the list of stations; `domini` is the path of their bodies.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StazioneElenco {
    pub id_stazione: String,
    pub abilitato: bool,
    pub versione: VersioneStazione,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    pub domini: String,
}
