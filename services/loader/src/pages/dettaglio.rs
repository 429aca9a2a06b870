//! One tracciato: its story, its faults, its rows, its downloads.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use askama::Template;
use chrono::NaiveDateTime;
use domain::StatoTracciato;
use domain::tracciato::Gravita;
use serde::Deserialize;
use web::sse::Event;
use web::{
    CsrfForm, FlashKind, Page, PageError, PageResult, Phase, TimelineItem, render, see_other,
};

use super::accesso::Utente;
use super::tracciato;
use crate::app::App;
use crate::lettura::Lettura;
use crate::novita;
use crate::righe::{self, Quali};
use crate::scarica::{self, Forma};
use crate::tracciato::{Esito, Politica, RigaVista, SegnalazioneRow, Tracciato};

/// Faults shown on the page; all of them are in the CSV.
const SEGNALAZIONI: i64 = 100;
/// Rows of a page.
const PAGINA: i64 = 50;

#[derive(Debug, Default, Deserialize)]
pub struct Domanda {
    #[serde(default)]
    scheda: String,
    #[serde(default)]
    esito: String,
    #[serde(default)]
    dopo: i64,
}

#[derive(Template)]
#[template(path = "dettaglio.html")]
struct Dettaglio {
    page: Page,
    t: Tracciato,
    lettura: Lettura,
    stato: StatoTracciato,
    operazioni: bool,
    passi: Vec<TimelineItem>,
    errori: Vec<SegnalazioneRow>,
    n_errori: i64,
    avvisi: Vec<SegnalazioneRow>,
    righe: Vec<RigaVista>,
    esito: String,
    precedente: Option<String>,
    successiva: Option<String>,
    console_url: String,
}

impl Dettaglio {
    fn badge(&self) -> web::html::Html {
        super::badge(&self.page, &self.t)
    }

    fn e_elaborato(&self) -> bool {
        matches!(
            self.stato,
            StatoTracciato::CaricamentoOk | StatoTracciato::CaricamentoKo
        )
    }

    fn e_valido(&self) -> bool {
        self.stato != StatoTracciato::ValidazioneKo
    }

    fn e_correggibile(&self) -> bool {
        correggibile(&self.t)
    }

    /// Rows done and to do of the work under way.
    fn avanzamento(&self) -> Option<(i64, i64)> {
        (self.stato == StatoTracciato::InCaricamento).then(|| (self.t.elaborate(), self.t.righe))
    }

    fn operazione(&self, riga: &RigaVista) -> String {
        self.page.t(match riga.annullamento {
            false => "inserimento",
            true => "annullamento",
        })
    }

    fn esito(&self, riga: &RigaVista) -> String {
        match &riga.esito {
            None => self.page.t("in-attesa"),
            Some(e) if e.esito == Esito::NonValido => self.page.t("non-valida"),
            Some(e) => e.esito.name().to_owned(),
        }
    }

    fn numero_avviso<'r>(&self, riga: &'r RigaVista) -> Option<&'r String> {
        riga.esito.as_ref()?.numero_avviso.as_ref()
    }

    fn errore<'r>(&self, riga: &'r RigaVista) -> Option<&'r String> {
        riga.esito.as_ref()?.errore.as_ref()
    }

    fn separatore(&self) -> String {
        match self.t.separatore.as_str() {
            "\t" => self.page.t("tabulazione"),
            altro => altro.to_owned(),
        }
    }

    fn formato(&self) -> String {
        formato(&self.page, self.t.formato.as_deref())
    }

    fn politica(&self) -> String {
        self.page.t(super::scelta::testo(self.t.politica()))
    }

    /// The own columns that the file was read through, as they are kept.
    fn mappa(&self) -> Option<String> {
        let mappa = self.lettura.mappa.as_ref()?;
        serde_json::to_string_pretty(mappa).ok()
    }

    /// How amounts and dates were read.
    fn forme(&self) -> String {
        let mut forme = self.lettura.forme.clone();
        if let Some(mappa) = &self.lettura.mappa {
            forme.decimale = forme.decimale.or(mappa.decimale);
            forme.data = forme.data.or_else(|| mappa.data.clone());
        }
        super::scelta::forme(&self.page, &forme)
    }

    /// Rows loaded and rows to be put right, when the good rows were loaded without the others.
    fn in_parte(&self) -> Option<(i64, i64)> {
        let errate = self.t.righe - self.t.righe_valide;
        let parte = self.e_elaborato() && errate > 0 && self.t.politica() == Politica::RigaPerRiga;
        parte.then_some((self.t.righe_caricate, errate))
    }

    /// Whether some rows were refused by the core and can be given to it again.
    fn e_ricaricabile(&self) -> bool {
        self.stato == StatoTracciato::CaricamentoKo
            && self.t.righe_in_errore > self.t.righe - self.t.righe_valide
    }

    fn e_prova(&self) -> bool {
        self.t.prova && self.stato == StatoTracciato::ValidazioneOk
    }

    fn console(&self, numero_avviso: &str) -> String {
        format!("{}/cerca?q={numero_avviso}", self.console_url)
    }
}

