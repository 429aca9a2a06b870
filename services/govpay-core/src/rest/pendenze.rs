//! Pendenze: loaded by their gestionale, changed by people, read by all three APIs.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, get, put, web};
use domain::NumeroAvviso;
use domain::pendenza::StatoPendenzaShown;
use domain::tempo::giorno;
use govpay_api::anagrafica::Servizio;
use govpay_api::{Categoria, Elenco, Fault, NuovaPendenza, Pendenza, PendenzaCreata};

use super::App;
use super::auth::{Applicazione, Operatore, Pagante};
use super::caricamento::{StampaQuery, scrivi};
use super::contratto::corpo_svelto;
use super::domanda::{Domanda, MAX_BACKOFFICE};
use super::possesso::{self, Prova};
use super::risposta::{Corpo, Parametri, Risposta, json};
use super::{convalida, lettura};
use crate::archivio::ElencoPendenze;
use crate::ente::{Mancata, RifiutoEnte};
use crate::pagamenti::{Chiamante, Errore, Persona, vista};
use crate::pendenza::{
    FiltroPendenze, Ordine, OrigineOrdine, PendenzaConTentativi, PendenzaConVoci,
};
use crate::tentativo::RptRow;
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
        .filter(|p| visibile(caller, p))
        .ok_or_else(|| Errore::non_trovato(text))
}

fn visibile(caller: &Chiamante, p: &PendenzaConVoci) -> bool {
    let (row, debitore) = (&p.row, p.row.soggetto_identificativo.as_deref());
    let tipo = &row.id_tipo_pendenza;
    caller.sees_debito(&row.id_dominio, &row.id_a2a, tipo, debitore)
}

fn detail(
    app: &App,
    caller: &Chiamante,
    found: Option<PendenzaConTentativi>,
    missing: String,
) -> Risposta {
    let (p, tentativi) = found
        .filter(|(p, _)| visibile(caller, p))
        .ok_or_else(|| Errore::non_trovato(missing))?;
    Ok(json(StatusCode::OK, &dettaglio(app, &p, &tentativi)?))
}

/// A pendenza with its items and its attempts.
pub fn dettaglio(app: &App, p: &PendenzaConVoci, tentativi: &[RptRow]) -> Result<Pendenza, Errore> {
    let rpp = tentativi.iter().map(|row| vista::rpp(row, None));
    let rpp = Elenco::Righe(rpp.collect::<Result<_, _>>()?);
    let now = app.pagamenti.now();
    Ok(lettura::pendenza(
        &p.row,
        &p.dominio,
        Some(&p.voci),
        rpp,
        now,
    )?)
}

async fn by_key(app: &App, caller: &Chiamante, key: Key) -> Risposta {
    let (id_a2a, id_pendenza) = key.into_inner();
    let text = format!("nessuna pendenza {id_pendenza} di {id_a2a}");
    let db = &app.pagamenti.db;
    let found = db.dettaglio_by_key(id_a2a, id_pendenza).await?;
    detail(app, caller, found, text)
}

async fn by_avviso(app: &App, caller: &Chiamante, key: Key) -> Risposta {
    let (id_dominio, numero) = key.into_inner();
    let text = format!("nessuna pendenza con avviso {numero} per il dominio {id_dominio}");
    let db = &app.pagamenti.db;
    let found = db.dettaglio_by_avviso(id_dominio, numero).await?;
    detail(app, caller, found, text)
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
    by_key(&app, &caller.may_pendenze()?.gestionale(), key).await
}

pub async fn get_as_portale(app: web::Data<App>, caller: Pagante, key: Key) -> Risposta {
    by_key(&app, &caller.noto()?, key).await
}

pub async fn get_as_operatore(app: web::Data<App>, caller: Operatore, key: Key) -> Risposta {
    by_key(&app, &caller.legge(Servizio::Pendenze)?, key).await
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
    let tentativi = app.pagamenti.db.rpt_of_pendenza(found.row.id).await?;
    let mut shown = dettaglio(&app, &found, &tentativi)?;
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

/// What a list of pendenze is asked, in all APIs.
pub fn elenco(app: &App, caller: Chiamante, d: &Domanda<'_>) -> Result<ElencoPendenze, Errore> {
    let stati = [
        "ESEGUITA",
        "NON_ESEGUITA",
        "ESEGUITA_PARZIALE",
        "ANNULLATA",
        "SCADUTA",
        "ANOMALA",
    ];
    Ok(ElencoPendenze {
        filtro: FiltroPendenze {
            debitore: caller.debitore(),
            domini: caller.domini,
            id_dominio: d.testo("idDominio")?,
            id_a2a: d.testo("idA2A")?,
            id_pendenza: d.testo("idPendenza")?,
            id_debitore: d.testo("idDebitore")?.map(|id| id.to_ascii_uppercase()),
            iuv: d.testo("iuv")?,
            id_tipo_pendenza: d.testo("idTipoPendenza")?,
            stato: d.parola("stato", StatoPendenzaShown::parse, &stati)?,
            data_da: d.da("dataDa")?,
            data_a: d.fino_a("dataA")?,
            oggi: giorno(app.pagamenti.now()),
            id_pagamento: d.testo("idPagamento")?,
            direzione: d.testo("direzione")?,
            divisione: d.testo("divisione")?,
            spontanei_non_pagati: d.si_no("mostraSpontaneiNonPagati", false)?,
            tipi: caller.tipi,
        },
        taglio: d.taglio()?,
    })
}

async fn list(app: &App, elenco: ElencoPendenze, d: &Domanda<'_>) -> Risposta {
    let fetta = app.pagamenti.db.elenco_pendenze(elenco).await?;
    let now = app.pagamenti.now();
    let rows = fetta.rows.iter().map(|(row, dominio)| {
        let path = format!("/rpp?idA2A={}&idPendenza={}", row.id_a2a, row.id_pendenza);
        lettura::pendenza(row, dominio, None, Elenco::Indirizzo(path), now)
    });
    d.rispondi(fetta.con(rows.collect::<Result<Vec<Pendenza>, _>>()?))
}

pub async fn list_as_gestionale(
    app: web::Data<App>,
    caller: Applicazione,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.may_pendenze()?.chiamante();
    let d = Domanda::new(&req, MAX_BACKOFFICE);
    let own = caller.id_a2a.clone();
    let mut elenco = elenco(&app, caller, &d)?;
    // A gestionale sees its own pendenze only.
    elenco.filtro.id_a2a = own;
    list(&app, elenco, &d).await
}

pub async fn list_as_portale(app: web::Data<App>, caller: Pagante, req: HttpRequest) -> Risposta {
    let caller = caller.noto()?;
    let d = Domanda::new(&req, MAX_BACKOFFICE);
    list(&app, elenco(&app, caller, &d)?, &d).await
}

pub async fn list_as_operatore(
    app: web::Data<App>,
    caller: Operatore,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.legge(Servizio::Pendenze)?;
    let d = Domanda::new(&req, MAX_BACKOFFICE);
    list(&app, elenco(&app, caller, &d)?, &d).await
}
