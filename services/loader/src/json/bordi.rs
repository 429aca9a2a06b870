//! Where a JSON value ends, found without understanding it.

use super::PROFONDITA_MAX;

/// What was found.
pub enum Esito {
    Continua,
    Finito,
    Storto(&'static str),
}

/// Where a value ends.
#[derive(Default)]
pub struct Bordi {
    /// The brackets that are open.
    aperte: Vec<u8>,
    in_testo: bool,
    barra: bool,
    iniziato: bool,
}

impl Bordi {
    /// How many of these bytes are of the value, and whether it ends there.
    pub fn consuma(&mut self, bytes: &[u8]) -> (usize, Esito) {
        for (i, byte) in bytes.iter().enumerate() {
            if self.in_testo {
                match byte {
                    _ if self.barra => self.barra = false,
                    b'\\' => self.barra = true,
                    b'"' => {
                        self.in_testo = false;
                        if self.aperte.is_empty() {
                            return (i + 1, Esito::Finito);
                        }
                    }
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' if self.iniziato && self.aperte.is_empty() => return (i, Esito::Finito),
                b'"' => self.in_testo = true,
                b'{' | b'[' if self.iniziato && self.aperte.is_empty() => {
                    return (i, Esito::Finito);
                }
                b'{' | b'[' => {
                    if self.aperte.len() == PROFONDITA_MAX {
                        return (
                            i,
                            Esito::Storto("ci sono troppe parentesi una dentro l'altra"),
                        );
                    }
                    self.aperte.push(*byte);
                }
                b'}' | b']' => match (self.aperte.pop(), byte) {
                    (Some(b'{'), b'}') | (Some(b'['), b']') => {
                        if self.aperte.is_empty() {
                            return (i + 1, Esito::Finito);
                        }
                    }
                    // The end of what holds a bare value.
                    (None, _) if self.iniziato => return (i, Esito::Finito),
                    (None, _) => return (i, Esito::Storto("manca un valore")),
                    _ => {
                        return (
                            i,
                            Esito::Storto("una parentesi si chiude senza essere stata aperta"),
                        );
                    }
                },
                b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if self.aperte.is_empty() => {
                    if self.iniziato {
                        return (i, Esito::Finito);
                    }
                    return (i, Esito::Storto("manca un valore"));
                }
                _ => {}
            }
            self.iniziato = true;
        }
        (bytes.len(), Esito::Continua)
    }
}