/// The words for a layout.
pub fn formato(page: &Page, nome: Option<&str>) -> String {
    page.t(match nome {
        Some("ADD_DEL") => "formato-add-del",
        Some("PROPRIO") => "formato-proprio",
        Some("JSON") => "formato-json",
        Some(_) => "formato-standard",
        None => "formato-ignoto",
    })
}

pub async fn dettaglio(
    app: Data<App>,
    page: Page,
    utente: Utente,
    id: Path<i64>,
    query: Query<Domanda>,
) -> PageResult {
    let t = tracciato(&app, &page, &utente.0, *id).await?;
    let domanda = query.into_inner();
    let (operazioni, tracciati) = (page.t("operazioni"), page.t("tracciati"));
    let mut page = page.crumb(operazioni, "").crumb(tracciati, "/tracciati");
    page.title.clone_from(&t.nome_file);
    let scheda = domanda.scheda == "operazioni";
    let db = &app.db;
    let mut vista = Dettaglio {
        lettura: t.lettura()?,
        stato: t.stato()?,
        operazioni: scheda,
        passi: passi(&page, &t)?,
        errori: vec![],
        n_errori: 0,
        avvisi: vec![],
        righe: vec![],
        esito: domanda.esito.clone(),
        precedente: None,
        successiva: None,
        console_url: app.console_url.clone(),
        page,
        t,
    };
    if scheda {
        let quali = match domanda.esito.as_str() {
            "OK" => Quali::Riuscite,
            "KO" => Quali::Rifiutate,
            _ => Quali::Tutte,
        };
        let pagina = (domanda.dopo, PAGINA + 1);
        let righe = righe::elenco(&app, &vista.t, pagina, quali).await;
        vista.righe = righe.map_err(PageError::internal)?;
        let altre = vista.righe.len() as i64 > PAGINA;
        vista.righe.truncate(PAGINA as usize);
        let qui = format!("/tracciati/{id}?scheda=operazioni&esito={}", vista.esito);
        vista.precedente = (domanda.dopo > 0).then(|| qui.clone());
        let ultima = vista.righe.last().filter(|_| altre);
        vista.successiva = ultima.map(|riga| format!("{qui}&dopo={}", riga.numero));
    } else {
        let (errore, avviso) = (Gravita::Errore.name(), Gravita::Avviso.name());
        vista.n_errori = db.count_segnalazioni(*id, errore).await?;
        vista.errori = db.list_segnalazioni(*id, errore, 0, SEGNALAZIONI).await?;
        vista.avvisi = db.list_segnalazioni(*id, avviso, 0, SEGNALAZIONI).await?;
    }
    render(&vista)
}

/// The story so far. The names of the states are not used here: they are told by the badge.
fn passi(page: &Page, t: &Tracciato) -> Result<Vec<TimelineItem>, PageError> {
    use StatoTracciato as S;
    let stato = t.stato()?;
    let durata = |da: Option<NaiveDateTime>, a: Option<NaiveDateTime>| {
        let secondi = (a? - da?).num_milliseconds().max(0);
        let (intero, decimi) = (secondi / 1000, secondi % 1000 / 100);
        Some(page.t1("durata", "s", format!("{intero},{decimi}")))
    };
    let passo = |key: &str, phase: Phase, at: Option<NaiveDateTime>, detail: Option<String>| {
        let mut item = TimelineItem::new(page.t(key), phase);
        if let Some(at) = at {
            item = item.at(at);
        }
        match detail {
            Some(detail) => item.detail(detail),
            None => item,
        }
    };
    let validazione = match stato {
        S::Nuovo => Phase::Todo,
        S::InValidazione => Phase::Current,
        S::ValidazioneKo => Phase::Failed,
        _ => Phase::Done,
    };
    let caricamento = match stato {
        S::InCaricamento => Phase::Current,
        S::CaricamentoOk => Phase::Done,
        S::CaricamentoKo => Phase::Failed,
        _ => Phase::Todo,
    };
    let mut passi = vec![
        passo("passo-ricevuto", Phase::Done, Some(t.caricato_at), None),
        passo(
            "passo-validazione",
            validazione,
            t.validato_at.or(t.validazione_at),
            durata(t.validazione_at, t.validato_at),
        ),
    ];
    let ferma = t.prova && stato == S::ValidazioneOk;
    if stato != S::ValidazioneKo && !ferma {
        passi.push(passo(
            "passo-caricamento",
            caricamento,
            t.concluso_at.or(t.caricamento_at),
            durata(t.caricamento_at, t.concluso_at),
        ));
    }
    Ok(passi)
}

