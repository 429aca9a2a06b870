//! C3: one pendenza, whole: what it is, the attempts to pay it, its story, and what can be done.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use domain::Importo;
use domain::rpt::Origine;
use govpay_api::{ClientResult, Evento, FiltroEventi, PatchOp, Pendenza, Rpp};
use serde::Deserialize;
use tenant::VersioneStazione;
use web::{
    CsrfForm, FlashKind, Form, Page, PageError, PageResult, TestBar, render_status, see_other,
};

use super::{core_says, pendenza_url, with_query};
use crate::accesso::Banco;
use crate::ricostruzione;
use crate::storia::{Passo, storia};
use crate::visti::{PagamentoVisto, PendenzaVista};

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

/// What the page tells of the pendenza itself.
struct Dati {
    id_a2a: String,
    id_pendenza: String,
    id_dominio: String,
    ente: String,
    causale: Option<String>,
    numero_avviso: Option<String>,
    iuv: Option<String>,
    importo: Importo,
    importo_pagato: Option<Importo>,
    stato: String,
    descrizione_stato: Option<String>,
    scadenza: Option<NaiveDate>,
    /// Codice fiscale and name.
    pagatore: Option<String>,
    voci: Vec<(String, Importo, String)>,
}

struct Tentativo {
    visto: PagamentoVisto,
    pdf: String,
    xml: String,
}

