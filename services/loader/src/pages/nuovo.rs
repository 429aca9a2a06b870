//! The upload form: a page, and the dialog of the list.

use actix_multipart::{Field, Multipart};
use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use futures_util::StreamExt as _;
use serde::Deserialize;
use uuid::Uuid;
use web::{
    CsrfForm, FlashKind, Form, Page, PageError, PageResult, check_csrf, render, render_status,
    see_other,
};

use super::accesso::Utente;
use crate::app::App;
use crate::carica::{self, Arrivato, Depositato, Errore, Modulo};
use crate::csv::Scelte;
use crate::operatore::Operatore;
use crate::tracciato::{Caricato, Tracciato};

/// What the drop-down lists offer.
pub struct Scelta {
    pub codifiche: Vec<(String, String)>,
    pub separatori: Vec<(String, String)>,
}

impl Scelta {
    pub fn new(page: &Page) -> Self {
        let coppia = |valore: &str, testo: String| (valore.to_owned(), testo);
        Self {
            codifiche: vec![
                coppia("", page.t("riconosci")),
                coppia("UTF-8", "UTF-8".to_owned()),
                coppia("windows-1252", "Windows-1252".to_owned()),
            ],
            separatori: vec![
                coppia("", page.t("riconosci")),
                coppia(",", page.t("virgola")),
                coppia(";", page.t("punto-e-virgola")),
                coppia("tab", page.t("tabulazione")),
                coppia("|", page.t("barra")),
            ],
        }
    }
}

#[derive(Template)]
#[template(path = "nuovo.html")]
struct Nuovo {
    page: Page,
    form: Form,
    codifiche: Vec<(String, String)>,
    separatori: Vec<(String, String)>,
    chiave: String,
    max_mib: u64,
}

fn nuovo(app: &App, page: Page, form: Form) -> Nuovo {
    let (operazioni, tracciati) = (page.t("operazioni"), page.t("tracciati"));
    let mut page = page
        .titled("nuovo-tracciato")
        .crumb(operazioni, "")
        .crumb(tracciati, "/tracciati");
    page.invalid = !form.is_ok();
    let scelta = Scelta::new(&page);
    Nuovo {
        page,
        form,
        codifiche: scelta.codifiche,
        separatori: scelta.separatori,
        chiave: Uuid::new_v4().to_string(),
        max_mib: app.limiti.bytes / (1024 * 1024),
    }
}

pub async fn mostra(app: Data<App>, page: Page, _utente: Utente) -> PageResult {
    render(&nuovo(&app, page, Form::new()))
}

/// The short fields of the form. The token comes before the file, the choices after it.
#[derive(Default)]
struct Campi {
    csrf: String,
    chiave: String,
    codifica: String,
    separatore: String,
}

pub async fn carica(
    app: Data<App>,
    page: Page,
    utente: Utente,
    req: HttpRequest,
    mut body: Multipart,
) -> PageResult {
    let mut campi = Campi::default();
    let mut file = None;
    while let Some(field) = body.next().await {
        let mut field = field.map_err(|error| illeggibile(&error))?;
        let posto = match field.name() {
            Some("csrf") => &mut campi.csrf,
            Some("chiave") => &mut campi.chiave,
            Some("codifica") => &mut campi.codifica,
            Some("separatore") => &mut campi.separatore,
            Some("file") => {
                check_csrf(&req, &campi.csrf)?;
                if let Some(nome) = nome_scelto(&field) {
                    file = Some((nome, carica::deposita(&app, &utente.0, field).await));
                }
                continue;
            }
            _ => continue,
        };
        *posto = breve(&mut field).await?;
    }
    check_csrf(&req, &campi.csrf)?;
    match file {
        Some((nome, depositato)) => {
            let modulo = Modulo {
                nome,
                chiave: Some(campi.chiave.clone()).filter(|c| !c.is_empty()),
                ..Modulo::default()
            };
            concludi(&app, page, &utente.0, (&campi, &modulo), depositato).await
        }
        None => rifiutato(&app, page, &campi, "file-manca"),
    }
}

/// `None`: no file was chosen.
fn nome_scelto(field: &Field) -> Option<String> {
    let nome = field.content_disposition()?.get_filename()?;
    (!nome.is_empty()).then(|| carica::nome_pulito(nome))
}

/// A short field of the form.
async fn breve(field: &mut Field) -> Result<String, PageError> {
    let bytes = field.bytes(1000).await;
    let bytes = bytes
        .map_err(|_| PageError::bad_request("campo troppo lungo"))?
        .map_err(|error| illeggibile(&error))?;
    String::from_utf8(bytes.to_vec()).map_err(|_| PageError::new(StatusCode::BAD_REQUEST))
}

fn illeggibile(error: &dyn std::fmt::Display) -> PageError {
    tracing::info!(%error, "an upload could not be read");
    PageError::new(StatusCode::BAD_REQUEST)
}

fn typed(campi: &Campi) -> Form {
    let mut form = Form::new();
    form.set("codifica", &campi.codifica)
        .set("separatore", &campi.separatore);
    form
}

