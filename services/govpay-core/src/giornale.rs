//! Giornale degli eventi: every exchange with the outside, with its request and answer.
//!
//! The giornale never stands in the way of a payment: when it cannot be written, the log says so and
//! work goes on.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use platform::Clock;
use serde_json::{Value, json};

use crate::db::Db;
use crate::tentativo::Visibili;

/// Longest payload that is kept, in characters.
const MAX_PAYLOAD: usize = 512 * 1024;

#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = crate::schema::eventi)]
pub struct EventoRow {
    pub id: i64,
    pub componente: String,
    pub categoria: String,
    pub ruolo: Option<String>,
    pub tipo: String,
    pub sottotipo: Option<String>,
    pub data: NaiveDateTime,
    pub durata_ms: i64,
    pub esito: String,
    pub sottotipo_esito: Option<String>,
    pub dettaglio_esito: Option<String>,
    pub id_dominio: Option<String>,
    pub iuv: Option<String>,
    pub ccp: Option<String>,
    pub id_a2a: Option<String>,
    pub id_pendenza: Option<String>,
    pub id_pagamento: Option<String>,
    pub id_psp: Option<String>,
    pub id_canale: Option<String>,
    pub id_stazione: Option<String>,
    pub severita: i32,
    pub trace_id: Option<String>,
    pub richiesta: Option<String>,
    pub risposta: Option<String>,
}

/// An exchange to write down. Payloads may hold personal data, hence no `Debug`.
#[derive(Clone, Insertable)]
#[diesel(table_name = crate::schema::eventi)]
#[diesel(treat_none_as_default_value = false)]
pub struct Evento {
    /// `API_PAGOPA`, `API_PAGAMENTO`, …
    pub componente: &'static str,
    /// `INTERFACCIA`, `INTERNO` or `UTENTE`.
    pub categoria: &'static str,
    /// `CLIENT` or `SERVER`.
    pub ruolo: Option<&'static str>,
    /// The operation.
    pub tipo: String,
    pub sottotipo: Option<String>,
    /// When it began, in the world's time.
    pub data: NaiveDateTime,
    pub durata_ms: i64,
    /// `OK`; `KO` for a refusal of business; `FAIL` for a failure.
    pub esito: &'static str,
    /// Fault code or HTTP status.
    pub sottotipo_esito: Option<String>,
    pub dettaglio_esito: Option<String>,
    pub id_dominio: Option<String>,
    pub iuv: Option<String>,
    pub ccp: Option<String>,
    pub id_a2a: Option<String>,
    pub id_pendenza: Option<String>,
    pub id_pagamento: Option<String>,
    pub id_psp: Option<String>,
    pub id_canale: Option<String>,
    pub id_stazione: Option<String>,
    /// 0 nothing to see, 1 not authorised, 3 refused, 4 to be looked at, 5 failure.
    pub severita: i32,
    pub trace_id: Option<String>,
    pub richiesta: Option<String>,
    pub risposta: Option<String>,
}

#[derive(Clone, Default)]
pub struct FiltroEventi {
    pub domini: Visibili,
    pub id_dominio: Option<String>,
    pub iuv: Option<String>,
    pub ccp: Option<String>,
    pub id_a2a: Option<String>,
    pub id_pendenza: Option<String>,
    pub id_pagamento: Option<String>,
    pub esito: Option<String>,
    pub tipo: Option<String>,
    pub componente: Option<String>,
    pub ruolo: Option<String>,
    pub categoria: Option<String>,
    pub severita_da: Option<i32>,
    pub severita_a: Option<i32>,
    pub data_da: Option<NaiveDateTime>,
    pub data_a: Option<NaiveDateTime>,
}

/// The pen of the giornale.
#[derive(Clone)]
pub struct Giornale {
    db: Db,
    clock: Clock,
}

/// An exchange under way: measures its duration.
pub struct Scambio {
    pub evento: Evento,
    begun: std::time::Instant,
}

