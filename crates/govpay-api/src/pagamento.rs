//! Payment sessions and attempts (RPT and RT).

use chrono::{DateTime, NaiveDate, Utc};
use domain::{CodDominio, Importo, NumeroAvviso, StatoPagamento, StatoRpt};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{Elenco, Pendenza, Soggetto};

/// Body of `POST /pagamenti`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct NuovoPagamento {
    /// 1 to 5.
    pub pendenze: Vec<PendenzaDaPagare>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_ritorno: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conto_addebito: Option<Conto>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_esecuzione_pagamento: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credenziali_pagatore: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub soggetto_versante: Option<Soggetto>,
    /// `CNS`, `USR`, `OTH` or `N/A`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autenticazione_soggetto: Option<String>,
    /// `IT`, `EN`, `FR`, `DE`, `SL`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lingua: Option<String>,
}

/// One of the pendenze of a payment: by avviso (`idDominio`, `numeroAvviso`) or by key (`idA2A`,
/// `idPendenza`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct PendenzaDaPagare {
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_dominio: Option<CodDominio>,
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numero_avviso: Option<NumeroAvviso>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_debitore: Option<String>,
    #[serde(rename = "idA2A", skip_serializing_if = "Option::is_none")]
    pub id_a2a: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_pendenza: Option<String>,
}

impl PendenzaDaPagare {
    pub fn avviso(id_dominio: CodDominio, numero_avviso: NumeroAvviso) -> Self {
        Self {
            id_dominio: Some(id_dominio),
            numero_avviso: Some(numero_avviso),
            ..Self::default()
        }
    }
}

/// Account to be charged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Conto {
    pub iban: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bic: Option<String>,
}

/// The PSP and the channel of a payment, or the keys of a choice made on WISP. Query of
/// `POST /pagamenti`; `keyPA` and `keyWISP` are our extension, the contract's fields win.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct CanaleScelto {
    #[serde(rename = "identificativoPSP", skip_serializing_if = "Option::is_none")]
    pub id_psp: Option<String>,
    #[serde(
        rename = "identificativoIntermediarioPSP",
        skip_serializing_if = "Option::is_none"
    )]
    pub id_intermediario_psp: Option<String>,
    #[serde(
        rename = "identificativoCanale",
        skip_serializing_if = "Option::is_none"
    )]
    pub id_canale: Option<String>,
    #[serde(rename = "tipoVersamento", skip_serializing_if = "Option::is_none")]
    pub tipo_versamento: Option<String>,
    #[serde(rename = "keyPA", skip_serializing_if = "Option::is_none")]
    pub key_pa: Option<String>,
    #[serde(rename = "keyWISP", skip_serializing_if = "Option::is_none")]
    pub key_wisp: Option<String>,
}

/// The choice made on WISP, as nodoChiediSceltaWISP tells it (our own API).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SceltaWisp {
    /// `SI`, `NO` or `PO` (pay later).
    pub effettuazione_scelta: String,
    #[serde(
        rename = "identificativoPSP",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub id_psp: Option<String>,
    #[serde(
        rename = "identificativoIntermediarioPSP",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub id_intermediario_psp: Option<String>,
    #[serde(
        rename = "identificativoCanale",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub id_canale: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tipo_versamento: Option<String>,
}

/// Answer of `POST /pagamenti`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PagamentoCreato {
    pub id: String,
    /// Path of the new session.
    pub location: String,
    /// Where the browser goes now.
    pub redirect: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_session: Option<String>,
}

/// A payment session. In a list `rpp` and `pendenze` are paths.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pagamento {
    pub id: String,
    #[serde(default)]
    pub nome: String,
    /// `IN_CORSO`, `ESEGUITO`, `NON_ESEGUITO`, `ESEGUITO_PARZIALE`, `ANNULLATO`, `FALLITO`.
    pub stato: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub descrizione_stato: Option<String>,
    #[schema(value_type = f64)]
    #[serde(with = "domain::importo::json_number")]
    pub importo: Importo,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_sessione_portale: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_sessione_psp: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub psp_redirect_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url_ritorno: Option<String>,
    /// A day in API Pagamento, a moment in the Backoffice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_richiesta_pagamento: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_esecuzione_pagamento: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conto_addebito: Option<Conto>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credenziali_pagatore: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soggetto_versante: Option<Soggetto>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autenticazione_soggetto: Option<String>,
    /// `Pagamento ad iniziativa Ente`, `Pagamento ad iniziativa PSP`, `Modello unico` (Backoffice).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modello: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verificato: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severita: Option<i32>,
    /// Our extension: 1 with the browser at the PSP, 2 with a deferred channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tipo: Option<u8>,
    /// Our extension: the chosen PSP and channel.
    #[serde(rename = "idPSP", default, skip_serializing_if = "Option::is_none")]
    pub id_psp: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_canale: Option<String>,
    #[schema(value_type = Vec<Rpp>, no_recursion)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rpp: Option<Elenco<Rpp>>,
    #[schema(value_type = Vec<Pendenza>, no_recursion)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pendenze: Option<Elenco<Pendenza>>,
}

impl Pagamento {
    /// `None` for a state that this version does not know.
    pub fn stato(&self) -> Option<StatoPagamento> {
        StatoPagamento::parse(&self.stato)
    }

    /// The attempts; none when only their path was told.
    pub fn rpp(&self) -> &[Rpp] {
        self.rpp.as_ref().map_or(&[], Elenco::righe)
    }
}

/// An attempt: RPT, RT and how it stands. From `idDominio` on, our extension: what the two documents
/// say, so that a client need not look into them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rpp {
    /// State of the RPT (`RPT_ACCETTATA_NODO`, `RT_ACCETTATA_PA`…).
    pub stato: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dettaglio_stato: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bloccante: Option<bool>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segnalazioni: Vec<Segnalazione>,
    /// The RPT as JSON.
    pub rpt: Value,
    /// The RT as JSON, once taken in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rt: Option<Value>,
    #[schema(value_type = Option<Object>, no_recursion)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pendenza: Option<Box<Pendenza>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modello: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_dominio: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iuv: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ccp: Option<String>,
    /// `ESEGUITO`, `NON_ESEGUITO`, `ESEGUITO_PARZIALE`, `DECORRENZA`, `DECORRENZA_PARZIALE`; absent
    /// without RT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub esito: Option<String>,
    #[schema(value_type = Option<f64>)]
    #[serde(
        default,
        with = "domain::importo::json_number::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub importo_pagato: Option<Importo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_pagamento: Option<DateTime<Utc>>,
    /// When the RPT was made, and when the RT was taken in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_rpt: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_rt: Option<DateTime<Utc>>,
    #[serde(rename = "idPSP", default, skip_serializing_if = "Option::is_none")]
    pub id_psp: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_canale: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominazione_attestante: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_pagamento: Option<String>,
}

impl Rpp {
    /// `None` for a state that this version does not know.
    pub fn stato(&self) -> Option<StatoRpt> {
        StatoRpt::parse(&self.stato)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Segnalazione {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    pub codice: String,
    pub descrizione: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dettaglio: Option<String>,
}
