//! Sessions, RPTs, tokens and receipts as they are stored, with the names of their states.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::{EsitoPagamento, Importo};
use pagopa::documenti::Rpt;
use platform::{StoreError, StoreResult};
use web::badge::{Badge, Stato};

/// An enum with stored names.
macro_rules! named {
    ($(#[$meta:meta])* pub enum $name:ident { $( $(#[$vmeta:meta])* $variant:ident = $text:literal, )* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $( $(#[$vmeta])* $variant, )* }

        impl $name {
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )* ];

            /// The stored name.
            pub fn name(self) -> &'static str {
                match self { $( Self::$variant => $text, )* }
            }

            pub fn parse(name: &str) -> StoreResult<Self> {
                let found = Self::ALL.iter().copied().find(|value| value.name() == name);
                found.ok_or_else(|| StoreError::corrupt(format!("{}: {name}", stringify!($name))))
            }
        }
    };
}

named! {
    /// Life of a session. It moves forward only, by compare and set on the stored name.
    pub enum StatoSessione {
        /// Tipo 3: asked of the ente, not yet payable here.
        Attivazione = "ATTIVAZIONE",
        Aperta = "APERTA",
        /// An outcome was chosen, by a person or by the timer of a deferred payment.
        Conclusa = "CONCLUSA",
        Annullata = "ANNULLATA",
        Scaduta = "SCADUTA",
    }
}

named! {
    /// How a session is paid: with RPT and RT, or in the modello unico.
    pub enum Versione {
        V1 = "V1",
        V2 = "V2",
    }
}

named! {
    /// State of an RPT at the Node (SANP 2, states of the RPT).
    pub enum StatoRptNodo {
        RptRicevutaNodo = "RPT_RICEVUTA_NODO",
        RptAccettataNodo = "RPT_ACCETTATA_NODO",
        RptAccettataPsp = "RPT_ACCETTATA_PSP",
        RtGenerataNodo = "RT_GENERATA_NODO",
        RtRicevutaNodo = "RT_RICEVUTA_NODO",
        /// The ente refused the receipt.
        RtRifiutataPa = "RT_RIFIUTATA_PA",
        /// The ente did not answer, or not in a way that can be read.
        RtEsitoSconosciutoPa = "RT_ESITO_SCONOSCIUTO_PA",
        RtAccettataPa = "RT_ACCETTATA_PA",
    }
}

named! {
    /// State of a payment token.
    pub enum StatoToken {
        /// The ente is being asked.
        Richiesto = "RICHIESTO",
        Attivo = "ATTIVO",
        Pagato = "PAGATO",
        /// Closed by the PSP without payment.
        Annullato = "ANNULLATO",
        Scaduto = "SCADUTO",
    }
}

impl StatoRptNodo {
    /// The words of the history that nodoChiediStatoRPT returns.
    pub fn descrizione(self) -> &'static str {
        match self {
            Self::RptRicevutaNodo => "RPT ricevuta dal Nodo",
            Self::RptAccettataNodo => "RPT accettata dal Nodo",
            Self::RptAccettataPsp => "RPT accettata dal PSP",
            Self::RtGenerataNodo => "RT generata dal Nodo: il PSP non ha dato un esito",
            Self::RtRicevutaNodo => "RT ricevuta dal PSP",
            Self::RtRifiutataPa => "RT rifiutata dall'ente",
            Self::RtEsitoSconosciutoPa => "L'ente non ha risposto all'invio della RT",
            Self::RtAccettataPa => "RT accettata dall'ente",
        }
    }
}

