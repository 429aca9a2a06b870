//! A small site made as a service makes its own: with its templates, texts and routes.

use ::web::sse::{Event, Hub};
use ::web::{
    Catalog, CsrfForm, FlashKind, Form, Journey, NavItem, Page, PageError, PageResult, Phase,
    Shell, SiteKind, TestBar, TimelineItem, check_csrf, render, render_status, see_other,
};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, Responder, web as aw};
use askama::Template;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use domain::{Importo, StatoTracciato};
use serde::Deserialize;

pub static CATALOG: Catalog =
    Catalog::new(include_str!("i18n/it.ftl"), include_str!("i18n/en.ftl"));

const NAV: &[NavItem] = &[
    NavItem::link("home", "/"),
    NavItem::group("operazioni", &[NavItem::link("tracciati", "/tracciati")]),
];

pub fn shell(kind: SiteKind) -> Shell {
    let shell = Shell::new(kind, "PSP Simulato", &CATALOG, b"a key for tests")
        .console("http://127.0.0.1:8085")
        .posts_to("http://127.0.0.1:8083/");
    if kind == SiteKind::Loader {
        shell.nav(NAV)
    } else {
        shell
    }
}

#[derive(Template)]
#[template(path = "modulo.html", config = "tests/it/askama.toml")]
struct Modulo {
    page: Page,
    form: Form,
    nota: String,
    importo: Importo,
    scadenza: NaiveDate,
    adesso: DateTime<Utc>,
    stato: StatoTracciato,
    metodi: Vec<(String, String)>,
    passi: Vec<TimelineItem>,
}

struct Riga {
    nome: String,
    at: NaiveDateTime,
    stato: StatoTracciato,
    righe: i64,
}

#[derive(Template)]
#[template(path = "elenco.html", config = "tests/it/askama.toml")]
struct Elenco {
    page: Page,
    form: Form,
    righe: Vec<Riga>,
    precedente: Option<String>,
    successiva: Option<String>,
}

#[derive(Deserialize)]
struct ModuloBody {
    avviso: String,
}

fn adesso() -> DateTime<Utc> {
    DateTime::from_timestamp(1_785_925_200, 0).unwrap_or_default()
}

fn modulo(page: Page, form: Form) -> Modulo {
    let mut page = page
        .titled("modulo")
        .at_step(Journey::Ente, 4)
        .about(TestBar {
            iuv: Some("01000000000004285".into()),
            ..TestBar::default()
        });
    page.invalid = !form.is_ok();
    let at = adesso();
    Modulo {
        page,
        form,
        nota: "Nessun <b>addebito</b> reale".into(),
        importo: Importo::from_cents(123_456).unwrap_or_default(),
        scadenza: at.date_naive(),
        adesso: at,
        stato: StatoTracciato::InCaricamento,
        metodi: vec![
            ("carta".into(), "Carta".into()),
            ("conto".into(), "Conto corrente".into()),
        ],
        passi: vec![
            TimelineItem::new("Caricato", Phase::Done)
                .at(at)
                .detail("1.000 righe"),
            TimelineItem::new("In caricamento", Phase::Current).at(at),
            TimelineItem::new("Concluso", Phase::Todo),
        ],
    }
}

async fn get_modulo(page: Page) -> PageResult {
    let mut form = Form::new();
    form.set("esito", "ESEGUITO").set("metodo", "conto");
    render(&modulo(page, form))
}

async fn post_modulo(page: Page, body: CsrfForm<ModuloBody>) -> PageResult {
    let digits = body.0.avviso.chars().filter(char::is_ascii_digit).count();
    if digits != 18 {
        let mut form = Form::new();
        form.set("avviso", body.0.avviso);
        form.error("avviso", page.t1("codice-avviso-manca", "n", digits));
        return render_status(StatusCode::UNPROCESSABLE_ENTITY, &modulo(page, form));
    }
    let text = page.t1("salvato", "file", "multe.csv");
    page.session().flash(FlashKind::Success, text);
    Ok(see_other("/tracciati"))
}

async fn tracciati(page: Page) -> PageResult {
    page.session().set_user("Laura Bianchi");
    let page = page.titled("tracciati").crumb("Operazioni", "");
    let righe = StatoTracciato::ALL.map(|stato| Riga {
        nome: format!("tari-2026-{}.csv", stato.name().to_lowercase()),
        at: adesso().naive_utc(),
        stato,
        righe: 250_000,
    });
    let successiva = Some("/tracciati?dopo=abc".into());
    render(&Elenco {
        page,
        form: Form::new(),
        righe: righe.into(),
        precedente: None,
        successiva,
    })
}

async fn rotto() -> PageResult {
    Err(PageError::internal(anyhow::anyhow!(
        "the reason is for the log"
    )))
}

async fn eventi(hub: aw::Data<Hub>) -> PageResult {
    Ok(hub.subscribe("tracciati")?.respond(vec![Event::stato("")]))
}

async fn eventi_finiti(hub: aw::Data<Hub>) -> PageResult {
    Ok(hub
        .subscribe("tracciati")?
        .respond(vec![Event::fine("/modulo")]))
}

#[derive(Template)]
#[template(path = "carica.html", config = "tests/it/askama.toml")]
struct Carica {
    page: Page,
    form: Form,
}

async fn get_carica(page: Page) -> PageResult {
    let page = page.titled("tracciati");
    render(&Carica {
        page,
        form: Form::new(),
    })
}

/// Enough of multipart for one text field; services use actix-multipart.
async fn post_carica(page: Page, req: HttpRequest, body: aw::Bytes) -> PageResult {
    let body = String::from_utf8_lossy(&body);
    let token = body.split("name=\"csrf\"\r\n\r\n").nth(1);
    let token = token.and_then(|rest| rest.split("\r\n").next());
    check_csrf(&req, token.unwrap_or_default())?;
    let text = page.t1("salvato", "file", "multe.csv");
    page.session().flash(FlashKind::Success, text);
    Ok(see_other("/tracciati"))
}

async fn api() -> impl Responder {
    HttpResponse::Conflict()
        .content_type("application/problem+json")
        .body("{}")
}

async fn numero(path: aw::Path<u32>) -> impl Responder {
    format!("{path}")
}

pub fn routes(config: &mut aw::ServiceConfig) {
    config
        .route("/", aw::get().to(get_modulo))
        .route("/modulo", aw::get().to(get_modulo))
        .route("/modulo", aw::post().to(post_modulo))
        .route("/tracciati", aw::get().to(tracciati))
        .route("/tracciati/{id}", aw::get().to(numero))
        .route("/eventi", aw::get().to(eventi))
        .route("/eventi-finiti", aw::get().to(eventi_finiti))
        .route("/carica", aw::get().to(get_carica))
        .route("/carica", aw::post().to(post_carica))
        .route("/rotto", aw::get().to(rotto))
        .route("/api/v1/conflitto", aw::get().to(api));
}
