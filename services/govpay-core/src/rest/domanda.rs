//! What a list is asked: filters, some of them repeated, page, order, fields. Each is refused with its
//! name, its value and what was expected.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use chrono::{NaiveDateTime, TimeDelta};
use govpay_api::ListaPaginata;
use platform::StoreError;
use serde::Serialize;
use serde_json::value::RawValue;

use super::eventi::day;
use super::risposta::{Risposta, json};
use crate::elenco::{Conta, Fetta, Taglio};
use crate::pagamenti::Errore;

/// Rows of a page when the caller does not say.
const RIGHE: i64 = 25;

/// Most rows of a page in the Backoffice.
pub const MAX_BACKOFFICE: i64 = 5000;

/// Most rows of a page in version 3 of the APIs (`risultatiPerPagina`, maximum).
pub const MAX_V3: i64 = 200;

/// Where counting stops, unless `maxRisultati=false`.
const MAX_RISULTATI: i64 = 10_000;

/// The query of a request for a list.
pub struct Domanda<'r> {
    req: &'r HttpRequest,
    pairs: Vec<(String, String)>,
    max: i64,
}

impl<'r> Domanda<'r> {
    /// `max`: most rows of a page in that API.
    pub fn new(req: &'r HttpRequest, max: i64) -> Self {
        let pairs = url::form_urlencoded::parse(req.query_string().as_bytes());
        let pairs = pairs.filter(|(_, value)| !value.is_empty());
        Self {
            req,
            pairs: pairs
                .map(|(n, v)| (n.into_owned(), v.into_owned()))
                .collect(),
            max,
        }
    }

    /// All values of a parameter that may be repeated.
    pub fn tutti(&self, nome: &str) -> Vec<String> {
        let of = self.pairs.iter().filter(|(name, _)| name == nome);
        of.map(|(_, value)| value.clone()).collect()
    }

    /// The value of a parameter that stands once; an empty one is as good as absent.
    pub fn testo(&self, nome: &str) -> Result<Option<String>, Errore> {
        let mut values = self.tutti(nome);
        match values.len() {
            0 | 1 => Ok(values.pop()),
            n => Err(Errore::richiesta(format!(
                "{nome}: il parametro è presente {n} volte, ne è atteso uno"
            ))),
        }
    }

    /// One word of a list.
    pub fn parola<T>(
        &self,
        nome: &str,
        parse: impl Fn(&str) -> Option<T>,
        ammesse: &[&str],
    ) -> Result<Option<T>, Errore> {
        let text = self.testo(nome)?;
        text.map(|text| leggi(nome, &text, &parse, ammesse))
            .transpose()
    }

    /// Words of a list: repeated, or separated by commas.
    pub fn parole<T>(
        &self,
        nome: &str,
        parse: impl Fn(&str) -> Option<T>,
        ammesse: &[&str],
    ) -> Result<Vec<T>, Errore> {
        let values = self.tutti(nome);
        let words = values.iter().flat_map(|value| value.split(','));
        words
            .map(|text| leggi(nome, text.trim(), &parse, ammesse))
            .collect()
    }

    pub fn si_no(&self, nome: &str, senza: bool) -> Result<bool, Errore> {
        let parse = |text: &str| text.parse::<bool>().ok();
        let found = self.parola(nome, parse, &["true", "false"])?;
        Ok(found.unwrap_or(senza))
    }

    /// From when: a day of Rome or a moment.
    pub fn da(&self, nome: &str) -> Result<Option<NaiveDateTime>, Errore> {
        day(nome, self.testo(nome)?.as_deref(), 0)
    }

    /// Until when, that day or moment included: the first moment that is out.
    pub fn fino_a(&self, nome: &str) -> Result<Option<NaiveDateTime>, Errore> {
        let text = self.testo(nome)?;
        let moment = text.as_deref().is_some_and(|text| text.contains('T'));
        // The stores keep microseconds.
        let after = TimeDelta::microseconds(i64::from(moment));
        Ok(day(nome, text.as_deref(), 1)?.map(|at| at + after))
    }

