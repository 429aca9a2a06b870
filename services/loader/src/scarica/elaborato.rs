//! The elaborato: what became of each row, beside the row itself.

use actix_web::HttpResponse;
use actix_web::web::Bytes;
use serde::Serialize;

use super::{Forma, FormatoElaborato, PEZZO, Sender, Uscita, con_suffisso, govpay, scritto};
use crate::app::App;
use crate::righe::{Archivio, Esiti};
use crate::tracciato::{EsitoRiga, Tracciato};

/// Columns that the elaborato adds.
const AGGIUNTE: [&str; 6] = ["esito", "errore", "IUV", "numeroAvviso", "QR", "barcode"];

/// The elaborato of a tracciato that has been loaded.
pub fn elaborato(app: &App, tracciato: &Tracciato, forma: Forma) -> anyhow::Result<HttpResponse> {
    let nome = con_suffisso(&tracciato.nome_file, "elaborato", "csv");
    if forma.formato == FormatoElaborato::Json {
        return govpay::json(app, tracciato, None);
    }
    if forma.formato == FormatoElaborato::Csv && tracciato.lettura()?.json {
        // There are no columns of the original to be kept.
        return govpay::csv(app, tracciato, forma.scrittore(tracciato), &nome);
    }
    let archivio = Archivio::new(app, tracciato)?;
    let esiti = Esiti::new(app, tracciato);
    if forma.formato == FormatoElaborato::Ndjson {
        let nome = con_suffisso(&tracciato.nome_file, "elaborato", "ndjson");
        let write = move |sender| ndjson(&archivio, esiti, &sender);
        return Ok(scritto((&nome, "application/x-ndjson"), write));
    }
    let elaborato = Elaborato {
        esiti,
        out: Uscita::new(forma.scrittore(tracciato)),
        larghezza: usize::try_from(tracciato.colonne)?,
    };
    Ok(scritto((&nome, "text/csv"), move |sender| {
        elaborato.run(&archivio, &sender)
    }))
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
        if righe.nomi().intestazione() {
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
