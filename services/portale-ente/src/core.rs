//! The portal as a client of a payment core: API Pagamento v2, read as any portal reads it, so that
//! another core can take the place of ours.

use std::time::Duration;

use domain::pendenza::StatoPendenzaShown;
use domain::{CodDominio, EsitoPagamento, Importo, NumeroAvviso, StatoPagamento, StatoRpt};
use govpay_api::{
    Api, CanaleScelto, Categoria, ClientError, FiltroPagamenti, FiltroPendenze, FormatoRt,
    GovpayClient, NuovoPagamento, Pagamento, PagamentoCreato, Pendenza, PendenzaDaPagare,
    SceltaWisp,
};
use platform::{http, telemetry};
use serde_json::Value;
use tenant::Tenant;

/// How long a page waits for the core; opening a payment has a longer time of its own.
const READ: Duration = Duration::from_secs(15);
/// The list of examples must never slow the home page down.
const EXAMPLES: Duration = Duration::from_millis(1500);

#[derive(Debug, thiserror::Error)]
pub enum CoreError {
    /// The tenant gives the portal no applicazione.
    #[error("il portale non ha credenziali per il core")]
    NotConfigured,
    #[error(transparent)]
    Client(#[from] ClientError),
}

pub type CoreResult<T> = Result<T, CoreError>;

impl CoreError {
    /// The HTTP status of a refusal, however it was written.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Client(
                ClientError::Fault { status, .. } | ClientError::Unreadable { status, .. },
            ) => Some(*status),
            _ => None,
        }
    }

    /// Whether WISP no longer has the choice, or never had it.
    pub fn is_choice_lost(&self) -> bool {
        let code = match self {
            Self::Client(ClientError::Fault { fault, .. }) => fault.codice.as_str(),
            _ => "",
        };
        code.starts_with("WISP_") || matches!(self.status(), Some(404 | 410))
    }

    /// Whether what was asked may have been done all the same: no readable answer, the core in
    /// trouble, or the core itself without an answer of the Node (`NDP_000`).
    pub fn is_uncertain(&self) -> bool {
        match self {
            Self::NotConfigured | Self::Client(ClientError::Unreachable(_)) => false,
            Self::Client(ClientError::Fault { fault, .. }) => {
                fault.codice == "NDP_000" || fault.categoria == Categoria::Interno
            }
            Self::Client(_) => true,
        }
    }

    /// Whether the core itself says that there is no such thing; a 404 page of a proxy does not.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Client(error) if error.is_not_found())
    }
}

/// The state of a pendenza; one that this version does not know is not payable.
pub fn stato_pendenza(pendenza: &Pendenza) -> StatoPendenzaShown {
    match pendenza.stato() {
        Some(stato) => stato,
        // GovPay's name for a payment that was also reconciled.
        None if pendenza.stato == "INCASSATA" => StatoPendenzaShown::Eseguita,
        None => StatoPendenzaShown::Anomala,
    }
}

/// The state of a payment; an unknown one is still moving.
pub fn stato_pagamento(pagamento: &Pagamento) -> StatoPagamento {
    pagamento.stato().unwrap_or(StatoPagamento::InCorso)
}

/// One attempt with its receipt, as the pages need it.
#[derive(Clone, Debug)]
pub struct Tentativo {
    pub iuv: String,
    pub ccp: String,
    pub stato: Option<StatoRpt>,
    /// Outcome of the receipt, once there is one.
    pub esito: Option<EsitoPagamento>,
    pub importo_pagato: Option<Importo>,
}

