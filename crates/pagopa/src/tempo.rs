//! Dates and times on the wire. pagoPA writes wall-clock time of Rome without an offset.

use chrono::{DateTime, NaiveDateTime, TimeZone, Timelike, Utc};
use chrono_tz::Europe::Rome;

/// The wall-clock time in Rome, to the second: the value for every `dateTime` field that we write.
pub fn ora_di_roma(at: DateTime<Utc>) -> NaiveDateTime {
    let local = at.with_timezone(&Rome).naive_local();
    local.with_nanosecond(0).unwrap_or(local)
}

/// The moment that a wall-clock time in Rome denotes. In the hour that repeats in autumn the first one;
/// in the hour that does not exist in spring, the moment one hour later.
pub fn istante(local: NaiveDateTime) -> DateTime<Utc> {
    let resolved = Rome.from_local_datetime(&local).earliest().or_else(|| {
        Rome.from_local_datetime(&(local + chrono::TimeDelta::hours(1)))
            .earliest()
    });
    match resolved {
        Some(at) => at.with_timezone(&Utc),
        None => local.and_utc(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_winter_and_the_two_odd_hours() {
        for (utc, rome) in [
            ("2026-07-01T10:00:00Z", "2026-07-01T12:00:00"),
            ("2026-01-01T23:30:00Z", "2026-01-02T00:30:00"),
            ("2026-10-25T00:30:00Z", "2026-10-25T02:30:00"),
        ] {
            let at: DateTime<Utc> = utc.parse().unwrap();
            let local: NaiveDateTime = rome.parse().unwrap();
            assert_eq!(ora_di_roma(at), local);
            assert_eq!(istante(local), at);
        }
        let missing: NaiveDateTime = "2026-03-29T02:30:00".parse().unwrap();
        assert_eq!(istante(missing).to_rfc3339(), "2026-03-29T01:30:00+00:00");
    }
}
