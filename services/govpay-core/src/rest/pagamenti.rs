//! Payment sessions over REST. What they do is in `crate::pagamenti`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, get, post, web};
use domain::TipoSoggetto;
use govpay_api::anagrafica::Servizio;
use govpay_api::{CanaleScelto, Fault, NuovoPagamento, PagamentoCreato, SceltaWisp, Soggetto};
use serde::Deserialize;

use super::App;
use super::accesso::Cittadino;
use super::auth::{Applicazione, Operatore, Pagante};
use super::domanda::{Domanda, MAX_BACKOFFICE};
use super::risposta::{Corpo, Guasto, Parametri, Risposta, corpo, json};
use super::{caricamento, scambi};
use crate::giornale::Scambio;
use crate::pagamenti::letture;
use crate::pagamenti::vista::Date;
use crate::pagamenti::{Chiamante, Errore, Persona, avvio, canale};
use crate::tentativo::FiltroPagamenti;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateQuery {
    id_sessione_portale: Option<String>,
    #[serde(flatten)]
    scelto: CanaleScelto,
}

/// Opens a payment session. The PSP is that of the query, or the one chosen on WISP (`keyPA`,
/// `keyWISP`).
#[utoipa::path(
    tag = "API Pagamento v2",
    request_body = NuovoPagamento,
    responses((status = 201, body = PagamentoCreato), (status = "4XX", body = Fault), (status = 502, body = Fault)),
)]
#[post("/govpay/frontend/api/pagamento/rs/basic/v2/pagamenti")]
pub async fn create_pagamento(
    app: web::Data<App>,
    caller: Pagante,
    query: Parametri<CreateQuery>,
    req: HttpRequest,
    body: Corpo,
) -> Risposta {
    create(app, caller, query, req, body).await
}

pub async fn create(
    app: web::Data<App>,
    caller: Pagante,
    query: Parametri<CreateQuery>,
    req: HttpRequest,
    body: Corpo,
) -> Risposta {
    let mut scambio = scambi::begin(&app, "API_PAGAMENTO", "addPagamento", &req, &body);
    let query = query.into_inner();
    let unknown = matches!(caller, Pagante::Anonimo);
    let opening = open(&app, caller, query, &body, &mut scambio);
    let created = match unknown {
        true => app.accesso.contata(&req, opening).await,
        false => opening.await,
    };
    let created = created.map_err(Guasto);
    scambi::end(&app, scambio, StatusCode::CREATED, created).await
}

/// The session; the exchange gets the keys of what it pays.
async fn open(
    app: &App,
    caller: Pagante,
    query: CreateQuery,
    body: &[u8],
    scambio: &mut Scambio,
) -> Result<PagamentoCreato, Errore> {
    let nuovo = match &caller {
        Pagante::Applicazione(caller) => caricamento::da_pagare(app, caller, body).await?,
        Pagante::Anonimo => corpo(body)?,
        Pagante::Cittadino(cittadino) => {
            let nuovo: NuovoPagamento = corpo(body)?;
            let versante = versante(cittadino, nuovo.soggetto_versante)?;
            NuovoPagamento {
                soggetto_versante: Some(versante),
                ..nuovo
            }
        }
    };
    let caller = caller.chiunque()?;
    let evento = &mut scambio.evento;
    evento.id_psp = query.scelto.id_psp.clone();
    evento.id_canale = query.scelto.id_canale.clone();
    if let Some(first) = nuovo.pendenze.first() {
        evento.id_a2a = first.id_a2a.clone();
        evento.id_pendenza = first.id_pendenza.clone();
        evento.id_dominio = first.id_dominio.as_ref().map(ToString::to_string);
        evento.iuv = first
            .numero_avviso
            .as_ref()
            .map(|numero| numero.iuv().to_string());
    }
    let id_sessione = query.id_sessione_portale;
    let created = avvio::crea(&app.pagamenti, &caller, id_sessione, &query.scelto, nuovo).await?;
    scambio.evento.id_pagamento = Some(created.id.clone());
    Ok(created)
}

/// A citizen pays in its own name.
fn versante(cittadino: &Cittadino, given: Option<Soggetto>) -> Result<Soggetto, Errore> {
    match given {
        Some(given) if given.identificativo != cittadino.codice_fiscale => {
            let text = "soggettoVersante: il cittadino autenticato paga a proprio nome";
            Err(Errore::operazione(
                "CIT_004",
                "Il versante è un altro",
                text,
            ))
        }
        Some(given) => Ok(given),
        None => Ok(Soggetto {
            tipo: TipoSoggetto::F,
            identificativo: cittadino.codice_fiscale.clone(),
            anagrafica: cittadino.anagrafica.clone(),
            email: cittadino.email.clone(),
            indirizzo: None,
            civico: None,
            cap: None,
            localita: None,
            provincia: None,
            nazione: None,
            cellulare: None,
        }),
    }
}

