//! The words and colours of the states, once for all sites. Text and colour, never colour alone.

use domain::pendenza::StatoPendenzaShown;
use domain::{EsitoPagamento, StatoPagamento, StatoRpt, StatoTracciato};

use crate::i18n::Lang;

/// How a state looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Badge {
    pub it: &'static str,
    pub en: &'static str,
    /// Class of Bootstrap Italia: `bg-primary`, `bg-success`, …
    pub class: &'static str,
    /// Whether the state moves on by itself.
    pub moving: bool,
}

impl Badge {
    pub fn label(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::It => self.it,
            Lang::En => self.en,
        }
    }
}

const fn still(it: &'static str, en: &'static str, class: &'static str) -> Badge {
    Badge {
        it,
        en,
        class,
        moving: false,
    }
}

const fn moving(it: &'static str, en: &'static str, class: &'static str) -> Badge {
    Badge {
        it,
        en,
        class,
        moving: true,
    }
}

/// Something that the service depends on answers, or does not.
pub const UP: Badge = still("Funziona", "Works", "bg-success");
pub const DOWN: Badge = moving("Non risponde", "Does not answer", "bg-danger");

/// A state with a badge; references are states too, because templates borrow.
pub trait Stato {
    fn badge(&self) -> Badge;
}

impl<T: Stato + ?Sized> Stato for &T {
    fn badge(&self) -> Badge {
        (**self).badge()
    }
}

impl Stato for Badge {
    fn badge(&self) -> Badge {
        *self
    }
}

impl Stato for StatoTracciato {
    fn badge(&self) -> Badge {
        match self {
            Self::Nuovo => moving("Nuovo", "New", "bg-secondary"),
            Self::InValidazione => moving("In validazione", "Validating", "bg-primary"),
            Self::ValidazioneOk => moving("Validazione OK", "Valid", "bg-primary"),
            Self::ValidazioneKo => still("Validazione KO", "Not valid", "bg-danger"),
            Self::InCaricamento => moving("In caricamento", "Loading", "bg-primary"),
            Self::CaricamentoOk => still("Caricamento OK", "Loaded", "bg-success"),
            Self::CaricamentoKo => still("Caricamento KO", "Loaded with errors", "bg-danger"),
        }
    }
}

impl Stato for StatoPendenzaShown {
    fn badge(&self) -> Badge {
        match self {
            Self::NonEseguita => still("Da pagare", "To pay", "bg-primary"),
            Self::Eseguita => still("Pagata", "Paid", "bg-success"),
            Self::EseguitaParziale => still("Pagata parzialmente", "Partly paid", "bg-warning"),
            Self::Annullata => still("Annullata", "Cancelled", "bg-secondary"),
            Self::Scaduta => still("Scaduta", "Expired", "bg-warning"),
            Self::Anomala => still("Anomala", "Anomalous", "bg-danger"),
        }
    }
}

impl Stato for EsitoPagamento {
    fn badge(&self) -> Badge {
        match self {
            Self::Eseguito => still("Eseguito", "Executed", "bg-success"),
            Self::NonEseguito => still("Non eseguito", "Not executed", "bg-danger"),
            Self::EseguitoParziale => {
                still("Parzialmente eseguito", "Partly executed", "bg-warning")
            }
            Self::Decorrenza => still("Decorrenza termini", "Time limit passed", "bg-secondary"),
            Self::DecorrenzaParziale => still(
                "Decorrenza parziale",
                "Partly, time limit passed",
                "bg-warning",
            ),
        }
    }
}

impl Stato for StatoPagamento {
    fn badge(&self) -> Badge {
        match self {
            Self::InCorso => moving("In corso", "In progress", "bg-primary"),
            Self::Annullato => still("Annullato", "Cancelled", "bg-secondary"),
            Self::Fallito => still("Fallito", "Failed", "bg-danger"),
            Self::Eseguito => still("Eseguito", "Executed", "bg-success"),
            Self::NonEseguito => still("Non eseguito", "Not executed", "bg-danger"),
            Self::EseguitoParziale => {
                still("Parzialmente eseguito", "Partly executed", "bg-warning")
            }
        }
    }
}

impl Stato for StatoRpt {
    fn badge(&self) -> Badge {
        match self {
            Self::RptAttivata | Self::RptErroreInvioANodo | Self::RptAccettataNodo => {
                moving("In corso", "In progress", "bg-primary")
            }
            Self::RptRifiutataNodo => still("Rifiutato", "Rejected", "bg-danger"),
            Self::RptScaduta => still("Scaduto", "Expired", "bg-secondary"),
            Self::RptAnnullata => still("Annullato", "Cancelled", "bg-secondary"),
            Self::RtAccettataPa => still("Ricevuta acquisita", "Receipt taken in", "bg-success"),
            Self::RtRifiutataPa => still("Ricevuta rifiutata", "Receipt refused", "bg-danger"),
        }
    }
}

/// The badge of a state that is known by name only, as in a message of another service. `object` is
/// `tracciato`, `pendenza`, `pagamento`, `esito`, `rpt`, `evento` or `notifica`. `None` for a name
/// that this version does not know: show the name itself.
pub fn by_name(object: &str, stato: &str) -> Option<Badge> {
    match object {
        "tracciato" => StatoTracciato::parse(stato).map(|s| s.badge()),
        "pendenza" => StatoPendenzaShown::parse(stato).map(|s| s.badge()),
        "pagamento" => StatoPagamento::parse(stato).map(|s| s.badge()),
        "esito" => EsitoPagamento::parse(stato).map(|s| s.badge()),
        "rpt" => StatoRpt::parse(stato).map(|s| s.badge()),
        "evento" => match stato {
            "OK" => Some(still("OK", "OK", "bg-success")),
            "KO" => Some(still("KO", "KO", "bg-warning")),
            "FAIL" => Some(still("FAIL", "FAIL", "bg-danger")),
            _ => None,
        },
        "notifica" => match stato {
            "DA_SPEDIRE" => Some(moving("Da spedire", "To send", "bg-primary")),
            "SPEDITO" | "SPEDITA" => Some(still("Spedita", "Sent", "bg-success")),
            "IN_RITARDO" => Some(moving("In ritardo", "Late", "bg-warning")),
            "ANNULLATO" | "ANNULLATA" => Some(still("Annullata", "Cancelled", "bg-secondary")),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_of_the_domain_has_a_badge_by_name_in_both_languages() {
        let names = [
            (
                "tracciato",
                StatoTracciato::ALL.map(StatoTracciato::name).to_vec(),
            ),
            (
                "pendenza",
                StatoPendenzaShown::ALL
                    .map(StatoPendenzaShown::name)
                    .to_vec(),
            ),
            (
                "pagamento",
                StatoPagamento::ALL.map(StatoPagamento::name).to_vec(),
            ),
            (
                "esito",
                EsitoPagamento::ALL.map(EsitoPagamento::name).to_vec(),
            ),
            ("rpt", StatoRpt::ALL.map(StatoRpt::name).to_vec()),
        ];
        for (object, names) in names {
            for name in names {
                let badge = by_name(object, name).unwrap();
                assert!(
                    !badge.it.is_empty() && !badge.en.is_empty(),
                    "{object} {name}"
                );
            }
        }
    }

    #[test]
    fn the_labels_of_a_tracciato_are_those_of_the_domain_and_final_states_stand_still() {
        for stato in StatoTracciato::ALL {
            assert_eq!(stato.badge().it, stato.label());
            assert_eq!(stato.badge().moving, !stato.is_final());
        }
    }
}
