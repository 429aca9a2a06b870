//! Tracciati under the core's base path: the Loader has them, so each request is passed on to it with
//! its credentials, and the answer comes back, both while they arrive.

use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Bytes, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, guard};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use govpay_api::Categoria;
use platform::Peers;
use tokio::sync::mpsc;

use super::accesso::{Modo, come_basic};
use super::risposta::{Risposta, nessuna, non_autenticato};
use crate::pagamenti::Errore;

/// A large file may take long, either way.
const TIMEOUT: Duration = Duration::from_secs(3600);

/// Pieces of a body on their way.
const IN_VOLO: usize = 4;

/// What of a request the Loader hears.
const RICHIESTA: [&str; 4] = [
    "authorization",
    "accept",
    "content-type",
    "x-govpay-filename",
];

/// What of an answer the caller hears.
const RISPOSTA: [&str; 6] = [
    "content-type",
    "content-disposition",
    "cache-control",
    "location",
    "www-authenticate",
    "retry-after",
];

/// The way to the Loader.
#[derive(Clone)]
pub struct Inoltro {
    http: reqwest::Client,
    loader: String,
}

impl Inoltro {
    pub fn new(peers: &Peers) -> anyhow::Result<Self> {
        Ok(Self {
            http: platform::http::client(TIMEOUT)?,
            loader: peers.loader.internal.trim_end_matches('/').to_owned(),
        })
    }
}

/// Before the routes of single pendenze, whose paths look the same.
pub fn routes(c: &mut ServiceConfig) {
    let paths = ["/pendenze/tracciati", "/pendenze/tracciati/{resto:.+}"];
    let guardia = guard::Any(guard::Get()).or(guard::Post());
    c.service(web::resource(paths).guard(guardia).to(inoltra));
}

async fn inoltra(inoltro: web::Data<Inoltro>, req: HttpRequest, payload: web::Payload) -> Risposta {
    let path = req
        .uri()
        .path_and_query()
        .map_or(req.path(), |p| p.as_str());
    // The Loader knows people by their password: who has shown us another thing has none to give it.
    let (path, key) = match Modo::of(&req) {
        Modo::Basic => (path.to_owned(), None),
        Modo::ApiKey => {
            let path = path.replacen("/rs/apikey/", "/rs/basic/", 1);
            (path, Some(come_basic(&req).ok_or_else(non_autenticato)?))
        }
        _ => return Err(nessuna(&req).into()),
    };
    let method = reqwest::Method::from_bytes(req.method().as_str().as_bytes());
    let method = method.map_err(|error| Errore::richiesta(error.to_string()))?;
    let url = format!("{}{path}", inoltro.loader);
    let mut richiesta = platform::http::traced(inoltro.http.request(method.clone(), url));
    for nome in RICHIESTA {
        if let Some(valore) = req.headers().get(nome) {
            richiesta = richiesta.header(nome, valore.as_bytes());
        }
    }
    if let Some(key) = key {
        richiesta = richiesta.header("authorization", key);
    }
    if method == reqwest::Method::POST {
        richiesta = richiesta.body(corpo(payload));
    }
    let risposta = richiesta.send().await.map_err(|error| {
        tracing::warn!(%error, "the Loader does not answer");
        let text = "il Loader, che tiene i tracciati, non risponde: riprova tra poco";
        Errore::new(
            503,
            Categoria::Interno,
            "503000",
            "Servizio non disponibile",
            text,
        )
    })?;
    let status = StatusCode::from_u16(risposta.status().as_u16());
    let mut answer = HttpResponse::build(status.unwrap_or(StatusCode::BAD_GATEWAY));
    for nome in RISPOSTA {
        if let Some(valore) = risposta.headers().get(nome) {
            answer.insert_header((nome, valore.as_bytes()));
        }
    }
    // What is compressed once more would lose its length.
    answer.insert_header(header::ContentEncoding::Identity);
    Ok(answer.streaming(risposta.bytes_stream().map_err(std::io::Error::other)))
}

