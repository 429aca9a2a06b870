//! Pendenze as a payment needs them, found by avviso, IUV or key of the gestionale.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::rt::StatoVoce;

use super::{Conn, ext};
use crate::anagrafica::{RigaEntrata, RigaTipoEntrata};
use crate::posizione::{
    Accredito, EnteRow, IntermediarioRow, Posizione, PosizioneRow, Stazione, StazioneRow,
    VocePosizione, codice_tassonomico, importo,
};
use crate::schema::{conti, domini, entrate, intermediari, pendenze, stazioni, tipi_entrata, voci};
use platform::{StoreError, StoreResult};

#[derive(Queryable, Selectable)]
#[diesel(table_name = voci)]
struct VoceRow {
    id: i64,
    indice: i32,
    id_voce_pendenza: String,
    descrizione: String,
    importo: i64,
    id_dominio: Option<String>,
    id_entrata: Option<String>,
    iban_accredito: Option<String>,
    iban_appoggio: Option<String>,
    tipo_contabilita: Option<String>,
    codice_contabilita: Option<String>,
    tipo_bollo: Option<String>,
    hash_documento: Option<String>,
    provincia_residenza: Option<String>,
    altro: String,
    stato: String,
}

/// Where an entrata of a body is collected, and its accounting: what the body changes, else that of all.
struct Entrata {
    tipo_contabilita: String,
    codice_contabilita: String,
    iban_accredito: String,
    iban_appoggio: Option<String>,
}

fn entrata(c: &mut Conn, id_dominio: &str, id: &str) -> StoreResult<Option<Entrata>> {
    let row = entrate::table
        .find((id_dominio, id))
        .inner_join(tipi_entrata::table);
    let row = row.select((RigaEntrata::as_select(), RigaTipoEntrata::as_select()));
    let found: Option<(RigaEntrata, RigaTipoEntrata)> = row.first(c).optional()?;
    Ok(found.map(|(entrata, tipo)| Entrata {
        tipo_contabilita: entrata.tipo_contabilita.unwrap_or(tipo.tipo_contabilita),
        codice_contabilita: entrata
            .codice_contabilita
            .unwrap_or(tipo.codice_contabilita),
        iban_accredito: entrata.iban_accredito,
        iban_appoggio: entrata.iban_appoggio,
    }))
}

pub fn posizione_by_iuv(
    c: &mut Conn,
    id_dominio: String,
    iuv: String,
) -> StoreResult<Option<Posizione>> {
    let id = pendenze::table
        .filter(pendenze::id_dominio.eq(id_dominio))
        .filter(pendenze::iuv.eq(iuv))
        .select(pendenze::id);
    let id: Option<i64> = id.first(c).optional()?;
    id.map(|id| load(c, id)).transpose()
}

pub fn posizione_by_avviso(
    c: &mut Conn,
    id_dominio: String,
    numero_avviso: String,
) -> StoreResult<Option<Posizione>> {
    let id = pendenze::table
        .filter(pendenze::id_dominio.eq(id_dominio))
        .filter(pendenze::numero_avviso.eq(numero_avviso))
        .select(pendenze::id);
    let id: Option<i64> = id.first(c).optional()?;
    id.map(|id| load(c, id)).transpose()
}

pub fn posizione_by_key(
    c: &mut Conn,
    id_a2a: String,
    id_pendenza: String,
) -> StoreResult<Option<Posizione>> {
    let id = pendenze::table
        .filter(pendenze::id_a2a.eq(id_a2a))
        .filter(pendenze::id_pendenza.eq(id_pendenza))
        .select(pendenze::id);
    let id: Option<i64> = id.first(c).optional()?;
    id.map(|id| load(c, id)).transpose()
}

/// Holds the pendenza until the transaction ends: whoever changes its attempts holds it first.
pub fn lock(c: &mut Conn, id: i64) -> StoreResult<()> {
    let row = ext::lock!(pendenze::table.find(id).select(pendenze::id));
    row.first::<i64>(c)?;
    Ok(())
}

pub fn load(c: &mut Conn, id: i64) -> StoreResult<Posizione> {
    let pendenza: PosizioneRow = pendenze::table
        .find(id)
        .select(PosizioneRow::as_select())
        .first(c)?;
    let ente: EnteRow = domini::table
        .find(&pendenza.id_dominio)
        .select(EnteRow::as_select())
        .first(c)?;
    let senza = || StoreError::corrupt(format!("dominio {}: senza stazione", ente.id_dominio));
    let id_stazione = ente.id_stazione.clone().ok_or_else(senza)?;
    let stazione = stazione_pagopa(c, id_stazione)?.ok_or_else(senza)?;
    let rows: Vec<VoceRow> = voci::table
        .filter(voci::pendenza.eq(id))
        .order(voci::indice)
        .select(VoceRow::as_select())
        .load(c)?;
    let mut postali = HashMap::new();
    let mut voci = Vec::with_capacity(rows.len());
    for row in rows {
        voci.push(voce(c, row, &pendenza.id_dominio, &mut postali)?);
    }
    Ok(Posizione {
        pendenza,
        voci,
        ente,
        stazione,
    })
}

