//! The state of a pendenza, and what an RT does to it.

use chrono::{DateTime, NaiveDate, Utc};

use crate::{EsitoPagamento, tempo};

/// The stored state. `anomala` and the scadenza are kept beside it; see [`StatoPendenza::shown`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatoPendenza {
    NonEseguito,
    Eseguito,
    ParzialmenteEseguito,
    Annullato,
}

/// The state of GovPay's contract, derived from the stored one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatoPendenzaShown {
    NonEseguita,
    Eseguita,
    EseguitaParziale,
    Annullata,
    Scaduta,
    Anomala,
}

/// What an RT does to a pendenza.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RtEffect {
    pub stato: StatoPendenza,
    pub anomala: bool,
}

impl StatoPendenza {
    pub const ALL: [Self; 4] = [
        Self::NonEseguito,
        Self::Eseguito,
        Self::ParzialmenteEseguito,
        Self::Annullato,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::NonEseguito => "NON_ESEGUITO",
            Self::Eseguito => "ESEGUITO",
            Self::ParzialmenteEseguito => "PARZIALMENTE_ESEGUITO",
            Self::Annullato => "ANNULLATO",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stato| stato.name() == name)
    }

    /// What clients see; the first that holds wins: anomala, scaduta, then the stored state.
    pub fn shown(
        self,
        anomala: bool,
        data_scadenza: Option<NaiveDate>,
        now: DateTime<Utc>,
    ) -> StatoPendenzaShown {
        use StatoPendenzaShown::*;
        match self {
            _ if anomala => Anomala,
            Self::NonEseguito if data_scadenza.is_some_and(|d| tempo::is_past(d, now)) => Scaduta,
            Self::NonEseguito => NonEseguita,
            Self::Eseguito => Eseguita,
            Self::ParzialmenteEseguito => EseguitaParziale,
            Self::Annullato => Annullata,
        }
    }

    /// What an RT with this outcome does. `irregular`: the amount differs from what was due.
    ///
    /// Money is never refused: a receipt for a pendenza already paid or annulled is taken and the
    /// pendenza is marked anomala, so that somebody looks at it. A negative receipt changes nothing
    /// (a late one never sets a paid pendenza back to unpaid).
    pub fn apply_rt(self, anomala: bool, esito: EsitoPagamento, irregular: bool) -> RtEffect {
        let paid = match esito {
            EsitoPagamento::Eseguito => Self::Eseguito,
            EsitoPagamento::EseguitoParziale | EsitoPagamento::DecorrenzaParziale => {
                Self::ParzialmenteEseguito
            }
            EsitoPagamento::NonEseguito | EsitoPagamento::Decorrenza => {
                return RtEffect {
                    stato: self,
                    anomala,
                };
            }
        };
        match self {
            Self::NonEseguito => RtEffect {
                stato: paid,
                anomala: anomala || irregular,
            },
            Self::Annullato => RtEffect {
                stato: paid,
                anomala: true,
            },
            // A second payment never lowers what the first one reached.
            Self::Eseguito => RtEffect {
                stato: Self::Eseguito,
                anomala: true,
            },
            Self::ParzialmenteEseguito => RtEffect {
                stato: paid,
                anomala: true,
            },
        }
    }
}

impl StatoPendenzaShown {
    pub const ALL: [Self; 6] = [
        Self::NonEseguita,
        Self::Eseguita,
        Self::EseguitaParziale,
        Self::Annullata,
        Self::Scaduta,
        Self::Anomala,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::NonEseguita => "NON_ESEGUITA",
            Self::Eseguita => "ESEGUITA",
            Self::EseguitaParziale => "ESEGUITA_PARZIALE",
            Self::Annullata => "ANNULLATA",
            Self::Scaduta => "SCADUTA",
            Self::Anomala => "ANOMALA",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stato| stato.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every state against every outcome: `stato` and `!` when the pendenza becomes anomala.
    #[test]
    fn transition_table() {
        use EsitoPagamento as E;
        let expected = [
            (
                "NON_ESEGUITO",
                [
                    "ESEGUITO",
                    "NON_ESEGUITO",
                    "PARZIALMENTE_ESEGUITO",
                    "NON_ESEGUITO",
                    "PARZIALMENTE_ESEGUITO",
                ],
            ),
            (
                "ESEGUITO",
                [
                    "ESEGUITO!",
                    "ESEGUITO",
                    "ESEGUITO!",
                    "ESEGUITO",
                    "ESEGUITO!",
                ],
            ),
            (
                "PARZIALMENTE_ESEGUITO",
                [
                    "ESEGUITO!",
                    "PARZIALMENTE_ESEGUITO",
                    "PARZIALMENTE_ESEGUITO!",
                    "PARZIALMENTE_ESEGUITO",
                    "PARZIALMENTE_ESEGUITO!",
                ],
            ),
            (
                "ANNULLATO",
                [
                    "ESEGUITO!",
                    "ANNULLATO",
                    "PARZIALMENTE_ESEGUITO!",
                    "ANNULLATO",
                    "PARZIALMENTE_ESEGUITO!",
                ],
            ),
        ];
        for (from, row) in expected {
            let from = StatoPendenza::parse(from).unwrap();
            for (esito, cell) in E::ALL.into_iter().zip(row) {
                let effect = from.apply_rt(false, esito, false);
                let shown = format!(
                    "{}{}",
                    effect.stato.name(),
                    if effect.anomala { "!" } else { "" }
                );
                assert_eq!(shown, cell, "{from:?} + {esito:?}");
            }
        }
    }

    #[test]
    fn a_receipt_of_another_amount_is_taken_and_marked() {
        let effect = StatoPendenza::NonEseguito.apply_rt(false, EsitoPagamento::Eseguito, true);
        assert_eq!(
            effect,
            RtEffect {
                stato: StatoPendenza::Eseguito,
                anomala: true
            }
        );
    }

    #[test]
    fn b129_a_late_negative_receipt_never_sets_a_paid_pendenza_back() {
        let effect = StatoPendenza::Eseguito.apply_rt(false, EsitoPagamento::NonEseguito, false);
        assert_eq!(
            effect,
            RtEffect {
                stato: StatoPendenza::Eseguito,
                anomala: false
            }
        );
    }
}
