//! P3: to WISP and back. WISP 1.3: the choice of the PSP comes before the RPT (SANP 2, WISP 1.3).
//!
//! The returns are posts from another site: they carry no cookie of ours, the session is found by
//! the keyPA, and the answer is a redirect to a page of our own.

use std::collections::HashMap;

use actix_web::web::{Bytes, Data, Path};
use askama::Template;
use domain::CodDominio;
use govpay_api::Pendenza;
use serde::Deserialize;
use uuid::Uuid;
use web::{CsrfForm, Journey, Lang, Page, PageError, PageResult, render, see_other};

use super::core_error;
use crate::app::App;
use crate::sessione::{Sessione, StatoSessione};

/// A key for WISP: 32 random hexadecimal digits of the 40 characters allowed.
pub fn nuova_key() -> String {
    Uuid::new_v4().simple().to_string()
}

/// The form that takes the browser to WISP.
pub struct Passaggio {
    pub azione: String,
    pub campi: Vec<(&'static str, String)>,
}

impl Passaggio {
    /// The fields of WISP 1.3.
    pub fn new(app: &App, page: &Page, sessione: &Sessione, pendenza: &Pendenza) -> Self {
        let bollo = pendenza.voci().iter().any(|voce| voce.tipo_bollo.is_some());
        let portale = &app.peers.portale.public;
        let dominio = app.tenant.dominio(&sessione.id_dominio);
        let postale = dominio.is_some_and(|d| d.conti.iter().any(|conto| conto.postale));
        let si_no = |yes: bool| if yes { "SI" } else { "NO" }.to_owned();
        let lingua = match page.lang() {
            Lang::It => "IT",
            Lang::En => "EN",
        };
        let ente: String = sessione.ente.chars().take(140).collect();
        Self {
            azione: format!("{}/", app.peers.wisp.public),
            campi: vec![
                ("idDominio", sessione.id_dominio.clone()),
                ("enteCreditore", ente),
                ("keyPA", sessione.key_pa.clone()),
                ("urlReturn", format!("{portale}/wisp/ritorno")),
                ("urlBack", format!("{portale}/wisp/annullo")),
                ("primitiva", "nodoInviaRPT".to_owned()),
                ("numPagamentiRPT", "1".to_owned()),
                ("stornoPagamento", si_no(false)),
                ("bolloDigitale", si_no(bollo)),
                ("terzoModelloPagamento", si_no(false)),
                ("importoTransazione", sessione.importo().to_string()),
                ("versioneInterfacciaWISP", "1.3".to_owned()),
                ("contoPoste", si_no(postale)),
                ("pagamentiModello2", si_no(true)),
                ("codiceLingua", lingua.to_owned()),
            ],
        }
    }
}

/// The short stop on the way to WISP; the script presses the button.
#[derive(Template)]
#[template(path = "passaggio.html")]
struct PassaggioPage {
    page: Page,
    passaggio: Passaggio,
}

#[derive(Deserialize)]
pub struct Niente {}

/// "Cambia PSP": WISP again, with another key.
pub async fn cambia(
    page: Page,
    app: Data<App>,
    id: Path<String>,
    _body: CsrfForm<Niente>,
) -> PageResult {
    let sessione = super::sessione(&app, &page, id.into_inner()).await?;
    let pendenza = app
        .core
        .pendenza(&sessione.id_dominio, &sessione.numero_avviso)
        .await;
    let pendenza = pendenza.map_err(|error| core_error(&page, error, "/"))?;
    app.db
        .aggiorna_importo(sessione.id.clone(), pendenza.importo)
        .await?;
    let sessione = app.db.cambia_psp(sessione.id, nuova_key()).await?;
    let Some(sessione) = sessione.filter(|s| s.stato() == StatoSessione::Aperta) else {
        return Ok(see_other(page.path().trim_end_matches("/cambia")));
    };
    let passaggio = Passaggio::new(&app, &page, &sessione, &pendenza);
    let page = page.titled("passaggio-wisp").at_step(Journey::Ente, 2);
    render(&PassaggioPage { page, passaggio })
}

/// A return address opened by hand.
pub async fn solo_post(page: Page) -> PageResult {
    Err(PageError::bad_request(page.t("ritorno-senza-dati"))
        .title(page.t("ritorno-senza-dati-titolo"))
        .action(page.t("torna-alla-ricerca"), "/"))
}

/// `urlReturn`: the citizen chose a PSP.
pub async fn ritorno(page: Page, app: Data<App>, body: Bytes) -> PageResult {
    let campi = Campi::read(&page, &body)?;
    let key_wisp = campi.key(&page, "keyWISP")?;
    let (dominio, key_pa) = (campi.dominio(&page)?, campi.key(&page, "keyPA")?);
    let found = app
        .db
        .wisp_ritorno(dominio, key_pa, key_wisp, app.clock.now())
        .await?;
    let (sessione, _) = found.ok_or_else(|| chiave_sconosciuta(&page))?;
    let url = format!("/pagamenti/{}", sessione.id);
    Ok(see_other(match sessione.stato() {
        StatoSessione::Scelta => format!("{url}/conferma"),
        _ => url,
    }))
}

/// `urlBack`: the citizen left WISP, or WISP gave up.
pub async fn annullo(page: Page, app: Data<App>, body: Bytes) -> PageResult {
    let campi = Campi::read(&page, &body)?;
    let tipo = campi.get("type").to_owned();
    if !["ANNULLO", "TIMEOUT", "IBAN"].contains(&tipo.as_str()) {
        return Err(campo_errato(&page, "type"));
    }
    let (dominio, key_pa) = (campi.dominio(&page)?, campi.key(&page, "keyPA")?);
    let found = app
        .db
        .wisp_annullo(dominio, key_pa, tipo, app.clock.now())
        .await?;
    let (sessione, _) = found.ok_or_else(|| chiave_sconosciuta(&page))?;
    Ok(see_other(format!("/pagamenti/{}", sessione.id)))
}

fn chiave_sconosciuta(page: &Page) -> PageError {
    PageError::not_found()
        .title(page.t("chiave-sconosciuta-titolo"))
        .detail(page.t("chiave-sconosciuta-testo"))
        .action(page.t("torna-alla-ricerca"), "/")
}

fn campo_errato(page: &Page, campo: &str) -> PageError {
    PageError::bad_request(page.t1("ritorno-campo-errato", "campo", campo))
        .title(page.t("ritorno-senza-dati-titolo"))
        .action(page.t("torna-alla-ricerca"), "/")
}

/// The fields of a return.
struct Campi(HashMap<String, String>);

impl Campi {
    fn read(page: &Page, body: &[u8]) -> Result<Self, PageError> {
        let pairs: Result<HashMap<String, String>, _> = serde_urlencoded::from_bytes(body);
        let pairs = pairs.map_err(|_| campo_errato(page, "application/x-www-form-urlencoded"))?;
        Ok(Self(pairs))
    }

    fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    fn dominio(&self, page: &Page) -> Result<String, PageError> {
        let dominio = CodDominio::parse(self.get("idDominio"));
        dominio
            .map(String::from)
            .map_err(|_| campo_errato(page, "idDominio"))
    }

    /// A key: 1 to 40 visible ASCII characters.
    fn key(&self, page: &Page, name: &str) -> Result<String, PageError> {
        let key = self.get(name);
        if (1..=40).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) {
            Ok(key.to_owned())
        } else {
            Err(campo_errato(page, name))
        }
    }
}
