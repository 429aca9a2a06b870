//! Texts as they go on paper: which characters can be printed, codes in groups, dates.
//!
//! PDF/A and PDF/UA forbid characters without a glyph, control characters and the private use area:
//! one emoji in a causale would make the whole receipt fail. Such characters become `□`, visibly.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Europe::Rome;
use serde_json::Value;

/// Stands for a character that no font of ours can draw.
const UNPRINTABLE: char = '□';

/// Makes every text inside the value printable. `covered` says whether some font has the character.
pub(crate) fn make_printable(value: &mut Value, covered: &impl Fn(char) -> bool) {
    match value {
        Value::String(text) => *text = printable(text, covered),
        Value::Array(items) => items.iter_mut().for_each(|v| make_printable(v, covered)),
        Value::Object(fields) => fields.values_mut().for_each(|v| make_printable(v, covered)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn printable(text: &str, covered: &impl Fn(char) -> bool) -> String {
    text.chars()
        .filter_map(|c| match c {
            ' '..='~' => Some(c),
            c if c.is_control() || c.is_whitespace() && c != '\u{a0}' => Some(' '),
            // Soft hyphens, joiners, direction marks, byte order marks: they draw nothing, and can
            // make a document read other than it is.
            '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e0fff}' => None,
            '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{ffff}' | '\u{f0000}'.. => Some(UNPRINTABLE),
            c if covered(c) => Some(c),
            _ => Some(UNPRINTABLE),
        })
        .collect()
}

/// Digits in groups of four from the left, as the codice avviso is printed (`3010 0000 0000 0042 85`).
pub(crate) fn in_groups_of_four(code: &str) -> String {
    let mut out = String::with_capacity(code.len() + code.len() / 4);
    for (i, c) in code.chars().enumerate() {
        if i > 0 && i % 4 == 0 {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// `31/12/2026`.
pub(crate) fn giorno(data: NaiveDate) -> String {
    data.format("%d/%m/%Y").to_string()
}

/// `31/12/2026 10:05`, the time of Rome.
pub(crate) fn giorno_e_ora(at: DateTime<Utc>) -> String {
    at.with_timezone(&Rome).format("%d/%m/%Y %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_without_glyph_becomes_a_visible_box() {
        let latin = |c: char| u32::from(c) < 0x250;
        let mut value = serde_json::json!({"a": ["Perché 🎉 no\t\u{e001}\u{200b}\u{202e}x\0"]});
        make_printable(&mut value, &latin);
        assert_eq!(value["a"][0], "Perché □ no □x ");
    }

    #[test]
    fn the_codice_avviso_is_printed_in_groups_of_four() {
        assert_eq!(
            in_groups_of_four("301000000000004285"),
            "3010 0000 0000 0042 85"
        );
    }

    #[test]
    fn times_are_those_of_rome() {
        let at = |text: &str| giorno_e_ora(text.parse().unwrap());
        assert_eq!(at("2026-06-30T22:05:00Z"), "01/07/2026 00:05");
        assert_eq!(at("2026-12-31T22:59:59Z"), "31/12/2026 23:59");
    }
}
