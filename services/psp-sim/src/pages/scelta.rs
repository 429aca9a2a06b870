//! What is chosen on S2: read from the form, decided, stored once.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use domain::{EsitoPagamento, Importo};
use web::{CsrfForm, Form, Page, PageResult, see_other};

use super::pagamento::modulo;
use super::sessione_sconosciuta;
use crate::app::App;
use crate::decisione::{self, ANNULLATO, ATTESA_ANNULLO, Decisione, Parte, ParteError, Quietanza};
use crate::sessione::{Dettaglio, StatoSessione, StatoToken, Versione};

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
                return modulo(status, page, &app, dettaglio, form);
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

fn annulla(dettaglio: &Dettaglio, now: DateTime<Utc>) -> anyhow::Result<Decisione> {
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
    now: DateTime<Utc>,
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