impl Tentativo {
    /// Identifiers and outcome are our core's extension of the contract; another core has them
    /// inside the documents only.
    fn read(rpp: &govpay_api::Rpp) -> Option<Self> {
        let text = |document: Option<&Value>, path: &str| {
            Some(document?.pointer(path)?.as_str()?.to_owned()).filter(|text| !text.is_empty())
        };
        let (rpt, rt) = (Some(&rpp.rpt), rpp.rt.as_ref());
        let iuv = text(rpt, "/datiVersamento/identificativoUnivocoVersamento");
        let ccp = text(rpt, "/datiVersamento/codiceContestoPagamento");
        let esito = text(rt, "/datiPagamento/codiceEsitoPagamento");
        let esito = esito.and_then(|code| EsitoPagamento::from_codice(code.parse().ok()?));
        let importo = text(rt, "/datiPagamento/importoTotalePagato");
        Some(Self {
            iuv: rpp.iuv.clone().or(iuv)?,
            ccp: rpp.ccp.clone().or(ccp)?,
            stato: rpp.stato(),
            esito: rpp
                .esito
                .as_deref()
                .and_then(EsitoPagamento::parse)
                .or(esito),
            importo_pagato: rpp
                .importo_pagato
                .or(importo.and_then(|text| Importo::parse(&text).ok())),
        })
    }

    /// Whether the core does not know yet if the Node has it.
    pub fn is_on_the_way(&self) -> bool {
        let on_the_way = [StatoRpt::RptAttivata, StatoRpt::RptErroreInvioANodo];
        self.stato.is_some_and(|stato| on_the_way.contains(&stato))
    }

    /// Whether a receipt is still expected.
    pub fn is_pending(&self) -> bool {
        self.esito.is_none() && self.stato.is_some_and(StatoRpt::is_pending)
    }
}

/// The attempts that the core tells of; their order is the core's.
pub fn tentativi(rpp: &[govpay_api::Rpp]) -> Vec<Tentativo> {
    rpp.iter().filter_map(Tentativo::read).collect()
}

/// The keys of a choice made on WISP.
pub struct Chiavi<'a> {
    pub key_pa: &'a str,
    pub key_wisp: &'a str,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Core(Option<GovpayClient>);

impl Core {
    /// `base`: address of the core without path. The credentials are those of the applicazione that
    /// the tenant gives to the portal.
    pub fn new(base: &str, tenant: &Tenant) -> anyhow::Result<Self> {
        let id = tenant.portale.as_ref().map(|p| p.applicazione.as_str());
        let Some(a) = tenant
            .applicazioni
            .iter()
            .find(|a| Some(a.id_a2a.as_str()) == id)
        else {
            return Ok(Self(None));
        };
        let http = http::client(READ)?;
        let client = GovpayClient::new(
            http,
            base,
            Api::Pagamento,
            &a.principal,
            a.password.reveal(),
        )?;
        Ok(Self(Some(
            client.with_traceparent(telemetry::current_traceparent),
        )))
    }

    fn client(&self) -> CoreResult<&GovpayClient> {
        self.0.as_ref().ok_or(CoreError::NotConfigured)
    }

    pub async fn pendenza(&self, id_dominio: &str, numero_avviso: &str) -> CoreResult<Pendenza> {
        Ok(self
            .client()?
            .get_pendenza_by_avviso(id_dominio, numero_avviso)
            .await?)
    }

    /// Payable pendenze to try the demo with; whatever goes wrong, none.
    pub async fn esempi(&self, limit: i64) -> Vec<Pendenza> {
        let filtro = FiltroPendenze {
            stato: Some(StatoPendenzaShown::NonEseguita.name().to_owned()),
            risultati_per_pagina: Some(limit),
            ..FiltroPendenze::default()
        };
        let Ok(client) = self.client() else {
            return vec![];
        };
        match tokio::time::timeout(EXAMPLES, client.list_pendenze(&filtro)).await {
            Ok(Ok(list)) => list.risultati,
            Ok(Err(error)) => {
                tracing::debug!(%error, "the core does not list pendenze for the portal");
                vec![]
            }
            Err(_) => vec![],
        }
    }

    pub async fn avviso_pdf(&self, id_dominio: &str, numero_avviso: &str) -> CoreResult<Vec<u8>> {
        Ok(self
            .client()?
            .get_avviso_pdf(id_dominio, numero_avviso)
            .await?)
    }

