//! What the gestionali are told, as it is kept, and how it is insisted on. Pure.
//!
//! A notification that fails is tried again after 10, 20, 40 … seconds, at most ten minutes. When three
//! different ones have failed in a row the connector is at fault, and one at a time is tried, at most
//! every five minutes, until one succeeds. After fifteen days nobody insists any more.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;
use platform::{StoreError, StoreResult};

use crate::elenco::Taglio;
use crate::ente::LATER;
use crate::tentativo::Visibili;

/// How long a notification is insisted on.
pub const VITA: TimeDelta = TimeDelta::days(15);
/// Longest wait between two sendings of one notification.
const ATTESA_MAX: TimeDelta = TimeDelta::minutes(10);
/// Longest wait between two probes of a connector that fails.
const PROVA_MAX: TimeDelta = TimeDelta::minutes(5);
/// Different notifications that fail in a row before the connector is at fault.
const GUASTI_MAX: i32 = 3;
/// Characters kept of what went wrong.
const DESCRIZIONE_MAX: usize = 512;

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TipoNotifica {
    /// The attempt is with the Node, or with the PSP in the modello unico.
    Attivazione,
    /// A receipt, whatever its outcome.
    Ricevuta,
    /// The Node refused the attempt.
    Fallimento,
    /// The attempt ended without a receipt: replaced, or its time is over.
    Annullamento,
}

impl TipoNotifica {
    pub const TUTTI: [Self; 4] = [
        Self::Attivazione,
        Self::Ricevuta,
        Self::Fallimento,
        Self::Annullamento,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Attivazione => "ATTIVAZIONE",
            Self::Ricevuta => "RICEVUTA",
            Self::Fallimento => "FALLIMENTO",
            Self::Annullamento => "ANNULLAMENTO",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::TUTTI.into_iter().find(|tipo| tipo.name() == name)
    }
}

/// Where a notification stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatoNotifica {
    DaSpedire,
    /// The applicazione took it (2xx).
    Spedita,
    /// There is nobody to tell, or nothing that its API foresees.
    Annullata,
    /// Refused for good, or insisted on for too long. A person may send it again.
    Fallita,
}

impl StatoNotifica {
    pub const TUTTI: [Self; 4] = [
        Self::DaSpedire,
        Self::Spedita,
        Self::Annullata,
        Self::Fallita,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::DaSpedire => "DA_SPEDIRE",
            Self::Spedita => "SPEDITA",
            Self::Annullata => "ANNULLATA",
            Self::Fallita => "FALLITA",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::TUTTI.into_iter().find(|stato| stato.name() == name)
    }
}

/// One row of `notifiche`. Times of `presa_fino_a` are real, the others of the world.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = crate::schema::notifiche)]
pub struct NotificaRow {
    pub id: i64,
    pub evento: String,
    pub tipo: String,
    pub stato: String,
    pub descrizione_stato: Option<String>,
    pub id_a2a: String,
    pub rpt: i64,
    pub id_dominio: String,
    pub iuv: String,
    pub ccp: String,
    pub codice: Option<String>,
    pub motivazione: Option<String>,
    pub tentativi: i32,
    pub prossima_at: Option<NaiveDateTime>,
    pub presa_fino_a: Option<NaiveDateTime>,
    pub scade_at: NaiveDateTime,
    pub created_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
}

impl NotificaRow {
    pub fn tipo(&self) -> StoreResult<TipoNotifica> {
        TipoNotifica::parse(&self.tipo)
            .ok_or_else(|| StoreError::corrupt(format!("notifica {}: {}", self.id, self.tipo)))
    }

    pub fn stato(&self) -> StoreResult<StatoNotifica> {
        StatoNotifica::parse(&self.stato)
            .ok_or_else(|| StoreError::corrupt(format!("notifica {}: {}", self.id, self.stato)))
    }
}

/// What came of a sending. The texts are for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spedizione {
    Presa,
    /// Nobody was called.
    Annullata(String),
    /// Nobody was called: it cannot be written.
    Impossibile(String),
    /// Refused: asking again changes nothing.
    Rifiutata(String),
    /// Not answered, or not now; `dopo`: what the applicazione asked to wait.
    Fallita {
        motivo: String,
        dopo: Option<TimeDelta>,
    },
}

/// What an HTTP status says of a notification. A 4xx is for good, except those that say "later"; what
/// is no answer of the contract (1xx, 3xx, 5xx) may change.
pub fn giudica(status: u16, motivo: String, dopo: Option<TimeDelta>) -> Spedizione {
    match status {
        200..=299 => Spedizione::Presa,
        400..=499 if !LATER.contains(&status) => Spedizione::Rifiutata(motivo),
        _ => Spedizione::Fallita { motivo, dopo },
    }
}

