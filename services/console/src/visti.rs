//! The rows of the projection and the one rule of each: which news changes it.
//!
//! News comes twice, late and in any order (several consumers, replicas, a rebuild from the core while
//! events arrive). A row is right whatever the order: what is final stays, and among news of the same
//! rank the one that happened last wins. No query lives here.

use chrono::{DateTime, NaiveDateTime, SubsecRound as _, Utc};
use diesel::prelude::*;
use domain::{EsitoPagamento, Importo, StatoPagamento, StatoRpt, StatoTracciato};

/// When something happened, and its place among what happened in the same millisecond.
#[derive(Clone, Debug)]
pub struct Quando {
    pub at: NaiveDateTime,
    /// Text that sorts as time does; ids of events are UUIDv7, which do too.
    pub ordine: String,
}

impl Quando {
    /// `id`: of the event, or empty for what the core said when asked (events of that millisecond
    /// are then newer).
    pub fn new(at: DateTime<Utc>, id: &str) -> Self {
        let at = at.trunc_subsecs(3);
        Self {
            at: at.naive_utc(),
            ordine: format!("{:020}-{id}", at.timestamp_millis()),
        }
    }
}

/// What an attempt came to: the filters of the list and the tiles of the dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gruppo {
    Attesa,
    Eseguito,
    Parziale,
    NonEseguito,
    Rifiutato,
    Scaduto,
    Annullato,
}

impl Gruppo {
    pub const ALL: [Self; 7] = [
        Self::Attesa,
        Self::Eseguito,
        Self::Parziale,
        Self::NonEseguito,
        Self::Rifiutato,
        Self::Scaduto,
        Self::Annullato,
    ];
    /// Ended without money.
    pub const NEGATIVI: [Self; 3] = [Self::NonEseguito, Self::Rifiutato, Self::Scaduto];

    pub fn name(self) -> &'static str {
        match self {
            Self::Attesa => "attesa",
            Self::Eseguito => "eseguito",
            Self::Parziale => "parziale",
            Self::NonEseguito => "non-eseguito",
            Self::Rifiutato => "rifiutato",
            Self::Scaduto => "scaduto",
            Self::Annullato => "annullato",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|gruppo| gruppo.name() == name)
    }

    /// The receipt speaks first, then the attempt, then the session. A name that this version does
    /// not know says nothing.
    fn of(esito: Option<&str>, stato_rpt: Option<&str>, stato: Option<&str>) -> Self {
        use EsitoPagamento as E;
        if let Some(esito) = esito.and_then(E::parse) {
            return match esito {
                E::Eseguito => Self::Eseguito,
                E::EseguitoParziale | E::DecorrenzaParziale => Self::Parziale,
                E::NonEseguito | E::Decorrenza => Self::NonEseguito,
            };
        }
        match stato_rpt.and_then(StatoRpt::parse) {
            Some(StatoRpt::RptRifiutataNodo) => return Self::Rifiutato,
            Some(StatoRpt::RptScaduta) => return Self::Scaduto,
            Some(StatoRpt::RptAnnullata) => return Self::Annullato,
            Some(stato) if stato.is_pending() => return Self::Attesa,
            _ => {}
        }
        match stato.and_then(StatoPagamento::parse) {
            Some(StatoPagamento::Eseguito) => Self::Eseguito,
            Some(StatoPagamento::EseguitoParziale) => Self::Parziale,
            Some(StatoPagamento::NonEseguito) => Self::NonEseguito,
            Some(StatoPagamento::Fallito) => Self::Rifiutato,
            Some(StatoPagamento::Annullato) => Self::Annullato,
            Some(StatoPagamento::InCorso) | None => Self::Attesa,
        }
    }
}

/// What an event, or the core when asked, tells of one attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notizia {
    pub id_dominio: String,
    pub iuv: String,
    pub ccp: String,
    pub id_a2a: String,
    pub id_pendenza: String,
    pub numero_avviso: Option<String>,
    pub id_pagamento: Option<String>,
    pub id_sessione: Option<String>,
    pub id_psp: Option<String>,
    pub tipo: Option<i32>,
    /// Cents.
    pub importo: Option<i64>,
    pub stato: Option<String>,
    pub stato_rpt: Option<String>,
    pub ricevuta: Option<Ricevuta>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ricevuta {
    pub esito: Option<String>,
    /// Cents.
    pub importo_pagato: Option<i64>,
    pub anomala: bool,
}