/// The session with its attempts.
#[utoipa::path(
    tag = "API Pagamento v2",
    responses((status = 200, body = govpay_api::Pagamento), (status = "4XX", body = Fault)),
)]
#[get("/govpay/frontend/api/pagamento/rs/basic/v2/pagamenti/{id}")]
pub async fn get_pagamento(
    app: web::Data<App>,
    caller: Pagante,
    id: web::Path<String>,
    req: HttpRequest,
) -> Risposta {
    get_as_portale(app, caller, id, req).await
}

pub async fn get_as_portale(
    app: web::Data<App>,
    caller: Pagante,
    id: web::Path<String>,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.chiunque()?;
    let reading = letture::pagamento(&app.pagamenti, &caller, id.into_inner(), Date::Giorni);
    let found = match caller.persona {
        Persona::Anonima => app.accesso.contata(&req, reading).await?,
        Persona::Utenza | Persona::Cittadino(_) => reading.await?,
    };
    Ok(json(StatusCode::OK, &found))
}

pub async fn by_session(app: web::Data<App>, caller: Pagante, id: web::Path<String>) -> Risposta {
    let caller = caller.noto()?;
    let id = id.into_inner();
    let found = letture::pagamento_by_sessione(&app.pagamenti, &caller, id, Date::Giorni).await?;
    Ok(json(StatusCode::OK, &found))
}

pub async fn get_as_operatore(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
) -> Risposta {
    let caller = caller.legge(Servizio::Pagamenti)?;
    let found = letture::pagamento(&app.pagamenti, &caller, id.into_inner(), Date::Istanti).await?;
    Ok(json(StatusCode::OK, &found))
}

async fn list(app: &App, caller: Chiamante, date: Date, req: &HttpRequest) -> Risposta {
    let d = Domanda::new(req, MAX_BACKOFFICE);
    let verificato = |text: &str| text.parse::<bool>().ok();
    let filtro = FiltroPagamenti {
        cittadino: caller.debitore(),
        domini: caller.domini,
        id_a2a_portale: caller.id_a2a,
        id_sessione_portale: d.testo("idSessionePortale")?,
        id_sessione_psp: d.testo("idSessionePsp")?,
        stato: d.testo("stato")?,
        id_dominio: d.testo("idDominio")?,
        iuv: d.testo("iuv")?,
        id_a2a: d.testo("idA2A")?,
        id_pendenza: d.testo("idPendenza")?,
        id_pagamento: d.testo("id")?,
        verificato: d.parola("verificato", verificato, &["true", "false"])?,
        data_da: d.da("dataDa")?,
        data_a: d.fino_a("dataA")?,
    };
    d.rispondi(letture::pagamenti(&app.pagamenti, filtro, d.taglio()?, date).await?)
}

pub async fn list_as_portale(app: web::Data<App>, caller: Pagante, req: HttpRequest) -> Risposta {
    list(&app, caller.noto()?, Date::Giorni, &req).await
}

pub async fn list_as_operatore(
    app: web::Data<App>,
    caller: Operatore,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.legge(Servizio::Pagamenti)?;
    list(&app, caller, Date::Istanti, &req).await
}

type ChoiceKey = web::Path<(String, String, String)>;

/// The choice made on WISP, asked from the Node (nodoChiediSceltaWISP): for the confirmation page of
/// a portal. Our own endpoint.
#[utoipa::path(
    tag = "WISP",
    responses((status = 200, body = SceltaWisp), (status = "4XX", body = Fault), (status = 502, body = Fault)),
)]
#[get("/api/v1/domini/{idDominio}/scelte-wisp/{keyPA}/{keyWISP}")]
pub async fn get_scelta_wisp(
    app: web::Data<App>,
    caller: Applicazione,
    key: ChoiceKey,
) -> Risposta {
    let caller = caller.may_pagamenti()?;
    let (id_dominio, key_pa, key_wisp) = key.into_inner();
    caller.sees(&id_dominio)?;
    let db = &app.pagamenti.db;
    let unknown = || Errore::non_trovato(format!("nessun dominio '{id_dominio}'"));
    let ente = db
        .ente_pagopa(id_dominio.clone())
        .await?
        .ok_or_else(unknown)?;
    let stazione = db
        .stazione_pagopa(ente.id_stazione.ok_or_else(unknown)?)
        .await?
        .ok_or_else(unknown)?;
    let scelta =
        canale::scelta_wisp(&app.pagamenti, &stazione, &id_dominio, &key_pa, &key_wisp).await?;
    Ok(json(StatusCode::OK, &scelta))
}
