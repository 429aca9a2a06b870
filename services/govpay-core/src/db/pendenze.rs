//! Writing and reading pendenze. The rules that need the archive are here, with GovPay's codes; the
//! others were checked before.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::numero_avviso::Numbering;
use domain::{Event, Importo, NumeroAvviso, StatoPendenza};
use platform::{StoreError, StoreResult};

use super::{Conn, ext};
use crate::pendenza::{
    DominioRow, EsitoOrdine, FiltroPendenze, Ordine, PendenzaConVoci, PendenzaRow, Rifiuto, VoceRow,
};
use crate::rest::riga;
use crate::schema::{
    contatori_iuv, conti, domini, entrate, pendenze, stazioni, tipi_pendenza, voci,
};
use crate::tentativo::Pagina;

/// Creates the pendenza or updates the one with the same key, with its event, in one transaction.
/// A refusal changes nothing.
pub fn put_pendenza(c: &mut Conn, ordine: Ordine) -> StoreResult<EsitoOrdine> {
    let result = ext::write_tx(c, |c| put(c, &ordine).map_err(Fermo::from));
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

/// What stops an order inside its transaction, so that nothing of it stays.
enum Fermo {
    Rifiuto(Rifiuto),
    Store(StoreError),
}

impl From<Rifiuto> for Fermo {
    fn from(rifiuto: Rifiuto) -> Self {
        Self::Rifiuto(rifiuto)
    }
}

impl From<StoreError> for Fermo {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<diesel::result::Error> for Fermo {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
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

fn push(c: &mut Conn, row: &PendenzaRow, now: DateTime<Utc>) -> StoreResult<()> {
    let stato = StatoPendenza::parse(&row.stato).ok_or_else(|| StoreError::corrupt(&row.stato))?;
    let numero = row.avviso()?;
    let event = Event::PendenzaStato {
        id_a2a: row.id_a2a.clone(),
        id_pendenza: row.id_pendenza.clone(),
        id_dominio: row.dominio()?,
        iuv: numero.as_ref().map(NumeroAvviso::iuv),
        numero_avviso: numero,
        importo: Importo::from_cents(row.importo).map_err(StoreError::corrupt)?,
        stato: stato
            .shown(row.anomala, row.data_scadenza, now)
            .name()
            .to_owned(),
    };
    ext::outbox::push(c, crate::NAME, event, now).map(drop)
}

fn voci_of(c: &mut Conn, pendenza: i64) -> StoreResult<Vec<VoceRow>> {
    Ok(voci::table
        .filter(voci::pendenza.eq(pendenza))
        .order(voci::indice)
        .select(VoceRow::as_select())
        .load(c)?)
}

fn whole(c: &mut Conn, row: PendenzaRow) -> StoreResult<PendenzaConVoci> {
    let voci = voci_of(c, row.id)?;
    let dominio = domini::table
        .find(&row.id_dominio)
        .select(DominioRow::as_select())
        .first(c)?;
    Ok(PendenzaConVoci { row, voci, dominio })
}

pub fn pendenza_by_key(
    c: &mut Conn,
    id_a2a: String,
    id_pendenza: String,
) -> StoreResult<Option<PendenzaConVoci>> {
    let row: Option<PendenzaRow> = pendenze::table
        .filter(pendenze::id_a2a.eq(id_a2a))
        .filter(pendenze::id_pendenza.eq(id_pendenza))
        .select(PendenzaRow::as_select())
        .first(c)
        .optional()?;
    row.map(|row| whole(c, row)).transpose()
}

pub fn pendenza_by_avviso(
    c: &mut Conn,
    id_dominio: String,
    numero_avviso: String,
) -> StoreResult<Option<PendenzaConVoci>> {
    let row: Option<PendenzaRow> = pendenze::table
        .filter(pendenze::id_dominio.eq(id_dominio))
        .filter(pendenze::numero_avviso.eq(numero_avviso))
        .select(PendenzaRow::as_select())
        .first(c)
        .optional()?;
    row.map(|row| whole(c, row)).transpose()
}

/// Annuls or revives a pendenza that is not paid; annulling twice is fine.
pub fn set_stato(
    c: &mut Conn,
    id: i64,
    stato: StatoPendenza,
    motivo: Option<String>,
    now: DateTime<Utc>,
) -> StoreResult<Result<PendenzaConVoci, Rifiuto>> {
    ext::write_tx(c, |c| {
        let query = pendenze::table.find(id).select(PendenzaRow::as_select());
        let row: PendenzaRow = ext::lock!(query).first(c)?;
        if let Err(rifiuto) = riga::check_stato(&row, stato) {
            return Ok(Err(rifiuto));
        }
        let row: PendenzaRow = diesel::update(pendenze::table.find(id))
            .set((
                pendenze::stato.eq(stato.name()),
                pendenze::descrizione_stato.eq(motivo),
                pendenze::updated_at.eq(now.naive_utc()),
            ))
            .returning(PendenzaRow::as_returning())
            .get_result(c)?;
        push(c, &row, now)?;
        Ok(Ok(whole(c, row)?))
    })
}

pub fn list_pendenze(
    c: &mut Conn,
    filtro: FiltroPendenze,
) -> StoreResult<Pagina<(PendenzaRow, DominioRow)>> {
    let totale = filtered(&filtro).count().get_result(c)?;
    let rows: Vec<PendenzaRow> = filtered(&filtro)
        .order(pendenze::id.desc())
        .limit(filtro.limit)
        .offset(filtro.offset)
        .select(PendenzaRow::as_select())
        .load(c)?;
    let ids: HashSet<&String> = rows.iter().map(|row| &row.id_dominio).collect();
    let known: Vec<DominioRow> = domini::table
        .filter(domini::id_dominio.eq_any(ids))
        .select(DominioRow::as_select())
        .load(c)?;
    let with_dominio = |row: PendenzaRow| {
        let dominio = known
            .iter()
            .find(|d| d.id_dominio == row.id_dominio)
            .cloned();
        let dominio = dominio.ok_or_else(|| StoreError::corrupt(&row.id_dominio))?;
        Ok((row, dominio))
    };
    let rows = rows
        .into_iter()
        .map(with_dominio)
        .collect::<StoreResult<_>>()?;
    Ok(Pagina { rows, totale })
}

type Backend = <Conn as diesel::Connection>::Backend;

fn filtered(f: &FiltroPendenze) -> pendenze::BoxedQuery<'_, Backend> {
    let mut q = pendenze::table.into_boxed();
    if let Some(ids) = &f.domini {
        q = q.filter(pendenze::id_dominio.eq_any(ids));
    }
    if let Some(v) = &f.id_dominio {
        q = q.filter(pendenze::id_dominio.eq(v));
    }
    if let Some(v) = &f.id_a2a {
        q = q.filter(pendenze::id_a2a.eq(v));
    }
    if let Some(v) = &f.id_pendenza {
        q = q.filter(pendenze::id_pendenza.eq(v));
    }
    if let Some(v) = &f.id_debitore {
        q = q.filter(pendenze::soggetto_identificativo.eq(v));
    }
    if let Some(v) = &f.iuv {
        q = q.filter(pendenze::iuv.eq(v));
    }
    if let Some(v) = f.data_da {
        q = q.filter(pendenze::created_at.ge(v));
    }
    if let Some(v) = f.data_a {
        q = q.filter(pendenze::created_at.lt(v));
    }
    match f.stato.as_deref() {
        None => q,
        Some("ANOMALA") => q.filter(pendenze::anomala.eq(true)),
        Some("SCADUTA") => q
            .filter(pendenze::anomala.eq(false))
            .filter(pendenze::stato.eq("NON_ESEGUITO"))
            .filter(pendenze::data_scadenza.lt(f.oggi)),
        // A pendenza without a scadenza never expires.
        Some("NON_ESEGUITA") => q
            .filter(pendenze::anomala.eq(false))
            .filter(pendenze::stato.eq("NON_ESEGUITO"))
            .filter(
                pendenze::data_scadenza
                    .is_null()
                    .or(pendenze::data_scadenza.ge(f.oggi)),
            ),
        Some("ESEGUITA") => q
            .filter(pendenze::anomala.eq(false))
            .filter(pendenze::stato.eq("ESEGUITO")),
        Some("ESEGUITA_PARZIALE") => q
            .filter(pendenze::anomala.eq(false))
            .filter(pendenze::stato.eq("PARZIALMENTE_ESEGUITO")),
        Some(_) => q
            .filter(pendenze::anomala.eq(false))
            .filter(pendenze::stato.eq("ANNULLATO")),
    }
}
