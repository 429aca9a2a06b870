//! What can be downloaded of a tracciato, streamed: the original byte for byte, the elaborato, the
//! list of faults.

use actix_web::HttpResponse;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ContentEncoding, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::web::Bytes;
use domain::tracciato::{Gravita, Layout};
use futures_util::stream;
use serde::Deserialize;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::app::App;
use crate::csv::{Scrittore, Sorgente, apri};
use crate::db::Db;
use crate::tracciato::{RigaRow, Tracciato};

/// Bytes that are sent together.
const PEZZO: usize = 64 * 1024;
/// Rows read from the store together.
const PAGINA: i64 = 1000;

/// Columns that the elaborato adds.
const AGGIUNTE: [&str; 6] = ["esito", "errore", "IUV", "numeroAvviso", "QR", "barcode"];

/// How a CSV is wanted.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Forma {
    /// A mark at the beginning, for spreadsheets that would guess another encoding.
    #[serde(default)]
    pub bom: bool,
    /// Without the apostrophe before cells that look like formulas: for programs.
    #[serde(default)]
    pub grezzo: bool,
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
    headers(&tracciato.nome_file).streaming(chunks)
}

/// The elaborato of a tracciato that has been loaded.
pub fn elaborato(app: &App, tracciato: &Tracciato, forma: Forma) -> HttpResponse {
    let nome = con_suffisso(&tracciato.nome_file, "elaborato");
    let sorgente = Sorgente::new(&app.db, &tracciato.contenuto_id);
    let elaborato = Elaborato {
        esiti: Esiti::new(&app.db, tracciato.id),
        out: Uscita::new(Scrittore::new(
            tracciato.separatore(),
            !forma.grezzo,
            forma.bom,
        )),
    };
    let tracciato = tracciato.clone();
    csv(&nome, move |sender| {
        elaborato.run(&tracciato, sorgente, sender)
    })
}

/// The faults that the validation found, errors first.
pub fn errori(app: &App, tracciato: &Tracciato, forma: Forma) -> HttpResponse {
    let nome = con_suffisso(&tracciato.nome_file, "errori");
    let (db, id, runtime) = (app.db.clone(), tracciato.id, Handle::current());
    let mut out = Uscita::new(Scrittore::new(
        tracciato.separatore(),
        !forma.grezzo,
        forma.bom,
    ));
    csv(&nome, move |sender| {
        let testa = [
            "riga",
            "gravita",
            "colonna",
            "valore",
            "problema",
            "suggerimento",
        ];
        out.csv.record(testa);
        for gravita in [Gravita::Errore, Gravita::Avviso] {
            let mut dopo = 0;
            loop {
                let page = db.list_segnalazioni(id, gravita.name(), dopo, PAGINA);
                let page = runtime.block_on(page)?;
                let Some(last) = page.last() else { break };
                dopo = last.id;
                for s in &page {
                    let riga = s.riga.to_string();
                    let campi = [
                        &riga,
                        &s.gravita,
                        &s.colonna,
                        &s.valore,
                        &s.problema,
                        &s.suggerimento,
                    ];
                    out.csv.record(campi);
                }
                if !out.send(&sender) {
                    return Ok(());
                }
            }
        }
        out.finish(&sender);
        Ok(())
    })
}

struct Elaborato {
    esiti: Esiti,
    out: Uscita,
}

impl Elaborato {
    fn run(
        mut self,
        tracciato: &Tracciato,
        sorgente: Sorgente,
        sender: Sender,
    ) -> anyhow::Result<()> {
        let mut lettore = apri(tracciato, sorgente)?;
        let larghezza = usize::try_from(tracciato.colonne).unwrap_or_default();
        let mut layout: Option<Layout> = None;
        while let Some(letto) = lettore.next_record()? {
            if crate::csv::commento(layout.as_ref(), &letto) {
                continue;
            }
            if layout.is_none() {
                let (primo, _) = Layout::riconosci(&letto.campi)
                    .map_err(|_| anyhow::anyhow!("il file valido non si riconosce più"))?;
                let intestazione = primo.intestazione;
                layout = Some(primo);
                if intestazione {
                    self.testa(&letto.campi, larghezza);
                    continue;
                }
            }
            let riga = self.esiti.next()?;
            let vuoti = larghezza.saturating_sub(letto.campi.len());
            let vuoti = std::iter::repeat_n("", vuoti);
            let campi = letto.campi.iter().map(String::as_str).chain(vuoti);
            self.out.csv.record(campi.chain(aggiunte(&riga)));
            if self.out.csv.len() >= PEZZO && !self.out.send(&sender) {
                return Ok(());
            }
        }
        self.out.finish(&sender);
        Ok(())
    }

