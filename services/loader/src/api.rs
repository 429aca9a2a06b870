//! `/api/v1/tracciati`: the same work as the pages, for programs. HTTP basic, as an operator.

pub mod errore;
mod mappe;
mod righe;
mod scarichi;
mod viste;

use std::time::Duration;

use actix_multipart::Multipart;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, LOCATION};
use actix_web::{FromRequest, HttpRequest, HttpResponse, get, post, web};
use domain::StatoTracciato;
use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use platform::Problem;
use utoipa_actix_web::service_config::ServiceConfig;

use self::errore::{ApiError, ApiResult};
pub use self::scarichi::pronto;
pub use self::viste::TracciatoView;
use self::viste::{AttesaQuery, ElencoTracciati, NuovoQuery, TracciatiQuery};
use crate::app::App;
use crate::carica::{self, Modulo};
use crate::csv::{Atteso, Scelte};
use crate::novita;
use crate::operatore::Operatore;
use crate::tracciato::{Caricato, Filtro, Tracciato};

/// Rows of a page unless asked otherwise, and at most.
const PAGINA: i64 = 100;
const PAGINA_MAX: i64 = 1000;
/// Longest wait for a change, in seconds.
const ATTESA_MAX: u64 = 60;

pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(nuovo)
        .service(elenco)
        .service(dettaglio)
        .service(righe::lista_righe)
        .service(righe::segnalazioni)
        .service(scarichi::originale)
        .service(scarichi::elaborato)
        .service(scarichi::avvisi)
        .service(scarichi::errori)
        .service(scarichi::corretto)
        .service(ricarica)
        .service(carica_prova)
        .service(eventi)
        .service(mappe::elenco)
        .service(mappe::leggi)
        .service(mappe::scrivi)
        .service(mappe::togli)
        .service(mappe::prova);
}

/// A query that cannot be read is a problem like the others.
pub fn query_config() -> web::QueryConfig {
    web::QueryConfig::default().error_handler(|error, _| {
        ApiError::invalid("PARAMETRO_NON_VALIDO", error.to_string()).into()
    })
}

/// The operator of a request with basic authentication.
pub struct Chiamante(pub Operatore);

impl FromRequest for Chiamante {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move {
            let Some(app) = req.app_data::<web::Data<App>>() else {
                let cause = anyhow::anyhow!("web::Data<App> is not in the app's data");
                return Err(ApiError::interno(cause));
            };
            let (user, password) = ::web::http_basic(&req).ok_or_else(ApiError::non_autenticato)?;
            if let Err(secondi) = app.throttle.check(&user) {
                return Err(ApiError::troppi(secondi));
            }
            let found = app.operatori.login(&user, &password).await;
            match found.map_err(ApiError::interno)? {
                Some(operatore) => {
                    app.throttle.succeeded(&user);
                    Ok(Self(operatore))
                }
                None => {
                    app.throttle.failed(&user);
                    Err(ApiError::non_autenticato())
                }
            }
        })
    }
}

/// Takes a file in. The body is the CSV or the JSON itself, or a multipart form with a field `file`. The answer
/// comes when the bytes are safe; validation and loading follow by themselves.
#[utoipa::path(
    tag = "tracciati",
    params(NuovoQuery),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 202, body = TracciatoView, headers(("Location" = String))),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Stessi byte di un altro tracciato", body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ),
)]
#[post("/api/v1/tracciati")]
pub async fn nuovo(
    app: web::Data<App>,
    chiamante: Chiamante,
    query: web::Query<NuovoQuery>,
    req: HttpRequest,
    payload: web::Payload,
) -> ApiResult<HttpResponse> {
    let query = query.into_inner();
    let decise = query.parole().decidi(&app, &chiamante.0).await?;
    let mut scelte = decise.scelte;
    let chiave = req.headers().get("idempotency-key");
    let chiave = chiave.and_then(|v| v.to_str().ok()).map(str::to_owned);
    if chiave
        .as_ref()
        .is_some_and(|c| c.is_empty() || c.len() > 100)
    {
        let detail = "Idempotency-Key ha da 1 a 100 caratteri.";
        return Err(ApiError::invalid("PARAMETRO_NON_VALIDO", detail));
    }
    let kind = req.headers().get(CONTENT_TYPE);
    let kind = kind.and_then(|v| v.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/json") || query.nome.as_deref().is_some_and(is_json) {
        scelte.atteso = Atteso::Json;
    }
    let (arrivato, nome) = if kind.starts_with("multipart/form-data") {
        let form = Multipart::new(req.headers(), payload);
        da_modulo((&app, &chiamante.0), form, scelte).await?
    } else {
        (
            carica::ricevi(&app, &chiamante.0, payload, scelte).await?,
            None,
        )
    };
    let modulo = Modulo {
        nome: query.nome.or(nome).unwrap_or_default(),
        chiave,
        anche_doppio: query.doppio,
        lettura: decise.lettura,
        politica: decise.politica,
        prova: query.prova,
        stampa_avvisi: true,
        ..Modulo::default()
    };
    let esito = carica::registra(&app, &chiamante.0, arrivato, &modulo).await;
    let esito = match esito {
        Err(carica::Errore::Doppio(gia, arrivato)) => {
            app.db.delete_contenuto(arrivato.contenuto_id).await?;
            return Err(ApiError::doppio(gia.id));
        }
        altro => altro?,
    };
    let (Caricato::Nuovo(id) | Caricato::GiaFatto(id)) = esito;
    let tracciato = trova(&app, &chiamante.0, id).await?;
    Ok(HttpResponse::Accepted()
        .insert_header((LOCATION, format!("/api/v1/tracciati/{id}")))
        .json(TracciatoView::from(tracciato)))
}

