//! The numbers that the core gives, and those that it lets an applicazione give.

use reqwest::Method;
use serde_json::{Value, json};

use crate::anagrafica::{ADMIN, GESTIONALE, chiama, get, put};
use crate::mondo::{A, Mondo};

const PENDENZE: &str = "/govpay/backend/api/pendenze/rs/basic/v2";

/// A pendenza of the body A with one item.
pub fn tari() -> Value {
    json!({
        "idDominio": A, "idTipoPendenza": "TARI", "causale": "Tassa rifiuti", "importo": 10.00,
        "voci": [{"idVocePendenza": "1", "importo": 10.00, "descrizione": "Quota", "codEntrata": "TARI"}],
    })
}

/// The pendenza with other fields over its own.
pub fn con(mut pendenza: Value, campi: Value) -> Value {
    for (name, value) in campi.as_object().unwrap() {
        pendenza[name] = value.clone();
    }
    pendenza
}

pub async fn carica(mondo: &Mondo, id: &str, pendenza: &Value) -> (u16, Value) {
    let url = format!("{}{PENDENZE}/pendenze/GESTIONALE/{id}", mondo.url);
    let request = mondo
        .http
        .put(url)
        .basic_auth(GESTIONALE.0, Some(GESTIONALE.1));
    let response = request.json(pendenza).send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}

async fn blocco(mondo: &Mondo, operazioni: Value) -> Value {
    let request = mondo
        .http
        .post(format!("{}/api/v1/pendenze/blocchi", mondo.url));
    let request = request.basic_auth(GESTIONALE.0, Some(GESTIONALE.1));
    let response = request
        .json(&json!({"operazioni": operazioni}))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}

/// The body A with another prefix, the applicazione with other rules for its numbers.
async fn regola(mondo: &Mondo, prefisso: &str, codifica: Value) {
    let (_, mut dominio) = get(mondo, ADMIN, &format!("/domini/{A}")).await;
    let fields = dominio.as_object_mut().unwrap();
    fields.retain(|name, _| {
        [
            "ragioneSociale",
            "stazione",
            "auxDigit",
            "segregationCode",
            "gln",
            "abilitato",
        ]
        .contains(&name.as_str())
    });
    fields.insert("iuvPrefix".into(), prefisso.into());
    let (status, answer) = put(mondo, ADMIN, &format!("/domini/{A}"), &dominio).await;
    assert_eq!(status, 200, "{answer}");
    let changes = json!([{"op": "REPLACE", "path": "/codificaAvvisi", "value": codifica}]);
    let path = "/applicazioni/GESTIONALE";
    let (status, answer) = chiama(mondo, Method::PATCH, ADMIN, path, Some(&changes)).await;
    assert_eq!(status, 200, "{answer}");
}

fn codice(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["codice"].as_str().unwrap_or_default())
}

async fn segnaposto(mondo: Mondo) {
    regola(&mondo, "%(y)%(a)%(t)", json!({"codificaIuv": "12"})).await;
    let senza_tipo = carica(&mondo, "N-1", &tari()).await;
    assert_eq!(codice(&senza_tipo), (422, "VER_028"), "{senza_tipo:?}");
    let text = senza_tipo.1["dettaglio"].as_str().unwrap();
    assert!(text.contains("codificaIUV del tipo pendenza"), "{text}");

    let tipo = json!({"descrizione": "Tassa rifiuti", "codificaIUV": "5"});
    assert_eq!(put(&mondo, ADMIN, "/tipiPendenza/TARI", &tipo).await.0, 200);
    let anno = mondo
        .http
        .get(format!("{}/api/v1/clock", mondo.url))
        .send()
        .await
        .unwrap();
    let anno = anno.json::<Value>().await.unwrap()["now"].as_str().unwrap()[2..4].to_owned();
    let (status, answer) = carica(&mondo, "N-1", &tari()).await;
    assert_eq!(status, 201, "{answer}");
    let numero = answer["numeroAvviso"].as_str().unwrap();
    assert!(numero.starts_with(&format!("301{anno}125")), "{numero}");

    // What the body says of the kind comes before what all say; each prefix has its own counter.
    let proprio = json!({"codificaIUV": "678"});
    let path = format!("/domini/{A}/tipiPendenza/TARI");
    assert_eq!(put(&mondo, ADMIN, &path, &proprio).await.0, 200);
    let inserimento = |id: &str| json!({"inserimento": {"idPendenza": id, "pendenza": tari()}});
    let esiti = blocco(&mondo, json!([inserimento("N-2"), inserimento("N-3")])).await;
    for (i, coda) in ["1", "2"].into_iter().enumerate() {
        let numero = esiti["esiti"][i]["numeroAvviso"].as_str().unwrap();
        let atteso = format!("301{anno}12678");
        assert!(numero.starts_with(&atteso), "{numero}");
        assert!(numero[atteso.len()..16].ends_with(coda), "{numero}");
    }

    // Without the applicazione's part nothing can be generated, in a block as alone.
    regola(&mondo, "%(a)", json!({})).await;
    let (status, answer) = carica(&mondo, "N-4", &tari()).await;
    assert_eq!(
        (status, &answer["codice"]),
        (422, &json!("VER_028")),
        "{answer}"
    );
    let esiti = blocco(&mondo, json!([inserimento("N-4")])).await;
    assert_eq!(esiti["esiti"][0]["errore"]["codice"], "VER_028", "{esiti}");
    mondo.stop().await;
}

