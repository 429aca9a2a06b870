//! Orders of the gestionali: pendenze created and updated. The rules that need the archive are here,
//! with GovPay's codes; the others were checked before.

use diesel::prelude::*;
use domain::numero_avviso::Numbering;
use domain::{NumeroAvviso, StatoPendenza};
use platform::{StoreError, StoreResult};

use super::pendenze::{push, voci_of};
use super::{Conn, ext};
use crate::pendenza::{
    DominioRow, EsitoOrdine, Fermo, Ordine, PendenzaConVoci, PendenzaRow, Rifiuto, VoceRow,
};
use crate::rest::riga;
use crate::schema::{
    contatori_iuv, conti, domini, entrate, pendenze, stazioni, tipi_pendenza, voci,
};

/// Creates the pendenza or updates the one with the same key, with its event, in one transaction.
/// A refusal changes nothing.
pub fn put_pendenza(c: &mut Conn, ordine: Ordine) -> StoreResult<EsitoOrdine> {
    let result = ext::write_tx(c, |c| put(c, &ordine));
    match result {
        Ok(esito) => Ok(esito),
        Err(Fermo::Rifiuto(rifiuto)) => Ok(EsitoOrdine::Rifiutata(rifiuto)),
        // Two orders at the same instant: the index had the last word.
        Err(Fermo::Store(StoreError::Query(diesel::result::Error::DatabaseError(
            diesel::result::DatabaseErrorKind::UniqueViolation,
            info,
        )))) => Ok(EsitoOrdine::Rifiutata(duplicata(&ordine, info.message()))),
        Err(Fermo::Store(error)) => Err(error),
    }
}

fn duplicata(ordine: &Ordine, index: &str) -> Rifiuto {
    if index.contains("numero_avviso") || index.contains("iuv") {
        let numero = ordine
            .corpo
            .numero_avviso
            .as_ref()
            .map_or("", NumeroAvviso::as_str);
        return avviso_usato(numero);
    }
    Rifiuto::new(
        "VER_003",
        "La pendenza non si può aggiornare",
        format!(
            "un'altra richiesta sta scrivendo la pendenza {} di {}: riprova",
            ordine.id_pendenza, ordine.id_a2a
        ),
    )
}

fn avviso_usato(numero: &str) -> Rifiuto {
    Rifiuto::new(
        "VER_025",
        "Il numero avviso è già usato",
        format!("numeroAvviso: il valore {numero} appartiene a un'altra pendenza del dominio"),
    )
}

fn put(c: &mut Conn, ordine: &Ordine) -> Result<EsitoOrdine, Fermo> {
    let dominio = dominio(c, ordine.corpo.id_dominio.as_str())?;
    check_anagrafica(c, ordine, &dominio)?;
    let key = pendenze::table
        .filter(pendenze::id_a2a.eq(&ordine.id_a2a))
        .filter(pendenze::id_pendenza.eq(&ordine.id_pendenza))
        .select(PendenzaRow::as_select());
    let old: Option<PendenzaRow> = ext::lock!(key).first(c).optional()?;
    match old {
        Some(old) => Ok(EsitoOrdine::Aggiornata(Box::new(update(
            c, ordine, dominio, old,
        )?))),
        None => Ok(EsitoOrdine::Creata(Box::new(insert(c, ordine, dominio)?))),
    }
}

fn dominio(c: &mut Conn, id: &str) -> Result<DominioRow, Fermo> {
    let row: Option<DominioRow> = domini::table
        .find(id)
        .select(DominioRow::as_select())
        .first(c)
        .optional()?;
    match row {
        None => Err(Rifiuto::new(
            "DOM_000",
            "Il dominio non è censito",
            format!("idDominio: il valore {id} non è tra i domini di questo archivio"),
        )
        .into()),
        Some(row) if !row.abilitato => Err(Rifiuto::new(
            "DOM_001",
            "Il dominio non è abilitato",
            format!("idDominio: il dominio {id} non è abilitato"),
        )
        .into()),
        Some(row) => Ok(row),
    }
}

