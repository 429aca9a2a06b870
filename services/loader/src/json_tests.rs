//! The JSON tracciato cut in every way.

use super::*;

const FILE: &str = r#" {"idTracciato": "T-1",
 "inserimenti": [ {"a": "}]\"{[", "b": [1, 2]},
   {"a": 2}, 3 ],
 "annullamenti": [{"c": {}}],
 "idDominio": "12345678903"
} "#;

/// A source that gives its bytes in two pieces.
struct InDue<'a>(&'a [u8], &'a [u8]);

impl Read for InDue<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.0.is_empty() {
            self.0 = std::mem::take(&mut self.1);
        }
        let n = self.0.len().min(out.len());
        out[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

type Elemento = (Elenco, u64, u64, String);

fn tutti<R: Read>(mut lettore: LettoreJson<R>) -> Result<(Vec<Elemento>, Testata), LettoreError> {
    let mut elementi = vec![];
    while lettore.avanza()? {
        let testo = String::from_utf8_lossy(lettore.elemento()).into_owned();
        elementi.push((lettore.elenco(), lettore.riga(), lettore.inizio(), testo));
    }
    Ok((elementi, lettore.testata().clone()))
}

fn errore(testo: &str) -> (u64, String) {
    match tutti(LettoreJson::new(testo.as_bytes())) {
        Err(LettoreError::Json { riga, problema }) => (riga, problema),
        altro => panic!("{testo}: {altro:?}"),
    }
}

#[test]
fn elements_are_the_same_wherever_the_bytes_are_cut() {
    let (attesi, testata) = tutti(LettoreJson::new(FILE.as_bytes())).unwrap();
    let visti: Vec<(Elenco, u64, &str)> = attesi
        .iter()
        .map(|(elenco, riga, _, testo)| (*elenco, *riga, testo.as_str()))
        .collect();
    let (i, a) = (Elenco::Inserimenti, Elenco::Annullamenti);
    assert_eq!(
        visti,
        [
            (i, 2, r#"{"a": "}]\"{[", "b": [1, 2]}"#),
            (i, 3, r#"{"a": 2}"#),
            (i, 3, "3"),
            (a, 4, r#"{"c": {}}"#),
        ]
    );
    assert_eq!(testata.id_tracciato.as_deref(), Some("T-1"));
    assert_eq!(testata.id_dominio.as_deref(), Some("12345678903"));
    for (_, _, inizio, testo) in &attesi {
        let dove = usize::try_from(*inizio).unwrap();
        assert!(FILE[dove..].starts_with(testo));
    }
    for n in 0..=FILE.len() {
        let (prima, dopo) = FILE.as_bytes().split_at(n);
        let letti = tutti(LettoreJson::new(InDue(prima, dopo))).unwrap();
        assert_eq!(letti, (attesi.clone(), testata.clone()), "cut at {n}");
    }
}

#[test]
fn a_file_that_ends_early_is_an_error_wherever_it_ends() {
    let intero = FILE.trim();
    for n in 1..intero.len() {
        let (_, problema) = errore(&intero[..n]);
        assert!(problema.contains("finisce a metà"), "{n}: {problema}");
    }
    for vuoto in ["", " \n", "\u{feff}"] {
        let mut lettore = LettoreJson::new(vuoto.as_bytes());
        assert!(!lettore.apri().unwrap());
    }
}

#[test]
fn the_reading_goes_on_from_any_element() {
    let rovescio = FILE
        .replace("inserimenti", "x")
        .replace("annullamenti", "inserimenti");
    let rovescio = rovescio.replace("\"x\"", "\"annullamenti\"");
    for file in [FILE, &rovescio] {
        let (attesi, _) = tutti(LettoreJson::new(file.as_bytes())).unwrap();
        let primo = attesi[0].0;
        for (i, (elenco, riga, inizio, _)) in attesi.iter().enumerate() {
            let mut testa = LettoreJson::new(file.as_bytes());
            testa.apri().unwrap();
            let resto = &file.as_bytes()[usize::try_from(*inizio).unwrap()..];
            let ripreso = testa.riprendi(resto, (*riga, *inizio), *elenco != primo);
            assert_eq!(tutti(ripreso).unwrap().0, attesi[i..]);
        }
    }
}

#[test]
fn what_is_not_a_tracciato_is_told_with_its_line() {
    for (testo, riga, problema) in [
        ("[]", 1, "comincia con una parentesi graffa"),
        ("{\n\"x\": 1}", 2, "«x» non è di un tracciato"),
        ("{\"inserimenti\": {}}", 1, "ci si aspetta un elenco"),
        (
            "{\"inserimenti\": [],\n\n\"inserimenti\": []}",
            3,
            "è ripetuto",
        ),
        ("{\"idTracciato\": 1}", 1, "deve essere un testo"),
        (
            "{\"idTracciato\": \"1\" \"idDominio\": \"1\"}",
            1,
            "ci si aspetta una virgola",
        ),
        ("{\"inserimenti\": [1 2]}", 1, "ci si aspetta una virgola"),
        ("{\"inserimenti\": [1,]}", 1, "manca un valore"),
        ("{\"inserimenti\": [{]}]}", 1, "senza essere stata aperta"),
        ("{}{}", 1, "c'è dell'altro"),
        ("{,}", 1, "ci si aspetta il nome"),
        ("{\"idTracciato\":\"1\",}", 1, "ci si aspetta il nome"),
    ] {
        let (dove, che) = errore(testo);
        assert_eq!(dove, riga, "{testo}: {che}");
        assert!(che.contains(problema), "{testo}: {che}");
    }
    assert!(tutti(LettoreJson::new("{\"annullamenti\": null}".as_bytes())).is_ok());
}

#[test]
fn elements_have_a_largest_size_and_depth() {
    let uno = |elemento: String| format!("{{\"inserimenti\":[{elemento}]}}");
    let pieno = |n: usize| uno(format!("\"{}\"", "x".repeat(n - 2)));
    assert!(tutti(LettoreJson::new(pieno(ELEMENTO_MAX).as_bytes())).is_ok());
    assert!(errore(&pieno(ELEMENTO_MAX + 1)).1.contains("supera 1 MiB"));
    let fondo = |n: usize| uno(format!("{}{}", "[".repeat(n), "]".repeat(n)));
    assert!(tutti(LettoreJson::new(fondo(PROFONDITA_MAX).as_bytes())).is_ok());
    assert!(
        errore(&fondo(PROFONDITA_MAX + 1))
            .1
            .contains("troppe parentesi")
    );
}

#[test]
fn mutated_files_end_in_elements_or_in_an_error() {
    // A generator of its own: the same files at each run.
    let mut seme = 0x9e37_79b9_7f4a_7c15_u64;
    let mut caso = move |n: usize| {
        seme ^= seme << 13;
        seme ^= seme >> 7;
        seme ^= seme << 17;
        usize::try_from(seme % n as u64).unwrap()
    };
    let segni = b"{}[]\",:\\ \n0an\xff";
    let mut letti = [0, 0];
    for _ in 0..20_000 {
        let mut bytes = FILE.as_bytes().to_vec();
        for _ in 0..=caso(4) {
            let (dove, segno) = (caso(bytes.len()), segni[caso(segni.len())]);
            match caso(3) {
                0 => bytes[dove] = segno,
                1 => bytes.insert(dove, segno),
                _ => drop(bytes.remove(dove)),
            }
        }
        let esito = tutti(LettoreJson::new(bytes.as_slice()));
        letti[usize::from(esito.is_ok())] += 1;
        for (elenco, riga, _, testo) in esito.map(|(e, _)| e).unwrap_or_default() {
            let letto = elemento::leggi(elenco, testo.as_bytes(), riga);
            assert_eq!(letto.richiesta.is_none(), !letto.segnalazioni.is_empty());
        }
    }
    assert!(letti.iter().all(|n| *n > 1000), "{letti:?}");
}
