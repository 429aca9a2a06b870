//! How many elements a JSON tracciato has, counted while its bytes go by.

/// Counts the elements of the lists without keeping or judging any of them.
#[derive(Debug, Default)]
pub struct Conta {
    elementi: u64,
    /// Brackets that are open.
    aperte: u64,
    /// The second of them is that of a list.
    in_elenco: bool,
    /// The next byte that is not blank begins an element, or ends the list.
    atteso: bool,
    in_testo: bool,
    barra: bool,
}

impl Conta {
    /// Takes the next bytes of the file.
    pub fn push(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.byte(*byte);
        }
    }

    /// Elements that have begun so far.
    pub fn quanti(&self) -> u64 {
        self.elementi
    }

    fn byte(&mut self, byte: u8) {
        if self.in_testo {
            match byte {
                _ if self.barra => self.barra = false,
                b'\\' => self.barra = true,
                b'"' => self.in_testo = false,
                _ => {}
            }
            return;
        }
        if self.atteso && !byte.is_ascii_whitespace() {
            self.atteso = false;
            self.elementi += u64::from(!matches!(byte, b',' | b']'));
        }
        match byte {
            b'"' => self.in_testo = true,
            b'{' | b'[' => {
                self.aperte += 1;
                if self.aperte == 2 {
                    self.in_elenco = byte == b'[';
                    self.atteso = self.in_elenco;
                }
            }
            // A file whose brackets do not match is told when it is read.
            b'}' | b']' => self.aperte = self.aperte.saturating_sub(1),
            b',' if self.aperte == 2 => self.atteso = self.in_elenco,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quanti(testo: &str, pezzo: usize) -> u64 {
        let mut conta = Conta::default();
        for bytes in testo.as_bytes().chunks(pezzo) {
            conta.push(bytes);
        }
        conta.quanti()
    }

    #[test]
    fn the_elements_of_both_lists_are_counted_wherever_the_bytes_are_cut() {
        let testo = r#" {"idTracciato": "a,[b]\"{", "inserimenti": [ {"a": "}],\"{[,", "b": [1, 2, {"c": []}]},
            {"a": 2}, 3,"x,y" ], "annullamenti": [{"c": {"d": 1, "e": 2}}], "idDominio": "1,2"} "#;
        for pezzo in 1..testo.len() {
            assert_eq!(quanti(testo, pezzo), 5, "pieces of {pezzo}");
        }
    }

    #[test]
    fn what_is_not_an_element_of_a_list_does_not_count() {
        for testo in [
            "{}",
            r#"{"inserimenti": [ ], "annullamenti":[]}"#,
            r#"{"inserimenti": null, "idTracciato": {"a": 1, "b": 2}}"#,
            r#"{"inserimenti": [,]}}]"#,
            "]]}}",
            "",
        ] {
            assert_eq!(quanti(testo, 3), 0, "{testo}");
        }
        // One that is cut has begun.
        assert_eq!(quanti(r#"{"inserimenti": [{"a": 1}, {"b"#, 3), 2);
    }
}
