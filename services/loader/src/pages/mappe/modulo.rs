//! The form of a mapping as it arrives, with its sample.

use actix_multipart::{Field, Multipart};
use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use futures_util::StreamExt as _;
use web::{Form, PageError, check_csrf};

use crate::mappe::CAMPIONE_MAX;

/// Bytes of a mapping at most; one that feeds all fields has about ten thousand.
const MAPPA_MAX: usize = 64 * 1024;
/// Bytes of a short field at most.
const BREVE: usize = 1000;
/// Bytes of a sample file that is shown again, so that it can be tried once more.
const MOSTRATO: usize = 64 * 1024;

/// Bytes of a sample that are read before the connection is given up: who is still sending does not
/// read that it is too long.
const LETTI_MAX: usize = 32 * CAMPIONE_MAX;

#[derive(Default)]
pub struct Inviata {
    /// `idDominio/idTipoPendenza`.
    pub tipo: String,
    /// JSON.
    pub mappa: String,
    /// The bytes of the file, or what was pasted.
    pub campione: Vec<u8>,
    /// Whether the sample was longer than it may be.
    pub troppo: bool,
    /// Whether a mapping that is kept already is being changed.
    pub modifica: bool,
    pub azione: String,
}

impl Inviata {
    /// Body and tipo.
    pub fn chiave(&self) -> (&str, &str) {
        self.tipo.split_once('/').unwrap_or((&self.tipo, ""))
    }

    pub fn form(&self) -> Form {
        let mut form = Form::new();
        form.set("tipo", &self.tipo).set("mappa", &self.mappa);
        if self.campione.len() <= MOSTRATO
            && let Ok(testo) = std::str::from_utf8(&self.campione)
        {
            form.set("campione", testo);
        }
        form
    }
}

pub async fn leggi(req: &HttpRequest, mut body: Multipart) -> Result<Inviata, PageError> {
    let mut inviata = Inviata::default();
    let mut csrf = String::new();
    while let Some(field) = body.next().await {
        let mut field = field.map_err(|error| illeggibile(&error))?;
        match field.name().map(str::to_owned).as_deref() {
            Some("csrf") => {
                csrf = testo(&mut field, BREVE).await?;
                check_csrf(req, &csrf)?;
            }
            Some("tipo") => inviata.tipo = testo(&mut field, BREVE).await?,
            Some("modifica") => inviata.modifica = !testo(&mut field, BREVE).await?.is_empty(),
            Some("azione") => inviata.azione = testo(&mut field, BREVE).await?,
            Some("mappa") => inviata.mappa = testo(&mut field, MAPPA_MAX).await?,
            // The file comes before what was pasted, which gives way to it.
            Some("file" | "campione") if inviata.campione.is_empty() => {
                inviata.campiona(field).await?;
            }
            _ => {}
        }
    }
    check_csrf(req, &csrf)?;
    Ok(inviata)
}

impl Inviata {
    /// Takes a sample, reading it to its end so that the sender gets an answer.
    async fn campiona(&mut self, mut field: Field) -> Result<(), PageError> {
        let mut letti = 0;
        while let Some(bytes) = field.next().await {
            let bytes = bytes.map_err(|error| illeggibile(&error))?;
            if self.campione.len() + bytes.len() > CAMPIONE_MAX {
                self.troppo = true;
                self.campione.clear();
            }
            letti += bytes.len();
            if letti > LETTI_MAX {
                return Err(PageError::new(StatusCode::PAYLOAD_TOO_LARGE));
            }
            if !self.troppo {
                self.campione.extend_from_slice(&bytes);
            }
        }
        Ok(())
    }
}

async fn testo(field: &mut Field, max: usize) -> Result<String, PageError> {
    let bytes = field.bytes(max).await;
    let bytes = bytes
        .map_err(|_| PageError::bad_request("campo troppo lungo"))?
        .map_err(|error| illeggibile(&error))?;
    String::from_utf8(bytes.to_vec()).map_err(|_| PageError::bad_request("il campo non è in UTF-8"))
}

fn illeggibile(error: &dyn std::fmt::Display) -> PageError {
    tracing::info!(%error, "a form could not be read");
    PageError::bad_request("il modulo non si legge")
}
