//! `POST /pagamenti`: from what a portal asks to the address where the browser goes.

use std::time::Duration;

use chrono::{Days, NaiveDate};
use domain::StatoRpt;
use domain::pagamento::NonPagabile;
use domain::tempo::giorno;
use govpay_api::{CanaleScelto, Categoria, NuovoPagamento, PagamentoCreato};
use pagopa::TipoVersamento;
use url::Url;

use super::canale::canale;
use super::posizioni::posizioni;
use super::{Chiamante, Errore};
use crate::invio::{Pagamenti, Sconosciuta, is_uncertain};
use crate::posizione::{Posizione, Stazione};
use crate::tentativo::{Apertura, NuovaSessione, Rifiuto, Sessione};

/// How long a second click waits for the answer to the first: the Node has 30 s.
const WAIT_FOR_FIRST: Duration = Duration::from_secs(32);
const LOOK_AGAIN: Duration = Duration::from_millis(150);

/// Opens a session, or finds the one that the same portal session opened before.
pub async fn crea(
    p: &Pagamenti,
    chiamante: &Chiamante,
    id_sessione_portale: Option<String>,
    scelto: &CanaleScelto,
    body: NuovoPagamento,
) -> Result<PagamentoCreato, Errore> {
    let url_ritorno = check_url(body.url_ritorno.as_deref())?;
    let id_sessione_portale = check_sessione(id_sessione_portale)?;
    let (posizioni, verificate) = posizioni(p, chiamante, &body.pendenze).await?;
    let stazione = una_stazione(&posizioni)?;
    let data_esecuzione = check_data(body.data_esecuzione_pagamento, giorno(p.now()))?;
    let canale = canale(p, scelto, stazione, &posizioni).await?;
    let conto = body.conto_addebito;
    if canale.tipo_versamento == TipoVersamento::Ad && conto.is_none() {
        let text = "contoAddebito: obbligatorio con tipoVersamento AD (addebito diretto)";
        return Err(Errore::new(
            400,
            Categoria::Richiesta,
            "PAG_004",
            "Conto mancante",
            text,
        ));
    }
    let (iban_addebito, bic_addebito) = conto.map(|c| (c.iban, c.bic)).unzip();
    let versante = body.soggetto_versante.map(serde_json::to_value).transpose();
    let new = NuovaSessione {
        id: uuid::Uuid::new_v4().simple().to_string(),
        id_a2a_portale: chiamante.id_a2a.clone().unwrap_or_default(),
        cittadino: chiamante.debitore(),
        id_sessione_portale,
        pendenze: posizioni
            .iter()
            .map(|posizione| posizione.pendenza.id)
            .collect(),
        verificate,
        url_ritorno: url_ritorno.map(String::from),
        versante: versante.map_err(|e| Errore::richiesta(format!("soggettoVersante: {e}")))?,
        autenticazione: check_autenticazione(body.autenticazione_soggetto)?,
        data_esecuzione,
        iban_addebito,
        bic_addebito: bic_addebito.flatten(),
        credenziali: body.credenziali_pagatore,
        canale,
        now: p.now(),
    };
    let sessione = match p.db.apri_pagamento(new).await? {
        Apertura::Nuova(sessione) => invia(p.clone(), *sessione).await?,
        Apertura::GiaAperta(sessione) => riprendi(p, *sessione).await?,
        Apertura::Rifiutata(rifiuto) => return Err(rifiutata(rifiuto)),
    };
    risposta(p, &sessione)
}

/// In a task of its own: a portal that hangs up does not stop half way what goes to the Node.
async fn invia(p: Pagamenti, sessione: Sessione) -> Result<Sessione, Errore> {
    let task = tokio::spawn(async move { p.invia(&sessione).await });
    Ok(task.await.map_err(platform::StoreError::from)??)
}

