//! Orders of the gestionali: pendenze created and updated, one at a time; what the rules of
//! `crate::verifica` need of the archive.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use domain::prefisso_iuv::vuole_tipo;
use domain::{NumeroAvviso, StatoPendenza};
use platform::{StoreError, StoreResult};

use super::pendenze::{push, voci_of};
use super::{Conn, ext};
use crate::numerazione;
use crate::pendenza::{
    AllegatoRow, DominioRow, EsitoOrdine, Fermo, Ordine, PendenzaConVoci, PendenzaRow, Rifiuto,
    VoceRow,
};
use crate::rest::riga;
use crate::schema::{
    allegati, contatori_iuv, conti, domini, entrate, pendenze, stazioni, tipi_pendenza,
    tipi_pendenza_dominio, unita_operative, voci,
};
use crate::verifica::{self, Anagrafica, avviso_usato};

/// Creates the pendenza or updates the one with the same key, with its event, in one transaction.
/// A refusal changes nothing.
pub fn put_pendenza(c: &mut Conn, ordine: Ordine) -> StoreResult<EsitoOrdine> {
    put_ordine(c, &ordine)
}

/// See [`put_pendenza`].
pub fn put_ordine(c: &mut Conn, ordine: &Ordine) -> StoreResult<EsitoOrdine> {
    let mut result = ext::write_tx(c, |c| put(c, ordine));
    if taken(&result).is_some() {
        // Somebody else wrote the same key at the same instant: it is there now, to be updated.
        result = ext::write_tx(c, |c| put(c, ordine));
    }
    if let Some(index) = taken(&result) {
        return Ok(EsitoOrdine::Rifiutata(duplicata(ordine, index)));
    }
    match result {
        Ok(esito) => Ok(esito),
        Err(Fermo::Rifiuto(rifiuto)) => Ok(EsitoOrdine::Rifiutata(rifiuto)),
        Err(Fermo::Store(error)) => Err(error),
    }
}

