//! Collected amounts as they are stored, and what can be asked of them. They are written when a
//! receipt is taken in (`db::rt`).

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::riscossione::{StatoRiscossione, TipoRiscossione};
use platform::{StoreError, StoreResult};

use crate::elenco::Taglio;
use crate::pendenza::{DominioRow, PendenzaRow, VoceRow};
use crate::tentativo::Visibili;

/// One collected amount.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = crate::schema::riscossioni)]
pub struct RiscossioneRow {
    pub id: i64,
    pub rpt: i64,
    pub pendenza: i64,
    pub voce: Option<i64>,
    pub id_dominio: String,
    pub iuv: String,
    pub iur: String,
    /// From 1, position in the receipt.
    pub indice: i32,
    /// Cents.
    pub importo: i64,
    /// Cents.
    pub commissioni: Option<i64>,
    pub data_pagamento: NaiveDateTime,
    pub stato: String,
    pub tipo: String,
}

impl RiscossioneRow {
    pub fn stato(&self) -> StoreResult<StatoRiscossione> {
        StatoRiscossione::from_stored(&self.stato)
            .ok_or_else(|| StoreError::corrupt(format!("riscossione {}: {}", self.id, self.stato)))
    }

    pub fn tipo(&self) -> StoreResult<TipoRiscossione> {
        TipoRiscossione::parse(&self.tipo)
            .ok_or_else(|| StoreError::corrupt(format!("riscossione {}: {}", self.id, self.tipo)))
    }
}

/// A collected amount with what it pays.
#[derive(Clone)]
pub struct Riscossa {
    pub row: RiscossioneRow,
    pub pendenza: PendenzaRow,
    /// Absent when the receipt names an item that the pendenza does not have.
    pub voce: Option<VoceRow>,
    /// Of the attempt: its `ccp`, the `receiptId` in the modello unico.
    pub id_ricevuta: String,
    pub dominio: DominioRow,
}

/// What can be asked of the pendenza of a riscossione. An empty list asks nothing.
#[derive(Clone, Default)]
pub struct FiltroPendenza {
    pub id_a2a: Option<String>,
    pub id_pendenza: Option<String>,
    pub id_unita: Option<String>,
    pub id_tipo_pendenza: Option<String>,
    pub direzioni: Vec<String>,
    pub divisioni: Vec<String>,
    pub tassonomie: Vec<String>,
}

/// Which collected amounts are meant.
#[derive(Clone, Default)]
pub struct FiltroRiscossioni {
    pub domini: Visibili,
    pub id_dominio: Option<String>,
    pub iuv: Option<String>,
    pub iur: Option<String>,
    pub stato: Option<StatoRiscossione>,
    /// All when empty.
    pub tipi: Vec<TipoRiscossione>,
    /// Of the payment: from that moment on.
    pub data_da: Option<NaiveDateTime>,
    /// Before that moment.
    pub data_a: Option<NaiveDateTime>,
    pub pendenza: FiltroPendenza,
}

/// Field that a list is ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Campo {
    Data,
    Stato,
    Iuv,
}

/// A field and its direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ordine {
    pub campo: Campo,
    pub discendente: bool,
}

/// A list of collected amounts.
#[derive(Clone)]
pub struct ElencoRiscossioni {
    pub filtro: FiltroRiscossioni,
    /// By the payment, oldest first, when empty.
    pub ordine: Vec<Ordine>,
    pub taglio: Taglio,
}

/// What sums are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gruppo {
    Dominio,
    UnitaOperativa,
    TipoPendenza,
    Divisione,
    Direzione,
    Tassonomia,
    Applicazione,
}

impl Gruppo {
    pub const ALL: [Self; 7] = [
        Self::Dominio,
        Self::UnitaOperativa,
        Self::TipoPendenza,
        Self::Divisione,
        Self::Direzione,
        Self::Tassonomia,
        Self::Applicazione,
    ];

    /// The word of the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dominio => "DOMINIO",
            Self::UnitaOperativa => "UNITA_OPERATIVA",
            Self::TipoPendenza => "TIPO_PENDENZA",
            Self::Divisione => "DIVISIONE",
            Self::Direzione => "DIREZIONE",
            Self::Tassonomia => "TASSONOMIA",
            Self::Applicazione => "APPLICAZIONE",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|gruppo| gruppo.name() == name)
    }
}

/// A sum: the values of its groups in the order of [`Gruppo::ALL`], absent for a group that was not
/// asked for and for a field that the pendenze do not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Somma {
    pub gruppi: [Option<String>; 7],
    /// `spontaneo` when a citizen opened at least one of the pendenze, `dovuto` otherwise.
    pub tipo: String,
    pub numero: i64,
    /// Cents.
    pub importo: i64,
}

impl Somma {
    pub fn di(&self, gruppo: Gruppo) -> Option<&String> {
        let of = Gruppo::ALL.into_iter().position(|g| g == gruppo);
        of.and_then(|i| self.gruppi.get(i)).and_then(Option::as_ref)
    }
}
