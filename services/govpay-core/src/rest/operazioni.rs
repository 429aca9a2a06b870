//! What the core does by itself, done now because a person asks: the answer comes when it is done.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{self, ServiceConfig, get};
use govpay_api::anagrafica::Servizio;
use platform::service::Worked;
use serde::Serialize;

use super::App;
use super::auth::Operatore;
use super::risposta::{Impaginazione, Parametri, Risposta, json};
use crate::pagamenti::Errore;
use crate::tentativo::Pagina;

/// Attempts that one run looks at: more are due again at the next.
const TENTATIVI_MAX: usize = 1000;

/// `operazioneIndex` of the contract.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Operazione {
    id_operazione: &'static str,
    descrizione: &'static str,
    location: String,
}

/// `operazione` of the contract: it is done.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Eseguita {
    #[serde(flatten)]
    operazione: Operazione,
    /// 0: done.
    stato: i32,
    esito: &'static str,
    dettaglio: String,
}

/// Names, and what they do.
const OPERAZIONI: [(&str, &str); 4] = [
    (
        "recuperoRptPendenti",
        "Spedisce le RPT da spedire e chiede al Nodo che cosa è stato di quelle incerte",
    ),
    (
        "chiusuraRptScadute",
        "Chiude i tentativi di pagamento il cui tempo è finito",
    ),
    (
        "spedizioneNotifiche",
        "Spedisce alle applicazioni le notifiche che sono da spedire",
    ),
    (
        "resetCacheAnagrafica",
        "Non fa nulla: ciò che si scrive nell'anagrafica vale da subito",
    ),
];

pub fn routes(c: &mut ServiceConfig) {
    c.route("/operazioni", get().to(list))
        .route("/operazioni/stato/{id}", get().to(stato))
        .route("/operazioni/{id}", get().to(esegui));
}

fn voce(id_operazione: &'static str, descrizione: &'static str) -> Operazione {
    Operazione {
        id_operazione,
        descrizione,
        location: format!("/operazioni/{id_operazione}"),
    }
}

async fn list(caller: Operatore, page: Parametri<Impaginazione>, req: HttpRequest) -> Risposta {
    caller.legge(Servizio::Configurazione)?;
    let page = page.into_inner();
    let (size, offset) = page.limits()?;
    let skip = usize::try_from(offset).unwrap_or(usize::MAX);
    let take = usize::try_from(size).unwrap_or(0);
    let all = OPERAZIONI.iter().map(|(id, text)| voce(id, text));
    let rows: Vec<Operazione> = all.skip(skip).take(take).collect();
    let totale = i64::try_from(OPERAZIONI.len()).unwrap_or(i64::MAX);
    let lista = page.lista(Pagina { rows, totale }, req.path(), req.query_string())?;
    Ok(json(StatusCode::OK, &lista))
}

async fn esegui(app: web::Data<App>, caller: Operatore, id: web::Path<String>) -> Risposta {
    caller.scrive(Servizio::Configurazione)?;
    let found = OPERAZIONI.iter().find(|(known, _)| *known == id.as_str());
    let (id, descrizione) = found.ok_or_else(|| sconosciuta(&id))?;
    let dettaglio = match *id {
        "recuperoRptPendenti" => recupera(&app).await?,
        "chiusuraRptScadute" => {
            let chiusi = app.pagamenti.scadi().await.map_err(fallita)?;
            match chiusi {
                Worked::Yes => "Chiusi i tentativi scaduti".to_owned(),
                Worked::Nothing => "Nessun tentativo è scaduto".to_owned(),
            }
        }
        "spedizioneNotifiche" => {
            let spedite = app.pagamenti.spedisci_dovute().await?;
            format!("Notifiche lavorate: {spedite}")
        }
        _ => "Non c'è nulla da azzerare".to_owned(),
    };
    let eseguita = Eseguita {
        operazione: voce(id, descrizione),
        stato: 0,
        esito: "Operazione completata",
        dettaglio,
    };
    Ok(json(StatusCode::OK, &eseguita))
}

async fn recupera(app: &App) -> Result<String, Errore> {
    let mut tentativi = 0;
    while tentativi < TENTATIVI_MAX
        && app.pagamenti.invia_dovuta(None).await.map_err(fallita)? == Worked::Yes
    {
        tentativi += 1;
    }
    Ok(format!("Tentativi lavorati: {tentativi}"))
}

/// Whoever started an operation has had its outcome in the answer: none is under way.
async fn stato(caller: Operatore, id: web::Path<String>) -> Risposta {
    caller.legge(Servizio::Configurazione)?;
    Err(sconosciuta(&id).into())
}

fn sconosciuta(id: &str) -> Errore {
    let known: Vec<&str> = OPERAZIONI.iter().map(|(id, _)| *id).collect();
    Errore::non_trovato(format!(
        "nessuna operazione '{id}': ci sono {}",
        known.join(", ")
    ))
}

fn fallita(error: anyhow::Error) -> Errore {
    match error.downcast() {
        Ok(error) => Errore::Store(error),
        Err(error) => Errore::Store(platform::StoreError::corrupt(format!("{error:#}"))),
    }
}
