//! The stored chunks of a file as one stream of bytes, for the readers that run on blocking threads.

use std::io::{self, Read};

use tokio::runtime::Handle;

use crate::db::Db;

/// Reads a file from the store, one chunk at a time. Only for blocking threads: it waits for the
/// store.
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
}

impl Read for Sorgente {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.letti == self.chunk.len() {
            let chunk = self
                .runtime
                .block_on(self.db.find_chunk(self.contenuto_id.clone(), self.prossimo));
            self.chunk = chunk.map_err(io::Error::other)?.unwrap_or_default();
            self.letti = 0;
            self.prossimo += 1;
        }
        let resto = &self.chunk[self.letti..];
        let n = resto.len().min(buffer.len());
        buffer[..n].copy_from_slice(&resto[..n]);
        self.letti += n;
        Ok(n)
    }
}