fn rifiutato(app: &App, page: Page, campi: &Campi, key: &str) -> PageResult {
    let mut form = typed(campi);
    form.error("file", page.t(key));
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &nuovo(app, page, form))
}

/// The file is in the store, or was refused on the way; now all fields are known.
async fn concludi(
    app: &App,
    page: Page,
    chi: &Operatore,
    (campi, modulo): (&Campi, &Modulo),
    depositato: Result<Depositato, Errore>,
) -> PageResult {
    let Some(scelte) = Scelte::parse(&campi.codifica, &campi.separatore) else {
        return Err(PageError::new(StatusCode::BAD_REQUEST));
    };
    let arrivato = match depositato {
        Ok(depositato) => carica::giudica(app, depositato, scelte).await,
        Err(errore) => Err(errore),
    };
    let esito = match arrivato {
        Ok(arrivato) if !modulo.nome.to_lowercase().ends_with(".csv") => {
            app.db.delete_contenuto(arrivato.contenuto_id).await?;
            return rifiutato(app, page, campi, "file-non-csv");
        }
        Ok(arrivato) => carica::registra(app, chi, arrivato, modulo).await,
        Err(errore) => Err(errore),
    };
    risposta(app, page, (campi, modulo), esito)
}

fn risposta(
    app: &App,
    page: Page,
    (campi, modulo): (&Campi, &Modulo),
    esito: Result<Caricato, Errore>,
) -> PageResult {
    match esito {
        Ok(Caricato::Nuovo(_) | Caricato::GiaFatto(_)) => {
            let text = page.t1("tracciato-caricato", "file", &modulo.nome);
            page.session().flash(FlashKind::Success, text);
            Ok(see_other("/tracciati"))
        }
        Err(Errore::Rifiuto(rifiuto)) => {
            let mut form = typed(campi);
            form.error("file", page.t1(rifiuto.key, "n", rifiuto.n));
            let status = match rifiuto.code {
                "FILE_TROPPO_GRANDE" => StatusCode::PAYLOAD_TOO_LARGE,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            render_status(status, &nuovo(app, page, form))
        }
        Err(Errore::Doppio(gia, arrivato)) => doppio(page, campi, modulo, *gia, arrivato),
        Err(Errore::Interrotto(motivo)) => Err(illeggibile(&motivo)),
        Err(Errore::Store(error)) => Err(error.into()),
        Err(Errore::Interno(cause)) => Err(PageError::internal(cause)),
    }
}

/// The same bytes again: told, with a way to go on without sending them once more.
#[derive(Template)]
#[template(path = "doppio.html")]
struct Doppio {
    page: Page,
    gia: Tracciato,
    nome: String,
    contenuto: String,
    chiave: String,
    codifica: String,
    separatore: String,
}

fn doppio(
    page: Page,
    campi: &Campi,
    modulo: &Modulo,
    gia: Tracciato,
    arrivato: Arrivato,
) -> PageResult {
    let (operazioni, tracciati) = (page.t("operazioni"), page.t("tracciati"));
    let page = page
        .titled("gia-caricato")
        .crumb(operazioni, "")
        .crumb(tracciati, "/tracciati");
    let pagina = Doppio {
        page,
        gia,
        nome: modulo.nome.clone(),
        contenuto: arrivato.contenuto_id,
        chiave: campi.chiave.clone(),
        codifica: campi.codifica.clone(),
        separatore: campi.separatore.clone(),
    };
    render_status(StatusCode::CONFLICT, &pagina)
}

#[derive(Deserialize)]
pub struct Comunque {
    contenuto: String,
    nome: String,
    #[serde(default)]
    chiave: String,
    #[serde(default)]
    codifica: String,
    #[serde(default)]
    separatore: String,
}

pub async fn comunque(
    app: Data<App>,
    page: Page,
    utente: Utente,
    body: CsrfForm<Comunque>,
) -> PageResult {
    let body = body.0;
    let Some(scelte) = Scelte::parse(&body.codifica, &body.separatore) else {
        return Err(PageError::new(StatusCode::BAD_REQUEST));
    };
    let campi = Campi {
        codifica: body.codifica,
        separatore: body.separatore,
        ..Campi::default()
    };
    let modulo = Modulo {
        nome: body.nome,
        chiave: Some(body.chiave).filter(|c| !c.is_empty()),
        anche_doppio: true,
        ..Modulo::default()
    };
    let esito = match carica::riprendi(&app, &utente.0, &body.contenuto, scelte).await {
        Ok(Some(arrivato)) => carica::registra(&app, &utente.0, arrivato, &modulo).await,
        Ok(None) => {
            // Sent twice: the first one has made the tracciato and used the bytes.
            return Err(PageError::gone(page.t("file-non-piu"))
                .action(page.t("nuovo-tracciato"), "/tracciati/nuovo"));
        }
        Err(errore) => Err(errore),
    };
    risposta(&app, page, (&campi, &modulo), esito)
}
