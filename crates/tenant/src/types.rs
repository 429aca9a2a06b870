//! The shape of the tenant file.

use std::fmt;

use domain::{CodDominio, Importo};
use serde::Deserialize;
use url::Url;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    #[serde(default)]
    pub intermediari: Vec<Intermediario>,
    #[serde(default)]
    pub stazioni: Vec<Stazione>,
    #[serde(default)]
    pub domini: Vec<Dominio>,
    #[serde(default)]
    pub applicazioni: Vec<Applicazione>,
    #[serde(default)]
    pub operatori: Vec<Operatore>,
    #[serde(default)]
    pub psp: Vec<Psp>,
    #[serde(default)]
    pub portale: Option<Portale>,
}

/// A password or key. Does not print.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(•••)")
    }
}

/// Broker of one or more bodies towards pagoPA.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intermediario {
    /// 11 digits.
    pub id: String,
    pub denominazione: String,
    /// Where the core sends its SOAP calls; our Node when absent.
    pub url_nodo: Option<Url>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum VersioneStazione {
    /// Old primitives: paaVerificaRPT, paaAttivaRPT, RPT and RT.
    V1,
    /// Modello unico: paVerifyPaymentNotice, paGetPaymentV2, paSendRTV2.
    V2,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stazione {
    /// `<intermediario>_<two digits>`; the digits are the application code.
    pub id: String,
    pub versione: VersioneStazione,
    /// 8 to 15 characters, sent by the body with its calls to the Node.
    pub password: Secret,
    /// Where the Node calls the body (paForNode, PaPerNodo); our core when absent.
    pub url_pa: Option<Url>,
    /// Where the browser goes back after the PSP; our core when absent.
    pub url_redirect: Option<Url>,
}

impl Stazione {
    pub fn intermediario(&self) -> &str {
        self.id.split('_').next().unwrap_or_default()
    }

    pub fn application_code(&self) -> Option<u8> {
        self.id
            .split_once('_')
            .and_then(|(_, code)| code.parse().ok())
    }
}

/// An ente creditore.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dominio {
    pub id: CodDominio,
    pub ragione_sociale: String,
    /// 13 digits; without it there is no bar code.
    pub gln: Option<String>,
    pub aux_digit: u8,
    /// With aux digit 3.
    pub segregation_code: Option<u8>,
    /// Digits in front of the progressive of generated IUVs.
    #[serde(default)]
    pub iuv_prefix: String,
    pub stazione: String,
    pub cbill: Option<String>,
    pub indirizzo: Option<String>,
    pub civico: Option<String>,
    pub cap: Option<String>,
    pub localita: Option<String>,
    pub provincia: Option<String>,
    pub web: Option<String>,
    pub pec: Option<String>,
    pub tel: Option<String>,
    #[serde(default)]
    pub conti: Vec<Conto>,
    #[serde(default)]
    pub entrate: Vec<Entrata>,
    #[serde(default)]
    pub tipi_pendenza: Vec<TipoPendenza>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conto {
    pub iban: String,
    #[serde(default)]
    pub postale: bool,
    pub descrizione: Option<String>,
}

/// Accounting classification, bound to an account of the body.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entrata {
    pub id: String,
    pub descrizione: String,
    /// `CAPITOLO`, `SPECIALE`, `SIOPE` or `ALTRO`.
    pub tipo_contabilita: String,
    pub codice_contabilita: String,
    pub iban_accredito: String,
    pub iban_appoggio: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TipoPendenza {
    pub id: String,
    pub descrizione: String,
}

/// Software of a body: owner of pendenze, or portal.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applicazione {
    pub id_a2a: String,
    pub principal: String,
    pub password: Secret,
    /// Bodies it may act on; `*` for all.
    pub domini: Vec<String>,
    #[serde(default)]
    pub api_pendenze: bool,
    #[serde(default)]
    pub api_pagamenti: bool,
    #[serde(default)]
    pub api_ragioneria: bool,
}

/// A person who uses the Loader and the console.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operatore {
    pub principal: String,
    pub nome: String,
    pub password: Secret,
    /// Bodies that the person sees; `*` for all.
    pub domini: Vec<String>,
    #[serde(default)]
    pub amministratore: bool,
}

/// How a channel is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelloCanale {
    /// Modello 1: the browser goes to the pages of the PSP.
    Immediato,
    /// Modello 2: the PSP collects later, without the browser.
    Differito,
    /// Modello 3: the citizen goes to the PSP with the avviso.
    AttivatoPressoPsp,
}

/// Group under which WISP shows a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metodo {
    Carta,
    Conto,
    Altro,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Canale {
    /// `<broker>_<two digits>`.
    pub id: String,
    pub modello: ModelloCanale,
    pub metodo: Metodo,
    /// `tipoVersamento` of the RPT: BBT, BP, AD, CP, PO, OBEP…
    pub tipo_versamento: String,
    /// 8 to 15 characters, sent by the PSP with its calls to the Node.
    pub password: Secret,
    /// Commission shown to the citizen.
    pub commissione: Importo,
    pub descrizione: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Psp {
    pub id: String,
    pub denominazione: String,
    /// Broker of the PSP, 11 digits.
    pub intermediario: String,
    pub codice_abi: String,
    pub canali: Vec<Canale>,
}

/// The citizen portal: which applicazione it is for the core.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Portale {
    /// `id_a2a` of the applicazione whose credentials the portal uses.
    pub applicazione: String,
    /// Name over its pages.
    pub titolo: String,
}
