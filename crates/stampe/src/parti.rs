//! Who appears on a document: the ente and the people. Only data and how they are written on paper.
//!
//! The types with personal data have no `Debug`: they cannot end in a log.

use domain::{Anagrafica, CodDominio, CodiceFiscale};

/// The ente creditore.
#[derive(Clone)]
pub struct Ente {
    /// Name, 70 characters in the RT, 140 in the anagrafica; longer texts shrink or wrap.
    pub denominazione: String,
    /// Codice fiscale, which is also the `idDominio`.
    pub codice_fiscale: CodDominio,
    pub indirizzo: Indirizzo,
}

/// A person or an organisation that owes or pays. Nothing is printed for what is missing.
#[derive(Clone, Default)]
pub struct Soggetto {
    /// `None` (or blank) when the name is not known.
    pub anagrafica: Option<Anagrafica>,
    /// Codice fiscale or partita IVA. The literal `ANONIMO` is never printed: it is no tax code.
    pub identificativo: Option<CodiceFiscale>,
}

/// A postal address. Every part may be missing; blank parts are as good as missing.
#[derive(Clone, Default)]
pub struct Indirizzo {
    pub via: Option<String>,
    pub civico: Option<String>,
    pub cap: Option<String>,
    pub localita: Option<String>,
    /// Two letters.
    pub provincia: Option<String>,
    /// Printed only when it is not Italy (`IT`).
    pub nazione: Option<String>,
}

impl Indirizzo {
    /// At most two lines, `Via della Libertà 12` and `56123 Pisa (PI)`; none when nothing is known.
    pub(crate) fn righe(&self) -> Vec<String> {
        let strada = join(&[filled(&self.via), filled(&self.civico)]);
        let provincia = filled(&self.provincia).map(|sigla| format!("({sigla})"));
        let nazione = filled(&self.nazione).filter(|sigla| !sigla.eq_ignore_ascii_case("IT"));
        let citta = join(&[
            filled(&self.cap),
            filled(&self.localita),
            provincia.as_deref(),
            nazione,
        ]);
        [strada, citta]
            .into_iter()
            .filter(|riga| !riga.is_empty())
            .collect()
    }
}

impl Soggetto {
    /// The name, or nothing.
    pub(crate) fn nome(&self) -> Option<&str> {
        let nome = self.anagrafica.as_ref().map(|a| a.as_str().trim())?;
        (!nome.is_empty() && !is_anonimo(nome)).then_some(nome)
    }

    /// The tax code, or nothing.
    pub(crate) fn codice(&self) -> Option<&str> {
        let codice = self.identificativo.as_ref().map(CodiceFiscale::as_str)?;
        (!is_anonimo(codice)).then_some(codice)
    }
}

/// The placeholder of pagoPA for a debtor that must not be named.
fn is_anonimo(text: &str) -> bool {
    text.eq_ignore_ascii_case("ANONIMO")
}

/// The text without blanks around, or nothing.
pub(crate) fn filled(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|t| !t.is_empty())
}

fn join(parts: &[Option<&str>]) -> String {
    parts
        .iter()
        .flatten()
        .copied()
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn an_address_has_no_stray_commas_or_brackets_when_parts_are_missing() {
        let full = Indirizzo {
            via: some("Via della Libertà"),
            civico: some("12"),
            cap: some("56123"),
            localita: some("Pisa"),
            provincia: some("PI"),
            nazione: some("IT"),
        };
        assert_eq!(full.righe(), ["Via della Libertà 12", "56123 Pisa (PI)"]);
        let abroad = Indirizzo {
            via: some(" "),
            localita: some("Nova Gorica"),
            provincia: some(""),
            nazione: some("SI"),
            ..Indirizzo::default()
        };
        assert_eq!(abroad.righe(), ["Nova Gorica SI"]);
        assert!(Indirizzo::default().righe().is_empty());
    }

    #[test]
    fn b078_anonimo_is_neither_a_name_nor_a_tax_code() {
        let anonimo = Soggetto {
            anagrafica: Some(Anagrafica::new("Anonimo")),
            identificativo: CodiceFiscale::parse("ANONIMO").ok(),
        };
        assert_eq!((anonimo.nome(), anonimo.codice()), (None, None));
        assert_eq!(Soggetto::default().nome(), None);
    }
}
