//! A client of a payment core: ours, or a GovPay.

use std::time::Duration;

use reqwest::{Method, RequestBuilder, StatusCode, header};
use serde::de::DeserializeOwned;
use url::Url;

use crate::blocco::{Blocco, EsitiBlocco};
use crate::client_error::{ClientError, ClientResult};
use crate::{
    Avviso, CanaleScelto, Dominio, Evento, FiltroEventi, FiltroPagamenti, FiltroPendenze,
    FiltroRpp, Lista, NuovaPendenza, NuovoPagamento, Pagamento, PagamentoCreato, PatchOp, Pendenza,
    PendenzaCreata, Profilo, Rpp, SceltaWisp,
};

/// Longest answer that is read: a page of 5000 pendenze fits.
const MAX_BODY_BYTES: usize = 32 * 1024 * 1024;

/// Opening a payment waits for the Node, which may take 30 s.
const OPEN_TIMEOUT: Duration = Duration::from_secs(40);

/// Which of the core's APIs a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// Pendenze v2, for the software of a body.
    Pendenze,
    /// Pagamento v2, for portals.
    Pagamento,
    /// Backoffice v1, for people.
    Backoffice,
}

impl Api {
    /// Path of the API under the address of a core, with basic authentication.
    pub fn path(self) -> &'static str {
        match self {
            Self::Pendenze => "/govpay/backend/api/pendenze/rs/basic/v2",
            Self::Pagamento => "/govpay/frontend/api/pagamento/rs/basic/v2",
            Self::Backoffice => "/govpay/backend/api/backoffice/rs/basic/v1",
        }
    }
}

/// A receipt as a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatoRt {
    Pdf,
    Xml,
}

impl FormatoRt {
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Xml => "application/xml",
        }
    }
}

/// Speaks one API of one core as one user. Cheap to clone.
#[derive(Clone)]
pub struct GovpayClient {
    http: reqwest::Client,
    base: Url,
    api: Api,
    principal: String,
    password: String,
    traceparent: fn() -> Option<String>,
}

impl GovpayClient {
    /// `base` is the address of the core without path, for example `http://127.0.0.1:8080`. Timeouts
    /// are those of `http`; only opening a payment has its own.
    pub fn new(
        http: reqwest::Client,
        base: &str,
        api: Api,
        principal: impl Into<String>,
        password: impl Into<String>,
    ) -> Result<Self, url::ParseError> {
        Ok(Self {
            http,
            base: Url::parse(base)?,
            api,
            principal: principal.into(),
            password: password.into(),
            traceparent: || None,
        })
    }

    /// Where the trace context of the calls comes from.
    pub fn with_traceparent(mut self, traceparent: fn() -> Option<String>) -> Self {
        self.traceparent = traceparent;
        self
    }

    /// Creates or updates; `true` when it was created.
    pub async fn put_pendenza(
        &self,
        id_a2a: &str,
        id_pendenza: &str,
        pendenza: &NuovaPendenza,
    ) -> ClientResult<(PendenzaCreata, bool)> {
        let request = self
            .request(Method::PUT, &["pendenze", id_a2a, id_pendenza])
            .json(pendenza);
        let (status, body) = self.send(request).await?;
        Ok((read(status, &body)?, status == StatusCode::CREATED))
    }

    /// Our own API: many pendenze in one call. `prova`: only what would be refused is told, nothing
    /// is done. See [`ClientError::is_missing`] for cores that do not have it.
    pub async fn post_blocco(&self, blocco: &Blocco<'_>, prova: bool) -> ClientResult<EsitiBlocco> {
        let request = self
            .request_under("/api/v1", Method::POST, &["pendenze", "blocchi"])
            .query(&[("prova", prova)])
            .json(blocco);
        self.json(request).await
    }

    /// Changes of state and notes.
    pub async fn patch_pendenza(
        &self,
        id_a2a: &str,
        id_pendenza: &str,
        ops: &[PatchOp],
    ) -> ClientResult<Pendenza> {
        let request = self
            .request(Method::PATCH, &["pendenze", id_a2a, id_pendenza])
            .json(ops);
        self.json(request.header(header::CONTENT_TYPE, "application/json-patch+json"))
            .await
    }

