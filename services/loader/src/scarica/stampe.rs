//! The avvisi of a tracciato as PDFs, in one ZIP that is written while it is sent.

use std::collections::HashSet;
use std::io::{self, Write};

use actix_web::HttpResponse;
use actix_web::web::Bytes;
use futures_util::stream::{self, StreamExt as _};
use govpay_api::ClientError;
use tokio::runtime::Handle;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, StreamWriter, ZipWriter};

use super::{PEZZO, Sender, con_suffisso, govpay, scritto};
use crate::app::App;
use crate::core::Core;
use crate::righe::{Archivio, Esiti};
use crate::tracciato::Tracciato;

/// PDFs asked of the core together, and in memory at most.
const INSIEME: usize = 4;

/// The ZIP. The core prints each avviso as the software that owns the pendenza would have it.
pub fn zip(app: &App, tracciato: &Tracciato) -> anyhow::Result<HttpResponse> {
    let nome = con_suffisso(&tracciato.nome_file, "avvisi", "zip");
    let archivio = Archivio::new(app, tracciato)?;
    let mut esiti = Esiti::new(app, tracciato);
    let oggi = domain::tempo::giorno(app.clock.now());
    let (core, runtime) = (app.core.clone(), Handle::current());
    Ok(scritto((&nome, "application/zip"), move |sender| {
        let mut raccolta = Raccolta::new(core, runtime, sender);
        let mut righe = archivio.righe()?;
        while righe.avanza()? {
            let Some(numero) = esiti.next()?.and_then(|e| e.numero_avviso) else {
                continue;
            };
            let chiave = righe.leggi(oggi).chiave;
            raccolta.aggiungi(Stampa {
                id_a2a: chiave.id_a2a,
                id_dominio: chiave.id_dominio,
                numero,
            })?;
            if raccolta.sender_chiuso() {
                return Ok(());
            }
        }
        raccolta.finisci()
    }))
}

/// An avviso to be printed.
struct Stampa {
    id_a2a: String,
    id_dominio: String,
    numero: String,
}

struct Raccolta {
    core: Core,
    runtime: Handle,
    sender: Sender,
    zip: ZipWriter<StreamWriter<Canale>>,
    in_attesa: Vec<Stampa>,
    nomi: HashSet<String>,
    /// Avvisi that the core does not print, with its reason.
    mancanti: Vec<String>,
}

impl Raccolta {
    fn new(core: Core, runtime: Handle, sender: Sender) -> Self {
        let canale = Canale {
            sender: sender.clone(),
            pezzo: Vec::with_capacity(PEZZO),
        };
        Self {
            core,
            runtime,
            sender,
            zip: ZipWriter::new_stream(canale),
            in_attesa: Vec::with_capacity(INSIEME),
            nomi: HashSet::new(),
            mancanti: vec![],
        }
    }

    fn sender_chiuso(&self) -> bool {
        self.sender.is_closed()
    }

    fn aggiungi(&mut self, stampa: Stampa) -> anyhow::Result<()> {
        // An avviso that appears twice is one file.
        if self
            .nomi
            .insert(govpay::nome_pdf(&stampa.id_dominio, &stampa.numero))
        {
            self.in_attesa.push(stampa);
        }
        if self.in_attesa.len() < INSIEME {
            return Ok(());
        }
        self.stampa()
    }

    /// Asks for those that wait, and writes them in their order.
    fn stampa(&mut self) -> anyhow::Result<()> {
        let core = self.core.clone();
        let chieste = std::mem::take(&mut self.in_attesa).into_iter().map(|s| {
            let core = core.clone();
            async move {
                let pdf = core.avviso_pdf(&s.id_a2a, &s.id_dominio, &s.numero).await;
                (s, pdf)
            }
        });
        let fatte = stream::iter(chieste).buffered(INSIEME).collect::<Vec<_>>();
        for (stampa, pdf) in self.runtime.block_on(fatte) {
            let nome = govpay::nome_pdf(&stampa.id_dominio, &stampa.numero);
            match pdf {
                Ok(pdf) => self.file(&nome, &pdf)?,
                // One avviso that cannot be printed does not hold the others.
                Err(ClientError::Fault { fault, .. }) => {
                    let motivo = crate::core::parole(&fault);
                    self.mancanti.push(format!("{nome}: {motivo}"));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn file(&mut self, nome: &str, contenuto: &[u8]) -> anyhow::Result<()> {
        // The PDFs are compressed inside.
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        self.zip.start_file(nome, options)?;
        self.zip.write_all(contenuto)?;
        Ok(())
    }

    fn finisci(mut self) -> anyhow::Result<()> {
        self.stampa()?;
        if self.nomi.is_empty() {
            self.file(
                "errore.txt",
                "Il tracciato non ha avvisi da stampare.\n".as_bytes(),
            )?;
        } else if !self.mancanti.is_empty() {
            let testo = format!("Avvisi non stampati:\n{}\n", self.mancanti.join("\n"));
            self.file("errore.txt", testo.as_bytes())?;
        }
        self.zip.finish()?.into_inner().flush()?;
        Ok(())
    }
}

/// Bytes on their way to who downloads them.
struct Canale {
    sender: Sender,
    pezzo: Vec<u8>,
}

impl Write for Canale {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pezzo.extend_from_slice(bytes);
        if self.pezzo.len() >= PEZZO {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.pezzo.is_empty() {
            return Ok(());
        }
        let pieno = Bytes::from(std::mem::take(&mut self.pezzo));
        let inviato = self.sender.blocking_send(Ok(pieno));
        inviato.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }
}
