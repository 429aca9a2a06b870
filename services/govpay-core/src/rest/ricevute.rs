//! Receipts in version 3 of the APIs: listed, and one as JSON or PDF.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, get, web};
use domain::EsitoPagamento;
use govpay_api::v3::{Ricevuta, RicevutaInElenco};
use govpay_api::{Dominio, Fault, ListaPaginata};
use platform::{StoreError, StoreResult};

use super::auth::{Applicazione, Pagante};
use super::domanda::{Domanda, MAX_V3};
use super::risposta::{Risposta, json};
use super::tentativi::forma;
use super::{App, lettura_v3};
use crate::archivio::ElencoRicevute;
use crate::pagamenti::letture::{self, Formato};
use crate::pagamenti::{Chiamante, Errore};
use crate::tentativo::RptRow;

/// Receipts, in the order in which they were taken in unless `ordinamento=-data`.
#[utoipa::path(
    tag = "API Ragioneria v3",
    responses((status = 200, body = ListaPaginata<RicevutaInElenco>), (status = "4XX", body = Fault)),
)]
#[get("/govpay/backend/api/ragioneria/rs/basic/v3/ricevute")]
pub async fn list_ricevute(
    app: web::Data<App>,
    caller: Applicazione,
    req: HttpRequest,
) -> Risposta {
    list_as_ragioneria(app, caller, req).await
}

pub async fn list_as_ragioneria(
    app: web::Data<App>,
    caller: Applicazione,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.may_ragioneria()?.chiamante();
    let d = Domanda::new(&req, MAX_V3);
    let elenco = ElencoRicevute {
        id_dominio: d.testo("idDominio")?,
        iuv: d.testo("iuv")?,
        id_ricevuta: d.testo("idRicevuta")?,
        numero_avviso: d.testo("numeroAvviso")?,
        data_da: d.da("dataDa")?,
        data_a: d.fino_a("dataA")?,
        ..elenco(&caller, &d)?
    };
    list(&app, elenco, &d).await
}

/// The receipts of one IUV.
pub async fn list_as_portale(
    app: web::Data<App>,
    caller: Pagante,
    key: web::Path<(String, String)>,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.noto()?;
    let (id_dominio, iuv) = key.into_inner();
    let d = Domanda::new(&req, MAX_V3);
    let elenco = ElencoRicevute {
        id_dominio: Some(id_dominio),
        iuv: Some(iuv),
        esito: esito(&d)?,
        ..elenco(&caller, &d)?
    };
    list(&app, elenco, &d).await
}

/// An outcome that a receipt has; the two of attempts without one are asked for in vain.
fn esito(d: &Domanda<'_>) -> Result<Option<String>, Errore> {
    const SENZA: [&str; 2] = ["IN_CORSO", "RIFIUTATO"];
    let parse = |text: &str| {
        let known = EsitoPagamento::parse(text).is_some() || SENZA.contains(&text);
        known.then(|| text.to_owned())
    };
    let ammessi = [
        "IN_CORSO",
        "RIFIUTATO",
        "ESEGUITO",
        "NON_ESEGUITO",
        "ESEGUITO_PARZIALE",
        "DECORRENZA",
        "DECORRENZA_PARZIALE",
    ];
    d.parola("esito", parse, &ammessi)
}

fn elenco(chiamante: &Chiamante, d: &Domanda<'_>) -> Result<ElencoRicevute, Errore> {
    let ordine = d.ordinamento(&["data"])?;
    Ok(ElencoRicevute {
        domini: chiamante.domini.clone(),
        debitore: chiamante.debitore(),
        id_dominio: None,
        iuv: None,
        id_ricevuta: None,
        numero_avviso: None,
        esito: None,
        data_da: None,
        data_a: None,
        discendente: ordine.first().is_some_and(|(_, down)| *down),
        taglio: d.taglio()?,
    })
}

async fn list(app: &App, elenco: ElencoRicevute, d: &Domanda<'_>) -> Risposta {
    let fetta = app.pagamenti.db.list_ricevute(elenco).await?;
    let rows = fetta
        .rows
        .iter()
        .map(|(row, name)| in_elenco(row, name.as_deref()));
    d.rispondi(fetta.con(rows.collect::<StoreResult<Vec<_>>>()?))
}

fn in_elenco(row: &RptRow, ragione_sociale: Option<&str>) -> StoreResult<RicevutaInElenco> {
    let lost = || StoreError::corrupt(format!("rpt {}: ricevuta incompleta", row.id));
    Ok(RicevutaInElenco {
        dominio: Dominio {
            id_dominio: row.id_dominio.clone(),
            ragione_sociale: ragione_sociale.unwrap_or_default().to_owned(),
            ..Dominio::default()
        },
        iuv: row.iuv.clone(),
        id_ricevuta: row.ccp.clone(),
        data: row.rt_at.ok_or_else(lost)?.and_utc(),
        esito: row.esito.clone().ok_or_else(lost)?,
    })
}

type Key = web::Path<(String, String, String)>;

/// A receipt: JSON, or its print with `Accept: application/pdf`.
#[utoipa::path(
    tag = "API Ragioneria v3",
    responses(
        (status = 200, content((Ricevuta = "application/json"), (Vec<u8> = "application/pdf"))),
        (status = "4XX", body = Fault),
    ),
)]
#[get("/govpay/backend/api/ragioneria/rs/basic/v3/ricevute/{idDominio}/{iuv}/{idRicevuta}")]
pub async fn get_ricevuta(
    app: web::Data<App>,
    caller: Applicazione,
    key: Key,
    req: HttpRequest,
) -> Risposta {
    get_as_ragioneria(app, caller, key, req).await
}

pub async fn get_as_ragioneria(
    app: web::Data<App>,
    caller: Applicazione,
    key: Key,
    req: HttpRequest,
) -> Risposta {
    read(&app, &caller.may_ragioneria()?.chiamante(), key, &req).await
}

pub async fn get_as_portale(
    app: web::Data<App>,
    caller: Pagante,
    key: Key,
    req: HttpRequest,
) -> Risposta {
    read(&app, &caller.noto()?, key, &req).await
}

async fn read(app: &App, caller: &Chiamante, key: Key, req: &HttpRequest) -> Risposta {
    let pdf = forma(
        req,
        &[("application/json", false), ("application/pdf", true)],
    )?;
    let (id_dominio, iuv, id_ricevuta) = key.into_inner();
    let key = [id_dominio, iuv, id_ricevuta];
    if pdf {
        let printed = letture::ricevuta(&app.pagamenti, caller, key, Formato::Pdf).await?;
        let name = format!("attachment; filename=\"{}\"", printed.1);
        return Ok(HttpResponse::Ok()
            .content_type("application/pdf")
            .insert_header((header::CONTENT_DISPOSITION, name))
            .body(printed.0));
    }
    let [id_dominio, iuv, id_ricevuta] = &key;
    let text = format!("nessuna ricevuta '{id_ricevuta}' con dominio '{id_dominio}', IUV '{iuv}'");
    let found = app.pagamenti.db.find_ricevuta(key).await?;
    let found = found.filter(|ricevuta| {
        let row = &ricevuta.pendenza.pendenza.row;
        let debitore = row.soggetto_identificativo.as_deref();
        caller.sees_debito(
            &ricevuta.rpt.id_dominio,
            &row.id_a2a,
            &row.id_tipo_pendenza,
            debitore,
        )
    });
    let found = found.ok_or_else(|| Errore::non_trovato(text))?;
    let shown = lettura_v3::ricevuta(&found, app.pagamenti.now())?;
    Ok(json(StatusCode::OK, &shown))
}
