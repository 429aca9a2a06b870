//! Blocks of operations: many pendenze created, updated and annulled in one transaction.
//!
//! New numbers are reserved before it, in a short transaction of their own, so that a block never
//! holds a counter while it writes: blocks and single orders of one body go on side by side. Numbers
//! that are reserved and not used are lost, which no rule forbids.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use domain::{NumeroAvviso, StatoPendenza};
use platform::{StoreError, StoreResult};

use super::giudizi::{Lavoro, per_chiave, senza_esito};
use super::nomi::anagrafica_di;
use super::ordini::{allegati_di, insert_allegati, put_ordine, update};
use super::pendenze::{modifica_pendenza, scrivi_stato, voci_of};
use super::{Conn, ext};
use crate::blocco::{Blocco, Esito, Operazione, Riuscita};
use crate::pendenza::{
    AllegatoRow, EsitoOrdine, Fermo, ModificaPendenza, Ordine, PendenzaRow, VoceRow,
};
use crate::rest::riga;
use crate::schema::{pendenze, voci};
use crate::verifica::Anagrafica;

/// Does what a block asks for: one outcome per operation, in their order. `prova`: only what would be
/// refused is found out.
pub fn esegui_blocco(c: &mut Conn, blocco: Blocco, prova: bool) -> StoreResult<Vec<Esito>> {
    let ordini: Vec<&Ordine> = blocco.ordini().collect();
    let anagrafica = anagrafica_di(c, &ordini)?;
    let mut lavoro = Lavoro::new(&blocco, &anagrafica);
    lavoro.giudica();
    let note = lavoro.note(c)?;
    lavoro.numeri_forniti(c, &note)?;
    if prova {
        lavoro.prova(c, &note)?;
        return lavoro.esiti();
    }
    lavoro.riserva(c, &note)?;
    let fatto = ext::write_tx(c, |c| lavoro.scrivi(c));
    match fatto {
        Ok(()) => {
            ext::refresh_statistics(c, "pendenze", lavoro.ultima)?;
            lavoro.esiti()
        }
        // Somebody wrote one of the keys or numbers at the same instant: nothing of the block was
        // done, and each operation finds its own way.
        Err(Fermo::Store(StoreError::Query(Error::DatabaseError(
            DatabaseErrorKind::UniqueViolation,
            _,
        )))) => uno_alla_volta(c, &blocco, &anagrafica),
        Err(Fermo::Store(error)) => Err(error),
        Err(Fermo::Rifiuto(rifiuto)) => Err(StoreError::corrupt(rifiuto.dettaglio)),
    }
}