    /// Annuls; `motivo` becomes the descrizioneStato.
    pub async fn annulla_pendenza(
        &self,
        id_a2a: &str,
        id_pendenza: &str,
        motivo: Option<&str>,
    ) -> ClientResult<Pendenza> {
        let mut ops = vec![PatchOp::replace("/stato", "ANNULLATA")];
        ops.extend(motivo.map(|motivo| PatchOp::replace("/descrizioneStato", motivo)));
        self.patch_pendenza(id_a2a, id_pendenza, &ops).await
    }

    pub async fn get_pendenza(&self, id_a2a: &str, id_pendenza: &str) -> ClientResult<Pendenza> {
        self.get(&["pendenze", id_a2a, id_pendenza]).await
    }

    pub async fn get_pendenza_by_avviso(
        &self,
        id_dominio: &str,
        numero_avviso: &str,
    ) -> ClientResult<Pendenza> {
        self.get(&["pendenze", "byAvviso", id_dominio, numero_avviso])
            .await
    }

    pub async fn list_pendenze(&self, filtro: &FiltroPendenze) -> ClientResult<Lista<Pendenza>> {
        self.json(self.request(Method::GET, &["pendenze"]).query(filtro))
            .await
    }

    /// With the texts of QR code and bar code.
    pub async fn get_avviso(&self, id_dominio: &str, numero_avviso: &str) -> ClientResult<Avviso> {
        self.get(&["avvisi", id_dominio, numero_avviso]).await
    }

    pub async fn get_avviso_pdf(
        &self,
        id_dominio: &str,
        numero_avviso: &str,
    ) -> ClientResult<Vec<u8>> {
        let path = ["avvisi", id_dominio, numero_avviso];
        self.document(self.request(Method::GET, &path), FormatoRt::Pdf)
            .await
    }

    /// API Pagamento. `canale`: the PSP, or the keys of the choice made on WISP.
    pub async fn create_pagamento(
        &self,
        id_sessione_portale: Option<&str>,
        canale: &CanaleScelto,
        pagamento: &NuovoPagamento,
    ) -> ClientResult<PagamentoCreato> {
        let request = self
            .request(Method::POST, &["pagamenti"])
            .query(&[("idSessionePortale", id_sessione_portale)])
            .query(canale)
            .timeout(OPEN_TIMEOUT)
            .json(pagamento);
        self.json(request).await
    }

    pub async fn get_pagamento(&self, id: &str) -> ClientResult<Pagamento> {
        self.get(&["pagamenti", id]).await
    }

    /// API Pagamento. `id_session`: that of the PSP.
    pub async fn get_pagamento_by_session(&self, id_session: &str) -> ClientResult<Pagamento> {
        self.get(&["pagamenti", "byIdSession", id_session]).await
    }

    pub async fn list_pagamenti(&self, filtro: &FiltroPagamenti) -> ClientResult<Lista<Pagamento>> {
        self.json(self.request(Method::GET, &["pagamenti"]).query(filtro))
            .await
    }

    pub async fn list_rpp(&self, filtro: &FiltroRpp) -> ClientResult<Lista<Rpp>> {
        self.json(self.request(Method::GET, &["rpp"]).query(filtro))
            .await
    }

    pub async fn get_rpp(&self, id_dominio: &str, iuv: &str, ccp: &str) -> ClientResult<Rpp> {
        self.get(&["rpp", id_dominio, iuv, ccp]).await
    }

    /// The receipt as a document.
    pub async fn get_rt(
        &self,
        id_dominio: &str,
        iuv: &str,
        ccp: &str,
        formato: FormatoRt,
    ) -> ClientResult<Vec<u8>> {
        let request = self.request(Method::GET, &["rpp", id_dominio, iuv, ccp, "rt"]);
        self.document(request, formato).await
    }