    /// The names of the file, those of the standard layout for the columns that go on by position,
    /// and ours: `numeroAvviso` is often there already.
    fn testa(&mut self, nomi: &[String], larghezza: usize) {
        let standard = (nomi.len()..larghezza)
            .map(|i| domain::tracciato::Colonna::at(i).map_or(String::new(), |c| c.nome()));
        let tutti: Vec<String> = nomi.iter().cloned().chain(standard).collect();
        let nostri = AGGIUNTE.iter().map(|nome| {
            let gia = tutti.iter().any(|n| n.trim().eq_ignore_ascii_case(nome));
            if gia {
                format!("{nome}Assegnato")
            } else {
                (*nome).to_owned()
            }
        });
        let nostri: Vec<String> = nostri.collect();
        self.out.csv.record(tutti.iter().chain(&nostri));
    }
}

fn aggiunte(riga: &RigaRow) -> [&str; 6] {
    [
        riga.esito.as_deref().unwrap_or_default(),
        riga.errore.as_deref().unwrap_or_default(),
        riga.iuv.as_deref().unwrap_or_default(),
        riga.numero_avviso.as_deref().unwrap_or_default(),
        riga.qrcode.as_deref().unwrap_or_default(),
        riga.barcode.as_deref().unwrap_or_default(),
    ]
}

/// The outcomes of the rows in order, a page at a time.
struct Esiti {
    db: Db,
    id: i64,
    runtime: Handle,
    pagina: std::vec::IntoIter<RigaRow>,
    dopo: i64,
}

impl Esiti {
    fn new(db: &Db, id: i64) -> Self {
        Self {
            db: db.clone(),
            id,
            runtime: Handle::current(),
            pagina: vec![].into_iter(),
            dopo: 0,
        }
    }

    fn next(&mut self) -> anyhow::Result<RigaRow> {
        if self.pagina.len() == 0 {
            let page = self.db.list_righe(self.id, self.dopo, PAGINA, None);
            self.pagina = self.runtime.block_on(page)?.into_iter();
        }
        let riga = self.pagina.next();
        let riga =
            riga.ok_or_else(|| anyhow::anyhow!("il file ha più righe di quelle validate"))?;
        self.dopo = riga.numero;
        Ok(riga)
    }
}

type Sender = mpsc::Sender<Result<Bytes, std::io::Error>>;

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
fn csv(
    nome: &str,
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
    headers(nome).streaming(body)
}

fn headers(nome: &str) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, "text/csv"))
        .insert_header((CONTENT_DISPOSITION, attachment(nome)))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(ContentEncoding::Identity);
    response
}

/// `tari.csv` → `tari_elaborato.csv`.
fn con_suffisso(nome: &str, suffisso: &str) -> String {
    let base = match nome.rsplit_once('.') {
        Some((base, estensione)) if estensione.eq_ignore_ascii_case("csv") => base,
        _ => nome,
    };
    format!("{base}_{suffisso}.csv")
}

/// The header that names a download (RFC 6266): a plain name for old readers, the real one in UTF-8.
fn attachment(nome: &str) -> String {
    use std::fmt::Write as _;
    let innocuo =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ' | '(' | ')');
    let semplice: String = nome
        .chars()
        .map(|c| if innocuo(c) { c } else { '_' })
        .collect();
    let mut esteso = String::new();
    for byte in nome.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            esteso.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(esteso, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{semplice}\"; filename*=UTF-8''{esteso}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b032_the_name_of_a_download_is_safe_in_a_header() {
        assert_eq!(
            attachment("pendenze è \"2026\"; v1.csv"),
            "attachment; filename=\"pendenze _ _2026__ v1.csv\"; \
             filename*=UTF-8''pendenze%20%C3%A8%20%222026%22%3B%20v1.csv"
        );
        assert!(!attachment("a\r\nSet-Cookie: x").contains(['\r', '\n']));
        assert_eq!(con_suffisso("tari.CSV", "elaborato"), "tari_elaborato.csv");
        assert_eq!(con_suffisso("tari", "errori"), "tari_errori.csv");
    }
}
