//! A block of operations judged: what is wrong with each, and the numbers of the new pendenze.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::prelude::*;
use domain::{NumeroAvviso, StatoPendenza};
use platform::{StoreError, StoreResult};

use super::Conn;
use super::contatori::reserve;
use super::pendenze::voci_of;
use crate::blocco::{Annullamento, Blocco, Esito, Operazione, Riuscita};
use crate::pendenza::{Ordine, PendenzaRow, Rifiuto};
use crate::rest::riga;
use crate::schema::pendenze;
use crate::verifica::{self, Anagrafica, avviso_usato};

/// A block being worked on.
pub struct Lavoro<'a> {
    pub blocco: &'a Blocco,
    pub anagrafica: &'a Anagrafica,
    /// One per operation, once it has one.
    pub esiti: Vec<Option<Esito>>,
    /// Numbers of the new pendenze, by operation.
    pub numeri: HashMap<usize, NumeroAvviso>,
    /// Key of the newest row that it wrote.
    pub ultima: i64,
}

/// Pendenze that were in the archive before the block, by key.
pub type Note = HashMap<String, PendenzaRow>;

impl<'a> Lavoro<'a> {
    pub fn new(blocco: &'a Blocco, anagrafica: &'a Anagrafica) -> Self {
        Self {
            blocco,
            anagrafica,
            esiti: vec![None; blocco.operazioni.len()],
            numeri: HashMap::new(),
            ultima: 0,
        }
    }

    /// One outcome per operation. An operation without one is a fault of ours, never a success.
    pub fn esiti(self) -> StoreResult<Vec<Esito>> {
        let dato = |(i, esito): (usize, Option<Esito>)| esito.ok_or_else(|| senza_esito(i));
        self.esiti.into_iter().enumerate().map(dato).collect()
    }

    pub fn rifiuta(&mut self, i: usize, rifiuto: Rifiuto) {
        self.esiti[i] = Some(Esito::Rifiutata(rifiuto.into()));
    }

    /// Operations that have no outcome yet.
    pub fn aperte(&self) -> impl Iterator<Item = (usize, &'a Operazione)> {
        let blocco = self.blocco;
        let esiti = &self.esiti;
        blocco
            .operazioni
            .iter()
            .enumerate()
            .filter(|(i, _)| esiti[*i].is_none())
    }

    /// Orders without an outcome.
    pub fn ordini(&self) -> Vec<(usize, &'a Ordine)> {
        let ordine = |(i, operazione): (usize, &'a Operazione)| match operazione {
            Operazione::Ordine(ordine) => Some((i, &**ordine)),
            _ => None,
        };
        self.aperte().filter_map(ordine).collect()
    }

    /// What needs no pendenza of the archive: syntax, bodies, accounts, keys inside the block.
    pub fn giudica(&mut self) {
        let mut chiavi: HashMap<&str, usize> = HashMap::new();
        for (i, operazione) in self.blocco.operazioni.iter().enumerate() {
            let id = match operazione {
                Operazione::Rifiutata(fault) => {
                    self.esiti[i] = Some(Esito::Rifiutata(fault.clone()));
                    continue;
                }
                Operazione::Ordine(ordine) => ordine.id_pendenza.as_str(),
                Operazione::Annullamento(annullamento) => annullamento.id_pendenza.as_str(),
            };
            if let Some(prima) = chiavi.get(id) {
                let text = format!(
                    "idPendenza: il valore {id} è già dell'operazione {} di questo blocco",
                    prima + 1
                );
                self.rifiuta(i, Rifiuto::new("VER_003", "La pendenza è ripetuta", text));
                continue;
            }
            chiavi.insert(id, i);
            if let Operazione::Ordine(ordine) = operazione
                && let Err(rifiuto) = verifica::verifica(ordine, self.anagrafica)
            {
                self.rifiuta(i, rifiuto);
            }
        }
    }

