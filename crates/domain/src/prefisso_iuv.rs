//! The prefix that a body gives to the IUVs it generates: digits, and placeholders that the order fills.

/// What an order puts in the place of the placeholders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ValoriPrefisso<'a> {
    /// The year of the world's clock in Rome.
    pub anno: i32,
    /// `codificaIuv` of the applicazione, 1 to 3 digits.
    pub applicazione: Option<&'a str>,
    /// `codificaIUV` of the tipo pendenza, as it is in force for the body, 1 to 3 digits.
    pub tipo: Option<&'a str>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrefissoError {
    #[error("il prefisso {0} chiede con %(a) la codificaIuv dell'applicazione, che non ne ha")]
    Applicazione(String),
    #[error("il prefisso {0} chiede con %(t) la codificaIUV del tipo pendenza, che non ne ha")]
    Tipo(String),
    #[error("il prefisso {0} non è fatto di cifre e di %(a), %(t), %(p), %(y), %(Y)")]
    Forma(String),
}

/// Whether the template asks for the `codificaIUV` of the tipo pendenza.
pub fn vuole_tipo(modello: &str) -> bool {
    modello.contains("%(t)") || modello.contains("%(p)")
}

/// The digits that the template stands for: `%(a)` applicazione, `%(t)` or `%(p)` tipo pendenza, `%(y)`
/// the year's last two digits, `%(Y)` all four.
pub fn risolvi(modello: &str, valori: &ValoriPrefisso<'_>) -> Result<String, PrefissoError> {
    let forma = || PrefissoError::Forma(modello.to_owned());
    let mut parti = modello.split('%');
    let mut prefisso = parti.next().unwrap_or_default().to_owned();
    for parte in parti {
        let (segnaposto, cifre) = parte.split_at_checked(3).ok_or_else(forma)?;
        match segnaposto {
            "(a)" => prefisso.push_str(
                valori
                    .applicazione
                    .ok_or_else(|| PrefissoError::Applicazione(modello.to_owned()))?,
            ),
            "(t)" | "(p)" => prefisso.push_str(
                valori
                    .tipo
                    .ok_or_else(|| PrefissoError::Tipo(modello.to_owned()))?,
            ),
            "(y)" => prefisso.push_str(&format!("{:02}", valori.anno.rem_euclid(100))),
            "(Y)" => prefisso.push_str(&format!("{:04}", valori.anno)),
            _ => return Err(forma()),
        }
        prefisso.push_str(cifre);
    }
    if prefisso.bytes().all(|b| b.is_ascii_digit()) {
        Ok(prefisso)
    } else {
        Err(forma())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALORI: ValoriPrefisso<'_> = ValoriPrefisso {
        anno: 2026,
        applicazione: Some("12"),
        tipo: Some("345"),
    };

    #[test]
    fn placeholders_are_filled_where_they_stand() {
        for (modello, prefisso) in [
            ("", ""),
            ("1225", "1225"),
            ("%(y)%(a)", "2612"),
            ("%(Y)0%(t)", "20260345"),
            ("9%(p)8%(y)7", "93458267"),
        ] {
            assert_eq!(
                risolvi(modello, &VALORI),
                Ok(prefisso.to_owned()),
                "{modello}"
            );
        }
        let primi = ValoriPrefisso {
            anno: 2105,
            ..VALORI
        };
        assert_eq!(risolvi("%(y)", &primi), Ok("05".to_owned()));
    }

    #[test]
    fn what_the_order_cannot_fill_is_told() {
        let niente = ValoriPrefisso {
            anno: 2026,
            ..ValoriPrefisso::default()
        };
        assert_eq!(
            risolvi("%(a)", &niente),
            Err(PrefissoError::Applicazione("%(a)".into()))
        );
        assert_eq!(
            risolvi("1%(t)", &niente),
            Err(PrefissoError::Tipo("1%(t)".into()))
        );
        for modello in ["12a", "%(z)", "%(", "%", "%(a)x", "%(a"] {
            assert_eq!(
                risolvi(modello, &VALORI),
                Err(PrefissoError::Forma(modello.into()))
            );
        }
    }
}
