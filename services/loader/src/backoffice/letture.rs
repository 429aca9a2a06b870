//! What became of the tracciati.

use actix_web::http::header::ACCEPT;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::StatoTracciato;
use govpay_api::tracciato::{StatoTracciatoPendenza, Tracciato as ConContenuto};
use govpay_api::{Categoria, Lista};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Chiamante, Guasto, Risposta, viste};
use crate::api;
use crate::app::App;
use crate::csv::Scrittore;
use crate::operatore::Operatore;
use crate::righe::{self, Quali};
use crate::scarica;
use crate::tracciato::{Filtro, Tracciato};

/// Rows of a page unless asked otherwise, and at most.
const PAGINA: i64 = 25;
const PAGINA_MAX: i64 = 5000;
/// Results that are counted, unless the caller wants all of them.
const MAX_RISULTATI: i64 = 10_000;
/// Longest content that a detail carries.
const CONTENUTO_MAX: i64 = 1024 * 1024;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ElencoQuery {
    id_dominio: Option<String>,
    stato_tracciato_pendenza: Option<StatoTracciatoPendenza>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaginaQuery {
    pagina: Option<i64>,
    risultati_per_pagina: Option<i64>,
    metadati_paginazione: Option<bool>,
    max_risultati: Option<bool>,
}

/// A page with the largest count.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pagina<T> {
    #[serde(flatten)]
    lista: Lista<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_risultati: Option<i64>,
}

impl PaginaQuery {
    /// Rows before the page, and rows of it.
    fn limiti(self) -> Result<(i64, i64), Guasto> {
        let (pagina, n) = (
            self.pagina.unwrap_or(1),
            self.risultati_per_pagina.unwrap_or(PAGINA),
        );
        if !(1..=PAGINA_MAX).contains(&n) {
            let detto =
                format!("risultatiPerPagina: il valore {n} deve essere tra 1 e {PAGINA_MAX}");
            return Err(Guasto::richiesta("400000", detto));
        }
        let prima = (pagina >= 1).then(|| (pagina - 1).checked_mul(n)).flatten();
        prima.map(|prima| (prima, n)).ok_or_else(|| {
            let detto = format!("pagina: il valore {pagina} non è il numero di una pagina, da 1");
            Guasto::richiesta("400000", detto)
        })
    }

    /// `None`: everything is counted.
    fn massimo(self) -> Option<i64> {
        (self.max_risultati != Some(false)).then_some(MAX_RISULTATI)
    }

    /// One row more than the page was looked for: whether it is there tells of a next page.
    fn pagina<T>(
        self,
        req: &HttpRequest,
        (mut righe, totale): (Vec<T>, Option<i64>),
    ) -> Result<Pagina<T>, Guasto> {
        let (prima, n) = self.limiti()?;
        let ancora = i64::try_from(righe.len()).is_ok_and(|trovate| trovate > n);
        righe.truncate(usize::try_from(n).unwrap_or(usize::MAX));
        let pagina = prima / n + 1;
        let contati = totale.map(|t| t.min(self.massimo().unwrap_or(i64::MAX)));
        Ok(Pagina {
            max_risultati: contati.and(self.massimo()),
            lista: Lista {
                num_risultati: contati,
                num_pagine: contati.map(|t| (t + n - 1) / n),
                risultati_per_pagina: n,
                pagina,
                prossimi_risultati: ancora.then(|| prossima(req, pagina + 1)),
                risultati: righe,
            },
        })
    }

    fn conta(self) -> bool {
        self.metadati_paginazione != Some(false)
    }
}

/// Path and query of another page.
fn prossima(req: &HttpRequest, pagina: i64) -> String {
    let coppie = url::form_urlencoded::parse(req.query_string().as_bytes());
    let altre = coppie.filter(|(nome, _)| nome != "pagina");
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(altre)
        .append_pair("pagina", &pagina.to_string())
        .finish();
    format!("{}?{query}", req.path())
}