/// One attempt to pay; its key is dominio, IUV and CCP.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Identifiable, AsChangeset)]
#[diesel(table_name = crate::schema::pagamenti_visti, treat_none_as_null = true)]
pub struct PagamentoVisto {
    pub id: i64,
    pub id_dominio: String,
    pub iuv: String,
    pub ccp: String,
    pub id_a2a: String,
    pub id_pendenza: String,
    pub numero_avviso: Option<String>,
    pub importo: i64,
    pub importo_pagato: Option<i64>,
    pub tipo: Option<i32>,
    pub stato: Option<String>,
    pub stato_rpt: Option<String>,
    pub esito: Option<String>,
    pub anomala: bool,
    pub id_psp: Option<String>,
    pub id_pagamento: Option<String>,
    pub id_sessione: Option<String>,
    pub in_attesa: bool,
    pub gruppo: String,
    pub primo_at: NaiveDateTime,
    pub ultimo_at: NaiveDateTime,
    pub stato_ordine: String,
    pub rt_ordine: String,
}

/// How far an attempt is: waiting, closed without a receipt, receipt taken in. It never goes back,
/// but a receipt may come for what seemed closed.
fn rango(stato_rpt: Option<&str>) -> u8 {
    match stato_rpt.and_then(StatoRpt::parse) {
        Some(StatoRpt::RtAccettataPa) => 2,
        Some(stato) if !stato.is_pending() => 1,
        _ => 0,
    }
}

fn fill(known: &mut Option<String>, told: &Option<String>) {
    if known.is_none() {
        known.clone_from(told);
    }
}

impl PagamentoVisto {
    /// Takes the news in; says whether the row changed.
    pub fn applica(&mut self, notizia: &Notizia, quando: &Quando) -> bool {
        let before = self.clone();
        fill(&mut self.numero_avviso, &notizia.numero_avviso);
        fill(&mut self.id_pagamento, &notizia.id_pagamento);
        fill(&mut self.id_sessione, &notizia.id_sessione);
        fill(&mut self.id_psp, &notizia.id_psp);
        self.tipo = self.tipo.or(notizia.tipo);
        if let Some(importo) = notizia.importo {
            self.importo = importo;
        }
        if notizia.stato.is_some() || notizia.stato_rpt.is_some() {
            let (old, new) = (
                rango(self.stato_rpt.as_deref()),
                rango(notizia.stato_rpt.as_deref()),
            );
            if new > old || (new == old && quando.ordine >= self.stato_ordine) {
                self.stato.clone_from(&notizia.stato);
                self.stato_rpt.clone_from(&notizia.stato_rpt);
                self.stato_ordine.clone_from(&quando.ordine);
            }
        }
        if let Some(ricevuta) = &notizia.ricevuta
            && quando.ordine >= self.rt_ordine
        {
            self.esito.clone_from(&ricevuta.esito);
            self.importo_pagato = ricevuta.importo_pagato;
            self.anomala = ricevuta.anomala;
            self.rt_ordine.clone_from(&quando.ordine);
            if rango(self.stato_rpt.as_deref()) < 2 {
                self.stato_rpt = Some(StatoRpt::RtAccettataPa.name().to_owned());
            }
        }
        let gruppo = Gruppo::of(
            self.esito.as_deref(),
            self.stato_rpt.as_deref(),
            self.stato.as_deref(),
        );
        self.in_attesa = gruppo == Gruppo::Attesa;
        gruppo.name().clone_into(&mut self.gruppo);
        self.primo_at = self.primo_at.min(quando.at);
        self.ultimo_at = self.ultimo_at.max(quando.at);
        *self != before
    }

    /// An attempt of which only the core told: not stored.
    pub fn unseen(id_dominio: &str, iuv: &str, ccp: &str, at: NaiveDateTime) -> Self {
        Self {
            id: 0,
            id_dominio: id_dominio.to_owned(),
            iuv: iuv.to_owned(),
            ccp: ccp.to_owned(),
            id_a2a: String::new(),
            id_pendenza: String::new(),
            numero_avviso: None,
            importo: 0,
            importo_pagato: None,
            tipo: None,
            stato: None,
            stato_rpt: None,
            esito: None,
            anomala: false,
            id_psp: None,
            id_pagamento: None,
            id_sessione: None,
            in_attesa: true,
            gruppo: Gruppo::Attesa.name().to_owned(),
            primo_at: at,
            ultimo_at: at,
            stato_ordine: String::new(),
            rt_ordine: String::new(),
        }
    }

    pub fn importo(&self) -> Importo {
        cents(self.importo)
    }

    pub fn importo_pagato(&self) -> Option<Importo> {
        self.importo_pagato.map(cents)
    }