/// What the index said that had the last word, when it had.
fn taken<T>(result: &Result<T, Fermo>) -> Option<&str> {
    match result {
        Err(Fermo::Store(StoreError::Query(Error::DatabaseError(
            DatabaseErrorKind::UniqueViolation,
            info,
        )))) => Some(info.message()),
        _ => None,
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

fn put(c: &mut Conn, ordine: &Ordine) -> Result<EsitoOrdine, Fermo> {
    let anagrafica = anagrafica_di(c, &[ordine])?;
    let dominio = verifica::verifica(ordine, &anagrafica)?;
    let key = pendenze::table
        .filter(pendenze::id_a2a.eq(&ordine.id_a2a))
        .filter(pendenze::id_pendenza.eq(&ordine.id_pendenza))
        .select(PendenzaRow::as_select());
    let old: Option<PendenzaRow> = ext::lock!(key).first(c).optional()?;
    let (row, created) = match old {
        Some(old) => {
            let voci = voci_of(c, old.id)?;
            (update(c, ordine, &old, &voci)?, false)
        }
        None => (insert(c, ordine, dominio, &anagrafica)?, true),
    };
    push(c, &row, ordine.now)?;
    let voci = voci_of(c, row.id)?;
    let pendenza = Box::new(PendenzaConVoci {
        row,
        voci,
        dominio: dominio.clone(),
    });
    Ok(if created {
        EsitoOrdine::Creata(pendenza)
    } else {
        EsitoOrdine::Aggiornata(pendenza)
    })
}

/// What the archive knows of the names in the orders; nothing is asked that no order names.
pub fn anagrafica_di(c: &mut Conn, ordini: &[&Ordine]) -> StoreResult<Anagrafica> {
    let mut nomi = Nomi::default();
    ordini.iter().for_each(|ordine| nomi.add(ordine));
    let mut known = Anagrafica::default();
    let rows: Vec<DominioRow> = domini::table
        .filter(domini::id_dominio.eq_any(&nomi.domini))
        .select(DominioRow::as_select())
        .load(c)?;
    known.domini = rows
        .into_iter()
        .map(|row| (row.id_dominio.clone(), row))
        .collect();
    known.tipi = tipi_pendenza::table
        .filter(tipi_pendenza::id_tipo_pendenza.eq_any(&nomi.tipi))
        .select((tipi_pendenza::id_tipo_pendenza, tipi_pendenza::abilitato))
        .load::<(String, bool)>(c)?
        .into_iter()
        .collect();
    known.tipi_dominio = by_dominio(
        tipi_pendenza_dominio::table
            .filter(tipi_pendenza_dominio::id_dominio.eq_any(&nomi.domini))
            .filter(tipi_pendenza_dominio::id_tipo_pendenza.eq_any(&nomi.tipi))
            .select((
                tipi_pendenza_dominio::id_dominio,
                tipi_pendenza_dominio::id_tipo_pendenza,
                tipi_pendenza_dominio::abilitato,
            ))
            .load(c)?,
    );
    if !nomi.entrate.is_empty() {
        known.entrate = by_dominio(
            entrate::table
                .filter(entrate::id_dominio.eq_any(&nomi.beneficiari))
                .filter(entrate::id_entrata.eq_any(&nomi.entrate))
                .select((entrate::id_dominio, entrate::id_entrata, entrate::abilitato))
                .load(c)?,
        );
    }
    if !nomi.unita.is_empty() {
        known.unita = by_dominio(
            unita_operative::table
                .filter(unita_operative::id_dominio.eq_any(&nomi.domini))
                .filter(unita_operative::id_unita.eq_any(&nomi.unita))
                .select((
                    unita_operative::id_dominio,
                    unita_operative::id_unita,
                    unita_operative::abilitato,
                ))
                .load(c)?,
        );
    }
    if !nomi.conti.is_empty() {
        known.conti = by_dominio(
            conti::table
                .filter(conti::id_dominio.eq_any(&nomi.beneficiari))
                .filter(conti::iban.eq_any(&nomi.conti))
                .select((conti::id_dominio, conti::iban, conti::abilitato))
                .load(c)?,
        );
    }
    known.codifiche = codifiche(c, &known.domini, &nomi.tipi)?;
    let aux_0 = known.domini.values().filter(|d| d.aux_digit == 0);
    let ids: HashSet<&str> = aux_0.filter_map(|d| d.id_stazione.as_deref()).collect();
    if !ids.is_empty() {
        let rows: Vec<(String, i32)> = stazioni::table
            .filter(stazioni::id_stazione.eq_any(ids))
            .select((stazioni::id_stazione, stazioni::application_code))
            .load(c)?;
        known.application_codes = rows.into_iter().collect();
    }
    Ok(known)
}

/// `codificaIUV` of the kinds of debt, for the bodies whose prefix asks for it: that of the body, or that
/// of all.
fn codifiche(
    c: &mut Conn,
    domini: &HashMap<String, DominioRow>,
    tipi: &HashSet<&str>,
) -> StoreResult<HashMap<String, HashMap<String, String>>> {
    let chiedono = domini.values().filter(|d| vuole_tipo(&d.iuv_prefix));
    let chiedono: Vec<&str> = chiedono.map(|d| d.id_dominio.as_str()).collect();
    if chiedono.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(String, String, String, String)> = tipi_pendenza_dominio::table
        .inner_join(tipi_pendenza::table)
        .filter(tipi_pendenza_dominio::id_dominio.eq_any(chiedono))
        .filter(tipi_pendenza_dominio::id_tipo_pendenza.eq_any(tipi))
        .select((
            tipi_pendenza_dominio::id_dominio,
            tipi_pendenza_dominio::id_tipo_pendenza,
            tipi_pendenza_dominio::dettaglio,
            tipi_pendenza::dettaglio,
        ))
        .load(c)?;
    let mut found: HashMap<String, HashMap<String, String>> = HashMap::new();
    for (dominio, tipo, proprio, di_tutti) in rows {
        let codifica = match numerazione::codifica_tipo(&proprio)? {
            None => numerazione::codifica_tipo(&di_tutti)?,
            propria => propria,
        };
        if let Some(codifica) = codifica {
            found.entry(dominio).or_default().insert(tipo, codifica);
        }
    }
    Ok(found)
}

/// The names that orders use.
#[derive(Default)]
struct Nomi<'a> {
    domini: HashSet<&'a str>,
    tipi: HashSet<&'a str>,
    unita: HashSet<&'a str>,
    /// Bodies that get the money of an item.
    beneficiari: HashSet<&'a str>,
    entrate: HashSet<&'a str>,
    conti: HashSet<&'a str>,
}

impl<'a> Nomi<'a> {
    fn add(&mut self, ordine: &'a Ordine) {
        let dominio = ordine.corpo.id_dominio.as_str();
        self.domini.insert(dominio);
        self.tipi.insert(verifica::tipo_pendenza(ordine));
        self.unita
            .extend(ordine.corpo.id_unita_operativa.as_deref());
        for voce in &ordine.corpo.voci {
            let owner = voce.id_dominio.as_ref().map_or(dominio, |d| d.as_str());
            self.beneficiari.insert(owner);
            self.entrate.extend(voce.cod_entrata.as_deref());
            let accounts = [&voce.iban_accredito, &voce.iban_appoggio];
            self.conti
                .extend(accounts.into_iter().flatten().map(String::as_str));
        }
    }
}

fn by_dominio(rows: Vec<(String, String, bool)>) -> verifica::Nomi {
    let mut map = verifica::Nomi::new();
    for (dominio, name, abilitato) in rows {
        map.entry(dominio).or_default().insert(name, abilitato);
    }
    map
}

fn insert(
    c: &mut Conn,
    ordine: &Ordine,
    dominio: &DominioRow,
    anagrafica: &Anagrafica,
) -> Result<PendenzaRow, Fermo> {
    let numero = match &ordine.corpo.numero_avviso {
        Some(numero) => {
            verifica::numero_fornito(ordine, numero, dominio, anagrafica)??;
            if is_used(c, dominio, numero)? {
                return Err(avviso_usato(numero.as_str()).into());
            }
            numero.clone()
        }
        None => generated(c, ordine, dominio, anagrafica)?,
    };
    let id = ext::next_ids(c, "pendenze", 1)?[0];
    let allegati = allegati_di(c, ordine, id)?;
    let row = riga::nuova(ordine, id, &numero, &allegati).map_err(StoreError::corrupt)?;
    diesel::insert_into(pendenze::table)
        .values(&row)
        .execute(c)?;
    insert_allegati(c, allegati)?;
    insert_voci(c, ordine, row.id, 0)?;
    Ok(row)
}

/// Rows for the files of an order, not yet written: the pendenza names them.
pub fn allegati_di(c: &mut Conn, ordine: &Ordine, pendenza: i64) -> StoreResult<Vec<AllegatoRow>> {
    let quanti = ordine.corpo.allegati.len();
    if quanti == 0 {
        return Ok(vec![]);
    }
    let ids = ext::next_ids(c, "allegati", quanti)?;
    riga::allegati(ordine, pendenza, ids)
}

/// One at a time: they are few, and each may be large.
pub fn insert_allegati(c: &mut Conn, rows: Vec<AllegatoRow>) -> StoreResult<()> {
    for row in rows {
        diesel::insert_into(allegati::table)
            .values(row)
            .execute(c)?;
    }
    Ok(())
}

/// Rows for the items of the order from the given position on.
fn insert_voci(c: &mut Conn, ordine: &Ordine, pendenza: i64, from: usize) -> StoreResult<()> {
    for (i, voce) in ordine.corpo.voci.iter().enumerate().skip(from) {
        let row = riga::voce(voce, pendenza, i).map_err(StoreError::corrupt)?;
        diesel::insert_into(voci::table).values(row).execute(c)?;
    }
    Ok(())
}

/// An update keeps IUV, avviso and items; importo, causale, dates and debtor change, items may be
/// added. The row is locked by the caller, who tells of it.
pub fn update(
    c: &mut Conn,
    ordine: &Ordine,
    old: &PendenzaRow,
    voci: &[VoceRow],
) -> Result<PendenzaRow, Fermo> {
    riga::check_update(ordine, old, voci)?;
    let allegati = allegati_di(c, ordine, old.id)?;
    let new = riga::aggiornata(ordine, old, &allegati).map_err(StoreError::corrupt)?;
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
            pendenze::id_documento.eq(new.id_documento),
        ))
        .returning(PendenzaRow::as_returning())
        .get_result(c)?;
    if old.altro.contains(r#""allegati""#) {
        diesel::delete(allegati::table.filter(allegati::pendenza.eq(old.id))).execute(c)?;
    }
    insert_allegati(c, allegati)?;
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
    Ok(row)
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
fn generated(
    c: &mut Conn,
    ordine: &Ordine,
    dominio: &DominioRow,
    anagrafica: &Anagrafica,
) -> Result<NumeroAvviso, Fermo> {
    let numerazione = anagrafica.numerazione(dominio)?;
    let prefisso = verifica::prefisso(ordine, dominio, anagrafica)?;
    loop {
        let progressivo = reserve(c, &dominio.id_dominio, &prefisso, 1)?;
        let numero = verifica::numero_generato(numerazione, &prefisso, progressivo)?;
        if !is_used(c, dominio, &numero)? {
            return Ok(numero);
        }
    }
}

/// The first of `count` progressives that are the caller's. The counter's row is locked until the
/// transaction ends: two orders never get the same number.
pub fn reserve(c: &mut Conn, id_dominio: &str, prefisso: &str, count: i64) -> StoreResult<u64> {
    let key = (id_dominio, prefisso);
    let advance = |c: &mut Conn| {
        diesel::update(contatori_iuv::table.find(key))
            .set(contatori_iuv::prossimo.eq(contatori_iuv::prossimo + count))
            .returning(contatori_iuv::prossimo)
            .get_result::<i64>(c)
    };
    let after = match advance(c).optional()? {
        Some(after) => after,
        None => {
            diesel::insert_into(contatori_iuv::table)
                .values((
                    contatori_iuv::id_dominio.eq(id_dominio),
                    contatori_iuv::prefisso.eq(prefisso),
                    contatori_iuv::prossimo.eq(1),
                ))
                .on_conflict_do_nothing()
                .execute(c)?;
            advance(c)?
        }
    };
    u64::try_from(after - count).map_err(StoreError::corrupt)
}
