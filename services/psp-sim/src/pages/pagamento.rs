//! S2, S3, S6: the outcome of one session is chosen once; afterwards the page tells what was sent.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use actix_web::web::{Data, Query};
use askama::Template;
use domain::{EsitoPagamento, Importo};
use pagopa::modello_unico::pa_for_node::PaGetPaymentV2Response;
use serde::Deserialize;
use web::{
    CsrfForm, Form, Journey, Page, PageResult, Phase, TestBar, TimelineItem, render, render_status,
    see_other,
};

use super::sessione_sconosciuta;
use crate::app::App;
use crate::decisione::{self, ANNULLATO, ATTESA_ANNULLO, Decisione, Parte, ParteError, Quietanza};
use crate::sessione::{
    Dettaglio, RtRow, SessioneRow, StatoRptNodo, StatoSessione, StatoToken, Versione, cents,
};

/// One thing that is paid.
struct Voce {
    /// From 1 over the whole session.
    numero: usize,
    /// Name of its check box.
    campo: String,
    causale: String,
    importo: Importo,
}

#[derive(Template)]
#[template(path = "pagamento.html")]
struct PagamentoPage {
    page: Page,
    form: Form,
    sessione: SessioneRow,
    psp: String,
    canale: String,
    voci: Vec<Voce>,
    unico: bool,
    verificato: Option<Importo>,
}

/// A receipt on the page of what was sent.
struct Ricevuta {
    row: RtRow,
    esito: EsitoPagamento,
    importo: Importo,
}

#[derive(Template)]
#[template(path = "conclusa.html")]
struct ConclusaPage {
    page: Page,
    sessione: SessioneRow,
    stato: StatoSessione,
    psp: String,
    esito: Option<EsitoPagamento>,
    ricevute: Vec<Ricevuta>,
    /// Modello unico: when the token ends, or whether it was closed.
    token: Option<(StatoToken, chrono::NaiveDateTime)>,
    ritorno: Option<String>,
    portale: Option<String>,
    storia: Vec<TimelineItem>,
}

#[derive(Template)]
#[template(path = "attesa.html")]
struct AttesaPage {
    page: Page,
    sessione: SessioneRow,
}

impl PagamentoPage {
    fn voce_aiuto(&self, voce: &Voce) -> String {
        format!("{} – {}", self.page.euro(voce.importo), voce.causale)
    }
}

impl AttesaPage {
    fn stessa_pagina(&self) -> String {
        format!("/pagamento?idSession={}", self.sessione.id)
    }
}

impl ConclusaPage {
    /// Whether money moved, first of all.
    fn sommario(&self) -> String {
        let page = &self.page;
        match (self.stato, self.token.is_some(), self.esito) {
            (StatoSessione::Annullata, false, _) => page.t("sommario-annullato-v1"),
            (StatoSessione::Annullata, true, _) => page.t("sommario-annullato-v2"),
            (StatoSessione::Scaduta, true, _) => page.t("sommario-scaduto-v2"),
            (StatoSessione::Scaduta, false, None) => page.t("sommario-scaduto-senza-rpt"),
            (StatoSessione::Scaduta, false, Some(_)) => page.t("sommario-scaduto-v1"),
            (_, _, Some(esito)) if esito.money_moved() => page.t("sommario-pagato"),
            (_, true, _) => page.t("sommario-rifiutato-v2"),
            (_, false, _) => page.t("sommario-non-pagato"),
        }
    }

    fn token_testo(&self, stato: &StatoToken, at: &chrono::NaiveDateTime) -> String {
        match stato {
            StatoToken::Richiesto | StatoToken::Attivo => {
                let ora = pagopa::tempo::ora_di_roma(at.and_utc())
                    .format("%H:%M:%S")
                    .to_string();
                self.page.t1("token-attivo", "ora", ora)
            }
            StatoToken::Pagato => self.page.t("token-pagato"),
            StatoToken::Annullato => self.page.t("token-annullato"),
            StatoToken::Scaduto => self.page.t("token-scaduto"),
        }
    }
}

