//! How the core makes itself known to the software of a body.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use govpay_api::anagrafica::{Autenticazione, AutenticazioneOauth2};
use platform::http;
use reqwest::RequestBuilder;
use serde::Deserialize;

use super::connettore::{Connettore, senza_credenziali};
use super::{Ente, EnteError, configurazione, irraggiungibile};

/// A token is not used in the last seconds of its life.
const MARGINE: Duration = Duration::from_secs(30);
/// Life of a token whose server does not say (RFC 6749 5.1 recommends that it does).
const VITA: Duration = Duration::from_secs(300);
/// Bytes of the answer of a token endpoint at most.
const RISPOSTA_MAX: usize = 64 * 1024;

/// Tokens in hand, one for each client of each server. A lock each, so that a slow server keeps nobody
/// else waiting.
#[derive(Default)]
pub struct Gettoni(Mutex<HashMap<String, Arc<Posto>>>);

type Posto = tokio::sync::Mutex<Option<Gettone>>;

struct Gettone {
    valore: String,
    fino_a: Instant,
}

/// The answer of a token endpoint.
#[derive(Deserialize)]
struct Rilascio {
    access_token: String,
    #[serde(default)]
    expires_in: Option<u64>,
}

impl Ente {
    /// The request with the credentials of the connector; `nuove`: those in hand were refused.
    pub(super) async fn con_credenziali(
        &self,
        client: &reqwest::Client,
        connettore: &Connettore,
        mut request: RequestBuilder,
        nuove: bool,
    ) -> Result<RequestBuilder, EnteError> {
        if let Some(key) = connettore.subscription_key() {
            request = request.header("Ocp-Apim-Subscription-Key", key);
        }
        Ok(match connettore.auth() {
            None => request,
            Some(Autenticazione::Basic(auth)) => {
                request.basic_auth(&auth.username, Some(&auth.password))
            }
            Some(Autenticazione::Header(auth)) => {
                request.header(&auth.header_name, &auth.header_value)
            }
            Some(Autenticazione::ApiKey(auth)) => request
                .header("X-APP-ID", &auth.api_id)
                .header("X-API-KEY", &auth.api_key),
            Some(Autenticazione::Oauth2(auth)) => {
                request.bearer_auth(self.gettone(client, auth, nuove).await?)
            }
            Some(Autenticazione::Ssl(_)) => {
                return Err(configurazione(
                    "l'autenticazione con un keystore JKS non è disponibile",
                ));
            }
        })
    }

    async fn gettone(
        &self,
        client: &reqwest::Client,
        auth: &AutenticazioneOauth2,
        nuovo: bool,
    ) -> Result<String, EnteError> {
        let place = {
            let mut places = self.0.gettoni.0.lock().map_err(configurazione)?;
            let key = [
                auth.url_token_endpoint.as_str(),
                &auth.client_id,
                &auth.client_secret,
                auth.scope.as_deref().unwrap_or_default(),
            ];
            Arc::clone(places.entry(key.join("\n")).or_default())
        };
        let mut place = place.lock().await;
        if let Some(gettone) = place.as_ref().filter(|_| !nuovo)
            && gettone.fino_a > Instant::now()
        {
            return Ok(gettone.valore.clone());
        }
        *place = None;
        let rilascio = self.chiedi_gettone(client, auth).await?;
        let life = rilascio.expires_in.map_or(VITA, Duration::from_secs);
        *place = Some(Gettone {
            valore: rilascio.access_token.clone(),
            fino_a: Instant::now() + life.saturating_sub(MARGINE),
        });
        Ok(rilascio.access_token)
    }

    /// Client credentials (RFC 6749 4.4). Neither the secret nor the token is in the giornale.
    async fn chiedi_gettone(
        &self,
        client: &reqwest::Client,
        auth: &AutenticazioneOauth2,
    ) -> Result<Rilascio, EnteError> {
        let interno = &*self.0;
        let mut scambio = interno.giornale.begin("API_ENTE", "CLIENT", "oauth2Token");
        let url = url::Url::parse(&auth.url_token_endpoint).map_err(configurazione)?;
        let shown = senza_credenziali(&url);
        scambio.richiesta(
            "POST",
            &shown,
            "grant_type=client_credentials",
            interno.clock.now(),
        );
        let mut form = vec![("grant_type", "client_credentials")];
        form.extend(auth.scope.as_deref().map(|scope| ("scope", scope)));
        let request = client
            .post(url)
            .basic_auth(&auth.client_id, Some(&auth.client_secret))
            .form(&form);
        let answer = async {
            let response = request.send().await.map_err(irraggiungibile)?;
            let status = response.status().as_u16();
            scambio.risposta(status, "•••", interno.clock.now());
            let body = http::read_limited(response, RISPOSTA_MAX)
                .await
                .map_err(|error| EnteError::Illeggibile(error.to_string()))?;
            if !(200..300).contains(&status) {
                let text = format!("il server dei token OAuth2 ha risposto HTTP {status}");
                return Err(EnteError::Irraggiungibile(text));
            }
            serde_json::from_slice::<Rilascio>(&body).map_err(|_| {
                let text = "la risposta del server dei token OAuth2 non contiene access_token";
                EnteError::Illeggibile(text.to_owned())
            })
        };
        let answer = answer.await;
        if let Err(error) = &answer {
            scambio.fail("EC", error.to_string());
        }
        interno.giornale.end(scambio).await;
        answer
    }
}