/// The body of the request as it comes. It is read on this thread; the call may be on another one.
fn corpo(mut payload: web::Payload) -> reqwest::Body {
    let (sender, receiver) = mpsc::channel::<Result<Bytes, std::io::Error>>(IN_VOLO);
    actix_web::rt::spawn(async move {
        while let Some(pezzo) = payload.next().await {
            // A body that breaks off breaks off the call.
            let pezzo = pezzo.map_err(std::io::Error::other);
            if sender.send(pezzo).await.is_err() {
                return;
            }
        }
    });
    reqwest::Body::wrap_stream(stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|pezzo| (pezzo, receiver))
    }))
}

#[cfg(test)]
mod tests {
    use actix_web::{App, test};
    use wiremock::matchers::{body_bytes, header, method, path, query_param};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;

    const BASE: &str = "/govpay/backend/api/backoffice/rs/basic/v1/pendenze/tracciati";

    async fn chiedi(
        loader: &str,
        req: test::TestRequest,
    ) -> (StatusCode, header::HeaderMap, Bytes) {
        let inoltro = Inoltro {
            http: platform::http::client(TIMEOUT).unwrap(),
            loader: loader.to_owned(),
        };
        let scope = web::scope("/govpay/backend/api/backoffice/rs/basic/v1").configure(routes);
        let app = App::new().app_data(web::Data::new(inoltro)).service(scope);
        let app = test::init_service(app).await;
        let answer = test::call_service(&app, req.to_request()).await;
        let (status, headers) = (answer.status(), answer.headers().clone());
        (status, headers, test::read_body(answer).await)
    }

    #[actix_web::test]
    async fn a_file_goes_to_the_loader_and_its_answer_comes_back() {
        let loader = MockServer::start().await;
        let file = vec![b'x'; 300_000];
        Mock::given(method("POST"))
            .and(path(format!("{BASE}/12345678903")))
            .and(query_param("stampaAvvisi", "false"))
            .and(header("authorization", "Basic eDp5"))
            .and(header("content-type", "text/csv"))
            .and(header("x-govpay-filename", "tari.csv"))
            .and(body_bytes(file.clone()))
            .respond_with(
                ResponseTemplate::new(201)
                    .insert_header("location", "/x")
                    .set_body_json(serde_json::json!({"id": 7})),
            )
            .expect(1)
            .mount(&loader)
            .await;
        let req = test::TestRequest::post()
            .uri(&format!("{BASE}/12345678903?stampaAvvisi=false"))
            .insert_header(("authorization", "Basic eDp5"))
            .insert_header(("content-type", "text/csv"))
            .insert_header(("x-govpay-filename", "tari.csv"))
            .set_payload(file);
        let (status, headers, body) = chiedi(&loader.uri(), req).await;
        assert_eq!((status.as_u16(), &body[..]), (201, &b"{\"id\":7}"[..]));
        assert_eq!(headers.get("location").unwrap(), "/x");
        assert_eq!(headers.get("content-type").unwrap(), "application/json");
    }

    #[actix_web::test]
    async fn a_refusal_of_the_loader_is_passed_on_as_it_is() {
        let loader = MockServer::start().await;
        Mock::given(method("GET"))
            .and(path(format!("{BASE}/5/esito")))
            .and(header("accept", "text/csv"))
            .respond_with(
                ResponseTemplate::new(401)
                    .insert_header("www-authenticate", "Basic realm=\"GovPay\"")
                    .set_body_string("no"),
            )
            .mount(&loader)
            .await;
        let req = test::TestRequest::get()
            .uri(&format!("{BASE}/5/esito"))
            .insert_header(("accept", "text/csv"));
        let (status, headers, body) = chiedi(&loader.uri(), req).await;
        assert_eq!((status.as_u16(), &body[..]), (401, &b"no"[..]));
        assert!(headers.contains_key("www-authenticate"));
    }

    #[actix_web::test]
    async fn without_the_loader_there_is_a_fault() {
        let req = test::TestRequest::get().uri(BASE);
        let (status, _, body) = chiedi("http://127.0.0.1:9", req).await;
        let fault: govpay_api::Fault = serde_json::from_slice(&body).unwrap();
        assert_eq!((status.as_u16(), fault.codice.as_str()), (503, "503000"));
        assert_eq!(fault.categoria, Categoria::Interno);
    }
}
