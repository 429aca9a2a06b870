//! Taking a file in: bytes go to the store while they arrive and are judged on the way; a tracciato
//! is born only when all of it is there and good. Shared by the page and the API.

use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt as _};
use platform::StoreError;
use platform::clock::real_now;
use uuid::Uuid;

use crate::app::App;
use crate::csv::{Controllo, Esame, Rifiuto, Scelte, Sorgente};
use crate::lettura::Lettura;
use crate::operatore::Operatore;
use crate::tracciato::{Caricato, NuovoTracciato, Origine, Politica, Tracciato};

/// Bytes of a stored chunk.
const CHUNK: usize = 256 * 1024;

/// Longest name of a file that is kept, in characters.
const NOME_MAX: usize = 200;

/// A file that has arrived whole, and is in the store.
#[derive(Clone, Debug)]
pub struct Arrivato {
    pub contenuto_id: String,
    pub esame: Esame,
}

/// What comes with a file.
#[derive(Clone, Debug, Default)]
pub struct Modulo {
    /// As the browser gave it.
    pub nome: String,
    /// Idempotency key: the same one twice is one upload.
    pub chiave: Option<String>,
    /// Whether a file with the same bytes may be loaded again.
    pub anche_doppio: bool,
    pub lettura: Lettura,
    pub politica: Politica,
    /// Validate, never load.
    pub prova: bool,
    pub origine: Origine,
    /// Whether the avvisi are wanted as PDF, too.
    pub stampa_avvisi: bool,
    /// The body that a request through the Backoffice API names.
    pub id_dominio: Option<String>,
}

/// Why an upload came to nothing.
#[derive(Debug)]
pub enum Errore {
    /// The file is not good.
    Rifiuto(Rifiuto),
    /// The same bytes are already a tracciato. The bytes are kept for a while: see [`riprendi`].
    Doppio(Box<Tracciato>, Arrivato),
    /// The connection broke, or the body was not a form.
    Interrotto(String),
    Store(StoreError),
    Interno(anyhow::Error),
}

impl From<StoreError> for Errore {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// A file whose bytes are all in the store, not judged yet.
pub struct Depositato {
    contenuto_id: String,
    controllo: Controllo,
}

/// Stores the bytes of a body and judges them. What is refused is forgotten.
pub async fn ricevi<S, E>(
    app: &App,
    chi: &Operatore,
    body: S,
    scelte: Scelte,
) -> Result<Arrivato, Errore>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: std::fmt::Display,
{
    let depositato = deposita(app, chi, body).await?;
    giudica(app, depositato, scelte).await
}

/// Stores the bytes of a body. One that is too large, or breaks off, is forgotten; of one with too many
/// rows, which [`giudica`] refuses, the rest is only counted.
pub async fn deposita<S, E>(app: &App, chi: &Operatore, body: S) -> Result<Depositato, Errore>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: std::fmt::Display,
{
    let contenuto_id = Uuid::now_v7().to_string();
    let now = real_now().naive_utc();
    let principal = chi.principal.clone();
    app.db
        .insert_contenuto(contenuto_id.clone(), principal, now)
        .await?;
    match scrivi(app, &contenuto_id, body).await {
        Ok(controllo) => Ok(Depositato {
            contenuto_id,
            controllo,
        }),
        Err(errore) => {
            app.db.delete_contenuto(contenuto_id).await?;
            Err(errore)
        }
    }
}

/// Forgets a stored file that will not be judged.
pub async fn scarta(app: &App, depositato: Depositato) -> Result<(), StoreError> {
    app.db.delete_contenuto(depositato.contenuto_id).await
}

/// Judges a stored file. What is refused is forgotten.
pub async fn giudica(
    app: &App,
    depositato: Depositato,
    scelte: Scelte,
) -> Result<Arrivato, Errore> {
    let Depositato {
        contenuto_id,
        controllo,
    } = depositato;
    match controllo.finish(scelte) {
        Ok(esame) => Ok(Arrivato {
            contenuto_id,
            esame,
        }),
        Err(rifiuto) => {
            app.db.delete_contenuto(contenuto_id).await?;
            Err(Errore::Rifiuto(rifiuto))
        }
    }
}

async fn scrivi<S, E>(app: &App, contenuto_id: &str, body: S) -> Result<Controllo, Errore>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: std::fmt::Display,
{
    let mut body = std::pin::pin!(body);
    let mut controllo = Controllo::new(app.limiti);
    let mut deposito = Deposito::new(app, contenuto_id);
    while let Some(bytes) = body.next().await {
        let bytes = bytes.map_err(|error| Errore::Interrotto(error.to_string()))?;
        if let Err(rifiuto) = controllo.push(&bytes) {
            finisci(body, app.limiti.bytes).await;
            return Err(Errore::Rifiuto(rifiuto));
        }
        if !controllo.troppe() {
            deposito.push(&bytes).await?;
        }
    }
    deposito.scrivi().await?;
    Ok(controllo)
}

/// The chunks of a file on their way to the store. While one is being written the next one fills.
struct Deposito<'a> {
    app: &'a App,
    contenuto_id: &'a str,
    chunk: Vec<u8>,
    numero: i64,
    inizio: i64,
    in_corso: Option<tokio::task::JoinHandle<Result<(), StoreError>>>,
}

