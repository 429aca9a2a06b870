//! Rows given one at a time through GovPay's own operations: for a core that is not ours, and for
//! annulments whose body only the core knows.

use std::time::Duration;

use domain::tracciato::RigaAnnullamento;
use domain::{NumeroAvviso, avviso};
use govpay_api::{ClientError, GovpayClient, NuovaPendenza};

use super::{NonDisponibile, Richiesta};
use crate::operatore::Operatore;
use crate::tracciato::{Esito, EsitoRiga};

/// How often a row is tried when the core fails on it with an internal error, before the row is
/// given up: one bad row must not hold the others for ever.
const TENTATIVI: u32 = 3;
const PAUSA: Duration = Duration::from_millis(300);

/// Does what a row asks for; refusals are outcomes.
pub async fn elabora(
    client: &GovpayClient,
    richiesta: &Richiesta,
    operatore: Option<&Operatore>,
) -> Result<EsitoRiga, NonDisponibile> {
    let ko = richiesta.ko();
    let mut tentativo = 1;
    loop {
        let result = match richiesta {
            Richiesta::Inserimento {
                id_a2a,
                id_pendenza,
                corpo,
                ..
            } => inserisci(client, (id_a2a, id_pendenza), corpo).await,
            Richiesta::Annullamento(riga) => annulla(client, riga, operatore).await,
        };
        match result {
            Ok(esito) => return Ok(esito),
            Err(error) if !is_of_the_row(&error) => return Err(NonDisponibile(error)),
            Err(error) if error.is_transient() && tentativo < TENTATIVI => {
                tentativo += 1;
                tokio::time::sleep(PAUSA).await;
            }
            Err(error) => return Ok(EsitoRiga::ko(ko, codice(&error), testo(&error))),
        }
    }
}

/// Whether an error speaks of the row, and not of a core that is down, busy, or something else.
fn is_of_the_row(error: &ClientError) -> bool {
    match error {
        ClientError::Fault { status, .. } => *status < 501 && *status != 429,
        ClientError::Unreachable(_) | ClientError::NoAnswer(_) => false,
        ClientError::Unreadable { .. } => false,
    }
}

fn codice(error: &ClientError) -> String {
    match error {
        ClientError::Fault { fault, .. } => fault.codice.clone(),
        _ => "500000".to_owned(),
    }
}

/// The core's words, in one line.
fn testo(error: &ClientError) -> String {
    match error {
        ClientError::Fault { fault, .. } => super::parole(fault),
        altro => altro.to_string(),
    }
}

async fn inserisci(
    client: &GovpayClient,
    (id_a2a, id_pendenza): (&str, &str),
    corpo: &NuovaPendenza,
) -> Result<EsitoRiga, ClientError> {
    let (creata, _) = client.put_pendenza(id_a2a, id_pendenza, corpo).await?;
    let mut esito = EsitoRiga::new(Esito::AddOk);
    let assegnato = creata.numero_avviso.as_deref().map(NumeroAvviso::parse);
    let Some(Ok(numero_avviso)) = assegnato else {
        // Several voci with a bollo: no avviso, paid from the portal only.
        return Ok(esito);
    };
    let stampa = client
        .get_avviso(&creata.id_dominio, numero_avviso.as_str())
        .await;
    esito.numero_avviso = Some(numero_avviso.as_str().to_owned());
    match stampa {
        Ok(avviso) => {
            let importo = avviso.importo.unwrap_or(corpo.importo);
            let qrcode = || avviso::qr_text(&numero_avviso, &corpo.id_dominio, importo);
            esito.qrcode = Some(avviso.qrcode.unwrap_or_else(qrcode));
            esito.barcode = avviso.barcode;
            Ok(esito)
        }
        // The pendenza is there: only the codes are missing.
        Err(error @ ClientError::Fault { .. }) if !error.is_transient() => {
            let dettaglio = testo(&error);
            let errore =
                format!("pendenza caricata, codici dell'avviso non disponibili: {dettaglio}");
            esito.errore = Some(errore);
            Ok(esito)
        }
        Err(error) => Err(error),
    }
}

async fn annulla(
    client: &GovpayClient,
    riga: &RigaAnnullamento,
    operatore: Option<&Operatore>,
) -> Result<EsitoRiga, ClientError> {
    let ko = |codice: &str, errore: String| Ok(EsitoRiga::ko(Esito::DelKo, codice, errore));
    let pendenza = client.get_pendenza(&riga.id_a2a, &riga.id_pendenza).await?;
    let id_dominio = pendenza.dominio.id_dominio.as_str();
    if riga
        .id_dominio
        .as_ref()
        .is_some_and(|d| d.as_str() != id_dominio)
    {
        return ko(
            "VER_004",
            "la pendenza è di un altro ente creditore".to_owned(),
        );
    }
    if !operatore.is_some_and(|o| o.puo(id_dominio)) {
        return ko(
            "403000",
            "non sei abilitato alle pendenze di questo ente creditore".to_owned(),
        );
    }
    if !["NON_ESEGUITA", "SCADUTA", "ANNULLATA"].contains(&pendenza.stato.as_str()) {
        return ko(
            "VER_009",
            format!(
                "la pendenza è nello stato {}: non si annulla",
                pendenza.stato
            ),
        );
    }
    let motivo = riga.motivo.as_deref().unwrap_or("Annullata da tracciato");
    client
        .annulla_pendenza(&riga.id_a2a, &riga.id_pendenza, Some(motivo))
        .await?;
    Ok(EsitoRiga::new(Esito::DelOk))
}
