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
use super::scelta::{self, Scelta};
use crate::app::App;
use crate::carica::{self, Arrivato, Depositato, Errore, Modulo};
use crate::csv::Scelte;
use crate::operatore::Operatore;
use crate::scelte::{Decise, ParolaError, Parole};
use crate::tracciato::{Caricato, Tracciato};

#[derive(Template)]
#[template(path = "nuovo.html")]
struct Nuovo {
    page: Page,
    form: Form,
    scelta: Scelta,
    chiave: String,
    max_mib: u64,
}

async fn nuovo(app: &App, page: Page, chi: &Operatore, form: Form) -> Result<Nuovo, PageError> {
    let (operazioni, tracciati) = (page.t("operazioni"), page.t("tracciati"));
    let mut page = page
        .titled("nuovo-tracciato")
        .crumb(operazioni, "")
        .crumb(tracciati, "/tracciati");
    page.invalid = !form.is_ok();
    Ok(Nuovo {
        scelta: Scelta::new(app, &page, chi).await?,
        page,
        form,
        chiave: Uuid::new_v4().to_string(),
        max_mib: app.limiti.bytes / (1024 * 1024),
    })
}

pub async fn mostra(app: Data<App>, page: Page, utente: Utente) -> PageResult {
    render(&nuovo(&app, page, &utente.0, Form::new()).await?)
}

/// The short fields of the form. The token comes before the file, the choices after it.
#[derive(Default)]
struct Campi {
    csrf: String,
    chiave: String,
    parole: Parole,
    prova: String,
    azione: String,
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
            Some("codifica") => &mut campi.parole.codifica,
            Some("separatore") => &mut campi.parole.separatore,
            Some("decimale") => &mut campi.parole.decimale,
            Some("data") => &mut campi.parole.data,
            Some("mappa") => &mut campi.parole.mappa,
            Some("politica") => &mut campi.parole.politica,
            Some("prova") => &mut campi.prova,
            Some("azione") => &mut campi.azione,
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
    let decise = match campi.parole.decidi(&app, &utente.0).await {
        Ok(decise) => decise,
        Err(errore) => {
            if let Some((_, Ok(depositato))) = file {
                carica::scarta(&app, depositato).await?;
            }
            return non_offerta(&app, page, &utente.0, campi, errore).await;
        }
    };
    let modulo = Modulo {
        chiave: Some(campi.chiave.clone()).filter(|c| !c.is_empty()),
        prova: !campi.prova.is_empty(),
        stampa_avvisi: true,
        lettura: decise.lettura,
        politica: decise.politica,
        ..Modulo::default()
    };
    match file {
        Some((nome, depositato)) => {
            let modulo = Modulo { nome, ..modulo };
            let lavoro = (&campi, &modulo, decise.scelte);
            concludi(&app, page, &utente.0, lavoro, depositato).await
        }
        None => rifiutato(&app, page, &utente.0, &campi, ("file", "file-manca")).await,
    }
}

/// The choices of a form; words that the form does not offer are no request of ours.
pub async fn decidi(app: &App, chi: &Operatore, parole: &Parole) -> Result<Decise, PageError> {
    parole.decidi(app, chi).await.map_err(errata)
}

fn errata(errore: ParolaError) -> PageError {
    match errore {
        ParolaError::Store(error) => error.into(),
        parola => PageError::bad_request(parola.to_string()),
    }
}