impl<'a> Deposito<'a> {
    fn new(app: &'a App, contenuto_id: &'a str) -> Self {
        Self {
            app,
            contenuto_id,
            chunk: Vec::with_capacity(CHUNK),
            numero: 0,
            inizio: 0,
            in_corso: None,
        }
    }

    async fn push(&mut self, mut bytes: &[u8]) -> Result<(), Errore> {
        while !bytes.is_empty() {
            let (ora, dopo) = bytes.split_at(bytes.len().min(CHUNK - self.chunk.len()));
            self.chunk.extend_from_slice(ora);
            bytes = dopo;
            if self.chunk.len() == CHUNK {
                let pieno = std::mem::replace(&mut self.chunk, Vec::with_capacity(CHUNK));
                self.avvia(pieno).await?;
            }
        }
        Ok(())
    }

    async fn avvia(&mut self, pieno: Vec<u8>) -> Result<(), Errore> {
        self.aspetta().await?;
        let (db, id) = (self.app.db.clone(), self.contenuto_id.to_owned());
        let (numero, inizio) = (self.numero, self.inizio);
        self.numero += 1;
        self.inizio += i64::try_from(pieno.len()).unwrap_or(i64::MAX);
        let write = async move { db.insert_chunk(id, numero, inizio, pieno).await };
        self.in_corso = Some(tokio::spawn(write));
        Ok(())
    }

    async fn aspetta(&mut self) -> Result<(), Errore> {
        match self.in_corso.take() {
            Some(write) => Ok(write.await.map_err(StoreError::from)??),
            None => Ok(()),
        }
    }

    /// Writes what is left.
    async fn scrivi(mut self) -> Result<(), Errore> {
        if !self.chunk.is_empty() {
            let ultimo = std::mem::take(&mut self.chunk);
            self.avvia(ultimo).await?;
        }
        self.aspetta().await
    }
}

/// Lets the sender finish, within reason: who is still writing does not read why it was refused.
async fn finisci<S, E>(mut body: std::pin::Pin<&mut S>, max: u64)
where
    S: Stream<Item = Result<Bytes, E>>,
{
    let mut letti = 0;
    while let Some(Ok(bytes)) = body.next().await {
        letti += bytes.len() as u64;
        if letti > max {
            return;
        }
    }
}

