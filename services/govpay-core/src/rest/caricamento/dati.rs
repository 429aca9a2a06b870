//! A pendenza as people and portals write it: its key among its fields.

use std::collections::BTreeMap;

use govpay_api::NuovaPendenza;
use serde_json::value::RawValue;

use crate::pagamenti::Errore;
use crate::rest::contratto::corpo_svelto;
use crate::rest::risposta::corpo;

/// A pendenza with its key in the same object; values stay as they were written.
pub struct Dati(pub BTreeMap<String, Box<RawValue>>);

impl Dati {
    pub fn leggi(body: &[u8]) -> Result<Self, Errore> {
        Ok(Self(corpo(body)?))
    }

    pub fn testo(&self, nome: &str) -> Result<Option<String>, Errore> {
        let read = |raw: &RawValue| {
            serde_json::from_str(raw.get()).map_err(|_| {
                Errore::richiesta(format!("{nome}: il valore {raw} deve essere un testo"))
            })
        };
        self.0.get(nome).map(AsRef::as_ref).map(read).transpose()
    }

    /// idA2A and idPendenza, of the address or of the object, which are the same where both are.
    pub fn chiave(
        &mut self,
        id_a2a: Option<&str>,
        id_pendenza: Option<&str>,
    ) -> Result<(String, String), Errore> {
        let mut uno = |nome: &str, dato: Option<&str>| {
            if let Some(dato) = dato {
                self.fissa(nome, dato)?;
            }
            let found = self.testo(nome)?;
            self.0.remove(nome);
            found.ok_or_else(|| Errore::richiesta(format!("{nome}: manca")))
        };
        Ok((uno("idA2A", id_a2a)?, uno("idPendenza", id_pendenza)?))
    }

    /// The field has that value, written or not.
    pub fn fissa(&mut self, nome: &str, valore: &str) -> Result<(), Errore> {
        match self.testo(nome)? {
            Some(scritto) if scritto != valore => Err(Errore::richiesta(format!(
                "{nome}: il valore '{scritto}' è diverso da quello dell'indirizzo ('{valore}')"
            ))),
            Some(_) => Ok(()),
            None => {
                let raw = serde_json::value::to_raw_value(valore);
                let raw = raw.map_err(platform::StoreError::corrupt)?;
                self.0.insert(nome.to_owned(), raw);
                Ok(())
            }
        }
    }

    pub fn pendenza(self) -> Result<NuovaPendenza, Errore> {
        let text = serde_json::to_vec(&self.0).map_err(platform::StoreError::corrupt)?;
        corpo_svelto(&text)
    }
}