/// News for the open page.
pub async fn eventi(app: Data<App>, page: Page, utente: Utente, id: Path<i64>) -> PageResult {
    tracciato(&app, &page, &utente.0, *id).await?;
    let topic = novita::topic(*id);
    Ok(app.hub.subscribe(&topic)?.respond(vec![Event::stato("")]))
}

pub async fn originale(app: Data<App>, page: Page, utente: Utente, id: Path<i64>) -> PageResult {
    let t = tracciato(&app, &page, &utente.0, *id).await?;
    Ok(scarica::originale(&app, &t))
}

pub async fn elaborato(
    app: Data<App>,
    page: Page,
    utente: Utente,
    id: Path<i64>,
    forma: Query<Forma>,
) -> PageResult {
    let t = tracciato(&app, &page, &utente.0, *id).await?;
    if let StatoTracciato::CaricamentoOk | StatoTracciato::CaricamentoKo = t.stato()? {
        if t.righe == 0 || !app.db.blocchi_da(t.id, 1, 1).await?.is_empty() {
            return scarica::elaborato(&app, &t, *forma).map_err(PageError::internal);
        }
        return Err(PageError::gone(page.t("esiti-non-conservati"))
            .action(page.t("torna-tracciato"), format!("/tracciati/{id}")));
    }
    Err(PageError::conflict(page.t("elaborato-non-pronto"))
        .title(page.t("elaborato-non-pronto-titolo"))
        .action(page.t("torna-tracciato"), format!("/tracciati/{id}")))
}

pub async fn errori(
    app: Data<App>,
    page: Page,
    utente: Utente,
    id: Path<i64>,
    forma: Query<Forma>,
) -> Result<HttpResponse, PageError> {
    let t = tracciato(&app, &page, &utente.0, *id).await?;
    scarica::errori(&app, &t, *forma).map_err(PageError::internal)
}

pub async fn corretto(app: Data<App>, page: Page, utente: Utente, id: Path<i64>) -> PageResult {
    let t = tracciato(&app, &page, &utente.0, *id).await?;
    if !correggibile(&t) {
        return Err(PageError::conflict(page.t("corretto-non-pronto"))
            .action(page.t("torna-tracciato"), format!("/tracciati/{id}")));
    }
    scarica::corretto(&app, &t).map_err(PageError::internal)
}

/// Whether the file was understood, so that a copy of it can be made: a JSON one has no copy.
fn correggibile(t: &Tracciato) -> bool {
    t.formato.as_deref().is_some_and(|f| f != "JSON")
}

#[derive(Deserialize)]
pub struct Niente {}

/// Loads again the refused rows.
pub async fn ricarica(
    app: Data<App>,
    page: Page,
    utente: Utente,
    id: Path<i64>,
    _body: CsrfForm<Niente>,
) -> PageResult {
    tracciato(&app, &page, &utente.0, *id).await?;
    let fatto = app.db.ricarica(*id, app.clock.now()).await?;
    detto(&page, *id, fatto, ("ricarica-avviata", "ricarica-niente"))
}

/// Loads what was only tried out.
pub async fn carica_prova(
    app: Data<App>,
    page: Page,
    utente: Utente,
    id: Path<i64>,
    _body: CsrfForm<Niente>,
) -> PageResult {
    tracciato(&app, &page, &utente.0, *id).await?;
    let fatto = app.db.carica_prova(*id, app.clock.now()).await?;
    detto(&page, *id, fatto, ("carica-avviato", "carica-niente"))
}

fn detto(page: &Page, id: i64, fatto: bool, (si, no): (&str, &str)) -> PageResult {
    let (kind, key) = match fatto {
        true => (FlashKind::Success, si),
        false => (FlashKind::Warning, no),
    };
    page.session().flash(kind, page.t(key));
    Ok(see_other(format!("/tracciati/{id}")))
}