/// How the connector of an applicazione fares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = crate::schema::integrazioni)]
pub struct Circuito {
    /// Failures in a row.
    pub guasti: i32,
    /// The notification that failed last.
    pub ultima: Option<i64>,
    /// It is at fault: nobody calls before, then one.
    pub prova_at: Option<NaiveDateTime>,
}

impl Circuito {
    /// After a failure of that notification. One that fails again and again is its own fault, and says
    /// nothing new of a connector that was not at fault.
    pub fn dopo_guasto(&self, notifica: i64, now: DateTime<Utc>) -> Self {
        let again = self.ultima == Some(notifica) && self.prova_at.is_none();
        let guasti = self.guasti.saturating_add(i32::from(!again));
        let prova = now + crescente(guasti - GUASTI_MAX + 1, PROVA_MAX);
        Self {
            guasti,
            ultima: Some(notifica),
            prova_at: (guasti >= GUASTI_MAX).then(|| prova.naive_utc()),
        }
    }
}

/// When a notification is tried again after so many tries: with the connector when that is at fault.
pub fn prossima(
    tentativi: i32,
    dopo: Option<TimeDelta>,
    circuito: &Circuito,
    now: DateTime<Utc>,
) -> NaiveDateTime {
    let asked = dopo.unwrap_or_default().min(PROVA_MAX);
    match circuito.prova_at {
        Some(prova) => prova,
        None => (now + crescente(tentativi, ATTESA_MAX).max(asked)).naive_utc(),
    }
}

/// 10 seconds the first time, then twice as long each time, at most `max`.
fn crescente(volte: i32, max: TimeDelta) -> TimeDelta {
    let doublings = u32::try_from(volte.clamp(1, 10) - 1).unwrap_or(0);
    TimeDelta::seconds(10 * (1 << doublings)).min(max)
}

/// What went wrong, cut to what is kept.
pub fn descrizione(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(DESCRIZIONE_MAX) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// Which notifications a list shows.
#[derive(Clone)]
pub struct ElencoNotifiche {
    pub domini: Visibili,
    pub stati: Vec<StatoNotifica>,
    pub tipo: Option<TipoNotifica>,
    /// Of the creation: from that moment on.
    pub data_da: Option<NaiveDateTime>,
    /// Before that moment.
    pub data_a: Option<NaiveDateTime>,
    pub taglio: Taglio,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-04-01T10:00:00Z".parse().unwrap()
    }

    #[test]
    fn b171_what_is_for_good_and_what_is_not() {
        let ripete = |status| {
            matches!(
                giudica(status, String::new(), None),
                Spedizione::Fallita { .. }
            )
        };
        for status in [301, 408, 429, 500, 502, 503] {
            assert!(ripete(status), "{status}");
        }
        for status in [400, 401, 403, 404, 409, 410, 422] {
            let judged = giudica(status, String::new(), None);
            assert_eq!(judged, Spedizione::Rifiutata(String::new()), "{status}");
        }
        assert_eq!(giudica(201, String::new(), None), Spedizione::Presa);
    }

    #[test]
    fn b169_the_wait_grows_up_to_its_ceiling() {
        let closed = Circuito::default();
        let wait = |tentativi| {
            let at = prossima(tentativi, None, &closed, now()).and_utc();
            (at - now()).num_seconds()
        };
        let waits: Vec<i64> = [1, 2, 3, 6, 7, 50].into_iter().map(wait).collect();
        assert_eq!(waits, [10, 20, 40, 320, 600, 600]);
        let asked = prossima(1, Some(TimeDelta::seconds(90)), &closed, now());
        assert_eq!((asked.and_utc() - now()).num_seconds(), 90);
    }

    #[test]
    fn a_connector_is_at_fault_when_different_notifications_fail() {
        let mut one = Circuito::default();
        for _ in 0..20 {
            one = one.dopo_guasto(1, now());
        }
        assert_eq!((one.guasti, one.prova_at), (1, None));
        let two = one.dopo_guasto(2, now());
        assert_eq!((two.guasti, two.prova_at), (2, None));
        let mut open = two.dopo_guasto(1, now());
        let secs = |c: &Circuito| (c.prova_at.unwrap().and_utc() - now()).num_seconds();
        assert_eq!(secs(&open), 10);
        // Once it is, each probe that fails makes the next one rarer, whichever it is.
        let waits: Vec<i64> = (0..6)
            .map(|_| {
                open = open.dopo_guasto(1, now());
                secs(&open)
            })
            .collect();
        assert_eq!(waits, [20, 40, 80, 160, 300, 300]);
        assert_eq!(prossima(7, None, &open, now()), open.prova_at.unwrap());
    }
}
