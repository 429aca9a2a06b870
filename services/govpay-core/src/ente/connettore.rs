//! The connector of an applicazione: where it listens, which API it speaks, how long it is waited for.

use std::time::Duration;

use domain::EsitoPagamento;
use govpay_api::anagrafica::{Autenticazione, CodificaAvvisi, ConnettoreEnte, VersioneApiEnte};
use govpay_api::ente::VersioneEnte;
use platform::{StoreError, StoreResult};
use reqwest::header::{HeaderName, HeaderValue};
use serde::Deserialize;
use url::Url;

use super::{EnteError, configurazione};
use crate::notifica::TipoNotifica;

/// Waits of a connector that names no others.
const CONNESSIONE: Duration = Duration::from_secs(2);
const RISPOSTA: Duration = Duration::from_secs(5);

/// Why nobody tells an applicazione without a connector.
pub const ASSENTE: &str = "l'applicazione non ha un connettore (servizioIntegrazione)";

pub struct Connettore(ConnettoreEnte);

/// The fields of an applicazione that matter here, out of those that have no column.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dettaglio {
    #[serde(default)]
    pub servizio_integrazione: Option<ConnettoreEnte>,
    #[serde(default)]
    pub codifica_avvisi: Option<CodificaAvvisi>,
}

impl Dettaglio {
    pub fn leggi(dettaglio: &str) -> StoreResult<Self> {
        serde_json::from_str(dettaglio).map_err(StoreError::corrupt)
    }
}

/// The connector, when the applicazione has one. `dettaglio` is that of its row.
pub fn del_dettaglio(dettaglio: &str) -> StoreResult<Option<Connettore>> {
    let letto = Dettaglio::leggi(dettaglio)?;
    Ok(letto.servizio_integrazione.map(Connettore))
}

impl Connettore {
    pub fn new(dati: ConnettoreEnte) -> Self {
        Self(dati)
    }

    pub fn versione(&self) -> VersioneEnte {
        match self.0.versione_api {
            Some(VersioneApiEnte::RestV2) => VersioneEnte::V2,
            Some(VersioneApiEnte::RestV1) | None => VersioneEnte::V1,
        }
    }

    pub fn connessione(&self) -> Duration {
        durata(self.0.timeout_connessione, CONNESSIONE)
    }

    pub fn verifica(&self) -> Duration {
        durata(self.0.timeout_verifica, RISPOSTA)
    }

    pub fn notifica(&self) -> Duration {
        durata(self.0.timeout_notifica, RISPOSTA)
    }

    /// Whether data past their validity are not paid unless they are told anew.
    pub fn mandatorio(&self) -> bool {
        self.0.aggiornamento_validita_mandatorio == Some(true)
    }

    pub fn auth(&self) -> Option<&Autenticazione> {
        self.0.auth.as_ref()
    }

    pub fn subscription_key(&self) -> Option<&str> {
        self.0.subscription_key.as_deref()
    }

    pub fn ha_gettone(&self) -> bool {
        matches!(self.0.auth, Some(Autenticazione::Oauth2(_)))
    }

    /// Why a notification of that kind is not sent. Version 2 hears of receipts of money only: whoever
    /// reads one there may take the debt as paid.
    pub fn impedimento(
        &self,
        tipo: TipoNotifica,
        esito: Option<EsitoPagamento>,
    ) -> Option<&'static str> {
        if self.versione() == VersioneEnte::V1 {
            return None;
        }
        match (tipo, esito) {
            (TipoNotifica::Ricevuta, Some(esito)) if esito.money_moved() => None,
            (TipoNotifica::Ricevuta, _) => {
                Some("la versione REST v2 prevede le sole ricevute di esito positivo")
            }
            _ => Some("la versione REST v2 prevede le sole ricevute"),
        }
    }

    /// The address of an operation.
    pub fn indirizzo(
        &self,
        segmenti: &[&str],
        query: &[(&'static str, String)],
    ) -> Result<Url, EnteError> {
        let mut url = Url::parse(&self.0.url).map_err(configurazione)?;
        url.path_segments_mut()
            .map_err(|()| configurazione("l'indirizzo non è completo"))?
            .pop_if_empty()
            .extend(segmenti);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }

    /// What could never be used is refused when it is written.
    pub fn difetto(&self) -> Option<String> {
        if let Err(error) = self.indirizzo(&[], &[]) {
            return Some(format!("servizioIntegrazione.url: {error}"));
        }
        match &self.0.auth {
            Some(Autenticazione::Ssl(_)) => Some(
                "servizioIntegrazione.auth: i certificati in un keystore JKS non si possono usare; \
                 si può indicare basic, un header, una API key o OAuth2, oppure l'indirizzo di un \
                 proxy che presenti il certificato"
                    .to_owned(),
            ),
            Some(Autenticazione::Header(header)) => {
                let name = HeaderName::try_from(&header.header_name).is_ok();
                let value = HeaderValue::try_from(&header.header_value).is_ok();
                (!name || !value).then(|| {
                    "servizioIntegrazione.auth: headerName e headerValue devono essere il nome e il \
                     valore di un header HTTP"
                        .to_owned()
                })
            }
            _ => None,
        }
    }
}

fn durata(millis: Option<i64>, senza: Duration) -> Duration {
    let given = millis.and_then(|millis| u64::try_from(millis).ok());
    given.map_or(senza, Duration::from_millis)
}

/// The address as the giornale shows it.
pub fn senza_credenziali(url: &Url) -> String {
    let mut shown = url.clone();
    // They fail for addresses that cannot have credentials.
    let _ = (shown.set_username(""), shown.set_password(None));
    shown.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connettore(json: serde_json::Value) -> Connettore {
        Connettore(serde_json::from_value(json).unwrap())
    }

    #[test]
    fn b193_each_call_has_its_own_time() {
        let default = connettore(serde_json::json!({"url": "http://ente.example"}));
        let times =
            |c: &Connettore| [c.connessione(), c.verifica(), c.notifica()].map(|d| d.as_millis());
        assert_eq!(times(&default), [2000, 5000, 5000]);
        let own = connettore(serde_json::json!({"url": "http://ente.example",
            "timeoutConnessione": 500, "timeoutVerifica": 2000, "timeoutNotifica": 10000}));
        assert_eq!(times(&own), [500, 2000, 10000]);
    }

    #[test]
    fn an_operation_is_under_the_address_whatever_it_ends_with() {
        for base in [
            "http://u:p@ente.example/api",
            "http://u:p@ente.example/api/",
        ] {
            let c = connettore(serde_json::json!({ "url": base }));
            let url = c.indirizzo(&["pendenze", "A", "a/b"], &[("x", "1&2".to_owned())]);
            let shown = senza_credenziali(&url.unwrap());
            assert_eq!(shown, "http://ente.example/api/pendenze/A/a%2Fb?x=1%262");
        }
    }
}