#[derive(Deserialize)]
pub struct IdQuery {
    #[serde(rename = "idSession", default)]
    id: String,
}

pub async fn mostra(page: Page, app: Data<App>, query: Query<IdQuery>) -> PageResult {
    let dettaglio = app.db.find(query.into_inner().id).await?;
    let dettaglio = dettaglio.ok_or_else(|| sessione_sconosciuta(&page))?;
    match dettaglio.sessione.stato()? {
        StatoSessione::Aperta => {
            let mut form = Form::new();
            form.set("esito", EsitoPagamento::Eseguito.codice().to_string());
            scelta(StatusCode::OK, page, &app, dettaglio, form)
        }
        StatoSessione::Attivazione => {
            let sessione = dettaglio.sessione;
            let page = intitola(page, "attesa-rpt", &sessione, 2);
            render(&AttesaPage { page, sessione })
        }
        stato => conclusa(page, &app, dettaglio, stato).await,
    }
}

/// Title, steps and test bar.
fn intitola(page: Page, key: &str, sessione: &SessioneRow, step_psp: usize) -> Page {
    let (journey, step) = match sessione.tipo {
        3 => (Journey::Psp, step_psp),
        _ => (Journey::Ente, step_psp + 2),
    };
    let bar = TestBar {
        iuv: Some(sessione.iuv.clone()),
        ccp: Some(sessione.ccp.clone()),
        ..TestBar::default()
    };
    page.titled(key).at_step(journey, step).about(bar)
}

fn voci(dettaglio: &Dettaglio) -> anyhow::Result<Vec<Voce>> {
    let pairs: Vec<(String, Importo)> = match (dettaglio.sessione.versione()?, &dettaglio.token) {
        (Versione::V2, Some(token)) => {
            let text = token.risposta.as_deref().unwrap_or_default();
            let risposta: PaGetPaymentV2Response = pagopa::xml::from_document(text)?;
            let transfers = risposta.data.map(|data| data.transfer_list.transfers);
            let pair = |t: pagopa::modello_unico::pa_for_node::TransferPaV2| {
                (t.remittance_information, t.transfer_amount)
            };
            transfers
                .unwrap_or_default()
                .into_iter()
                .map(pair)
                .collect()
        }
        _ => {
            let rpts = dettaglio.documenti()?;
            let singoli = rpts.into_iter().flat_map(|rpt| rpt.dati_versamento.singoli);
            singoli.map(|voce| (voce.causale, voce.importo)).collect()
        }
    };
    let voce = |(numero, (causale, importo)): (usize, (String, Importo))| Voce {
        numero,
        campo: format!("voce-{numero}"),
        causale,
        importo,
    };
    Ok((1..).zip(pairs).map(voce).collect())
}

fn scelta(
    status: StatusCode,
    page: Page,
    app: &App,
    dettaglio: Dettaglio,
    form: Form,
) -> PageResult {
    let voci = voci(&dettaglio)?;
    let sessione = dettaglio.sessione;
    let mut page = intitola(page, "simula-il-pagamento", &sessione, 2);
    page.invalid = !form.is_ok();
    let (psp, canale) = nomi(app, &sessione);
    let unico = sessione.versione()? == Versione::V2;
    let verificato = sessione.importo_verificato.map(cents);
    let template = PagamentoPage {
        page,
        form,
        psp,
        canale,
        voci,
        unico,
        verificato,
        sessione,
    };
    let mut response = render_status(status, &template)?;
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(response)
}

/// As the site's own, but for where a form may lead: after the outcome the browser goes to the ente
/// and from there to a portal that we cannot know, and browsers hold `form-action` against every
/// redirect on that way.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self' http: https:; \
    base-uri 'none'; frame-ancestors 'none'";

/// PSP and channel as people know them; their ids when the registry has lost them.
fn nomi(app: &App, sessione: &SessioneRow) -> (String, String) {
    match app.registro.canale(&sessione.id_canale) {
        Some((psp, canale)) => (psp.denominazione.clone(), canale.descrizione.clone()),
        None => (sessione.id_canale.clone(), sessione.id_canale.clone()),
    }
}

