//! Uploads that are taken and refused.

use super::*;

fn esamina(bytes: &[u8], scelte: Scelte) -> Result<Esame, Rifiuto> {
    let mut controllo = Controllo::new(Limiti {
        bytes: 1000,
        righe: 10,
    });
    // In pieces of three bytes: characters are cut in the middle.
    for parte in bytes.chunks(3) {
        controllo.push(parte)?;
    }
    controllo.finish(scelte)
}

fn rifiuto(bytes: &[u8]) -> &'static str {
    esamina(bytes, Scelte::default()).unwrap_err().key
}

#[test]
fn files_that_are_not_csv_are_refused_each_with_its_reason() {
    assert_eq!(rifiuto(b"PK\x03\x04rest"), "rifiuto-foglio");
    assert_eq!(rifiuto(b"\xd0\xcf\x11\xe0rest"), "rifiuto-foglio");
    assert_eq!(rifiuto(b"a,b\nc\0,d\n"), "rifiuto-non-testo");
    assert_eq!(rifiuto(b"%PDF-1.7\n"), "rifiuto-non-testo");
    assert_eq!(rifiuto(b"<html>\n</html>"), "rifiuto-non-testo");
    assert_eq!(rifiuto(b"\xff\xfea\0"), "rifiuto-utf16");
}

#[test]
fn b004_nothing_at_all_and_a_header_only_are_told_apart() {
    for vuoto in [&b""[..], b"\n\r\n ", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"] {
        assert_eq!(rifiuto(vuoto), "rifiuto-vuoto", "{vuoto:?}");
    }
    for solo in [
        &b"idA2A,idPendenza"[..],
        b"idA2A,idPendenza\n",
        b"sep=;\nidA2A;b\n\n",
    ] {
        assert_eq!(rifiuto(solo), "rifiuto-solo-intestazione");
    }
    assert!(esamina(b"ADD;A;1", Scelte::default()).is_ok());
    let posizionale = format!("GESTIONALE,P1,12345678903{}", ",x".repeat(35));
    assert!(esamina(posizionale.as_bytes(), Scelte::default()).is_ok());
    assert!(esamina(b"idA2A,b\r1,2\r", Scelte::default()).is_ok());
}

#[test]
fn a_mapping_says_whether_the_only_line_is_a_header() {
    let con = |intestazione| Scelte {
        intestazione: Some(intestazione),
        ..Scelte::default()
    };
    for uno in [&b"P1;Rossi;12,50"[..], b"P1;Rossi;12,50\r\n", b"ADD;A;1"] {
        assert!(esamina(uno, con(false)).is_ok(), "{uno:?}");
        let rifiuto = esamina(uno, con(true)).unwrap_err();
        assert_eq!(rifiuto.code, "SOLO_INTESTAZIONE", "{uno:?}");
    }
    // A row is needed all the same.
    assert_eq!(esamina(b"\r\n", con(false)).unwrap_err().code, "FILE_VUOTO");
}

#[test]
fn a_json_is_known_by_its_first_byte_and_govpay_takes_empty_files() {
    let atteso = |atteso| Scelte {
        atteso,
        ..Scelte::default()
    };
    for json in ["{}", " \n{\"a\":1", "\u{feff}{\n}\n", &"{\n".repeat(20)] {
        assert!(esamina(json.as_bytes(), Scelte::default()).unwrap().json);
        assert!(esamina(json.as_bytes(), atteso(Atteso::Json)).unwrap().json);
    }
    let codice = |bytes: &[u8], a| esamina(bytes, atteso(a)).unwrap_err().code;
    assert_eq!(codice(b"a,b\n1,2\n", Atteso::Json), "NON_JSON");
    assert_eq!(codice(b" \n", Atteso::Json), "FILE_VUOTO");
    assert_eq!(
        codice(b"{\"a\":\"\xf2\"}", Atteso::NonDetto),
        "CODIFICA_ERRATA"
    );
    for csv in [
        &b""[..],
        b"\n",
        b"\xef\xbb\xbf",
        b"sep=;\n",
        b"a,b\n",
        b"{\n",
    ] {
        assert!(!esamina(csv, atteso(Atteso::CsvGovpay)).unwrap().json);
    }
    assert_eq!(codice(b"PK\x03\x04", Atteso::CsvGovpay), "NON_CSV");
}

