//! S1: an avviso brought to the bank. The two codes, or the text of the QR.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use domain::avviso::parse_qr_text;
use domain::{CodDominio, NumeroAvviso};
use serde::Deserialize;
use web::{CsrfForm, Form, Journey, Page, PageResult, render, render_status, see_other};

use super::parole::{self, Rifiuto};
use crate::app::App;
use crate::attivazione::{self, Attivazione, Domanda};
use crate::sessione::nuovo_id;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    page: Page,
    form: Form,
    chiave: String,
    canali: Vec<(String, String)>,
    rifiuto: Option<Rifiuto>,
}

#[derive(Deserialize)]
pub struct VerificaForm {
    #[serde(default)]
    avviso: String,
    #[serde(default)]
    ente: String,
    #[serde(default)]
    qr: String,
    #[serde(default)]
    canale: String,
    #[serde(default)]
    chiave: String,
}

fn pagina(page: Page, app: &App, form: Form, rifiuto: Option<Rifiuto>) -> HomePage {
    let mut page = page.titled("paga-un-avviso").at_step(Journey::Psp, 1);
    page.invalid = !form.is_ok() || rifiuto.is_some();
    let canali = app.registro.canali_attivati();
    let canali = canali.into_iter().map(|(psp, canale)| {
        let commissione = page.euro(canale.commissione);
        let label = format!(
            "{} – {} ({commissione})",
            psp.denominazione, canale.descrizione
        );
        (canale.id.clone(), label)
    });
    HomePage {
        canali: canali.collect(),
        page,
        form,
        chiave: nuovo_id(),
        rifiuto,
    }
}

pub async fn mostra(page: Page, app: Data<App>) -> PageResult {
    render(&pagina(page, &app, Form::new(), None))
}

/// The address of the form, opened by hand.
pub async fn torna() -> HttpResponse {
    see_other("/")
}

pub async fn verifica(page: Page, app: Data<App>, body: CsrfForm<VerificaForm>) -> PageResult {
    let mut form = Form::new();
    let typed = body.0;
    form.set("avviso", typed.avviso.trim())
        .set("ente", typed.ente.trim());
    form.set("qr", typed.qr.trim())
        .set("canale", typed.canale.clone());
    let Some((dominio, numero)) = leggi(&page, &typed, &mut form) else {
        return render_status(
            StatusCode::UNPROCESSABLE_ENTITY,
            &pagina(page, &app, form, None),
        );
    };
    form.set("avviso", numero.as_str())
        .set("ente", dominio.as_str())
        .set("qr", "");
    let canali = app.registro.canali_attivati();
    let chosen = canali.iter().find(|(_, canale)| canale.id == typed.canale);
    let Some((_, canale)) = chosen.or(canali.first()) else {
        form.error("", page.t("nessun-canale"));
        return render_status(
            StatusCode::UNPROCESSABLE_ENTITY,
            &pagina(page, &app, form, None),
        );
    };
    // A key that was not made by our page protects nobody: a fresh one does.
    let ours = typed.chiave.len() == 32 && typed.chiave.bytes().all(|b| b.is_ascii_hexdigit());
    let chiave = if ours { typed.chiave } else { nuovo_id() };
    let domanda = Domanda {
        dominio,
        numero,
        id_canale: canale.id.clone(),
        chiave,
    };
    match attivazione::attiva(&app, &domanda).await? {
        Attivazione::Sessione(id) => Ok(see_other(format!("/pagamento?idSession={id}"))),
        Attivazione::Rifiutata(fault) => {
            let rifiuto = Some(parole::rifiuto(&page, &fault));
            render_status(
                StatusCode::UNPROCESSABLE_ENTITY,
                &pagina(page, &app, form, rifiuto),
            )
        }
    }
}

/// The avviso that was meant, or messages in the form. The text of the QR may stand in its own field
/// or in that of the codice avviso.
fn leggi(page: &Page, typed: &VerificaForm, form: &mut Form) -> Option<(CodDominio, NumeroAvviso)> {
    let pasted = |text: &str| text.trim().starts_with("PAGOPA|");
    let (qr, field) = match (typed.qr.trim(), pasted(&typed.avviso)) {
        (_, true) => (typed.avviso.trim(), "avviso"),
        (qr, false) => (qr, "qr"),
    };
    if !qr.is_empty() {
        return match parse_qr_text(qr) {
            Ok(read) => Some((read.dominio, read.numero_avviso)),
            Err(reason) => {
                form.error(field, reason);
                None
            }
        };
    }
    let digits: String = typed
        .avviso
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let numero = NumeroAvviso::parse(&digits);
    if let Err(error) = &numero {
        let text = match error {
            domain::NumeroAvvisoError::Length(n) => page.t1("avviso-lunghezza", "n", *n),
            domain::NumeroAvvisoError::Digits => page.t("avviso-cifre"),
            _ => page.t("avviso-prima-cifra"),
        };
        form.error("avviso", text);
    }
    let ente: String = typed.ente.chars().filter(|c| !c.is_whitespace()).collect();
    let dominio = CodDominio::parse(&ente);
    if dominio.is_err() {
        form.error("ente", page.t1("ente-lunghezza", "n", ente.chars().count()));
    }
    Some((dominio.ok()?, numero.ok()?))
}
