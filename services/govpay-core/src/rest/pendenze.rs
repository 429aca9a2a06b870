//! Pendenze: loaded by their gestionale, changed by people, read by all three APIs.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, get, put, web};
use domain::NumeroAvviso;
use domain::pendenza::StatoPendenzaShown;
use domain::tempo::giorno;
use govpay_api::anagrafica::Servizio;
use govpay_api::{Categoria, Elenco, Fault, NuovaPendenza, Pendenza, PendenzaCreata};
use serde::Deserialize;

use super::App;
use super::auth::{Applicazione, Operatore, Pagante};
use super::caricamento::{StampaQuery, scrivi};
use super::contratto::corpo_svelto;
use super::eventi::day;
use super::possesso::{self, Prova};
use super::risposta::{Corpo, Impaginazione, Parametri, Risposta, json};
use super::{convalida, lettura};
use crate::ente::{Mancata, RifiutoEnte};
use crate::pagamenti::{Chiamante, Errore, Persona, letture};
use crate::pendenza::{FiltroPendenze, Ordine, OrigineOrdine, PendenzaConVoci};
use crate::tentativo::Pagina;
use crate::verifica;

pub type Key = web::Path<(String, String)>;

/// Creates or updates a pendenza: 201 or 200.
#[utoipa::path(
    tag = "API Pendenze v2",
    request_body = NuovaPendenza,
    responses(
        (status = 200, body = PendenzaCreata),
        (status = 201, body = PendenzaCreata),
        (status = "4XX", body = Fault),
    ),
)]
#[put("/govpay/backend/api/pendenze/rs/basic/v2/pendenze/{idA2A}/{idPendenza}")]
pub async fn put_pendenza(
    app: web::Data<App>,
    caller: Applicazione,
    key: Key,
    query: Parametri<StampaQuery>,
    body: Corpo,
) -> Risposta {
    put_as_gestionale(app, caller, key, query, body).await
}

pub async fn put_as_gestionale(
    app: web::Data<App>,
    caller: Applicazione,
    key: Key,
    query: Parametri<StampaQuery>,
    body: Corpo,
) -> Risposta {
    let caller = caller.may_pendenze()?;
    let (id_a2a, id_pendenza) = own_key(&caller, key)?;
    let nuova: NuovaPendenza = corpo_svelto(&body)?;
    caller.sees(nuova.id_dominio.as_str())?;
    convalida::pendenza(&nuova)?;
    caller.usa_tipo(verifica::tipo_di(&nuova))?;
    let ordine = Ordine {
        id_a2a,
        codifica: caller.codifica()?,
        id_pendenza,
        corpo: nuova,
        origine: OrigineOrdine::Dovuto,
        now: app.pagamenti.now(),
    };
    scrivi(&app, ordine, query.stampa_avviso).await
}

/// The path names the caller's own applicazione.
pub fn own_key(caller: &Applicazione, key: Key) -> Result<(String, String), Errore> {
    let (id_a2a, id_pendenza) = key.into_inner();
    convalida::identificativo("idA2A", &id_a2a, false)?;
    convalida::identificativo("idPendenza", &id_pendenza, false)?;
    if id_a2a != caller.0.id_a2a {
        let text = format!(
            "idA2A: il valore {id_a2a} non è l'applicazione autenticata ({})",
            caller.0.id_a2a
        );
        let title = "L'applicazione autenticata è diversa da quella indicata";
        return Err(Errore::new(
            400,
            Categoria::Richiesta,
            "APP_002",
            title,
            text,
        ));
    }
    Ok((id_a2a, id_pendenza))
}

pub async fn load(
    app: &App,
    caller: &Chiamante,
    key: (String, String),
) -> Result<PendenzaConVoci, Errore> {
    let (id_a2a, id_pendenza) = key;
    let text = format!("nessuna pendenza {id_pendenza} di {id_a2a}");
    let found = app
        .pagamenti
        .db
        .pendenza_by_key(id_a2a, id_pendenza)
        .await?;
    found
        .filter(|p| {
            let (row, debitore) = (&p.row, p.row.soggetto_identificativo.as_deref());
            let tipo = &row.id_tipo_pendenza;
            caller.sees_debito(&row.id_dominio, &row.id_a2a, tipo, debitore)
        })
        .ok_or_else(|| Errore::non_trovato(text))
}

async fn detail(app: &App, p: &PendenzaConVoci) -> Risposta {
    Ok(json(StatusCode::OK, &dettaglio(app, p).await?))
}

