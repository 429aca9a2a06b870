//! Through which PSP and channel a payment goes: what the portal says, or what the citizen chose on
//! WISP.

use govpay_api::{CanaleScelto, SceltaWisp};
use pagopa::ppt::{EffettuazioneScelta, NodoChiediSceltaWispRisposta};
use pagopa::{TipoVersamento, xml::Enumerated as _};

use super::Errore;
use crate::invio::Pagamenti;
use crate::posizione::{Posizione, Stazione};
use crate::tentativo::Canale;

/// The PSP and the channel: those of the request, or those that the citizen chose on WISP.
pub async fn canale(
    p: &Pagamenti,
    scelto: &CanaleScelto,
    stazione: &Stazione,
    posizioni: &[Posizione],
) -> Result<Canale, Errore> {
    let tipo = |text: &str| {
        TipoVersamento::parse(text).ok_or_else(|| {
            let known: Vec<&str> = TipoVersamento::VALUES
                .iter()
                .map(|(_, name)| *name)
                .collect();
            let text = format!(
                "tipoVersamento '{text}': i valori sono {}",
                known.join(", ")
            );
            Errore::richiesta(text)
        })
    };
    if let (Some(psp), Some(intermediario), Some(canale)) = (
        &scelto.id_psp,
        &scelto.id_intermediario_psp,
        &scelto.id_canale,
    ) {
        return Ok(Canale {
            id_psp: psp.clone(),
            id_intermediario_psp: intermediario.clone(),
            id_canale: canale.clone(),
            tipo_versamento: tipo(scelto.tipo_versamento.as_deref().unwrap_or("BBT"))?,
        });
    }
    let (Some(key_pa), Some(key_wisp)) = (&scelto.key_pa, &scelto.key_wisp) else {
        return Err(Errore::richiesta(
            "indicare il PSP (identificativoPSP, identificativoIntermediarioPSP, \
             identificativoCanale) oppure la scelta fatta su WISP (keyPA, keyWISP)",
        ));
    };
    let dominio = posizioni
        .first()
        .map(|p| p.pendenza.id_dominio.clone())
        .unwrap_or_default();
    let scelta = scelta_wisp(p, stazione, &dominio, key_pa, key_wisp).await?;
    match (
        scelta.id_psp,
        scelta.id_intermediario_psp,
        scelta.id_canale,
        scelta.tipo_versamento,
    ) {
        (Some(id_psp), Some(id_intermediario_psp), Some(id_canale), Some(versamento)) => {
            let tipo_versamento = tipo(&versamento)?;
            Ok(Canale {
                id_psp,
                id_intermediario_psp,
                id_canale,
                tipo_versamento,
            })
        }
        _ if scelta.effettuazione_scelta == "PO" => {
            let text = "il cittadino ha scelto di pagare più tardi con l'avviso";
            Err(Errore::pagopa("WISP_004", "Pagamento rimandato", text))
        }
        _ => {
            let text = "il cittadino non ha scelto un PSP su WISP: ripetere la scelta";
            Err(Errore::pagopa(
                "WISP_003",
                "Scelta del PSP non effettuata",
                text,
            ))
        }
    }
}

/// nodoChiediSceltaWISP.
pub async fn scelta_wisp(
    p: &Pagamenti,
    stazione: &Stazione,
    id_dominio: &str,
    key_pa: &str,
    key_wisp: &str,
) -> Result<SceltaWisp, Errore> {
    let answer = p
        .nodo
        .chiedi_scelta_wisp(stazione, id_dominio, key_pa, key_wisp)
        .await;
    let answer: NodoChiediSceltaWispRisposta = answer.map_err(|error| {
        Errore::pagopa(
            "NDP_000",
            "Nodo dei Pagamenti non raggiungibile",
            error.to_string(),
        )
    })?;
    if let Some(fault) = answer.fault {
        let text = fault.description.unwrap_or(fault.fault_string);
        return Err(match fault.fault_code.as_str() {
            "PPT_WISP_SESSIONE_SCONOSCIUTA" => {
                Errore::pagopa("WISP_000", "Sessione WISP sconosciuta", text)
            }
            "PPT_WISP_TIMEOUT_RECUPERO_SCELTA" => {
                Errore::pagopa("WISP_001", "Sessione WISP scaduta", text)
            }
            code => Errore::pagopa(code, "Richiesta rifiutata dal Nodo dei Pagamenti", text),
        });
    }
    let effettuazione = answer
        .effettuazione_scelta
        .unwrap_or(EffettuazioneScelta::No);
    Ok(SceltaWisp {
        effettuazione_scelta: effettuazione.as_str().to_owned(),
        id_psp: answer.identificativo_psp,
        id_intermediario_psp: answer.identificativo_intermediario_psp,
        id_canale: answer.identificativo_canale,
        tipo_versamento: answer.tipo_versamento.map(|tipo| tipo.as_str().to_owned()),
    })
}
