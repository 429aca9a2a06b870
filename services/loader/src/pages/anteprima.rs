//! A file before it is saved: how it was understood, its first rows, what is wrong; the choices can be
//! corrected, nothing is loaded.

use actix_web::web::{Data, Path, Query};
use askama::Template;
use serde::Deserialize;
use url::form_urlencoded::Serializer;
use uuid::Uuid;
use web::{CsrfForm, FlashKind, Form, Page, PageError, PageResult, render, see_other};

use super::accesso::Utente;
use super::nuovo::decidi;
use super::scelta::{self, Scelta};
use crate::anteprima::{Anteprima, CAMPI, guarda};
use crate::app::App;
use crate::carica::{self, Errore};
use crate::csv::Dialetto;
use crate::lettura::Lettura;
use crate::scelte::Parole;

#[derive(Deserialize)]
pub struct Domanda {
    #[serde(default)]
    nome: String,
    #[serde(default)]
    prova: String,
    #[serde(flatten)]
    parole: Parole,
}

/// The page for a file that is in the store, with the choices made so far.
pub fn indirizzo(contenuto: &str, nome: &str, (parole, prova): (&Parole, &str)) -> String {
    let mut query = Serializer::new(String::new());
    for (chiave, valore) in [
        ("nome", nome),
        ("codifica", &parole.codifica),
        ("separatore", &parole.separatore),
        ("decimale", &parole.decimale),
        ("data", &parole.data),
        ("mappa", &parole.mappa),
        ("politica", &parole.politica),
        ("prova", prova),
    ] {
        if !valore.is_empty() {
            query.append_pair(chiave, valore);
        }
    }
    format!("/tracciati/anteprima/{contenuto}?{}", query.finish())
}

#[derive(Template)]
#[template(path = "anteprima.html")]
struct Vista {
    page: Page,
    form: Form,
    scelta: Scelta,
    contenuto: String,
    nome: String,
    chiave: String,
    dialetto: Dialetto,
    json: bool,
    anteprima: Anteprima,
    /// Why the bytes are not a tracciato with these choices.
    rifiuto: Option<String>,
    /// Whether the box of the dry run is ticked.
    prova: bool,
}

impl Vista {
    fn separatore(&self) -> String {
        match self.dialetto.separatore {
            b'\t' => self.page.t("tabulazione"),
            altro => char::from(altro).to_string(),
        }
    }

    fn testa(&self) -> String {
        match self.anteprima.testa.as_slice() {
            [] => self.page.t("senza-intestazione"),
            nomi => nomi.join(", "),
        }
    }

    /// Columns of the file that feed nothing.
    fn non_usate(&self) -> String {
        let colonne = self.anteprima.stranezze.iter().map(|s| s.colonna.as_str());
        colonne.collect::<Vec<_>>().join(", ")
    }

    fn enti(&self) -> String {
        match self.anteprima.domini.as_slice() {
            [] => "—".to_owned(),
            domini => domini.join(", "),
        }
    }

    fn righe(&self) -> String {
        let righe = self.page.intero(self.anteprima.righe).to_string();
        match self.anteprima.parziale {
            true => self.page.t1("almeno", "n", righe),
            false => righe,
        }
    }

    fn forme(&self) -> String {
        scelta::forme(&self.page, &self.anteprima.forme)
    }

    /// The headings of the first rows.
    fn campi(&self) -> Vec<String> {
        if self.anteprima.grezze {
            let numeri = 1..=CAMPI.len();
            return numeri.map(|n| self.page.t1("colonna-n", "n", n)).collect();
        }
        CAMPI.iter().map(|campo| campo.nome()).collect()
    }

    fn formato(&self) -> String {
        super::dettaglio::formato(&self.page, self.anteprima.formato)
    }
}

pub async fn mostra(
    app: Data<App>,
    page: Page,
    utente: Utente,
    contenuto: Path<String>,
    query: Query<Domanda>,
) -> PageResult {
    let domanda = query.into_inner();
    let contenuto = contenuto.into_inner();
    let decise = decidi(&app, &utente.0, &domanda.parole).await?;
    let (operazioni, tracciati) = (page.t("operazioni"), page.t("tracciati"));
    let page = page
        .titled("anteprima")
        .crumb(operazioni, "")
        .crumb(tracciati, "/tracciati");
    let mut vista = Vista {
        form: scelta::form(&domanda.parole, &domanda.prova),
        scelta: Scelta::new(&app, &page, &utente.0).await?,
        nome: carica::nome_pulito(&domanda.nome),
        chiave: Uuid::new_v4().to_string(),
        dialetto: Dialetto {
            codifica: crate::csv::Codifica::Utf8,
            separatore: b',',
        },
        json: false,
        anteprima: Anteprima::default(),
        rifiuto: None,
        prova: !domanda.prova.is_empty(),
        contenuto: contenuto.clone(),
        page,
    };
    match carica::riprendi(&app, &utente.0, &contenuto, decise.scelte).await {
        Ok(Some(arrivato)) => {
            vista.dialetto = arrivato.esame.dialetto;
            vista.json = arrivato.esame.json;
            let lettura = Lettura {
                json: vista.json,
                ..decise.lettura
            };
            let come = (vista.dialetto, lettura);
            let guardata = guarda(&app, &utente.0, &contenuto, come).await;
            vista.anteprima = guardata.map_err(PageError::internal)?;
        }
        Ok(None) => {
            return Err(PageError::gone(vista.page.t("file-non-piu"))
                .action(vista.page.t("nuovo-tracciato"), "/tracciati/nuovo"));
        }
        Err(Errore::Rifiuto(rifiuto)) => {
            vista.rifiuto = Some(rifiuto.testo(vista.page.lang()));
        }
        Err(Errore::Store(error)) => return Err(error.into()),
        Err(Errore::Interno(cause)) => return Err(PageError::internal(cause)),
        Err(Errore::Interrotto(_) | Errore::Doppio(..)) => {
            return Err(PageError::bad_request(vista.page.t("file-non-piu")));
        }
    }
    render(&vista)
}

/// Shows the file again with other choices.
pub async fn aggiorna(
    _utente: Utente,
    contenuto: Path<String>,
    body: CsrfForm<Domanda>,
) -> PageResult {
    let Domanda {
        nome,
        prova,
        parole,
    } = body.0;
    Ok(see_other(indirizzo(&contenuto, &nome, (&parole, &prova))))
}

#[derive(Deserialize)]
pub struct Niente {}

/// Forgets the file.
pub async fn scarta(
    app: Data<App>,
    page: Page,
    utente: Utente,
    contenuto: Path<String>,
    _body: CsrfForm<Niente>,
) -> PageResult {
    let (id, chi) = (contenuto.into_inner(), utente.0.principal);
    if app.db.is_in_attesa(id.clone(), chi).await? {
        app.db.delete_contenuto(id).await?;
    }
    page.session()
        .flash(FlashKind::Success, page.t("file-scartato"));
    Ok(see_other("/tracciati"))
}