pub async fn elenco(
    app: web::Data<App>,
    chiamante: Chiamante,
    query: web::Query<ElencoQuery>,
    pagina: web::Query<PaginaQuery>,
    req: HttpRequest,
) -> Risposta {
    let (prima, n) = pagina.limiti()?;
    let query = query.into_inner();
    let stati = query.stato_tracciato_pendenza.map(viste::stati);
    // Nothing of ours is ever in a state that has no counterpart.
    let nessuno = stati.as_ref().is_some_and(Vec::is_empty);
    let filtro = Filtro {
        id_dominio: query.id_dominio,
        stati: stati.unwrap_or_default(),
        ..Filtro::default()
    };
    let visibilita = chiamante.0.visibilita();
    let (trovati, totale) = if nessuno {
        (vec![], pagina.conta().then_some(0))
    } else {
        let totale = match pagina.conta() {
            true => Some(
                app.db
                    .count_tracciati(visibilita.clone(), filtro.clone())
                    .await?,
            ),
            false => None,
        };
        let trovati = app.db.list_da(visibilita, filtro, prima, n + 1).await?;
        (trovati, totale)
    };
    let domini = domini(&app, &trovati).await?;
    let righe = trovati.iter().map(|t| {
        let suo = domini.iter().find(|(id, _)| *id == t.id);
        viste::index(&app, t, suo.map(|(_, dominio)| dominio.as_str()))
    });
    let righe = righe.collect();
    Ok(HttpResponse::Ok().json(pagina.pagina(&req, (righe, totale))?))
}

/// The body of each of these tracciati that is of one only.
async fn domini(app: &App, tracciati: &[Tracciato]) -> Result<Vec<(i64, String)>, Guasto> {
    let ids: Vec<i64> = tracciati.iter().map(|t| t.id).collect();
    let tutti = app.db.domini_of(ids).await?;
    let soli = tutti.iter().filter(|(id, _)| {
        let suoi = tutti.iter().filter(|(altro, _)| altro == id);
        suoi.count() == 1
    });
    Ok(soli.cloned().collect())
}

async fn trova(app: &App, chi: &Operatore, id: i64) -> Result<Tracciato, Guasto> {
    Ok(api::trova(app, chi, id).await?)
}

async fn vista(app: &App, t: &Tracciato) -> Result<govpay_api::tracciato::TracciatoIndex, Guasto> {
    let domini = domini(app, std::slice::from_ref(t)).await?;
    Ok(viste::index(
        app,
        t,
        domini.first().map(|(_, d)| d.as_str()),
    ))
}

pub async fn dettaglio(app: web::Data<App>, chiamante: Chiamante, id: web::Path<i64>) -> Risposta {
    let tracciato = trova(&app, &chiamante.0, *id).await?;
    let contenuto = contenuto(&app, &tracciato).await?;
    let index = vista(&app, &tracciato).await?;
    Ok(HttpResponse::Ok().json(ConContenuto { index, contenuto }))
}

/// The tracciato itself when it is a JSON of a reasonable size, else what identifies it.
async fn contenuto(app: &App, tracciato: &Tracciato) -> Result<Box<RawValue>, Guasto> {
    if tracciato.lettura()?.json && tracciato.dimensione <= CONTENUTO_MAX {
        let mut bytes = Vec::new();
        let id = &tracciato.contenuto_id;
        for numero in 0.. {
            match app.db.find_chunk(id.clone(), numero).await? {
                Some(chunk) => bytes.extend_from_slice(&chunk),
                None => break,
            }
        }
        let testo = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        // One that was thrown away may be anything.
        if let Ok(intero) = serde_json::from_slice(testo) {
            return Ok(intero);
        }
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Solo<'a> {
        id_tracciato: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        id_dominio: Option<&'a str>,
    }
    let solo = Solo {
        id_tracciato: tracciato.id.to_string(),
        id_dominio: tracciato.id_dominio.as_deref(),
    };
    serde_json::value::to_raw_value(&solo).map_err(|error| anyhow::Error::from(error).into())
}

pub async fn richiesta(app: web::Data<App>, chiamante: Chiamante, id: web::Path<i64>) -> Risposta {
    let tracciato = trova(&app, &chiamante.0, *id).await?;
    Ok(scarica::originale(&app, &tracciato))
}