impl Lavoro<'_> {
    /// Writes everything, with its events. The rows that are there are locked first. Old rows are
    /// locked and new ones written in the order of their keys, so that two blocks that share some
    /// wait for one another and never both.
    fn scrivi(&mut self, c: &mut Conn) -> Result<(), Fermo> {
        let keys = pendenze::table
            .filter(pendenze::id_a2a.eq(&self.blocco.id_a2a))
            .filter(pendenze::id_pendenza.eq_any(self.chiavi()))
            .order(pendenze::id_pendenza)
            .select(PendenzaRow::as_select());
        let note = per_chiave(ext::lock!(keys).load(c)?);
        let mut scritte: Vec<PendenzaRow> = vec![];
        let mut nuove: Vec<(usize, &Ordine, NumeroAvviso)> = vec![];
        for (i, operazione) in self.aperte().collect::<Vec<_>>() {
            match operazione {
                Operazione::Rifiutata(_) => {}
                Operazione::Annullamento(annullamento) => {
                    match self.annullabile(annullamento, &note) {
                        Err(rifiuto) => self.rifiuta(i, rifiuto),
                        Ok(row) => {
                            let motivo = annullamento.motivo.as_deref();
                            let stato = StatoPendenza::Annullato;
                            let row = scrivi_stato(c, row.id, stato, motivo, self.blocco.now)?;
                            self.esiti[i] = Some(Esito::Annullata(row.id_dominio.clone()));
                            scritte.push(row);
                        }
                    }
                }
                Operazione::Ordine(ordine) => match note.get(&ordine.id_pendenza) {
                    Some(old) => {
                        let voci = voci_of(c, old.id)?;
                        match update(c, ordine, old, &voci) {
                            Err(Fermo::Rifiuto(rifiuto)) => self.rifiuta(i, rifiuto),
                            Err(altro) => return Err(altro),
                            Ok(row) => {
                                self.esiti[i] = Some(self.riuscita(&row, true)?);
                                scritte.push(row);
                            }
                        }
                    }
                    None => {
                        let numero = self.numeri.remove(&i).ok_or_else(|| senza_esito(i))?;
                        nuove.push((i, ordine, numero));
                    }
                },
            }
        }
        scritte.extend(self.inserisci(c, nuove)?);
        super::pendenze::push_caricate(c, &scritte, self.blocco.now)?;
        Ok(())
    }

    fn inserisci(
        &mut self,
        c: &mut Conn,
        mut nuove: Vec<(usize, &Ordine, NumeroAvviso)>,
    ) -> Result<Vec<PendenzaRow>, Fermo> {
        if nuove.is_empty() {
            return Ok(vec![]);
        }
        nuove.sort_by(|(_, a, _), (_, b, _)| a.id_pendenza.cmp(&b.id_pendenza));
        let ids = ext::next_ids(c, "pendenze", nuove.len())?;
        self.ultima = ids.last().copied().unwrap_or_default();
        let mut rows: Vec<PendenzaRow> = Vec::with_capacity(nuove.len());
        let mut allegati: Vec<AllegatoRow> = vec![];
        let mut items: Vec<VoceRow> = Vec::with_capacity(nuove.len() * 2);
        for ((i, ordine, numero), id) in nuove.into_iter().zip(ids) {
            let files = allegati_di(c, ordine, id)?;
            let row = riga::nuova(ordine, id, &numero, &files).map_err(StoreError::corrupt)?;
            allegati.extend(files);
            for (posizione, voce) in ordine.corpo.voci.iter().enumerate() {
                items.push(riga::voce(voce, id, posizione).map_err(StoreError::corrupt)?);
            }
            self.esiti[i] = Some(self.riuscita(&row, false)?);
            rows.push(row);
        }
        ext::insert_many!(c, pendenze::table, &rows)?;
        ext::insert_many!(c, voci::table, &items)?;
        insert_allegati(c, allegati)?;
        Ok(rows)
    }

    fn riuscita(&self, row: &PendenzaRow, aggiornata: bool) -> StoreResult<Esito> {
        let gln = self.anagrafica.domini.get(&row.id_dominio);
        let gln = gln.and_then(|d| d.gln.as_deref());
        Ok(Esito::Riuscita(Riuscita::new(row, gln, aggiornata)?))
    }
}

/// The operations of a block, each in a transaction of its own.
fn uno_alla_volta(
    c: &mut Conn,
    blocco: &Blocco,
    anagrafica: &Anagrafica,
) -> StoreResult<Vec<Esito>> {
    let mut lavoro = Lavoro::new(blocco, anagrafica);
    lavoro.giudica();
    for (i, operazione) in lavoro.aperte().collect::<Vec<_>>() {
        let esito = match operazione {
            Operazione::Rifiutata(fault) => Esito::Rifiutata(fault.clone()),
            Operazione::Ordine(ordine) => match put_ordine(c, ordine)? {
                EsitoOrdine::Creata(p) => lavoro.riuscita(&p.row, false)?,
                EsitoOrdine::Aggiornata(p) => lavoro.riuscita(&p.row, true)?,
                EsitoOrdine::Rifiutata(rifiuto) => Esito::Rifiutata(rifiuto.into()),
            },
            Operazione::Annullamento(annullamento) => {
                let note = lavoro.note(c)?;
                match lavoro.annullabile(annullamento, &note) {
                    Err(rifiuto) => Esito::Rifiutata(rifiuto.into()),
                    Ok(row) => {
                        let modifica = ModificaPendenza {
                            stato: Some(StatoPendenza::Annullato),
                            motivo: annullamento.motivo.clone(),
                            verificata: None,
                        };
                        match modifica_pendenza(c, row.id, modifica, blocco.now)? {
                            Ok(p) => Esito::Annullata(p.row.id_dominio),
                            Err(rifiuto) => Esito::Rifiutata(rifiuto.into()),
                        }
                    }
                }
            }
        };
        lavoro.esiti[i] = Some(esito);
    }
    lavoro.esiti()
}
