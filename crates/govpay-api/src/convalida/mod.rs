//! The syntax of a pendenza: lengths, patterns, sums. Pure, so that whoever writes a pendenza can say
//! before sending it what a core would refuse. What needs the core's archive is not here.

mod parti;

use std::collections::HashSet;
use std::fmt;

use domain::avviso::TASSONOMIA;

use crate::{NuovaPendenza, NuovaVoce};

/// A field that breaks a rule. Its text, for people: `campo: what is wrong and the rule`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difetto {
    /// Path of the field, as `voci[0].importo`.
    pub campo: String,
    /// The value, where it is short and says something; lengths are told instead of long texts.
    pub valore: Option<String>,
    /// What is wrong with the value and what is allowed.
    pub regola: String,
    pub codice: Codice,
}

/// The code that a core refuses with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codice {
    /// 400000: a field alone is wrong.
    Campo,
    /// VER_001: an item is repeated.
    VoceRipetuta,
    /// VER_035: the shares of an item do not sum to it.
    Quote,
    /// VER_002: the amount is not the sum of the items.
    Somma,
}

impl fmt::Display for Difetto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.campo, self.regola)
    }
}

impl std::error::Error for Difetto {}

impl Difetto {
    fn new(campo: &str, regola: impl Into<String>) -> Self {
        Self {
            campo: campo.to_owned(),
            valore: None,
            regola: regola.into(),
            codice: Codice::Campo,
        }
    }

    /// A rule on a value that is quoted.
    fn di(campo: &str, valore: &str, regola: &str) -> Self {
        Self {
            valore: Some(valore.to_owned()),
            ..Self::new(campo, format!("il valore {valore} {regola}"))
        }
    }

    /// The same fault of a field inside that item.
    fn nella_voce(mut self, i: usize) -> Self {
        self.campo = match self.campo.as_str() {
            "" => format!("voci[{i}]"),
            campo => format!("voci[{i}].{campo}"),
        };
        self
    }
}

type Esito = Result<(), Difetto>;

/// Letters, digits, `-` and `_`, 1 to 35 (idA2A, idPendenza; tipi pendenza and entrate also `.`).
pub fn identificativo(campo: &str, value: &str, dots: bool) -> Esito {
    let allowed =
        |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_' || (dots && b == b'.');
    if (1..=35).contains(&value.len()) && value.bytes().all(allowed) {
        return Ok(());
    }
    let dot = if dots { ", punto" } else { "" };
    let regola = format!("deve avere da 1 a 35 caratteri tra lettere, cifre, - e _{dot}");
    Err(Difetto::di(campo, &format!("'{value}'"), &regola))
}

/// 1 to `max` characters.
pub fn lunghezza(campo: &str, value: &str, max: usize) -> Esito {
    // A text is never longer in characters than in bytes.
    if (1..=max).contains(&value.len()) {
        return Ok(());
    }
    let n = value.chars().count();
    if (1..=max).contains(&n) {
        return Ok(());
    }
    let regola = format!("ha {n} caratteri, deve averne da 1 a {max}");
    Err(Difetto::new(campo, regola))
}

fn facoltativo(campo: &str, value: Option<&String>, max: usize) -> Esito {
    value.map_or(Ok(()), |value| lunghezza(campo, value, max))
}

fn presente(campo: &str, value: Option<&String>) -> Esito {
    match value {
        Some(value) if !value.is_empty() => Ok(()),
        _ => Err(Difetto::new(campo, "manca")),
    }
}