impl Stato for StatoSessione {
    fn badge(&self) -> Badge {
        let badge = |it, en, class, moving| Badge {
            it,
            en,
            class,
            moving,
        };
        match self {
            Self::Attivazione => badge("In attivazione", "Being activated", "bg-primary", true),
            Self::Aperta => badge("Aperta", "Open", "bg-primary", true),
            Self::Conclusa => badge("Conclusa", "Concluded", "bg-success", false),
            Self::Annullata => badge("Annullata", "Cancelled", "bg-secondary", false),
            Self::Scaduta => badge("Scaduta", "Expired", "bg-warning", false),
        }
    }
}

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = crate::schema::sessioni)]
#[diesel(treat_none_as_default_value = false)]
pub struct SessioneRow {
    /// `idSession`: 32 random hexadecimal digits.
    pub id: String,
    /// 1 immediate, 2 deferred, 3 begun at the PSP.
    pub tipo: i32,
    pub versione: String,
    pub stato: String,
    /// Tipo 3: key of the form that began it, so that a double click is one session.
    pub chiave: Option<String>,
    /// identificativoCarrello.
    pub carrello: Option<String>,
    pub id_stazione: String,
    /// Of the first RPT.
    pub id_dominio: String,
    pub ente: String,
    pub iuv: String,
    /// CCP of the first RPT; the payment token in the modello unico.
    pub ccp: String,
    /// Tipo 3 only: an RPT does not carry it.
    pub numero_avviso: Option<String>,
    pub id_canale: String,
    /// Due to the ente, in cents; without commission.
    pub importo: i64,
    /// Tipo 3: what the verification said, when the activation said something else.
    pub importo_verificato: Option<i64>,
    pub commissione: i64,
    pub esito: Option<String>,
    pub creata_at: NaiveDateTime,
    /// Open sessions end by themselves then.
    pub scade_at: NaiveDateTime,
    pub conclusa_at: Option<NaiveDateTime>,
}

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = crate::schema::rpt_nodo)]
pub struct RptRow {
    pub id: String,
    pub sessione: String,
    /// From 1, in the order of the cart.
    pub posizione: i32,
    pub id_dominio: String,
    pub iuv: String,
    pub ccp: String,
    pub id_stazione: String,
    pub importo: i64,
    /// The bytes of the RPT as they came.
    pub documento: Vec<u8>,
    pub stato: String,
    pub creata_at: NaiveDateTime,
}

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = crate::schema::storico_rpt)]
pub struct StoricoRow {
    pub stato: String,
    pub descrizione: String,
    pub at: NaiveDateTime,
}

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = crate::schema::token)]
#[diesel(treat_none_as_default_value = false)]
pub struct TokenRow {
    /// The payment token, later the receiptId.
    pub id: String,
    pub sessione: String,
    pub id_dominio: String,
    pub numero_avviso: String,
    pub stato: String,
    /// The ente's answer to paGetPaymentV2 as an XML document.
    pub risposta: Option<String>,
    pub creato_at: NaiveDateTime,
    pub scade_at: NaiveDateTime,
}

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = crate::schema::rt_da_inviare)]
#[diesel(treat_none_as_default_value = false)]
pub struct RtRow {
    /// Id of the RPT, or the payment token.
    pub id: String,
    pub sessione: String,
    pub versione: String,
    pub esito: String,
    /// Cents paid for each voce, separated by blanks, in the order of the RPT.
    pub importi: String,
    /// esitoSingoloPagamento of what was not paid; at most 35 characters.
    pub motivo: String,
    /// Whether this receipt carries the commission of the session.
    pub con_commissione: bool,
    pub deciso_at: NaiveDateTime,
    pub due_at: NaiveDateTime,
    /// When the next attempt may begin.
    pub next_at: NaiveDateTime,
    pub attempts: i32,
    /// Answers of the ente that refuse the receipt.
    pub rifiuti: i32,
    /// Real time: somebody is sending it until then.
    pub leased_until: Option<NaiveDateTime>,
    /// The message or document as sent; made at the first attempt and never made again.
    pub documento: Option<Vec<u8>>,
    pub ultimo_errore: Option<String>,
    pub delivered_at: Option<NaiveDateTime>,
    /// Refused too often: waits for a person.
    pub fermata_at: Option<NaiveDateTime>,
}

/// A session with all that belongs to it.
#[derive(Clone, Debug)]
pub struct Dettaglio {
    pub sessione: SessioneRow,
    pub rpt: Vec<RptRow>,
    pub token: Option<TokenRow>,
    pub rt: Vec<RtRow>,
}

impl Dettaglio {
    /// The RPT documents, in order.
    ///
    /// # Errors
    /// A stored RPT that was readable when it came is not any more.
    pub fn documenti(&self) -> StoreResult<Vec<Rpt>> {
        let read = |row: &RptRow| {
            Rpt::parse(&row.documento)
                .map_err(|error| StoreError::corrupt(format!("rpt {}: {error}", row.id)))
        };
        self.rpt.iter().map(read).collect()
    }

    /// Amounts due, per RPT and voce; empty for a session without RPTs.
    pub fn voci(&self) -> StoreResult<Vec<Vec<Importo>>> {
        let voci = |rpt: &Rpt| {
            rpt.dati_versamento
                .singoli
                .iter()
                .map(|v| v.importo)
                .collect()
        };
        Ok(self.documenti()?.iter().map(voci).collect())
    }
}

impl SessioneRow {
    pub fn stato(&self) -> StoreResult<StatoSessione> {
        StatoSessione::parse(&self.stato)
    }

    pub fn versione(&self) -> StoreResult<Versione> {
        Versione::parse(&self.versione)
    }

    pub fn esito(&self) -> StoreResult<Option<EsitoPagamento>> {
        self.esito.as_deref().map(esito).transpose()
    }

    pub fn importo(&self) -> Importo {
        cents(self.importo)
    }

    pub fn commissione(&self) -> Importo {
        cents(self.commissione)
    }

    pub fn totale(&self) -> Importo {
        [self.importo(), self.commissione()].into_iter().sum()
    }
}

impl RtRow {
    pub fn esito(&self) -> StoreResult<EsitoPagamento> {
        esito(&self.esito)
    }

    pub fn importi(&self) -> StoreResult<Vec<Importo>> {
        let parse = |text: &str| {
            let cents = text
                .parse()
                .ok()
                .and_then(|cents| Importo::from_cents(cents).ok());
            cents.ok_or_else(|| StoreError::corrupt(format!("rt {}: importo {text}", self.id)))
        };
        self.importi.split_whitespace().map(parse).collect()
    }
}

fn esito(name: &str) -> StoreResult<EsitoPagamento> {
    EsitoPagamento::parse(name).ok_or_else(|| StoreError::corrupt(format!("esito {name}")))
}

/// Stored cents; they were an [`Importo`] when they were written.
pub fn cents(cents: i64) -> Importo {
    Importo::from_cents(cents).unwrap_or_default()
}

/// A new unguessable id: 32 hexadecimal digits, fit for idSession, CCP, token and IUR.
pub fn nuovo_id() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}
