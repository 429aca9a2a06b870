//! Tracciati coming in: JSON, or CSV for a body.

use actix_multipart::Multipart;
use actix_web::http::header::{CONTENT_TYPE, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use domain::tracciato::Mappa;
use futures_util::StreamExt as _;
use govpay_api::Categoria;
use govpay_api::convalida::identificativo;
use platform::StoreError;
use serde::Deserialize;

use super::{Chiamante, Guasto, Risposta, viste};
use crate::api;
use crate::api::errore::ApiError;
use crate::app::App;
use crate::carica::{self, Arrivato, Errore, Modulo};
use crate::csv::{Atteso, Scelte};
use crate::lettura::Lettura;
use crate::operatore::Operatore;
use crate::tracciato::{Caricato, Origine, Politica};

/// Names the file.
const NOME_FILE: &str = "x-govpay-filename";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NuovoQuery {
    /// Whether the avvisi are wanted as PDF.
    #[serde(default = "vero")]
    stampa_avvisi: bool,
}

fn vero() -> bool {
    true
}

pub async fn json(
    app: web::Data<App>,
    chiamante: Chiamante,
    query: web::Query<NuovoQuery>,
    req: HttpRequest,
    payload: web::Payload,
) -> Risposta {
    let scelte = Scelte {
        atteso: Atteso::Json,
        ..Scelte::default()
    };
    let modulo = modulo("tracciato.json", &query);
    let corpo = Corpo {
        tipo: "application/json",
        scelte,
        payload,
    };
    prendi((&app, &chiamante.0), &req, corpo, modulo).await
}

pub async fn csv(
    app: web::Data<App>,
    chiamante: Chiamante,
    dominio: web::Path<String>,
    query: web::Query<NuovoQuery>,
    req: HttpRequest,
    payload: web::Payload,
) -> Risposta {
    ente(&app, &chiamante.0, &dominio)?;
    let modulo = Modulo {
        id_dominio: Some(dominio.clone()),
        ..modulo(&dominio, &query)
    };
    prendi((&app, &chiamante.0), &req, Corpo::csv(payload), modulo).await
}

pub async fn csv_di_tipo(
    app: web::Data<App>,
    chiamante: Chiamante,
    path: web::Path<(String, String)>,
    query: web::Query<NuovoQuery>,
    req: HttpRequest,
    payload: web::Payload,
) -> Risposta {
    let (dominio, tipo) = path.into_inner();
    ente(&app, &chiamante.0, &dominio)?;
    tipo_pendenza(&app, &dominio, &tipo)?;
    let mut modulo = Modulo {
        id_dominio: Some(dominio.clone()),
        ..modulo(&format!("{dominio}_{tipo}"), &query)
    };
    modulo.lettura.mappa = mappa(&app, dominio, tipo).await?;
    prendi((&app, &chiamante.0), &req, Corpo::csv(payload), modulo).await
}

/// The own columns that the body keeps for this tipo pendenza.
async fn mappa(app: &App, dominio: String, tipo: String) -> Result<Option<Mappa>, StoreError> {
    let Some(row) = app.db.find_mappa(dominio, tipo).await? else {
        return Ok(None);
    };
    let mappa = serde_json::from_str(&row.contenuto).map_err(StoreError::corrupt)?;
    Ok(Some(mappa))
}

fn modulo(nome: &str, query: &NuovoQuery) -> Modulo {
    Modulo {
        nome: nome.to_owned(),
        anche_doppio: true,
        lettura: Lettura {
            govpay: true,
            ..Lettura::default()
        },
        politica: Politica::RigaPerRiga,
        origine: Origine::Backoffice,
        stampa_avvisi: query.stampa_avvisi,
        ..Modulo::default()
    }
}

/// The body must be one that the operator works for.
fn ente(app: &App, chi: &Operatore, id: &str) -> Result<(), Guasto> {
    if id.len() != 11 || !id.bytes().all(|b| b.is_ascii_digit()) {
        let id: String = id.chars().take(60).collect();
        let detto = format!("idDominio: il valore '{id}' deve avere 11 cifre");
        return Err(Guasto::richiesta("400000", detto));
    }
    if !chi.puo(id) {
        let detto = format!("l'operatore non è abilitato al dominio {id}");
        return Err(Guasto::new(403, Categoria::Autorizzazione, "403000", detto));
    }
    if app.tenant.dominio(id).is_none() {
        let detto = format!("il dominio {id} non è in anagrafica");
        return Err(Guasto::new(422, Categoria::Operazione, "DOM_000", detto));
    }
    Ok(())
}

fn tipo_pendenza(app: &App, dominio: &str, tipo: &str) -> Result<(), Guasto> {
    identificativo("idTipoPendenza", tipo, true)
        .map_err(|difetto| Guasto::richiesta("400000", difetto.to_string()))?;
    let noto = app.tenant.dominio(dominio);
    if !noto.is_some_and(|d| d.tipi_pendenza.iter().any(|t| t.id == tipo)) {
        let detto = format!("il tipo pendenza {tipo} non è del dominio {dominio}");
        return Err(Guasto::new(422, Categoria::Operazione, "TVD_000", detto));
    }
    Ok(())
}

/// A body of a request and what it must be.
struct Corpo {
    tipo: &'static str,
    scelte: Scelte,
    payload: web::Payload,
}

impl Corpo {
    fn csv(payload: web::Payload) -> Self {
        Self {
            tipo: "text/csv",
            scelte: Scelte {
                atteso: Atteso::CsvGovpay,
                ..Scelte::default()
            },
            payload,
        }
    }
}

async fn prendi(
    (app, chi): (&App, &Operatore),
    req: &HttpRequest,
    corpo: Corpo,
    mut modulo: Modulo,
) -> Risposta {
    let header = |nome: &str| req.headers().get(nome).and_then(|v| v.to_str().ok());
    let tipo = header(CONTENT_TYPE.as_str()).unwrap_or_default();
    let tipo = tipo.split(';').next().unwrap_or_default().trim();
    let (arrivato, nome) = if tipo.eq_ignore_ascii_case("multipart/form-data") {
        let form = Multipart::new(req.headers(), corpo.payload);
        da_modulo((app, chi), form, corpo.scelte).await?
    } else if tipo.eq_ignore_ascii_case(corpo.tipo) {
        let arrivato = carica::ricevi(app, chi, corpo.payload, corpo.scelte).await;
        (arrivato.map_err(guasto)?, None)
    } else {
        let tipo: String = tipo.chars().take(60).collect();
        let detto = format!(
            "Content-Type vale '{tipo}': deve essere {} o multipart/form-data",
            corpo.tipo
        );
        return Err(Guasto::new(415, Categoria::Richiesta, "415000", detto));
    };
    let scelto = header(NOME_FILE).map(str::to_owned).or(nome);
    if let Some(nome) = scelto.filter(|nome| !nome.trim().is_empty()) {
        modulo.nome = nome;
    }
    let (Caricato::Nuovo(id) | Caricato::GiaFatto(id)) =
        carica::registra(app, chi, arrivato, &modulo)
            .await
            .map_err(guasto)?;
    let tracciato = api::trova(app, chi, id).await?;
    let index = viste::index(app, &tracciato, modulo.id_dominio.as_deref());
    Ok(HttpResponse::Created()
        .insert_header((
            LOCATION,
            format!("{}/pendenze/tracciati/{id}", super::BASI[0]),
        ))
        .json(index))
}

fn guasto(errore: Errore) -> Guasto {
    ApiError::from(errore).into()
}

/// The file of a form, with its name.
async fn da_modulo(
    (app, chi): (&App, &Operatore),
    mut form: Multipart,
    scelte: Scelte,
) -> Result<(Arrivato, Option<String>), Guasto> {
    while let Some(field) = form.next().await {
        let field = field.map_err(|error| Guasto::richiesta("400000", error.to_string()))?;
        if field.name() == Some("fileName") {
            let nome = field.content_disposition().and_then(|d| d.get_filename());
            let nome = nome.map(str::to_owned);
            let arrivato = carica::ricevi(app, chi, field, scelte).await;
            return Ok((arrivato.map_err(guasto)?, nome));
        }
    }
    let detto = "il modulo non ha il campo «fileName» con il file del tracciato";
    Err(Guasto::richiesta("400000", detto))
}
