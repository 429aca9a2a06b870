//! What a receipt does to the items of a pendenza and to what was collected of it.

use crate::{EsitoPagamento, Importo, StatoPendenza, pendenza::RtEffect};

/// State of an item (voce) of a pendenza, with its stored name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatoVoce {
    NonEseguito,
    Eseguito,
    /// Paid twice, or with another amount.
    Anomalo,
}

impl StatoVoce {
    pub const ALL: [Self; 3] = [Self::NonEseguito, Self::Eseguito, Self::Anomalo];

    /// The words of GovPay's contract, as stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::NonEseguito => "Non eseguito",
            Self::Eseguito => "Eseguito",
            Self::Anomalo => "Anomalo",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stato| stato.name() == name)
    }
}

/// An item before the receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voce {
    pub stato: StatoVoce,
    pub importo: Importo,
}

/// What a receipt says of the pendenza.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incasso {
    pub esito: EsitoPagamento,
    pub importo_pagato: Importo,
    /// Amount paid for each item, in the order of the items; zero when not paid.
    pub voci: Vec<Importo>,
}

/// What becomes of the pendenza.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effetto {
    pub pendenza: RtEffect,
    pub voci: Vec<StatoVoce>,
}

/// Applies a receipt. Money is never refused: what does not fit is taken and marked.
///
/// `irregular`: the caller found a difference that somebody has to look at.
pub fn applica(
    stato: StatoPendenza,
    anomala: bool,
    due: Importo,
    voci: &[Voce],
    rt: &Incasso,
    irregular: bool,
) -> Effetto {
    let pays = rt.esito.money_moved();
    let voci = voci.iter().enumerate().map(|(i, voce)| {
        let paid = rt.voci.get(i).copied().unwrap_or(Importo::ZERO);
        match voce.stato {
            stato if !pays || paid.is_zero() => stato,
            StatoVoce::NonEseguito if paid == voce.importo => StatoVoce::Eseguito,
            _ => StatoVoce::Anomalo,
        }
    });
    let other_amount = rt.esito == EsitoPagamento::Eseguito && rt.importo_pagato != due;
    Effetto {
        pendenza: stato.apply_rt(anomala, rt.esito, pays && (irregular || other_amount)),
        voci: voci.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn euro(text: &str) -> Importo {
        Importo::parse(text).unwrap()
    }

    fn two_voci(first: StatoVoce) -> Vec<Voce> {
        vec![
            Voce {
                stato: first,
                importo: euro("10.00"),
            },
            Voce {
                stato: StatoVoce::NonEseguito,
                importo: euro("2.50"),
            },
        ]
    }

    fn incasso(esito: EsitoPagamento, paid: [&str; 2]) -> Incasso {
        let voci = paid.map(euro);
        Incasso {
            esito,
            importo_pagato: voci.into_iter().sum(),
            voci: voci.to_vec(),
        }
    }

    #[test]
    fn every_outcome_on_an_unpaid_pendenza() {
        use EsitoPagamento as E;
        use StatoVoce::{Eseguito, NonEseguito};
        let cases = [
            (
                E::Eseguito,
                ["10.00", "2.50"],
                "ESEGUITO",
                [Eseguito, Eseguito],
            ),
            (
                E::NonEseguito,
                ["0.00", "0.00"],
                "NON_ESEGUITO",
                [NonEseguito, NonEseguito],
            ),
            (
                E::EseguitoParziale,
                ["10.00", "0.00"],
                "PARZIALMENTE_ESEGUITO",
                [Eseguito, NonEseguito],
            ),
            (
                E::Decorrenza,
                ["0.00", "0.00"],
                "NON_ESEGUITO",
                [NonEseguito, NonEseguito],
            ),
            (
                E::DecorrenzaParziale,
                ["0.00", "2.50"],
                "PARZIALMENTE_ESEGUITO",
                [NonEseguito, Eseguito],
            ),
        ];
        for (esito, paid, stato, voci) in cases {
            let effetto = applica(
                StatoPendenza::NonEseguito,
                false,
                euro("12.50"),
                &two_voci(NonEseguito),
                &incasso(esito, paid),
                false,
            );
            assert_eq!(effetto.pendenza.stato.name(), stato, "{esito:?}");
            assert!(!effetto.pendenza.anomala, "{esito:?}");
            assert_eq!(effetto.voci, voci, "{esito:?}");
        }
    }

    #[test]
    fn another_amount_or_a_second_payment_is_taken_and_marked() {
        let rt = incasso(EsitoPagamento::Eseguito, ["10.00", "2.00"]);
        let unpaid = two_voci(StatoVoce::NonEseguito);
        let effetto = applica(
            StatoPendenza::NonEseguito,
            false,
            euro("12.50"),
            &unpaid,
            &rt,
            false,
        );
        assert!(effetto.pendenza.anomala);
        assert_eq!(effetto.voci, [StatoVoce::Eseguito, StatoVoce::Anomalo]);

        let paid = two_voci(StatoVoce::Eseguito);
        let rt = incasso(EsitoPagamento::Eseguito, ["10.00", "2.50"]);
        let effetto = applica(
            StatoPendenza::Eseguito,
            false,
            euro("12.50"),
            &paid,
            &rt,
            false,
        );
        assert_eq!(effetto.pendenza.stato, StatoPendenza::Eseguito);
        assert!(effetto.pendenza.anomala);
        assert_eq!(effetto.voci, [StatoVoce::Anomalo, StatoVoce::Eseguito]);
    }

    #[test]
    fn a_flag_on_a_receipt_without_money_marks_nothing() {
        let rt = incasso(EsitoPagamento::NonEseguito, ["0.00", "0.00"]);
        let voci = two_voci(StatoVoce::NonEseguito);
        let effetto = applica(
            StatoPendenza::NonEseguito,
            false,
            euro("12.50"),
            &voci,
            &rt,
            true,
        );
        assert!(!effetto.pendenza.anomala);
    }
}
