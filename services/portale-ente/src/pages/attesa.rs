//! P5: waiting. Held answers, the event stream, the state for scripts, and the question to the core
//! when the citizen asks.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, RETRY_AFTER};
use actix_web::web::{Data, Path};
use askama::Template;
use domain::StatoPagamento;
use domain::pendenza::StatoPendenzaShown;
use govpay_api::Pagamento;
use platform::StoreResult;
use tokio::time::{Instant, timeout_at};
use web::sse::Event;
use web::{Journey, Page, PageResult, Phase, TimelineItem, render};

use crate::app::App;
use crate::core::{CoreResult, Tentativo, stato_pagamento, stato_pendenza, tentativi};
use crate::sessione::{Ricevuta, Risposta, Sessione, StatoSessione};

/// A stream lasts five minutes; the look at the store goes on a little longer.
const STREAM: Duration = Duration::from_secs(5 * 60 + 10);

/// Waits until `still` is false, at most `time`. Returns the session as it is then.
pub async fn finche(
    app: &App,
    mut sessione: Sessione,
    time: Duration,
    still: impl Fn(&Sessione) -> bool,
) -> StoreResult<Sessione> {
    let end = Instant::now() + time;
    let notify = app.attese.watch(&sessione.id, time);
    loop {
        let notified = notify.notified();
        tokio::pin!(notified);
        notified.as_mut().enable();
        if let Some(row) = app.db.find(sessione.id.clone()).await? {
            sessione = row;
        }
        if !still(&sessione) || timeout_at(end, notified).await.is_err() {
            return Ok(sessione);
        }
    }
}

/// Whether the address given by the core says that the PSP collects later.
pub fn is_differito(redirect: &str) -> bool {
    url::Url::parse(redirect).is_ok_and(|url| {
        url.query_pairs()
            .any(|(name, value)| name == "esito" && value == "DIFFERITO")
    })
}

#[derive(Template)]
#[template(path = "attesa.html")]
struct AttesaPage {
    page: Page,
    sessione: Sessione,
    /// Key of the sentence under the title.
    frase: &'static str,
    passi: Vec<TimelineItem>,
    email: Option<String>,
}

/// The waiting page.
pub fn pagina(page: Page, app: &App, sessione: Sessione) -> PageResult {
    let page = page.titled("attesa-titolo").at_step(Journey::Ente, 5);
    let since = sessione.inviata_at.or(sessione.confermata_at);
    let waited = since.map_or(0, |at| (app.clock.now().naive_utc() - at).num_seconds());
    let frase = match sessione.stato() {
        StatoSessione::Confermata => "attesa-incerta",
        _ if sessione.differito => "attesa-differita",
        _ if waited < 60 => "attesa-breve",
        _ if waited < 300 => "attesa-lunga",
        _ => "attesa-molto-lunga",
    };
    let psp = sessione.psp.clone().unwrap_or_default();
    let mut inviato = TimelineItem::new(
        page.t1("passo-inviato", "psp", psp),
        if sessione.inviata_at.is_some() {
            Phase::Done
        } else {
            Phase::Current
        },
    );
    if let Some(at) = sessione.inviata_at {
        inviato = inviato.at(at);
    }
    let ricevuta = if sessione.inviata_at.is_some() {
        Phase::Current
    } else {
        Phase::Todo
    };
    let passi = vec![
        inviato,
        TimelineItem::new(page.t("passo-attesa-rt"), ricevuta),
        TimelineItem::new(page.t("passo-pdf"), Phase::Todo),
    ];
    let email = sessione
        .email
        .as_deref()
        .and_then(|e| domain::Email::parse(e).ok());
    let email = email.map(|e| e.masked());
    render(&AttesaPage {
        page,
        sessione,
        frase,
        passi,
        email,
    })
}

/// The stream of one payment: `stato` when it moved, `fine` with its page when it is over.
pub async fn eventi(page: Page, app: Data<App>, id: Path<String>) -> PageResult {
    let id = id.into_inner();
    super::sessione(&app, &page, id.clone()).await?;
    let subscription = app.attese.hub.subscribe(&id)?;
    app.attese.watch(&id, STREAM);
    // Read again after the subscription: nothing is missed in between.
    let sessione = super::sessione(&app, &page, id).await?;
    let now = if sessione.is_over() {
        vec![Event::fine(&format!("/pagamenti/{}", sessione.id))]
    } else {
        vec![]
    };
    Ok(subscription.respond(now))
}

/// The state as JSON, for scripts whose stream does not work.
pub async fn stato(page: Page, app: Data<App>, id: Path<String>) -> PageResult {
    let sessione = super::sessione(&app, &page, id.into_inner()).await?;
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, "no-store"));
    if !sessione.is_over() {
        response.insert_header((RETRY_AFTER, "2"));
    }
    Ok(response.json(serde_json::json!({
        "stato": sessione.stato,
        "esito": sessione.esito,
        "conclusa": sessione.is_over(),
    })))
}

