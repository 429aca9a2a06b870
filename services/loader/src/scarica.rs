//! What can be downloaded of a tracciato, streamed: the original byte for byte, the elaborato, the
//! list of faults.

use actix_web::HttpResponse;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ContentEncoding, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::web::Bytes;
use domain::tracciato::Gravita;
use futures_util::stream;
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use utoipa::ToSchema;

use crate::app::App;
use crate::csv::Scrittore;
use crate::lettura::Righe;
use crate::righe::{Archivio, Esiti};
use crate::tracciato::{EsitoRiga, SegnalazioneRow, Tracciato};

/// Bytes that are sent together.
const PEZZO: usize = 64 * 1024;
/// Faults read from the store together.
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
    headers(&tracciato.nome_file, "text/csv").streaming(chunks)
}

/// The elaborato of a tracciato that has been loaded.
pub fn elaborato(app: &App, tracciato: &Tracciato, forma: Forma) -> anyhow::Result<HttpResponse> {
    let archivio = Archivio::new(app, tracciato)?;
    let esiti = Esiti::new(app, tracciato);
    if forma.formato == FormatoElaborato::Ndjson {
        let nome = con_suffisso(&tracciato.nome_file, "elaborato", "ndjson");
        let write = move |sender| ndjson(&archivio, esiti, &sender);
        return Ok(scritto((&nome, "application/x-ndjson"), write));
    }
    let nome = con_suffisso(&tracciato.nome_file, "elaborato", "csv");
    let elaborato = Elaborato {
        esiti,
        out: Uscita::new(forma.scrittore(tracciato)),
        larghezza: usize::try_from(tracciato.colonne)?,
    };
    Ok(scritto((&nome, "text/csv"), move |sender| {
        elaborato.run(&archivio, &sender)
    }))
}

/// The faults that the validation found, by line, errors first; each with its row as it is in the
/// file.
pub fn errori(app: &App, tracciato: &Tracciato, forma: Forma) -> anyhow::Result<HttpResponse> {
    let nome = con_suffisso(&tracciato.nome_file, "errori", "csv");
    let (db, id, runtime) = (app.db.clone(), tracciato.id, Handle::current());
    let archivio = Archivio::new(app, tracciato)?;
    let mut out = Uscita::new(forma.scrittore(tracciato));
    Ok(scritto((&nome, "text/csv"), move |sender| {
        out.csv.record(TESTA_ERRORI);
        for gravita in [Gravita::Errore, Gravita::Avviso] {
            let mut dopo = 0;
            let mut originali = Originali::new(&archivio);
            loop {
                let page = db.list_segnalazioni(id, gravita.name(), dopo, PAGINA);
                let page = runtime.block_on(page)?;
                let Some(last) = page.last() else { break };
                dopo = last.id;
                for s in &page {
                    let originale = originali.riga(s.riga)?;
                    record_errore(&mut out.csv, s, originale);
                }
                if !out.send(&sender) {
                    return Ok(());
                }
            }
        }
        out.finish(&sender);
        Ok(())
    }))
}

const TESTA_ERRORI: [&str; 7] = [
    "riga",
    "gravita",
    "colonna",
    "valore",
    "problema",
    "suggerimento",
    "rigaOriginale",
];

fn record_errore(csv: &mut Scrittore, s: &SegnalazioneRow, originale: &str) {
    let riga = s.riga.to_string();
    csv.record([
        riga.as_str(),
        &s.gravita,
        &s.colonna,
        &s.valore,
        &s.problema,
        &s.suggerimento,
        originale,
    ]);
}

/// The rows of a file by their line, for lists that are in the order of the lines.
struct Originali<'a> {
    archivio: &'a Archivio,
    righe: Option<Righe<crate::csv::Sorgente>>,
    linea: i64,
    testo: String,
}

impl<'a> Originali<'a> {
    fn new(archivio: &'a Archivio) -> Self {
        Self {
            archivio,
            righe: archivio.righe().ok(),
            linea: 0,
            testo: String::new(),
        }
    }

    /// The row that begins at this line, as one CSV record; empty when there is none (the fault is
    /// of the header, or of the file).
    fn riga(&mut self, linea: i64) -> anyhow::Result<&str> {
        let Some(righe) = &mut self.righe else {
            return Ok("");
        };
        while self.linea < linea {
            // Beyond the place where a file breaks there are no rows to show.
            if !righe.avanza().unwrap_or(false) {
                self.linea = i64::MAX;
                break;
            }
            self.linea = i64::try_from(righe.linea()).unwrap_or(i64::MAX);
            if self.linea == linea {
                let mut csv = Scrittore::new(self.archivio.separatore(), false, false);
                csv.record(righe.campi());
                self.testo = String::from_utf8_lossy(&csv.take()).trim_end().to_owned();
            }
        }
        Ok(if self.linea == linea { &self.testo } else { "" })
    }
}

struct Elaborato {
    esiti: Esiti,
    out: Uscita,
    /// Fields of the longest row.
    larghezza: usize,
}