    pub async fn rt(
        &self,
        id_dominio: &str,
        iuv: &str,
        ccp: &str,
        formato: FormatoRt,
    ) -> CoreResult<Vec<u8>> {
        Ok(self.client()?.get_rt(id_dominio, iuv, ccp, formato).await?)
    }

    pub async fn scelta(&self, id_dominio: &str, chiavi: Chiavi<'_>) -> CoreResult<SceltaWisp> {
        let client = self.client()?;
        Ok(client
            .scelta_wisp(id_dominio, chiavi.key_pa, chiavi.key_wisp)
            .await?)
    }

    /// Opens a payment. `id_sessione` makes a repeated request harmless for a core that honours it.
    pub async fn crea_pagamento(
        &self,
        id_sessione: &str,
        chiavi: Chiavi<'_>,
        avviso: (CodDominio, NumeroAvviso),
        url_ritorno: String,
    ) -> CoreResult<PagamentoCreato> {
        let canale = CanaleScelto {
            key_pa: Some(chiavi.key_pa.to_owned()),
            key_wisp: Some(chiavi.key_wisp.to_owned()),
            ..CanaleScelto::default()
        };
        let nuovo = NuovoPagamento {
            pendenze: vec![PendenzaDaPagare::avviso(avviso.0, avviso.1)],
            url_ritorno: Some(url_ritorno),
            ..NuovoPagamento::default()
        };
        let client = self.client()?;
        Ok(client
            .create_pagamento(Some(id_sessione), &canale, &nuovo)
            .await?)
    }

    pub async fn pagamento(&self, id: &str) -> CoreResult<Pagamento> {
        Ok(self.client()?.get_pagamento(id).await?)
    }

    /// The payment that a session opened, if it did: the question after an answer that got lost.
    pub async fn pagamento_di(&self, id_sessione: &str) -> CoreResult<Option<Pagamento>> {
        let filtro = FiltroPagamenti {
            id_sessione_portale: Some(id_sessione.to_owned()),
            ..FiltroPagamenti::default()
        };
        let list = self.client()?.list_pagamenti(&filtro).await?;
        Ok(list.risultati.into_iter().next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Option<Tentativo> {
        Tentativo::read(&serde_json::from_value(value).unwrap())
    }

    #[test]
    fn an_attempt_is_read_from_its_fields_or_from_its_documents() {
        let ours = read(
            json!({"iuv": "01", "ccp": "n/a", "stato": "RT_ACCETTATA_PA", "esito": "ESEGUITO", "rpt": {}}),
        );
        let ours = ours.unwrap();
        assert_eq!(
            (ours.ccp.as_str(), ours.esito),
            ("n/a", Some(EsitoPagamento::Eseguito))
        );
        let contract = read(json!({
            "stato": "RT_ACCETTATA_PA",
            "rpt": {"datiVersamento": {"identificativoUnivocoVersamento": "01", "codiceContestoPagamento": "c"}},
            "rt": {"datiPagamento": {"codiceEsitoPagamento": "2", "importoTotalePagato": "30.00"}}
        }))
        .unwrap();
        assert_eq!(contract.esito, Some(EsitoPagamento::EseguitoParziale));
        assert_eq!(contract.importo_pagato, Importo::parse("30.00").ok());
        assert!(!contract.is_pending());
        let waiting = json!({"iuv": "01", "ccp": "c", "stato": "RPT_ACCETTATA_NODO", "esito": "IN_CORSO", "rpt": {}});
        assert!(read(waiting).unwrap().is_pending());
        assert!(read(json!({"stato": "RPT_ACCETTATA_NODO", "rpt": {}})).is_none());
    }

    #[test]
    fn a_tenant_without_a_portal_gives_no_credentials() {
        let core = Core::new("http://127.0.0.1:1", &Tenant::default()).unwrap();
        assert!(matches!(core.client(), Err(CoreError::NotConfigured)));
        let core = Core::new("http://127.0.0.1:1", &Tenant::load(None).unwrap()).unwrap();
        assert!(core.client().is_ok());
    }
}
