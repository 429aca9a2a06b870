//! Operazioni > Formati: the own columns of the bodies, one mapping per tipo pendenza, tried on a sample
//! before they are kept.

mod modulo;

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use domain::tracciato::{Colonna, Mappa};
use serde::Deserialize;
use web::{
    CsrfForm, FlashKind, Form, Page, PageError, PageResult, render, render_status, see_other,
};

use self::modulo::Inviata;
use super::accesso::Utente;
use crate::app::App;
use crate::mappe::{self, Prova, SegnalazioneProva};
use crate::operatore::Operatore;
use crate::tracciato::MappaRow;

fn intestata(page: Page, key: &str) -> Page {
    let (operazioni, formati) = (page.t("operazioni"), page.t("formati"));
    let page = page.titled(key).crumb(operazioni, "");
    match key {
        "formati" => page,
        _ => page.crumb(formati, "/mappe"),
    }
}

/// Name of a body; its code when the tenant does not have it any more.
fn ente(app: &App, id: &str) -> String {
    let noto = app.tenant.dominio(id);
    noto.map_or_else(|| id.to_owned(), |d| d.ragione_sociale.clone())
}

#[derive(Template)]
#[template(path = "mappe.html")]
struct Elenco {
    page: Page,
    mappe: Vec<(MappaRow, String)>,
}

pub async fn elenco(app: Data<App>, page: Page, utente: Utente) -> PageResult {
    let rows = app.db.list_mappe(utente.0.domini()).await?;
    let mappe = rows.into_iter().map(|row| {
        let ente = ente(&app, &row.id_dominio);
        (row, ente)
    });
    render(&Elenco {
        mappe: mappe.collect(),
        page: intestata(page, "formati"),
    })
}

#[derive(Template)]
#[template(path = "mappa.html")]
struct Vista {
    page: Page,
    form: Form,
    /// `idDominio/idTipoPendenza` and words, of what the operator may choose.
    chiavi: Vec<(String, String)>,
    /// Words for the key of a mapping that is kept already.
    fissa: Option<String>,
    /// All that is wrong with the mapping.
    errori: Vec<String>,
    prova: Option<Prova>,
}

impl Vista {
    fn new(app: &App, page: Page, chi: &Operatore, (form, modifica): (Form, bool)) -> Self {
        let mut page = intestata(page, if modifica { "mappa" } else { "nuova-mappa" });
        page.invalid = !form.is_ok();
        let miei = app.tenant.domini.iter().filter(|d| chi.puo(d.id.as_str()));
        let chiavi: Vec<(String, String)> = miei
            .flat_map(|d| {
                d.tipi_pendenza.iter().map(move |t| {
                    let chiave = format!("{}/{}", d.id, t.id);
                    (chiave, format!("{}, {}", d.ragione_sociale, t.id))
                })
            })
            .collect();
        let fissa = modifica.then(|| {
            let (dominio, tipo) = form.value("tipo").split_once('/').unwrap_or_default();
            format!("{}, {tipo}", ente(app, dominio))
        });
        Self {
            page,
            form,
            chiavi,
            fissa,
            errori: vec![],
            prova: None,
        }
    }

    fn segnalazioni<'p>(&self, prova: &'p Prova) -> Vec<(u64, &'p SegnalazioneProva)> {
        prova.segnalazioni.iter().map(|s| (s.riga, s)).collect()
    }

    /// Names of the fields that a mapping must feed.
    fn obbligatori(&self) -> String {
        elenca(Colonna::OBBLIGATORIE.into_iter())
    }

    /// Names of all fields.
    fn nomi(&self) -> String {
        elenca(Colonna::tutte())
    }

    fn esempio(&self) -> &'static str {
        ESEMPIO
    }

    fn esempio_righe(&self) -> &'static str {
        RIGHE
    }
}

fn elenca(colonne: impl Iterator<Item = Colonna>) -> String {
    colonne.map(Colonna::nome).collect::<Vec<_>>().join(", ")
}

/// The example of the page, which a new mapping begins with: see `samples/colonne-proprie.csv`.
const ESEMPIO: &str = include_str!("../../../../samples/colonne-proprie.json");
/// What the example is for, in the demo tenant.
const ESEMPIO_DI: &str = "12345678903/MENSA";
const RIGHE: &str = include_str!("../../../../samples/colonne-proprie.csv");

pub async fn nuova(app: Data<App>, page: Page, utente: Utente) -> PageResult {
    let mut form = Form::new();
    form.set("tipo", ESEMPIO_DI).set("mappa", ESEMPIO);
    render(&Vista::new(&app, page, &utente.0, (form, false)))
}

