//! A pendenza as whoever pays it needs it: with its items and where their money goes, its body and
//! the body's station. No rule lives here.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::pagamento::{NonPagabile, pagabile};
use domain::rt::StatoVoce;
use domain::{CodDominio, Importo, Iuv, NumeroAvviso, StatoPendenza};
use platform::{StoreError, StoreResult};

/// The columns of a pendenza that a payment reads. It holds personal data, hence no `Debug`.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = crate::schema::pendenze)]
pub struct PosizioneRow {
    pub id: i64,
    pub id_a2a: String,
    pub id_pendenza: String,
    pub id_dominio: String,
    pub id_tipo_pendenza: String,
    pub nome: Option<String>,
    pub causale: String,
    pub importo: i64,
    pub numero_avviso: Option<String>,
    pub iuv: Option<String>,
    pub data_validita: Option<NaiveDate>,
    pub data_scadenza: Option<NaiveDate>,
    pub soggetto_tipo: Option<String>,
    pub soggetto_identificativo: Option<String>,
    pub soggetto_anagrafica: Option<String>,
    pub soggetto_altro: Option<String>,
    pub stato: String,
    pub anomala: bool,
    pub importo_pagato: i64,
    pub data_pagamento: Option<NaiveDateTime>,
}

/// The body.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = crate::schema::domini)]
pub struct EnteRow {
    pub id_dominio: String,
    pub ragione_sociale: String,
    /// None for a body that is a beneficiary of others' pendenze only.
    pub id_stazione: Option<String>,
    pub indirizzo: Option<String>,
    pub civico: Option<String>,
    pub cap: Option<String>,
    pub localita: Option<String>,
    pub provincia: Option<String>,
    pub abilitato: bool,
}

/// The station of a body. The password goes to the Node, hence no `Debug`.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = crate::schema::stazioni)]
pub struct StazioneRow {
    pub id_stazione: String,
    pub id_intermediario: String,
    /// `V1` or `V2`.
    pub versione: String,
    pub password: String,
    pub abilitato: bool,
}

#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = crate::schema::intermediari)]
pub struct IntermediarioRow {
    pub id_intermediario: String,
    /// Where the SOAP calls go; our Node when absent.
    pub url_nodo: Option<String>,
    pub abilitato: bool,
}

/// A station with its broker: what a call to the Node needs.
#[derive(Clone)]
pub struct Stazione {
    pub stazione: StazioneRow,
    pub intermediario: IntermediarioRow,
}

impl Stazione {
    /// Whether the station speaks the modello unico.
    pub fn is_v2(&self) -> bool {
        self.stazione.versione == "V2"
    }
}

/// Where the money of an item goes.
#[derive(Clone)]
pub enum Accredito {
    Conto {
        iban: String,
        postale: bool,
        appoggio: Option<String>,
        appoggio_postale: bool,
    },
    /// A revenue stamp: the PSP sells it, no money reaches the body.
    Bollo {
        tipo: String,
        hash_documento: String,
        provincia: String,
    },
}

/// An item.
#[derive(Clone)]
pub struct VocePosizione {
    pub id: i64,
    /// From 1.
    pub indice: i32,
    pub id_voce_pendenza: String,
    pub descrizione: String,
    /// What the RPT says instead of the description, when the gestionale gave it.
    pub causale_rpt: Option<String>,
    pub importo: Importo,
    /// The body that gets the money.
    pub id_dominio: String,
    pub accredito: Accredito,
    /// `9/CODICE`: datiSpecificiRiscossione, transferCategory.
    pub categoria: String,
    pub stato: StatoVoce,
}

#[derive(Clone)]
pub struct Posizione {
    pub pendenza: PosizioneRow,
    /// In the order of `indice`.
    pub voci: Vec<VocePosizione>,
    pub ente: EnteRow,
    pub stazione: Stazione,
}

impl PosizioneRow {
    pub fn stato(&self) -> StoreResult<StatoPendenza> {
        StatoPendenza::parse(&self.stato).ok_or_else(|| {
            StoreError::corrupt(format!("pendenza {}: stato {}", self.id, self.stato))
        })
    }

    pub fn importo(&self) -> StoreResult<Importo> {
        importo(self.importo)
    }

    pub fn dominio(&self) -> StoreResult<CodDominio> {
        CodDominio::parse(&self.id_dominio).map_err(StoreError::corrupt)
    }

    pub fn avviso(&self) -> StoreResult<Option<NumeroAvviso>> {
        let parsed = self.numero_avviso.as_deref().map(NumeroAvviso::parse);
        parsed.transpose().map_err(StoreError::corrupt)
    }

    pub fn iuv(&self) -> StoreResult<Option<Iuv>> {
        self.iuv
            .as_deref()
            .map(Iuv::parse)
            .transpose()
            .map_err(StoreError::corrupt)
    }

    /// Whether it can be paid now. `verificata`: its gestionale has just been asked, so that its
    /// dataValidita does not count.
    pub fn pagabile(
        &self,
        verificata: bool,
        now: DateTime<Utc>,
    ) -> StoreResult<Result<(), NonPagabile>> {
        Ok(pagabile(
            self.stato()?,
            self.data_validita.filter(|_| !verificata),
            self.data_scadenza,
            now,
        ))
    }
}

impl Posizione {
    /// Whether some item belongs to another body.
    pub fn multibeneficiario(&self) -> bool {
        self.voci
            .iter()
            .any(|voce| voce.id_dominio != self.pendenza.id_dominio)
    }

    pub fn has_bollo(&self) -> bool {
        self.voci
            .iter()
            .any(|voce| matches!(voce.accredito, Accredito::Bollo { .. }))
    }
}

/// Cents as stored.
pub fn importo(cents: i64) -> StoreResult<Importo> {
    Importo::from_cents(cents).map_err(|e| StoreError::corrupt(format!("importo {cents}: {e}")))
}

/// What kind of revenue an item is for pagoPA: `9/CODICE`. A revenue stamp has no accounting code of
/// its own.
pub fn codice_tassonomico(tipo: Option<&str>, codice: Option<&str>) -> String {
    let tipo = match tipo {
        Some("CAPITOLO") => '0',
        Some("SPECIALE") => '1',
        Some("SIOPE") => '2',
        _ => '9',
    };
    format!("{tipo}/{}", codice.unwrap_or("MBT"))
}
