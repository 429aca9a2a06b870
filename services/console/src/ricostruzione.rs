//! The projection filled from the core's lists: on request, and at the start when it is empty.

use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::{NaiveDateTime, TimeZone as _};
use chrono_tz::Europe::Rome;
use domain::Importo;
use govpay_api::{ClientError, ClientResult, FiltroPendenze, FiltroRpp, Lista, Pendenza, Rpp};
use platform::service::Worked;
use platform::{AppError, StoreError};
use serde::Serialize;
use serde_json::Value;
use tenant::{ModelloCanale, Tenant};
use utoipa::ToSchema;

use crate::app::App;
use crate::visti::{Notizia, PendenzaVista, Quando, Ricevuta};

/// Between two tries of filling an empty projection while the core does not answer.
pub const OGNI: Duration = Duration::from_secs(3);

const RIGHE_PER_PAGINA: i64 = 200;
/// Newest pages read of each list.
const PAGINE: i64 = 50;

/// What a rebuild did.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Ricostruita {
    pub pagamenti: usize,
    pub pendenze: usize,
    /// The core has more than was read: the oldest are not in the projection.
    pub parziale: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum RicostruzioneError {
    #[error("{0}")]
    Core(#[from] ClientError),
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl From<RicostruzioneError> for AppError {
    fn from(error: RicostruzioneError) -> Self {
        match error {
            RicostruzioneError::Store(error) => error.into(),
            RicostruzioneError::Core(error) => Self::Unavailable {
                code: "CORE_NON_DISPONIBILE",
                detail: format!("La proiezione è rimasta com'era: {error}"),
            },
        }
    }
}

/// Reads the core's lists, then changes the projection in one transaction: an error changes nothing.
pub async fn ricostruisci(app: &App, svuota: bool) -> Result<Ricostruita, RicostruzioneError> {
    // Taken before the core is asked, so that events that happen meanwhile are newer.
    let quando = Quando::new(app.clock.now(), "");
    let (rpp, more_rpp) = read_all(|pagina| rpp_page(app, pagina)).await?;
    let (pendenze, more_pendenze) = read_all(|pagina| pendenze_page(app, pagina)).await?;
    let told = rpp.len();
    let tentativi: Vec<_> = rpp
        .iter()
        .filter_map(|rpp| tentativo(rpp, &app.tenant))
        .collect();
    if tentativi.len() < told {
        let without_keys = told - tentativi.len();
        tracing::warn!(
            without_keys,
            "attempts that the core told without their keys are left out"
        );
    }
    let pendenze: Vec<_> = pendenze
        .iter()
        .map(|p| pendenza_vista(p, &quando))
        .collect();
    let done = Ricostruita {
        pagamenti: tentativi.len(),
        pendenze: pendenze.len(),
        parziale: more_rpp || more_pendenze,
    };
    app.db
        .ricostruisci(svuota, tentativi, pendenze, quando)
        .await?;
    app.riempita.store(true, Ordering::Relaxed);
    tracing::info!(
        pagamenti = done.pagamenti,
        pendenze = done.pendenze,
        "projection filled"
    );
    // Everybody's lists changed.
    for dominio in app.tenant.domini.iter().map(|d| d.id.as_str()) {
        app.wake(Some(dominio), None);
    }
    Ok(done)
}

/// One try of the timer that fills a projection found empty at the start.
pub async fn riempi(app: &App) -> anyhow::Result<Worked> {
    if app.riempita.load(Ordering::Relaxed) {
        return Ok(Worked::Nothing);
    }
    match ricostruisci(app, false).await {
        Ok(_) => {}
        Err(RicostruzioneError::Core(error)) if error.is_transient() => {
            tracing::debug!(%error, "the core does not answer yet");
        }
        Err(RicostruzioneError::Core(error)) => {
            // Asking again would be answered the same; the page of the tools has a button.
            app.riempita.store(true, Ordering::Relaxed);
            tracing::error!(%error, "the core does not give its lists");
        }
        Err(RicostruzioneError::Store(error)) => return Err(error.into()),
    }
    Ok(Worked::Nothing)
}

async fn rpp_page(app: &App, pagina: i64) -> ClientResult<Lista<Rpp>> {
    let filtro = FiltroRpp {
        pagina: Some(pagina),
        risultati_per_pagina: Some(RIGHE_PER_PAGINA),
        ..FiltroRpp::default()
    };
    app.core.list_rpp(&filtro).await
}

async fn pendenze_page(app: &App, pagina: i64) -> ClientResult<Lista<Pendenza>> {
    let filtro = FiltroPendenze {
        pagina: Some(pagina),
        risultati_per_pagina: Some(RIGHE_PER_PAGINA),
        ..FiltroPendenze::default()
    };
    app.core.list_pendenze(&filtro).await
}

/// The rows of the pages, and whether there are more than are read.
async fn read_all<T, F, W>(read: F) -> ClientResult<(Vec<T>, bool)>
where
    F: Fn(i64) -> W,
    W: Future<Output = ClientResult<Lista<T>>>,
{
    let mut rows = Vec::new();
    for pagina in 1..=PAGINE {
        let mut page = read(pagina).await?;
        let over = page.risultati.is_empty() || !continua(&page);
        rows.append(&mut page.risultati);
        if over {
            return Ok((rows, false));
        }
    }
    Ok((rows, true))
}

/// Whether there is a page after this one, by whatever the core tells of it.
pub fn continua<T>(page: &Lista<T>) -> bool {
    match (&page.prossimi_risultati, page.num_pagine) {
        (Some(_), _) => true,
        (None, Some(pages)) => pages > page.pagina,
        (None, None) => {
            i64::try_from(page.risultati.len()).is_ok_and(|n| n >= page.risultati_per_pagina)
        }
    }
}

pub fn pendenza_vista(p: &Pendenza, quando: &Quando) -> PendenzaVista {
    PendenzaVista {
        id_a2a: p.id_a2a.clone(),
        id_pendenza: p.id_pendenza.clone(),
        id_dominio: p.dominio.id_dominio.clone(),
        numero_avviso: p.numero_avviso.clone(),
        iuv: p.iuv_avviso.clone(),
        importo: p.importo.cents(),
        stato: p.stato.clone(),
        prima_at: quando.at,
        ultima_at: quando.at,
        ordine: quando.ordine.clone(),
    }
}

/// Dominio, IUV and CCP of an attempt: beside the documents, as our core tells them, or inside the
/// RPT, where the contract has them.
pub fn keys(rpp: &Rpp) -> Option<(String, String, String)> {
    let within = |path: &str| {
        rpp.rpt
            .pointer(path)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let dominio = rpp.id_dominio.clone();
    let iuv = rpp.iuv.clone();
    let ccp = rpp.ccp.clone();
    Some((
        dominio.or_else(|| within("/dominio/identificativoDominio"))?,
        iuv.or_else(|| within("/datiVersamento/identificativoUnivocoVersamento"))?,
        ccp.or_else(|| within("/datiVersamento/codiceContestoPagamento"))?,
    ))
}

/// What the core tells of an attempt, and when it began; `None` when a key is missing.
fn tentativo(rpp: &Rpp, tenant: &Tenant) -> Option<(Notizia, NaiveDateTime)> {
    let (id_dominio, iuv, ccp) = keys(rpp)?;
    let pendenza = rpp.pendenza.as_ref()?;
    let notizia = Notizia {
        id_dominio,
        iuv,
        ccp,
        id_a2a: pendenza.id_a2a.clone(),
        id_pendenza: pendenza.id_pendenza.clone(),
        numero_avviso: pendenza.numero_avviso.clone(),
        ..notizia(rpp, tenant, Some(pendenza.importo.cents()))
    };
    let begun = rpp
        .data_rpt
        .map(|at| at.naive_utc())
        .or_else(|| rpt_time(&rpp.rpt));
    // Without a date it sorts as seen now.
    Some((notizia, begun.unwrap_or(NaiveDateTime::MAX)))
}

/// What the core tells of how an attempt stands, without its keys. `importo`: cents, for an RPT that
/// does not say them.
pub fn notizia(rpp: &Rpp, tenant: &Tenant, importo: Option<i64>) -> Notizia {
    let due = rpp.rpt.pointer("/datiVersamento/importoTotaleDaVersare");
    let due = due
        .and_then(Value::as_str)
        .and_then(|text| Importo::parse(text).ok());
    let anomala = rpp
        .pendenza
        .as_ref()
        .and_then(|p| p.anomalo)
        .unwrap_or(false);
    Notizia {
        id_pagamento: rpp.id_pagamento.clone(),
        id_psp: rpp.id_psp.clone(),
        tipo: tipo(rpp, tenant),
        importo: due.map(Importo::cents).or(importo),
        stato_rpt: Some(rpp.stato.clone()),
        ricevuta: rpp.esito.as_ref().map(|esito| Ricevuta {
            esito: Some(esito.clone()),
            importo_pagato: rpp.importo_pagato.map(Importo::cents),
            anomala,
        }),
        ..Notizia::default()
    }
}

/// `dataOraMessaggioRichiesta`: a local time of Rome.
fn rpt_time(rpt: &Value) -> Option<NaiveDateTime> {
    let text = rpt.pointer("/dataOraMessaggioRichiesta")?.as_str()?;
    let local: NaiveDateTime = text.parse().ok()?;
    Rome.from_local_datetime(&local)
        .earliest()
        .map(|at| at.naive_utc())
}

/// 1 and 2 began at the portal and differ by the channel; 3 at the PSP.
fn tipo(rpp: &Rpp, tenant: &Tenant) -> Option<i32> {
    if rpp.modello.as_deref() == Some("Pagamento ad iniziativa Ente") {
        let (_, canale) = tenant.canale(rpp.id_canale.as_deref()?)?;
        return Some(if canale.modello == ModelloCanale::Differito {
            2
        } else {
            1
        });
    }
    rpp.modello.as_ref().map(|_| 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_list_is_known_whatever_the_core_tells_of_it() {
        let page = |next: Option<&str>, pages, rows: usize| Lista {
            num_risultati: None,
            num_pagine: pages,
            risultati_per_pagina: 2,
            pagina: 1,
            prossimi_risultati: next.map(str::to_owned),
            risultati: vec![(); rows],
        };
        assert!(continua(&page(Some("/rpp?pagina=2"), None, 1)));
        assert!(continua(&page(None, Some(2), 2)));
        assert!(!continua(&page(None, Some(1), 2)));
        assert!(continua(&page(None, None, 2)));
        assert!(!continua(&page(None, None, 1)));
    }

    #[test]
    fn an_attempt_is_read_beside_its_documents_or_inside_them() {
        let pendenza = r#""pendenza":{"idA2A":"GESTIONALE","idPendenza":"TARI-1",
            "dominio":{"idDominio":"12345678903"},"stato":"ESEGUITA","importo":12.50}"#;
        let ours = format!(
            r#"{{"stato":"RT_ACCETTATA_PA","rpt":{{}},"idDominio":"12345678903","iuv":"01","ccp":"c",
            "esito":"ESEGUITO","importoPagato":12.50,"dataRpt":"2026-01-15T10:00:00Z",{pendenza}}}"#
        );
        let contract = format!(
            r#"{{"stato":"RPT_ACCETTATA_NODO","modello":"Modello unico","rpt":{{
            "dataOraMessaggioRichiesta":"2026-01-15T11:00:00",
            "dominio":{{"identificativoDominio":"12345678903"}},
            "datiVersamento":{{"identificativoUnivocoVersamento":"01","codiceContestoPagamento":"c",
            "importoTotaleDaVersare":"12.50"}}}},{pendenza}}}"#
        );
        let tenant = Tenant::load(None).unwrap();
        let read = |text: &str| tentativo(&serde_json::from_str(text).unwrap(), &tenant).unwrap();
        let (ours, ours_at) = read(&ours);
        let (contract, contract_at) = read(&contract);
        assert_eq!((ours.importo, contract.importo), (Some(1250), Some(1250)));
        assert_eq!(ours_at, contract_at);
        assert_eq!(contract.tipo, Some(3));
        assert_eq!(ours.ricevuta.unwrap().esito.as_deref(), Some("ESEGUITO"));
        let without = r#"{"stato":"RPT_ATTIVATA","rpt":{}}"#;
        assert!(tentativo(&serde_json::from_str(without).unwrap(), &tenant).is_none());
    }
}
