//! The page of one payment: waiting (P5), outcome (P6), or why there is none (P8).

use std::collections::HashMap;
use std::time::Duration;

use actix_web::web::{Data, Path, Query};
use askama::Template;
use domain::EsitoPagamento;
use web::{Journey, Page, PageResult, Phase, TestBar, TimelineItem, render, see_other};

use super::{attesa, avviso_url, document, documento_assente, formato};
use crate::app::App;
use crate::sessione::{Sessione, StatoSessione};

/// Longest held answer, in seconds: browsers and proxies give up later.
const MAX_ATTENDI: u64 = 25;

/// How the outcome is told: keys of the catalog, colour and icon.
struct Racconto {
    titolo: &'static str,
    soldi: &'static str,
    colore: &'static str,
    icona: &'static str,
}

const fn racconto(
    titolo: &'static str,
    soldi: &'static str,
    colore: &'static str,
    icona: &'static str,
) -> Racconto {
    Racconto {
        titolo,
        soldi,
        colore,
        icona,
    }
}

impl Racconto {
    fn of(sessione: &Sessione) -> Self {
        match sessione.esito() {
            Some(esito) => Self::of_receipt(esito),
            None if sessione.altrove_ccp.is_some() => {
                racconto("esito-altrove", "soldi-altrove", "info", "it-info-circle")
            }
            None => Self::without_receipt(sessione),
        }
    }

    fn of_receipt(esito: EsitoPagamento) -> Self {
        use EsitoPagamento as E;
        let (titolo, soldi, colore, icona) = match esito {
            E::Eseguito => (
                "esito-eseguito",
                "soldi-pagati",
                "success",
                "it-check-circle",
            ),
            E::NonEseguito => (
                "esito-non-eseguito",
                "soldi-no",
                "danger",
                "it-close-circle",
            ),
            E::EseguitoParziale => (
                "esito-parziale",
                "soldi-in-parte",
                "warning",
                "it-warning-circle",
            ),
            E::Decorrenza => ("esito-decorrenza", "soldi-no", "danger", "it-clock"),
            E::DecorrenzaParziale => (
                "esito-decorrenza-parziale",
                "soldi-in-parte",
                "warning",
                "it-clock",
            ),
        };
        racconto(titolo, soldi, colore, icona)
    }

    /// The bank was never reached, except when the time ran out there.
    fn without_receipt(sessione: &Sessione) -> Self {
        use StatoSessione as S;
        let (titolo, colore, icona) = match (sessione.stato(), sessione.motivo.as_deref()) {
            (S::Annullata, Some("WISP_TIMEOUT")) => ("esito-wisp-timeout", "warning", "it-clock"),
            (S::Annullata, Some("WISP_IBAN")) => ("esito-wisp-iban", "danger", "it-error"),
            (S::Annullata, _) => ("esito-annullato", "info", "it-ban"),
            (S::Scaduta, _) => ("esito-scaduto", "warning", "it-clock"),
            (_, Some("RPT_SCADUTA")) => {
                return racconto("esito-rpt-scaduta", "soldi-no", "warning", "it-clock");
            }
            (_, Some("PAG_014")) => ("esito-altro-in-corso", "warning", "it-clock"),
            (_, Some("PAG_006")) => ("esito-non-pagabile", "warning", "it-info-circle"),
            (_, Some("PAG_007" | "PAG_012")) => ("esito-avviso-scaduto", "warning", "it-clock"),
            _ => ("esito-non-partito", "danger", "it-error"),
        };
        racconto(titolo, "soldi-mai-partiti", colore, icona)
    }
}

#[derive(Template)]
#[template(path = "pagamento.html")]
struct PagamentoPage {
    page: Page,
    sessione: Sessione,
    racconto: Racconto,
    avviso: String,
    /// PDF and XML of the receipt, if there is one.
    ricevuta: Option<(String, String)>,
    /// Whether the avviso can be tried again.
    riprova: bool,
    passi: Vec<TimelineItem>,
    email: Option<String>,
}

