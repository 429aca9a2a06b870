//! Payment sessions and attempts as they are stored, and what can be asked of them. What may happen
//! to them is decided in `domain`; how they change together is in `db`.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::pagamento::{Attempt, NonPagabile};
use domain::rpt::Origine;
use domain::{EsitoPagamento, Importo, StatoPagamento, StatoRpt};
use pagopa::TipoVersamento;
use platform::{StoreError, StoreResult};

use crate::posizione::{Posizione, Stazione};

/// A session that a portal opened.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = crate::schema::pagamenti)]
#[diesel(treat_none_as_default_value = false)]
pub struct PagamentoRow {
    /// 32 hexadecimal digits.
    pub id: String,
    pub id_sessione_portale: Option<String>,
    /// Of the Node; the id of the session itself for a deferred channel, which has none.
    pub id_sessione_psp: Option<String>,
    pub nome: String,
    pub importo: i64,
    pub stato: String,
    pub codice_stato: String,
    pub descrizione_stato: Option<String>,
    pub psp_redirect_url: Option<String>,
    pub url_ritorno: Option<String>,
    pub psp_esito: Option<String>,
    /// JSON of the contract's Soggetto.
    pub versante: Option<String>,
    pub id_a2a_portale: String,
    pub id_psp: Option<String>,
    pub id_canale: Option<String>,
    pub tipo_versamento: Option<String>,
    /// 1 with the browser at the PSP, 2 with a deferred channel.
    pub tipo: i32,
    pub created_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
    /// A person has looked into what went wrong.
    pub verificato: bool,
    /// Codice fiscale of the citizen who opened it, if one did. With neither this nor `id_a2a_portale`
    /// it was somebody unknown, who has its id.
    pub cittadino: Option<String>,
}

/// An attempt with its receipt.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = crate::schema::rpt)]
pub struct RptRow {
    pub id: i64,
    pub pendenza: i64,
    pub pagamento: Option<String>,
    pub id_dominio: String,
    pub iuv: String,
    pub ccp: String,
    pub id_stazione: String,
    /// `V1`: RPT and RT; `V2`: modello unico.
    pub versione: String,
    pub id_messaggio_richiesta: String,
    pub stato: String,
    pub descrizione_stato: Option<String>,
    pub id_psp: Option<String>,
    pub id_intermediario_psp: Option<String>,
    pub id_canale: Option<String>,
    pub tipo_versamento: Option<String>,
    pub importo: i64,
    /// The RPT (V1) or the answer to paGetPayment (V2) as an XML document.
    pub xml_rpt: Option<String>,
    pub send_at: Option<NaiveDateTime>,
    pub send_attempts: i32,
    pub scade_at: Option<NaiveDateTime>,
    pub id_messaggio_ricevuta: Option<String>,
    pub esito: Option<String>,
    pub importo_pagato: Option<i64>,
    pub denominazione_attestante: Option<String>,
    pub data_pagamento: Option<NaiveDateTime>,
    /// The RT (V1) or the message of paSendRT (V2) as an XML document.
    pub xml_rt: Option<String>,
    pub rt_at: Option<NaiveDateTime>,
    pub created_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
    /// While open it keeps others out; a person may clear it.
    pub bloccante: bool,
}

#[derive(Insertable)]
#[diesel(table_name = crate::schema::rpt)]
#[diesel(treat_none_as_default_value = false)]
pub struct NuovoRpt {
    pub pendenza: i64,
    pub pagamento: Option<String>,
    pub id_dominio: String,
    pub iuv: String,
    pub ccp: String,
    pub id_stazione: String,
    pub versione: &'static str,
    pub id_messaggio_richiesta: String,
    pub stato: &'static str,
    pub id_psp: Option<String>,
    pub id_intermediario_psp: Option<String>,
    pub id_canale: Option<String>,
    pub tipo_versamento: Option<String>,
    pub importo: i64,
    pub xml_rpt: Option<String>,
    pub send_at: Option<NaiveDateTime>,
    pub send_attempts: i32,
    pub scade_at: Option<NaiveDateTime>,
    pub created_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
}

