//! The syntax of a pendenza: lengths, patterns, sums. Each fault names the field, the value and the
//! rule. What needs the archive is checked where it is written.

use std::collections::HashSet;

use govpay_api::{NuovaPendenza, NuovaVoce};

use crate::pagamenti::Errore;
use crate::pendenza::Rifiuto;

/// Letters, digits, `-` and `_`, 1 to 35 (idA2A, idPendenza; tipi pendenza and entrate also `.`).
pub fn identificativo(campo: &str, value: &str, dots: bool) -> Result<(), Errore> {
    let allowed =
        |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_' || (dots && b == b'.');
    if (1..=35).contains(&value.len()) && value.bytes().all(allowed) {
        return Ok(());
    }
    let dot = if dots { ", punto" } else { "" };
    Err(Errore::richiesta(format!(
        "{campo}: il valore '{value}' deve avere da 1 a 35 caratteri tra lettere, cifre, - e _{dot}"
    )))
}

fn length(campo: &str, value: &str, max: usize) -> Result<(), Errore> {
    let n = value.chars().count();
    if (1..=max).contains(&n) {
        return Ok(());
    }
    Err(Errore::richiesta(format!(
        "{campo}: ha {n} caratteri, deve averne da 1 a {max}"
    )))
}

fn optional(campo: &str, value: Option<&String>, max: usize) -> Result<(), Errore> {
    value.map_or(Ok(()), |value| length(campo, value, max))
}

/// All that can be said without the archive.
pub fn pendenza(p: &NuovaPendenza) -> Result<(), Errore> {
    length("causale", &p.causale, 140)?;
    optional("nome", p.nome.as_ref(), 35)?;
    optional("cartellaPagamento", p.cartella_pagamento.as_ref(), 35)?;
    optional("tassonomia", p.tassonomia.as_ref(), 35)?;
    optional("direzione", p.direzione.as_ref(), 35)?;
    optional("divisione", p.divisione.as_ref(), 35)?;
    optional("idUnitaOperativa", p.id_unita_operativa.as_ref(), 35)?;
    if let Some(tipo) = &p.id_tipo_pendenza {
        identificativo("idTipoPendenza", tipo, true)?;
    }
    if let Some(soggetto) = &p.soggetto_pagatore {
        if let Some(nome) = &soggetto.anagrafica {
            length("soggettoPagatore.anagrafica", nome.as_str(), 70)?;
        }
        optional(
            "soggettoPagatore.indirizzo",
            soggetto.indirizzo.as_ref(),
            70,
        )?;
        optional("soggettoPagatore.civico", soggetto.civico.as_ref(), 16)?;
        optional("soggettoPagatore.cap", soggetto.cap.as_ref(), 16)?;
        optional("soggettoPagatore.localita", soggetto.localita.as_ref(), 35)?;
        optional(
            "soggettoPagatore.provincia",
            soggetto.provincia.as_ref(),
            35,
        )?;
    }
    if p.importo.is_zero() {
        return Err(Errore::richiesta(
            "importo: vale 0.00, deve essere maggiore di zero",
        ));
    }
    if !(1..=5).contains(&p.voci.len()) {
        let text = format!("voci: sono {}, devono essere da 1 a 5", p.voci.len());
        return Err(Errore::richiesta(text));
    }
    let mut ids = HashSet::new();
    for (i, voce) in p.voci.iter().enumerate() {
        check_voce(&format!("voci[{i}]"), voce)?;
        if !ids.insert(&voce.id_voce_pendenza) {
            let text = format!(
                "voci[{i}].idVocePendenza: il valore {} è ripetuto",
                voce.id_voce_pendenza
            );
            return Err(Rifiuto::new("VER_001", "Una voce è ripetuta", text).into());
        }
    }
    let sum: i64 = p.voci.iter().map(|voce| voce.importo.cents()).sum();
    if sum != p.importo.cents() {
        let text = format!(
            "importo: vale {}, la somma delle voci è {}.{:02}",
            p.importo,
            sum / 100,
            sum % 100
        );
        return Err(Rifiuto::new("VER_002", "L'importo non è la somma delle voci", text).into());
    }
    Ok(())
}

fn check_voce(place: &str, voce: &NuovaVoce) -> Result<(), Errore> {
    length(
        &format!("{place}.idVocePendenza"),
        &voce.id_voce_pendenza,
        35,
    )?;
    length(&format!("{place}.descrizione"), &voce.descrizione, 255)?;
    optional(
        &format!("{place}.descrizioneCausaleRPT"),
        voce.descrizione_causale_rpt.as_ref(),
        140,
    )?;
    if voce.importo.is_zero() {
        let text = format!("{place}.importo: vale 0.00, deve essere maggiore di zero");
        return Err(Errore::richiesta(text));
    }
    let groups = [
        voce.cod_entrata.is_some(),
        voce.tipo_bollo.is_some(),
        voce.iban_accredito.is_some(),
    ];
    if groups.iter().filter(|present| **present).count() != 1 {
        return Err(Errore::richiesta(format!(
            "{place}: serve uno e uno solo tra codEntrata, tipoBollo (con hashDocumento e provinciaResidenza) e ibanAccredito (con tipoContabilita e codiceContabilita)"
        )));
    }
    if let Some(tipo) = &voce.tipo_bollo {
        if tipo != "01" {
            return Err(Errore::richiesta(format!(
                "{place}.tipoBollo: il valore {tipo} deve essere 01"
            )));
        }
        required(
            &format!("{place}.hashDocumento"),
            voce.hash_documento.as_ref(),
        )?;
        required(
            &format!("{place}.provinciaResidenza"),
            voce.provincia_residenza.as_ref(),
        )?;
    }
    if let Some(iban) = &voce.iban_accredito {
        if iban.parse::<iban::Iban>().is_err() {
            let text = format!(
                "{place}.ibanAccredito: il valore {iban} non è un IBAN (cifre di controllo errate)"
            );
            return Err(Errore::richiesta(text));
        }
        required(
            &format!("{place}.tipoContabilita"),
            voce.tipo_contabilita.as_ref(),
        )?;
        required(
            &format!("{place}.codiceContabilita"),
            voce.codice_contabilita.as_ref(),
        )?;
    }
    let kinds = ["CAPITOLO", "SPECIALE", "SIOPE", "ALTRO"];
    if let Some(tipo) = voce
        .tipo_contabilita
        .as_deref()
        .filter(|tipo| !kinds.contains(tipo))
    {
        let text = format!(
            "{place}.tipoContabilita: il valore {tipo} deve essere tra {}",
            kinds.join(", ")
        );
        return Err(Errore::richiesta(text));
    }
    Ok(())
}

fn required(campo: &str, value: Option<&String>) -> Result<(), Errore> {
    match value {
        Some(value) if !value.is_empty() => Ok(()),
        _ => Err(Errore::richiesta(format!("{campo}: manca"))),
    }
}
