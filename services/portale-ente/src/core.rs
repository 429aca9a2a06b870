//! The portal as a client of a payment core: API Pagamento v2, read as any portal reads it, so that
//! another core can take the place of ours. Only what the pages need is read.

use std::time::Duration;

use chrono::NaiveDate;
use domain::pendenza::StatoPendenzaShown;
use domain::{EsitoPagamento, Importo, StatoPagamento, StatoRpt};
use platform::http::{self, MAX_BODY_BYTES, read_limited, traced};
use reqwest::header::ACCEPT;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tenant::Tenant;

const API: &str = "/govpay/frontend/api/pagamento/rs/basic/v2";
/// Reads answer from the core's own store.
const READ: Duration = Duration::from_secs(8);
/// Opening a payment waits for the Node, which may take 30 s.
const OPEN: Duration = Duration::from_secs(40);
/// The list of examples must never slow the home page down.
const EXAMPLES: Duration = Duration::from_millis(1500);

#[derive(Debug, thiserror::Error)]
pub enum CoreError {
    /// The tenant gives the portal no applicazione.
    #[error("il portale non ha credenziali per il core")]
    NotConfigured,
    /// The core answered no, in its own words.
    #[error("{status} {codice}: {descrizione}")]
    Fault {
        status: u16,
        codice: String,
        descrizione: String,
        dettaglio: Option<String>,
    },
    /// No connection: the core did not get the request.
    #[error("il core non è raggiungibile: {0}")]
    Unreachable(String),
    /// The request left and no readable answer came back: what it asked may have happened.
    #[error("il core non ha dato una risposta leggibile: {0}")]
    Broken(String),
}

pub type CoreResult<T> = Result<T, CoreError>;

impl CoreError {
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Fault { status: 404, .. })
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DominioRef {
    pub id_dominio: String,
    pub ragione_sociale: String,
}

/// `Pendenza` of the contract, without its debtor's name: a page that anybody opens must not show it.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pendenza {
    pub dominio: DominioRef,
    pub causale: String,
    #[serde(with = "domain::importo::json_number")]
    pub importo: Importo,
    pub numero_avviso: Option<String>,
    stato: String,
    pub data_scadenza: Option<NaiveDate>,
    pub data_pagamento: Option<NaiveDate>,
    pub soggetto_pagatore: Option<Soggetto>,
    #[serde(default)]
    pub voci: Vec<Voce>,
    #[serde(default)]
    rpp: Value,
}

#[derive(Clone, Deserialize)]
pub struct Soggetto {
    pub identificativo: Option<String>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Voce {
    pub descrizione: String,
    #[serde(with = "domain::importo::json_number")]
    pub importo: Importo,
    /// Present on a marca da bollo.
    pub tipo_bollo: Option<Value>,
}

impl Pendenza {
    /// A state that this version does not know is not payable.
    pub fn stato(&self) -> StatoPendenzaShown {
        StatoPendenzaShown::parse(&self.stato).unwrap_or(StatoPendenzaShown::Anomala)
    }

