//! What is wrong in a file: the list of faults, and the copy with what is certain put right.

use actix_web::HttpResponse;
use domain::tracciato::Gravita;
use tokio::runtime::Handle;

use super::{Forma, PEZZO, Uscita, con_suffisso, scritto};
use crate::app::App;
use crate::csv::{Scrittore, Sorgente};
use crate::lettura::Righe;
use crate::righe::Archivio;
use crate::tracciato::{SegnalazioneRow, Tracciato};

/// Faults read from the store together.
const PAGINA: i64 = 1000;

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
struct Originali {
    righe: Option<Righe<Sorgente>>,
    linea: i64,
    testo: String,
}

impl Originali {
    fn new(archivio: &Archivio) -> Self {
        Self {
            righe: archivio.righe().ok(),
            linea: 0,
            testo: String::new(),
        }
    }

    /// The row that begins at this line, as one CSV record or one JSON value; empty when there is none (the fault is
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
                self.testo = righe.originale();
            }
        }
        Ok(if self.linea == linea { &self.testo } else { "" })
    }
}

/// The file with what is certain put right, in UTF-8; the rest as it was.
pub fn corretto(app: &App, tracciato: &Tracciato) -> anyhow::Result<HttpResponse> {
    let nome = con_suffisso(&tracciato.nome_file, "corretto", "csv");
    let archivio = Archivio::new(app, tracciato)?;
    let oggi = domain::tempo::giorno(app.clock.now());
    let mut out = Uscita::new(Scrittore::new(tracciato.separatore(), false, false));
    Ok(scritto((&nome, "text/csv"), move |sender| {
        let mut righe = archivio.righe()?;
        if righe.nomi().intestazione() {
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
