//! What lists ask of the archive: pendenze, and receipts.

use chrono::NaiveDateTime;

use crate::elenco::Taglio;
use crate::pendenza::{DominioRow, FiltroPendenze, PendenzaConVoci};
use crate::riscossione::RiscossioneRow;
use crate::tentativo::{PagamentoRow, RptRow, Visibili};

/// Which receipts a list shows: attempts that have one, in the order in which they were taken in.
#[derive(Clone)]
pub struct ElencoRicevute {
    pub domini: Visibili,
    /// Of pendenze of that debtor.
    pub debitore: Option<String>,
    pub id_dominio: Option<String>,
    pub iuv: Option<String>,
    /// The `ccp`, the `receiptId` in the modello unico.
    pub id_ricevuta: Option<String>,
    pub numero_avviso: Option<String>,
    pub esito: Option<String>,
    /// Of the taking in: from that moment on.
    pub data_da: Option<NaiveDateTime>,
    /// Before that moment.
    pub data_a: Option<NaiveDateTime>,
    pub discendente: bool,
    pub taglio: Taglio,
}

/// A receipt with all that is told beside it.
#[derive(Clone)]
pub struct RicevutaIntera {
    pub rpt: RptRow,
    pub pagamento: Option<PagamentoRow>,
    pub pendenza: PendenzaPagata,
}

/// An attempt with all that is told of it, whether or not it has its receipt.
#[derive(Clone)]
pub struct TentativoIntero {
    pub intera: RicevutaIntera,
    /// Whether its RPT went to the Node with others.
    pub carrello: bool,
}

/// A pendenza with what was collected of it, in the order of the receipts.
#[derive(Clone)]
pub struct PendenzaPagata {
    pub pendenza: PendenzaConVoci,
    pub riscossioni: Vec<RiscossioneRow>,
    /// The bodies of the items that are not those of the pendenza, where they are known.
    pub altri_domini: Vec<DominioRow>,
}

/// Which pendenze a list shows.
#[derive(Clone)]
pub struct ElencoPendenze {
    pub filtro: FiltroPendenze,
    pub taglio: Taglio,
}