/// Makes a tracciato of a file that has arrived.
pub async fn registra(
    app: &App,
    operatore: &Operatore,
    arrivato: Arrivato,
    modulo: &Modulo,
) -> Result<Caricato, Errore> {
    let esame = &arrivato.esame;
    if let Some(chiave) = &modulo.chiave {
        let (principal, chiave) = (operatore.principal.clone(), chiave.clone());
        if let Some(gia) = app.db.find_by_key(principal, chiave).await? {
            app.db.delete_contenuto(arrivato.contenuto_id).await?;
            return Ok(Caricato::GiaFatto(gia.id));
        }
    }
    if !modulo.anche_doppio {
        let sha256 = esame.sha256.clone();
        let gia = app
            .db
            .find_by_sha256(sha256, operatore.visibilita())
            .await?;
        if let Some(gia) = gia {
            return Err(Errore::Doppio(Box::new(gia), arrivato));
        }
    }
    let lettura = Lettura {
        json: esame.json,
        ..modulo.lettura.clone()
    };
    let nuovo = NuovoTracciato {
        contenuto_id: arrivato.contenuto_id.clone(),
        nome_file: nome_pulito(&modulo.nome),
        operatore: operatore.principal.clone(),
        dimensione: i64::try_from(esame.dimensione).unwrap_or(i64::MAX),
        sha256: esame.sha256.clone(),
        codifica: esame.dialetto.codifica.name().to_owned(),
        separatore: char::from(esame.dialetto.separatore).to_string(),
        chiave: modulo.chiave.clone(),
        lettura: serde_json::to_string(&lettura).map_err(|error| Errore::Interno(error.into()))?,
        politica: modulo.politica.name().to_owned(),
        prova: modulo.prova,
        origine: modulo.origine.name().to_owned(),
        stampa_avvisi: modulo.stampa_avvisi,
        id_dominio: modulo.id_dominio.clone(),
    };
    let caricato = app.db.insert_tracciato(nuovo, app.clock.now()).await?;
    if let Caricato::GiaFatto(_) = caricato {
        app.db.delete_contenuto(arrivato.contenuto_id).await?;
    }
    Ok(caricato)
}

/// Finds a file that this operator had brought and that was not used, and judges it again. `None`:
/// unknown, used, or cleaned away meanwhile.
pub async fn riprendi(
    app: &App,
    chi: &Operatore,
    contenuto_id: &str,
    scelte: Scelte,
) -> Result<Option<Arrivato>, Errore> {
    let (id, principal) = (contenuto_id.to_owned(), chi.principal.clone());
    if !app.db.is_in_attesa(id, principal).await? {
        return Ok(None);
    }
    let sorgente = Sorgente::new(&app.db, contenuto_id);
    let controllo = Controllo::new(app.limiti);
    let esame = tokio::task::spawn_blocking(move || rileggi(sorgente, controllo, scelte))
        .await
        .map_err(|error| Errore::Interno(error.into()))??;
    Ok(Some(Arrivato {
        contenuto_id: contenuto_id.to_owned(),
        esame,
    }))
}

fn rileggi(
    mut sorgente: Sorgente,
    mut controllo: Controllo,
    scelte: Scelte,
) -> Result<Esame, Errore> {
    use std::io::Read as _;
    let mut buffer = vec![0; CHUNK];
    loop {
        let n = sorgente
            .read(&mut buffer)
            .map_err(|error| Errore::Interno(error.into()))?;
        if n == 0 {
            return controllo.finish(scelte).map_err(Errore::Rifiuto);
        }
        controllo.push(&buffer[..n]).map_err(Errore::Rifiuto)?;
    }
}

/// The last part of a path, without control characters, cut but with its extension.
pub fn nome_pulito(nome: &str) -> String {
    let ultimo = nome.rsplit(['/', '\\']).next().unwrap_or_default();
    let pulito: String = ultimo.chars().filter(|c| !c.is_control()).collect();
    let pulito = pulito.trim();
    let lungo = pulito.chars().count();
    if pulito.is_empty() {
        return "tracciato.csv".to_owned();
    }
    if lungo <= NOME_MAX {
        return pulito.to_owned();
    }
    let coda: String = pulito.chars().skip(lungo - 4).collect();
    let testa: String = pulito.chars().take(NOME_MAX - 5).collect();
    format!("{testa}…{coda}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b032_odd_names_are_names_and_never_paths() {
        assert_eq!(nome_pulito("../../etc/passwd"), "passwd");
        assert_eq!(nome_pulito("C:\\dati\\tari.csv"), "tari.csv");
        assert_eq!(nome_pulito("a\r\nb\0.csv"), "ab.csv");
        assert_eq!(nome_pulito("  "), "tracciato.csv");
        assert_eq!(nome_pulito("è à \"2026\"; v1.csv"), "è à \"2026\"; v1.csv");
        let lungo = nome_pulito(&format!("{}.csv", "x".repeat(300)));
        assert_eq!(lungo.chars().count(), NOME_MAX);
        assert!(lungo.ends_with("….csv"));
    }
}
