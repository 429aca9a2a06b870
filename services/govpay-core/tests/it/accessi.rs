//! How a caller says who it is: each way of the base paths, sessions of browsers, what a proxy tells.

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::anagrafica::{ADMIN, GESTIONALE, UFFICIO, chiama, put};
use crate::mondo::{A, Mondo, PRIMO};

/// An answer, read.
pub struct Letta {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Letta {
    pub fn codice(&self) -> (u16, &str) {
        (
            self.status,
            self.body["codice"].as_str().unwrap_or_default(),
        )
    }
}

/// A request with these headers.
pub async fn chiedi(
    mondo: &Mondo,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> Letta {
    let mut request = mondo.http.request(method, format!("{}{path}", mondo.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if let Some(body) = body {
        request = request.json(body);
    }
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = response.bytes().await.unwrap();
    Letta {
        status,
        headers,
        body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    }
}

pub async fn leggi(mondo: &Mondo, path: &str, headers: &[(&str, &str)]) -> Letta {
    chiedi(mondo, Method::GET, path, headers, None).await
}

const DN: &str = "C=IT, O=Comune di Valtorbida, CN=gestionale";
const PEM: &str = include_str!("gestionale.pem");

/// A client whose principal is the name of its certificate.
async fn con_certificato(mondo: &Mondo) {
    let nuova = json!({"principal": DN, "domini": ["*"], "tipiPendenza": ["*"], "apiPendenze": true,
        "apiPagamenti": true, "apiRagioneria": true});
    let (status, fault) = put(mondo, ADMIN, "/applicazioni/CERTIFICATA", &nuova).await;
    assert_eq!(status, 201, "{fault}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_way_to_authenticate_reaches_the_same_operations() {
    let mondo = Mondo::start().await;
    con_certificato(&mondo).await;
    let pem = PEM.replace('\n', " ");
    let key = [("x-app-id", GESTIONALE.0), ("x-api-key", GESTIONALE.1)];
    let bases = [
        ("/govpay/backend/api/pendenze/rs/", "/v2"),
        ("/govpay-api-pendenze/rs/", "/v2"),
        ("/govpay/backend/api/ragioneria/rs/", "/v3"),
        ("/govpay-api-ragioneria/rs/", "/v3"),
    ];
    for (base, version) in bases {
        for (way, headers, nome) in [
            ("apikey", &key[..], "GESTIONALE"),
            (
                "sslheader",
                &[("x-govpay-cert", pem.as_str())],
                "CERTIFICATA",
            ),
            ("sslheader", &[("x-govpay-cert", DN)], "CERTIFICATA"),
        ] {
            let path = format!("{base}{way}{version}/profilo");
            let letta = leggi(&mondo, &path, headers).await;
            assert_eq!(letta.status, 200, "{path}: {}", letta.body);
            if version == "/v2" {
                assert_eq!(letta.body["nome"], nome, "{path}");
            }
            let refused = leggi(&mondo, &path, &[]).await;
            assert_eq!(
                refused.codice(),
                (401, "401000"),
                "{path} without credentials"
            );
            assert!(
                !refused.headers.contains_key("www-authenticate"),
                "{path}: no browser is to ask for a password"
            );
        }
    }
    let wrong = [("x-app-id", GESTIONALE.0), ("x-api-key", "sbagliata")];
    let path = "/govpay-api-pendenze/rs/apikey/v2/profilo";
    assert_eq!(leggi(&mondo, path, &wrong).await.status, 401);
    let other = [("x-govpay-cert", "C=IT, O=Comune di Valtorbida, CN=altro")];
    let path = "/govpay-api-pendenze/rs/sslheader/v2/profilo";
    assert_eq!(leggi(&mondo, path, &other).await.status, 401);
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_way_that_is_not_offered_is_no_operation() {
    let mondo = Mondo::start().await;
    for path in [
        "/govpay/backend/api/pendenze/rs/spid/v2/pendenze",
        "/govpay/backend/api/pendenze/rs/public/v2/pendenze",
        "/govpay/backend/api/pendenze/rs/form/v2/pendenze",
        "/govpay/backend/api/backoffice/rs/public/v1/pendenze",
        "/govpay/backend/api/backoffice/rs/spid/v1/pendenze",
        "/govpay/backend/api/ragioneria/rs/public/v3/riscossioni",
        "/govpay/frontend/api/pagamento/rs/header/v2/pendenze",
        "/govpay/frontend/api/pagamento/rs/ssl/v2/pendenze",
        "/govpay/frontend/api/pagamento/rs/boh/v2/pendenze",
        "/govpay-api-pagamento/rs/oauth2/v2/pendenze",
        "/govpay-api-pagamento/rs/basic/v2/boh",
    ] {
        let headers = [("x-spid-fiscalnumber", "VRDGPP80A01H501U")];
        let letta = leggi(&mondo, path, &headers).await;
        assert_eq!(letta.codice(), (404, "404000"), "{path}: {}", letta.body);
        let text = letta.body["dettaglio"].as_str().unwrap();
        assert_eq!(text, format!("nessuna operazione GET {path}"));
    }
    mondo.stop().await;
}

/// Without the demo tenant no proxy is trusted unless it is named: whoever calls is not a proxy.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_proxy_tells_is_believed_of_a_proxy_only() {
    let mondo = Mondo::start_vuoto(false).await;
    let nuova = json!({"principal": DN, "domini": ["*"], "apiPendenze": true});
    let path = "/applicazioni/CERTIFICATA";
    assert_eq!(put(&mondo, PRIMO, path, &nuova).await.0, 201);
    for (path, header) in [
        (
            "/govpay/frontend/api/pagamento/rs/spid/v2/profilo",
            ("x-spid-fiscalnumber", "VRDGPP80A01H501U"),
        ),
        (
            "/govpay/backend/api/pendenze/rs/sslheader/v2/profilo",
            ("x-govpay-cert", DN),
        ),
    ] {
        let forwarded = ("x-forwarded-for", "127.0.0.1");
        let letta = leggi(&mondo, path, &[header, forwarded]).await;
        assert_eq!(letta.codice(), (401, "401000"), "{path}: {}", letta.body);
    }
    mondo.stop().await;
}

const FORM: &str = "/govpay/backend/api/backoffice/rs/form/v1";

async fn login(mondo: &Mondo, user: &str, password: &str, headers: &[(&str, &str)]) -> Letta {
    let url = format!("{}{FORM}/login", mondo.url);
    let form = [("username", user), ("password", password)];
    let mut request = mondo.http.post(url).form(&form);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.json().await.unwrap_or(Value::Null);
    Letta {
        status,
        headers,
        body,
    }
}

/// Name and value of the cookie that an answer sets.
fn biscotto(letta: &Letta) -> String {
    let cookie = letta.headers["set-cookie"].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_logs_in_with_a_form_and_out_on_both_stores() {
    for mondo in [Mondo::start().await, Mondo::start_pg().await] {
        let entrata = login(&mondo, UFFICIO.0, UFFICIO.1, &[]).await;
        assert_eq!(entrata.status, 200, "{}", entrata.body);
        let cookie = entrata.headers["set-cookie"].to_str().unwrap().to_owned();
        for flag in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(flag), "{cookie}");
        }
        let cookie = biscotto(&entrata);
        let id = cookie.split_once('=').unwrap().1;
        assert_eq!(
            mondo.conta(&format!("accessi WHERE id = '{id}'")),
            0,
            "kept as a hash"
        );
        let with = [("cookie", cookie.as_str())];
        for way in ["form", "session"] {
            let path = FORM.replace("/form/", &format!("/{way}/"));
            let letta = leggi(&mondo, &format!("{path}/domini"), &with).await;
            assert_eq!(
                (letta.status, &letta.body["numRisultati"]),
                (200, &json!(1))
            );
        }
        let basic = FORM.replace("/form/", "/basic/");
        assert_eq!(
            leggi(&mondo, &format!("{basic}/domini"), &with)
                .await
                .status,
            401
        );
        let login_basic = format!("{basic}/login");
        let letta = chiedi(&mondo, Method::POST, &login_basic, &[], None).await;
        assert_eq!(letta.status, 404, "{}", letta.body);

        let esce = leggi(&mondo, &format!("{FORM}/logout"), &with).await;

        assert_eq!(esce.status, 200);
        assert!(
            esce.headers["set-cookie"]
                .to_str()
                .unwrap()
                .contains("Max-Age=0")
        );
        let letta = leggi(&mondo, &format!("{FORM}/domini"), &with).await;
        assert_eq!(letta.codice(), (401, "401000"));
        assert_eq!(mondo.conta("accessi"), 0);
        mondo.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_of_no_use_to_pages_of_other_sites() {
    let mondo = Mondo::start().await;
    let cookie = biscotto(&login(&mondo, ADMIN.0, ADMIN.1, &[]).await);
    let host = mondo.url.trim_start_matches("http://").to_owned();
    let ours = format!("http://{host}");
    // Acts on a GET, as the contract has it.
    let path = format!("{FORM}/operazioni/resetCacheAnagrafica");
    for (header, value, expected) in [
        ("sec-fetch-site", "same-origin", 200),
        ("sec-fetch-site", "none", 200),
        ("sec-fetch-site", "same-site", 403),
        ("sec-fetch-site", "cross-site", 403),
        ("origin", ours.as_str(), 200),
        ("origin", "http://altro.example", 403),
        ("origin", "null", 403),
    ] {
        let letta = leggi(&mondo, &path, &[("cookie", &cookie), (header, value)]).await;
        assert_eq!(letta.status, expected, "{header}: {value}: {}", letta.body);
    }
    let letta = login(
        &mondo,
        ADMIN.0,
        ADMIN.1,
        &[("origin", "http://altro.example")],
    )
    .await;
    assert_eq!(letta.codice(), (403, "403000"));
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_ends_when_it_is_old_or_its_utenza_changes() {
    let mondo = Mondo::start().await;
    let entra = async || biscotto(&login(&mondo, UFFICIO.0, UFFICIO.1, &[]).await);
    let dentro = async |cookie: &str| {
        let path = format!("{FORM}/domini");
        leggi(&mondo, &path, &[("cookie", cookie)]).await.status
    };
    let cookie = entra().await;
    assert_eq!(dentro(&cookie).await, 200);
    mondo.esegui("UPDATE accessi SET visto_at = '2020-01-01 00:00:00'");
    assert_eq!(dentro(&cookie).await, 401, "not used for long");
    let cookie = entra().await;
    mondo.esegui("UPDATE accessi SET creato_at = '2020-01-01 00:00:00'");
    assert_eq!(dentro(&cookie).await, 401, "begun long ago");
    let cookie = entra().await;
    let ops = json!([{"op": "REPLACE", "path": "/abilitato", "value": false}]);
    let path = format!("/operatori/{}", UFFICIO.0);
    assert_eq!(
        chiama(&mondo, Method::PATCH, ADMIN, &path, Some(&ops))
            .await
            .0,
        200
    );
    assert_eq!(dentro(&cookie).await, 401, "disabled");
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_passwords_in_a_form_have_to_wait() {
    let mondo = Mondo::start().await;
    for _ in 0..5 {
        assert_eq!(login(&mondo, UFFICIO.0, "sbagliata", &[]).await.status, 401);
    }

    let letta = login(&mondo, UFFICIO.0, UFFICIO.1, &[]).await;

    assert_eq!(letta.codice(), (429, "429000"));
    let seconds: u64 = letta.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=31).contains(&seconds), "{seconds}");
    assert_eq!(
        login(&mondo, ADMIN.0, ADMIN.1, &[]).await.status,
        200,
        "others do not"
    );
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_changes_its_own_password_and_nothing_else() {
    let mondo = Mondo::start().await;
    let cookie = biscotto(&login(&mondo, UFFICIO.0, UFFICIO.1, &[]).await);
    let patch =
        async |ops: Value| chiama(&mondo, Method::PATCH, UFFICIO, "/profilo", Some(&ops)).await;
    for wrong in [
        json!([{"op": "REPLACE", "path": "/password", "value": "corta1A"}]),
        json!([{"op": "REPLACE", "path": "/password", "value": "senza-cifre-A"}]),
        json!([{"op": "REPLACE", "path": "/password", "value": "con spazi 1A"}]),
        json!([{"op": "REPLACE", "path": "/ruoli", "value": ["Amministratore"]}]),
        json!([{"op": "ADD", "path": "/acl", "value": {"servizio": "Anagrafica Ruoli", "autorizzazioni": ["W"]}}]),
        json!([]),
    ] {
        let (status, fault) = patch(wrong.clone()).await;
        assert_eq!(status, 400, "{wrong}: {fault}");
        assert!(!fault.to_string().contains("corta1A"), "{fault}");
    }
    let nuova = "Nuova-Password2";
    let ops = json!([{"op": "REPLACE", "path": "/password", "value": nuova}]);

    let (status, profilo) = patch(ops).await;

    assert_eq!(
        (status, &profilo["domini"][0]["idDominio"]),
        (200, &json!(A)),
        "{profilo}"
    );
    assert_eq!(
        chiama(&mondo, Method::GET, UFFICIO, "/profilo", None)
            .await
            .0,
        401
    );
    let with_new = (UFFICIO.0, nuova);
    assert_eq!(
        chiama(&mondo, Method::GET, with_new, "/profilo", None)
            .await
            .0,
        200
    );
    let path = format!("{FORM}/profilo");
    let letta = leggi(&mondo, &path, &[("cookie", &cookie)]).await;
    assert_eq!(letta.status, 401, "whoever was logged in is out");
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn software_has_in_the_backoffice_what_its_rights_and_roles_give_it() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1000]);
    let path = format!("/pendenze/GESTIONALE/{}", avviso.id_pendenza);
    let get = async |path: &str| chiama(&mondo, Method::GET, GESTIONALE, path, None).await.0;
    assert_eq!(
        (get(&path).await, get("/profilo").await),
        (403, 403),
        "no rights"
    );
    let patch = async |ops: Value| {
        let path = "/applicazioni/GESTIONALE";
        let (status, body) = chiama(&mondo, Method::PATCH, ADMIN, path, Some(&ops)).await;
        assert_eq!(status, 200, "{body}");
    };
    let acl = json!({"servizio": "Pendenze", "autorizzazioni": ["R"]});
    patch(json!([{"op": "ADD", "path": "/acl", "value": acl}])).await;
    assert_eq!(
        (get(&path).await, get("/pagamenti").await),
        (200, 403),
        "its own right"
    );
    let annulla = json!([{"op": "REPLACE", "path": "/stato", "value": "ANNULLATA"}]);
    let (status, _) = chiama(&mondo, Method::PATCH, GESTIONALE, &path, Some(&annulla)).await;
    assert_eq!(status, 403, "it may read and not write");
    patch(json!([{"op": "REPLACE", "path": "/domini", "value": ["09876543217"]}])).await;
    assert_eq!(get(&path).await, 404, "of a body that it does not work for");
    patch(json!([{"op": "REPLACE", "path": "/ruoli", "value": ["Amministratore"]}])).await;
    assert_eq!(get("/applicazioni").await, 200, "by its role");
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tracciati_go_to_the_loader_for_those_with_a_password() {
    let mondo = Mondo::start().await;
    let cookie = biscotto(&login(&mondo, ADMIN.0, ADMIN.1, &[]).await);
    let path = "/govpay/backend/api/backoffice/rs/{auth}/v1/pendenze/tracciati";
    let key = [("x-app-id", ADMIN.0), ("x-api-key", ADMIN.1)];
    // Nobody is at the Loader's address: that it was tried is seen in the answer.
    let by_key = leggi(&mondo, &path.replace("{auth}", "apikey"), &key).await;
    assert_eq!(by_key.codice(), (503, "503000"));
    let session = [("cookie", cookie.as_str())];
    let by_session = leggi(&mondo, &path.replace("{auth}", "form"), &session).await;
    assert_eq!(by_session.status, StatusCode::NOT_FOUND.as_u16());
    mondo.stop().await;
}