/// 404 until there are outcomes, and when there never will be any.
async fn elaborato(app: &App, tracciato: &Tracciato) -> Result<(), Guasto> {
    let id = tracciato.id;
    match StatoTracciato::parse(&tracciato.nome_stato) {
        Some(StatoTracciato::ValidazioneKo) => {
            let detto = format!("il tracciato {id} è stato scartato: non ha esiti");
            Err(Guasto::non_trovato(detto))
        }
        _ if !tracciato.is_elaborato() => {
            let detto = format!("il tracciato {id} non è ancora stato elaborato: riprova tra poco");
            Err(Guasto::non_trovato(detto))
        }
        _ => {
            let pronto = api::pronto(app, tracciato).await;
            pronto.map_err(|error| Guasto::non_trovato(error.to_string()))
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Forma {
    Csv,
    Json,
}

/// The first of the two forms that the caller names; that of the tracciato when any will do.
fn forma(req: &HttpRequest, json: bool) -> Result<Forma, Guasto> {
    let sua = if json { Forma::Json } else { Forma::Csv };
    let accept = req.headers().get(ACCEPT).and_then(|v| v.to_str().ok());
    let Some(accept) = accept.filter(|a| !a.trim().is_empty()) else {
        return Ok(sua);
    };
    let tipi = accept
        .split(',')
        .map(|t| t.split(';').next().unwrap_or_default().trim());
    let trovata = tipi
        .filter_map(|tipo| match tipo.to_ascii_lowercase().as_str() {
            "application/json" => Some(Forma::Json),
            "text/csv" => Some(Forma::Csv),
            "text/*" if !json => Some(Forma::Csv),
            "*/*" => Some(sua),
            _ => None,
        })
        .next();
    trovata.ok_or_else(|| {
        let detto = "l'esito di un tracciato è application/json o text/csv";
        Guasto::new(406, Categoria::Richiesta, "406000", detto)
    })
}

pub async fn esito(
    app: web::Data<App>,
    chiamante: Chiamante,
    id: web::Path<i64>,
    req: HttpRequest,
) -> Risposta {
    let tracciato = trova(&app, &chiamante.0, *id).await?;
    let forma = forma(&req, tracciato.lettura()?.json)?;
    elaborato(&app, &tracciato).await?;
    if forma == Forma::Json {
        let index = vista(&app, &tracciato).await?;
        let index = serde_json::to_string(&index).map_err(anyhow::Error::from)?;
        return Ok(scarica::govpay::json(&app, &tracciato, Some(index))?);
    }
    // For programs: without marks and guards.
    let out = Scrittore::new(b',', false, false);
    let nome = format!("esito_{}", tracciato.nome_file);
    Ok(scarica::govpay::csv(&app, &tracciato, out, &nome)?)
}

pub async fn stampe(app: web::Data<App>, chiamante: Chiamante, id: web::Path<i64>) -> Risposta {
    let tracciato = trova(&app, &chiamante.0, *id).await?;
    if !tracciato.stampa_avvisi {
        let detto = format!("il tracciato {id} è stato caricato senza stampa degli avvisi");
        return Err(Guasto::non_trovato(detto));
    }
    elaborato(&app, &tracciato).await?;
    Ok(scarica::stampe::zip(&app, &tracciato)?)
}

pub async fn operazioni(
    app: web::Data<App>,
    chiamante: Chiamante,
    id: web::Path<i64>,
    pagina: web::Query<PaginaQuery>,
    req: HttpRequest,
) -> Risposta {
    let tracciato = trova(&app, &chiamante.0, *id).await?;
    let (prima, n) = pagina.limiti()?;
    // Before the loading there are rows, no operations.
    let iniziato = tracciato.caricamento_at.is_some();
    let totale = tracciato.elaborate();
    let righe = if iniziato {
        let mostra = app.clone();
        let vista = move |letta, esito: Option<_>| {
            esito.map(|esito| viste::operazione(&mostra, &letta, &esito))
        };
        righe::elenco_di(&app, &tracciato, (prima, n + 1), Quali::Tutte, vista).await?
    } else {
        vec![]
    };
    let righe = righe.into_iter().flatten().collect();
    let totale = pagina.conta().then_some(totale);
    Ok(HttpResponse::Ok().json(pagina.pagina(&req, (righe, totale))?))
}
