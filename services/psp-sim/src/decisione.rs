//! What becomes of a session: pure decisions, no store and no clock.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{EsitoPagamento, Importo};

use crate::sessione::{StatoSessione, StatoToken};

/// After *Annulla* the ente hears of it as if the session of the PSP had timed out.
pub const ATTESA_ANNULLO: TimeDelta = TimeDelta::minutes(5);
/// A session left without a choice.
pub const VITA_SESSIONE: TimeDelta = TimeDelta::minutes(30);
/// A deferred payment is executed by the bank after this time.
pub const ATTESA_DIFFERITO: TimeDelta = TimeDelta::minutes(2);
/// Life of a payment token: default and maximum of SANP.
pub const VITA_TOKEN: TimeDelta = TimeDelta::minutes(30);

/// esitoSingoloPagamento of a session that nobody concluded; the Node makes its receipt.
pub const SESSIONE_SCADUTA: &str = "SESSIONE SCADUTA";
/// esitoSingoloPagamento after *Annulla*.
pub const ANNULLATO: &str = "ANNULLATO DALL'UTENTE";

/// Which part is paid, for the partial outcomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parte {
    /// Indexes from 0 over the voci of all RPTs of the session, in order.
    Voci(Vec<usize>),
    /// Part of the only voce.
    Importo(Importo),
}

/// Why a part is no part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParteError {
    /// No voce was chosen.
    Nessuna,
    /// All of them: that is outcome 0.
    Tutte,
    /// The amount is not between one cent and the whole less one cent.
    Importo,
}

/// What one receipt says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quietanza {
    pub esito: EsitoPagamento,
    /// Paid for each voce.
    pub importi: Vec<Importo>,
    /// esitoSingoloPagamento of the voci that were not paid.
    pub motivo: String,
    /// Whether it carries the commission: the first receipt with money does.
    pub con_commissione: bool,
}

/// A decision to be stored in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decisione {
    pub stato: StatoSessione,
    pub esito: Option<EsitoPagamento>,
    /// One per RPT (or token), in order; empty when no receipt will be sent.
    pub quietanze: Vec<Quietanza>,
    pub due_at: DateTime<Utc>,
    pub token: Option<StatoToken>,
}

/// Outcome 1, whoever is the cause.
pub fn non_pagata(voci: &[Vec<Importo>], motivo: &str) -> Vec<Quietanza> {
    voci.iter()
        .map(|rpt| Quietanza {
            esito: EsitoPagamento::NonEseguito,
            importi: vec![Importo::ZERO; rpt.len()],
            motivo: motivo.to_owned(),
            con_commissione: false,
        })
        .collect()
}

/// The receipts of a chosen outcome. `voci`: the amounts due, per RPT.
///
/// In a cart a partial outcome is one of each RPT: all of its voci, some, or none.
pub fn quietanze(
    voci: &[Vec<Importo>],
    esito: EsitoPagamento,
    parte: Option<&Parte>,
) -> Result<Vec<Quietanza>, ParteError> {
    use EsitoPagamento as E;
    let paid = match esito {
        E::Eseguito => voci.to_vec(),
        E::NonEseguito | E::Decorrenza => voci
            .iter()
            .map(|rpt| vec![Importo::ZERO; rpt.len()])
            .collect(),
        E::EseguitoParziale | E::DecorrenzaParziale => parziale(voci, parte)?,
    };
    let mut commissione_free = true;
    let quietanze = voci.iter().zip(paid).map(|(due, importi)| {
        let esito = match esito {
            E::EseguitoParziale | E::DecorrenzaParziale => di_una_rpt(esito, due, &importi),
            whole => whole,
        };
        let con_commissione = commissione_free && esito.money_moved();
        commissione_free &= !con_commissione;
        Quietanza {
            esito,
            importi,
            motivo: motivo(esito).to_owned(),
            con_commissione,
        }
    });
    Ok(quietanze.collect())
}

/// The outcome of one RPT of a session that is paid in part.
fn di_una_rpt(whole: EsitoPagamento, due: &[Importo], paid: &[Importo]) -> EsitoPagamento {
    let nothing = paid.iter().all(|importo| importo.is_zero());
    match whole {
        _ if due == paid => EsitoPagamento::Eseguito,
        EsitoPagamento::DecorrenzaParziale if nothing => EsitoPagamento::Decorrenza,
        _ if nothing => EsitoPagamento::NonEseguito,
        partial => partial,
    }
}

fn parziale(voci: &[Vec<Importo>], parte: Option<&Parte>) -> Result<Vec<Vec<Importo>>, ParteError> {
    let count: usize = voci.iter().map(Vec::len).sum();
    match parte {
        Some(Parte::Importo(importo)) if count == 1 => {
            let due: Importo = voci.iter().flatten().copied().sum();
            if importo.is_zero() || *importo >= due {
                return Err(ParteError::Importo);
            }
            Ok(voci.iter().map(|rpt| vec![*importo; rpt.len()]).collect())
        }
        Some(Parte::Voci(chosen)) if count > 1 => {
            let chosen = |index: usize| chosen.contains(&index);
            match (0..count).filter(|index| chosen(*index)).count() {
                0 => return Err(ParteError::Nessuna),
                all if all == count => return Err(ParteError::Tutte),
                _ => {}
            }
            let mut index = 0;
            let mut pay = |due: &Importo| {
                index += 1;
                if chosen(index - 1) {
                    *due
                } else {
                    Importo::ZERO
                }
            };
            Ok(voci
                .iter()
                .map(|rpt| rpt.iter().map(&mut pay).collect())
                .collect())
        }
        _ if count == 1 => Err(ParteError::Importo),
        _ => Err(ParteError::Nessuna),
    }
}

