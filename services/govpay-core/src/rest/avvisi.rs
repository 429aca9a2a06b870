//! The avviso of a pendenza: its data, or its PDF.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, get, web};
use govpay_api::anagrafica::Servizio;
use govpay_api::{Categoria, Documento, Fault};

use super::App;
use super::auth::{Applicazione, Operatore, Pagante};
use super::lettura;
use super::possesso::{self, Prova};
use super::risposta::{Parametri, Risposta, json};
use crate::pagamenti::{Chiamante, Errore};
use crate::pendenza::{PendenzaConVoci, PendenzaRow};

type Key = web::Path<(String, String)>;

/// The avviso as JSON (with the texts of QR and bar code) or, with `Accept: application/pdf`, printed.
#[utoipa::path(
    tag = "API Pendenze v2",
    responses(
        (status = 200, body = govpay_api::Avviso),
        (status = "4XX", body = Fault),
    ),
)]
#[get("/govpay/backend/api/pendenze/rs/basic/v2/avvisi/{idDominio}/{numeroAvviso}")]
pub async fn get_avviso(
    app: web::Data<App>,
    caller: Applicazione,
    key: Key,
    req: HttpRequest,
) -> Risposta {
    get_as_gestionale(app, caller, key, req).await
}

pub async fn get_as_gestionale(
    app: web::Data<App>,
    caller: Applicazione,
    key: Key,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.may_pendenze()?;
    answer(&app, &caller.gestionale(), key.into_inner(), &req).await
}

pub async fn get_as_portale(
    app: web::Data<App>,
    caller: Pagante,
    key: Key,
    prova: Parametri<Prova>,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.chiunque()?;
    let found = possesso::cerca(&app, &req, &caller, key.into_inner(), &prova).await?;
    shown(&app, found, &req).await
}

pub async fn get_as_operatore(
    app: web::Data<App>,
    caller: Operatore,
    key: Key,
    req: HttpRequest,
) -> Risposta {
    answer(
        &app,
        &caller.legge(Servizio::Pendenze)?,
        key.into_inner(),
        &req,
    )
    .await
}

async fn answer(
    app: &App,
    caller: &Chiamante,
    key: (String, String),
    req: &HttpRequest,
) -> Risposta {
    let (id_dominio, numero) = key;
    let text = format!("nessun avviso {numero} per il dominio {id_dominio}");
    let found = app
        .pagamenti
        .db
        .pendenza_by_avviso(id_dominio, numero)
        .await?;
    let found = found.filter(|p| {
        caller.sees_pendenza(&p.row.id_dominio, &p.row.id_a2a, &p.row.id_tipo_pendenza)
    });
    shown(app, found.ok_or_else(|| Errore::non_trovato(text))?, req).await
}

async fn shown(app: &App, pendenza: PendenzaConVoci, req: &HttpRequest) -> Risposta {
    let accept = req
        .headers()
        .get(header::ACCEPT)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    if !accept.contains("application/pdf") {
        return Ok(json(
            StatusCode::OK,
            &lettura::avviso(&pendenza, app.pagamenti.now())?,
        ));
    }
    let name = format!(
        "{}_{}.pdf",
        pendenza.row.id_dominio,
        pendenza.row.numero_avviso.as_deref().unwrap_or("avviso")
    );
    let pdf = stampa(pendenza).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .body(pdf))
}

/// The printed avviso.
pub async fn stampa(p: PendenzaConVoci) -> Result<Vec<u8>, Errore> {
    let dati = dati(&p)?;
    composto(move || stampe::avviso(&dati)).await
}

/// The printed avvisi of a documento, in the order of its parts.
pub async fn stampa_insieme(mut pendenze: Vec<PendenzaConVoci>) -> Result<Vec<u8>, Errore> {
    pendenze.sort_by_key(|p| parte(&p.row).map(|parte| parte.ordine()));
    let dati: Vec<stampe::Avviso> = pendenze.iter().map(dati).collect::<Result<_, _>>()?;
    let documento = pendenze.first().and_then(|p| p.row.id_documento.clone());
    let titolo = format!(
        "Avvisi di pagamento del documento {}",
        documento.unwrap_or_default()
    );
    composto(move || stampe::insieme(&titolo, &dati)).await
}

/// The part of a documento that a pendenza is.
fn parte(row: &PendenzaRow) -> Option<Documento> {
    let altro: serde_json::Value = serde_json::from_str(&row.altro).ok()?;
    serde_json::from_value(altro.get("documento")?.clone()).ok()
}

/// Typst works on a thread of its own.
async fn composto(
    lavoro: impl FnOnce() -> Result<Vec<u8>, stampe::StampaError> + Send + 'static,
) -> Result<Vec<u8>, Errore> {
    let printed = tokio::task::spawn_blocking(lavoro).await;
    printed
        .map_err(platform::StoreError::from)?
        .map_err(|error| {
            tracing::error!(%error, "avviso not printed");
            let text = "il PDF dell'avviso non si può comporre";
            Errore::new(500, Categoria::Interno, "500000", "Errore interno", text)
        })
}

fn dati(p: &PendenzaConVoci) -> Result<stampe::Avviso, Errore> {
    let row = &p.row;
    let missing = || Errore::non_trovato("la pendenza non ha un numero avviso");
    let soggetto = lettura::soggetto(row)?;
    let d = &p.dominio;
    let indirizzo_destinatario =
        soggetto
            .as_ref()
            .map_or_else(Default::default, |s| stampe::Indirizzo {
                via: s.indirizzo.clone(),
                civico: s.civico.clone(),
                cap: s.cap.clone(),
                localita: s.localita.clone(),
                provincia: s.provincia.clone(),
                nazione: s.nazione.clone(),
            });
    let info: Vec<&str> = [&d.web, &d.tel, &d.pec]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    Ok(stampe::Avviso {
        ente: stampe::Ente {
            denominazione: d.ragione_sociale.clone(),
            codice_fiscale: row.dominio()?,
            indirizzo: stampe::Indirizzo {
                via: d.indirizzo.clone(),
                civico: d.civico.clone(),
                cap: d.cap.clone(),
                localita: d.localita.clone(),
                provincia: d.provincia.clone(),
                nazione: None,
            },
        },
        settore_ente: None,
        info_ente: Some(info.join(" · ")).filter(|text| !text.is_empty()),
        cbill: d.cbill.clone(),
        destinatario: soggetto.map_or_else(Default::default, |s| stampe::Soggetto {
            anagrafica: s.anagrafica,
            identificativo: Some(s.identificativo),
        }),
        indirizzo_destinatario,
        numero_avviso: row.avviso()?.ok_or_else(missing)?,
        importo: lettura::importo(row.importo)?,
        data_scadenza: row.data_scadenza,
        causale: row.causale.clone(),
        data_emissione: row.updated_at.and_utc(),
        parte: parte(row).and_then(|parte| parte.parte()),
    })
}