    /// Fields of `ordinamento`, each with whether it descends. A `+` that was not escaped arrives as a
    /// blank.
    pub fn ordinamento(
        &self,
        ammessi: &[&'static str],
    ) -> Result<Vec<(&'static str, bool)>, Errore> {
        let Some(text) = self.testo("ordinamento")? else {
            return Ok(vec![]);
        };
        let field = |text: &str| {
            let (text, down) = match text.strip_prefix('-') {
                Some(rest) => (rest, true),
                None => (text.trim_start_matches(['+', ' ']), false),
            };
            let known = ammessi.iter().find(|name| **name == text.trim());
            known.map(|name| (*name, down)).ok_or_else(|| {
                Errore::richiesta(format!(
                    "ordinamento: il valore '{text}' non è tra {}",
                    ammessi.join(", ")
                ))
            })
        };
        text.split(',').map(field).collect()
    }

    /// The page that is wanted.
    pub fn taglio(&self) -> Result<Taglio, Errore> {
        let limit = self.numero("risultatiPerPagina", RIGHE, self.max)?;
        let pagina = self.numero("pagina", 1, i64::MAX)?;
        let offset = (pagina - 1).checked_mul(limit).ok_or_else(|| {
            Errore::richiesta(format!("pagina: il valore {pagina} è troppo grande"))
        })?;
        let conta = match (
            self.si_no("metadatiPaginazione", true)?,
            self.si_no("maxRisultati", true)?,
        ) {
            (false, _) => Conta::No,
            (true, true) => Conta::FinoA(MAX_RISULTATI),
            (true, false) => Conta::Tutte,
        };
        Ok(Taglio {
            limit,
            offset,
            conta,
        })
    }

    fn numero(&self, nome: &str, senza: i64, max: i64) -> Result<i64, Errore> {
        let Some(text) = self.testo(nome)? else {
            return Ok(senza);
        };
        let number = text.parse().ok().filter(|n| (1..=max).contains(n));
        number.ok_or_else(|| {
            Errore::richiesta(match max {
                i64::MAX => format!("{nome}: il valore '{text}' deve essere un intero da 1 in su"),
                _ => format!("{nome}: il valore '{text}' deve essere un intero tra 1 e {max}"),
            })
        })
    }

    /// The answer: the page, with the fields of `campi` only when there is one.
    pub fn rispondi<T: Serialize>(&self, fetta: Fetta<T>) -> Risposta {
        let taglio = self.taglio()?;
        let pagina = taglio.offset / taglio.limit + 1;
        let limit = taglio.limit;
        let lista = ListaPaginata {
            num_risultati: fetta.totale,
            num_pagine: fetta.totale.map(|n| (n + limit - 1) / limit),
            risultati_per_pagina: limit,
            pagina,
            prossimi_risultati: fetta.altre.then(|| self.prossima(pagina + 1)),
            max_risultati: match taglio.conta {
                Conta::FinoA(max) => Some(max),
                Conta::No | Conta::Tutte => None,
            },
            risultati: fetta.rows,
        };
        match self.testo("campi")? {
            None => Ok(json(StatusCode::OK, &lista)),
            Some(campi) => Ok(json(StatusCode::OK, &ridotta(lista, &campi)?)),
        }
    }

    fn prossima(&self, pagina: i64) -> String {
        let others = self.pairs.iter().filter(|(name, _)| name != "pagina");
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(others)
            .append_pair("pagina", &pagina.to_string())
            .finish();
        format!("{}?{query}", self.req.path())
    }
}

fn leggi<T>(
    nome: &str,
    text: &str,
    parse: &impl Fn(&str) -> Option<T>,
    ammesse: &[&str],
) -> Result<T, Errore> {
    parse(text).ok_or_else(|| {
        Errore::richiesta(format!(
            "{nome}: il valore '{text}' non è tra {}",
            ammesse.join(", ")
        ))
    })
}

type Riga = BTreeMap<String, Box<RawValue>>;

/// The same page with some fields of each row. Amounts keep their digits.
fn ridotta<T: Serialize>(
    lista: ListaPaginata<T>,
    campi: &str,
) -> Result<ListaPaginata<Riga>, StoreError> {
    let wanted: Vec<&str> = campi.split(',').map(str::trim).collect();
    let reduce = |row: &T| {
        let text = serde_json::to_string(row).map_err(StoreError::corrupt)?;
        let mut row: Riga = serde_json::from_str(&text).map_err(StoreError::corrupt)?;
        row.retain(|name, _| wanted.contains(&name.as_str()));
        Ok(row)
    };
    Ok(ListaPaginata {
        risultati: lista
            .risultati
            .iter()
            .map(reduce)
            .collect::<Result<_, StoreError>>()?,
        num_risultati: lista.num_risultati,
        num_pagine: lista.num_pagine,
        risultati_per_pagina: lista.risultati_per_pagina,
        pagina: lista.pagina,
        prossimi_risultati: lista.prossimi_risultati,
        max_risultati: lista.max_risultati,
    })
}
