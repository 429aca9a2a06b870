//! The payment session that a portal opens: one or more attempts, one state. And whether a pendenza
//! can be paid at all.

use chrono::{DateTime, NaiveDate, Utc};

use crate::{EsitoPagamento, StatoPendenza, StatoRpt, tempo};

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

/// Why a pendenza cannot be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NonPagabile {
    /// Paid, wholly or in part.
    Pagata,
    Annullata,
    /// The data di scadenza is past.
    Scaduta,
    /// The data di validità is past, and nobody can be asked for fresh data.
    NonPiuValida,
}

/// Whether a pendenza can be paid now; both last days are good until midnight in Rome.
pub fn pagabile(
    stato: StatoPendenza,
    data_validita: Option<NaiveDate>,
    data_scadenza: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<(), NonPagabile> {
    let past = |day: Option<NaiveDate>| day.is_some_and(|day| tempo::is_past(day, now));
    match stato {
        StatoPendenza::Eseguito | StatoPendenza::ParzialmenteEseguito => Err(NonPagabile::Pagata),
        StatoPendenza::Annullato => Err(NonPagabile::Annullata),
        StatoPendenza::NonEseguito if past(data_scadenza) => Err(NonPagabile::Scaduta),
        StatoPendenza::NonEseguito if past(data_validita) => Err(NonPagabile::NonPiuValida),
        StatoPendenza::NonEseguito => Ok(()),
    }
}

/// `codice_stato` of the session: what the state means for who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodiceStato {
    /// The browser is at the PSP.
    InCorsoAlPsp,
    /// The receipt is awaited.
    InAttesaDiEsito,
    Eseguito,
    NonEseguito,
    ParzialmenteEseguito,
    Fallito,
}

impl CodiceStato {
    pub fn name(self) -> &'static str {
        match self {
            Self::InCorsoAlPsp => "PAGAMENTO_IN_CORSO_AL_PSP",
            Self::InAttesaDiEsito => "PAGAMENTO_IN_ATTESA_DI_ESITO",
            Self::Eseguito => "PAGAMENTO_ESEGUITO",
            Self::NonEseguito => "PAGAMENTO_NON_ESEGUITO",
            Self::ParzialmenteEseguito => "PAGAMENTO_PARZIALMENTE_ESEGUITO",
            Self::Fallito => "PAGAMENTO_FALLITO",
        }
    }

    /// The code of a session in that state. For a session in corso, the receipt is awaited: who opens
    /// one at the PSP says [`Self::InCorsoAlPsp`].
    pub fn of(stato: StatoPagamento) -> Self {
        match stato {
            StatoPagamento::InCorso => Self::InAttesaDiEsito,
            StatoPagamento::Eseguito => Self::Eseguito,
            StatoPagamento::EseguitoParziale => Self::ParzialmenteEseguito,
            StatoPagamento::NonEseguito | StatoPagamento::Annullato => Self::NonEseguito,
            StatoPagamento::Fallito => Self::Fallito,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_paid_annulled_or_out_of_time_cannot_be_paid() {
        use StatoPendenza as S;
        let now = "2026-06-30T21:59:59Z".parse().unwrap(); // one second to midnight in Rome
        let day = |text: &str| Some(text.parse().unwrap());
        let cases = [
            (S::NonEseguito, None, None, Ok(())),
            (S::NonEseguito, day("2026-06-30"), day("2026-06-30"), Ok(())),
            (
                S::NonEseguito,
                None,
                day("2026-06-29"),
                Err(NonPagabile::Scaduta),
            ),
            (
                S::NonEseguito,
                day("2026-06-29"),
                None,
                Err(NonPagabile::NonPiuValida),
            ),
            (S::Eseguito, None, None, Err(NonPagabile::Pagata)),
            (
                S::ParzialmenteEseguito,
                None,
                None,
                Err(NonPagabile::Pagata),
            ),
            (
                S::Annullato,
                None,
                day("2026-06-29"),
                Err(NonPagabile::Annullata),
            ),
        ];
        for (stato, validita, scadenza, expected) in cases {
            assert_eq!(
                pagabile(stato, validita, scadenza, now),
                expected,
                "{stato:?}"
            );
        }
    }

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