pub async fn dettaglio(app: &App, p: &PendenzaConVoci) -> Result<Pendenza, Errore> {
    let rpp = Elenco::Righe(letture::rpp_of_pendenza(&app.pagamenti, p.row.id).await?);
    let now = app.pagamenti.now();
    Ok(lettura::pendenza(
        &p.row,
        &p.dominio,
        Some(&p.voci),
        rpp,
        now,
    )?)
}

async fn by_avviso(app: &App, caller: &Chiamante, key: Key) -> Risposta {
    let (id_dominio, numero) = key.into_inner();
    let text = format!("nessuna pendenza con avviso {numero} per il dominio {id_dominio}");
    let found = app
        .pagamenti
        .db
        .pendenza_by_avviso(id_dominio, numero)
        .await?;
    let found = found.filter(|p| {
        caller.sees_pendenza(&p.row.id_dominio, &p.row.id_a2a, &p.row.id_tipo_pendenza)
    });
    detail(app, &found.ok_or_else(|| Errore::non_trovato(text))?).await
}

/// The pendenza with its items and attempts.
#[utoipa::path(
    tag = "API Pendenze v2",
    responses((status = 200, body = Pendenza), (status = "4XX", body = Fault)),
)]
#[get("/govpay/backend/api/pendenze/rs/basic/v2/pendenze/{idA2A}/{idPendenza}")]
pub async fn get_pendenza(app: web::Data<App>, caller: Applicazione, key: Key) -> Risposta {
    get_as_gestionale(app, caller, key).await
}

/// The same, found by its avviso.
#[utoipa::path(
    tag = "API Pagamento v2",
    responses((status = 200, body = Pendenza), (status = "4XX", body = Fault)),
)]
#[get("/govpay/frontend/api/pagamento/rs/basic/v2/pendenze/byAvviso/{idDominio}/{numeroAvviso}")]
pub async fn get_pendenza_by_avviso(
    app: web::Data<App>,
    caller: Pagante,
    key: Key,
    prova: Parametri<Prova>,
    req: HttpRequest,
) -> Risposta {
    by_avviso_as_portale(app, caller, key, prova, req).await
}

pub async fn get_as_gestionale(app: web::Data<App>, caller: Applicazione, key: Key) -> Risposta {
    let caller = caller.may_pendenze()?;
    detail(
        &app,
        &load(&app, &caller.gestionale(), key.into_inner()).await?,
    )
    .await
}

pub async fn get_as_portale(app: web::Data<App>, caller: Pagante, key: Key) -> Risposta {
    detail(&app, &load(&app, &caller.noto()?, key.into_inner()).await?).await
}

pub async fn get_as_operatore(app: web::Data<App>, caller: Operatore, key: Key) -> Risposta {
    detail(
        &app,
        &load(&app, &caller.legge(Servizio::Pendenze)?, key.into_inner()).await?,
    )
    .await
}

pub async fn by_avviso_as_gestionale(
    app: web::Data<App>,
    caller: Applicazione,
    key: Key,
) -> Risposta {
    by_avviso(&app, &caller.may_pendenze()?.gestionale(), key).await
}

pub async fn by_avviso_as_portale(
    app: web::Data<App>,
    caller: Pagante,
    key: Key,
    prova: Parametri<Prova>,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.chiunque()?;
    let found = possesso::cerca(&app, &req, &caller, key.into_inner(), &prova).await?;
    let mut shown = dettaglio(&app, &found).await?;
    if caller.persona == Persona::Anonima {
        // What is owed and to whom, not who owes it and how it was paid.
        (shown.soggetto_pagatore, shown.rpp) = (None, Some(Elenco::Righe(vec![])));
    }
    Ok(json(StatusCode::OK, &shown))
}

/// As a portal asks before a payment: what nobody loaded, or is past its validity, is asked from its
/// gestionale.
pub async fn presso_ente(
    app: &App,
    caller: &Chiamante,
    (id_dominio, numero): &(String, String),
) -> Result<(), Errore> {
    let p = &app.pagamenti;
    let Ok(avviso) = NumeroAvviso::parse(numero) else {
        return Ok(()); // nobody has it
    };
    if !caller.riguarda(id_dominio) {
        return Ok(());
    }
    let known = p.db.posizione_by_avviso(id_dominio.clone(), numero.clone());
    let answer = match known.await? {
        Some(known) => p.verificata(known).await,
        None => p.cerca_avviso(id_dominio, &avviso).await,
    };
    match answer {
        // Unknown to all: told as any other avviso that is not there.
        Err(Mancata::Ente(RifiutoEnte::NessunaApplicazione(_))) | Ok(_) => Ok(()),
        Err(Mancata::Ente(RifiutoEnte::Sconosciuta(text))) => {
            let title = "La pendenza è sconosciuta all'applicazione";
            Err(Errore::new(
                404,
                Categoria::Operazione,
                "VER_011",
                title,
                text,
            ))
        }
        Err(mancata) => Err(mancata.into()),
    }
}

