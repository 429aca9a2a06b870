//! What must hold in a tenant file beyond its shape. All faults are told at once.

use std::collections::HashSet;

use iban::Iban;

use crate::{Dominio, Tenant};

/// One line per fault: place, value, rule. Empty when the file is good.
pub(crate) fn faults(tenant: &Tenant) -> Vec<String> {
    let mut faults = Vec::new();
    let mut seen = HashSet::new();
    let mut unique = |kind: &'static str, key: &str, faults: &mut Vec<String>| {
        if !seen.insert((kind, key.to_owned())) {
            faults.push(format!("{kind} «{key}»: compare più di una volta"));
        }
    };
    for intermediario in &tenant.intermediari {
        unique("intermediario", &intermediario.id, &mut faults);
    }
    for stazione in &tenant.stazioni {
        unique("stazione", &stazione.id, &mut faults);
        if stazione.application_code().is_none() {
            faults.push(format!(
                "stazione «{}»: l'identificativo è <intermediario>_<due cifre>",
                stazione.id
            ));
        }
        if !tenant
            .intermediari
            .iter()
            .any(|i| i.id == stazione.intermediario())
        {
            faults.push(format!(
                "stazione «{}»: il suo intermediario non è dichiarato",
                stazione.id
            ));
        }
        password(
            &format!("stazione «{}»", stazione.id),
            stazione.password.reveal(),
            &mut faults,
        );
    }
    for dominio in &tenant.domini {
        unique("dominio", dominio.id.as_str(), &mut faults);
        dominio_faults(tenant, dominio, &mut faults);
    }
    people_and_psp(tenant, &mut unique, &mut faults);
    if let Some(portale) = &tenant.portale
        && !tenant
            .applicazioni
            .iter()
            .any(|a| a.id_a2a == portale.applicazione)
    {
        faults.push(format!(
            "portale: l'applicazione «{}» non è dichiarata",
            portale.applicazione
        ));
    }
    faults
}

fn people_and_psp(
    tenant: &Tenant,
    unique: &mut impl FnMut(&'static str, &str, &mut Vec<String>),
    faults: &mut Vec<String>,
) {
    for applicazione in &tenant.applicazioni {
        unique("applicazione", &applicazione.id_a2a, faults);
        unique("principal", &applicazione.principal, faults);
        known_domini(tenant, &applicazione.id_a2a, &applicazione.domini, faults);
    }
    for operatore in &tenant.operatori {
        unique("principal", &operatore.principal, faults);
        known_domini(tenant, &operatore.principal, &operatore.domini, faults);
    }
    for psp in &tenant.psp {
        unique("psp", &psp.id, faults);
        for canale in &psp.canali {
            unique("canale", &canale.id, faults);
            password(
                &format!("canale «{}»", canale.id),
                canale.password.reveal(),
                faults,
            );
        }
    }
}

fn dominio_faults(tenant: &Tenant, dominio: &Dominio, faults: &mut Vec<String>) {
    let place = format!("dominio «{}»", dominio.id);
    if tenant.stazione(&dominio.stazione).is_none() {
        faults.push(format!(
            "{place}: la stazione «{}» non è dichiarata",
            dominio.stazione
        ));
    }
    match (dominio.aux_digit, dominio.segregation_code) {
        (3, None) => faults.push(format!("{place}: con aux_digit 3 serve segregation_code")),
        (0..=3, _) => {}
        (other, _) => faults.push(format!(
            "{place}: aux_digit vale {other}, deve essere da 0 a 3"
        )),
    }
    if dominio.segregation_code.is_some_and(|code| code > 99) {
        faults.push(format!("{place}: segregation_code ha due cifre"));
    }
    if dominio
        .gln
        .as_ref()
        .is_some_and(|g| g.len() != 13 || !g.bytes().all(|b| b.is_ascii_digit()))
    {
        faults.push(format!("{place}: il GLN ha 13 cifre"));
    }
    if !dominio.iuv_prefix.bytes().all(|b| b.is_ascii_digit()) {
        faults.push(format!("{place}: iuv_prefix contiene solo cifre"));
    }
    for conto in &dominio.conti {
        if let Err(error) = conto.iban.parse::<Iban>() {
            faults.push(format!(
                "{place}: l'IBAN «{}» non è valido ({error})",
                conto.iban
            ));
        }
    }
    for entrata in &dominio.entrate {
        if !dominio
            .conti
            .iter()
            .any(|c| c.iban == entrata.iban_accredito)
        {
            faults.push(format!(
                "{place}, entrata «{}»: l'IBAN «{}» non è tra i conti",
                entrata.id, entrata.iban_accredito
            ));
        }
    }
}

fn known_domini(tenant: &Tenant, who: &str, domini: &[String], faults: &mut Vec<String>) {
    for id in domini
        .iter()
        .filter(|id| *id != "*" && tenant.dominio(id).is_none())
    {
        faults.push(format!("«{who}»: il dominio «{id}» non è dichiarato"));
    }
}

/// Stations and channels: 8 to 15 characters (pagoPA schemas).
fn password(place: &str, password: &str, faults: &mut Vec<String>) {
    if !(8..=15).contains(&password.chars().count()) {
        faults.push(format!("{place}: la password ha da 8 a 15 caratteri"));
    }
}
