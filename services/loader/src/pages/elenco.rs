//! Operazioni > Tracciati: the list, with filters and pages.

use std::collections::HashMap;

use actix_web::web::{Data, Query};
use askama::Template;
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Europe::Rome;
use domain::StatoTracciato;
use serde::Deserialize;
use url::form_urlencoded::Serializer;
use uuid::Uuid;
use web::sse::Event;
use web::{Form, Page, PageResult, render};

use super::accesso::Utente;
use super::scelta::Scelta;
use crate::app::App;
use crate::novita;
use crate::operatore::Operatore;
use crate::tracciato::{Filtro, Tracciato};

/// Tracciati of a page.
const PAGINA: usize = 25;

#[derive(Debug, Default, Deserialize)]
pub struct Domanda {
    #[serde(default)]
    nome: String,
    #[serde(default)]
    stato: String,
    #[serde(default)]
    ente: String,
    #[serde(default)]
    dal: String,
    #[serde(default)]
    al: String,
    prima: Option<i64>,
    dopo: Option<i64>,
}

#[derive(Template)]
#[template(path = "elenco.html")]
struct Elenco {
    page: Page,
    filtri: Form,
    stati: Vec<(String, String)>,
    enti: Vec<(String, String)>,
    righe: Vec<Riga>,
    filtrato: bool,
    precedente: Option<String>,
    successiva: Option<String>,
    adesso: DateTime<Utc>,
    /// Fields of the dialog.
    form: Form,
    scelta: Scelta,
    chiave: String,
    max_mib: u64,
}

struct Riga {
    tracciato: Tracciato,
    ente: String,
}

impl Elenco {
    fn badge(&self, riga: &Riga) -> web::html::Html {
        super::badge(&self.page, &riga.tracciato)
    }
}

/// Groups of states that the home page counts.
const GRUPPI: [(&str, &[StatoTracciato]); 4] = [
    (
        "da-validare",
        &[StatoTracciato::Nuovo, StatoTracciato::InValidazione],
    ),
    (
        "da-caricare",
        &[StatoTracciato::ValidazioneOk, StatoTracciato::InCaricamento],
    ),
    (
        "con-errori",
        &[StatoTracciato::ValidazioneKo, StatoTracciato::CaricamentoKo],
    ),
    ("caricati", &[StatoTracciato::CaricamentoOk]),
];

fn stati(nome: &str) -> Vec<StatoTracciato> {
    let gruppo = GRUPPI.iter().find(|(gruppo, _)| *gruppo == nome);
    match gruppo {
        Some((_, stati)) => stati.to_vec(),
        None => StatoTracciato::parse(nome).into_iter().collect(),
    }
}

pub async fn elenco(
    app: Data<App>,
    page: Page,
    utente: Utente,
    query: Query<Domanda>,
) -> PageResult {
    let domanda = query.into_inner();
    let operazioni = page.t("operazioni");
    let page = page.titled("tracciati").crumb(operazioni, "");
    let mut filtri = Form::new();
    for (nome, valore) in [
        ("nome", &domanda.nome),
        ("stato", &domanda.stato),
        ("ente", &domanda.ente),
        ("dal", &domanda.dal),
        ("al", &domanda.al),
    ] {
        filtri.set(nome, valore);
    }
    let filtro = Filtro {
        nome: testo(&domanda.nome),
        stati: stati(&domanda.stato),
        id_dominio: testo(&domanda.ente),
        dal: giorno(&page, &mut filtri, "dal", 0),
        al: giorno(&page, &mut filtri, "al", 1),
        prima_di: domanda.prima,
        dopo_di: domanda.dopo.filter(|_| domanda.prima.is_none()),
    };
    let indietro = filtro.dopo_di.is_some();
    let filtrato = domanda.nome.len() + domanda.stato.len() + domanda.ente.len() > 0
        || filtro.dal.is_some()
        || filtro.al.is_some();
    let limit = PAGINA as i64 + 1;
    let mut trovati = app.db.list(utente.0.visibilita(), filtro, limit).await?;
    let di_piu = trovati.len() > PAGINA;
    if di_piu && indietro {
        trovati.remove(0);
    }
    trovati.truncate(PAGINA);
    let collega = |chiave: &str, id: Option<i64>| id.map(|id| indirizzo(&domanda, chiave, id));
    let ci_sono_nuovi = if indietro {
        di_piu
    } else {
        domanda.prima.is_some()
    };
    let precedente = trovati.first().filter(|_| ci_sono_nuovi).map(|t| t.id);
    let successiva = trovati.last().filter(|_| di_piu || indietro).map(|t| t.id);
    let (precedente, successiva) = (collega("dopo", precedente), collega("prima", successiva));
    let scelta = Scelta::new(&app, &page, &utente.0).await?;
    render(&Elenco {
        stati: opzioni_stati(&page),
        enti: opzioni_enti(&app, &page, &utente.0),
        righe: con_enti(&app, &page, trovati).await?,
        filtri,
        filtrato,
        precedente,
        successiva,
        adesso: app.clock.now(),
        form: Form::new(),
        scelta,
        chiave: Uuid::new_v4().to_string(),
        max_mib: app.limiti.bytes / (1024 * 1024),
        page,
    })
}

