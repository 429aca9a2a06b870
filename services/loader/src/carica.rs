//! Taking a file in: bytes go to the store while they arrive and are judged on the way; a tracciato
//! is born only when all of it is there and good. Shared by the page and the API.

use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt as _};
use platform::StoreError;
use platform::clock::real_now;
use uuid::Uuid;

use crate::app::App;
use crate::csv::{Controllo, Esame, Rifiuto, Scelte, Sorgente};
use crate::operatore::Operatore;
use crate::tracciato::{Caricato, NuovoTracciato, Tracciato};

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
pub async fn ricevi<S, E>(app: &App, body: S, scelte: Scelte) -> Result<Arrivato, Errore>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: std::fmt::Display,
{
    let depositato = deposita(app, body).await?;
    giudica(app, depositato, scelte).await
}

/// Stores the bytes of a body. One that is too large, or breaks off, is forgotten.
pub async fn deposita<S, E>(app: &App, body: S) -> Result<Depositato, Errore>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: std::fmt::Display,
{
    let contenuto_id = Uuid::now_v7().to_string();
    let now = real_now().naive_utc();
    app.db.insert_contenuto(contenuto_id.clone(), now).await?;
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
    let mut controllo = Controllo::new(app.max_upload);
    let mut chunk = Vec::with_capacity(CHUNK);
    let mut numero = 0;
    while let Some(bytes) = body.next().await {
        let bytes = bytes.map_err(|error| Errore::Interrotto(error.to_string()))?;
        if let Err(rifiuto) = controllo.push(&bytes) {
            finisci(body, app.max_upload).await;
            return Err(Errore::Rifiuto(rifiuto));
        }
        chunk.extend_from_slice(&bytes);
        if chunk.len() >= CHUNK {
            let pieno = std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK));
            app.db
                .insert_chunk(contenuto_id.to_owned(), numero, pieno)
                .await?;
            numero += 1;
        }
    }
    if !chunk.is_empty() {
        app.db
            .insert_chunk(contenuto_id.to_owned(), numero, chunk)
            .await?;
    }
    Ok(controllo)
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
    let nuovo = NuovoTracciato {
        contenuto_id: arrivato.contenuto_id.clone(),
        nome_file: nome_pulito(&modulo.nome),
        operatore: operatore.principal.clone(),
        dimensione: i64::try_from(esame.dimensione).unwrap_or(i64::MAX),
        sha256: esame.sha256.clone(),
        codifica: esame.dialetto.codifica.name().to_owned(),
        separatore: char::from(esame.dialetto.separatore).to_string(),
        chiave: modulo.chiave.clone(),
    };
    let caricato = app.db.insert_tracciato(nuovo, app.clock.now()).await?;
    if let Caricato::GiaFatto(_) = caricato {
        app.db.delete_contenuto(arrivato.contenuto_id).await?;
    }
    Ok(caricato)
}

/// Finds a file that had arrived and was not used, and judges it again. `None`: unknown, or cleaned
/// away meanwhile.
pub async fn riprendi(
    app: &App,
    contenuto_id: &str,
    scelte: Scelte,
) -> Result<Option<Arrivato>, Errore> {
    if app
        .db
        .find_chunk(contenuto_id.to_owned(), 0)
        .await?
        .is_none()
    {
        return Ok(None);
    }
    let sorgente = Sorgente::new(&app.db, contenuto_id);
    let controllo = Controllo::new(app.max_upload);
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