/// Asks the core what became of a payment, because its event is late or its answer was lost. At most
/// once in a few seconds; whatever goes wrong, the session stays as it is.
pub async fn chiedi(app: &App, sessione: Sessione) -> StoreResult<Sessione> {
    let now = app.clock.now();
    if !sessione.is_pending() || !app.db.prenota_domanda(sessione.id.clone(), now).await? {
        return Ok(sessione);
    }
    let row = match found(app, &sessione).await {
        Ok(Some(pagamento)) => registra(app, &sessione, pagamento).await?,
        // The core says that it opened nothing: "Conferma" may be pressed again.
        Ok(None) => app.db.torna_alla_scelta(sessione.id.clone()).await?,
        Err(error) => {
            tracing::warn!(%error, "the core could not be asked about a payment");
            None
        }
    };
    let sessione = row.unwrap_or(sessione);
    app.wake(&sessione);
    Ok(sessione)
}

async fn found(app: &App, sessione: &Sessione) -> CoreResult<Option<Pagamento>> {
    let known = sessione.id_pagamento.clone();
    let id = match known {
        Some(id) => Some(id),
        None => app.core.pagamento_di(&sessione.id).await?.map(|p| p.id),
    };
    match id {
        Some(id) => app.core.pagamento(&id).await.map(Some),
        None => Ok(None),
    }
}

async fn registra(
    app: &App,
    sessione: &Sessione,
    pagamento: Pagamento,
) -> StoreResult<Option<Sessione>> {
    let now = app.clock.now();
    let rpp = tentativi(pagamento.rpp());
    let stato = stato_pagamento(&pagamento);
    if sessione.inviata_at.is_none() && stato == StatoPagamento::InCorso {
        // Without an address and not yet at the Node, the core is still trying: nothing to say yet.
        let redirect = pagamento.psp_redirect_url.unwrap_or_default();
        if !redirect.is_empty() || rpp.iter().all(|rpp| !rpp.is_on_the_way()) {
            let differito = redirect.is_empty() || is_differito(&redirect);
            let (id, id_pagamento) = (sessione.id.clone(), pagamento.id);
            app.db
                .inviata(id, id_pagamento, redirect, differito, now)
                .await?;
        }
    }
    let risposta = Risposta {
        stato,
        stato_rpt: rpp.last().and_then(|rpp| rpp.stato),
        ricevute: rpp.iter().filter_map(|rpp| letta(rpp, sessione)).collect(),
        altrove: altrove(app, sessione, &rpp).await,
        link: format!("{}/{}", app.pagamenti_url(), sessione.id),
    };
    app.db
        .applica_risposta(sessione.id.clone(), risposta, now)
        .await
}

fn letta(rpp: &Tentativo, sessione: &Sessione) -> Option<Ricevuta> {
    let esito = rpp.esito?;
    let whole = (esito == domain::EsitoPagamento::Eseguito).then(|| sessione.importo());
    Some(Ricevuta {
        iuv: rpp.iuv.clone(),
        ccp: rpp.ccp.clone(),
        esito,
        importo_pagato: rpp.importo_pagato.or(whole),
        anomala: false,
    })
}

/// The receipt of the avviso if it was paid in another way than this payment.
async fn altrove(app: &App, sessione: &Sessione, own: &[Tentativo]) -> Option<(String, String)> {
    if own.iter().any(|rpp| rpp.esito.is_some()) {
        return None;
    }
    let pendenza = app
        .core
        .pendenza(&sessione.id_dominio, &sessione.numero_avviso)
        .await;
    let pendenza = pendenza
        .inspect_err(|error| tracing::warn!(%error, "the pendenza of a payment could not be read"))
        .ok()?;
    if stato_pendenza(&pendenza) == StatoPendenzaShown::NonEseguita {
        return None;
    }
    let is_own = |rpp: &Tentativo| own.iter().any(|o| o.iuv == rpp.iuv && o.ccp == rpp.ccp);
    let paid = |rpp: &Tentativo| rpp.esito.is_some_and(domain::EsitoPagamento::money_moved);
    let rpp = tentativi(pendenza.rpp())
        .into_iter()
        .find(|rpp| paid(rpp) && !is_own(rpp))?;
    Some((rpp.iuv, rpp.ccp))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_of_the_core_to_ourselves_with_differito_is_a_deferred_payment() {
        assert!(is_differito(
            "http://127.0.0.1:8082/pagamenti/x?attendi=8&idSession=1&esito=DIFFERITO"
        ));
        assert!(!is_differito("http://127.0.0.1:8084/pagamento?idSession=1"));
        assert!(!is_differito("non è un indirizzo"));
    }
}
