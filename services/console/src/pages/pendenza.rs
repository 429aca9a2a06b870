//! C3: one pendenza, whole: what it is, the attempts to pay it, its story, and what can be done.

mod nota;

use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use chrono::{DateTime, Utc};
use govpay_api::{Api, ClientError, PatchOp};
use serde::Deserialize;
use web::{
    CsrfForm, FlashKind, Form, Page, PageError, PageResult, TestBar, render_status, see_other,
};

use self::nota::{Dati, Nota, Occupata, dati, find, giornale, occupata, with_core};
use super::{core_says, pendenza_url, with_query};
use crate::accesso::Banco;
use crate::storia::{Passo, storia};
use crate::visti::PagamentoVisto;

/// Exchanges and bus events shown.
const EVENTI: i64 = 200;
/// Shortest reason of a change by hand, in characters.
const MOTIVO_MIN: usize = 5;
const MOTIVO_MAX: usize = 255;

#[derive(Template)]
#[template(path = "pendenza.html")]
struct Dettaglio {
    page: Page,
    cerca: String,
    dati: Dati,
    tentativi: Vec<Tentativo>,
    /// Who keeps others from paying, and until when.
    occupata: Option<Occupata>,
    passi: Vec<Passo>,
    flusso: String,
    portale: Option<String>,
    azione: Option<Azione>,
    form: Form,
    /// Why details or giornale are missing.
    core_giu: Option<String>,
    giornale_giu: Option<String>,
    ora: DateTime<Utc>,
}

struct Tentativo {
    visto: PagamentoVisto,
    pdf: String,
    xml: String,
}

/// What can be done now: key of the words, state to be asked for.
#[derive(Clone, Copy)]
struct Azione {
    key: &'static str,
    stato: &'static str,
}

const ANNULLA: Azione = Azione {
    key: "annulla",
    stato: "ANNULLATA",
};
const RIPRISTINA: Azione = Azione {
    key: "ripristina",
    stato: "NON_ESEGUITA",
};

impl Azione {
    fn on(stato: &str) -> Option<Self> {
        match stato {
            "NON_ESEGUITA" | "SCADUTA" => Some(ANNULLA),
            "ANNULLATA" => Some(RIPRISTINA),
            _ => None,
        }
    }
}

pub async fn dettaglio(banco: Banco, path: Path<(String, String)>) -> PageResult {
    let (id_a2a, id_pendenza) = path.into_inner();
    let nota = find(&banco, &id_a2a, &id_pendenza).await?;
    show(banco, nota, Form::new(), StatusCode::OK).await
}

async fn show(banco: Banco, nota: Nota, form: Form, status: StatusCode) -> PageResult {
    let app = banco.app.clone();
    let now = app.clock.now();
    let core_giu = nota
        .core
        .as_ref()
        .err()
        .map(|error| core_says(&banco.page, error));
    let rpp = nota
        .core
        .as_ref()
        .map(|p| p.rpp().to_vec())
        .unwrap_or_default();
    let dati = dati(&banco, &nota);
    let tentativi = with_core(nota.tentativi, &rpp, &banco, &dati, now);
    let giornale = giornale(&banco, &dati, &tentativi).await;
    let giornale_giu = giornale
        .as_ref()
        .err()
        .map(|error| core_says(&banco.page, error));
    let bus = app
        .db
        .eventi_di(dati.id_a2a.clone(), dati.id_pendenza.clone(), EVENTI)
        .await?;
    let passi = storia(&giornale.unwrap_or_default(), &bus);
    let avviso = dati.numero_avviso.as_ref();
    let portale = avviso.map(|n| {
        format!(
            "{}/avvisi/{}/{n}",
            app.peers.portale.public, dati.id_dominio
        )
    });
    let bar = TestBar {
        iuv: dati.iuv.clone(),
        ccp: tentativi.first().map(|t| t.ccp.clone()),
        last_event: passi.last().map(|p| p.titolo.clone()),
        curl: Some(curl(&banco, &dati)),
    };
    let href = pendenza_url(&dati.id_a2a, &dati.id_pendenza);
    let mut page = banco
        .page
        .clone()
        .about(bar)
        .crumb(banco.page.t("pendenze"), "/pendenze");
    page.title = dati
        .causale
        .clone()
        .unwrap_or_else(|| dati.id_pendenza.clone());
    page.invalid = !form.is_ok();
    let template = Dettaglio {
        cerca: String::new(),
        occupata: occupata(&banco, &tentativi, now),
        passi,
        flusso: format!("/flusso{href}"),
        portale,
        azione: core_giu
            .is_none()
            .then(|| Azione::on(&dati.stato))
            .flatten(),
        form,
        core_giu,
        giornale_giu,
        ora: now,
        tentativi: tentativi.into_iter().map(Tentativo::new).collect(),
        dati,
        page,
    };
    render_status(status, &template)
}

