//! A pendenza as its gestionale loads it and as it is read: rows, the order to write one, and why
//! one is refused. No rule lives here that a query does not need.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::pendenza::StatoPendenzaShown;
use domain::{CodDominio, NumeroAvviso, StatoPendenza};
use govpay_api::{Categoria, Fault, NuovaPendenza};
use platform::{StoreError, StoreResult};
use regex::Regex;

use crate::pagamenti::Errore;
use crate::tentativo::{RptRow, Visibili};

/// One row of `pendenze`. It holds personal data, hence no `Debug`.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = crate::schema::pendenze, treat_none_as_default_value = false)]
pub struct PendenzaRow {
    /// Taken before the row is written, since its items name it.
    pub id: i64,
    pub id_a2a: String,
    pub id_pendenza: String,
    pub id_dominio: String,
    pub id_unita_operativa: Option<String>,
    pub id_tipo_pendenza: String,
    pub nome: Option<String>,
    pub causale: String,
    pub importo: i64,
    pub numero_avviso: Option<String>,
    pub iuv: Option<String>,
    pub data_validita: Option<NaiveDate>,
    pub data_scadenza: Option<NaiveDate>,
    pub anno_riferimento: Option<String>,
    pub cartella_pagamento: Option<String>,
    pub direzione: Option<String>,
    pub divisione: Option<String>,
    pub soggetto_tipo: Option<String>,
    pub soggetto_identificativo: Option<String>,
    pub soggetto_anagrafica: Option<String>,
    /// The other fields of the debtor, as the contract's JSON.
    pub soggetto_altro: Option<String>,
    /// The other fields of the pendenza, as the contract's JSON.
    pub altro: String,
    pub uuid: String,
    pub tipo: String,
    pub stato: String,
    pub anomala: bool,
    pub descrizione_stato: Option<String>,
    pub importo_pagato: i64,
    pub data_pagamento: Option<NaiveDateTime>,
    pub created_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
    /// The documento that it is a part of; which part, `altro` says.
    pub id_documento: Option<String>,
    /// Whether a person has looked into what is anomalous.
    pub verificata: bool,
}

/// One row of `allegati`: a file of a pendenza, which names it in its `altro`.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = crate::schema::allegati, treat_none_as_default_value = false)]
pub struct AllegatoRow {
    /// Taken before the row is written, since the pendenza names it.
    pub id: i64,
    pub pendenza: i64,
    pub nome: String,
    /// Media type.
    pub tipo: String,
    pub descrizione: Option<String>,
    pub contenuto: Vec<u8>,
}

/// One row of `voci`.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = crate::schema::voci, treat_none_as_default_value = false)]
pub struct VoceRow {
    #[diesel(skip_insertion)]
    pub id: i64,
    pub pendenza: i64,
    pub indice: i32,
    pub id_voce_pendenza: String,
    pub descrizione: String,
    pub importo: i64,
    pub id_dominio: Option<String>,
    pub id_entrata: Option<String>,
    pub iban_accredito: Option<String>,
    pub iban_appoggio: Option<String>,
    pub tipo_contabilita: Option<String>,
    pub codice_contabilita: Option<String>,
    pub tipo_bollo: Option<String>,
    pub hash_documento: Option<String>,
    pub provincia_residenza: Option<String>,
    pub altro: String,
    pub stato: String,
}

/// A pendenza with its items, in their order.
#[derive(Clone)]
pub struct PendenzaConVoci {
    pub row: PendenzaRow,
    pub voci: Vec<VoceRow>,
    pub dominio: DominioRow,
}

/// The same with its attempts, oldest first.
pub type PendenzaConTentativi = (PendenzaConVoci, Vec<RptRow>);

/// The body, as pendenze and avvisi show it.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = crate::schema::domini)]
pub struct DominioRow {
    pub id_dominio: String,
    pub ragione_sociale: String,
    pub gln: Option<String>,
    pub aux_digit: i32,
    pub segregation_code: Option<i32>,
    pub iuv_prefix: String,
    pub id_stazione: Option<String>,
    pub cbill: Option<String>,
    pub indirizzo: Option<String>,
    pub civico: Option<String>,
    pub cap: Option<String>,
    pub localita: Option<String>,
    pub provincia: Option<String>,
    pub web: Option<String>,
    pub pec: Option<String>,
    pub tel: Option<String>,
    pub abilitato: bool,
}