    /// The attempts, as far as the core tells them; their order is the core's.
    pub fn rpp(&self) -> Vec<Rpp> {
        self.rpp
            .as_array()
            .map_or(vec![], |list| list.iter().filter_map(Rpp::read).collect())
    }
}

/// One attempt with its receipt.
#[derive(Clone, Debug)]
pub struct Rpp {
    pub iuv: String,
    pub ccp: String,
    pub stato: Option<StatoRpt>,
    /// Outcome of the receipt, once there is one.
    pub esito: Option<EsitoPagamento>,
    pub importo_pagato: Option<Importo>,
}

impl Rpp {
    /// Reads an element of `rpp`. Identifiers and outcome are looked for beside the documents first
    /// and then inside them, where the contract has them.
    fn read(value: &Value) -> Option<Self> {
        let text = |paths: &[&str]| {
            paths.iter().find_map(|path| match value.pointer(path)? {
                Value::String(text) if !text.is_empty() => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            })
        };
        let iuv = text(&[
            "/iuv",
            "/rpt/datiVersamento/identificativoUnivocoVersamento",
            "/rt/datiPagamento/identificativoUnivocoVersamento",
        ])?;
        let ccp = text(&[
            "/ccp",
            "/rpt/datiVersamento/codiceContestoPagamento",
            "/rt/datiPagamento/codiceContestoPagamento",
            "/rt/datiPagamento/CodiceContestoPagamento",
        ])?;
        let code = text(&["/rt/datiPagamento/codiceEsitoPagamento"]);
        let esito = text(&["/esito"]).and_then(|name| EsitoPagamento::parse(&name));
        let esito = esito.or_else(|| EsitoPagamento::from_codice(code?.parse().ok()?));
        let importo = text(&["/importoPagato", "/rt/datiPagamento/importoTotalePagato"]);
        Some(Self {
            iuv,
            ccp,
            stato: text(&["/stato"]).and_then(|name| StatoRpt::parse(&name)),
            esito,
            importo_pagato: importo.and_then(|text| Importo::parse(&text).ok()),
        })
    }

    /// Whether a receipt is still expected.
    pub fn is_pending(&self) -> bool {
        self.esito.is_none() && self.stato.is_some_and(StatoRpt::is_pending)
    }
}

/// `Pagamento` of the contract.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pagamento {
    pub id: String,
    stato: String,
    pub psp_redirect_url: Option<String>,
    #[serde(default)]
    rpp: Value,
}

impl Pagamento {
    pub fn stato(&self) -> StatoPagamento {
        StatoPagamento::parse(&self.stato).unwrap_or(StatoPagamento::InCorso)
    }

    pub fn rpp(&self) -> Vec<Rpp> {
        self.rpp
            .as_array()
            .map_or(vec![], |list| list.iter().filter_map(Rpp::read).collect())
    }
}

#[derive(Clone, Deserialize)]
pub struct PagamentoCreato {
    pub id: String,
    pub redirect: String,
}

/// The choice made on WISP, as the Node tells it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scelta {
    /// SI, NO, or PO (the citizen wants the printed avviso).
    pub effettuazione_scelta: String,
    #[serde(rename = "identificativoPSP")]
    pub id_psp: Option<String>,
    #[serde(rename = "identificativoCanale")]
    pub id_canale: Option<String>,
}

#[derive(Deserialize)]
struct Lista<T> {
    #[serde(default = "Vec::new")]
    risultati: Vec<T>,
}

#[derive(Deserialize)]
struct Fault {
    #[serde(default)]
    codice: String,
    #[serde(default, alias = "detail")]
    descrizione: String,
    dettaglio: Option<String>,
}

/// Kind of document of an avviso or of a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formato {
    Pdf,
    Xml,
}

impl Formato {
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Xml => "application/xml",
        }
    }
}

#[derive(Clone)]
pub struct Core {
    http: reqwest::Client,
    base: String,
    credentials: Option<(String, String)>,
}

impl Core {
    pub fn new(base: String, tenant: &Tenant) -> anyhow::Result<Self> {
        let id = tenant.portale.as_ref().map(|p| p.applicazione.as_str());
        let applicazione = tenant
            .applicazioni
            .iter()
            .find(|a| Some(a.id_a2a.as_str()) == id);
        Ok(Self {
            http: http::client(OPEN)?,
            base,
            credentials: applicazione
                .map(|a| (a.principal.clone(), a.password.reveal().to_owned())),
        })
    }