pub async fn modifica(
    app: Data<App>,
    page: Page,
    utente: Utente,
    chiave: Path<(String, String)>,
) -> PageResult {
    let row = trova(&app, &utente.0, chiave.into_inner()).await?;
    let mut form = Form::new();
    form.set(
        "tipo",
        format!("{}/{}", row.id_dominio, row.id_tipo_pendenza),
    )
    .set("mappa", &row.contenuto);
    render(&Vista::new(&app, page, &utente.0, (form, true)))
}

async fn trova(
    app: &App,
    chi: &Operatore,
    (dominio, tipo): (String, String),
) -> Result<MappaRow, PageError> {
    let row = match chi.puo(&dominio) {
        true => app.db.find_mappa(dominio, tipo).await?,
        false => None,
    };
    row.ok_or_else(PageError::not_found)
}

/// Keeps a mapping, or only tries it on the sample.
pub async fn salva(
    app: Data<App>,
    page: Page,
    utente: Utente,
    req: HttpRequest,
    body: Multipart,
) -> PageResult {
    let inviata = modulo::leggi(&req, body).await?;
    let mut form = inviata.form();
    let prova = inviata.azione == "prova";
    let letta = Mappa::parse(&inviata.mappa);
    let errori = match &letta {
        Ok(mappa) if !prova => {
            let (dominio, tipo) = inviata.chiave();
            mappe::incoerenze(mappa, dominio, tipo)
        }
        Ok(_) => vec![],
        Err(errori) => errori.clone(),
    };
    if !errori.is_empty() {
        form.error("mappa", page.t1("mappa-errata", "n", errori.len()));
    }
    if prova {
        prova_il_campione(&page, &inviata, &mut form);
    } else if let Some(motivo) = chiave_errata(&app, &page, &utente.0, &inviata).await? {
        form.error("tipo", motivo);
    }
    let (true, Ok(mappa)) = (form.is_ok(), letta) else {
        let mut vista = Vista::new(&app, page, &utente.0, (form, inviata.modifica));
        vista.errori = errori;
        return render_status(StatusCode::UNPROCESSABLE_ENTITY, &vista);
    };
    if prova {
        return provata(app, page, utente.0, (form, inviata, mappa)).await;
    }
    let (dominio, tipo) = inviata.chiave();
    mappe::tieni(
        &app,
        &utente.0,
        (dominio.to_owned(), tipo.to_owned()),
        &mappa,
    )
    .await
    .map_err(PageError::from)?;
    page.session()
        .flash(FlashKind::Success, page.t("mappa-salvata"));
    Ok(see_other("/mappe"))
}

/// Says what is wrong with the sample.
fn prova_il_campione(page: &Page, inviata: &Inviata, form: &mut Form) {
    if inviata.troppo {
        form.error("campione", page.t("campione-troppo-grande"));
    } else if inviata.campione.is_empty() {
        form.error("campione", page.t("campione-manca"));
    }
}

/// Why nothing can be kept for this body and tipo.
async fn chiave_errata(
    app: &App,
    page: &Page,
    chi: &Operatore,
    inviata: &Inviata,
) -> Result<Option<String>, PageError> {
    let (dominio, tipo) = inviata.chiave();
    if let Err(motivo) = mappe::chiave_valida(app, chi, dominio, tipo) {
        return Ok(Some(motivo));
    }
    if inviata.modifica {
        return Ok(None);
    }
    let gia = app
        .db
        .find_mappa(dominio.to_owned(), tipo.to_owned())
        .await?;
    Ok(gia.map(|_| page.t("mappa-esiste")))
}

/// Shows what the mapping makes of the sample.
async fn provata(
    app: Data<App>,
    page: Page,
    chi: Operatore,
    (form, inviata, mappa): (Form, Inviata, Mappa),
) -> PageResult {
    let modifica = inviata.modifica;
    let mut vista = Vista::new(&app, page, &chi, (form, modifica));
    let lavoro = move || mappe::prova(&app, &chi, &mappa, &inviata.campione);
    let provata = actix_web::web::block(lavoro).await;
    let provata = provata.map_err(|error| PageError::internal(error.into()))?;
    vista.prova = Some(provata.map_err(PageError::internal)?);
    render(&vista)
}

/// Asks whether a mapping is to be removed.
#[derive(Template)]
#[template(path = "mappa_togli.html")]
struct Conferma {
    page: Page,
    mappa: MappaRow,
    ente: String,
}

pub async fn chiedi(
    app: Data<App>,
    page: Page,
    utente: Utente,
    chiave: Path<(String, String)>,
) -> PageResult {
    let mappa = trova(&app, &utente.0, chiave.into_inner()).await?;
    render(&Conferma {
        ente: ente(&app, &mappa.id_dominio),
        page: intestata(page, "togli-mappa"),
        mappa,
    })
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
