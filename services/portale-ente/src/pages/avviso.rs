//! P2: the data of the pendenza behind an avviso, from where one pays; and its receipts, whoever
//! paid and wherever.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path, Query};
use askama::Template;
use domain::pendenza::StatoPendenzaShown;
use domain::{CodDominio, NumeroAvviso};
use govpay_api::{FormatoRt, Pendenza};
use serde::Deserialize;
use uuid::Uuid;
use web::{Journey, Page, PageError, PageResult, TestBar, render};

use super::{
    avviso_url, core_error, document, documento_assente, formato, home, ricevuta_url, wisp,
};
use crate::app::App;
use crate::core::{Tentativo, stato_pendenza, tentativi};
use crate::sessione::{self, Avviso, Sessione, StatoSessione};

/// What can be done with an avviso.
enum Situazione {
    Pagabile,
    Pagato,
    PagatoInParte,
    Scaduto,
    Annullato,
    Anomalo,
    /// This browser has a payment open on it.
    InCorsoQui(String),
    InCorso,
}

impl Situazione {
    fn of(pendenza: &Pendenza, rpp: &[Tentativo], own: &[Sessione]) -> Self {
        use StatoPendenzaShown as S;
        match stato_pendenza(pendenza) {
            S::Eseguita => Self::Pagato,
            S::EseguitaParziale => Self::PagatoInParte,
            S::Annullata => Self::Annullato,
            S::Anomala => Self::Anomalo,
            S::Scaduta => Self::Scaduto,
            S::NonEseguita => match own.iter().find(|s| s.is_pending()) {
                Some(s) => Self::InCorsoQui(s.id.clone()),
                None if rpp.iter().any(Tentativo::is_pending) => Self::InCorso,
                None => Self::Pagabile,
            },
        }
    }
}

/// A receipt of the avviso.
struct RicevutaLink {
    rpp: Tentativo,
    pdf: String,
    xml: String,
}

#[derive(Template)]
#[template(path = "avviso.html")]
struct AvvisoPage {
    page: Page,
    pendenza: Pendenza,
    numero: NumeroAvviso,
    url: String,
    stato: StatoPendenzaShown,
    situazione: Situazione,
    debitore: Option<String>,
    ricevute: Vec<RicevutaLink>,
    /// The form of WISP 1.3, if the avviso is payable.
    passaggio: Option<wisp::Passaggio>,
}

pub async fn avviso(
    req: HttpRequest,
    page: Page,
    app: Data<App>,
    path: Path<(String, String)>,
) -> PageResult {
    let (id_dominio, numero_avviso) = path.into_inner();
    let client = crate::freno::client(&req);
    app.freno.check(client).map_err(PageError::too_many)?;
    let ids = (
        CodDominio::parse(&id_dominio),
        NumeroAvviso::parse(&numero_avviso),
    );
    let (Ok(dominio), Ok(numero)) = ids else {
        app.freno.mancato(client);
        return home::non_trovato(page, &app, &id_dominio, &numero_avviso).await;
    };
    let pendenza = match app.core.pendenza(dominio.as_str(), numero.as_str()).await {
        Ok(pendenza) => pendenza,
        Err(error) if error.is_not_found() => {
            app.freno.mancato(client);
            return home::non_trovato(page, &app, &id_dominio, &numero_avviso).await;
        }
        Err(error) => {
            let retry = page.path().to_owned();
            return Err(core_error(&page, error, &retry));
        }
    };
    let own = match page.session().existing_id() {
        Some(browser) => {
            app.db
                .list_by_avviso(browser, id_dominio, numero_avviso)
                .await?
        }
        None => vec![],
    };
    let rpp = tentativi(pendenza.rpp());
    let situazione = Situazione::of(&pendenza, &rpp, &own);
    let passaggio = match situazione {
        Situazione::Pagabile => Some(passaggio(&app, &page, &pendenza, &numero, own).await?),
        _ => None,
    };
    let page = page.titled("dati-pendenza").about(TestBar {
        iuv: Some(numero.iuv().to_string()),
        ..TestBar::default()
    });
    render(&AvvisoPage {
        page: if passaggio.is_some() {
            page.at_step(Journey::Ente, 1)
        } else {
            page
        },
        url: avviso_url(dominio.as_str(), numero.as_str()),
        debitore: pendenza
            .soggetto_pagatore
            .as_ref()
            .map(|s| s.identificativo.masked()),
        stato: stato_pendenza(&pendenza),
        ricevute: ricevute(&dominio, &numero, rpp),
        pendenza,
        numero,
        situazione,
        passaggio,
    })
}