fn testo(valore: &str) -> Option<String> {
    let valore = valore.trim();
    (!valore.is_empty()).then(|| valore.to_owned())
}

/// The beginning of a day in Rome, `piu` days later.
fn giorno(page: &Page, filtri: &mut Form, nome: &str, piu: u64) -> Option<NaiveDateTime> {
    let valore = filtri.value(nome).trim().to_owned();
    if valore.is_empty() {
        return None;
    }
    let giorno = NaiveDate::parse_from_str(&valore, "%Y-%m-%d")
        .ok()
        .and_then(|giorno| giorno.checked_add_days(Days::new(piu)));
    let Some(giorno) = giorno else {
        filtri.error(nome, page.t("data-non-valida"));
        return None;
    };
    let mezzanotte = giorno.and_time(NaiveTime::MIN);
    let inizio = Rome.from_local_datetime(&mezzanotte).earliest();
    Some(inizio.map_or(mezzanotte, |at| at.naive_utc()))
}

fn indirizzo(domanda: &Domanda, chiave: &str, id: i64) -> String {
    let mut query = Serializer::new(String::new());
    for (nome, valore) in [
        ("nome", &domanda.nome),
        ("stato", &domanda.stato),
        ("ente", &domanda.ente),
        ("dal", &domanda.dal),
        ("al", &domanda.al),
    ] {
        if !valore.is_empty() {
            query.append_pair(nome, valore);
        }
    }
    query.append_pair(chiave, &id.to_string());
    format!("/tracciati?{}", query.finish())
}

fn opzioni_stati(page: &Page) -> Vec<(String, String)> {
    let mut opzioni = vec![(String::new(), page.t("tutti-gli-stati"))];
    opzioni.extend(
        GRUPPI
            .iter()
            .map(|(nome, _)| ((*nome).to_owned(), page.t(nome))),
    );
    opzioni.extend(StatoTracciato::ALL.map(|stato| {
        use web::badge::Stato as _;
        let label = stato.badge().label(page.lang());
        (stato.name().to_owned(), label.to_owned())
    }));
    opzioni
}

fn opzioni_enti(app: &App, page: &Page, chi: &Operatore) -> Vec<(String, String)> {
    let miei = app.tenant.domini.iter().filter(|d| chi.puo(d.id.as_str()));
    let mut opzioni = vec![(String::new(), page.t("tutti-gli-enti"))];
    opzioni.extend(miei.map(|d| (d.id.to_string(), d.ragione_sociale.clone())));
    opzioni
}

async fn con_enti(
    app: &App,
    page: &Page,
    tracciati: Vec<Tracciato>,
) -> Result<Vec<Riga>, web::PageError> {
    let ids = tracciati.iter().map(|t| t.id).collect();
    let mut enti: HashMap<i64, Vec<String>> = HashMap::new();
    for (id, dominio) in app.db.domini_of(ids).await? {
        enti.entry(id).or_default().push(dominio);
    }
    let nome = |dominio: &str| {
        let noto = app.tenant.dominio(dominio);
        noto.map_or(dominio.to_owned(), |d| d.ragione_sociale.clone())
    };
    let righe = tracciati.into_iter().map(|tracciato| {
        let ente = match enti.get(&tracciato.id).map(Vec::as_slice) {
            None | Some([]) => "—".to_owned(),
            Some([uno]) => nome(uno),
            Some(molti) => page.t1("n-enti", "n", molti.len()),
        };
        Riga { tracciato, ente }
    });
    Ok(righe.collect())
}

/// News for the open list.
pub async fn eventi(app: Data<App>, _utente: Utente) -> PageResult {
    Ok(app
        .hub
        .subscribe(novita::ELENCO)?
        .respond(vec![Event::stato("")]))
}
