//! How applicazioni and kinds of debt take part in the numbers of pendenze, as the anagrafica keeps it.

use govpay_api::anagrafica::CodificaAvvisi;
use platform::{StoreError, StoreResult};
use regex::{Regex, RegexBuilder};
use serde::Deserialize;

use crate::pagamenti::Errore;
use crate::pendenza::Codifica;

/// Bytes that a compiled `regExpIuv` may take: an expression that is larger is refused.
const ESPRESSIONE_MAX: usize = 1 << 20;

/// A regular expression for whole IUVs.
pub fn espressione(testo: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&format!("^(?:{testo})$"))
        .size_limit(ESPRESSIONE_MAX)
        .build()
}

/// The part of an applicazione's fields that rules its numbers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Applicazione {
    codifica_avvisi: Option<CodificaAvvisi>,
}

/// How an applicazione numbers; `dettaglio` as its row keeps it.
pub fn codifica(dettaglio: &str) -> Result<Codifica, Errore> {
    let kept: Applicazione = serde_json::from_str(dettaglio).map_err(StoreError::corrupt)?;
    let Some(codifica) = kept.codifica_avvisi else {
        return Ok(Codifica::default());
    };
    let piena = |testo: Option<String>| testo.filter(|testo| !testo.is_empty());
    let ammessi = piena(codifica.reg_exp_iuv).map(|testo| espressione(&testo));
    Ok(Codifica {
        iuv: piena(codifica.codifica_iuv),
        ammessi: ammessi.transpose().map_err(StoreError::corrupt)?,
    })
}

/// `codificaIUV` of a kind of debt; `dettaglio` as its row keeps it.
pub fn codifica_tipo(dettaglio: &str) -> StoreResult<Option<String>> {
    #[derive(Deserialize)]
    struct Tipo {
        #[serde(rename = "codificaIUV")]
        codifica_iuv: Option<String>,
    }
    let kept: Tipo = serde_json::from_str(dettaglio).map_err(StoreError::corrupt)?;
    Ok(kept.codifica_iuv)
}
