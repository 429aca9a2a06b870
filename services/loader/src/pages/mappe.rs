//! Operazioni > Formati: the own columns of the bodies, one mapping per tipo pendenza, tried on a sample
//! before they are kept.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use domain::tracciato::{Colonna, Mappa};
use serde::Deserialize;
use web::{
    CsrfForm, FlashKind, Form, Page, PageError, PageResult, render, render_status, see_other,
};

use super::accesso::Utente;
use crate::anteprima::CAMPI;
use crate::app::App;
use crate::mappe::{self, Prova};
use crate::operatore::Operatore;
use crate::tracciato::MappaRow;

#[derive(Template)]
#[template(path = "mappe.html")]
struct Elenco {
    page: Page,
    mappe: Vec<(MappaRow, String)>,
}

fn intestata(page: Page, key: &str) -> Page {
    let (operazioni, formati) = (page.t("operazioni"), page.t("formati"));
    let page = page.titled(key).crumb(operazioni, "");
    match key {
        "formati" => page,
        _ => page.crumb(formati, "/mappe"),
    }
}

pub async fn elenco(app: Data<App>, page: Page, utente: Utente) -> PageResult {
    let rows = app.db.list_mappe(utente.0.domini()).await?;
    let ente = |id: &str| {
        let noto = app.tenant.dominio(id);
        noto.map_or_else(|| id.to_owned(), |d| d.ragione_sociale.clone())
    };
    let mappe = rows
        .into_iter()
        .map(|row| (row.clone(), ente(&row.id_dominio)))
        .collect();
    render(&Elenco {
        page: intestata(page, "formati"),
        mappe,
    })
}

#[derive(Template)]
#[template(path = "mappa.html")]
struct Modulo {
    page: Page,
    form: Form,
    enti: Vec<(String, String)>,
    /// Names of the fields, for whoever writes a mapping.
    nomi: String,
    campi: Vec<String>,
    prova: Option<Prova>,
}

fn modulo(app: &App, page: Page, chi: &Operatore, form: Form, nuova: bool) -> Modulo {
    let miei = app.tenant.domini.iter().filter(|d| chi.puo(d.id.as_str()));
    let mut page = intestata(page, if nuova { "nuova-mappa" } else { "mappa" });
    page.invalid = !form.is_ok();
    Modulo {
        page,
        form,
        enti: miei
            .map(|d| (d.id.to_string(), d.ragione_sociale.clone()))
            .collect(),
        nomi: Colonna::tutte()
            .map(Colonna::nome)
            .collect::<Vec<_>>()
            .join(", "),
        campi: CAMPI.iter().map(|c| c.nome()).collect(),
        prova: None,
    }
}

/// What a new mapping begins with.
const ESEMPIO: &str = r#"{
  "colonne": {
    "idPendenza": "Codice", "causale": "Oggetto", "importo": "Dovuto", "dataScadenza": "Scadenza",
    "identificativoPagatore": "Codice fiscale", "anagraficaPagatore": ["Cognome", "Nome"],
    "idVoce1": "Codice", "importoVoce1": "Dovuto", "descrizioneVoce1": "Oggetto"
  },
  "costanti": {
    "idA2A": "GESTIONALE", "idDominio": "12345678903", "tipoPendenza": "TARI",
    "tipoSoggettoPagatore": "F", "tipoEntrataVoce1": "TARI"
  },
  "decimale": ",", "data": "gg/mm/aaaa"
}"#;

pub async fn nuova(app: Data<App>, page: Page, utente: Utente) -> PageResult {
    let mut form = Form::new();
    form.set("contenuto", ESEMPIO);
    render(&modulo(&app, page, &utente.0, form, true))
}

pub async fn modifica(
    app: Data<App>,
    page: Page,
    utente: Utente,
    chiave: Path<(String, String)>,
) -> PageResult {
    let (dominio, tipo) = chiave.into_inner();
    let row = match utente.0.puo(&dominio) {
        true => app.db.find_mappa(dominio, tipo).await?,
        false => None,
    };
    let row = row.ok_or_else(PageError::not_found)?;
    let mut form = Form::new();
    form.set("dominio", &row.id_dominio)
        .set("tipo", &row.id_tipo_pendenza)
        .set("contenuto", &row.contenuto);
    render(&modulo(&app, page, &utente.0, form, false))
}

#[derive(Deserialize)]
pub struct Salvata {
    #[serde(default)]
    dominio: String,
    #[serde(default)]
    tipo: String,
    #[serde(default)]
    contenuto: String,
    /// First lines of a file, pasted.
    #[serde(default)]
    campione: String,
    #[serde(default)]
    azione: String,
}

/// Keeps a mapping, or only tries it on the sample.
pub async fn salva(
    app: Data<App>,
    page: Page,
    utente: Utente,
    body: CsrfForm<Salvata>,
) -> PageResult {
    let body = body.0;
    let mut form = Form::new();
    form.set("dominio", &body.dominio)
        .set("tipo", &body.tipo)
        .set("contenuto", &body.contenuto)
        .set("campione", &body.campione);
    if let Err(motivo) = mappe::chiave_valida(&app, &utente.0, &body.dominio, &body.tipo) {
        form.error("tipo", motivo);
    }
    let mappa = match Mappa::parse(&body.contenuto) {
        Ok(mappa) => Some(mappa),
        Err(errori) => {
            form.error("contenuto", errori.join("; "));
            None
        }
    };
    let (true, Some(mappa)) = (form.is_ok(), mappa) else {
        let vista = modulo(&app, page, &utente.0, form, true);
        return render_status(StatusCode::UNPROCESSABLE_ENTITY, &vista);
    };
    if body.azione == "prova" {
        let provata = mappe::prova(&app, &utente.0, &mappa, body.campione.as_bytes());
        let mut vista = modulo(&app, page, &utente.0, form, true);
        vista.prova = Some(provata.map_err(PageError::internal)?);
        return render(&vista);
    }
    mappe::tieni(&app, &utente.0, (body.dominio, body.tipo), &mappa)
        .await
        .map_err(PageError::from)?;
    page.session()
        .flash(FlashKind::Success, page.t("mappa-salvata"));
    Ok(see_other("/mappe"))
}

#[derive(Deserialize)]
pub struct Niente {}

pub async fn togli(
    app: Data<App>,
    page: Page,
    utente: Utente,
    chiave: Path<(String, String)>,
    _body: CsrfForm<Niente>,
) -> PageResult {
    let (dominio, tipo) = chiave.into_inner();
    if !utente.0.puo(&dominio) || !app.db.delete_mappa(dominio, tipo).await? {
        return Err(PageError::not_found());
    }
    page.session()
        .flash(FlashKind::Success, page.t("mappa-tolta"));
    Ok(see_other("/mappe"))
}