/// Kind of debt, accounts and entrate that the order names.
fn check_anagrafica(c: &mut Conn, ordine: &Ordine, dominio: &DominioRow) -> Result<(), Fermo> {
    let tipo = ordine.corpo.id_tipo_pendenza.as_deref().unwrap_or("LIBERO");
    let known: i64 = tipi_pendenza::table
        .filter(tipi_pendenza::id_dominio.eq(&dominio.id_dominio))
        .filter(tipi_pendenza::id_tipo_pendenza.eq(tipo))
        .count()
        .get_result(c)?;
    if known == 0 {
        let text = format!(
            "idTipoPendenza: il valore {tipo} non è tra i tipi pendenza del dominio {}",
            dominio.id_dominio
        );
        return Err(Rifiuto::new(
            "TVD_000",
            "Il tipo pendenza non è censito per il dominio",
            text,
        )
        .into());
    }
    for (i, voce) in ordine.corpo.voci.iter().enumerate() {
        let owner = voce
            .id_dominio
            .as_ref()
            .map_or(dominio.id_dominio.as_str(), |d| d.as_str());
        let place = format!("voci[{i}]");
        if let Some(entrata) = &voce.cod_entrata {
            let known: i64 = entrate::table
                .filter(entrate::id_dominio.eq(owner))
                .filter(entrate::id_entrata.eq(entrata))
                .count()
                .get_result(c)?;
            if known == 0 {
                let text = format!(
                    "{place}.codEntrata: il valore {entrata} non è tra le entrate del dominio {owner}"
                );
                return Err(Rifiuto::new("TRB_000", "L'entrata non è censita", text).into());
            }
        }
        let accounts = [
            (&voce.iban_accredito, "VER_020", "ibanAccredito"),
            (&voce.iban_appoggio, "VER_033", "ibanAppoggio"),
        ];
        for (iban, codice, field) in accounts {
            let Some(iban) = iban else { continue };
            let enabled: Option<bool> = conti::table
                .find((owner, iban))
                .select(conti::abilitato)
                .first(c)
                .optional()?;
            if enabled != Some(true) {
                let text = format!(
                    "{place}.{field}: il valore {iban} non è tra i conti del dominio {owner}"
                );
                return Err(Rifiuto::new(codice, "Il conto non è censito", text).into());
            }
        }
    }
    Ok(())
}

fn insert(c: &mut Conn, ordine: &Ordine, dominio: DominioRow) -> Result<PendenzaConVoci, Fermo> {
    let numero = match &ordine.corpo.numero_avviso {
        Some(numero) => supplied(c, numero, &dominio)?,
        None => generated(c, &dominio)?,
    };
    let row: PendenzaRow = diesel::insert_into(pendenze::table)
        .values(riga::nuova(ordine, &numero).map_err(StoreError::corrupt)?)
        .returning(PendenzaRow::as_returning())
        .get_result(c)?;
    let voci = insert_voci(c, ordine, row.id, 0)?;
    push(c, &row, ordine.now)?;
    Ok(PendenzaConVoci { row, voci, dominio })
}

/// Rows for the items of the order from the given position on.
fn insert_voci(
    c: &mut Conn,
    ordine: &Ordine,
    pendenza: i64,
    from: usize,
) -> StoreResult<Vec<VoceRow>> {
    let rows: Vec<VoceRow> = ordine
        .corpo
        .voci
        .iter()
        .enumerate()
        .skip(from)
        .map(|(i, voce)| riga::voce(voce, pendenza, i))
        .collect::<Result<_, _>>()
        .map_err(StoreError::corrupt)?;
    let mut inserted: Vec<VoceRow> = Vec::with_capacity(rows.len());
    for row in rows {
        inserted.push(
            diesel::insert_into(voci::table)
                .values(row)
                .returning(VoceRow::as_returning())
                .get_result(c)?,
        );
    }
    Ok(inserted)
}

/// An update keeps IUV, avviso and items; importo, causale, dates and debtor change, items may be
/// added.
fn update(
    c: &mut Conn,
    ordine: &Ordine,
    dominio: DominioRow,
    old: PendenzaRow,
) -> Result<PendenzaConVoci, Fermo> {
    let voci: Vec<VoceRow> = voci_of(c, old.id)?;
    riga::check_update(ordine, &old, &voci)?;
    let new = riga::aggiornata(ordine, &old).map_err(StoreError::corrupt)?;
    let row: PendenzaRow = diesel::update(pendenze::table.find(old.id))
        .set((
            pendenze::id_tipo_pendenza.eq(new.id_tipo_pendenza),
            pendenze::nome.eq(new.nome),
            pendenze::causale.eq(new.causale),
            pendenze::importo.eq(new.importo),
            pendenze::data_validita.eq(new.data_validita),
            pendenze::data_scadenza.eq(new.data_scadenza),
            pendenze::anno_riferimento.eq(new.anno_riferimento),
            pendenze::cartella_pagamento.eq(new.cartella_pagamento),
            pendenze::soggetto_tipo.eq(new.soggetto_tipo),
            pendenze::soggetto_identificativo.eq(new.soggetto_identificativo),
            pendenze::soggetto_anagrafica.eq(new.soggetto_anagrafica),
            pendenze::soggetto_altro.eq(new.soggetto_altro),
            pendenze::altro.eq(new.altro),
            pendenze::stato.eq(StatoPendenza::NonEseguito.name()),
            pendenze::descrizione_stato.eq(None::<String>),
            pendenze::updated_at.eq(new.updated_at),
        ))
        .returning(PendenzaRow::as_returning())
        .get_result(c)?;
    for (i, voce) in ordine.corpo.voci.iter().enumerate().take(voci.len()) {
        let Some(kept) = voci
            .iter()
            .find(|v| v.id_voce_pendenza == voce.id_voce_pendenza)
        else {
            continue;
        };
        let new = riga::voce(voce, old.id, i).map_err(StoreError::corrupt)?;
        diesel::update(voci::table.find(kept.id))
            .set((
                voci::descrizione.eq(new.descrizione),
                voci::importo.eq(new.importo),
                voci::altro.eq(new.altro),
            ))
            .execute(c)?;
    }
    insert_voci(c, ordine, row.id, voci.len())?;
    push(c, &row, ordine.now)?;
    let voci = voci_of(c, row.id)?;
    Ok(PendenzaConVoci { row, voci, dominio })
}

