//! What the rules of `crate::verifica` need of the archive.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use domain::prefisso_iuv::vuole_tipo;
use platform::StoreResult;

use super::Conn;
use crate::numerazione;
use crate::pendenza::{DominioRow, Ordine};
use crate::schema::{
    conti, domini, entrate, stazioni, tipi_pendenza, tipi_pendenza_dominio, unita_operative,
};
use crate::verifica::{self, Anagrafica};

/// What the archive knows of the names in the orders; nothing is asked that no order names.
pub fn anagrafica_di(c: &mut Conn, ordini: &[&Ordine]) -> StoreResult<Anagrafica> {
    let mut nomi = Nomi::default();
    for ordine in ordini {
        nomi.add(ordine);
    }
    let mut known = Anagrafica::default();
    let rows: Vec<DominioRow> = domini::table
        .filter(domini::id_dominio.eq_any(&nomi.domini))
        .select(DominioRow::as_select())
        .load(c)?;
    known.domini = rows
        .into_iter()
        .map(|row| (row.id_dominio.clone(), row))
        .collect();
    tipi(c, &nomi, &mut known)?;
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

/// Kinds of debt, for all and for the bodies that the orders name.
fn tipi(c: &mut Conn, nomi: &Nomi<'_>, known: &mut Anagrafica) -> StoreResult<()> {
    type Tipo = (String, bool, Option<(String, bool)>);
    let of_bodies = tipi_pendenza_dominio::table.on(tipi_pendenza_dominio::id_tipo_pendenza
        .eq(tipi_pendenza::id_tipo_pendenza)
        .and(tipi_pendenza_dominio::id_dominio.eq_any(&nomi.domini)));
    let tipi: Vec<Tipo> = tipi_pendenza::table
        .left_join(of_bodies)
        .filter(tipi_pendenza::id_tipo_pendenza.eq_any(&nomi.tipi))
        .select((
            tipi_pendenza::id_tipo_pendenza,
            tipi_pendenza::abilitato,
            (
                tipi_pendenza_dominio::id_dominio,
                tipi_pendenza_dominio::abilitato,
            )
                .nullable(),
        ))
        .load(c)?;
    for (tipo, abilitato, of_body) in tipi {
        if let Some((dominio, abilitato)) = of_body {
            let of = known.tipi_dominio.entry(dominio).or_default();
            of.insert(tipo.clone(), abilitato);
        }
        known.tipi.insert(tipo, abilitato);
    }
    Ok(())
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
