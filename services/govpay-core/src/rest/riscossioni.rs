//! Collected amounts in the Backoffice, and the routes of all that the Backoffice reads of money.

use actix_web::http::StatusCode;
use actix_web::web::{self, ServiceConfig, patch, post};
use actix_web::{HttpRequest, get};
use domain::riscossione::{StatoRiscossione, TipoRiscossione};
use domain::tempo::giorno;
use govpay_api::anagrafica::Servizio;
use govpay_api::{Dominio, Elenco, Fault, ListaPaginata, Riscossione, VocePendenza};
use platform::StoreResult;

use super::auth::Operatore;
use super::domanda::{Domanda, MAX_BACKOFFICE};
use super::lettura::{dominio, importo, pendenza, voce_letta};
use super::risposta::{Risposta, json};
use super::{App, flussi, quadrature, tentativi};
use crate::pagamenti::{Chiamante, Errore, allegati};
use crate::pendenza::DominioRow;
use crate::riscossione::{
    Campo, ElencoRiscossioni, FiltroPendenza, FiltroRiscossioni, Ordine, Riscossa,
};

/// What the Backoffice tells of money.
pub fn routes(c: &mut ServiceConfig) {
    c.route("/riscossioni", web::get().to(list))
        .route(
            "/riscossioni/{dominio}/{iuv}/{iur}/{indice}",
            web::get().to(read),
        )
        .route(
            "/quadrature/riscossioni",
            web::get().to(quadrature::riscossioni),
        )
        .route(
            "/reportistiche/entrate-previste",
            web::get().to(quadrature::entrate_previste),
        )
        .route(
            "/rpp/{dominio}/{iuv}/{ccp}/rpt",
            web::get().to(tentativi::rpt_as_operatore),
        )
        .route(
            "/rpp/{dominio}/{iuv}/{ccp}",
            patch().to(tentativi::patch_rpp),
        )
        .route("/pagamenti/{id}", patch().to(tentativi::patch_pagamento))
        .route(
            "/quadrature/rendicontazioni",
            web::get().to(flussi::elenco_backoffice),
        )
        .route(
            "/flussiRendicontazione",
            web::get().to(flussi::elenco_backoffice),
        )
        .route(
            "/flussiRendicontazione/{flusso}",
            web::get().to(flussi::nessuno_backoffice),
        )
        .route(
            "/flussiRendicontazione/{flusso}/{data}",
            web::get().to(flussi::nessuno_backoffice),
        )
        .route(
            "/flussiRendicontazione/{dominio}/{flusso}/{data}",
            web::get().to(flussi::nessuno_backoffice),
        )
        .route("/rendicontazioni", web::get().to(flussi::elenco_backoffice))
        .route("/incassi", web::get().to(flussi::elenco_backoffice))
        .route("/incassi/{dominio}", post().to(flussi::post_incasso))
        .route(
            "/incassi/{dominio}/{incasso}",
            web::get().to(flussi::nessuno_backoffice),
        );
}

/// Filters that the Backoffice and Ragioneria have in common. Without `tipo`, what reaches the
/// treasury and the revenue stamps, as the contract says.
pub fn filtro(chiamante: &Chiamante, d: &Domanda<'_>) -> Result<FiltroRiscossioni, Errore> {
    let stati = StatoRiscossione::ALL.map(StatoRiscossione::name);
    let tipi = TipoRiscossione::ALL.map(TipoRiscossione::name);
    let mut wanted = d.parole("tipo", TipoRiscossione::parse, &tipi)?;
    if wanted.is_empty() {
        wanted = TipoRiscossione::MOSTRATI.to_vec();
    }
    Ok(FiltroRiscossioni {
        domini: chiamante.domini.clone(),
        id_dominio: d.testo("idDominio")?,
        iuv: None,
        iur: d.testo("iur")?,
        stato: d.parola("stato", StatoRiscossione::parse, &stati)?,
        tipi: wanted,
        data_da: d.da("dataDa")?,
        data_a: d.fino_a("dataA")?,
        pendenza: FiltroPendenza::default(),
    })
}

/// Filters of the Backoffice alone.
pub fn filtro_backoffice(
    chiamante: &Chiamante,
    d: &Domanda<'_>,
) -> Result<FiltroRiscossioni, Errore> {
    Ok(FiltroRiscossioni {
        iuv: d.testo("iuv")?,
        pendenza: FiltroPendenza {
            id_a2a: d.testo("idA2A")?,
            id_pendenza: d.testo("idPendenza")?,
            id_unita: d.testo("idUnita")?,
            id_tipo_pendenza: d.testo("idTipoPendenza")?,
            direzioni: d.tutti("direzione"),
            divisioni: d.tutti("divisione"),
            tassonomie: d.tutti("tassonomia"),
        },
        ..filtro(chiamante, d)?
    })
}

/// The order that is asked for.
pub fn ordine(d: &Domanda<'_>) -> Result<Vec<Ordine>, Errore> {
    let fields = d.ordinamento(&["data", "stato", "iuv"])?;
    let field = |(name, discendente)| Ordine {
        campo: match name {
            "stato" => Campo::Stato,
            "iuv" => Campo::Iuv,
            _ => Campo::Data,
        },
        discendente,
    };
    Ok(fields.into_iter().map(field).collect())
}

/// Collected amounts, oldest payment first unless `ordinamento` says otherwise.
#[utoipa::path(
    tag = "API Backoffice v1",
    responses((status = 200, body = ListaPaginata<Riscossione>), (status = "4XX", body = Fault)),
)]
#[get("/govpay/backend/api/backoffice/rs/basic/v1/riscossioni")]
pub async fn list_riscossioni(
    app: web::Data<App>,
    caller: Operatore,
    req: HttpRequest,
) -> Risposta {
    list(app, caller, req).await
}