/// Whether a name promises JSON.
fn is_json(nome: &str) -> bool {
    nome.to_ascii_lowercase().ends_with(".json")
}

/// The file of a form, with its name.
async fn da_modulo(
    (app, chi): (&App, &Operatore),
    mut form: Multipart,
    scelte: Scelte,
) -> ApiResult<(carica::Arrivato, Option<String>)> {
    while let Some(field) = form.next().await {
        let field =
            field.map_err(|error| ApiError::invalid("MODULO_ILLEGGIBILE", error.to_string()))?;
        if field.name() == Some("file") {
            let nome = field.content_disposition().and_then(|d| d.get_filename());
            let nome = nome.map(str::to_owned);
            let mut scelte = scelte;
            if nome.as_deref().is_some_and(is_json) {
                scelte.atteso = Atteso::Json;
            }
            return Ok((carica::ricevi(app, chi, field, scelte).await?, nome));
        }
    }
    Err(ApiError::invalid(
        "FILE_MANCANTE",
        "Il modulo non ha il campo «file».",
    ))
}

pub async fn trova(app: &App, chi: &Operatore, id: i64) -> ApiResult<Tracciato> {
    let found = app.db.find(id, chi.visibilita()).await?;
    found.ok_or_else(|| ApiError::non_trovato(id))
}

/// The tracciati, newest first.
#[utoipa::path(tag = "tracciati", params(TracciatiQuery), responses((status = 200, body = ElencoTracciati)))]
#[get("/api/v1/tracciati")]
pub async fn elenco(
    app: web::Data<App>,
    chiamante: Chiamante,
    query: web::Query<TracciatiQuery>,
) -> ApiResult<web::Json<ElencoTracciati>> {
    let query = query.into_inner();
    let stati = match query.stato.as_deref() {
        None => vec![],
        Some(nome) => vec![StatoTracciato::parse(nome).ok_or_else(|| {
            let nomi: Vec<&str> = StatoTracciato::ALL
                .into_iter()
                .map(StatoTracciato::name)
                .collect();
            let detail = format!("stato vale «{nome}»: i valori sono {}.", nomi.join(", "));
            ApiError::invalid("PARAMETRO_NON_VALIDO", detail)
        })?],
    };
    let limite = limite(query.limite)?;
    let filtro = Filtro {
        nome: query.nome,
        stati,
        id_dominio: query.id_dominio,
        prima_di: query.prima,
        ..Filtro::default()
    };
    let visibilita = chiamante.0.visibilita();
    let mut tracciati = app.db.list(visibilita, filtro, limite + 1).await?;
    let altri = tracciati.len() as i64 > limite;
    tracciati.truncate(usize::try_from(limite).unwrap_or(usize::MAX));
    let prossima = tracciati.last().filter(|_| altri).map(|t| t.id);
    let tracciati = tracciati.into_iter().map(TracciatoView::from).collect();
    Ok(web::Json(ElencoTracciati {
        tracciati,
        prossima,
    }))
}

fn limite(chiesto: Option<i64>) -> ApiResult<i64> {
    match chiesto.unwrap_or(PAGINA) {
        n @ 1..=PAGINA_MAX => Ok(n),
        n => {
            let detail = format!("limite vale {n}: deve essere tra 1 e {PAGINA_MAX}.");
            Err(ApiError::invalid("PARAMETRO_NON_VALIDO", detail))
        }
    }
}