pub async fn by_avviso_as_operatore(app: web::Data<App>, caller: Operatore, key: Key) -> Risposta {
    by_avviso(&app, &caller.legge(Servizio::Pendenze)?, key).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListQuery {
    id_dominio: Option<String>,
    #[serde(rename = "idA2A")]
    id_a2a: Option<String>,
    id_pendenza: Option<String>,
    id_debitore: Option<String>,
    iuv: Option<String>,
    stato: Option<String>,
    data_da: Option<String>,
    data_a: Option<String>,
    id_tipo_pendenza: Option<String>,
    direzione: Option<String>,
    divisione: Option<String>,
    id_pagamento: Option<String>,
    mostra_spontanei_non_pagati: Option<bool>,
}

async fn list(
    app: &App,
    caller: Chiamante,
    q: ListQuery,
    page: Impaginazione,
    req: &HttpRequest,
) -> Risposta {
    let (limit, offset) = page.limits()?;
    if let Some(stato) = &q.stato
        && StatoPendenzaShown::parse(stato).is_none()
    {
        return Err(Errore::richiesta(format!(
            "stato: il valore '{stato}' non è uno stato delle pendenze"
        ))
        .into());
    }
    let now = app.pagamenti.now();
    let filtro = FiltroPendenze {
        debitore: caller.debitore(),
        domini: caller.domini,
        id_dominio: q.id_dominio,
        id_a2a: q.id_a2a,
        id_pendenza: q.id_pendenza,
        id_debitore: q.id_debitore.map(|id| id.to_ascii_uppercase()),
        iuv: q.iuv,
        stato: q.stato,
        data_da: day("dataDa", q.data_da.as_deref(), 0)?,
        data_a: day("dataA", q.data_a.as_deref(), 1)?,
        id_tipo_pendenza: q.id_tipo_pendenza,
        direzione: q.direzione,
        divisione: q.divisione,
        id_pagamento: q.id_pagamento,
        spontanei_non_pagati: q.mostra_spontanei_non_pagati == Some(true),
        tipi: caller.tipi,
        oggi: giorno(now),
        limit,
        offset,
    };
    let Pagina { rows, totale } = app.pagamenti.db.list_pendenze(filtro).await?;
    let rows = rows.iter().map(|(row, dominio)| {
        let path = format!("/rpp?idA2A={}&idPendenza={}", row.id_a2a, row.id_pendenza);
        lettura::pendenza(row, dominio, None, Elenco::Indirizzo(path), now)
    });
    let rows: Vec<Pendenza> = rows.collect::<Result<_, _>>()?;
    let lista = page.lista(Pagina { rows, totale }, req.path(), req.query_string())?;
    Ok(json(StatusCode::OK, &lista))
}

pub async fn list_as_gestionale(
    app: web::Data<App>,
    caller: Applicazione,
    q: Parametri<ListQuery>,
    page: Parametri<Impaginazione>,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.may_pendenze()?.chiamante();
    // A gestionale sees its own pendenze only.
    let q = ListQuery {
        id_a2a: caller.id_a2a.clone(),
        ..q.into_inner()
    };
    list(&app, caller, q, page.into_inner(), &req).await
}

pub async fn list_as_portale(
    app: web::Data<App>,
    caller: Pagante,
    q: Parametri<ListQuery>,
    page: Parametri<Impaginazione>,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.noto()?;
    list(&app, caller, q.into_inner(), page.into_inner(), &req).await
}

pub async fn list_as_operatore(
    app: web::Data<App>,
    caller: Operatore,
    q: Parametri<ListQuery>,
    page: Parametri<Impaginazione>,
    req: HttpRequest,
) -> Risposta {
    list(
        &app,
        caller.legge(Servizio::Pendenze)?,
        q.into_inner(),
        page.into_inner(),
        &req,
    )
    .await
}