    /// Kind of state and its name, for [`web::Page::badge_named`].
    pub fn badge(&self) -> (&'static str, &str) {
        match (&self.esito, &self.stato_rpt, &self.stato) {
            (Some(esito), _, _) => ("esito", esito),
            (None, Some(stato), _) => ("rpt", stato),
            (None, None, Some(stato)) => ("pagamento", stato),
            (None, None, None) => ("pagamento", StatoPagamento::InCorso.name()),
        }
    }

    pub fn has_rt(&self) -> bool {
        self.esito.is_some() || rango(self.stato_rpt.as_deref()) == 2
    }
}

/// A stored amount; a negative one, which nothing writes, shows as zero.
pub fn cents(importo: i64) -> Importo {
    Importo::from_cents(importo).unwrap_or_default()
}

#[derive(
    Clone, Debug, PartialEq, Eq, Queryable, Selectable, Identifiable, AsChangeset, Insertable,
)]
#[diesel(table_name = crate::schema::pendenze_viste, primary_key(id_a2a, id_pendenza), treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct PendenzaVista {
    pub id_a2a: String,
    pub id_pendenza: String,
    pub id_dominio: String,
    pub numero_avviso: Option<String>,
    pub iuv: Option<String>,
    pub importo: i64,
    /// As in GovPay's contract.
    pub stato: String,
    pub prima_at: NaiveDateTime,
    pub ultima_at: NaiveDateTime,
    pub ordine: String,
}

impl PendenzaVista {
    /// Takes newer news in. Money that arrived is never forgotten: a paid pendenza stays so whatever
    /// the order of what is heard.
    pub fn applica(&mut self, new: &Self) -> bool {
        let before = self.clone();
        let paid = |stato: &str| !matches!(stato, "NON_ESEGUITA" | "SCADUTA" | "ANNULLATA");
        let (old_paid, new_paid) = (paid(&self.stato), paid(&new.stato));
        if (new_paid && !old_paid) || (new_paid == old_paid && new.ordine >= self.ordine) {
            self.stato.clone_from(&new.stato);
            self.importo = new.importo;
            self.ordine.clone_from(&new.ordine);
        }
        fill(&mut self.numero_avviso, &new.numero_avviso);
        fill(&mut self.iuv, &new.iuv);
        self.prima_at = self.prima_at.min(new.prima_at);
        self.ultima_at = self.ultima_at.max(new.ultima_at);
        *self != before
    }

    pub fn importo(&self) -> Importo {
        cents(self.importo)
    }
}

#[derive(
    Clone, Debug, PartialEq, Eq, Queryable, Selectable, Identifiable, AsChangeset, Insertable,
)]
#[diesel(table_name = crate::schema::tracciati_visti, primary_key(id_tracciato))]
pub struct TracciatoVisto {
    pub id_tracciato: String,
    pub nome_file: String,
    pub stato: String,
    pub righe: i64,
    pub righe_valide: i64,
    pub righe_caricate: i64,
    pub righe_in_errore: i64,
    pub primo_at: NaiveDateTime,
    pub ultimo_at: NaiveDateTime,
    pub ordine: String,
}

impl TracciatoVisto {
    /// Takes newer news in; a final state stays.
    pub fn applica(&mut self, new: &Self) -> bool {
        let before = self.clone();
        let is_final = |stato: &str| StatoTracciato::parse(stato).is_some_and(|s| s.is_final());
        let (old_final, new_final) = (is_final(&self.stato), is_final(&new.stato));
        let first = self.primo_at.min(new.primo_at);
        if (new_final && !old_final) || (new_final == old_final && new.ordine >= self.ordine) {
            *self = new.clone();
        }
        self.primo_at = first;
        self.ultimo_at = self.ultimo_at.max(new.ultimo_at);
        *self != before
    }

    pub fn has_errors(&self) -> bool {
        ERRORI.contains(&self.stato.as_str()) || self.righe_in_errore > 0
    }
}

/// States of a tracciato that somebody has to look at.
pub const ERRORI: [&str; 2] = ["VALIDAZIONE_KO", "CARICAMENTO_KO"];

/// One envelope that came by the bus.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = crate::schema::eventi_bus)]
pub struct EventoBus {
    pub id: i64,
    pub event_id: String,
    pub chiave: String,
    pub source: String,
    pub occurred_at: NaiveDateTime,
    pub ricevuto_at: NaiveDateTime,
    pub id_dominio: Option<String>,
    pub id_a2a: Option<String>,
    pub id_pendenza: Option<String>,
    pub iuv: Option<String>,
    pub ccp: Option<String>,
    pub trace_id: Option<String>,
    pub dati: String,
}

#[cfg(test)]
mod tests;