    /// Backoffice.
    pub async fn list_eventi(&self, filtro: &FiltroEventi) -> ClientResult<Lista<Evento>> {
        self.json(self.request(Method::GET, &["eventi"]).query(filtro))
            .await
    }

    /// Backoffice.
    pub async fn get_evento(&self, id: i64) -> ClientResult<Evento> {
        self.get(&["eventi", &id.to_string()]).await
    }

    pub async fn list_domini(&self) -> ClientResult<Lista<Dominio>> {
        self.get(&["domini"]).await
    }

    pub async fn get_profilo(&self) -> ClientResult<Profilo> {
        self.get(&["profilo"]).await
    }

    /// Our own API: what the citizen chose on WISP.
    pub async fn scelta_wisp(
        &self,
        id_dominio: &str,
        key_pa: &str,
        key_wisp: &str,
    ) -> ClientResult<SceltaWisp> {
        let path = ["domini", id_dominio, "scelte-wisp", key_pa, key_wisp];
        self.json(self.request_under("/api/v1", Method::GET, &path))
            .await
    }

    fn request(&self, method: Method, path: &[&str]) -> RequestBuilder {
        self.request_under(self.api.path(), method, path)
    }

    /// Every piece of the path is escaped: a CCP may hold a slash.
    fn request_under(&self, api: &str, method: Method, path: &[&str]) -> RequestBuilder {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{api}", self.base.path().trim_end_matches('/')));
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.extend(path);
        }
        let request = self
            .http
            .request(method, url)
            .basic_auth(&self.principal, Some(&self.password))
            .header(header::ACCEPT, "application/json");
        match (self.traceparent)() {
            Some(traceparent) => request.header("traceparent", traceparent),
            None => request,
        }
    }

    async fn get<T: DeserializeOwned>(&self, path: &[&str]) -> ClientResult<T> {
        self.json(self.request(Method::GET, path)).await
    }

    async fn json<T: DeserializeOwned>(&self, request: RequestBuilder) -> ClientResult<T> {
        let (status, body) = self.send(request).await?;
        read(status, &body)
    }

    async fn document(&self, request: RequestBuilder, formato: FormatoRt) -> ClientResult<Vec<u8>> {
        // A fault is JSON whatever was asked for.
        let accept = format!("{}, application/json;q=0.1", formato.media_type());
        let (client, request) = request.build_split();
        let mut request = request.map_err(|e| ClientError::Unreachable(e.to_string()))?;
        if let Ok(accept) = accept.parse() {
            request.headers_mut().insert(header::ACCEPT, accept);
        }
        Ok(self
            .send(RequestBuilder::from_parts(client, request))
            .await?
            .1)
    }

    /// The status and the body of a success.
    async fn send(&self, request: RequestBuilder) -> ClientResult<(StatusCode, Vec<u8>)> {
        let mut response = request.send().await.map_err(|error| {
            if error.is_connect() || error.is_builder() {
                ClientError::Unreachable(reason(&error))
            } else {
                ClientError::NoAnswer(reason(&error))
            }
        })?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| ClientError::NoAnswer(reason(&error)))?
        {
            if body.len() + chunk.len() > MAX_BODY_BYTES {
                let reason = format!("la risposta supera {MAX_BODY_BYTES} byte");
                return Err(ClientError::Unreadable {
                    status: status.as_u16(),
                    reason,
                });
            }
            body.extend_from_slice(&chunk);
        }
        if status.is_success() {
            return Ok((status, body));
        }
        Err(ClientError::refused(status.as_u16(), &body))
    }
}

fn read<T: DeserializeOwned>(status: StatusCode, body: &[u8]) -> ClientResult<T> {
    serde_json::from_slice(body).map_err(|error| ClientError::Unreadable {
        status: status.as_u16(),
        reason: error.to_string(),
    })
}

/// The error without the address, whose query may hold a codice fiscale, down to its first cause.
fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    if error.is_timeout() {
        "tempo scaduto".to_owned()
    } else if std::ptr::eq(cause, error as &dyn std::error::Error) {
        "connessione interrotta".to_owned()
    } else {
        cause.to_string()
    }
}