/// The session is there already: its answer may still be on the way, or may never have come.
async fn riprendi(p: &Pagamenti, sessione: Sessione) -> Result<Sessione, Errore> {
    let begun = std::time::Instant::now();
    let mut sessione = sessione;
    let on_the_way = |s: &Sessione| {
        s.tentativi
            .iter()
            .any(|row| row.stato == StatoRpt::RptAttivata.name() && is_uncertain(row))
    };
    while on_the_way(&sessione) && begun.elapsed() < WAIT_FOR_FIRST {
        tokio::time::sleep(LOOK_AGAIN).await;
        match p.db.find_pagamento(sessione.pagamento.id.clone()).await? {
            Some(found) => sessione = found,
            None => break,
        }
    }
    let p = p.clone();
    let task = tokio::spawn(async move { p.recupera(sessione, Sconosciuta::Reinvia).await });
    Ok(task.await.map_err(platform::StoreError::from)??)
}

/// Where the browser goes, or why the payment did not begin.
fn risposta(p: &Pagamenti, sessione: &Sessione) -> Result<PagamentoCreato, Errore> {
    let pagamento = &sessione.pagamento;
    let id = &pagamento.id;
    let problema = sessione.tentativi.iter().find_map(|row| {
        let text = row.descrizione_stato.as_deref().unwrap_or_default();
        match StatoRpt::parse(&row.stato) {
            Some(StatoRpt::RptRifiutataNodo) => Some((false, text)),
            _ if is_uncertain(row) => Some((true, text)),
            _ => None,
        }
    });
    match problema {
        Some((true, text)) => {
            let text = format!(
                "{text}. Nessun importo è stato addebitato; riprovare tra poco con lo stesso \
                 idSessionePortale (pagamento {id})"
            );
            return Err(Errore::pagopa(
                "NDP_000",
                "Nodo dei Pagamenti non raggiungibile",
                text,
            ));
        }
        Some((false, text)) => {
            let (codice, why) = text.split_once(": ").unwrap_or(("NDP_001", text));
            let text = format!("{why} (pagamento {id})");
            return Err(Errore::pagopa(
                codice,
                "Richiesta rifiutata dal Nodo dei Pagamenti",
                text,
            ));
        }
        None => {}
    }
    let redirect = match &pagamento.psp_redirect_url {
        Some(url) => url.clone(),
        None => ritorno_differito(p, sessione),
    };
    Ok(PagamentoCreato {
        id: id.clone(),
        location: format!("/pagamenti/{id}"),
        redirect,
        id_session: pagamento.id_sessione_psp.clone(),
    })
}

/// A deferred channel has no page: the portal shows that the bank has the payment. A portal that named
/// no place to return to gets our own page, since the payment has begun.
fn ritorno_differito(p: &Pagamenti, sessione: &Sessione) -> String {
    let pagamento = &sessione.pagamento;
    let id_session = pagamento
        .id_sessione_psp
        .as_deref()
        .unwrap_or(&pagamento.id);
    match pagamento.url_ritorno.as_deref().map(Url::parse) {
        Some(Ok(url)) => super::ritorno::con_esito(url, &pagamento.id, id_session, "DIFFERITO"),
        _ => format!(
            "{}{}?idSession={id_session}&esito=DIFFERITO",
            p.public_url,
            super::ritorno::PATH
        ),
    }
}

/// All the pendenze of one session go to the Node through one station.
fn una_stazione(posizioni: &[Posizione]) -> Result<&Stazione, Errore> {
    let mut stazioni = posizioni.iter().map(|posizione| &posizione.stazione);
    let first = stazioni
        .next()
        .ok_or_else(|| Errore::richiesta("pendenze: nessuna"))?;
    let id = &first.stazione.id_stazione;
    if let Some(other) = stazioni.find(|other| other.stazione.id_stazione != *id) {
        let text = format!(
            "pendenze delle stazioni {id} e {}: aprire un pagamento per ciascuna",
            other.stazione.id_stazione
        );
        let (title, categoria) = ("Pendenze di stazioni diverse", Categoria::Richiesta);
        return Err(Errore::new(400, categoria, "PAG_000", title, text));
    }
    if !first.stazione.abilitato || !first.intermediario.abilitato {
        let text = format!("la stazione {id} o il suo intermediario è disabilitato");
        return Err(Errore::operazione("STA_001", "Stazione disabilitata", text));
    }
    if let Some(posizione) = posizioni
        .iter()
        .find(|posizione| posizione.multibeneficiario())
    {
        let text = format!(
            "la pendenza {} ha voci di più enti: si paga con l'avviso, presso un PSP",
            posizione.pendenza.id_pendenza
        );
        return Err(Errore::operazione(
            "PAG_001",
            "Pendenza multibeneficiario",
            text,
        ));
    }
    Ok(first)
}

