//! Version 3 of the APIs: Ragioneria for the software that keeps the books of a body, Pagamento for
//! portals. What both read of receipts is in `ricevute`.

use actix_web::http::StatusCode;
use actix_web::web::{self, ServiceConfig, put};
use actix_web::{HttpRequest, get};
use govpay_api::v3::{Pendenza, Riscossione};
use govpay_api::{Acl, Fault, ListaPaginata, Profilo, TipoPendenza};
use platform::StoreResult;

use super::accesso::{CITTADINI, PROGRAMMI};
use super::auth::{Applicazione, Pagante};
use super::domanda::{Domanda, MAX_V3};
use super::riscossioni::{Key as KeyRiscossione, filtro, load, ordine};
use super::risposta::{Risposta, json};
use super::{App, anagrafica, flussi, lettura_v3, login, pendenze, ricevute, scope};
use crate::pagamenti::{Chiamante, Errore, allegati};
use crate::riscossione::ElencoRiscossioni;

/// Both spellings of the two base paths.
const RAGIONERIA: [&str; 2] = [
    "/govpay/backend/api/ragioneria/rs/{auth}/v3",
    "/govpay-api-ragioneria/rs/{auth}/v3",
];
const PAGAMENTO: [&str; 2] = [
    "/govpay/frontend/api/pagamento/rs/{auth}/v3",
    "/govpay-api-pagamento/rs/{auth}/v3",
];

/// All routes of version 3.
pub fn routes(config: &mut ServiceConfig) {
    for base in RAGIONERIA {
        config.service(scope(base, PROGRAMMI, api_ragioneria));
    }
    for base in PAGAMENTO {
        config.service(scope(base, CITTADINI, api_pagamento_v3));
    }
}

fn api_ragioneria(c: &mut ServiceConfig) {
    let (elenco, nessuno) = (flussi::elenco_ragioneria, flussi::nessuno_ragioneria);
    c.route("/riscossioni", web::get().to(riscossioni))
        .route(
            "/riscossioni/{dominio}/{iuv}/{iur}/{indice}",
            web::get().to(riscossione),
        )
        .route("/ricevute", web::get().to(ricevute::list_as_ragioneria))
        .route(
            "/ricevute/{dominio}/{iuv}/{id}",
            web::get().to(ricevute::get_as_ragioneria),
        )
        .route(
            "/pendenze/byAvviso/{dominio}/{numero}",
            web::get().to(by_avviso),
        )
        .route("/flussiRendicontazione", web::get().to(elenco))
        .route(
            "/flussiRendicontazione/{dominio}/{flusso}",
            web::get().to(nessuno),
        )
        .route(
            "/flussiRendicontazione/{dominio}/{flusso}/{data}",
            web::get().to(nessuno),
        )
        .route("/riconciliazioni", web::get().to(elenco))
        .route("/riconciliazioni/{dominio}/{id}", web::get().to(nessuno))
        .route(
            "/riconciliazioni/{dominio}/{id}",
            put().to(flussi::put_riconciliazione),
        )
        .route(
            "/allegati/{id}",
            web::get().to(super::allegati::get_as_ragioneria),
        )
        .route("/profilo", web::get().to(profilo_ragioneria));
}

fn api_pagamento_v3(c: &mut ServiceConfig) {
    c.route("/pendenze", web::get().to(list_pendenze))
        .route("/pendenze/{a2a}/{id}", web::get().to(pendenza))
        .route(
            "/ricevute/{dominio}/{iuv}",
            web::get().to(ricevute::list_as_portale),
        )
        .route(
            "/ricevute/{dominio}/{iuv}/{id}",
            web::get().to(ricevute::get_as_portale),
        )
        .route(
            "/allegati/{id}",
            web::get().to(super::allegati::get_as_portale),
        )
        .route("/profilo", web::get().to(profilo_pagamento))
        .route("/login", web::post().to(login::entra))
        .route("/logout", web::get().to(anagrafica::logout_as_portale));
}

/// Collected amounts, each with its item and its debt.
#[utoipa::path(
    tag = "API Ragioneria v3",
    responses((status = 200, body = ListaPaginata<Riscossione>), (status = "4XX", body = Fault)),
)]
#[get("/govpay/backend/api/ragioneria/rs/basic/v3/riscossioni")]
pub async fn list_riscossioni_v3(
    app: web::Data<App>,
    caller: Applicazione,
    req: HttpRequest,
) -> Risposta {
    riscossioni(app, caller, req).await
}

async fn riscossioni(app: web::Data<App>, caller: Applicazione, req: HttpRequest) -> Risposta {
    let caller = caller.may_ragioneria()?.chiamante();
    let d = Domanda::new(&req, MAX_V3);
    let elenco = ElencoRiscossioni {
        filtro: filtro(&caller, &d)?,
        ordine: ordine(&d)?,
        taglio: d.taglio()?,
    };
    let fetta = app.pagamenti.db.list_riscossioni(elenco).await?;
    let now = app.pagamenti.now();
    let rows = fetta
        .rows
        .iter()
        .map(|row| lettura_v3::riscossione(row, now));
    d.rispondi(fetta.con(rows.collect::<StoreResult<Vec<_>>>()?))
}