async fn list(app: web::Data<App>, caller: Operatore, req: HttpRequest) -> Risposta {
    let d = Domanda::new(&req, MAX_BACKOFFICE);
    let elenco = ElencoRiscossioni {
        filtro: filtro_backoffice(&caller.legge(Servizio::Rendicontazioni)?, &d)?,
        ordine: ordine(&d)?,
        taglio: d.taglio()?,
    };
    let fetta = app.pagamenti.db.list_riscossioni(elenco).await?;
    let rows = fetta.rows.iter().map(riscossione);
    d.rispondi(fetta.con(rows.collect::<StoreResult<Vec<_>>>()?))
}

/// `/riscossioni/{idDominio}/{iuv}/{iur}/{indice}`.
pub type Key = web::Path<(String, String, String, String)>;

/// One collected amount with its item and the attachment of its receipt.
#[utoipa::path(
    tag = "API Backoffice v1",
    responses((status = 200, body = Riscossione), (status = "4XX", body = Fault)),
)]
#[get("/govpay/backend/api/backoffice/rs/basic/v1/riscossioni/{idDominio}/{iuv}/{iur}/{indice}")]
pub async fn get_riscossione(app: web::Data<App>, caller: Operatore, key: Key) -> Risposta {
    read(app, caller, key).await
}

async fn read(app: web::Data<App>, caller: Operatore, key: Key) -> Risposta {
    let found = load(&app, &caller.legge(Servizio::Rendicontazioni)?, key).await?;
    let shown = Riscossione {
        id_voce_pendenza: None,
        voce_pendenza: voce(&found, app.pagamenti.now())?.map(Box::new),
        allegato: allegati::di_riscossione(&app.pagamenti.db, &found).await?,
        ..riscossione(&found)?
    };
    Ok(json(StatusCode::OK, &shown))
}

/// One that the caller may see; otherwise it is not found.
pub async fn load(app: &App, chiamante: &Chiamante, key: Key) -> Result<Riscossa, Errore> {
    let (id_dominio, iuv, iur, indice) = key.into_inner();
    let text = format!(
        "nessuna riscossione {indice} con dominio '{id_dominio}', IUV '{iuv}', IUR '{iur}'"
    );
    let missing = || Errore::non_trovato(text);
    if !chiamante.sees(&id_dominio) {
        return Err(missing());
    }
    let Ok(indice) = indice.parse() else {
        return Err(missing());
    };
    let found = app
        .pagamenti
        .db
        .find_riscossione([id_dominio, iuv, iur], indice);
    found.await?.ok_or_else(missing)
}

/// As it stands in a list.
fn riscossione(r: &Riscossa) -> StoreResult<Riscossione> {
    let (row, of) = (&r.row, &r.pendenza);
    Ok(Riscossione {
        id_dominio: row.id_dominio.clone(),
        iuv: row.iuv.clone(),
        iur: row.iur.clone(),
        indice: row.indice,
        pendenza: Some(format!("/pendenze/{}/{}", of.id_a2a, of.id_pendenza)),
        id_voce_pendenza: r.voce.as_ref().map(|voce| voce.id_voce_pendenza.clone()),
        voce_pendenza: None,
        rpp: Some(rpp(r)),
        stato: Some(row.stato()?.name().to_owned()),
        tipo: row.tipo()?.name().to_owned(),
        importo: importo(row.importo)?,
        data: giorno(row.data_pagamento.and_utc()),
        commissioni: row.commissioni.map(importo).transpose()?,
        allegato: None,
    })
}

/// Path of the attempt. A CCP may be anything, `n/a` above all, so what is not plain is escaped.
fn rpp(r: &Riscossa) -> String {
    let plain = |text: &str| -> String {
        let byte = |b: u8| match b {
            b'-' | b'.' | b'_' | b'~' => char::from(b).to_string(),
            b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        };
        text.bytes().map(byte).collect()
    };
    let parts = [&r.row.id_dominio, &r.row.iuv, &r.id_ricevuta];
    let parts: Vec<String> = parts.into_iter().map(|part| plain(part)).collect();
    format!("/rpp/{}", parts.join("/"))
}

/// The item with the debt that it is a part of.
fn voce(r: &Riscossa, now: chrono::DateTime<chrono::Utc>) -> StoreResult<Option<VocePendenza>> {
    let Some(row) = &r.voce else {
        return Ok(None);
    };
    let of = &r.pendenza;
    let key = format!("idA2A={}&idPendenza={}", of.id_a2a, of.id_pendenza);
    let mut debt = pendenza(
        of,
        &r.dominio,
        None,
        Elenco::Indirizzo(format!("/rpp?{key}")),
        now,
    )?;
    debt.pagamenti = Some(Elenco::Indirizzo(format!("/pagamenti?{key}")));
    debt.dominio = dominio_in_elenco(&r.dominio);
    let voce = voce_letta(row)?;
    Ok(Some(VocePendenza {
        // The word of the Backoffice for `01`.
        tipo_bollo: voce.tipo_bollo.map(|_| "Imposta di bollo".to_owned()),
        dominio: voce.dominio.or_else(|| Some(dominio_in_elenco(&r.dominio))),
        pendenza: Some(Box::new(debt)),
        ..voce
    }))
}

/// A body with the paths of what belongs to it, as the Backoffice shows it inside other things.
pub fn dominio_in_elenco(row: &DominioRow) -> Dominio {
    let path = |what: &str| Some(format!("/domini/{}/{what}", row.id_dominio));
    Dominio {
        scarica_fr: Some(false),
        unita_operative: path("unitaOperative"),
        conti_accredito: path("contiAccredito"),
        entrate: path("entrate"),
        tipi_pendenza: path("tipiPendenza"),
        ..dominio(row)
    }
}