    pub fn chiavi(&self) -> Vec<&'a str> {
        let id = |(_, operazione): (usize, &'a Operazione)| match operazione {
            Operazione::Ordine(ordine) => ordine.id_pendenza.as_str(),
            Operazione::Annullamento(annullamento) => annullamento.id_pendenza.as_str(),
            Operazione::Rifiutata(_) => "",
        };
        self.aperte().map(id).collect()
    }

    /// The pendenze of the block that are there already.
    pub fn note(&self, c: &mut Conn) -> StoreResult<Note> {
        let rows: Vec<PendenzaRow> = pendenze::table
            .filter(pendenze::id_a2a.eq(&self.blocco.id_a2a))
            .filter(pendenze::id_pendenza.eq_any(self.chiavi()))
            .select(PendenzaRow::as_select())
            .load(c)?;
        Ok(per_chiave(rows))
    }

    /// Numbers that came with orders of new pendenze: of the body's form, and nobody else's.
    pub fn numeri_forniti(&mut self, c: &mut Conn, note: &Note) -> StoreResult<()> {
        let mut visti: HashSet<(&str, &str)> = HashSet::new();
        let mut forniti: HashMap<&str, Vec<(usize, &NumeroAvviso)>> = HashMap::new();
        for (i, ordine) in self.ordini() {
            let Some(numero) = &ordine.corpo.numero_avviso else {
                continue;
            };
            if note.contains_key(&ordine.id_pendenza) {
                continue;
            }
            let dominio = ordine.corpo.id_dominio.as_str();
            let row = match self.anagrafica.dominio(dominio) {
                Ok(row) => row,
                Err(rifiuto) => {
                    self.rifiuta(i, rifiuto);
                    continue;
                }
            };
            if let Err(rifiuto) = verifica::numero_fornito(ordine, numero, row, self.anagrafica)? {
                self.rifiuta(i, rifiuto);
            } else if !visti.insert((dominio, numero.as_str())) {
                self.rifiuta(i, avviso_usato(numero.as_str()));
            } else {
                forniti.entry(dominio).or_default().push((i, numero));
            }
        }
        for (dominio, forniti) in forniti {
            let usati = usati(c, dominio, forniti.iter().map(|(_, n)| *n))?;
            for (i, numero) in forniti {
                if usati.contains(numero.as_str()) {
                    self.rifiuta(i, avviso_usato(numero.as_str()));
                } else {
                    self.numeri.insert(i, numero.clone());
                }
            }
        }
        Ok(())
    }

    /// What would be refused of the operations on pendenze that are there.
    pub fn prova(&mut self, c: &mut Conn, note: &Note) -> StoreResult<()> {
        for (i, operazione) in self.aperte().collect::<Vec<_>>() {
            let previsto = match operazione {
                Operazione::Rifiutata(fault) => Ok(Esito::Rifiutata(fault.clone())),
                Operazione::Annullamento(annullamento) => self
                    .annullabile(annullamento, note)
                    .map(|row| Esito::Annullata(row.id_dominio.clone())),
                Operazione::Ordine(ordine) => {
                    let old = note.get(&ordine.id_pendenza);
                    let permesso = match old {
                        Some(old) => riga::check_update(ordine, old, &voci_of(c, old.id)?),
                        None => Ok(()),
                    };
                    let dominio = ordine.corpo.id_dominio.as_str();
                    permesso.map(|()| Esito::Riuscita(Riuscita::prevista(dominio, old.is_some())))
                }
            };
            self.esiti[i] = Some(previsto.unwrap_or_else(|r| Esito::Rifiutata(r.into())));
        }
        Ok(())
    }

    /// The pendenza to annul, if it is the caller's and its state lets it be annulled.
    pub fn annullabile<'n>(
        &self,
        annullamento: &Annullamento,
        note: &'n Note,
    ) -> Result<&'n PendenzaRow, Rifiuto> {
        let id = &annullamento.id_pendenza;
        let sconosciuta = || {
            let text = format!("nessuna pendenza {id} di {}", self.blocco.id_a2a);
            Rifiuto::new("VER_008", "La pendenza non esiste", text)
        };
        let row = note
            .get(id)
            .filter(|row| self.blocco.sees(&row.id_dominio))
            .ok_or_else(sconosciuta)?;
        if let Some(dominio) = &annullamento.id_dominio
            && row.id_dominio != dominio.as_str()
        {
            let text = format!("idDominio: la pendenza {id} non è del dominio {dominio}");
            return Err(Rifiuto::new(
                "VER_004",
                "La pendenza è di un altro dominio",
                text,
            ));
        }
        riga::check_stato(row, StatoPendenza::Annullato)?;
        Ok(row)
    }

    /// Numbers for the new pendenze that came without one.
    pub fn riserva(&mut self, c: &mut Conn, note: &Note) -> StoreResult<()> {
        let mut mancano: BTreeMap<(&str, String), Vec<usize>> = BTreeMap::new();
        for (i, ordine) in self.ordini() {
            if self.numeri.contains_key(&i) || note.contains_key(&ordine.id_pendenza) {
                continue;
            }
            let id_dominio = ordine.corpo.id_dominio.as_str();
            let prefisso = self.anagrafica.dominio(id_dominio).and_then(|dominio| {
                let prefisso = verifica::prefisso(ordine, dominio, self.anagrafica)?;
                Ok((id_dominio, prefisso))
            });
            match prefisso {
                Ok(serie) => mancano.entry(serie).or_default().push(i),
                Err(rifiuto) => self.rifiuta(i, rifiuto),
            }
        }
        for ((id_dominio, prefisso), operazioni) in mancano {
            self.numera(c, id_dominio, &prefisso, &operazioni)?;
        }
        Ok(())
    }

    /// The next numbers of a series of the body.
    fn numera(
        &mut self,
        c: &mut Conn,
        id_dominio: &str,
        prefisso: &str,
        operazioni: &[usize],
    ) -> StoreResult<()> {
        let Some(dominio) = self.anagrafica.domini.get(id_dominio) else {
            return Err(StoreError::corrupt(id_dominio));
        };
        let numerazione = self.anagrafica.numerazione(dominio)?;
        let mut restano = operazioni;
        while !restano.is_empty() {
            let quanti = i64::try_from(restano.len()).map_err(StoreError::corrupt)?;
            let primo = reserve(c, id_dominio, prefisso, quanti)?;
            let generati: Result<Vec<NumeroAvviso>, Rifiuto> = (primo..)
                .take(restano.len())
                .map(|n| verifica::numero_generato(numerazione, prefisso, n))
                .collect();
            let generati = match generati {
                Ok(generati) => generati,
                Err(rifiuto) => {
                    for i in restano {
                        self.rifiuta(*i, rifiuto.clone());
                    }
                    break;
                }
            };
            let usati = usati(c, id_dominio, generati.iter())?;
            let liberi = generati.into_iter().filter(|n| !usati.contains(n.as_str()));
            let mut dati = 0;
            for (i, numero) in restano.iter().zip(liberi) {
                self.numeri.insert(*i, numero);
                dati += 1;
            }
            restano = &restano[dati..];
        }
        Ok(())
    }
}

/// The fault of ours that leaves an operation without an outcome.
pub fn senza_esito(i: usize) -> StoreError {
    StoreError::corrupt(format!("operation {i} of the block has no outcome"))
}

pub fn per_chiave(rows: Vec<PendenzaRow>) -> Note {
    rows.into_iter()
        .map(|row| (row.id_pendenza.clone(), row))
        .collect()
}

/// Which of these numbers of a body are somebody's.
fn usati<'n>(
    c: &mut Conn,
    id_dominio: &str,
    numeri: impl Iterator<Item = &'n NumeroAvviso>,
) -> StoreResult<HashSet<String>> {
    let rows: Vec<Option<String>> = pendenze::table
        .filter(pendenze::id_dominio.eq(id_dominio))
        .filter(pendenze::numero_avviso.eq_any(numeri.map(NumeroAvviso::as_str)))
        .select(pendenze::numero_avviso)
        .load(c)?;
    Ok(rows.into_iter().flatten().collect())
}