/// One collected amount, with the attachment of its receipt.
#[utoipa::path(
    tag = "API Ragioneria v3",
    responses((status = 200, body = Riscossione), (status = "4XX", body = Fault)),
)]
#[get("/govpay/backend/api/ragioneria/rs/basic/v3/riscossioni/{idDominio}/{iuv}/{iur}/{indice}")]
pub async fn get_riscossione_v3(
    app: web::Data<App>,
    caller: Applicazione,
    key: KeyRiscossione,
) -> Risposta {
    riscossione(app, caller, key).await
}

async fn riscossione(app: web::Data<App>, caller: Applicazione, key: KeyRiscossione) -> Risposta {
    let caller = caller.may_ragioneria()?.chiamante();
    let found = load(&app, &caller, key).await?;
    let shown = Riscossione {
        allegato: allegati::di_riscossione(&app.pagamenti.db, &found).await?,
        ..lettura_v3::riscossione(&found, app.pagamenti.now())?
    };
    Ok(json(StatusCode::OK, &shown))
}

/// A pendenza with what was collected of each item, found by its avviso.
#[utoipa::path(
    tag = "API Ragioneria v3",
    responses((status = 200, body = Pendenza), (status = "4XX", body = Fault)),
)]
#[get("/govpay/backend/api/ragioneria/rs/basic/v3/pendenze/byAvviso/{idDominio}/{numeroAvviso}")]
pub async fn get_pendenza_v3_by_avviso(
    app: web::Data<App>,
    caller: Applicazione,
    key: pendenze::Key,
) -> Risposta {
    by_avviso(app, caller, key).await
}

async fn by_avviso(app: web::Data<App>, caller: Applicazione, key: pendenze::Key) -> Risposta {
    let caller = caller.may_ragioneria()?.chiamante();
    let (id_dominio, numero) = key.into_inner();
    let text = format!("nessuna pendenza con avviso {numero} per il dominio {id_dominio}");
    let db = &app.pagamenti.db;
    let found = db.pendenza_by_avviso(id_dominio, numero).await?;
    let found = found.filter(|p| caller.sees(&p.row.id_dominio));
    let found = found.ok_or_else(|| Errore::non_trovato(text))?;
    let shown = lettura_v3::pendenza(&found.row, &found.dominio, app.pagamenti.now())?;
    let paid = db.pendenza_pagata(found).await?;
    let voci = Some(lettura_v3::voci(&paid, None)?);
    Ok(json(StatusCode::OK, &Pendenza { voci, ..shown }))
}

async fn list_pendenze(app: web::Data<App>, caller: Pagante, req: HttpRequest) -> Risposta {
    let caller = caller.noto()?;
    let d = Domanda::new(&req, MAX_V3);
    let elenco = pendenze::elenco(&app, caller, &d)?;
    let now = app.pagamenti.now();
    let fetta = app.pagamenti.db.elenco_pendenze(elenco).await?;
    let rows = fetta
        .rows
        .iter()
        .map(|(row, body)| lettura_v3::con_stato(row, body, now));
    d.rispondi(fetta.con(rows.collect::<StoreResult<Vec<_>>>()?))
}

async fn pendenza(app: web::Data<App>, caller: Pagante, key: pendenze::Key) -> Risposta {
    let caller = caller.noto()?;
    let found = pendenze::load(&app, &caller, key.into_inner()).await?;
    let now = app.pagamenti.now();
    let shown = lettura_v3::con_stato(&found.row, &found.dominio, now)?;
    let paid = app.pagamenti.db.pendenza_pagata(found).await?;
    let voci = Some(lettura_v3::voci(&paid, None)?);
    Ok(json(StatusCode::OK, &Pendenza { voci, ..shown }))
}

async fn profilo(app: &App, chiamante: Chiamante, servizi: &[(&str, &[&str])]) -> Risposta {
    let nome = anagrafica::nome(&chiamante);
    let db = &app.pagamenti.db;
    let domini = db.list_enti(chiamante.domini.clone()).await?;
    let tipi = db.tipi_visibili(chiamante.domini).await?;
    let acl = servizi.iter().map(|(servizio, autorizzazioni)| Acl {
        servizio: (*servizio).to_owned(),
        autorizzazioni: autorizzazioni.iter().map(|&text| text.to_owned()).collect(),
    });
    let tipo = |(id_tipo_pendenza, descrizione)| TipoPendenza {
        id_tipo_pendenza,
        descrizione,
        tipo: None,
    };
    let profilo = Profilo {
        nome,
        domini: domini.iter().map(lettura_v3::dominio).collect(),
        tipi_pendenza: tipi.into_iter().map(tipo).collect(),
        acl: acl.collect(),
    };
    Ok(json(StatusCode::OK, &profilo))
}

async fn profilo_ragioneria(app: web::Data<App>, caller: Applicazione) -> Risposta {
    let caller = caller.may_ragioneria()?.chiamante();
    let servizi: [(&str, &[&str]); 2] = [
        ("Rendicontazioni e Incassi", &["Lettura"]),
        ("Pendenze", &["Lettura"]),
    ];
    profilo(&app, caller, &servizi).await
}

async fn profilo_pagamento(app: web::Data<App>, caller: Pagante) -> Risposta {
    let caller = caller.noto()?;
    let servizi: [(&str, &[&str]); 2] = [
        ("Pagamenti", &["Lettura", "Scrittura"]),
        ("Pendenze", &["Lettura"]),
    ];
    profilo(&app, caller, &servizi).await
}