fn ricevute(dominio: &CodDominio, numero: &NumeroAvviso, rpp: Vec<Tentativo>) -> Vec<RicevutaLink> {
    let link = |formato: &str, rpp: &Tentativo| {
        ricevuta_url(
            dominio.as_str(),
            numero.as_str(),
            formato,
            &rpp.iuv,
            &rpp.ccp,
        )
    };
    let with_receipt = rpp.into_iter().filter(|rpp| rpp.esito.is_some());
    with_receipt
        .map(|rpp| RicevutaLink {
            pdf: link("pdf", &rpp),
            xml: link("xml", &rpp),
            rpp,
        })
        .collect()
}

/// The session that this page offers to pay with: the browser's own if it never went further and the
/// amount is the same, else a new one.
async fn passaggio(
    app: &App,
    page: &Page,
    pendenza: &Pendenza,
    numero: &NumeroAvviso,
    own: Vec<Sessione>,
) -> Result<wisp::Passaggio, PageError> {
    let now = app.clock.now();
    let fresh = |s: &Sessione| {
        s.stato() == StatoSessione::Aperta
            && s.importo() == pendenza.importo
            && now.naive_utc() - s.creata_at < sessione::VITA_SCELTA
    };
    let sessione = match own.into_iter().find(fresh) {
        Some(sessione) => sessione,
        None => {
            let avviso = Avviso {
                id_dominio: pendenza.dominio.id_dominio.clone(),
                ente: pendenza.dominio.ragione_sociale.clone(),
                numero_avviso: numero.to_string(),
                causale: pendenza.causale.clone(),
                importo: pendenza.importo,
            };
            let id = Uuid::new_v4().to_string();
            let sessione = Sessione::nuova(id, wisp::nuova_key(), page.session().id(), avviso, now);
            app.db.insert_sessione(sessione.clone()).await?;
            sessione
        }
    };
    Ok(wisp::Passaggio::new(app, page, &sessione, pendenza))
}

/// The avviso as PDF.
pub async fn stampa(page: Page, app: Data<App>, path: Path<(String, String)>) -> PageResult {
    let (dominio, numero) = ids(&page, path.into_inner())?;
    let pdf = app.core.avviso_pdf(dominio.as_str(), numero.as_str()).await;
    document(&page, pdf, FormatoRt::Pdf, &format!("avviso-{numero}.pdf"))
}

fn ids(
    page: &Page,
    (dominio, numero): (String, String),
) -> Result<(CodDominio, NumeroAvviso), PageError> {
    match (CodDominio::parse(&dominio), NumeroAvviso::parse(&numero)) {
        (Ok(dominio), Ok(numero)) => Ok((dominio, numero)),
        _ => Err(documento_assente(page)),
    }
}

#[derive(Deserialize)]
pub struct QualeRicevuta {
    #[serde(default)]
    iuv: String,
    #[serde(default)]
    ccp: String,
}

/// A receipt of the avviso. Only those that the core lists under it: the address proves nothing.
pub async fn ricevuta(
    req: HttpRequest,
    page: Page,
    app: Data<App>,
    path: Path<(String, String, String)>,
    quale: Query<QualeRicevuta>,
) -> PageResult {
    let client = crate::freno::client(&req);
    app.freno.check(client).map_err(PageError::too_many)?;
    let (dominio, numero, extension) = path.into_inner();
    let formato = formato(&page, &extension)?;
    let (dominio, numero) = ids(&page, (dominio, numero))?;
    let pendenza = app.core.pendenza(dominio.as_str(), numero.as_str()).await;
    let pendenza = pendenza.map_err(|error| {
        if error.is_not_found() {
            app.freno.mancato(client);
            documento_assente(&page)
        } else {
            core_error(&page, error, page.path())
        }
    })?;
    let wanted =
        |rpp: &Tentativo| rpp.iuv == quale.iuv && rpp.ccp == quale.ccp && rpp.esito.is_some();
    if !tentativi(pendenza.rpp()).iter().any(wanted) {
        return Err(documento_assente(&page));
    }
    let bytes = app
        .core
        .rt(dominio.as_str(), &quale.iuv, &quale.ccp, formato)
        .await;
    document(
        &page,
        bytes,
        formato,
        &format!("ricevuta-{numero}.{extension}"),
    )
}
