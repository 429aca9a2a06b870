//! Who may own a debt that nobody loaded, and what the answer of a gestionale means. Pure.

use domain::Iuv;
use govpay_api::anagrafica::CodificaAvvisi;
use govpay_api::ente::{PendenzaVerificata, StatoVerifica, Verifica};
use platform::{StoreError, StoreResult};

use super::EnteError;
use super::connettore::{Connettore, Dettaglio};
use crate::anagrafica::ApplicazioneRow;
use crate::documento_rpt::cut;
use crate::numerazione::espressione;

/// Characters that are told of what a gestionale says of a debt (`descrizioneStato` of the contract).
const DETTO_MAX: usize = 255;

/// Why there is nothing to pay, or nobody knows. Each has a code of GovPay and a fault of pagoPA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RifiutoEnte {
    /// With what the gestionale said, here and below.
    Scaduta(String),
    Sconosciuta(String),
    Duplicata(String),
    Annullata(String),
    /// The gestionale did not answer, or not with something that can be kept.
    NonRiuscita(String),
    /// No applicazione may own that number.
    NessunaApplicazione(String),
}

impl RifiutoEnte {
    /// GovPay's code and its words.
    pub fn codice(&self) -> (&'static str, &'static str) {
        match self {
            Self::Scaduta(_) => ("VER_010", "La pendenza è scaduta per l'applicazione"),
            Self::Sconosciuta(_) => ("VER_011", "La pendenza è sconosciuta all'applicazione"),
            Self::Duplicata(_) => ("VER_012", "La pendenza è già pagata per l'applicazione"),
            Self::Annullata(_) => ("VER_013", "La pendenza è annullata per l'applicazione"),
            Self::NonRiuscita(_) => (
                "VER_014",
                "La verifica presso l'applicazione non è riuscita",
            ),
            Self::NessunaApplicazione(_) => (
                "APP_006",
                "Nessuna applicazione può gestire quel numero avviso",
            ),
        }
    }

    pub fn dettaglio(&self) -> &str {
        match self {
            Self::Scaduta(text)
            | Self::Sconosciuta(text)
            | Self::Duplicata(text)
            | Self::Annullata(text)
            | Self::NonRiuscita(text)
            | Self::NessunaApplicazione(text) => text,
        }
    }
}

/// Who owns an avviso that nobody loaded: of the applicazioni that work for the body, make their own
/// numbers and have that IUV in their pattern, the first with a connector. `applicazioni` are in the
/// order of their ids.
pub fn candidata<'a>(
    applicazioni: &'a [ApplicazioneRow],
    id_dominio: &str,
    iuv: &Iuv,
) -> StoreResult<Option<(&'a ApplicazioneRow, Connettore)>> {
    for row in applicazioni.iter().filter(|row| row.abilitato) {
        let Dettaglio {
            servizio_integrazione: Some(dati),
            codifica_avvisi: Some(codifica),
        } = Dettaglio::leggi(&row.dettaglio)?
        else {
            continue;
        };
        if genera(&codifica, iuv) && lavora_per(row, id_dominio)? {
            return Ok(Some((row, Connettore::new(dati))));
        }
    }
    Ok(None)
}

fn genera(codifica: &CodificaAvvisi, iuv: &Iuv) -> bool {
    let pattern = codifica.reg_exp_iuv.as_deref().unwrap_or_default();
    codifica.generazione_iuv_interna == Some(true)
        && !pattern.is_empty()
        && espressione(pattern).is_ok_and(|regex| regex.is_match(iuv.as_str()))
}

/// Whether the applicazione works for the body.
pub fn lavora_per(row: &ApplicazioneRow, id_dominio: &str) -> StoreResult<bool> {
    let domini: Vec<String> = serde_json::from_str(&row.domini).map_err(StoreError::corrupt)?;
    Ok(domini.iter().any(|id| id == "*" || id == id_dominio))
}

