//! The stored chunks of a file as one stream of bytes, for the readers that run on blocking threads.

use std::io::{self, Read};

use tokio::runtime::Handle;

use crate::db::Db;

/// Reads a file from the store, one chunk at a time. Only for blocking threads: it waits for the
/// store.
#[derive(Clone)]
pub struct Sorgente {
    db: Db,
    contenuto_id: String,
    runtime: Handle,
    prossimo: i64,
    chunk: Vec<u8>,
    letti: usize,
}

impl Sorgente {
    /// Call it inside the runtime; then move it to the thread that reads.
    pub fn new(db: &Db, contenuto_id: &str) -> Self {
        Self {
            db: db.clone(),
            contenuto_id: contenuto_id.to_owned(),
            runtime: Handle::current(),
            prossimo: 0,
            chunk: Vec::new(),
            letti: 0,
        }
    }

    /// The same file from the byte at `posizione` on.
    pub fn da(&self, posizione: u64) -> io::Result<Self> {
        let id = self.contenuto_id.clone();
        let posizione = i64::try_from(posizione).map_err(io::Error::other)?;
        let found = self.db.find_chunk_at(id, posizione);
        let found = self.runtime.block_on(found).map_err(io::Error::other)?;
        let (numero, inizio) = found.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        let mut sorgente = Self {
            prossimo: numero,
            chunk: Vec::new(),
            letti: 0,
            ..self.clone()
        };
        sorgente.carica()?;
        let salta = usize::try_from(posizione - inizio).map_err(io::Error::other)?;
        sorgente.letti = salta.min(sorgente.chunk.len());
        Ok(sorgente)
    }

    fn carica(&mut self) -> io::Result<()> {
        let chunk = self.db.find_chunk(self.contenuto_id.clone(), self.prossimo);
        let chunk = self.runtime.block_on(chunk).map_err(io::Error::other)?;
        self.chunk = chunk.unwrap_or_default();
        self.letti = 0;
        self.prossimo += 1;
        Ok(())
    }
}

impl Read for Sorgente {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.letti == self.chunk.len() {
            self.carica()?;
        }
        let resto = &self.chunk[self.letti..];
        let n = resto.len().min(buffer.len());
        buffer[..n].copy_from_slice(&resto[..n]);
        self.letti += n;
        Ok(n)
    }
}