impl PagamentoRow {
    pub fn stato(&self) -> StoreResult<StatoPagamento> {
        StatoPagamento::parse(&self.stato)
            .ok_or_else(|| StoreError::corrupt(format!("pagamento {}: {}", self.id, self.stato)))
    }
}

impl RptRow {
    pub fn stato(&self) -> StoreResult<StatoRpt> {
        StatoRpt::parse(&self.stato)
            .ok_or_else(|| StoreError::corrupt(format!("rpt {}: stato {}", self.id, self.stato)))
    }

    pub fn esito(&self) -> StoreResult<Option<EsitoPagamento>> {
        let parse = |name: &str| {
            EsitoPagamento::parse(name)
                .ok_or_else(|| StoreError::corrupt(format!("rpt {}: esito {name}", self.id)))
        };
        self.esito.as_deref().map(parse).transpose()
    }

    pub fn attempt(&self) -> StoreResult<Attempt> {
        Ok(Attempt {
            stato: self.stato()?,
            esito: self.esito()?,
        })
    }

    /// Where the attempt began; `tipo` is that of its session, when it has one.
    pub fn origine(&self, tipo: Option<i32>) -> Origine {
        match (&self.pagamento, tipo, self.versione.as_str()) {
            (Some(_), Some(2), _) => Origine::PortaleDifferito,
            (Some(_), _, _) => Origine::PortaleImmediato,
            (None, _, "V2") => Origine::PspV2,
            (None, _, _) => Origine::PspV1,
        }
    }
}

/// The PSP and the channel of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canale {
    pub id_psp: String,
    pub id_intermediario_psp: String,
    pub id_canale: String,
    pub tipo_versamento: TipoVersamento,
}

/// What a portal asks for, once authorised and read.
#[derive(Clone)]
pub struct NuovaSessione {
    pub id: String,
    /// Empty for a citizen.
    pub id_a2a_portale: String,
    pub cittadino: Option<String>,
    pub id_sessione_portale: Option<String>,
    /// In the order of the request, without repetitions.
    pub pendenze: Vec<i64>,
    /// Those whose gestionale has just been asked: their dataValidita does not count.
    pub verificate: Vec<i64>,
    pub url_ritorno: Option<String>,
    /// The contract's Soggetto.
    pub versante: Option<serde_json::Value>,
    pub autenticazione: String,
    pub data_esecuzione: NaiveDate,
    pub iban_addebito: Option<String>,
    pub bic_addebito: Option<String>,
    pub credenziali: Option<String>,
    pub canale: Canale,
    pub now: DateTime<Utc>,
}

/// A session with what is needed to send its RPTs.
#[derive(Clone)]
pub struct Sessione {
    pub pagamento: PagamentoRow,
    pub tentativi: Vec<RptRow>,
    pub stazione: Stazione,
}

pub enum Apertura {
    Nuova(Box<Sessione>),
    /// The same portal session asked for the same thing before, and its attempt is still open.
    GiaAperta(Box<Sessione>),
    Rifiutata(Rifiuto),
}

/// Why a pendenza does not get another attempt. `id_pendenza` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rifiuto {
    NonPagabile {
        id_pendenza: String,
        motivo: NonPagabile,
        dettaglio: String,
    },
    InCorso {
        id_pendenza: String,
        until: DateTime<Utc>,
    },
    /// No IUV: it was never given a place in pagoPA.
    SenzaIuv { id_pendenza: String },
    /// The RPT would break a rule of its schema: the data of the pendenza are to be put right.
    Documento { id_pendenza: String, errore: String },
}

/// What came of sending one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EsitoInvio {
    /// With the address of the PSP's page, or without one for a deferred channel.
    Accettata { url: Option<String> },
    /// With the fault of the Node.
    Rifiutata { codice: String, descrizione: String },
    /// Nobody knows whether the Node has it.
    Incerta {
        descrizione: String,
        retry_at: DateTime<Utc>,
    },
}

