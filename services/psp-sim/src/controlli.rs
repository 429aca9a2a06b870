//! What the Node checks in an RPT beyond its schema. Pure. Source: SANP 2, "Richiesta di pagamento
//! telematico" and "carrello".

use chrono::{DateTime, TimeDelta, Utc};
use domain::Importo;
use pagopa::documenti::{DatiSingoloVersamento, Rpt};
use pagopa::{FaultNodo, TipoVersamento};
use tenant::{Canale, Dominio};

use crate::fault::{Fault, ppt};

/// The latest day of execution, counted from the day of sending.
const GIORNI_ESECUZIONE: i64 = 30;

/// What the message around an RPT says about it.
#[derive(Clone, Copy)]
pub struct Intestazione<'a> {
    pub stazione: &'a str,
    pub dominio: &'a str,
    pub iuv: &'a str,
    pub ccp: &'a str,
}

fn semantica(description: String) -> Fault {
    ppt(FaultNodo::Semantica, description)
}

/// Checks one RPT; the first rule that it breaks is the fault.
pub fn rpt(
    rpt: &Rpt,
    intestazione: Intestazione<'_>,
    dominio: &Dominio,
    canale: &Canale,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    chiavi(rpt, intestazione)?;
    importi(rpt)?;
    let dati = &rpt.dati_versamento;
    let tipo = dati.tipo_versamento;
    if tipo.as_str() != canale.tipo_versamento {
        return Err(ppt(
            FaultNodo::Autorizzazione,
            format!(
                "Il canale «{}» accetta tipoVersamento {}: la RPT indica {}.",
                canale.id,
                canale.tipo_versamento,
                tipo.as_str()
            ),
        ));
    }
    if tipo == TipoVersamento::Ad && dati.iban_addebito.is_none() {
        return Err(semantica(
            "Con tipoVersamento AD serve ibanAddebito.".to_owned(),
        ));
    }
    let today = domain::tempo::giorno(now);
    let day = dati.data_esecuzione_pagamento;
    // An RPT made before midnight may arrive after it.
    if day < today - TimeDelta::days(1) || day > today + TimeDelta::days(GIORNI_ESECUZIONE) {
        return Err(semantica(format!(
            "dataEsecuzionePagamento vale {day}: deve essere tra {today} e {GIORNI_ESECUZIONE} giorni dopo."
        )));
    }
    for (i, voce) in dati.singoli.iter().enumerate() {
        accredito(voce, i + 1, dominio)?;
    }
    Ok(())
}

fn chiavi(rpt: &Rpt, intestazione: Intestazione<'_>) -> Result<(), Fault> {
    let stazione = rpt.dominio.identificativo_stazione_richiedente.as_deref();
    let pairs = [
        (
            "identificativoDominio",
            intestazione.dominio,
            &*rpt.dominio.identificativo_dominio,
        ),
        (
            "identificativoUnivocoVersamento",
            intestazione.iuv,
            &*rpt.dati_versamento.identificativo_univoco_versamento,
        ),
        (
            "codiceContestoPagamento",
            intestazione.ccp,
            &*rpt.dati_versamento.codice_contesto_pagamento,
        ),
        (
            "identificativoStazioneRichiedente",
            intestazione.stazione,
            stazione.unwrap_or(intestazione.stazione),
        ),
    ];
    match pairs
        .into_iter()
        .find(|(_, outside, inside)| outside != inside)
    {
        None => Ok(()),
        Some((name, outside, inside)) => Err(semantica(format!(
            "{name} vale «{outside}» nel messaggio e «{inside}» nella RPT."
        ))),
    }
}

fn importi(rpt: &Rpt) -> Result<(), Fault> {
    let dati = &rpt.dati_versamento;
    let cents: i64 = dati.singoli.iter().map(|voce| voce.importo.cents()).sum();
    let total = dati.importo_totale_da_versare;
    if cents == total.cents() {
        return Ok(());
    }
    let sum: Importo = dati.singoli.iter().map(|voce| voce.importo).sum();
    Err(semantica(format!(
        "importoTotaleDaVersare vale {total}, la somma dei singoli versamenti {sum}."
    )))
}

fn accredito(voce: &DatiSingoloVersamento, numero: usize, dominio: &Dominio) -> Result<(), Fault> {
    let iban = match (&voce.iban_accredito, &voce.marca_da_bollo) {
        (Some(iban), None) => iban,
        (None, Some(_)) => {
            return Err(ppt(
                FaultNodo::Autorizzazione,
                format!("Versamento {numero}: il PSP non vende la marca da bollo digitale."),
            ));
        }
        _ => {
            return Err(semantica(format!(
                "Versamento {numero}: deve avere ibanAccredito oppure datiMarcaBolloDigitale."
            )));
        }
    };
    // A body that declares no account in the registry is not held to it.
    let known = dominio.conti.is_empty() || dominio.conti.iter().any(|conto| conto.iban == *iban);
    if known {
        return Ok(());
    }
    Err(ppt(
        FaultNodo::IbanNonCensito,
        format!(
            "Versamento {numero}: l'IBAN {iban} non è tra i conti del dominio «{}».",
            dominio.id
        ),
    ))
}

/// Checks that hold between the RPTs of a cart.
pub fn carrello(rpts: &[Rpt], id_carrello: &str, multi_beneficiario: bool) -> Result<(), Fault> {
    let versanti: Vec<_> = rpts
        .iter()
        .map(|rpt| rpt.soggetto_versante.as_ref())
        .collect();
    if versanti.windows(2).any(|pair| pair[0] != pair[1]) {
        return Err(semantica(
            "Le RPT di un carrello hanno lo stesso versante.".to_owned(),
        ));
    }
    if multi_beneficiario {
        return multibeneficiario(rpts, id_carrello);
    }
    Ok(())
}

/// SANP 2.5, "carrello multibeneficiario".
fn multibeneficiario(rpts: &[Rpt], id_carrello: &str) -> Result<(), Fault> {
    let [first, second] = rpts else {
        return Err(semantica(format!(
            "Un carrello multibeneficiario ha due RPT: ne ha {}.",
            rpts.len()
        )));
    };
    let (a, b) = (&first.dati_versamento, &second.dati_versamento);
    let ccp = |rpt: &Rpt| rpt.dati_versamento.codice_contesto_pagamento == id_carrello;
    let rules = [
        (b.singoli.len() == 1, "la seconda RPT ha un solo versamento"),
        (
            a.singoli.len() + b.singoli.len() <= 5,
            "i versamenti sono al più cinque",
        ),
        (
            a.identificativo_univoco_versamento == b.identificativo_univoco_versamento,
            "lo IUV è lo stesso",
        ),
        (
            a.data_esecuzione_pagamento == b.data_esecuzione_pagamento,
            "la dataEsecuzionePagamento è la stessa",
        ),
        (
            first.dominio.identificativo_dominio != second.dominio.identificativo_dominio,
            "i domini sono diversi",
        ),
        (
            rpts.iter().all(ccp),
            "il codiceContestoPagamento è l'identificativo del carrello",
        ),
    ];
    match rules.into_iter().find(|(holds, _)| !holds) {
        None => Ok(()),
        Some((_, rule)) => Err(semantica(format!(
            "In un carrello multibeneficiario {rule}."
        ))),
    }
}
