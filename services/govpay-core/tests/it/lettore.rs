//! Who reads what was collected, what there is to read, and how answers are compared.

use domain::EsitoPagamento as E;
use domain::Importo;
use pagopa::documenti::{AllegatoRicevuta, TipoAllegato};
use serde_json::Value;

use crate::mondo::{A, Avviso, B, Mondo};
use crate::nodo::rt;
use crate::presso_psp::attiva;
use crate::unico;

pub const BACKOFFICE: &str = "/govpay/backend/api/backoffice/rs/basic/v1";
pub const RAGIONERIA: [&str; 2] = [
    "/govpay/backend/api/ragioneria/rs/basic/v3",
    "/govpay-api-ragioneria/rs/basic/v3",
];
pub const PAGAMENTO: [&str; 2] = [
    "/govpay/frontend/api/pagamento/rs/basic/v3",
    "/govpay-api-pagamento/rs/basic/v3",
];

pub type Chi = (&'static str, &'static str);
pub const ADMIN: Chi = ("gpadmin", "Gpadmin-Password1");
pub const UFFICIO_A: Chi = ("valtorbida", "Valtorbida-Password1");
/// It uses API Ragioneria once [`con_ragioneria`] lets it.
pub const RAGIONIERE: Chi = ("gestionale", "Gestionale-Password1");
pub const PORTALE: Chi = ("portale", "Portale-Password1");

pub struct Letto {
    pub status: u16,
    pub content_type: String,
    pub body: Vec<u8>,
}

impl Letto {
    pub fn testo(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.testo()))
    }

    /// Status and code of a refusal.
    pub fn rifiuto(&self) -> (u16, String) {
        let codice = self.json()["codice"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        (self.status, codice)
    }
}

pub async fn manda(request: reqwest::RequestBuilder, who: Chi) -> Letto {
    let response = request.basic_auth(who.0, Some(who.1)).send().await.unwrap();
    let content_type = response.headers().get("content-type");
    let content_type = content_type.map(|value| value.to_str().unwrap().to_owned());
    Letto {
        status: response.status().as_u16(),
        content_type: content_type.unwrap_or_default(),
        body: response.bytes().await.unwrap().to_vec(),
    }
}

pub async fn get(mondo: &Mondo, who: Chi, path: &str) -> Letto {
    manda(mondo.http.get(format!("{}{path}", mondo.url)), who).await
}

pub async fn get_come(mondo: &Mondo, who: Chi, path: &str, accept: &str) -> Letto {
    let request = mondo.http.get(format!("{}{path}", mondo.url));
    manda(request.header("accept", accept), who).await
}

/// The JSON of an answer that is there.
pub async fn letto(mondo: &Mondo, who: Chi, path: &str) -> Value {
    let found = get(mondo, who, path).await;
    assert_eq!(found.status, 200, "{path}: {}", found.testo());
    found.json()
}

/// Each query finds that many rows.
pub async fn trova(mondo: &Mondo, who: Chi, base: &str, casi: &[(String, usize)]) {
    for (query, quante) in casi {
        let list = letto(mondo, who, &format!("{base}?{query}")).await;
        assert_eq!(righe(&list).len(), *quante, "{query}: {list}");
    }
}

/// Each query is refused, and its first parameter is named.
pub async fn rifiuta(mondo: &Mondo, who: Chi, base: &str, queries: &[&str]) {
    for query in queries {
        let refused = get(mondo, who, &format!("{base}?{query}")).await;
        assert_eq!(refused.rifiuto(), (400, "400000".to_owned()), "{query}");
        let dettaglio = refused.json()["dettaglio"].to_string();
        assert!(
            dettaglio.contains(query.split('=').next().unwrap()),
            "{dettaglio}"
        );
    }
}

pub fn righe(list: &Value) -> &[Value] {
    list["risultati"]
        .as_array()
        .unwrap_or_else(|| panic!("{list}"))
}

/// One field of all rows.
pub fn campo(list: &Value, nome: &str) -> Value {
    righe(list).iter().map(|row| row[nome].clone()).collect()
}

/// What is expected is there; what else is there does not matter.
#[track_caller]
pub fn contiene(found: &Value, expected: &Value) {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            for (nome, value) in expected {
                contiene(found.get(nome).unwrap_or(&Value::Null), value);
            }
        }
        (Value::Array(found), Value::Array(expected)) if found.len() == expected.len() => {
            for (found, expected) in found.iter().zip(expected) {
                contiene(found, expected);
            }
        }
        _ => assert_eq!(found, expected),
    }
}

pub fn con_ragioneria(mondo: Mondo) -> Mondo {
    mondo.esegui("UPDATE applicazioni SET api_ragioneria = TRUE WHERE id_a2a = 'GESTIONALE'");
    mondo
}

/// From now on nobody sees any body but this one.
pub fn solo(mondo: &Mondo, dominio: &str) {
    for table in ["applicazioni", "operatori"] {
        mondo.esegui(&format!("UPDATE {table} SET domini = '[\"{dominio}\"]'"));
    }
}

/// A pendenza of A paid at the PSP (CCP `c<n>`) with an RT that says the commission and carries an
/// attachment.
pub async fn paga_v1(mondo: &Mondo, n: u64, cents: i64) -> Avviso {
    let avviso = mondo.pendenza(A, n, &[cents]);
    let before = mondo.nodo.rpt().len();
    let ccp = format!("c{n}");
    let answer = mondo.chiama_v1(&avviso, &ccp, &attiva(cents)).await;
    assert!(answer.fault.is_none(), "{:?}", answer.fault);
    let rpt = mondo.attendi_rpt(before + 1).await.pop().unwrap();
    let mut receipt = rt(&rpt, E::Eseguito, &[]);
    let single = &mut receipt.dati_pagamento.singoli[0];
    single.commissioni_applicate_psp = Some(Importo::from_cents(130).unwrap());
    single.allegato = Some(AllegatoRicevuta {
        tipo: TipoAllegato::Es,
        testo: b"esito".to_vec(),
    });
    assert_eq!(mondo.consegna(&receipt).await, None);
    avviso
}

/// A pendenza of B paid in the modello unico (receipt `ric-<n>`).
pub async fn paga_v2(mondo: &Mondo, n: u64, cents: &[i64]) -> Avviso {
    let avviso = mondo.pendenza(B, n, cents);
    let message = unico::receipt(&avviso, &format!("ric-{n}"), cents);
    assert_eq!(unico::send(mondo, &message).await, None);
    avviso
}
