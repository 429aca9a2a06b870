//! Lists of the anagrafica: filtered, ordered and cut into pages in memory. They have as many rows as
//! an intermediary has bodies, offices and accounts, and are read by people.

use std::cmp::Ordering;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::pagamenti::Errore;
use crate::rest::risposta::{Impaginazione, Risposta, json};
use crate::tentativo::Pagina;

/// Parameters that all lists of the anagrafica take.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Elenco {
    pagina: Option<i64>,
    risultati_per_pagina: Option<i64>,
    metadati_paginazione: Option<bool>,
    /// Names of fields, each with `+` or `-` before it, separated by commas.
    ordinamento: Option<String>,
    /// Names of the fields wanted, separated by commas.
    campi: Option<String>,
    abilitato: Option<bool>,
    id_dominio: Option<String>,
    id_stazione: Option<String>,
    #[serde(rename = "idA2A")]
    id_a2a: Option<String>,
    id_tipo_pendenza: Option<String>,
    principal: Option<String>,
    iban: Option<String>,
    descrizione: Option<String>,
    ragione_sociale: Option<String>,
    intermediato: Option<bool>,
    /// Kinds of debt with a form that people can fill in the console.
    form: Option<bool>,
    /// Kinds of debt with templates for their own CSV.
    trasformazione: Option<bool>,
    /// Only what the caller works with.
    pub associati: Option<bool>,
    /// Only the kinds of debt that this body does not have.
    pub non_associati: Option<String>,
}

impl Elenco {
    /// The answer, of the rows that pass the filters. A row without the field that a filter is about
    /// does not pass.
    pub fn risposta<T: Serialize>(self, rows: Vec<T>, req: &HttpRequest) -> Risposta {
        let mut found = vec![];
        for row in rows {
            let row = serde_json::to_value(row).map_err(platform::StoreError::corrupt)?;
            if self.passa(&row) {
                found.push(row);
            }
        }
        let chiavi = ordine(self.ordinamento.as_deref(), found.first())?;
        found.sort_by(|a, b| confronta(a, b, &chiavi));
        let page = Impaginazione {
            pagina: self.pagina,
            risultati_per_pagina: self.risultati_per_pagina,
            metadati_paginazione: self.metadati_paginazione,
        };
        let (size, offset) = page.limits()?;
        let totale = i64::try_from(found.len()).unwrap_or(i64::MAX);
        let skip = usize::try_from(offset).unwrap_or(usize::MAX);
        let take = usize::try_from(size).unwrap_or(0);
        let mut rows: Vec<Value> = found.into_iter().skip(skip).take(take).collect();
        if let Some(campi) = self
            .campi
            .as_deref()
            .filter(|campi| !campi.trim().is_empty())
        {
            let wanted: Vec<&str> = campi.split(',').map(str::trim).collect();
            for row in &mut rows {
                if let Value::Object(fields) = row {
                    fields.retain(|name, _| wanted.contains(&name.as_str()));
                }
            }
        }
        let lista = page.lista(Pagina { rows, totale }, req.path(), req.query_string())?;
        Ok(json(StatusCode::OK, &lista))
    }

    fn passa(&self, row: &Value) -> bool {
        let exact = [
            ("idDominio", &self.id_dominio),
            ("stazione", &self.id_stazione),
            ("idA2A", &self.id_a2a),
            ("principal", &self.principal),
        ];
        // What people search by a part of, in capitals or not.
        let part = [
            ("idTipoPendenza", &self.id_tipo_pendenza),
            ("iban", &self.iban),
            ("descrizione", &self.descrizione),
            ("ragioneSociale", &self.ragione_sociale),
        ];
        let flags = [
            ("abilitato", self.abilitato),
            ("intermediato", self.intermediato),
        ];
        // An entrata of a body is described by the entrata of all.
        let text = |name: &str| {
            row[name]
                .as_str()
                .or_else(|| row["tipoEntrata"][name].as_str())
        };
        let same = |(name, wanted): (&str, &Option<String>)| {
            wanted.is_none() || text(name) == wanted.as_deref()
        };
        let contains = |(name, wanted): (&str, &Option<String>)| {
            let Some(wanted) = wanted else { return true };
            let found = text(name).map(str::to_lowercase);
            found.is_some_and(|found| found.contains(&wanted.to_lowercase()))
        };
        // Both are true of whoever does not say.
        let flag = |(name, wanted): (&str, Option<bool>)| {
            wanted.is_none_or(|wanted| row[name].as_bool().unwrap_or(true) == wanted)
        };
        let parts = [
            (&row["portaleBackoffice"]["form"], self.form),
            (&row["tracciatoCsv"], self.trasformazione),
        ];
        let has = |(part, wanted): (&Value, Option<bool>)| {
            wanted.is_none_or(|wanted| part.is_object() == wanted)
        };
        parts.into_iter().all(has)
            && exact.into_iter().all(same)
            && part.into_iter().all(contains)
            && flags.into_iter().all(flag)
    }
}

/// Fields to order by, and whether from the last.
fn ordine(
    ordinamento: Option<&str>,
    sample: Option<&Value>,
) -> Result<Vec<(String, bool)>, Errore> {
    let mut chiavi = vec![];
    for part in ordinamento.unwrap_or_default().split(',') {
        // A `+` of a query that was not encoded arrives as a blank.
        let name = part.trim().trim_start_matches(['+', '-', ' ']);
        if name.is_empty() {
            continue;
        }
        if sample.is_some_and(|row| row.get(name).is_none()) {
            return Err(Errore::richiesta(format!(
                "ordinamento: il valore '{name}' non è un campo di questo elenco"
            )));
        }
        chiavi.push((name.to_owned(), part.trim().starts_with('-')));
    }
    Ok(chiavi)
}

fn confronta(a: &Value, b: &Value, chiavi: &[(String, bool)]) -> Ordering {
    let text = |row: &Value, name: &str| match &row[name] {
        Value::String(text) => text.to_lowercase(),
        other => other.to_string(),
    };
    for (name, back) in chiavi {
        let found = text(a, name).cmp(&text(b, name));
        let found = if *back { found.reverse() } else { found };
        if found != Ordering::Equal {
            return found;
        }
    }
    Ordering::Equal
}