/// A command line that asks the core what this page asked.
fn curl(banco: &Banco, dati: &Dati) -> String {
    let core = &banco.app.peers.core.public;
    let href = pendenza_url(&dati.id_a2a, &dati.id_pendenza);
    format!("curl -u UTENTE '{core}{}{href}'", Api::Backoffice.path())
}

impl Tentativo {
    fn new(visto: PagamentoVisto) -> Self {
        let query = [
            ("dominio", visto.id_dominio.as_str()),
            ("iuv", &visto.iuv),
            ("ccp", &visto.ccp),
        ];
        Self {
            pdf: with_query("/ricevute/rt.pdf", &query),
            xml: with_query("/ricevute/rt.xml", &query),
            visto,
        }
    }
}

impl Dettaglio {
    /// Page of an exchange, which knows the way back.
    fn evento_url(&self, id: &i64) -> String {
        let back = [
            ("a2a", self.dati.id_a2a.as_str()),
            ("pendenza", &self.dati.id_pendenza),
        ];
        with_query(&format!("/eventi/{id}"), &back)
    }

    /// Where the form of a change goes.
    fn stato_url(&self) -> String {
        pendenza_url(&self.dati.id_a2a, &self.dati.id_pendenza) + "/stato"
    }
}

#[derive(Deserialize)]
pub struct Cambio {
    /// State to be reached, as the page offered it.
    #[serde(default)]
    stato: String,
    #[serde(default)]
    motivo: String,
}

/// Annuls or restores, with a reason.
pub async fn cambia_stato(
    banco: Banco,
    path: Path<(String, String)>,
    body: CsrfForm<Cambio>,
) -> PageResult {
    let (id_a2a, id_pendenza) = path.into_inner();
    let nota = find(&banco, &id_a2a, &id_pendenza).await?;
    let motivo = body.0.motivo.trim().to_owned();
    let azione = [ANNULLA, RIPRISTINA]
        .into_iter()
        .find(|a| a.stato == body.0.stato);
    let azione =
        azione.ok_or_else(|| PageError::bad_request(banco.page.t("azione-sconosciuta")))?;
    let mut form = Form::new();
    form.set("motivo", &motivo);
    if !(MOTIVO_MIN..=MOTIVO_MAX).contains(&motivo.chars().count()) {
        form.error("motivo", banco.page.t("motivo-obbligatorio"));
        return show(banco, nota, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let ops = [
        PatchOp::replace("/stato", azione.stato),
        PatchOp::replace("/descrizioneStato", motivo),
    ];
    match banco
        .app
        .core
        .patch_pendenza(&id_a2a, &id_pendenza, &ops)
        .await
    {
        Ok(_) => {
            tracing::info!(
                operatore = banco.chi.principal,
                id_a2a,
                id_pendenza,
                stato = azione.stato,
                "state of a pendenza changed by hand"
            );
            let done = banco.page.t(&format!("{}-fatto", azione.key));
            banco.page.session().flash(FlashKind::Success, done);
            Ok(see_other(pendenza_url(&id_a2a, &id_pendenza)))
        }
        Err(error) => {
            form.error("", core_says(&banco.page, &error));
            let status = match &error {
                ClientError::Fault {
                    status: 400..500, ..
                } => StatusCode::CONFLICT,
                _ => StatusCode::SERVICE_UNAVAILABLE,
            };
            show(banco, nota, form, status).await
        }
    }
}