struct Occupata {
    da: DateTime<Utc>,
    fino_a: DateTime<Utc>,
    chi: String,
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

/// All that is known of a pendenza, from the projection and from the core.
struct Nota {
    vista: Option<PendenzaVista>,
    tentativi: Vec<PagamentoVisto>,
    core: ClientResult<Pendenza>,
}

/// Looks for it; 404 when nobody knows it or it is another body's, 503 when only the core could know.
async fn find(banco: &Banco, id_a2a: &str, id_pendenza: &str) -> Result<Nota, PageError> {
    let db = &banco.app.db;
    let vista = db
        .find_pendenza(id_a2a.to_owned(), id_pendenza.to_owned())
        .await?;
    let tentativi = db
        .tentativi_di(id_a2a.to_owned(), id_pendenza.to_owned())
        .await?;
    let dominio = vista.as_ref().map(|v| &v.id_dominio);
    if let Some(id) = dominio.or(tentativi.first().map(|t| &t.id_dominio)) {
        banco.must_see(id)?;
    }
    let core = banco.app.core.get_pendenza(id_a2a, id_pendenza).await;
    let unknown_here = vista.is_none() && tentativi.is_empty();
    match &core {
        Ok(pendenza) => banco.must_see(&pendenza.dominio.id_dominio)?,
        Err(error) if unknown_here && error.is_not_found() => return Err(PageError::not_found()),
        Err(error) if unknown_here => {
            let detail = core_says(&banco.page, error);
            return Err(PageError::unavailable(error.clone().into()).detail(detail));
        }
        Err(_) => {}
    }
    Ok(Nota {
        vista,
        tentativi,
        core,
    })
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
        curl: None,
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

/// From the core; from the projection what it has.
fn dati(banco: &Banco, nota: &Nota) -> Dati {
    let first = nota.tentativi.first();
    match (&nota.core, &nota.vista) {
        (Ok(p), _) => Dati {
            id_a2a: p.id_a2a.clone(),
            id_pendenza: p.id_pendenza.clone(),
            id_dominio: p.dominio.id_dominio.clone(),
            ente: banco.app.ente(&p.dominio.id_dominio).to_owned(),
            causale: Some(p.causale.clone()).filter(|c| !c.is_empty()),
            numero_avviso: p.numero_avviso.clone(),
            iuv: p.iuv_avviso.clone().or(first.map(|t| t.iuv.clone())),
            importo: p.importo,
            importo_pagato: p.importo_pagato,
            stato: p.stato.clone(),
            descrizione_stato: p.descrizione_stato.clone(),
            scadenza: p.data_scadenza,
            pagatore: p.soggetto_pagatore.as_ref().map(|s| {
                let name = s.anagrafica.as_ref().map_or("", |a| a.as_str());
                format!("{} {name}", s.identificativo.as_str())
            }),
            voci: p
                .voci()
                .iter()
                .map(|v| (v.descrizione.clone(), v.importo, v.stato.clone()))
                .collect(),
        },
        (Err(_), vista) => {
            let id = vista
                .as_ref()
                .map(|v| &v.id_dominio)
                .or(first.map(|t| &t.id_dominio));
            let id = id.cloned().unwrap_or_default();
            let key = |of: fn(&PendenzaVista) -> &String, or: fn(&PagamentoVisto) -> &String| {
                vista
                    .as_ref()
                    .map(of)
                    .or(first.map(or))
                    .cloned()
                    .unwrap_or_default()
            };
            Dati {
                id_a2a: key(|v| &v.id_a2a, |t| &t.id_a2a),
                id_pendenza: key(|v| &v.id_pendenza, |t| &t.id_pendenza),
                ente: banco.app.ente(&id).to_owned(),
                id_dominio: id,
                causale: None,
                numero_avviso: vista
                    .as_ref()
                    .and_then(|v| v.numero_avviso.clone())
                    .or(first.and_then(|t| t.numero_avviso.clone())),
                iuv: vista
                    .as_ref()
                    .and_then(|v| v.iuv.clone())
                    .or(first.map(|t| t.iuv.clone())),
                importo: vista
                    .as_ref()
                    .map(PendenzaVista::importo)
                    .or(first.map(PagamentoVisto::importo))
                    .unwrap_or_default(),
                importo_pagato: None,
                stato: vista.as_ref().map(|v| v.stato.clone()).unwrap_or_default(),
                descrizione_stato: None,
                scadenza: None,
                pagatore: None,
                voci: vec![],
            }
        }
    }
}

/// The attempts that the console saw, brought up to what the core says of them, and those that only
/// the core knows; newest first. Nothing of it is stored.
fn with_core(
    mut seen: Vec<PagamentoVisto>,
    rpp: &[Rpp],
    banco: &Banco,
    dati: &Dati,
    now: DateTime<Utc>,
) -> Vec<PagamentoVisto> {
    let quando = crate::visti::Quando::new(now, "~");
    for rpp in rpp {
        let Some((_, iuv, ccp)) = ricostruzione::keys(rpp) else {
            continue;
        };
        let known = seen.iter().position(|t| t.iuv == iuv && t.ccp == ccp);
        let at = known.unwrap_or_else(|| {
            let begun = rpp.data_rpt.unwrap_or(now).naive_utc();
            seen.push(PagamentoVisto::unseen(&dati.id_dominio, &iuv, &ccp, begun));
            seen.len() - 1
        });
        let (first, last) = (seen[at].primo_at, seen[at].ultimo_at);
        let importo = known.is_none().then(|| dati.importo.cents());
        let notizia = ricostruzione::notizia(rpp, &banco.app.tenant, importo);
        seen[at].applica(&notizia, &quando);
        let of_rt = rpp.data_rt.map_or(last, |at| at.naive_utc());
        (seen[at].primo_at, seen[at].ultimo_at) = (first, last.max(of_rt));
    }
    seen.sort_by_key(|t| std::cmp::Reverse(t.primo_at));
    seen
}

/// The exchanges of the giornale: by pendenza, and by IUV for those that came before the core knew
/// which pendenza they were about.
async fn giornale(
    banco: &Banco,
    dati: &Dati,
    tentativi: &[PagamentoVisto],
) -> ClientResult<Vec<Evento>> {
    let by_pendenza = FiltroEventi {
        risultati_per_pagina: Some(EVENTI),
        id_a2a: Some(dati.id_a2a.clone()),
        id_pendenza: Some(dati.id_pendenza.clone()),
        ..FiltroEventi::default()
    };
    let iuv = dati
        .iuv
        .clone()
        .or(tentativi.first().map(|t| t.iuv.clone()));
    let by_iuv = iuv.map(|iuv| FiltroEventi {
        risultati_per_pagina: Some(EVENTI),
        id_dominio: Some(dati.id_dominio.clone()),
        iuv: Some(iuv),
        ..FiltroEventi::default()
    });
    let core = &banco.app.core;
    let (first, second) = futures_util::future::join(core.list_eventi(&by_pendenza), async {
        match &by_iuv {
            Some(filtro) => core.list_eventi(filtro).await.map(|list| list.risultati),
            None => Ok(vec![]),
        }
    })
    .await;
    let mut all = first?.risultati;
    all.append(&mut second?);
    all.retain(|e| {
        e.id_dominio
            .as_deref()
            .is_none_or(|id| banco.chi.visibili.sees(id))
    });
    Ok(all)
}

/// The waiting attempt that keeps other payers out.
fn occupata(banco: &Banco, tentativi: &[PagamentoVisto], now: DateTime<Utc>) -> Option<Occupata> {
    let waiting = tentativi.iter().find(|t| t.in_attesa)?;
    let origine = match waiting.tipo {
        Some(1) => Origine::PortaleImmediato,
        Some(2) => Origine::PortaleDifferito,
        Some(3) => {
            let tenant = &banco.app.tenant;
            let stazione = tenant
                .dominio(&waiting.id_dominio)
                .and_then(|d| tenant.stazione(&d.stazione));
            match stazione.map(|s| s.versione) {
                Some(VersioneStazione::V2) => Origine::PspV2,
                _ => Origine::PspV1,
            }
        }
        _ => return None,
    };
    let da = waiting.primo_at.and_utc();
    let fino_a = da + origine.hold();
    let chi = waiting
        .id_psp
        .clone()
        .unwrap_or_else(|| waiting.ccp.clone());
    (fino_a > now).then_some(Occupata { da, fino_a, chi })
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
                govpay_api::ClientError::Fault {
                    status: 400..500, ..
                } => StatusCode::CONFLICT,
                _ => StatusCode::SERVICE_UNAVAILABLE,
            };
            show(banco, nota, form, status).await
        }
    }
}
