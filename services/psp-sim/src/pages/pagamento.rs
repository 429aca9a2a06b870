//! S2, S3, S6: the outcome of one session is chosen once; afterwards the page tells what was sent.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use actix_web::web::{Data, Query};
use askama::Template;
use domain::{EsitoPagamento, Importo};
use pagopa::modello_unico::pa_for_node::PaGetPaymentV2Response;
use serde::Deserialize;
use web::{Form, Journey, Page, PageResult, Phase, TestBar, TimelineItem, render, render_status};

use super::sessione_sconosciuta;
use crate::app::App;
use crate::decisione;
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
            modulo(StatusCode::OK, page, &app, dettaglio, form)
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

/// S2, with what was typed and what is wrong with it.
pub(super) fn modulo(
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
