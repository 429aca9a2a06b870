//! What a notification carries, in the words of each version. The receipt is told as it is now.

use chrono::{DateTime, Utc};
use domain::riscossione::TipoRiscossione;
use domain::tempo::giorno;
use govpay_api::ente::{Notifica, NotificaAnnullamento, RiscossioneNotificata, VersioneEnte};
use platform::{StoreError, StoreResult};
use reqwest::Method;
use serde::Serialize;

use crate::archivio::{RicevutaIntera, TentativoIntero};
use crate::notifica::{NotificaRow, TipoNotifica};
use crate::pagamenti::{allegati, vista};
use crate::posizione::importo;
use crate::rest::lettura_v3;
use crate::riscossione::RiscossioneRow;

/// Longest value of the parameters of version 1: a longer one is left out, since it would be refused.
const PARAMETRO_MAX: usize = 35;

/// A notification ready to leave.
pub struct Corpo {
    pub tipo: &'static str,
    pub metodo: Method,
    pub segmenti: Vec<String>,
    pub query: Vec<(&'static str, String)>,
    pub testo: String,
}

/// The notification for that version, which foresees it ([`Connettore::impedimento`]).
///
/// [`Connettore::impedimento`]: super::connettore::Connettore::impedimento
pub fn corpo(
    versione: VersioneEnte,
    row: &NotificaRow,
    tentativo: &TentativoIntero,
    now: DateTime<Utc>,
) -> StoreResult<Corpo> {
    let intera = &tentativo.intera;
    let tipo = row.tipo()?;
    let percorso = |segmenti: &[&str]| segmenti.iter().map(|s| (*s).to_owned()).collect();
    if versione == VersioneEnte::V2 {
        return Ok(Corpo {
            tipo: "notificaRicevuta",
            metodo: Method::PUT,
            segmenti: percorso(&["ricevute", &row.id_dominio, &row.iuv, &intera.rpt.ccp]),
            query: query(tentativo, usize::MAX),
            testo: json(&lettura_v3::ricevuta(intera, now)?)?,
        });
    }
    Ok(match tipo {
        TipoNotifica::Attivazione | TipoNotifica::Ricevuta => Corpo {
            tipo: "notifyPagamento",
            metodo: Method::POST,
            segmenti: percorso(&["pagamenti", &row.id_dominio, &row.iuv]),
            query: query(tentativo, PARAMETRO_MAX),
            testo: json(&notifica(intera, tipo == TipoNotifica::Ricevuta)?)?,
        },
        TipoNotifica::Fallimento | TipoNotifica::Annullamento => Corpo {
            tipo: "deletePagamento",
            metodo: Method::POST,
            segmenti: percorso(&["pagamenti", &row.id_dominio, &row.iuv, &row.ccp, "annulla"]),
            query: vec![],
            testo: json(&NotificaAnnullamento {
                codice: row.codice.clone(),
                motivazione: row.motivazione.clone(),
            })?,
        },
    })
}

fn json(value: &impl Serialize) -> StoreResult<String> {
    serde_json::to_string(value).map_err(StoreError::corrupt)
}

/// The session that a portal opened, when one did.
fn query(tentativo: &TentativoIntero, max: usize) -> Vec<(&'static str, String)> {
    let Some(pagamento) = &tentativo.intera.pagamento else {
        return vec![];
    };
    let carrello = tentativo.carrello.then(|| pagamento.id.clone());
    [
        ("idSession", pagamento.id_sessione_psp.clone()),
        ("idSessionePortale", pagamento.id_sessione_portale.clone()),
        ("idCarrello", carrello),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .filter(|(_, value)| (1..=max).contains(&value.chars().count()))
    .collect()
}

/// An attempt, with its receipt when that is what is told.
fn notifica(intera: &RicevutaIntera, ricevuta: bool) -> StoreResult<Notifica> {
    let (rpt, p) = (&intera.rpt, &intera.pendenza);
    let riscossioni = match ricevuta {
        true => p
            .riscossioni
            .iter()
            .map(|row| riscossione(intera, row))
            .collect(),
        false => Ok(vec![]),
    };
    let xml_rt = rpt.xml_rt.as_deref().filter(|_| ricevuta);
    Ok(Notifica {
        id_a2a: p.pendenza.row.id_a2a.clone(),
        id_pendenza: p.pendenza.row.id_pendenza.clone(),
        rpt: rpt.xml_rpt.as_deref().map(vista::documento).transpose()?,
        rt: xml_rt.map(vista::documento).transpose()?,
        riscossioni: riscossioni?,
    })
}

fn riscossione(
    intera: &RicevutaIntera,
    row: &RiscossioneRow,
) -> StoreResult<RiscossioneNotificata> {
    let (rpt, p) = (&intera.rpt, &intera.pendenza.pendenza);
    let voce = p.voci.iter().find(|voce| Some(voce.id) == row.voce);
    // Version 1 knows two kinds only.
    let tipo = match row.tipo()? {
        TipoRiscossione::Mbt => TipoRiscossione::Mbt,
        _ => TipoRiscossione::Entrata,
    };
    Ok(RiscossioneNotificata {
        id_dominio: row.id_dominio.clone(),
        iuv: row.iuv.clone(),
        iur: row.iur.clone(),
        indice: row.indice,
        pendenza: format!("/pendenze/{}/{}", p.row.id_a2a, p.row.id_pendenza),
        id_voce_pendenza: voce.map(|v| v.id_voce_pendenza.clone()).unwrap_or_default(),
        rpp: Some(format!("/rpp/{}/{}/{}", rpt.id_dominio, rpt.iuv, rpt.ccp)),
        stato: row.stato()?.name().to_owned(),
        tipo: tipo.name().to_owned(),
        importo: importo(row.importo)?,
        data: giorno(row.data_pagamento.and_utc()),
        commissioni: row.commissioni.map(importo).transpose()?,
        allegato: allegati::di_ricevuta(rpt, row.indice)?,
    })
}