/// Only addresses that a browser can be sent to.
fn check_url(url: Option<&str>) -> Result<Option<Url>, Errore> {
    let Some(text) = url else {
        return Ok(None);
    };
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && text.len() <= 1024 => Ok(Some(url)),
        _ => Err(Errore::richiesta(
            "urlRitorno: indirizzo http o https completo, di al più 1024 caratteri",
        )),
    }
}

fn check_sessione(id: Option<String>) -> Result<Option<String>, Errore> {
    match id.filter(|id| !id.is_empty()) {
        Some(id) if id.chars().count() > 255 => {
            Err(Errore::richiesta("idSessionePortale: al più 255 caratteri"))
        }
        id => Ok(id),
    }
}

fn check_autenticazione(value: Option<String>) -> Result<String, Errore> {
    match value.as_deref() {
        None => Ok("N/A".to_owned()),
        Some(value @ ("CNS" | "USR" | "OTH" | "N/A")) => Ok(value.to_owned()),
        Some(value) => {
            let text =
                format!("autenticazioneSoggetto '{value}': i valori sono CNS, USR, OTH, N/A");
            Err(Errore::richiesta(text))
        }
    }
}

/// Not before today, not more than 30 days later (SANP, dataEsecuzionePagamento).
fn check_data(day: Option<NaiveDate>, today: NaiveDate) -> Result<NaiveDate, Errore> {
    let day = day.unwrap_or(today);
    let last = today.checked_add_days(Days::new(30)).unwrap_or(today);
    if (today..=last).contains(&day) {
        Ok(day)
    } else {
        let text = format!("dataEsecuzionePagamento {day}: da {today} a {last}");
        Err(Errore::richiesta(text))
    }
}

fn rifiutata(rifiuto: Rifiuto) -> Errore {
    match rifiuto {
        Rifiuto::NonPagabile {
            id_pendenza,
            motivo,
            dettaglio,
        } => {
            let (codice, titolo) = match motivo {
                NonPagabile::Pagata => ("PAG_006", "Pendenza già pagata"),
                NonPagabile::Annullata => ("PAG_006", "Pendenza annullata"),
                NonPagabile::Scaduta => ("PAG_007", "Pendenza scaduta"),
                NonPagabile::NonPiuValida => ("PAG_012", "Pendenza non più valida"),
            };
            Errore::operazione(
                codice,
                titolo,
                format!("pendenza {id_pendenza}: {dettaglio}"),
            )
        }
        Rifiuto::InCorso { id_pendenza, until } => {
            let until = pagopa::tempo::ora_di_roma(until).format("%d/%m/%Y %H:%M:%S");
            let text = format!(
                "pendenza {id_pendenza}: un altro tentativo di pagamento è in corso, al più fino al \
                 {until}"
            );
            Errore::operazione("PAG_014", "Pagamento in corso", text)
        }
        Rifiuto::SenzaIuv { id_pendenza } => {
            let text = format!("pendenza {id_pendenza}: non ha un IUV");
            Errore::operazione("PAG_006", "Pendenza non pagabile", text)
        }
        Rifiuto::Documento {
            id_pendenza,
            errore,
        } => {
            let text = format!("pendenza {id_pendenza}: {errore}");
            Errore::operazione("PAG_006", "Dati della pendenza non validi per pagoPA", text)
        }
    }
}