    fn request(
        &self,
        method: reqwest::Method,
        path: &[&str],
    ) -> CoreResult<reqwest::RequestBuilder> {
        let (user, password) = self.credentials.as_ref().ok_or(CoreError::NotConfigured)?;
        let mut url =
            url::Url::parse(&self.base).map_err(|e| CoreError::Unreachable(e.to_string()))?;
        // Each piece is escaped: a CCP may hold a slash.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty();
            for piece in path {
                if piece.starts_with('/') {
                    segments.extend(piece.split('/').skip(1));
                } else {
                    segments.push(piece);
                }
            }
        }
        let request = self
            .http
            .request(method, url)
            .basic_auth(user, Some(password));
        Ok(traced(request))
    }

    fn get(&self, path: &[&str], timeout: Duration) -> CoreResult<reqwest::RequestBuilder> {
        let request = self.request(reqwest::Method::GET, path)?.timeout(timeout);
        Ok(request)
    }

    pub async fn pendenza(&self, id_dominio: &str, numero_avviso: &str) -> CoreResult<Pendenza> {
        let path = [API, "pendenze", "byAvviso", id_dominio, numero_avviso];
        json(self.get(&path, READ)?).await
    }

    /// Payable pendenze to try the demo with; whatever goes wrong, none.
    pub async fn esempi(&self, limit: usize) -> Vec<Pendenza> {
        let query = [("stato", "NON_ESEGUITA"), ("risultatiPerPagina", "5")];
        let Ok(request) = self.get(&[API, "pendenze"], EXAMPLES) else {
            return vec![];
        };
        match json::<Lista<Pendenza>>(request.query(&query)).await {
            Ok(list) => list
                .risultati
                .into_iter()
                .filter(|p| p.numero_avviso.is_some())
                .take(limit)
                .collect(),
            Err(error) => {
                tracing::debug!(%error, "the core does not list pendenze for the portal");
                vec![]
            }
        }
    }

    pub async fn avviso_pdf(&self, id_dominio: &str, numero_avviso: &str) -> CoreResult<Vec<u8>> {
        let request = self.get(&[API, "avvisi", id_dominio, numero_avviso], READ)?;
        document(request, Formato::Pdf).await
    }

    pub async fn rt(
        &self,
        id_dominio: &str,
        iuv: &str,
        ccp: &str,
        formato: Formato,
    ) -> CoreResult<Vec<u8>> {
        let request = self.get(&[API, "rpp", id_dominio, iuv, ccp, "rt"], READ)?;
        document(request, formato).await
    }

    pub async fn scelta(
        &self,
        id_dominio: &str,
        key_pa: &str,
        key_wisp: &str,
    ) -> CoreResult<Scelta> {
        let path = [
            "/api/v1/domini",
            id_dominio,
            "scelte-wisp",
            key_pa,
            key_wisp,
        ];
        json(self.get(&path, OPEN)?).await
    }

    /// Opens a payment. `id_sessione` makes a repeated request harmless for a core that honours it.
    pub async fn crea_pagamento(&self, nuovo: &NuovoPagamento<'_>) -> CoreResult<PagamentoCreato> {
        let query = [
            ("idSessionePortale", nuovo.id_sessione),
            ("keyPA", nuovo.key_pa),
            ("keyWISP", nuovo.key_wisp),
        ];
        let body = serde_json::json!({
            "urlRitorno": nuovo.url_ritorno,
            "pendenze": [{ "idDominio": nuovo.id_dominio, "numeroAvviso": nuovo.numero_avviso }],
        });
        let request = self.request(reqwest::Method::POST, &[API, "pagamenti"])?;
        json(request.query(&query).json(&body)).await
    }

    pub async fn pagamento(&self, id: &str) -> CoreResult<Pagamento> {
        json(self.get(&[API, "pagamenti", id], READ)?).await
    }

    /// The payment that a session opened, if it did: the question after an answer that got lost.
    pub async fn pagamento_di(&self, id_sessione: &str) -> CoreResult<Option<Pagamento>> {
        let request = self.get(&[API, "pagamenti"], READ)?;
        let query = [("idSessionePortale", id_sessione)];
        let list: Lista<Pagamento> = json(request.query(&query)).await?;
        Ok(list.risultati.into_iter().next())
    }
}

/// What `POST /pagamenti` carries.
pub struct NuovoPagamento<'a> {
    pub id_sessione: &'a str,
    pub id_dominio: &'a str,
    pub numero_avviso: &'a str,
    pub key_pa: &'a str,
    pub key_wisp: &'a str,
    pub url_ritorno: &'a str,
}