/// One tracciato: state, counts, progress. With `wait` the answer comes when it is at rest.
#[utoipa::path(
    tag = "tracciati",
    params(AttesaQuery),
    responses(
        (status = 200, body = TracciatoView),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/api/v1/tracciati/{id}")]
pub async fn dettaglio(
    app: web::Data<App>,
    chiamante: Chiamante,
    id: web::Path<i64>,
    query: web::Query<AttesaQuery>,
) -> ApiResult<web::Json<TracciatoView>> {
    let attesa = query.wait.unwrap_or(0);
    if attesa > ATTESA_MAX {
        let detail = format!("wait vale {attesa}: deve essere al massimo {ATTESA_MAX} secondi.");
        return Err(ApiError::invalid("PARAMETRO_NON_VALIDO", detail));
    }
    let fine = tokio::time::Instant::now() + Duration::from_secs(attesa);
    let mut news = app.hub.subscribe(&novita::topic(*id));
    loop {
        let tracciato = trova(&app, &chiamante.0, *id).await?;
        let adesso = tokio::time::Instant::now();
        if tracciato.is_concluso() || adesso >= fine || app.stop.is_cancelled() {
            return Ok(web::Json(tracciato.into()));
        }
        // Without a place among the listeners the state is looked at from time to time.
        let look = tokio::time::sleep_until(fine.min(adesso + Duration::from_secs(1)));
        match &mut news {
            Ok(news) => tokio::select! {
                _ = news.changed() => {}
                () = look => {}
                () = app.stop.cancelled() => {}
            },
            Err(_) => look.await,
        }
    }
}

/// Server-sent events: one `stato` with the tracciato as JSON at once and at each change.
#[utoipa::path(tag = "tracciati", responses((status = 200, body = String, content_type = "text/event-stream")))]
#[get("/api/v1/tracciati/{id}/eventi")]
pub async fn eventi(
    app: web::Data<App>,
    chiamante: Chiamante,
    id: web::Path<i64>,
) -> ApiResult<HttpResponse> {
    let listener = app.hub.subscribe(&novita::topic(*id)).map_err(|_| {
        let detail = "Ci sono troppi ascoltatori: riprova tra poco.";
        ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "TROPPI_ASCOLTATORI",
            detail,
        )
    })?;
    let tracciato = trova(&app, &chiamante.0, *id).await?;
    let adesso = novita::evento(tracciato).map_err(|error| ApiError::interno(error.into()))?;
    Ok(listener.respond(vec![adesso]))
}

/// Loads again the rows that the core has refused. 409 when there are none.
#[utoipa::path(
    tag = "tracciati",
    responses(
        (status = 202, body = TracciatoView),
        (status = 409, body = Problem, content_type = "application/problem+json"),
    ),
)]
#[post("/api/v1/tracciati/{id}/ricarica")]
pub async fn ricarica(
    app: web::Data<App>,
    chiamante: Chiamante,
    id: web::Path<i64>,
) -> ApiResult<HttpResponse> {
    trova(&app, &chiamante.0, *id).await?;
    if !app.db.ricarica(*id, app.clock.now()).await? {
        let detail = format!("Il tracciato {id} non ha righe rifiutate da caricare di nuovo.");
        return Err(ApiError::conflitto("NIENTE_DA_RICARICARE", detail));
    }
    let tracciato = trova(&app, &chiamante.0, *id).await?;
    Ok(HttpResponse::Accepted().json(TracciatoView::from(tracciato)))
}

/// Loads a tracciato that was only tried out. 409 when it is not one, or is not valid.
#[utoipa::path(
    tag = "tracciati",
    responses(
        (status = 202, body = TracciatoView),
        (status = 409, body = Problem, content_type = "application/problem+json"),
    ),
)]
#[post("/api/v1/tracciati/{id}/carica")]
pub async fn carica_prova(
    app: web::Data<App>,
    chiamante: Chiamante,
    id: web::Path<i64>,
) -> ApiResult<HttpResponse> {
    trova(&app, &chiamante.0, *id).await?;
    if !app.db.carica_prova(*id, app.clock.now()).await? {
        let detail =
            format!("Il tracciato {id} non è una prova valida: non c'è niente da caricare.");
        return Err(ApiError::conflitto("NIENTE_DA_CARICARE", detail));
    }
    let tracciato = trova(&app, &chiamante.0, *id).await?;
    Ok(HttpResponse::Accepted().json(TracciatoView::from(tracciato)))
}