async fn conclusa(page: Page, app: &App, dettaglio: Dettaglio, stato: StatoSessione) -> PageResult {
    let key = match stato {
        StatoSessione::Annullata => "pagamento-annullato",
        StatoSessione::Scaduta => "pagamento-scaduto",
        _ => "pagamento-concluso",
    };
    let storia = storia(&page, app, &dettaglio).await?;
    let Dettaglio {
        sessione,
        token,
        rt,
        ..
    } = dettaglio;
    let page = intitola(page, key, &sessione, 3);
    let token = match token {
        Some(token) => Some((StatoToken::parse(&token.stato)?, token.scade_at)),
        None => None,
    };
    let esito = sessione.esito()?;
    let ritorno = match sessione.tipo {
        1 => app.url_ritorno(&sessione, decisione::esito_redirect(stato, esito)),
        _ => None,
    };
    let portale = sessione.numero_avviso.as_ref().map(|numero| {
        format!(
            "{}/avvisi/{}/{numero}",
            app.peers.portale.public, sessione.id_dominio
        )
    });
    let ricevute: Result<Vec<_>, platform::StoreError> = rt
        .into_iter()
        .map(|row| {
            Ok(Ricevuta {
                esito: row.esito()?,
                importo: row.importi()?.into_iter().sum(),
                row,
            })
        })
        .collect();
    let (psp, _) = nomi(app, &sessione);
    render(&ConclusaPage {
        page,
        stato,
        psp,
        esito,
        ricevute: ricevute?,
        token,
        ritorno,
        portale,
        storia,
        sessione,
    })
}

/// What happened to the only RPT at the Node; carts are told by their receipts.
async fn storia(
    page: &Page,
    app: &App,
    dettaglio: &Dettaglio,
) -> anyhow::Result<Vec<TimelineItem>> {
    let [rpt] = &dettaglio.rpt[..] else {
        return Ok(vec![]);
    };
    let rows = app.db.storico(rpt.id.clone()).await?;
    let mut items = Vec::new();
    for row in rows {
        let phase = match StatoRptNodo::parse(&row.stato)? {
            StatoRptNodo::RtRifiutataPa | StatoRptNodo::RtEsitoSconosciutoPa => Phase::Failed,
            _ => Phase::Done,
        };
        items.push(
            TimelineItem::new(row.stato, phase)
                .at(row.at)
                .detail(row.descrizione),
        );
    }
    if let Some(waiting) = dettaglio.rt.iter().find(|rt| rt.delivered_at.is_none()) {
        items.push(TimelineItem::new(page.t("rt-in-partenza"), Phase::Current).at(waiting.next_at));
    }
    Ok(items)
}

/// The choice. Names of check boxes are `voce-1`, `voce-2`, …
pub async fn scegli(
    page: Page,
    app: Data<App>,
    body: CsrfForm<Vec<(String, String)>>,
) -> PageResult {
    let fields = body.0;
    let value = |name: &str| {
        let found = fields.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value.as_str()).to_owned()
    };
    let id = value("idSession");
    let dettaglio = app.db.find(id.clone()).await?;
    let dettaglio = dettaglio.ok_or_else(|| sessione_sconosciuta(&page))?;
    let own_page = format!("/pagamento?idSession={}", dettaglio.sessione.id);
    if dettaglio.sessione.stato()? != StatoSessione::Aperta {
        return Ok(see_other(own_page));
    }
    let now = app.clock.now();
    let mut form = Form::new();
    for (name, value) in &fields {
        form.set(name, value.clone());
    }
    let decisione = if value("azione") == "annulla" {
        annulla(&dettaglio, now)?
    } else {
        match esito(&page, &dettaglio, &fields, now, &mut form)? {
            Some(decisione) => decisione,
            None => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                return scelta(status, page, &app, dettaglio, form);
            }
        }
    };
    let (stato, esito) = (decisione.stato, decisione.esito);
    let first = app
        .db
        .concludi(id, StatoSessione::Aperta, decisione, now)
        .await?;
    if !first || dettaglio.sessione.tipo != 1 {
        return Ok(see_other(own_page));
    }
    let ritorno = app.url_ritorno(&dettaglio.sessione, decisione::esito_redirect(stato, esito));
    Ok(see_other(ritorno.unwrap_or(own_page)))
}