/// The text of esitoSingoloPagamento; at most 35 characters (PagInf 6.2.0).
fn motivo(esito: EsitoPagamento) -> &'static str {
    match esito {
        EsitoPagamento::Eseguito => "ESEGUITO",
        EsitoPagamento::NonEseguito => "RIFIUTATO DAL PSP",
        EsitoPagamento::EseguitoParziale => "VOCE NON PAGATA",
        EsitoPagamento::Decorrenza | EsitoPagamento::DecorrenzaParziale => "DECORRENZA TERMINI",
    }
}

/// What the browser is told on its way back: a hint, the receipt is the truth (SANP 2).
pub fn esito_redirect(stato: StatoSessione, esito: Option<EsitoPagamento>) -> &'static str {
    match (stato, esito) {
        (StatoSessione::Conclusa, Some(esito)) if esito.money_moved() => "OK",
        _ => "ERROR",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn euro(text: &str) -> Importo {
        Importo::parse(text).unwrap()
    }

    fn two_rpts() -> Vec<Vec<Importo>> {
        vec![vec![euro("30.00"), euro("20.10")], vec![euro("5.00")]]
    }

    #[test]
    fn the_whole_outcomes_pay_all_or_nothing_and_the_commission_is_taken_once() {
        let paid = quietanze(&two_rpts(), EsitoPagamento::Eseguito, None).unwrap();
        assert_eq!(paid[0].importi, two_rpts()[0]);
        assert_eq!(paid[1].importi, two_rpts()[1]);
        assert_eq!(
            [paid[0].con_commissione, paid[1].con_commissione],
            [true, false]
        );
        for esito in [EsitoPagamento::NonEseguito, EsitoPagamento::Decorrenza] {
            for quietanza in quietanze(&two_rpts(), esito, None).unwrap() {
                assert_eq!(quietanza.esito, esito);
                assert!(quietanza.importi.iter().all(|i| i.is_zero()));
                assert!(!quietanza.con_commissione);
            }
        }
    }

    #[test]
    fn in_a_cart_each_rpt_has_the_outcome_of_its_own_voci() {
        let chosen = Parte::Voci(vec![0]);
        let outcomes = |esito| {
            let found = quietanze(&two_rpts(), esito, Some(&chosen)).unwrap();
            found.iter().map(|q| q.esito).collect::<Vec<_>>()
        };
        use EsitoPagamento as E;
        assert_eq!(
            outcomes(E::EseguitoParziale),
            [E::EseguitoParziale, E::NonEseguito]
        );
        assert_eq!(
            outcomes(E::DecorrenzaParziale),
            [E::DecorrenzaParziale, E::Decorrenza]
        );
        let second = Parte::Voci(vec![2]);
        let found = quietanze(&two_rpts(), E::EseguitoParziale, Some(&second)).unwrap();
        assert_eq!(
            [found[0].esito, found[1].esito],
            [E::NonEseguito, E::Eseguito]
        );
        assert_eq!(
            [found[0].con_commissione, found[1].con_commissione],
            [false, true]
        );
    }

    #[test]
    fn a_part_is_neither_nothing_nor_all() {
        let partial = |voci: &[Vec<Importo>], parte: Option<Parte>| {
            quietanze(voci, EsitoPagamento::EseguitoParziale, parte.as_ref()).map(|_| ())
        };
        assert_eq!(partial(&two_rpts(), None), Err(ParteError::Nessuna));
        assert_eq!(
            partial(&two_rpts(), Some(Parte::Voci(vec![7]))),
            Err(ParteError::Nessuna)
        );
        assert_eq!(
            partial(&two_rpts(), Some(Parte::Voci(vec![0, 1, 2]))),
            Err(ParteError::Tutte)
        );
        let one = vec![vec![euro("40.00")]];
        for (importo, expected) in [
            ("15.00", Ok(())),
            ("0.00", Err(ParteError::Importo)),
            ("40.00", Err(ParteError::Importo)),
        ] {
            let parte = Some(Parte::Importo(euro(importo)));
            assert_eq!(partial(&one, parte), expected, "{importo}");
        }
        assert_eq!(
            partial(&one, Some(Parte::Voci(vec![0]))),
            Err(ParteError::Importo)
        );
    }

    #[test]
    fn the_browser_hears_ok_only_when_money_moved() {
        use EsitoPagamento as E;
        for esito in E::ALL {
            let expected = if esito.money_moved() { "OK" } else { "ERROR" };
            assert_eq!(
                esito_redirect(StatoSessione::Conclusa, Some(esito)),
                expected
            );
        }
        assert_eq!(esito_redirect(StatoSessione::Annullata, None), "ERROR");
        assert_eq!(
            esito_redirect(StatoSessione::Scaduta, Some(E::NonEseguito)),
            "ERROR"
        );
    }
}
