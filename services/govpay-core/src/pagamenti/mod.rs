//! Payments as the portals and the people of the bodies see them: opened, followed, with receipts and
//! the giornale.
//!
//! `avvio` opens, `posizioni` finds what is paid, `letture` reads, `ritorno` takes the browser back from the PSP; `vista` and `stampa`
//! are the shapes of the answers. Who may call, and where, is in `crate::rest`.

pub mod allegati;
pub mod avvio;
pub mod canale;
pub mod letture;
mod posizioni;
pub mod ritorno;
mod stampa;
pub mod vista;

use domain::CodiceFiscale;
use govpay_api::Categoria;
use platform::StoreError;

use crate::ente::{Mancata, RifiutoEnte};
use crate::tentativo::{PagamentoRow, RptRow, Visibili};

/// What a caller is to the archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Persona {
    /// Software or a person of the bodies: it works for some of them.
    #[default]
    Utenza,
    /// By codice fiscale: it sees its own debts and what it pays, of whatever body.
    Cittadino(CodiceFiscale),
    /// It sees what it can name: an avviso with its debtor, the payment that it opened.
    Anonima,
}

/// Who calls, and what it may see.
#[derive(Clone, Default)]
pub struct Chiamante {
    /// The applicazione; absent for a person.
    pub id_a2a: Option<String>,
    /// Bodies; `None` for all.
    pub domini: Visibili,
    /// Kinds of debt; `None` for all.
    pub tipi: Visibili,
    /// Whether it calls as the owner of pendenze, who sees its own only.
    pub gestionale: bool,
    pub persona: Persona,
}

impl Chiamante {
    /// Whether it works for the body; citizens work for none.
    pub fn sees(&self, id_dominio: &str) -> bool {
        let mut domini = self.domini.iter().flatten();
        self.persona == Persona::Utenza
            && (self.domini.is_none() || domini.any(|id| id == id_dominio))
    }

    /// Whether the body may have debts that are its business: of citizens, any.
    pub fn riguarda(&self, id_dominio: &str) -> bool {
        self.persona != Persona::Utenza || self.sees(id_dominio)
    }

    /// The debtor whose pendenze alone it sees.
    pub fn debitore(&self) -> Option<String> {
        match &self.persona {
            Persona::Cittadino(codice_fiscale) => Some(codice_fiscale.as_str().to_owned()),
            Persona::Utenza | Persona::Anonima => None,
        }
    }

    /// As [`Chiamante::sees_pendenza`], and a citizen its own.
    pub fn sees_debito(
        &self,
        id_dominio: &str,
        id_a2a: &str,
        id_tipo_pendenza: &str,
        debitore: Option<&str>,
    ) -> bool {
        match &self.persona {
            Persona::Utenza => self.sees_pendenza(id_dominio, id_a2a, id_tipo_pendenza),
            Persona::Cittadino(codice_fiscale) => debitore == Some(codice_fiscale.as_str()),
            Persona::Anonima => false,
        }
    }

    /// Whether it opened the session, or works for the bodies that it pays.
    pub fn sees_pagamento(&self, pagamento: &PagamentoRow, tentativi: &[RptRow]) -> bool {
        match &self.persona {
            Persona::Utenza => {
                let own = self.id_a2a.as_ref();
                own.is_none_or(|id| *id == pagamento.id_a2a_portale)
                    && tentativi.iter().all(|row| self.sees(&row.id_dominio))
            }
            Persona::Cittadino(codice_fiscale) => {
                pagamento.cittadino.as_deref() == Some(codice_fiscale.as_str())
            }
            Persona::Anonima => {
                pagamento.id_a2a_portale.is_empty() && pagamento.cittadino.is_none()
            }
        }
    }

    /// Whether it may see a pendenza, with all that belongs to it.
    pub fn sees_pendenza(&self, id_dominio: &str, id_a2a: &str, id_tipo_pendenza: &str) -> bool {
        let owner = !self.gestionale || self.id_a2a.as_deref() == Some(id_a2a);
        owner && self.sees(id_dominio) && self.sees_tipo(id_tipo_pendenza)
    }

    /// Whether it works with that kind of debt.
    pub fn sees_tipo(&self, id_tipo_pendenza: &str) -> bool {
        let tipi = self.tipi.as_ref();
        tipi.is_none_or(|tipi| tipi.iter().any(|id| id == id_tipo_pendenza))
    }
}

/// Why a request is refused, with GovPay's codes.
#[derive(Debug)]
pub enum Errore {
    Rifiuto {
        status: u16,
        categoria: Categoria,
        codice: String,
        descrizione: String,
        dettaglio: String,
        /// Seconds after which it may be asked again.
        attesa: Option<u64>,
    },
    Store(StoreError),
}

impl From<StoreError> for Errore {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Mancata> for Errore {
    fn from(mancata: Mancata) -> Self {
        let rifiuto = match mancata {
            Mancata::Ente(rifiuto) => rifiuto,
            Mancata::Store(error) => return Self::Store(error),
        };
        let (codice, descrizione) = rifiuto.codice();
        let (status, categoria) = match rifiuto {
            RifiutoEnte::NonRiuscita(_) => (502, Categoria::Ec),
            _ => (422, Categoria::Operazione),
        };
        Self::new(status, categoria, codice, descrizione, rifiuto.dettaglio())
    }
}

impl Errore {
    pub fn richiesta(dettaglio: impl Into<String>) -> Self {
        Self::new(
            400,
            Categoria::Richiesta,
            "400000",
            "Richiesta non valida",
            dettaglio,
        )
    }

    pub fn non_trovato(dettaglio: impl Into<String>) -> Self {
        Self::new(
            404,
            Categoria::Operazione,
            "404000",
            "Risorsa non trovata",
            dettaglio,
        )
    }

    pub fn operazione(
        codice: &str,
        descrizione: impl Into<String>,
        dettaglio: impl Into<String>,
    ) -> Self {
        Self::new(422, Categoria::Operazione, codice, descrizione, dettaglio)
    }

    pub fn pagopa(
        codice: &str,
        descrizione: impl Into<String>,
        dettaglio: impl Into<String>,
    ) -> Self {
        Self::new(502, Categoria::Pagopa, codice, descrizione, dettaglio)
    }

    pub fn new(
        status: u16,
        categoria: Categoria,
        codice: &str,
        descrizione: impl Into<String>,
        dettaglio: impl Into<String>,
    ) -> Self {
        Self::Rifiuto {
            status,
            categoria,
            codice: codice.to_owned(),
            descrizione: descrizione.into(),
            dettaglio: dettaglio.into(),
            attesa: None,
        }
    }
}
