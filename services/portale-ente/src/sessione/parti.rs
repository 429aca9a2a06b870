//! What a session is told, and the names of its states.

use domain::{EsitoPagamento, Importo, StatoPagamento, StatoRpt};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatoSessione {
    /// The data of the pendenza were shown; WISP has not answered yet.
    Aperta,
    /// WISP came back with a choice.
    Scelta,
    /// "Conferma" was pressed and the core is being asked; nobody else may ask it.
    Confermata,
    /// The core opened the payment: the browser is at the PSP, or the PSP collects later.
    Inviata,
    /// A receipt arrived.
    Conclusa,
    /// It ended without a receipt; `motivo` says why.
    Fallita,
    /// WISP came back without a choice.
    Annullata,
    /// The choice was confirmed too late.
    Scaduta,
}

impl StatoSessione {
    pub const ALL: [Self; 8] = [
        Self::Aperta,
        Self::Scelta,
        Self::Confermata,
        Self::Inviata,
        Self::Conclusa,
        Self::Fallita,
        Self::Annullata,
        Self::Scaduta,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Aperta => "APERTA",
            Self::Scelta => "SCELTA",
            Self::Confermata => "CONFERMATA",
            Self::Inviata => "INVIATA",
            Self::Conclusa => "CONCLUSA",
            Self::Fallita => "FALLITA",
            Self::Annullata => "ANNULLATA",
            Self::Scaduta => "SCADUTA",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stato| stato.name() == name)
    }
}

/// The avviso that a session pays, as the core described it.
pub struct Avviso {
    pub id_dominio: String,
    pub ente: String,
    pub numero_avviso: String,
    pub causale: String,
    pub importo: Importo,
}

/// The PSP that the citizen chose.
pub struct Psp {
    pub id_psp: String,
    pub denominazione: String,
    pub id_canale: String,
    pub commissione: Option<Importo>,
}

/// What a receipt says.
#[derive(Clone, Debug)]
pub struct Ricevuta {
    pub iuv: String,
    pub ccp: String,
    pub esito: EsitoPagamento,
    pub importo_pagato: Option<Importo>,
    pub anomala: bool,
}

/// What the core answered about a payment.
pub struct Risposta {
    pub stato: StatoPagamento,
    /// State of its attempt, if the core tells it.
    pub stato_rpt: Option<StatoRpt>,
    /// Receipts of this payment.
    pub ricevute: Vec<Ricevuta>,
    /// IUV and CCP of the receipt of the same avviso paid in another way.
    pub altrove: Option<(String, String)>,
    /// Address of the payment's page, for the e-mail.
    pub link: String,
}

/// What "Conferma" led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conferma {
    /// The caller asks the core; nobody else will.
    Vinta,
    /// Somebody else asked, or the session is past this point.
    Persa,
    /// Too late: nothing was asked.
    Scaduta,
}

/// What a return from WISP led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ritorno {
    Registrato,
    /// The same return again, or one that no longer matters: the session goes on as it is.
    GiaRegistrato,
}