#[tokio::test]
async fn a_prefix_is_filled_with_year_applicazione_and_tipo_pendenza() {
    segnaposto(Mondo::start().await).await;
}

#[tokio::test]
async fn a_prefix_is_filled_with_year_applicazione_and_tipo_pendenza_pg() {
    segnaposto(Mondo::start_pg().await).await;
}

#[tokio::test]
async fn a_number_from_outside_is_one_that_the_applicazione_may_give() {
    let mondo = Mondo::start().await;
    regola(&mondo, "", json!({"regExpIuv": "0100000000[0-9]{7}"})).await;
    let fuori = con(tari(), json!({"numeroAvviso": "301990000000000114"}));
    let answer = carica(&mondo, "R-1", &fuori).await;
    assert_eq!(codice(&answer), (422, "VER_030"), "{answer:?}");
    let esiti = json!([{"inserimento": {"idPendenza": "R-1", "pendenza": fuori}}]);
    let esiti = blocco(&mondo, esiti).await;
    assert_eq!(esiti["esiti"][0]["errore"]["codice"], "VER_030", "{esiti}");
    // The whole IUV is meant, not a part of it.
    let dentro = con(tari(), json!({"numeroAvviso": "301000000000004285"}));
    assert_eq!(carica(&mondo, "R-2", &dentro).await.0, 201);

    let sbagliata =
        json!([{"op": "REPLACE", "path": "/codificaAvvisi", "value": {"regExpIuv": "[0-9"}}]);
    let path = "/applicazioni/GESTIONALE";
    let (status, answer) = chiama(&mondo, Method::PATCH, ADMIN, path, Some(&sbagliata)).await;
    assert_eq!(status, 400, "{answer}");
    let text = answer["dettaglio"].as_str().unwrap();
    assert!(
        text.contains("codificaAvvisi.regExpIuv") && text.contains("[0-9"),
        "{text}"
    );
    mondo.stop().await;
}

#[tokio::test]
async fn a_stamp_beside_other_items_has_no_number_from_outside() {
    let mondo = Mondo::start().await;
    let bollo = json!({
        "importo": 26.00, "numeroAvviso": "301000000000004386",
        "voci": [
            {"idVocePendenza": "1", "importo": 10.00, "descrizione": "Quota", "codEntrata": "TARI"},
            {"idVocePendenza": "2", "importo": 16.00, "descrizione": "Bollo", "tipoBollo": "01",
             "hashDocumento": "KioqKioqKioqKioqKioqKioqKioqKioqKioqKioqKio=", "provinciaResidenza": "PI"},
        ],
    });
    let answer = carica(&mondo, "M-1", &con(tari(), bollo.clone())).await;
    assert_eq!(codice(&answer), (422, "VER_031"), "{answer:?}");
    let mut senza = con(tari(), bollo);
    senza.as_object_mut().unwrap().remove("numeroAvviso");
    assert_eq!(carica(&mondo, "M-1", &senza).await.0, 201);
    mondo.stop().await;
}