pub fn stazione_pagopa(c: &mut Conn, id_stazione: String) -> StoreResult<Option<Stazione>> {
    let row = stazioni::table
        .find(id_stazione)
        .select(StazioneRow::as_select());
    let Some(stazione): Option<StazioneRow> = row.first(c).optional()? else {
        return Ok(None);
    };
    let intermediario = intermediari::table
        .find(&stazione.id_intermediario)
        .select(IntermediarioRow::as_select())
        .first(c)?;
    Ok(Some(Stazione {
        stazione,
        intermediario,
    }))
}

pub fn intermediario_pagopa(c: &mut Conn, id: String) -> StoreResult<Option<IntermediarioRow>> {
    let row = intermediari::table
        .find(id)
        .select(IntermediarioRow::as_select());
    Ok(row.first(c).optional()?)
}

pub fn ente_pagopa(c: &mut Conn, id_dominio: String) -> StoreResult<Option<EnteRow>> {
    Ok(domini::table
        .find(id_dominio)
        .select(EnteRow::as_select())
        .first(c)
        .optional()?)
}

fn voce(
    c: &mut Conn,
    row: VoceRow,
    id_dominio: &str,
    postali: &mut HashMap<String, bool>,
) -> StoreResult<VocePosizione> {
    let id_dominio = row
        .id_dominio
        .clone()
        .unwrap_or_else(|| id_dominio.to_owned());
    let wrong = |what: &str| StoreError::corrupt(format!("voce {}: {what}", row.id));
    let stato = StatoVoce::parse(&row.stato).ok_or_else(|| wrong(&row.stato))?;
    let altro: serde_json::Value = serde_json::from_str(&row.altro).map_err(StoreError::corrupt)?;
    let (tipo, codice, accredito) = match (&row.id_entrata, &row.tipo_bollo) {
        (Some(id), _) => {
            let entrata = entrata(c, &id_dominio, id)?;
            let entrata = entrata.ok_or_else(|| wrong("entrata sconosciuta"))?;
            let conto = conto(
                c,
                &id_dominio,
                entrata.iban_accredito,
                entrata.iban_appoggio,
                postali,
            )?;
            (
                Some(entrata.tipo_contabilita),
                Some(entrata.codice_contabilita),
                conto,
            )
        }
        (None, Some(tipo)) => {
            let bollo = Accredito::Bollo {
                tipo: tipo.clone(),
                hash_documento: row.hash_documento.clone().unwrap_or_default(),
                provincia: row.provincia_residenza.clone().unwrap_or_default(),
            };
            (
                row.tipo_contabilita.clone(),
                row.codice_contabilita.clone(),
                bollo,
            )
        }
        (None, None) => {
            let iban = row
                .iban_accredito
                .clone()
                .ok_or_else(|| wrong("senza conto"))?;
            let conto = conto(c, &id_dominio, iban, row.iban_appoggio.clone(), postali)?;
            (
                row.tipo_contabilita.clone(),
                row.codice_contabilita.clone(),
                conto,
            )
        }
    };
    Ok(VocePosizione {
        id: row.id,
        indice: row.indice,
        id_voce_pendenza: row.id_voce_pendenza,
        descrizione: row.descrizione,
        causale_rpt: altro["descrizioneCausaleRPT"].as_str().map(str::to_owned),
        importo: importo(row.importo)?,
        id_dominio,
        accredito,
        categoria: codice_tassonomico(tipo.as_deref(), codice.as_deref()),
        stato,
    })
}

fn conto(
    c: &mut Conn,
    id_dominio: &str,
    iban: String,
    appoggio: Option<String>,
    postali: &mut HashMap<String, bool>,
) -> StoreResult<Accredito> {
    let postale = is_postale(c, id_dominio, &iban, postali)?;
    let appoggio_postale = match &appoggio {
        Some(iban) => is_postale(c, id_dominio, iban, postali)?,
        None => false,
    };
    Ok(Accredito::Conto {
        iban,
        postale,
        appoggio,
        appoggio_postale,
    })
}

fn is_postale(
    c: &mut Conn,
    id_dominio: &str,
    iban: &str,
    postali: &mut HashMap<String, bool>,
) -> StoreResult<bool> {
    if let Some(postale) = postali.get(iban) {
        return Ok(*postale);
    }
    let postale: Option<bool> = conti::table
        .find((id_dominio, iban))
        .select(conti::postale)
        .first(c)
        .optional()?;
    let postale = postale.unwrap_or(false);
    postali.insert(iban.to_owned(), postale);
    Ok(postale)
}
