//! What can be downloaded of a tracciato, streamed: the original byte for byte, the elaborato, the
//! list of faults, GovPay's outcomes, the avvisi.

mod elaborato;
mod errori;
pub mod govpay;
pub mod stampe;

use actix_web::HttpResponse;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ContentEncoding, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::web::Bytes;
use futures_util::stream;
use serde::Deserialize;
use tokio::sync::mpsc;
use utoipa::ToSchema;

use crate::app::App;
use crate::csv::Scrittore;
use crate::tracciato::Tracciato;

pub use self::elaborato::elaborato;
pub use self::errori::{corretto, errori};

/// Bytes that are sent together.
const PEZZO: usize = 64 * 1024;
/// How a CSV is wanted.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Forma {
    /// A mark at the beginning, for spreadsheets that would guess another encoding.
    #[serde(default)]
    pub bom: bool,
    /// Without the apostrophe before cells that look like formulas: for programs.
    #[serde(default)]
    pub grezzo: bool,
    /// `,` or `;`; that of the original when absent.
    #[serde(default)]
    pub separatore: Option<Separatore>,
    /// The elaborato only.
    #[serde(default)]
    pub formato: FormatoElaborato,
}

#[derive(Clone, Copy, Debug, Deserialize)]
pub enum Separatore {
    #[serde(rename = ",")]
    Virgola,
    #[serde(rename = ";")]
    PuntoEVirgola,
}

/// In which words an elaborato is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FormatoElaborato {
    #[default]
    Csv,
    /// One JSON object per line and row.
    Ndjson,
    /// GovPay's outcome of a tracciato: `inserimenti` and `annullamenti`.
    Json,
}

impl Forma {
    fn scrittore(self, tracciato: &Tracciato) -> Scrittore {
        let separatore = match self.separatore {
            None => tracciato.separatore(),
            Some(Separatore::Virgola) => b',',
            Some(Separatore::PuntoEVirgola) => b';',
        };
        Scrittore::new(separatore, !self.grezzo, self.bom)
    }
}

/// Media type of the original.
pub fn tipo(tracciato: &Tracciato) -> &'static str {
    if tracciato.lettura().is_ok_and(|l| l.json) {
        "application/json"
    } else {
        "text/csv"
    }
}

/// The original, byte for byte.
pub fn originale(app: &App, tracciato: &Tracciato) -> HttpResponse {
    let first = (app.db.clone(), tracciato.contenuto_id.clone(), 0);
    let chunks = stream::unfold(Some(first), |state| async {
        let (db, id, numero) = state?;
        match db.find_chunk(id.clone(), numero).await {
            Ok(Some(chunk)) => Some((Ok(Bytes::from(chunk)), Some((db, id, numero + 1)))),
            Ok(None) => None,
            Err(error) => {
                tracing::error!(%error, "a download broke off");
                Some((Err(std::io::Error::other(error)), None))
            }
        }
    });
    headers(&tracciato.nome_file, tipo(tracciato)).streaming(chunks)
}

pub type Sender = mpsc::Sender<Result<Bytes, std::io::Error>>;

/// A CSV being written and sent.
struct Uscita {
    csv: Scrittore,
}

impl Uscita {
    fn new(csv: Scrittore) -> Self {
        Self { csv }
    }

    /// `false` when nobody reads any more.
    fn send(&mut self, sender: &Sender) -> bool {
        sender
            .blocking_send(Ok(Bytes::from(self.csv.take())))
            .is_ok()
    }

    fn finish(mut self, sender: &Sender) {
        if self.csv.len() > 0 {
            self.send(sender);
        }
    }
}

/// The answer whose body is written by `write` on a thread of its own. An error breaks the answer
/// off, so that half a file is never taken for a whole one.
pub fn scritto(
    (nome, tipo): (&str, &str),
    write: impl FnOnce(Sender) -> anyhow::Result<()> + Send + 'static,
) -> HttpResponse {
    let (sender, receiver) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = write(sender.clone()) {
            tracing::error!(error = format!("{error:#}"), "a download broke off");
            // Fails when nobody reads any more.
            let _ = sender.blocking_send(Err(std::io::Error::other(error)));
        }
    });
    let body = stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|piece| (piece, receiver))
    });
    headers(nome, tipo).streaming(body)
}

fn headers(nome: &str, tipo: &str) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, tipo))
        .insert_header((CONTENT_DISPOSITION, web::attachment(nome)))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(ContentEncoding::Identity);
    response
}

/// `tari.csv` → `tari_elaborato.csv`.
pub fn con_suffisso(nome: &str, suffisso: &str, estensione: &str) -> String {
    let base = match nome.rsplit_once('.') {
        Some((base, e)) if ["csv", "json"].iter().any(|n| e.eq_ignore_ascii_case(n)) => base,
        _ => nome,
    };
    format!("{base}_{suffisso}.{estensione}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_file_is_named_after_the_one_it_comes_from() {
        assert_eq!(
            con_suffisso("tari.CSV", "elaborato", "csv"),
            "tari_elaborato.csv"
        );
        assert_eq!(con_suffisso("tari", "errori", "csv"), "tari_errori.csv");
    }
}