/// All that can be said of a pendenza without the archive.
pub fn pendenza(p: &NuovaPendenza) -> Esito {
    lunghezza("causale", &p.causale, 140)?;
    facoltativo("nome", p.nome.as_ref(), 35)?;
    facoltativo("cartellaPagamento", p.cartella_pagamento.as_ref(), 35)?;
    facoltativo("tassonomia", p.tassonomia.as_ref(), 35)?;
    let nomi = [
        ("direzione", &p.direzione, false),
        ("divisione", &p.divisione, false),
        ("idUnitaOperativa", &p.id_unita_operativa, false),
        ("idTipoPendenza", &p.id_tipo_pendenza, true),
    ];
    for (campo, nome, punti) in nomi {
        if let Some(nome) = nome {
            identificativo(campo, nome, punti)?;
        }
    }
    if let Some(voce) = &p.tassonomia_avviso
        && !TASSONOMIA.contains(&voce.as_str())
    {
        let regola = format!("deve essere tra: {}", TASSONOMIA.join("; "));
        return Err(Difetto::di(
            "tassonomiaAvviso",
            &format!("'{voce}'"),
            &regola,
        ));
    }
    if let Some(anno) = p.anno_riferimento
        && !(1000..=9999).contains(&anno)
    {
        let anno = anno.to_string();
        return Err(Difetto::di("annoRiferimento", &anno, "deve avere 4 cifre"));
    }
    p.soggetto_pagatore
        .as_ref()
        .map_or(Ok(()), parti::debitore)?;
    p.documento.as_ref().map_or(Ok(()), parti::documento)?;
    p.proprieta.as_ref().map_or(Ok(()), parti::proprieta)?;
    parti::allegati(&p.allegati)?;
    if p.importo.is_zero() {
        let regola = "vale 0.00, deve essere maggiore di zero";
        return Err(Difetto::new("importo", regola));
    }
    if !(1..=5).contains(&p.voci.len()) {
        let regola = format!("sono {}, devono essere da 1 a 5", p.voci.len());
        return Err(Difetto::new("voci", regola));
    }
    for (i, v) in p.voci.iter().enumerate() {
        voce(v).map_err(|difetto| difetto.nella_voce(i))?;
    }
    ripetute(p)?;
    let sum: i64 = p.voci.iter().map(|voce| voce.importo.cents()).sum();
    if sum != p.importo.cents() {
        let regola = format!(
            "vale {}, la somma delle voci è {}.{:02}",
            p.importo,
            sum / 100,
            sum % 100
        );
        return Err(Difetto {
            valore: Some(p.importo.to_string()),
            codice: Codice::Somma,
            ..Difetto::new("importo", regola)
        });
    }
    Ok(())
}

fn ripetute(p: &NuovaPendenza) -> Esito {
    let mut ids = HashSet::with_capacity(p.voci.len());
    let repeated = p
        .voci
        .iter()
        .enumerate()
        .find(|(_, voce)| !ids.insert(voce.id_voce_pendenza.as_str()));
    let Some((i, voce)) = repeated else {
        return Ok(());
    };
    Err(Difetto {
        codice: Codice::VoceRipetuta,
        ..Difetto::di("idVocePendenza", &voce.id_voce_pendenza, "è ripetuto").nella_voce(i)
    })
}

fn voce(voce: &NuovaVoce) -> Esito {
    lunghezza("idVocePendenza", &voce.id_voce_pendenza, 35)?;
    lunghezza("descrizione", &voce.descrizione, 255)?;
    let causale = voce.descrizione_causale_rpt.as_ref();
    facoltativo("descrizioneCausaleRPT", causale, 140)?;
    if voce.importo.is_zero() {
        let regola = "vale 0.00, deve essere maggiore di zero";
        return Err(Difetto::new("importo", regola));
    }
    let groups = [
        voce.cod_entrata.is_some(),
        voce.tipo_bollo.is_some(),
        voce.iban_accredito.is_some(),
    ];
    if groups.iter().filter(|present| **present).count() != 1 {
        return Err(Difetto::new(
            "",
            "serve uno e uno solo tra codEntrata, tipoBollo (con hashDocumento e provinciaResidenza) e ibanAccredito (con tipoContabilita e codiceContabilita)",
        ));
    }
    solo_del_gruppo(voce)?;
    if let Some(metadata) = &voce.metadata {
        parti::metadata(metadata)?;
    }
    if let Some(contabilita) = &voce.contabilita {
        parti::contabilita(voce, contabilita)?;
    }
    if let Some(entrata) = &voce.cod_entrata {
        return identificativo("codEntrata", entrata, true);
    }
    if let Some(tipo) = &voce.tipo_bollo {
        if tipo != "01" {
            return Err(Difetto::di("tipoBollo", tipo, "deve essere 01"));
        }
        presente("hashDocumento", voce.hash_documento.as_ref())?;
        presente("provinciaResidenza", voce.provincia_residenza.as_ref())?;
        facoltativo("hashDocumento", voce.hash_documento.as_ref(), 70)?;
        if let Some(provincia) = &voce.provincia_residenza
            && !parti::maiuscole(provincia)
        {
            let valore = format!("'{provincia}'");
            return Err(Difetto::di(
                "provinciaResidenza",
                &valore,
                "deve avere 2 lettere maiuscole",
            ));
        }
    }
    if let Some(iban) = &voce.iban_accredito {
        if iban.parse::<iban::Iban>().is_err() {
            let regola = "non è un IBAN (cifre di controllo errate)";
            return Err(Difetto::di("ibanAccredito", iban, regola));
        }
        presente("tipoContabilita", voce.tipo_contabilita.as_ref())?;
        presente("codiceContabilita", voce.codice_contabilita.as_ref())?;
    }
    match voce.tipo_contabilita.as_deref() {
        Some(tipo) if !CONTABILITA.contains(&tipo) => {
            let regola = format!("deve essere tra {}", CONTABILITA.join(", "));
            Err(Difetto::di("tipoContabilita", tipo, &regola))
        }
        _ => Ok(()),
    }
}