/// `attendi=N` holds the answer up to N seconds, until the payment is over. `chiedi` asks the core
/// first. The other parameters are what the PSP and the core add on the way back: only a hint, the
/// receipt is the truth.
pub async fn dettaglio(
    page: Page,
    app: Data<App>,
    id: Path<String>,
    query: Query<HashMap<String, String>>,
) -> PageResult {
    let mut sessione = super::sessione(&app, &page, id.into_inner()).await?;
    match sessione.stato() {
        StatoSessione::Aperta => {
            return Ok(see_other(avviso_url(
                &sessione.id_dominio,
                &sessione.numero_avviso,
            )));
        }
        StatoSessione::Scelta => {
            return Ok(see_other(format!("/pagamenti/{}/conferma", sessione.id)));
        }
        _ => {}
    }
    let esito = query.get("esito").map(String::as_str);
    if esito.is_some_and(|esito| esito != "DIFFERITO") {
        let row = app.db.tornata(sessione.id.clone(), app.clock.now()).await?;
        sessione = row.unwrap_or(sessione);
    }
    if query.contains_key("chiedi") {
        sessione = attesa::chiedi(&app, sessione).await?;
    }
    let seconds = query
        .get("attendi")
        .and_then(|n| n.parse::<u64>().ok())
        .unwrap_or(0);
    // Nobody waits at the screen for a bank that collects tomorrow.
    let hold = seconds > 0 && esito != Some("DIFFERITO") && sessione.is_pending();
    if hold {
        let time = Duration::from_secs(seconds.min(MAX_ATTENDI));
        sessione = attesa::finche(&app, sessione, time, Sessione::is_pending).await?;
    }
    let page = page.about(TestBar {
        iuv: sessione.iuv.clone().or(sessione.altrove_iuv.clone()),
        ccp: sessione.ccp.clone().or(sessione.altrove_ccp.clone()),
        last_event: Some(sessione.stato.clone()),
        curl: None,
    });
    let page = page.crumb(
        page_label(&sessione),
        avviso_url(&sessione.id_dominio, &sessione.numero_avviso),
    );
    if sessione.is_over() {
        render(&esito_page(page, sessione))
    } else if sessione.stato() == StatoSessione::Scelta {
        Ok(see_other(format!("/pagamenti/{}/conferma", sessione.id)))
    } else {
        attesa::pagina(page, &app, sessione)
    }
}

fn page_label(sessione: &Sessione) -> String {
    sessione.numero_avviso.clone()
}

fn esito_page(page: Page, sessione: Sessione) -> PagamentoPage {
    let racconto = Racconto::of(&sessione);
    let mut page = page.at_step(Journey::Ente, 5);
    page.title = page.t(racconto.titolo);
    let own = |formato: &str| format!("/pagamenti/{}/ricevuta.{formato}", sessione.id);
    let has_receipt = sessione.esito.is_some() || sessione.altrove_ccp.is_some();
    let paid =
        sessione.esito().is_some_and(EsitoPagamento::money_moved) || sessione.altrove_ccp.is_some();
    let email = sessione
        .email
        .as_deref()
        .and_then(|e| domain::Email::parse(e).ok());
    PagamentoPage {
        passi: passi(&page, &sessione),
        avviso: avviso_url(&sessione.id_dominio, &sessione.numero_avviso),
        ricevuta: has_receipt.then(|| (own("pdf"), own("xml"))),
        riprova: !paid,
        email: email
            .filter(|_| sessione.esito.is_some())
            .map(|e| e.masked()),
        page,
        racconto,
        sessione,
    }
}

