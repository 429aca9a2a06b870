//! An RT against the RPT that it answers. Pure: what follows from a difference is decided by the caller.

use domain::{EsitoPagamento, Importo};

use super::{Rpt, Rt};
use crate::Masked;

/// How bad a difference is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// To show and to log: the receipt is accepted (`SANP`: a receipt certifies money that was taken,
    /// and is not refused for a difference that leaves its meaning whole).
    Flag,
    /// The receipt contradicts itself or answers another request: keep it, do not apply it, answer
    /// `PAA_SEMANTICA`.
    Fatal,
}

/// One difference, with the element of the RT and words for people. No personal data in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub severity: Severity,
    /// Path in the RT, for example `datiPagamento/importoTotalePagato`.
    pub path: String,
    pub message: String,
}

/// The differences between a receipt and its request, fatal ones first; empty when all is well.
///
/// Source: SANP, "Ricevuta Telematica", checks of the ente creditore. Amounts are compared as cents and
/// versamenti in any order ([`match_voci`]).
pub fn check_rt(rt: &Rt, rpt: &Rpt) -> Vec<Difference> {
    let mut found = Found(Vec::new());
    keys(rt, rpt, &mut found);
    amounts(rt, rpt, &mut found);
    copies(rt, rpt, &mut found);
    found.0.sort_by_key(|d| std::cmp::Reverse(d.severity)); // stable
    found.0
}

struct Found(Vec<Difference>);

impl Found {
    fn push(&mut self, severity: Severity, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(Difference {
            severity,
            path: path.into(),
            message: message.into(),
        });
    }

    fn same(&mut self, severity: Severity, path: &str, rt: &str, rpt: &str) {
        if rt != rpt {
            self.push(
                severity,
                path,
                format!("'{rt}' nella RT, '{rpt}' nella RPT"),
            );
        }
    }
}

fn keys(rt: &Rt, rpt: &Rpt, found: &mut Found) {
    use Severity::{Fatal, Flag};
    let (paid, due) = (&rt.dati_pagamento, &rpt.dati_versamento);
    found.same(
        Fatal,
        "dominio/identificativoDominio",
        &rt.dominio.identificativo_dominio,
        &rpt.dominio.identificativo_dominio,
    );
    found.same(
        Fatal,
        "datiPagamento/identificativoUnivocoVersamento",
        &paid.identificativo_univoco_versamento,
        &due.identificativo_univoco_versamento,
    );
    found.same(
        Fatal,
        "datiPagamento/CodiceContestoPagamento",
        &paid.codice_contesto_pagamento,
        &due.codice_contesto_pagamento,
    );
    found.same(
        Fatal,
        "riferimentoMessaggioRichiesta",
        &rt.riferimento_messaggio_richiesta,
        &rpt.identificativo_messaggio_richiesta,
    );
    found.same(
        Flag,
        "versioneOggetto",
        &rt.versione_oggetto,
        &rpt.versione_oggetto,
    );
    let day = rpt.data_ora_messaggio_richiesta.date();
    if rt.riferimento_data_richiesta != day {
        let message = format!(
            "{} nella RT, {day} nella RPT",
            rt.riferimento_data_richiesta
        );
        found.push(Flag, "riferimentoDataRichiesta", message);
    }
}

fn amounts(rt: &Rt, rpt: &Rpt, found: &mut Found) {
    use EsitoPagamento as E;
    use Severity::{Fatal, Flag};
    let (paid, due) = (&rt.dati_pagamento, &rpt.dati_versamento);
    let total = paid.importo_totale_pagato;
    let path = "datiPagamento/importoTotalePagato";
    let cents: i64 = paid.singoli.iter().map(|s| s.importo.cents()).sum();
    if !paid.singoli.is_empty() && cents != total.cents() {
        let sum: Importo = paid.singoli.iter().map(|s| s.importo).sum();
        found.push(
            Fatal,
            path,
            format!("totale {total}, somma dei singoli pagamenti {sum}"),
        );
    }
    let (has, expected) = (paid.singoli.len(), due.singoli.len());
    let may_be_absent = matches!(paid.esito, E::NonEseguito | E::Decorrenza) && has == 0;
    if has != expected && !may_be_absent {
        let message = format!("{has} pagamenti nella RT, {expected} versamenti nella RPT");
        found.push(Fatal, "datiPagamento/datiSingoloPagamento", message);
    }
    match paid.esito {
        E::NonEseguito | E::Decorrenza if !total.is_zero() => {
            found.push(
                Fatal,
                path,
                format!("esito '{}' con importo {total}", paid.esito.label()),
            );
        }
        E::Eseguito | E::EseguitoParziale if total.is_zero() => {
            found.push(
                Fatal,
                path,
                format!("esito '{}' con importo 0.00", paid.esito.label()),
            );
        }
        E::Eseguito if total != due.importo_totale_da_versare => {
            let message = format!(
                "pagati {total}, richiesti {}",
                due.importo_totale_da_versare
            );
            found.push(Flag, path, message);
        }
        E::EseguitoParziale | E::DecorrenzaParziale if total >= due.importo_totale_da_versare => {
            let message = format!(
                "esito parziale con {total}, richiesti {}",
                due.importo_totale_da_versare
            );
            found.push(Flag, path, message);
        }
        _ => {}
    }
}

