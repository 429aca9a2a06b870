//! How values look: money, moments, digits, counts. Italian style in both languages.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Europe::Rome;
use domain::Importo;

use crate::html::{Html, escape};

/// An [`Importo`], however many references a template puts before it.
pub trait Amount {
    fn importo(&self) -> Importo;
}

impl Amount for Importo {
    fn importo(&self) -> Importo {
        *self
    }
}

impl<T: Amount + ?Sized> Amount for &T {
    fn importo(&self) -> Importo {
        (**self).importo()
    }
}

/// A moment; a `NaiveDateTime` is UTC, as the stores keep it.
pub trait Moment {
    fn utc(&self) -> DateTime<Utc>;
}

impl Moment for DateTime<Utc> {
    fn utc(&self) -> DateTime<Utc> {
        *self
    }
}

impl Moment for NaiveDateTime {
    fn utc(&self) -> DateTime<Utc> {
        self.and_utc()
    }
}

impl<T: Moment + ?Sized> Moment for &T {
    fn utc(&self) -> DateTime<Utc> {
        (**self).utc()
    }
}

/// A day of the field.
pub trait Day {
    fn day(&self) -> NaiveDate;
}

impl Day for NaiveDate {
    fn day(&self) -> NaiveDate {
        *self
    }
}

impl<T: Day + ?Sized> Day for &T {
    fn day(&self) -> NaiveDate {
        (**self).day()
    }
}

/// `1.234,56 €` with a no-break space.
pub fn euro(importo: impl Amount) -> String {
    format!("{}\u{a0}€", importo.importo().italiano())
}

/// `118.400`.
pub fn intero(n: impl std::fmt::Display) -> String {
    let text = n.to_string();
    let (sign, digits) = text
        .strip_prefix('-')
        .map_or(("", text.as_str()), |d| ("-", d));
    let mut out = String::from(sign);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

fn time_element(at: DateTime<Utc>, shape: &str) -> Html {
    let machine = at.format("%Y-%m-%dT%H:%M:%SZ");
    let people = at.with_timezone(&Rome).format(shape);
    Html(format!("<time datetime=\"{machine}\">{people}</time>"))
}

/// `05/08/2026 12:20` in Rome.
pub fn data_ora(at: impl Moment) -> Html {
    time_element(at.utc(), "%d/%m/%Y %H:%M")
}

/// `05/08/2026 12:20:07` in Rome, for technical views.
pub fn data_ora_secondi(at: impl Moment) -> Html {
    time_element(at.utc(), "%d/%m/%Y %H:%M:%S")
}

/// `05/08/2026`.
pub fn data(day: impl Day) -> Html {
    let day = day.day();
    Html(format!(
        "<time datetime=\"{}\">{}</time>",
        day.format("%Y-%m-%d"),
        day.format("%d/%m/%Y")
    ))
}

/// An identifier in the fixed-width font, with a place to break every four characters, so that it
/// never makes a narrow page scroll sideways.
pub fn digits(value: impl std::fmt::Display) -> Html {
    Html(format!(
        "<span class=\"font-monospace\">{}</span>",
        broken(&value.to_string())
    ))
}

pub(crate) fn broken(value: &str) -> String {
    let chars: Vec<char> = value.chars().collect();
    let pieces: Vec<String> = chars
        .chunks(4)
        .map(|piece| escape(&piece.iter().collect::<String>()))
        .collect();
    pieces.join("<wbr>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_and_counts_are_grouped() {
        assert_eq!(
            euro(Importo::from_cents(123_456).unwrap()),
            "1.234,56\u{a0}€"
        );
        assert_eq!(intero(118_400), "118.400");
        assert_eq!(intero(-1_000), "-1.000");
        assert_eq!(intero(7), "7");
    }

    #[test]
    fn moments_are_shown_in_rome_and_said_in_utc() {
        let at: DateTime<Utc> = "2026-07-31T22:30:05Z".parse().unwrap();
        assert_eq!(
            data_ora(at).to_string(),
            "<time datetime=\"2026-07-31T22:30:05Z\">01/08/2026 00:30</time>"
        );
        assert_eq!(data_ora(at.naive_utc()), data_ora(at));
        assert!(
            data_ora_secondi(at)
                .to_string()
                .contains(">01/08/2026 00:30:05<")
        );
    }

    #[test]
    fn long_identifiers_can_break_and_are_escaped() {
        assert_eq!(
            digits("301000<&").to_string(),
            "<span class=\"font-monospace\">3010<wbr>00&lt;&amp;</span>"
        );
    }
}