impl Giornale {
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Begins to measure an exchange.
    pub fn begin(
        &self,
        componente: &'static str,
        ruolo: &'static str,
        tipo: impl Into<String>,
    ) -> Scambio {
        let evento = Evento {
            componente,
            categoria: "INTERFACCIA",
            ruolo: Some(ruolo),
            tipo: tipo.into(),
            sottotipo: None,
            data: self.clock.now().naive_utc(),
            durata_ms: 0,
            esito: "OK",
            sottotipo_esito: None,
            dettaglio_esito: None,
            id_dominio: None,
            iuv: None,
            ccp: None,
            id_a2a: None,
            id_pendenza: None,
            id_pagamento: None,
            id_psp: None,
            id_canale: None,
            id_stazione: None,
            severita: 0,
            trace_id: platform::telemetry::current_trace_id(),
            richiesta: None,
            risposta: None,
        };
        Scambio {
            evento,
            begun: std::time::Instant::now(),
        }
    }

    /// Writes the exchange down. The time of the caller is not spent on it: a failure is logged.
    pub async fn end(&self, mut scambio: Scambio) {
        scambio.evento.durata_ms =
            i64::try_from(scambio.begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        let (tipo, iuv) = (scambio.evento.tipo.clone(), scambio.evento.iuv.clone());
        if let Err(error) = self.db.insert_evento(scambio.evento).await {
            tracing::error!(%error, tipo, iuv, "giornale not written");
        }
    }
}

impl Scambio {
    /// A refusal of business.
    pub fn ko(&mut self, codice: impl Into<String>, dettaglio: impl Into<String>) {
        self.outcome("KO", 3, codice, dettaglio);
    }

    /// A failure of a system.
    pub fn fail(&mut self, codice: impl Into<String>, dettaglio: impl Into<String>) {
        self.outcome("FAIL", 5, codice, dettaglio);
    }

    fn outcome(
        &mut self,
        esito: &'static str,
        severita: i32,
        codice: impl Into<String>,
        dettaglio: impl Into<String>,
    ) {
        self.evento.esito = esito;
        self.evento.severita = self.evento.severita.max(severita);
        self.evento.sottotipo_esito = Some(codice.into());
        self.evento.dettaglio_esito = Some(dettaglio.into());
    }

    /// The request as it went over the wire.
    pub fn richiesta(&mut self, method: &str, url: &str, payload: &str, at: DateTime<Utc>) {
        let messaggio = json!({
            "dataOraRichiesta": at.to_rfc3339(),
            "method": method,
            "url": url,
            "payload": testo(payload),
        });
        self.evento.richiesta = Some(messaggio.to_string());
    }

    /// The answer as it went over the wire.
    pub fn risposta(&mut self, status: u16, payload: &str, at: DateTime<Utc>) {
        let messaggio = json!({
            "dataOraRisposta": at.to_rfc3339(),
            "status": status,
            "payload": testo(payload),
        });
        self.evento.risposta = Some(messaggio.to_string());
        if self.evento.sottotipo_esito.is_none() {
            self.evento.sottotipo_esito = Some(status.to_string());
        }
    }
}

/// The payload without passwords, cut when it is huge.
fn testo(payload: &str) -> Value {
    let mut text = mask_passwords(payload);
    if let Some((end, _)) = text.char_indices().nth(MAX_PAYLOAD) {
        text.truncate(end);
        text.push_str("… (messaggio troncato)");
    }
    Value::String(text)
}

/// The content of `<password>`, with any prefix, becomes `•••`.
fn mask_passwords(payload: &str) -> String {
    let mut out = String::with_capacity(payload.len());
    let mut rest = payload;
    while let Some(found) = rest.find("password>") {
        let (before, after) = rest.split_at(found + "password>".len());
        out.push_str(before);
        rest = after;
        let opens = !before[..found].ends_with('/')
            && before[..found]
                .rfind('<')
                .is_some_and(|lt| !before[lt..].starts_with("</"));
        if let (true, Some(end)) = (opens, rest.find('<')) {
            out.push_str("•••");
            rest = &rest[end..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_stay_out_of_the_giornale() {
        let xml = "<a><password>Segreta-01</password><ppt:password>x</ppt:password><b>y</b></a>";
        let expected = "<a><password>•••</password><ppt:password>•••</ppt:password><b>y</b></a>";
        assert_eq!(mask_passwords(xml), expected);
        assert_eq!(mask_passwords("<a>niente</a>"), "<a>niente</a>");
    }
}