async fn json<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> CoreResult<T> {
    let body = answer(request.header(ACCEPT, "application/json"), None).await?;
    // The message of the parser names fields and positions, never values of text.
    serde_json::from_slice(&body)
        .map_err(|error| CoreError::Broken(format!("JSON non valido: {error}")))
}

async fn document(request: reqwest::RequestBuilder, formato: Formato) -> CoreResult<Vec<u8>> {
    let media_type = formato.media_type();
    answer(request.header(ACCEPT, media_type), Some(media_type)).await
}

/// The body of a 2xx answer; a fault of the contract otherwise; anything else is unreadable (an
/// HTML page of a proxy is not the core's word).
async fn answer(request: reqwest::RequestBuilder, media_type: Option<&str>) -> CoreResult<Vec<u8>> {
    let response = request.send().await.map_err(|error| {
        if error.is_connect() {
            CoreError::Unreachable(error.without_url().to_string())
        } else {
            CoreError::Broken(error.without_url().to_string())
        }
    })?;
    let status = response.status();
    let kind = response.headers().get(reqwest::header::CONTENT_TYPE);
    let kind = kind
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let body = read_limited(response, MAX_BODY_BYTES).await;
    let body = body.map_err(|error| CoreError::Broken(error.to_string()))?;
    if status.is_success() {
        return match media_type {
            Some(wanted) if !kind.starts_with(wanted) => Err(CoreError::Broken(format!(
                "atteso {wanted}, ricevuto «{kind}»"
            ))),
            _ => Ok(body),
        };
    }
    match serde_json::from_slice::<Fault>(&body) {
        Ok(fault) if kind.contains("json") => Err(CoreError::Fault {
            status: status.as_u16(),
            codice: fault.codice,
            descrizione: fault.descrizione,
            dettaglio: fault.dettaglio,
        }),
        _ => Err(CoreError::Broken(format!(
            "HTTP {status}, «{kind}», {} byte",
            body.len()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_attempt_is_read_from_its_fields_or_from_its_documents() {
        let ours = Rpp::read(
            &json!({"iuv": "01", "ccp": "n/a", "stato": "RT_ACCETTATA_PA", "esito": "ESEGUITO"}),
        );
        let ours = ours.unwrap();
        assert_eq!(
            (ours.ccp.as_str(), ours.esito),
            ("n/a", Some(EsitoPagamento::Eseguito))
        );
        let contract = Rpp::read(&json!({
            "stato": "RT_ACCETTATA_PA",
            "rpt": {"datiVersamento": {"identificativoUnivocoVersamento": "01", "codiceContestoPagamento": "c"}},
            "rt": {"datiPagamento": {"codiceEsitoPagamento": "2", "importoTotalePagato": "30.00"}}
        }))
        .unwrap();
        assert_eq!(contract.esito, Some(EsitoPagamento::EseguitoParziale));
        assert_eq!(contract.importo_pagato, Importo::parse("30.00").ok());
        assert!(!contract.is_pending());
        let waiting =
            json!({"iuv": "01", "ccp": "c", "stato": "RPT_ACCETTATA_NODO", "esito": "IN_CORSO"});
        assert!(Rpp::read(&waiting).unwrap().is_pending());
        assert!(Rpp::read(&json!({"stato": "RPT_ACCETTATA_NODO"})).is_none());
    }

    #[test]
    fn a_ccp_with_a_slash_stays_one_piece_of_the_address() {
        let core = Core::new("http://127.0.0.1:1".into(), &Tenant::load(None).unwrap()).unwrap();
        let request = core
            .get(&[API, "rpp", "12345678903", "01", "n/a", "rt"], READ)
            .unwrap();
        let path = request.build().unwrap().url().path().to_owned();
        assert_eq!(path, format!("{API}/rpp/12345678903/01/n%2Fa/rt"));
    }

    #[test]
    fn a_tenant_without_a_portal_gives_no_credentials() {
        let core = Core::new("http://127.0.0.1:1".into(), &Tenant::default()).unwrap();
        assert!(matches!(
            core.get(&[API], READ),
            Err(CoreError::NotConfigured)
        ));
    }
}
