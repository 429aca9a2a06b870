//! The payment session that a portal opens: one or more attempts, one state.

use crate::{EsitoPagamento, StatoRpt};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatoPagamento {
    InCorso,
    Annullato,
    Fallito,
    Eseguito,
    NonEseguito,
    EseguitoParziale,
}

/// What is known of one attempt of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub stato: StatoRpt,
    /// The outcome of its RT, once taken in.
    pub esito: Option<EsitoPagamento>,
}

impl StatoPagamento {
    pub const ALL: [Self; 6] = [
        Self::InCorso,
        Self::Annullato,
        Self::Fallito,
        Self::Eseguito,
        Self::NonEseguito,
        Self::EseguitoParziale,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::InCorso => "IN_CORSO",
            Self::Annullato => "ANNULLATO",
            Self::Fallito => "FALLITO",
            Self::Eseguito => "ESEGUITO",
            Self::NonEseguito => "NON_ESEGUITO",
            Self::EseguitoParziale => "ESEGUITO_PARZIALE",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stato| stato.name() == name)
    }

    /// The state of a session from its attempts: any pending → in corso; all refused → fallito; all
    /// paid → eseguito; none paid → non eseguito; otherwise eseguito parziale.
    pub fn from_attempts(attempts: &[Attempt]) -> Self {
        use EsitoPagamento as E;
        let is = |wanted: fn(&Attempt) -> bool| !attempts.is_empty() && attempts.iter().all(wanted);
        if attempts
            .iter()
            .any(|a| a.esito.is_none() && a.stato.is_pending())
        {
            Self::InCorso
        } else if is(|a| a.stato == StatoRpt::RptAnnullata) {
            Self::Annullato
        } else if is(|a| a.stato == StatoRpt::RptRifiutataNodo) {
            Self::Fallito
        } else if is(|a| a.esito == Some(E::Eseguito)) {
            Self::Eseguito
        } else if is(|a| !a.esito.is_some_and(E::money_moved)) {
            Self::NonEseguito
        } else {
            Self::EseguitoParziale
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_rt(esito: EsitoPagamento) -> Attempt {
        Attempt {
            stato: StatoRpt::RtAccettataPa,
            esito: Some(esito),
        }
    }

    fn without_rt(stato: StatoRpt) -> Attempt {
        Attempt { stato, esito: None }
    }

    #[test]
    fn the_session_sums_up_its_attempts() {
        use EsitoPagamento as E;
        let cases: [(&[Attempt], StatoPagamento); 8] = [
            (
                &[without_rt(StatoRpt::RptAccettataNodo)],
                StatoPagamento::InCorso,
            ),
            (
                &[without_rt(StatoRpt::RptErroreInvioANodo)],
                StatoPagamento::InCorso,
            ),
            (
                &[with_rt(E::Eseguito), without_rt(StatoRpt::RptAccettataNodo)],
                StatoPagamento::InCorso,
            ),
            (
                &[without_rt(StatoRpt::RptRifiutataNodo)],
                StatoPagamento::Fallito,
            ),
            (
                &[with_rt(E::Eseguito), with_rt(E::Eseguito)],
                StatoPagamento::Eseguito,
            ),
            (
                &[with_rt(E::NonEseguito), with_rt(E::Decorrenza)],
                StatoPagamento::NonEseguito,
            ),
            (
                &[with_rt(E::Eseguito), with_rt(E::NonEseguito)],
                StatoPagamento::EseguitoParziale,
            ),
            (
                &[without_rt(StatoRpt::RptScaduta)],
                StatoPagamento::NonEseguito,
            ),
        ];
        for (attempts, expected) in cases {
            assert_eq!(
                StatoPagamento::from_attempts(attempts),
                expected,
                "{attempts:?}"
            );
        }
    }
}