/// How an applicazione numbers its pendenze.
#[derive(Clone, Default)]
pub struct Codifica {
    /// `%(a)` of the prefix of generated numbers, 1 to 3 digits.
    pub iuv: Option<String>,
    /// The IUVs that it may supply; all when none.
    pub ammessi: Option<Regex>,
}

/// What a gestionale orders.
pub struct Ordine {
    pub id_a2a: String,
    /// Of the applicazione.
    pub codifica: Codifica,
    pub id_pendenza: String,
    pub corpo: NuovaPendenza,
    pub origine: OrigineOrdine,
    pub now: DateTime<Utc>,
}

/// How a pendenza came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrigineOrdine {
    /// Loaded by its gestionale or by a person.
    Dovuto,
    /// Asked for by who pays.
    Spontaneo,
}

impl OrigineOrdine {
    /// `tipo` of the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dovuto => "dovuto",
            Self::Spontaneo => "spontaneo",
        }
    }
}

/// What is to change of a pendenza beside its data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModificaPendenza {
    pub stato: Option<StatoPendenza>,
    /// Why the state changes, at most 255 characters.
    pub motivo: Option<String>,
    pub verificata: Option<bool>,
}

/// What became of it.
pub enum EsitoOrdine {
    Creata(Box<PendenzaConVoci>),
    Aggiornata(Box<PendenzaConVoci>),
    Rifiutata(Rifiuto),
}

/// A business rule that says no, with GovPay's code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rifiuto {
    pub codice: &'static str,
    pub descrizione: &'static str,
    pub dettaglio: String,
}

impl Rifiuto {
    pub fn new(
        codice: &'static str,
        descrizione: &'static str,
        dettaglio: impl Into<String>,
    ) -> Self {
        Self {
            codice,
            descrizione,
            dettaglio: dettaglio.into(),
        }
    }
}

impl From<Rifiuto> for Fault {
    fn from(rifiuto: Rifiuto) -> Self {
        Self {
            categoria: Categoria::Operazione,
            codice: rifiuto.codice.to_owned(),
            descrizione: rifiuto.descrizione.to_owned(),
            dettaglio: Some(rifiuto.dettaglio),
        }
    }
}

impl From<Rifiuto> for Errore {
    fn from(rifiuto: Rifiuto) -> Self {
        Self::new(
            422,
            Categoria::Operazione,
            rifiuto.codice,
            rifiuto.descrizione,
            rifiuto.dettaglio,
        )
    }
}

/// What stops an order inside its transaction, so that nothing of it stays.
pub enum Fermo {
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

/// Which pendenze a list shows.
#[derive(Clone, Default)]
pub struct FiltroPendenze {
    pub domini: Visibili,
    /// The debtor whose pendenze alone the caller sees.
    pub debitore: Option<String>,
    pub id_dominio: Option<String>,
    pub id_a2a: Option<String>,
    pub id_pendenza: Option<String>,
    pub id_debitore: Option<String>,
    pub iuv: Option<String>,
    pub stato: Option<StatoPendenzaShown>,
    pub data_da: Option<NaiveDateTime>,
    pub data_a: Option<NaiveDateTime>,
    pub id_tipo_pendenza: Option<String>,
    pub direzione: Option<String>,
    pub divisione: Option<String>,
    pub id_pagamento: Option<String>,
    /// Only those that somebody asked for and did not pay.
    pub spontanei_non_pagati: bool,
    /// Kinds of debt that may be seen.
    pub tipi: Visibili,
    /// Today in Rome: tells what is past its scadenza.
    pub oggi: NaiveDate,
}

impl PendenzaRow {
    pub fn dominio(&self) -> StoreResult<CodDominio> {
        CodDominio::parse(&self.id_dominio).map_err(StoreError::corrupt)
    }

    pub fn avviso(&self) -> StoreResult<Option<NumeroAvviso>> {
        let parsed = self.numero_avviso.as_deref().map(NumeroAvviso::parse);
        parsed.transpose().map_err(StoreError::corrupt)
    }
}