/// A choice that the form does not offer. A mapping that is there no more was offered when the form was
/// opened: the form comes back with the other choices.
async fn non_offerta(
    app: &App,
    page: Page,
    chi: &Operatore,
    mut campi: Campi,
    errore: ParolaError,
) -> PageResult {
    match errore {
        ParolaError::Sconosciuta {
            parametro: "mappa", ..
        } => {
            campi.parole.mappa.clear();
            rifiutato(app, page, chi, &campi, ("mappa", "mappa-non-piu")).await
        }
        altro => Err(errata(altro)),
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

/// The form again, with its choices and a message beside the field.
async fn rifiutato(
    app: &App,
    page: Page,
    chi: &Operatore,
    campi: &Campi,
    (campo, key): (&str, &str),
) -> PageResult {
    let mut form = scelta::form(&campi.parole, &campi.prova);
    form.error(campo, page.t(key));
    let vista = nuovo(app, page, chi, form).await?;
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &vista)
}

type Lavoro<'a> = (&'a Campi, &'a Modulo, Scelte);

/// The file is in the store, or was refused on the way; now all fields are known.
async fn concludi(
    app: &App,
    page: Page,
    chi: &Operatore,
    (campi, modulo, scelte): Lavoro<'_>,
    depositato: Result<Depositato, Errore>,
) -> PageResult {
    let arrivato = match depositato {
        Ok(depositato) => carica::giudica(app, depositato, scelte).await,
        Err(errore) => Err(errore),
    };
    let nome = modulo.nome.to_lowercase();
    let esito = match arrivato {
        Ok(arrivato) if ![".csv", ".json"].iter().any(|e| nome.ends_with(e)) => {
            app.db.delete_contenuto(arrivato.contenuto_id).await?;
            return rifiutato(app, page, chi, campi, ("file", "file-non-csv")).await;
        }
        Ok(arrivato) if campi.azione == "anteprima" => {
            let scelte = (&campi.parole, campi.prova.as_str());
            let dove = super::anteprima::indirizzo(&arrivato.contenuto_id, &modulo.nome, scelte);
            return Ok(see_other(dove));
        }
        Ok(arrivato) => carica::registra(app, chi, arrivato, modulo).await,
        Err(errore) => Err(errore),
    };
    risposta(app, page, chi, (campi, modulo), esito).await
}

async fn risposta(
    app: &App,
    page: Page,
    chi: &Operatore,
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
            let mut form = scelta::form(&campi.parole, &campi.prova);
            form.error("file", rifiuto.testo(page.lang()));
            let status = match rifiuto.e_di_misura() {
                true => StatusCode::PAYLOAD_TOO_LARGE,
                false => StatusCode::UNPROCESSABLE_ENTITY,
            };
            render_status(status, &nuovo(app, page, chi, form).await?)
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
    parole: Parole,
    prova: String,
}

impl Doppio {
    fn badge(&self) -> web::html::Html {
        super::badge(&self.page, &self.gia)
    }
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
        parole: campi.parole.clone(),
        prova: campi.prova.clone(),
    };
    render_status(StatusCode::CONFLICT, &pagina)
}

/// A file that is in the store already, and what was chosen for it.
#[derive(Deserialize)]
pub struct Comunque {
    contenuto: String,
    nome: String,
    #[serde(default)]
    chiave: String,
    #[serde(default)]
    prova: String,
    /// Whether the same bytes may be loaded again.
    #[serde(default)]
    doppio: String,
    /// The button: `prova` is the dry run.
    #[serde(default)]
    azione: String,
    #[serde(flatten)]
    parole: Parole,
}

pub async fn comunque(
    app: Data<App>,
    page: Page,
    utente: Utente,
    body: CsrfForm<Comunque>,
) -> PageResult {
    let body = body.0;
    let decise = decidi(&app, &utente.0, &body.parole).await?;
    let campi = Campi {
        chiave: body.chiave.clone(),
        parole: body.parole,
        prova: match body.azione.as_str() {
            "prova" => "1".to_owned(),
            _ => body.prova,
        },
        ..Campi::default()
    };
    let modulo = Modulo {
        nome: body.nome,
        chiave: Some(body.chiave).filter(|c| !c.is_empty()),
        anche_doppio: !body.doppio.is_empty(),
        prova: !campi.prova.is_empty(),
        stampa_avvisi: true,
        lettura: decise.lettura,
        politica: decise.politica,
        ..Modulo::default()
    };
    let esito = match carica::riprendi(&app, &utente.0, &body.contenuto, decise.scelte).await {
        Ok(Some(arrivato)) => carica::registra(&app, &utente.0, arrivato, &modulo).await,
        Ok(None) => {
            // Sent twice: the first one has made the tracciato and used the bytes.
            return Err(PageError::gone(page.t("file-non-piu"))
                .action(page.t("nuovo-tracciato"), "/tracciati/nuovo"));
        }
        Err(errore) => Err(errore),
    };
    risposta(&app, page, &utente.0, (&campi, &modulo), esito).await
}