/// What an answer means: the debt as it is told, or why it cannot be paid.
pub fn giudica(
    answer: Result<Verifica, EnteError>,
    id_a2a: &str,
) -> Result<PendenzaVerificata, RifiutoEnte> {
    let verifica = match answer {
        Ok(verifica) => verifica,
        Err(EnteError::Stato { status: 404, .. }) => {
            let text = format!("l'applicazione {id_a2a} non conosce la pendenza");
            return Err(RifiutoEnte::Sconosciuta(text));
        }
        Err(error) => return Err(RifiutoEnte::NonRiuscita(format!("{id_a2a}: {error}"))),
    };
    let said = verifica
        .descrizione_stato
        .map(|text| cut(text.trim(), DETTO_MAX))
        .filter(|text| !text.is_empty());
    let text = |what: &str| {
        let said = said.as_deref().map(|said| format!(" ({said})"));
        format!(
            "per l'applicazione {id_a2a} la pendenza {what}{}",
            said.unwrap_or_default()
        )
    };
    Err(match (verifica.stato, verifica.pendenza) {
        (StatoVerifica::NonEseguita, Some(pendenza)) => return Ok(pendenza),
        (StatoVerifica::NonEseguita, None) => {
            RifiutoEnte::NonRiuscita(text("non è eseguita, ma manca"))
        }
        (StatoVerifica::Scaduta, _) => RifiutoEnte::Scaduta(text("è scaduta")),
        (StatoVerifica::Sconosciuta, _) => RifiutoEnte::Sconosciuta(text("è sconosciuta")),
        (StatoVerifica::Duplicata, _) => RifiutoEnte::Duplicata(text("è già pagata")),
        (StatoVerifica::Annullata, _) => RifiutoEnte::Annullata(text("è annullata")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id_a2a: &str, domini: &str, dettaglio: serde_json::Value) -> ApplicazioneRow {
        ApplicazioneRow {
            id_a2a: id_a2a.to_owned(),
            principal: id_a2a.to_owned(),
            password: String::new(),
            domini: domini.to_owned(),
            api_pendenze: true,
            api_pagamenti: true,
            api_ragioneria: true,
            abilitato: true,
            tipi_pendenza: "[]".to_owned(),
            acl: "[]".to_owned(),
            ruoli: "[]".to_owned(),
            dettaglio: dettaglio.to_string(),
        }
    }

    #[test]
    fn an_unknown_avviso_is_of_the_first_applicazione_that_may_own_it() {
        let generates = |pattern: &str, connettore: bool| {
            let mut all = serde_json::json!({"codificaAvvisi":
                {"generazioneIuvInterna": true, "regExpIuv": pattern}});
            if connettore {
                all["servizioIntegrazione"] = serde_json::json!({"url": "http://ente.example"});
            }
            all
        };
        let mut rows = vec![
            row("A", r#"["12345678903"]"#, generates("01[0-9]*", false)),
            row("B", r#"["09876543217"]"#, generates("01[0-9]*", true)),
            row("C", r#"["12345678903"]"#, generates("01", true)),
            row("D", r#"["*"]"#, generates("", true)),
            row("E", r#"["*"]"#, generates("(01", true)),
            row("F", r#"["*"]"#, generates("01[0-9]*", true)),
            row("G", r#"["*"]"#, generates("01[0-9]*", true)),
        ];
        let iuv = Iuv::parse("01000000000004285").unwrap();
        let found = |rows: &[ApplicazioneRow]| {
            let found = candidata(rows, "12345678903", &iuv).unwrap();
            found.map(|(row, _)| row.id_a2a.clone())
        };
        assert_eq!(found(&rows).as_deref(), Some("F"));
        rows[5].abilitato = false;
        assert_eq!(found(&rows).as_deref(), Some("G"));
        rows.truncate(5);
        assert_eq!(found(&rows), None);
    }

    #[test]
    fn each_state_of_the_gestionale_has_its_code() {
        let codice = |stato| {
            let answer = Verifica {
                stato,
                descrizione_stato: Some("detto".to_owned()),
                pendenza: None,
            };
            let rifiuto = giudica(Ok(answer), "A").unwrap_err();
            assert!(rifiuto.dettaglio().contains("(detto)"), "{rifiuto:?}");
            rifiuto.codice().0
        };
        assert_eq!(codice(StatoVerifica::Scaduta), "VER_010");
        assert_eq!(codice(StatoVerifica::Sconosciuta), "VER_011");
        assert_eq!(codice(StatoVerifica::Duplicata), "VER_012");
        assert_eq!(codice(StatoVerifica::Annullata), "VER_013");
        let error = |status| EnteError::Stato {
            status,
            testo: format!("HTTP {status}"),
            dopo: None,
        };
        assert_eq!(
            giudica(Err(error(404)), "A").unwrap_err().codice().0,
            "VER_011"
        );
        assert_eq!(
            giudica(Err(error(500)), "A").unwrap_err().codice().0,
            "VER_014"
        );
    }
}