/// An activation by the PSP with the old primitives.
#[derive(Clone)]
pub struct AttivazioneV1 {
    pub pendenza: i64,
    /// Its gestionale has just been asked: its dataValidita does not count.
    pub verificata: bool,
    pub ccp: String,
    pub id_messaggio: String,
    pub canale: Canale,
    pub versante: Option<pagopa::documenti::Soggetto>,
    /// When the timer takes over from the task that sends the RPT.
    pub send_at: DateTime<Utc>,
    pub now: DateTime<Utc>,
}

pub enum Attivazione {
    /// A new attempt, or the same one again; `reinvio`: its RPT has to be sent.
    Ok {
        posizione: Box<Posizione>,
        rpt: Box<RptRow>,
        reinvio: bool,
    },
    Rifiutata(Rifiuto),
    /// The CCP belongs to an attempt that is closed.
    CcpUsato {
        stato: StatoRpt,
    },
}

/// An activation with the modello unico.
#[derive(Clone)]
pub struct AttivazioneV2 {
    pub pendenza: i64,
    /// As in [`AttivazioneV1`].
    pub verificata: bool,
    pub ccp: String,
    pub id_messaggio: String,
    /// The answer to paGetPayment, as a document.
    pub xml: String,
    /// The amount that the answer carries: the pendenza must still be that.
    pub importo: Importo,
    pub scade_at: DateTime<Utc>,
    pub now: DateTime<Utc>,
}

pub enum AttivazioneUnico {
    Ok(Box<RptRow>),
    Rifiutata(Rifiuto),
    /// The pendenza changed since the answer was made: read it again.
    Cambiata,
}

/// One page of a list with the number of all rows.
pub struct Pagina<T> {
    pub rows: Vec<T>,
    pub totale: i64,
}

/// Which bodies a caller may see: `None` for all.
pub type Visibili = Option<Vec<String>>;

#[derive(Clone, Default)]
pub struct FiltroPagamenti {
    pub domini: Visibili,
    /// Opened by that citizen.
    pub cittadino: Option<String>,
    pub id_a2a_portale: Option<String>,
    pub id_sessione_portale: Option<String>,
    pub id_sessione_psp: Option<String>,
    pub stato: Option<String>,
    pub id_dominio: Option<String>,
    pub iuv: Option<String>,
    pub id_a2a: Option<String>,
    pub id_pendenza: Option<String>,
    pub id_pagamento: Option<String>,
    pub verificato: Option<bool>,
    pub data_da: Option<NaiveDateTime>,
    pub data_a: Option<NaiveDateTime>,
}

#[derive(Clone, Default)]
pub struct FiltroRpt {
    pub domini: Visibili,
    /// Of pendenze of that debtor.
    pub debitore: Option<String>,
    pub id_a2a_portale: Option<String>,
    pub id_dominio: Option<String>,
    pub iuv: Option<String>,
    pub ccp: Option<String>,
    pub id_a2a: Option<String>,
    pub id_pendenza: Option<String>,
    pub id_pagamento: Option<String>,
    pub esito: Option<String>,
    pub data_rpt_da: Option<NaiveDateTime>,
    pub data_rpt_a: Option<NaiveDateTime>,
    pub data_rt_da: Option<NaiveDateTime>,
    pub data_rt_a: Option<NaiveDateTime>,
}

/// What became of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acquisizione {
    Acquisita {
        id_a2a: String,
        id_pendenza: String,
        id_pagamento: Option<String>,
        anomala: bool,
        /// Differences from the request, in words without personal data.
        segnalazioni: Vec<String>,
    },
    /// Taken in before: nothing was written.
    Duplicata { id_pendenza: String },
    /// No pendenza for it: kept apart. `nuova`: not kept before.
    Orfana { nuova: bool },
    /// It contradicts itself or answers another request: kept apart, not applied.
    Respinta { motivo: String },
}

/// A receipt that is kept apart.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = crate::schema::rt_orfane)]
pub struct OrfanaRow {
    pub id: i64,
    pub id_dominio: String,
    pub iuv: String,
    pub ccp: String,
    pub motivo: String,
    pub importo_pagato: i64,
    pub xml: String,
    pub received_at: NaiveDateTime,
}
