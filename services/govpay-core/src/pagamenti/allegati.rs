//! What a receipt says beside the money: what the PSP attached, and who paid.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::{Anagrafica, CodiceFiscale, TipoSoggetto};
use govpay_api::{AllegatoRiscossione, Soggetto};
use pagopa::documenti::{Rt, TipoAllegato};
use pagopa::modello_unico::pa_for_node::{PaSendRtReq, PaSendRtV2Request};
use pagopa::xml::from_document;
use platform::{StoreError, StoreResult};

use crate::db::Db;
use crate::riscossione::Riscossa;
use crate::tentativo::RptRow;

/// The attachment of one collected amount.
pub async fn di_riscossione(db: &Db, r: &Riscossa) -> StoreResult<Option<AllegatoRiscossione>> {
    let row = &r.row;
    let attempt = db.find_rpt(
        row.id_dominio.clone(),
        row.iuv.clone(),
        r.id_ricevuta.clone(),
    );
    match attempt.await? {
        Some(attempt) => di_ricevuta(&attempt, row.indice),
        None => Ok(None),
    }
}

/// The attachment at that position (from 1) of a receipt. Receipts of the modello unico have none.
pub fn di_ricevuta(attempt: &RptRow, indice: i32) -> StoreResult<Option<AllegatoRiscossione>> {
    let Some(xml) = attempt
        .xml_rt
        .as_deref()
        .filter(|_| attempt.versione != "V2")
    else {
        return Ok(None);
    };
    let rt = leggi_rt(attempt, xml)?;
    let position = usize::try_from(indice - 1).map_err(StoreError::corrupt)?;
    let single = rt.dati_pagamento.singoli.get(position);
    let attached = single.and_then(|single| single.allegato.as_ref());
    Ok(attached.map(|allegato| AllegatoRiscossione {
        tipo: match allegato.tipo {
            TipoAllegato::Es => "Esito pagamento",
            TipoAllegato::Bd => "Marca da bollo",
        }
        .to_owned(),
        testo: BASE64.encode(&allegato.testo),
    }))
}

/// Who paid, when the receipt tells it.
pub fn versante(attempt: &RptRow) -> StoreResult<Option<Soggetto>> {
    let Some(xml) = attempt.xml_rt.as_deref() else {
        return Ok(None);
    };
    if attempt.versione != "V2" {
        let rt = leggi_rt(attempt, xml)?;
        return Ok(rt.soggetto_versante.and_then(|s| {
            let (tipo, codice) = (s.identificativo.tipo, &s.identificativo.codice);
            soggetto(tipo, codice, &s.anagrafica)
        }));
    }
    let payer = from_document::<PaSendRtV2Request>(xml)
        .map(|message| message.receipt.payer)
        .or_else(|_| from_document::<PaSendRtReq>(xml).map(|message| message.receipt.payer))
        .map_err(|e| StoreError::corrupt(format!("rpt {}: {e}", attempt.id)))?;
    Ok(payer.and_then(|s| {
        let (tipo, codice) = (s.unique_identifier.tipo, &s.unique_identifier.value);
        soggetto(tipo, codice, &s.full_name)
    }))
}

/// `None` when the PSP wrote a foreign code, which the contract has no place for.
fn soggetto(tipo: TipoSoggetto, codice: &str, anagrafica: &str) -> Option<Soggetto> {
    let codice = CodiceFiscale::parse(codice).ok()?;
    Some(Soggetto {
        anagrafica: Some(Anagrafica::new(anagrafica)),
        ..Soggetto::new(tipo, codice)
    })
}

fn leggi_rt(attempt: &RptRow, xml: &str) -> StoreResult<Rt> {
    Rt::parse(xml.as_bytes()).map_err(|e| StoreError::corrupt(format!("rpt {}: {e}", attempt.id)))
}