/// What belongs to another group of fields than the item's own is absent.
fn solo_del_gruppo(voce: &NuovaVoce) -> Esito {
    let bollo = voce.tipo_bollo.is_some();
    let conto = voce.iban_accredito.is_some();
    let campi = [
        ("hashDocumento", &voce.hash_documento, bollo),
        ("provinciaResidenza", &voce.provincia_residenza, bollo),
        ("ibanAppoggio", &voce.iban_appoggio, conto),
        ("tipoContabilita", &voce.tipo_contabilita, conto),
        ("codiceContabilita", &voce.codice_contabilita, conto),
    ];
    for (campo, valore, suo) in campi {
        if valore.is_some() && !suo {
            let con = match campo {
                "hashDocumento" | "provinciaResidenza" => "tipoBollo",
                _ => "ibanAccredito",
            };
            return Err(Difetto::new(campo, format!("si usa solo con {con}")));
        }
    }
    Ok(())
}

const CONTABILITA: [&str; 4] = ["CAPITOLO", "SPECIALE", "SIOPE", "ALTRO"];

#[cfg(test)]
mod tests {
    use domain::{CodDominio, Importo};

    use super::*;

    fn una(importo: &str, voci: &[(&str, &str)]) -> NuovaPendenza {
        let euro = |text| Importo::parse(text).unwrap();
        let voci = voci.iter().map(|(id, importo)| {
            NuovaVoce::entrata((*id).into(), euro(*importo), "Quota".into(), "TARI".into())
        });
        let dominio = CodDominio::parse("12345678903").unwrap();
        NuovaPendenza::new(
            dominio,
            "Tassa rifiuti".into(),
            euro(importo),
            voci.collect(),
        )
    }

    fn detto(p: &NuovaPendenza) -> (String, Codice) {
        let difetto = pendenza(p).unwrap_err();
        (difetto.to_string(), difetto.codice)
    }

    #[test]
    fn each_fault_has_its_field_and_its_rule() {
        assert_eq!(
            pendenza(&una("3.00", &[("1", "1.00"), ("2", "2.00")])),
            Ok(())
        );
        let ripetuta = una("3.00", &[("1", "1.00"), ("1", "2.00")]);
        let text = "voci[1].idVocePendenza: il valore 1 è ripetuto";
        assert_eq!(detto(&ripetuta), (text.into(), Codice::VoceRipetuta));
        let somma = una("3.00", &[("1", "1.00")]);
        let text = "importo: vale 3.00, la somma delle voci è 1.00";
        assert_eq!(detto(&somma), (text.into(), Codice::Somma));
        let mut gruppi = una("1.00", &[("1", "1.00")]);
        gruppi.voci[0].cod_entrata = None;
        assert!(
            detto(&gruppi)
                .0
                .starts_with("voci[0]: serve uno e uno solo")
        );
        let mut lunga = una("1.00", &[("1", "1.00")]);
        lunga.causale = "à".repeat(140);
        assert_eq!(pendenza(&lunga), Ok(()));
        lunga.causale.push('à');
        let text = "causale: ha 141 caratteri, deve averne da 1 a 140";
        assert_eq!(detto(&lunga), (text.into(), Codice::Campo));
    }

    #[test]
    fn an_identifier_that_breaks_the_pattern_is_quoted() {
        let difetto = identificativo("idPendenza", "A/1", false).unwrap_err();
        assert_eq!(
            difetto.to_string(),
            "idPendenza: il valore 'A/1' deve avere da 1 a 35 caratteri tra lettere, cifre, - e _"
        );
        assert_eq!(identificativo("idTipoPendenza", "A.1", true), Ok(()));
    }
}
