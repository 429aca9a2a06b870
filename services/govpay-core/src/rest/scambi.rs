//! Orders of clients in the giornale degli eventi. Readings are not written down, nor is each pendenza
//! that a gestionale loads: the pendenza itself tells.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, ResponseError as _};
use serde::Serialize;

use super::App;
use super::risposta::{Guasto, Risposta, json};
use crate::giornale::Scambio;
use crate::pagamenti::Errore;

/// An order that just arrived.
pub fn begin(
    app: &App,
    componente: &'static str,
    tipo: &'static str,
    req: &HttpRequest,
    body: &[u8],
) -> Scambio {
    let mut scambio = app.pagamenti.giornale.begin(componente, "SERVER", tipo);
    let text = String::from_utf8_lossy(body);
    let uri = req.uri().to_string();
    scambio.richiesta(req.method().as_str(), &uri, &text, app.pagamenti.now());
    scambio
}

/// Answers the order, and writes both down.
pub async fn end<T: Serialize>(
    app: &App,
    mut scambio: Scambio,
    done: StatusCode,
    outcome: Result<T, Guasto>,
) -> Risposta {
    let now = app.pagamenti.now();
    let response = match outcome {
        Ok(answer) => {
            let text = serde_json::to_string(&answer).unwrap_or_default();
            scambio.risposta(done.as_u16(), &text, now);
            Ok(json(done, &answer))
        }
        Err(guasto) => {
            let status = guasto.status_code();
            refused(&mut scambio, &guasto.0);
            scambio.risposta(status.as_u16(), &guasto.to_string(), now);
            Err(guasto)
        }
    };
    app.pagamenti.giornale.end(scambio).await;
    response
}

fn refused(scambio: &mut Scambio, errore: &Errore) {
    match errore {
        Errore::Rifiuto {
            codice,
            descrizione,
            dettaglio,
            ..
        } => {
            scambio.ko(codice, format!("{descrizione}: {dettaglio}"));
        }
        Errore::Store(_) => scambio.fail("500000", "archivio non disponibile"),
    }
}