fn passi(page: &Page, s: &Sessione) -> Vec<TimelineItem> {
    let mut passi = vec![TimelineItem::new(page.t("storia-aperto"), Phase::Done).at(s.creata_at)];
    if let Some(at) = s.scelta_at {
        let detail = s.psp.clone().unwrap_or_default();
        passi.push(
            TimelineItem::new(page.t("storia-scelta"), Phase::Done)
                .at(at)
                .detail(detail),
        );
    }
    if let Some(at) = s.confermata_at {
        passi.push(TimelineItem::new(page.t("storia-conferma"), Phase::Done).at(at));
    }
    if let Some(at) = s.inviata_at {
        passi.push(TimelineItem::new(page.t("storia-inviato"), Phase::Done).at(at));
    }
    if let Some(at) = s.ritorno_at {
        passi.push(TimelineItem::new(page.t("storia-ritorno"), Phase::Done).at(at));
    }
    if let Some(at) = s.conclusa_at {
        let (key, phase) = match s.esito() {
            Some(esito) if esito.money_moved() => ("storia-rt", Phase::Done),
            Some(_) => ("storia-rt", Phase::Failed),
            None => ("storia-fine", Phase::Failed),
        };
        passi.push(TimelineItem::new(page.t(key), phase).at(at));
    }
    passi
}

/// The receipt of this payment, or of the avviso paid in another way.
pub async fn ricevuta(page: Page, app: Data<App>, path: Path<(String, String)>) -> PageResult {
    let (id, extension) = path.into_inner();
    let formato = formato(&page, &extension)?;
    let s = super::sessione(&app, &page, id).await?;
    let own = s.esito.is_some().then(|| (s.iuv.clone(), s.ccp.clone()));
    let (iuv, ccp) = own.unwrap_or((s.altrove_iuv.clone(), s.altrove_ccp.clone()));
    let (Some(iuv), Some(ccp)) = (iuv, ccp) else {
        return Err(documento_assente(&page)
            .detail(page.t("ricevuta-non-ancora"))
            .action(page.t("guarda-lo-stato"), format!("/pagamenti/{}", s.id)));
    };
    let bytes = app.core.rt(&s.id_dominio, &iuv, &ccp, formato).await;
    document(
        &page,
        bytes,
        formato,
        &format!("ricevuta-{}.{extension}", s.numero_avviso),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sessione::{Avviso, Ricevuta};
    use web::Lang;

    fn sessione() -> Sessione {
        let avviso = Avviso {
            id_dominio: "12345678903".into(),
            ente: "Comune di Valtorbida".into(),
            numero_avviso: "301000000000004285".into(),
            causale: "Mensa".into(),
            importo: domain::Importo::ZERO,
        };
        let at = chrono::DateTime::from_timestamp(1_770_000_000, 0).unwrap();
        Sessione::nuova("s".into(), "k".into(), "b".into(), avviso, at)
    }

    #[test]
    fn every_end_of_a_payment_has_words_in_both_languages_and_an_icon() {
        let at = chrono::DateTime::from_timestamp(1_770_000_000, 0).unwrap();
        let mut ends: Vec<Sessione> = EsitoPagamento::ALL
            .into_iter()
            .map(|esito| {
                let mut s = sessione();
                let rt = Ricevuta {
                    iuv: "1".into(),
                    ccp: "c".into(),
                    esito,
                    importo_pagato: None,
                    anomala: false,
                };
                s.applica_rt(&rt, at);
                assert_eq!(
                    crate::CATALOG.text(Lang::It, Racconto::of(&s).titolo, &[]),
                    esito.label()
                );
                s
            })
            .collect();
        for motivo in [
            "RPT_SCADUTA",
            "PAG_014",
            "PAG_006",
            "PAG_007",
            "PAG_012",
            "PPT_CANALE_SCONOSCIUTO",
        ] {
            let mut s = sessione();
            s.motivo = Some(motivo.into());
            s.stato = StatoSessione::Fallita.name().into();
            ends.push(s);
        }
        for motivo in ["WISP_ANNULLO", "WISP_TIMEOUT", "WISP_IBAN"] {
            let mut s = sessione();
            s.motivo = Some(motivo.into());
            s.stato = StatoSessione::Annullata.name().into();
            ends.push(s);
        }
        for s in ends {
            let told = Racconto::of(&s);
            for key in [told.titolo, told.soldi] {
                for lang in [Lang::It, Lang::En] {
                    assert!(crate::CATALOG.get(lang, key, &[]).is_some(), "{key}");
                }
            }
        }
    }
}
