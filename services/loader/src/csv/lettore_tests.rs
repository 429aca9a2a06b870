//! Records cut and unquoted, whatever the line ends and wherever the reading begins.

use super::*;

const UTF8: fn(u8) -> Dialetto = |separatore| Dialetto {
    codifica: Codifica::Utf8,
    separatore,
};

/// Gives its bytes in small pieces: records are cut in every place.
struct Goccia<'a>(&'a [u8], usize);

impl Read for Goccia<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.1.min(self.0.len()).min(buffer.len());
        buffer[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

type Letti = Vec<(u64, u64, Vec<String>)>;

fn tutti<R: Read>(mut lettore: Lettore<R>) -> Letti {
    let mut out = vec![];
    while lettore.avanza().unwrap() {
        let campi = lettore.campi().into_iter().map(str::to_owned).collect();
        out.push((lettore.riga(), lettore.inizio(), campi));
    }
    out
}

fn leggi(bytes: &[u8], separatore: u8) -> Letti {
    let letti = tutti(Lettore::new(bytes, UTF8(separatore)).unwrap());
    for (riga, inizio, _) in &letti {
        // From any record on, the rest is the same.
        let qui = (*riga, *inizio);
        let da = usize::try_from(*inizio).unwrap();
        let resto = tutti(Lettore::riprendi(&bytes[da..], UTF8(separatore), qui));
        let attesi: Letti = letti.iter().filter(|l| l.1 >= *inizio).cloned().collect();
        assert_eq!(resto, attesi);
    }
    let (salta, sep) = preambolo(bytes);
    let linea = 1 + u64::from(sep.is_some());
    let goccia = Goccia(&bytes[salta..], 1);
    let lettore = Lettore::riprendi(goccia, UTF8(separatore), (linea, salta as u64));
    assert_eq!(tutti(lettore), letti);
    letti
}

fn righe(bytes: &[u8]) -> Vec<u64> {
    leggi(bytes, b',').into_iter().map(|l| l.0).collect()
}

#[test]
fn b005_blank_lines_are_skipped_and_line_numbers_are_the_editors() {
    assert_eq!(righe(b"a,b\n\n1,2\n   \n3,4\n\n\n"), [1, 3, 5]);
    assert_eq!(righe(b"a,b\r\n\r\n1,2\r\n   \r\n3,4\r\n\r\n"), [1, 3, 5]);
    assert_eq!(righe(b"a,b\r\r1,2\r3,4"), [1, 3, 4]);
    assert_eq!(righe(b"a,\"b\nb\nb\"\n1,2"), [1, 4]);
    assert_eq!(righe(b"a,\"b\r\nb\"\r\n1,2\r\n"), [1, 3]);
    assert_eq!(righe(b""), Vec::<u64>::new());
    // A line of separators only is a row: its fields are all missing.
    assert_eq!(righe(b"a,b\n,\n"), [1, 2]);
    let bytes = b"a\n\n  \nb\n";
    let con = Lettore::new(&bytes[..], UTF8(b','))
        .unwrap()
        .con_righe_vuote(true);
    assert_eq!(tutti(con).len(), 4);
}

#[test]
fn b018_b019_mark_and_sep_line_are_skipped_and_lines_still_count() {
    let letti = leggi(b"\xef\xbb\xbfsep=;\r\n\"idA2A\";b\r\n1;2\r\n", b';');
    assert_eq!(letti[0].2, ["idA2A", "b"]);
    assert_eq!((letti[0].0, letti[1].0), (2, 3));
    let letti = leggi(b"\xef\xbb\xbf\"idA2A\",b", b',');
    assert_eq!(letti[0].2[0], "idA2A");
}

#[test]
fn b002_quotes_keep_separators_line_breaks_and_doubled_quotes() {
    let letti = leggi(
        b"\"Mensa; turno A, rata 1\";\"Ditta \"\"Il Sole\"\"\";\"a\r\nb\";\n5\" tubo;\"x\"y;;\"\"\n",
        b';',
    );
    assert_eq!(
        letti[0].2,
        ["Mensa; turno A, rata 1", "Ditta \"Il Sole\"", "a\r\nb", ""]
    );
    assert_eq!(letti[1].2, ["5\" tubo", "xy", "", ""]);
}

#[test]
fn b037_windows_1252_is_decoded_field_by_field() {
    let dialetto = Dialetto {
        codifica: Codifica::Windows1252,
        separatore: b';',
    };
    let letti = tutti(Lettore::new(&b"Nicol\xf2;5\x80;x\n"[..], dialetto).unwrap());
    assert_eq!(letti[0].2, ["Nicolò", "5€", "x"]);
    let letti = tutti(Lettore::new(&b"a\xf2;b\n"[..], UTF8(b';')).unwrap());
    assert_eq!(letti[0].2, ["a\u{fffd}", "b"]);
}

#[test]
fn an_open_quote_is_told_with_the_line_where_it_begins() {
    let mut lettore = Lettore::new(&b"a,b\n\"c,d\n1,2\n"[..], UTF8(b',')).unwrap();
    assert!(lettore.avanza().unwrap());
    let errore = lettore.avanza().unwrap_err();
    assert!(
        matches!(errore, LettoreError::Virgolette { riga: 2 }),
        "{errore}"
    );
}

#[test]
fn each_limit_is_named() {
    let errore = |bytes: &[u8]| -> String {
        let mut lettore = Lettore::new(bytes, UTF8(b',')).unwrap();
        loop {
            match lettore.avanza() {
                Ok(true) => {}
                Ok(false) => panic!("nothing was refused"),
                Err(errore) => return errore.to_string(),
            }
        }
    };
    let molti = ",".repeat(CAMPI_MAX + 10);
    assert!(errore(molti.as_bytes()).contains("500 colonne"));
    let cella = format!("a,b\n1,{},3\n", "x".repeat(CELLA_MAX + 1));
    assert!(errore(cella.as_bytes()).contains("cella 2"));
    let lungo = format!("\"{}", "x,".repeat(RECORD_MAX));
    assert!(errore(lungo.as_bytes()).contains("100000 caratteri"));
}