/// What the receipt must copy from the request: worth a flag, never a refusal.
fn copies(rt: &Rt, rpt: &Rpt, found: &mut Found) {
    use Severity::Flag;
    let due = &rpt.dati_versamento.singoli;
    for (i, (single, voce)) in rt
        .dati_pagamento
        .singoli
        .iter()
        .zip(match_voci(rt, rpt))
        .enumerate()
    {
        let Some(asked) = voce.and_then(|v| due.get(v)) else {
            continue; // the number differs, already said
        };
        let path = |name: &str| format!("datiPagamento/datiSingoloPagamento[{}]/{name}", i + 1);
        found.same(
            Flag,
            &path("causaleVersamento"),
            &single.causale,
            &asked.causale,
        );
        found.same(
            Flag,
            &path("datiSpecificiRiscossione"),
            &single.dati_specifici_riscossione,
            &asked.dati_specifici_riscossione,
        );
        if single.importo.is_zero() && single.esito.is_none() {
            found.push(
                Flag,
                path("esitoSingoloPagamento"),
                "manca, con importo 0.00",
            );
        }
        let complete = rt.dati_pagamento.esito == EsitoPagamento::Eseguito;
        if complete && single.importo != asked.importo {
            let message = format!("pagati {}, richiesti {}", single.importo, asked.importo);
            found.push(Flag, path("singoloImportoPagato"), message);
        }
    }
    let (a, b) = (&rt.soggetto_pagatore, &rpt.soggetto_pagatore);
    let differs = |a: &Masked, b: &Masked| a.to_lowercase().trim() != b.to_lowercase().trim();
    if differs(&a.identificativo.codice, &b.identificativo.codice) {
        found.push(
            Flag,
            "soggettoPagatore/identificativoUnivocoPagatore",
            "diverso da quello della RPT",
        );
    }
    if differs(&a.anagrafica, &b.anagrafica) {
        found.push(
            Flag,
            "soggettoPagatore/anagraficaPagatore",
            "diversa da quella della RPT",
        );
    }
}

/// For each singolo pagamento of the receipt, the index of its versamento in the request.
///
/// The order is the same by rule. A receipt that keeps the texts and changes the order is understood
/// too: a payment whose causale and dati specifici are not those of its place takes the one free
/// versamento that has them. `None` when there are more payments than versamenti.
pub fn match_voci(rt: &Rt, rpt: &Rpt) -> Vec<Option<usize>> {
    let (paid, due) = (&rt.dati_pagamento.singoli, &rpt.dati_versamento.singoli);
    let same = |p: usize, v: usize| {
        paid[p].causale == due[v].causale
            && paid[p].dati_specifici_riscossione == due[v].dati_specifici_riscossione
    };
    let mut taken = vec![false; due.len()];
    let mut matched = vec![None; paid.len()];
    let mut assign = |p: usize, v: usize, taken: &mut Vec<bool>| {
        matched[p] = Some(v);
        taken[v] = true;
    };
    let mut open: Vec<usize> = Vec::new();
    for p in 0..paid.len() {
        if p < due.len() && same(p, p) {
            assign(p, p, &mut taken);
        } else {
            open.push(p);
        }
    }
    open.retain(|&p| {
        let free: Vec<usize> = (0..due.len())
            .filter(|&v| !taken[v] && same(p, v))
            .collect();
        if let [only] = free[..] {
            assign(p, only, &mut taken);
            return false;
        }
        true
    });
    for p in open {
        let own_place = Some(p).filter(|&v| v < due.len() && !taken[v]);
        if let Some(v) = own_place.or_else(|| (0..due.len()).find(|&v| !taken[v])) {
            assign(p, v, &mut taken);
        }
    }
    matched
}
