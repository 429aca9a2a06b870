//! A choice being made by a citizen, from the form of the body to its return.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::Importo;
use platform::{StoreError, StoreResult};

/// A choice not made within this time of the world's clock is over: the browser goes back with
/// `type=TIMEOUT`. The value is ours; the specification only names the timeout.
pub const NAVIGATION_TIMEOUT: TimeDelta = TimeDelta::minutes(15);
/// How long after the choice the body may still ask for it.
pub const RECOVERY_TIMEOUT: TimeDelta = TimeDelta::minutes(30);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatoSessione {
    Aperta,
    Scelta,
    Annullata,
    Scaduta,
}

impl StatoSessione {
    pub fn name(self) -> &'static str {
        match self {
            Self::Aperta => "APERTA",
            Self::Scelta => "SCELTA",
            Self::Annullata => "ANNULLATA",
            Self::Scaduta => "SCADUTA",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Aperta, Self::Scelta, Self::Annullata, Self::Scaduta]
            .into_iter()
            .find(|stato| stato.name() == name)
    }

    /// The `type` of the return to urlBack; `None` for the states that do not go there.
    pub fn tipo_ritorno(self) -> Option<&'static str> {
        match self {
            Self::Annullata => Some("ANNULLO"),
            Self::Scaduta => Some("TIMEOUT"),
            Self::Aperta | Self::Scelta => None,
        }
    }
}

/// One row of `sessioni`.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = crate::schema::sessioni)]
pub struct Sessione {
    /// Unguessable; in the address of the page.
    pub id: String,
    pub id_dominio: String,
    pub key_pa: String,
    pub ente_creditore: String,
    pub url_return: String,
    pub url_back: String,
    pub importo: i64,
    pub bollo: bool,
    pub modello_2: bool,
    pub conto_poste: bool,
    pub id_psp_richiesto: Option<String>,
    pub stato: String,
    pub key_wisp: Option<String>,
    pub id_psp: Option<String>,
    pub id_intermediario_psp: Option<String>,
    pub id_canale: Option<String>,
    pub tipo_versamento: Option<String>,
    pub created_at: NaiveDateTime,
    pub concluded_at: Option<NaiveDateTime>,
}

impl Sessione {
    pub fn stato(&self) -> StoreResult<StatoSessione> {
        StatoSessione::parse(&self.stato).ok_or_else(|| {
            StoreError::corrupt(format!("sessione {}: stato {}", self.id, self.stato))
        })
    }

    pub fn importo(&self) -> StoreResult<Importo> {
        Importo::from_cents(self.importo).map_err(StoreError::corrupt)
    }

    /// Whether the citizen has been away for too long.
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        self.created_at.and_utc() + NAVIGATION_TIMEOUT <= now
    }

    /// Whether the body may still ask for the choice.
    pub fn is_recoverable(&self, now: DateTime<Utc>) -> bool {
        self.concluded_at
            .is_some_and(|at| now < at.and_utc() + RECOVERY_TIMEOUT)
    }
}

/// The PSP and channel that a citizen chose, as the Node hands them to the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SceltaPsp {
    pub id_psp: String,
    pub id_intermediario_psp: String,
    pub id_canale: String,
    pub tipo_versamento: String,
}