impl Elaborato {
    fn run(mut self, archivio: &Archivio, sender: &Sender) -> anyhow::Result<()> {
        let mut righe = archivio.righe()?;
        let layout = righe.layout().clone();
        if layout.intestazione {
            let nomi: Vec<String> = righe.campi().into_iter().map(str::to_owned).collect();
            self.testa(&nomi);
        }
        while righe.avanza()? {
            let esito = self.esiti.next()?;
            let aggiunte = aggiunte(esito.as_ref());
            let campi = righe.campi();
            let vuoti = std::iter::repeat_n("", self.larghezza.saturating_sub(campi.len()));
            let nostri = aggiunte.iter().map(String::as_str);
            self.out
                .csv
                .record(campi.into_iter().chain(vuoti).chain(nostri));
            if self.out.csv.len() >= PEZZO && !self.out.send(sender) {
                return Ok(());
            }
        }
        self.out.finish(sender);
        Ok(())
    }

    /// The names of the file, those of the standard layout for the columns that go on by position,
    /// and ours: `numeroAvviso` is often there already.
    fn testa(&mut self, nomi: &[String]) {
        let standard = (nomi.len()..self.larghezza)
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

fn aggiunte(esito: Option<&EsitoRiga>) -> [String; 6] {
    let Some(esito) = esito else {
        return Default::default();
    };
    let testo = |campo: &Option<String>| campo.clone().unwrap_or_default();
    [
        esito.esito.name().to_owned(),
        testo(&esito.errore),
        esito.iuv().unwrap_or_default(),
        testo(&esito.numero_avviso),
        testo(&esito.qrcode),
        testo(&esito.barcode),
    ]
}

/// A row of the elaborato as NDJSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RigaNdjson<'a> {
    numero: i64,
    /// Line of the file.
    riga: u64,
    #[serde(rename = "idA2A")]
    id_a2a: &'a str,
    id_pendenza: &'a str,
    id_dominio: &'a str,
    esito: Option<crate::tracciato::Esito>,
    #[serde(skip_serializing_if = "Option::is_none")]
    codice: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errore: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iuv: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    numero_avviso: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    qrcode: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    barcode: Option<&'a str>,
}

fn ndjson(archivio: &Archivio, mut esiti: Esiti, sender: &Sender) -> anyhow::Result<()> {
    let oggi = chrono::NaiveDate::default(); // only the keys are wanted
    let mut righe = archivio.righe()?;
    let mut out = Vec::new();
    while righe.avanza()? {
        let (letta, esito) = (righe.leggi(oggi), esiti.next()?);
        let e = esito.as_ref();
        let riga = RigaNdjson {
            numero: letta.numero,
            riga: letta.riga,
            id_a2a: &letta.chiave.id_a2a,
            id_pendenza: &letta.chiave.id_pendenza,
            id_dominio: &letta.chiave.id_dominio,
            esito: e.map(|e| e.esito),
            codice: e.and_then(|e| e.codice.as_deref()),
            errore: e.and_then(|e| e.errore.as_deref()),
            iuv: e.and_then(EsitoRiga::iuv),
            numero_avviso: e.and_then(|e| e.numero_avviso.as_deref()),
            qrcode: e.and_then(|e| e.qrcode.as_deref()),
            barcode: e.and_then(|e| e.barcode.as_deref()),
        };
        serde_json::to_writer(&mut out, &riga)?;
        out.push(b'\n');
        if out.len() >= PEZZO {
            let piena = std::mem::take(&mut out);
            if sender.blocking_send(Ok(Bytes::from(piena))).is_err() {
                return Ok(()); // nobody reads any more
            }
        }
    }
    // Fails when nobody reads any more.
    let _ = sender.blocking_send(Ok(Bytes::from(out)));
    Ok(())
}

/// The file with what is certain put right, in UTF-8; the rest as it was.
pub fn corretto(app: &App, tracciato: &Tracciato) -> anyhow::Result<HttpResponse> {
    let nome = con_suffisso(&tracciato.nome_file, "corretto", "csv");
    let archivio = Archivio::new(app, tracciato)?;
    let oggi = domain::tempo::giorno(app.clock.now());
    let mut out = Uscita::new(Scrittore::new(tracciato.separatore(), false, false));
    Ok(scritto((&nome, "text/csv"), move |sender| {
        let mut righe = archivio.righe()?;
        if righe.layout().intestazione {
            out.csv.record(righe.campi());
        }
        while righe.avanza()? {
            let letta = righe.leggi(oggi);
            let mut campi = righe.campi();
            for s in &letta.segnalazioni {
                if let (Some(campo), Some(giusto)) = (s.campo, &s.correzione)
                    && let Some(cella) = campi.get_mut(campo)
                {
                    *cella = giusto;
                }
            }
            out.csv.record(campi);
            if out.csv.len() >= PEZZO && !out.send(&sender) {
                return Ok(());
            }
        }
        out.finish(&sender);
        Ok(())
    }))
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
        .insert_header((CONTENT_DISPOSITION, attachment(nome)))
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
        assert_eq!(
            con_suffisso("tari.CSV", "elaborato", "csv"),
            "tari_elaborato.csv"
        );
        assert_eq!(con_suffisso("tari", "errori", "csv"), "tari_errori.csv");
    }
}