type Now = chrono::DateTime<chrono::Utc>;

fn annulla(dettaglio: &Dettaglio, now: Now) -> anyhow::Result<Decisione> {
    let unico = dettaglio.sessione.versione()? == Versione::V2;
    // In the modello unico nobody tells the ente: the token ends by itself.
    let quietanze = match unico {
        true => vec![],
        false => decisione::non_pagata(&dettaglio.voci()?, ANNULLATO),
    };
    Ok(Decisione {
        stato: StatoSessione::Annullata,
        esito: (!unico).then_some(EsitoPagamento::NonEseguito),
        quietanze,
        due_at: now + ATTESA_ANNULLO,
        token: None,
    })
}

/// The decision that was asked for, or messages in the form.
fn esito(
    page: &Page,
    dettaglio: &Dettaglio,
    fields: &[(String, String)],
    now: Now,
    form: &mut Form,
) -> anyhow::Result<Option<Decisione>> {
    let codice = form.value("esito").parse().ok();
    let Some(esito) = codice.and_then(EsitoPagamento::from_codice) else {
        form.error("esito-0", page.t("esito-manca"));
        return Ok(None);
    };
    let decisione = |quietanze, token| Decisione {
        stato: StatoSessione::Conclusa,
        esito: Some(esito),
        quietanze,
        due_at: now,
        token,
    };
    if dettaglio.sessione.versione()? == Versione::V2 {
        return Ok(match esito {
            EsitoPagamento::Eseguito => {
                let quietanza = Quietanza {
                    esito,
                    importi: vec![dettaglio.sessione.importo()],
                    motivo: String::new(),
                    con_commissione: true,
                };
                Some(decisione(vec![quietanza], Some(StatoToken::Pagato)))
            }
            EsitoPagamento::NonEseguito => Some(decisione(vec![], Some(StatoToken::Annullato))),
            _ => {
                form.error("esito-0", page.t("esito-non-esiste-v2"));
                None
            }
        });
    }
    let voci = dettaglio.voci()?;
    let parte = match parte(page, &voci, fields, form, esito) {
        Ok(parte) => parte,
        Err(Malformato) => return Ok(None),
    };
    match decisione::quietanze(&voci, esito, parte.as_ref()) {
        Ok(quietanze) => Ok(Some(decisione(quietanze, None))),
        Err(error) => {
            let (field, key) = match error {
                ParteError::Nessuna => ("voce-1-si", "parte-nessuna"),
                ParteError::Tutte => ("voce-1-si", "parte-tutte"),
                ParteError::Importo => ("importo", "parte-importo"),
            };
            form.error(field, page.t(key));
            Ok(None)
        }
    }
}

/// An amount that is no amount; the form says so.
struct Malformato;

fn parte(
    page: &Page,
    voci: &[Vec<Importo>],
    fields: &[(String, String)],
    form: &mut Form,
    esito: EsitoPagamento,
) -> Result<Option<Parte>, Malformato> {
    let partial = matches!(
        esito,
        EsitoPagamento::EseguitoParziale | EsitoPagamento::DecorrenzaParziale
    );
    if !partial {
        return Ok(None);
    }
    let count: usize = voci.iter().map(Vec::len).sum();
    if count == 1 {
        let typed = form.value("importo").trim().replace(',', ".");
        return match Importo::parse(&typed) {
            Ok(importo) => Ok(Some(Parte::Importo(importo))),
            Err(_) => {
                form.error("importo", page.t("importo-forma"));
                Err(Malformato)
            }
        };
    }
    let number = |name: &str| {
        name.strip_prefix("voce-")?
            .parse::<usize>()
            .ok()?
            .checked_sub(1)
    };
    let chosen = fields.iter().filter_map(|(name, _)| number(name)).collect();
    Ok(Some(Parte::Voci(chosen)))
}