#[test]
fn b028_one_byte_more_than_the_limit_is_too_much() {
    let esatto = [b"a\n".as_slice(), &[b'x'; 998]].concat();
    assert!(esamina(&esatto, Scelte::default()).is_ok());
    let troppo = [esatto.as_slice(), b"x"].concat();
    assert_eq!(rifiuto(&troppo), "rifiuto-troppo-grande");
}

#[test]
fn too_many_rows_are_counted_to_the_last_and_told_beside_the_limit() {
    let troppe = |bytes: &[u8]| {
        let rifiuto = esamina(bytes, Scelte::default()).unwrap_err();
        assert_eq!((rifiuto.code, rifiuto.n), ("TROPPE_RIGHE", 10));
        (rifiuto.key, rifiuto.trovate)
    };
    assert!(esamina(&b"x\n".repeat(10), Scelte::default()).is_ok());
    assert_eq!(troppe(&b"x\n".repeat(11)), ("rifiuto-troppe-righe", 11));
    assert_eq!(troppe(&b"x\n\n".repeat(200)), ("rifiuto-troppe-righe", 200));
    // The last line may have no end.
    let monca = [b"x\n".repeat(10).as_slice(), b"x"].concat();
    assert_eq!(troppe(&monca), ("rifiuto-troppe-righe", 11));
}

#[test]
fn the_rows_of_a_json_are_the_elements_of_both_its_lists_and_not_its_lines() {
    let file = |inserimenti: usize, annullamenti: usize, fine: &str| {
        let elenco = |n: usize| vec!["{\"a\":[1,2]}"; n].join(fine);
        let (prima, dopo) = (elenco(inserimenti), elenco(annullamenti));
        format!("{{\"inserimenti\":[{prima}],\"annullamenti\":[{dopo}]}}").into_bytes()
    };
    assert!(esamina(&file(6, 4, ",\n\n"), Scelte::default()).is_ok());
    assert!(esamina(&file(10, 0, "\n,\n"), Scelte::default()).is_ok());
    for fine in [",", ",\n"] {
        let rifiuto = esamina(&file(9, 3, fine), Scelte::default()).unwrap_err();
        let atteso = ("rifiuto-troppi-elementi", "TROPPE_RIGHE", 10, 12);
        let trovato = (rifiuto.key, rifiuto.code, rifiuto.n, rifiuto.trovate);
        assert_eq!(trovato, atteso);
    }
    // GovPay's CSV is one, whatever it begins with.
    let csv = Scelte {
        atteso: Atteso::CsvGovpay,
        ..Scelte::default()
    };
    assert!(esamina(&file(12, 0, ","), csv).is_ok());
    let rifiuto = esamina(&file(12, 0, ",\n"), csv).unwrap_err();
    assert_eq!((rifiuto.key, rifiuto.trovate), ("rifiuto-troppe-righe", 12));
}

#[test]
fn b037_the_encoding_is_found_out_or_checked() {
    let utf8 = esamina("a\nNicolò €\n".as_bytes(), Scelte::default()).unwrap();
    assert_eq!(utf8.dialetto.codifica, Codifica::Utf8);
    let cp1252 = esamina(b"a\nNicol\xf2\n", Scelte::default()).unwrap();
    assert_eq!(cp1252.dialetto.codifica, Codifica::Windows1252);
    let scelte = Scelte {
        codifica: Some(Codifica::Utf8),
        ..Scelte::default()
    };
    let rifiuto = esamina(b"a\nb\nNicol\xf2\n", scelte).unwrap_err();
    assert_eq!((rifiuto.key, rifiuto.n), ("rifiuto-non-utf8", 3));
    // Cut in the middle of a character at the very end.
    assert_eq!(esamina(b"a\nb\xc3", scelte).unwrap_err().n, 2);
}

#[test]
fn the_fingerprint_is_that_of_the_bytes() {
    let esame = esamina(b"a\nb\n", Scelte::default()).unwrap();
    assert_eq!(esame.dimensione, 4);
    assert_eq!(esame.sha256.len(), 64);
    assert_eq!(esame.dialetto.separatore, b',');
}
