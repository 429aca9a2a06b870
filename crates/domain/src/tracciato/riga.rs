//! A row of a tracciato, read: what to put in the archive, or what to annul.

use chrono::NaiveDate;

use crate::{Anagrafica, CodDominio, CodiceFiscale, Email, Importo, NumeroAvviso, TipoSoggetto};

/// What a row asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Riga {
    Inserimento(Box<RigaPendenza>),
    Annullamento(RigaAnnullamento),
}

/// A pendenza to be put in the archive, or updated if its key is there already.
#[derive(Clone, Debug, PartialEq)]
pub struct RigaPendenza {
    pub id_a2a: String,
    pub id_pendenza: String,
    pub id_dominio: CodDominio,
    /// Absent: the core generates one.
    pub numero_avviso: Option<NumeroAvviso>,
    /// `LIBERO` when the cell is empty.
    pub tipo_pendenza: String,
    pub id_unita_operativa: Option<String>,
    pub causale: String,
    pub anno_riferimento: Option<u16>,
    pub cartella_pagamento: Option<String>,
    pub dati_allegati: Option<serde_json::Value>,
    pub direzione: Option<String>,
    pub divisione: Option<String>,
    /// The sum of the voci.
    pub importo: Importo,
    pub data_validita: Option<NaiveDate>,
    pub data_scadenza: Option<NaiveDate>,
    pub tassonomia_avviso: Option<String>,
    pub pagatore: Pagatore,
    /// 1 to 5.
    pub voci: Vec<Voce>,
    pub avvisatura: Option<Avvisatura>,
    pub documento: Option<Documento>,
    pub lingua: Option<LinguaSecondaria>,
}

/// A pendenza to be annulled: a row with importo 0, or a `DEL` row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RigaAnnullamento {
    pub id_a2a: String,
    pub id_pendenza: String,
    /// Absent in `DEL` rows.
    pub id_dominio: Option<CodDominio>,
    pub motivo: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Pagatore {
    pub tipo: TipoSoggetto,
    pub identificativo: CodiceFiscale,
    pub anagrafica: Anagrafica,
    pub indirizzo: Option<String>,
    pub civico: Option<String>,
    pub cap: Option<String>,
    pub localita: Option<String>,
    pub provincia: Option<String>,
    pub nazione: Option<String>,
    pub email: Option<Email>,
    /// `+39 333-0000000`.
    pub cellulare: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Voce {
    /// Which of the row's five it is, from 0.
    pub indice: u8,
    pub id: String,
    pub importo: Importo,
    pub descrizione: String,
    pub riferimento: RiferimentoVoce,
    /// The body that gets the money, when it is not that of the row: found from its IBAN.
    pub beneficiario: Option<CodDominio>,
}

/// What a voce is for: the first that is given wins, in this order.
#[derive(Clone, Debug, PartialEq)]
pub enum RiferimentoVoce {
    /// An entrata of the body's anagrafica.
    Entrata(String),
    Bollo {
        tipo: String,
        hash: String,
        provincia: String,
    },
    Conto {
        iban_accredito: String,
        iban_appoggio: Option<String>,
        tipo_contabilita: String,
        codice_contabilita: String,
    },
}

/// When the debtor is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Avvisatura {
    Mai,
    Il(NaiveDate),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Documento {
    pub id: String,
    pub descrizione: String,
    pub rata: Option<Rata>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rata {
    Numero(u32),
    /// To be paid within so many days.
    Entro(u32),
    /// To be paid after so many days.
    Oltre(u32),
    /// The reduced amount, within so many days when they are given.
    Ridotto(Option<u32>),
    /// The discounted amount, within so many days when they are given.
    Scontato(Option<u32>),
}

/// Second language of the avviso; `codice` is `de`, `en`, `fr`, `sl` or `false`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinguaSecondaria {
    pub codice: String,
    pub causale: Option<String>,
}

/// What is known of a row whether or not it can be loaded. Texts as in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chiave {
    pub annullamento: bool,
    pub id_a2a: String,
    pub id_pendenza: String,
    pub id_dominio: String,
    pub numero_avviso: Option<NumeroAvviso>,
    pub importo: Option<Importo>,
}
