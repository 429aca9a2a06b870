//! Any table in any dialect gives the same rows; damaged files never panic and never change a value
//! in silence.

use std::sync::LazyLock;

use csv::{QuoteStyle, Terminator, WriterBuilder};
use loader::misura::Banco;
use proptest::prelude::*;

use crate::fixture::{TESTA, molte, riga};

static BANCO: LazyLock<Banco> = LazyLock::new(|| Banco::demo().unwrap());

/// Ways to write the same table.
#[derive(Clone, Debug)]
struct Dialetto {
    separatore: u8,
    fine: &'static str,
    ovunque: bool,
    bom: bool,
    windows: bool,
    vuote: bool,
}

fn dialetto() -> impl Strategy<Value = Dialetto> {
    let separatore = prop::sample::select(vec![b',', b';', b'\t', b'|']);
    let fine = prop::sample::select(vec!["\r\n", "\n", "\r"]);
    let flag = any::<bool>;
    (separatore, fine, flag(), flag(), flag(), flag()).prop_map(
        |(separatore, fine, ovunque, bom, windows, vuote)| Dialetto {
            separatore,
            fine,
            ovunque,
            bom: bom && !windows,
            windows,
            vuote,
        },
    )
}

/// Texts that both encodings have, with all that a CSV finds hard.
fn causale() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9àèéìòù€’“–;,|\t\" .#=+@-]{1,60}"
        .prop_map(|t| t.trim().to_owned())
        .prop_filter("a causale is not empty", |t| !t.is_empty())
}

fn scrivi(dialetto: &Dialetto, causali: &[String]) -> Vec<u8> {
    let mut righe = vec![TESTA.split(';').map(str::to_owned).collect::<Vec<_>>()];
    for (i, causale) in causali.iter().enumerate() {
        let base = riga(&format!("PR-{i}"));
        let mut celle: Vec<String> = base.split(';').map(str::to_owned).collect();
        celle[4].clone_from(causale);
        righe.push(celle);
    }
    let stile = if dialetto.ovunque {
        QuoteStyle::Always
    } else {
        QuoteStyle::Necessary
    };
    let mut testo = String::new();
    for celle in righe {
        let mut writer = WriterBuilder::new()
            .delimiter(dialetto.separatore)
            .quote_style(stile)
            .terminator(Terminator::Any(b'\n'))
            .from_writer(vec![]);
        writer.write_record(celle).unwrap();
        let record = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        testo.push_str(record.trim_end_matches('\n'));
        testo.push_str(dialetto.fine);
        if dialetto.vuote {
            testo.push_str(dialetto.fine);
        }
    }
    let bytes = match dialetto.windows {
        true => encoding_rs::WINDOWS_1252.encode(&testo).0.into_owned(),
        false => testo.into_bytes(),
    };
    match dialetto.bom {
        true => [b"\xef\xbb\xbf".as_slice(), &bytes].concat(),
        false => bytes,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_table_in_any_dialect_gives_the_same_rows(
        dialetto in dialetto(),
        causali in prop::collection::vec(causale(), 1..8),
    ) {
        let bytes = scrivi(&dialetto, &causali);
        let buone = BANCO.buone(&bytes).unwrap();
        let lette: Vec<String> = buone.iter().filter_map(|b| b.causale.clone()).collect();
        // A tab in a text becomes a blank, and is told.
        let attese: Vec<String> = causali
            .iter()
            .map(|c| if c.contains('\t') { c.split_whitespace().collect::<Vec<_>>().join(" ") } else { c.clone() })
            .collect();
        prop_assert_eq!(lette, attese);
        for (buona, causale) in buone.iter().zip(&causali) {
            prop_assert_eq!(buona.segnalata, causale.contains('\t'));
            prop_assert_eq!(buona.cents, Some(1000));
        }
    }

    #[test]
    fn a_damaged_file_never_panics_and_never_changes_a_value_in_silence(
        danni in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 1..6),
    ) {
        let mut bytes = molte("DAN", 5);
        for (dove, byte, come) in danni {
            let i = dove.index(bytes.len());
            match come {
                0 => bytes[i] = byte,
                1 => bytes.insert(i, byte),
                _ => { bytes.remove(i); }
            }
        }
        if let Ok(misura) = BANCO.valida(&bytes).unwrap() {
            prop_assert!(misura.valide <= misura.righe);
            prop_assert!(!misura.interrotta || misura.segnalazioni > 0);
            prop_assert!(misura.valide == misura.righe || misura.segnalazioni > 0);
        }
        for buona in BANCO.buone(&bytes).unwrap() {
            let cella = |nome: &str| buona.celle.get(nome).map(|c| c.trim().to_owned());
            if !buona.segnalata && let (Some(letta), Some(cella)) = (buona.causale.clone(), cella("causale")) {
                prop_assert_eq!(letta, cella, "the text of the cell, whole");
            }
            if let (Some(cents), Some(cella)) = (buona.cents, cella("importo")) {
                let cifre: String = cella.chars().filter(char::is_ascii_digit).collect();
                let intere = format!("{cents}");
                let cifre = cifre.trim_start_matches('0');
                let uguali = intere == cifre || intere == format!("{cifre}0") || intere == format!("{cifre}00");
                prop_assert!(uguali, "{} is read as {}", cella, cents);
            }
        }
    }

    #[test]
    fn bytes_of_any_kind_are_refused_or_judged(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let giudizio = BANCO.valida(&bytes).unwrap();
        if let Ok(misura) = giudizio {
            prop_assert_eq!(misura.valide, 0);
            prop_assert!(misura.segnalazioni > 0);
        }
    }
}
