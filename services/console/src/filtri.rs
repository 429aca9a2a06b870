//! What the lists may be asked for, and who may see what.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Europe::Rome;

use crate::visti::{Gruppo, PagamentoVisto};

/// The bodies that an operator sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visibili {
    Tutti,
    Solo(Vec<String>),
}

impl Visibili {
    /// From the tenant's list; `*` is all.
    pub fn new(domini: &[String]) -> Self {
        if domini.iter().any(|d| d == "*") {
            Self::Tutti
        } else {
            Self::Solo(domini.to_vec())
        }
    }

    pub fn sees(&self, id_dominio: &str) -> bool {
        match self {
            Self::Tutti => true,
            Self::Solo(domini) => domini.iter().any(|d| d == id_dominio),
        }
    }

    /// Something that belongs to no body is for those who see all of them.
    pub fn sees_maybe(&self, id_dominio: Option<&str>) -> bool {
        id_dominio.map_or(*self == Self::Tutti, |id| self.sees(id))
    }
}

/// Minutes after which a receipt is late: the tile of the dashboard and its list.
pub const ATTESA_LUNGA: TimeDelta = TimeDelta::minutes(1);

/// Filters of the attempts; all must hold.
#[derive(Clone, Debug, Default)]
pub struct Filtro {
    /// One of these; empty: any.
    pub gruppi: Vec<Gruppo>,
    pub anomale: bool,
    pub id_dominio: Option<String>,
    /// Numero avviso, IUV or CCP.
    pub testo: Option<String>,
    /// Begun from here on.
    pub da: Option<NaiveDateTime>,
    /// Begun before.
    pub prima_di: Option<NaiveDateTime>,
    /// Last news from here on.
    pub novita_da: Option<NaiveDateTime>,
}

/// Filters of the pendenze.
#[derive(Clone, Debug, Default)]
pub struct FiltroPendenze {
    pub id_dominio: Option<String>,
    pub stato: Option<String>,
    pub testo: Option<String>,
}

/// Where a page of the attempts ends: the next one begins after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursore {
    pub in_attesa: bool,
    pub primo_at: NaiveDateTime,
    pub id: i64,
}

impl Cursore {
    pub fn of(row: &PagamentoVisto) -> Self {
        Self {
            in_attesa: row.in_attesa,
            primo_at: row.primo_at,
            id: row.id,
        }
    }

    pub fn encode(self) -> String {
        let ms = self.primo_at.and_utc().timestamp_millis();
        format!("{}.{ms}.{}", u8::from(self.in_attesa), self.id)
    }

    /// `None` for a text that no page of ours has made.
    pub fn decode(text: &str) -> Option<Self> {
        let (flag, rest) = text.split_once('.')?;
        let (ms, id) = rest.split_once('.')?;
        let in_attesa = match flag {
            "0" => false,
            "1" => true,
            _ => return None,
        };
        let primo_at = DateTime::from_timestamp_millis(ms.parse().ok()?)?.naive_utc();
        Some(Self {
            in_attesa,
            primo_at,
            id: id.parse().ok()?,
        })
    }
}

/// The numbers of the dashboard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conteggi {
    pub in_attesa: i64,
    pub attesa_lunga: i64,
    /// Ended without money since midnight in Rome.
    pub negativi_oggi: i64,
    pub anomali: i64,
}

/// The moment a day begins in Rome, in UTC.
pub fn inizio_giorno(day: NaiveDate) -> NaiveDateTime {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    // Italy never changes its clocks at midnight; the fallback only keeps the function total.
    midnight
        .and_local_timezone(Rome)
        .earliest()
        .map_or(midnight, |at| at.naive_utc())
}

/// Midnight in Rome of the day of `now`.
pub fn oggi(now: DateTime<Utc>) -> NaiveDateTime {
    inizio_giorno(domain::tempo::giorno(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_goes_there_and_back_and_a_made_up_one_is_none() {
        let at = DateTime::from_timestamp_millis(1_768_471_200_123)
            .unwrap()
            .naive_utc();
        let cursore = Cursore {
            in_attesa: true,
            primo_at: at,
            id: 42,
        };
        assert_eq!(Cursore::decode(&cursore.encode()), Some(cursore));
        for wrong in [
            "",
            "1",
            "2.1.1",
            "1.x.1",
            "1.1.x",
            "1.99999999999999999999.1",
        ] {
            assert_eq!(Cursore::decode(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_day_begins_at_midnight_in_rome() {
        let day = |text: &str| inizio_giorno(text.parse().unwrap()).to_string();
        assert_eq!(day("2026-01-15"), "2026-01-14 23:00:00");
        assert_eq!(day("2026-07-15"), "2026-07-14 22:00:00");
    }

    #[test]
    fn an_operator_sees_the_bodies_of_the_tenant_file_and_no_other() {
        let one = Visibili::new(&["12345678903".into()]);
        assert!(one.sees("12345678903") && !one.sees("09876543217") && !one.sees_maybe(None));
        let all = Visibili::new(&["*".into()]);
        assert!(all.sees("09876543217") && all.sees_maybe(None));
    }
}
