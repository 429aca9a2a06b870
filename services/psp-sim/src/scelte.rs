//! The choices made on WISP, as the Node reads them there.

use std::time::Duration;

use platform::Problem;
use platform::http::{self, MAX_BODY_BYTES};
use serde::Deserialize;
use url::Url;

/// Code of WISP's problem when a choice is asked for too late.
const SCADUTA: &str = "WISP_TIMEOUT_RECUPERO_SCELTA";

/// Client of the WISP's own API.
#[derive(Clone)]
pub struct Scelte {
    http: reqwest::Client,
    /// Internal address of the WISP.
    base: String,
}

/// What WISP knows of a choice.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scelta {
    /// `SI`, `NO` or `PO`.
    pub effettuazione_scelta: String,
    #[serde(rename = "identificativoPSP")]
    pub identificativo_psp: Option<String>,
    #[serde(rename = "identificativoIntermediarioPSP")]
    pub identificativo_intermediario_psp: Option<String>,
    pub identificativo_canale: Option<String>,
    pub tipo_versamento: Option<String>,
}

pub enum Risposta {
    Scelta(Scelta),
    Sconosciuta,
    /// Asked after the time that WISP allows.
    Scaduta,
}

impl Scelte {
    pub fn new(base: String) -> anyhow::Result<Self> {
        Ok(Self {
            http: http::client(Duration::from_secs(7))?,
            base,
        })
    }

    /// # Errors
    /// WISP does not answer, or not in its own words.
    pub async fn leggi(
        &self,
        dominio: &str,
        key_pa: &str,
        key_wisp: &str,
    ) -> anyhow::Result<Risposta> {
        let mut url = Url::parse(&self.base)?;
        url.path_segments_mut()
            .map_err(|()| anyhow::anyhow!("l'indirizzo di WISP {} non è http", self.base))?
            .pop_if_empty()
            .extend(["api", "v1", "scelte", dominio, key_pa, key_wisp]);
        let answer = http::traced(self.http.get(url)).send().await?;
        let status = answer.status().as_u16();
        let body = http::read_limited(answer, MAX_BODY_BYTES).await?;
        match status {
            200 => Ok(Risposta::Scelta(serde_json::from_slice(&body)?)),
            404 => Ok(Risposta::Sconosciuta),
            410 => Ok(Risposta::Scaduta),
            422 if serde_json::from_slice::<Problem>(&body)?.code == SCADUTA => {
                Ok(Risposta::Scaduta)
            }
            other => anyhow::bail!("WISP ha risposto {other}"),
        }
    }
}
