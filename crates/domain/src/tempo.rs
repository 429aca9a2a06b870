//! Days of the field are days in Rome, whatever the machine thinks.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Europe::Rome;

/// The calendar day in Rome at that moment.
pub fn giorno(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&Rome).date_naive()
}

/// Whether a data di scadenza is past: the whole last day is still good.
pub fn is_past(data_scadenza: NaiveDate, now: DateTime<Utc>) -> bool {
    giorno(now) > data_scadenza
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn b085_the_last_day_is_good_until_midnight_in_rome() {
        let scadenza = NaiveDate::from_ymd_opt(2026, 6, 30).unwrap();
        assert!(!is_past(scadenza, at("2026-06-30T21:59:59Z"))); // 23:59:59 in Rome
        assert!(is_past(scadenza, at("2026-06-30T22:00:00Z"))); // midnight in Rome
    }

    #[test]
    fn winter_and_summer_time_differ() {
        let d = |day| NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
        assert_eq!(giorno(at("2026-01-15T22:59:59Z")), d(15));
        assert_eq!(giorno(at("2026-01-15T23:00:00Z")), d(16));
    }
}