/// A number that came with the order: right for the body, and nobody else's.
fn supplied(
    c: &mut Conn,
    numero: &NumeroAvviso,
    dominio: &DominioRow,
) -> Result<NumeroAvviso, Fermo> {
    let place = format!("numeroAvviso: il valore {numero}");
    if i32::from(numero.aux_digit()) != dominio.aux_digit {
        let text = format!(
            "{place} comincia con {}, il dominio usa {}",
            numero.aux_digit(),
            dominio.aux_digit
        );
        return Err(Rifiuto::new(
            "VER_039",
            "La prima cifra del numero avviso non è quella del dominio",
            text,
        )
        .into());
    }
    let code = numero.station_code().map(i32::from);
    match dominio.aux_digit {
        0 => {
            let expected: i32 = stazioni::table
                .find(&dominio.id_stazione)
                .select(stazioni::application_code)
                .first(c)?;
            if code != Some(expected) {
                let text =
                    format!("{place} non ha l'application code {expected:02} della stazione");
                return Err(Rifiuto::new(
                    "VER_026",
                    "L'application code non è quello della stazione",
                    text,
                )
                .into());
            }
        }
        3 if code != dominio.segregation_code => {
            let expected = dominio.segregation_code.unwrap_or_default();
            let text =
                format!("{place} non ha il codice di segregazione {expected:02} del dominio");
            return Err(Rifiuto::new(
                "VER_027",
                "Il codice di segregazione non è quello del dominio",
                text,
            )
            .into());
        }
        _ => {}
    }
    if let domain::numero_avviso::CheckDigits::Wrong { expected } = numero.check() {
        // Official samples have wrong check digits: a warning, not a refusal.
        tracing::warn!(numero_avviso = %numero, expected, "supplied avviso with wrong check digits");
    }
    if is_used(c, dominio, numero)? {
        return Err(avviso_usato(numero.as_str()).into());
    }
    Ok(numero.clone())
}

fn is_used(c: &mut Conn, dominio: &DominioRow, numero: &NumeroAvviso) -> StoreResult<bool> {
    let used: i64 = pendenze::table
        .filter(pendenze::id_dominio.eq(&dominio.id_dominio))
        .filter(pendenze::iuv.eq(numero.iuv().as_str()))
        .count()
        .get_result(c)?;
    Ok(used > 0)
}

/// The next number of the body. A number that somebody supplied from outside is stepped over.
fn generated(c: &mut Conn, dominio: &DominioRow) -> Result<NumeroAvviso, Fermo> {
    let byte = |n: i32| u8::try_from(n).map_err(StoreError::corrupt);
    let numbering = match dominio.aux_digit {
        0 => {
            let code: i32 = stazioni::table
                .find(&dominio.id_stazione)
                .select(stazioni::application_code)
                .first(c)?;
            Numbering::Aux0 {
                application_code: byte(code)?,
            }
        }
        1 => Numbering::Aux1,
        2 => Numbering::Aux2,
        _ => Numbering::Aux3 {
            segregation_code: byte(dominio.segregation_code.unwrap_or_default())?,
        },
    };
    loop {
        let progressive = next(c, dominio)?;
        let numero =
            NumeroAvviso::generate(numbering, &dominio.iuv_prefix, progressive).map_err(|e| {
                Rifiuto::new(
                    "VER_028",
                    "Il numero avviso non si può generare",
                    e.to_string(),
                )
            })?;
        if !is_used(c, dominio, &numero)? {
            return Ok(numero);
        }
    }
}

/// The counter's row is locked until the transaction ends: two orders never get the same number.
fn next(c: &mut Conn, dominio: &DominioRow) -> StoreResult<u64> {
    diesel::insert_into(contatori_iuv::table)
        .values((
            contatori_iuv::id_dominio.eq(&dominio.id_dominio),
            contatori_iuv::prefisso.eq(&dominio.iuv_prefix),
            contatori_iuv::prossimo.eq(1),
        ))
        .on_conflict_do_nothing()
        .execute(c)?;
    let after: i64 =
        diesel::update(contatori_iuv::table.find((&dominio.id_dominio, &dominio.iuv_prefix)))
            .set(contatori_iuv::prossimo.eq(contatori_iuv::prossimo + 1))
            .returning(contatori_iuv::prossimo)
            .get_result(c)?;
    u64::try_from(after - 1).map_err(StoreError::corrupt)
}
