//! The payment core, called as the software of a body calls it (API Pendenze v2).

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::tracciato::{
    Avvisatura, Rata, RiferimentoVoce, Riga, RigaAnnullamento, RigaPendenza, Voce,
};
use domain::{NumeroAvviso, avviso};
use govpay_api::{
    Api, ClientError, Documento, GovpayClient, NuovaPendenza, NuovaVoce, ProprietaPendenza,
    Soggetto, Soglia,
};
use tenant::Tenant;

use crate::operatore::Operatore;
use crate::tracciato::EsitoRiga;

/// One call waits at most this long.
const TIMEOUT: Duration = Duration::from_secs(20);

/// How often a row is tried when the core fails on it with an internal error, before the row is
/// given up: one bad row must not hold the others for ever.
const TENTATIVI: u32 = 3;
const PAUSA: Duration = Duration::from_millis(300);

/// The core does not answer, or does not answer as a core: the whole file waits.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NonDisponibile(pub ClientError);

/// One client per applicazione, with its credentials. Clones are the same.
#[derive(Clone)]
pub struct Core(Arc<HashMap<String, GovpayClient>>);

impl Core {
    pub fn new(base: &str, tenant: &Tenant) -> anyhow::Result<Self> {
        let http = platform::http::client(TIMEOUT)?;
        let clients = tenant
            .applicazioni
            .iter()
            .filter(|a| a.api_pendenze)
            .map(|a| {
                let (user, password) = (a.principal.as_str(), a.password.reveal());
                let client = GovpayClient::new(http.clone(), base, Api::Pendenze, user, password)?
                    .with_traceparent(platform::telemetry::current_traceparent);
                Ok((a.id_a2a.clone(), client))
            })
            .collect::<Result<_, url::ParseError>>()?;
        Ok(Self(Arc::new(clients)))
    }

    /// Does what a row asks for; refusals are outcomes.
    pub async fn elabora(
        &self,
        numero: i64,
        riga: &Riga,
        operatore: Option<&Operatore>,
    ) -> Result<EsitoRiga, NonDisponibile> {
        let (id_a2a, ko) = match riga {
            Riga::Inserimento(pendenza) => (&pendenza.id_a2a, "ADD_KO"),
            Riga::Annullamento(riga) => (&riga.id_a2a, "DEL_KO"),
        };
        let Some(client) = self.0.get(id_a2a) else {
            // The validation knew it: the tenant file has changed since.
            let errore = format!("l'applicazione {id_a2a} non è più abilitata");
            return Ok(esito(numero, ko, Some(errore)));
        };
        let mut tentativo = 1;
        loop {
            let result = match riga {
                Riga::Inserimento(pendenza) => inserisci(client, numero, pendenza).await,
                Riga::Annullamento(riga) => annulla(client, numero, riga, operatore).await,
            };
            match result {
                Ok(esito) => return Ok(esito),
                Err(error) if !is_of_the_row(&error) => return Err(NonDisponibile(error)),
                Err(error) if error.is_transient() && tentativo < TENTATIVI => {
                    tentativo += 1;
                    tokio::time::sleep(PAUSA).await;
                }
                Err(error) => return Ok(esito(numero, ko, Some(testo(&error)))),
            }
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

/// The core's words, in one line.
fn testo(error: &ClientError) -> String {
    match error {
        ClientError::Fault { fault, .. } => {
            let dettaglio = fault.dettaglio.as_deref().unwrap_or_default();
            let testo = format!("{}: {} {dettaglio}", fault.codice, fault.descrizione);
            testo.split_whitespace().collect::<Vec<_>>().join(" ")
        }
        altro => altro.to_string(),
    }
}

fn esito(numero: i64, esito: &str, errore: Option<String>) -> EsitoRiga {
    EsitoRiga {
        numero,
        esito: esito.to_owned(),
        errore,
        iuv: None,
        numero_avviso: None,
        qrcode: None,
        barcode: None,
    }
}

async fn inserisci(
    client: &GovpayClient,
    numero: i64,
    riga: &RigaPendenza,
) -> Result<EsitoRiga, ClientError> {
    let body = nuova_pendenza(riga);
    let (creata, _) = client
        .put_pendenza(&riga.id_a2a, &riga.id_pendenza, &body)
        .await?;
    let mut esito = esito(numero, "ADD_OK", None);
    let assegnato = creata.numero_avviso.as_deref().map(NumeroAvviso::parse);
    let Some(Ok(numero_avviso)) = assegnato else {
        // Several voci with a bollo: no avviso, paid from the portal only.
        return Ok(esito);
    };
    let stampa = client
        .get_avviso(&creata.id_dominio, numero_avviso.as_str())
        .await;
    esito.iuv = Some(numero_avviso.iuv().as_str().to_owned());
    esito.numero_avviso = Some(numero_avviso.as_str().to_owned());
    match stampa {
        Ok(avviso) => {
            let importo = avviso.importo.unwrap_or(riga.importo);
            let qrcode = || avviso::qr_text(&numero_avviso, &riga.id_dominio, importo);
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
    numero: i64,
    riga: &RigaAnnullamento,
    operatore: Option<&Operatore>,
) -> Result<EsitoRiga, ClientError> {
    let ko = |errore: String| Ok(esito(numero, "DEL_KO", Some(errore)));
    let pendenza = client.get_pendenza(&riga.id_a2a, &riga.id_pendenza).await?;
    let id_dominio = pendenza.dominio.id_dominio.as_str();
    if riga
        .id_dominio
        .as_ref()
        .is_some_and(|d| d.as_str() != id_dominio)
    {
        return ko("la pendenza è di un altro ente creditore".to_owned());
    }
    if !operatore.is_some_and(|o| o.puo(id_dominio)) {
        return ko("non sei abilitato alle pendenze di questo ente creditore".to_owned());
    }
    if !["NON_ESEGUITA", "SCADUTA", "ANNULLATA"].contains(&pendenza.stato.as_str()) {
        return ko(format!(
            "la pendenza è nello stato {}: non si annulla",
            pendenza.stato
        ));
    }
    let motivo = riga.motivo.as_deref().unwrap_or("Annullata da tracciato");
    client
        .annulla_pendenza(&riga.id_a2a, &riga.id_pendenza, Some(motivo))
        .await?;
    Ok(esito(numero, "DEL_OK", None))
}

fn nuova_pendenza(riga: &RigaPendenza) -> NuovaPendenza {
    let voci = riga.voci.iter().map(nuova_voce).collect();
    let causale = riga.causale.clone();
    let mut body = NuovaPendenza::new(riga.id_dominio.clone(), causale, riga.importo, voci);
    body.id_tipo_pendenza = Some(riga.tipo_pendenza.clone());
    body.id_unita_operativa.clone_from(&riga.id_unita_operativa);
    body.soggetto_pagatore = Some(soggetto(riga));
    body.numero_avviso.clone_from(&riga.numero_avviso);
    body.anno_riferimento = riga.anno_riferimento;
    body.cartella_pagamento.clone_from(&riga.cartella_pagamento);
    body.dati_allegati.clone_from(&riga.dati_allegati);
    body.direzione.clone_from(&riga.direzione);
    body.divisione.clone_from(&riga.divisione);
    body.data_validita = riga.data_validita;
    body.data_scadenza = riga.data_scadenza;
    body.tassonomia_avviso.clone_from(&riga.tassonomia_avviso);
    body.data_notifica_avviso = match riga.avvisatura {
        Some(Avvisatura::Il(data)) => Some(data),
        Some(Avvisatura::Mai) | None => None,
    };
    body.documento = riga.documento.as_ref().map(|d| Documento {
        identificativo: d.id.clone(),
        descrizione: d.descrizione.clone(),
        rata: match d.rata {
            Some(Rata::Numero(n)) => Some(n),
            _ => None,
        },
        soglia: match d.rata {
            Some(Rata::Entro(giorni)) => Some(soglia("ENTRO", giorni)),
            Some(Rata::Oltre(giorni)) => Some(soglia("OLTRE", giorni)),
            _ => None,
        },
    });
    body.proprieta = riga.lingua.as_ref().map(|lingua| ProprietaPendenza {
        lingua_secondaria: Some(lingua.codice.clone()),
        lingua_secondaria_causale: lingua.causale.clone(),
        ..ProprietaPendenza::default()
    });
    body
}

fn soglia(tipo: &str, giorni: u32) -> Soglia {
    Soglia {
        tipo: tipo.to_owned(),
        giorni: Some(giorni),
    }
}

fn soggetto(riga: &RigaPendenza) -> Soggetto {
    let pagatore = &riga.pagatore;
    Soggetto {
        anagrafica: Some(pagatore.anagrafica.clone()),
        indirizzo: pagatore.indirizzo.clone(),
        civico: pagatore.civico.clone(),
        cap: pagatore.cap.clone(),
        localita: pagatore.localita.clone(),
        provincia: pagatore.provincia.clone(),
        nazione: pagatore.nazione.clone(),
        email: pagatore.email.clone(),
        cellulare: pagatore.cellulare.clone(),
        ..Soggetto::new(pagatore.tipo, pagatore.identificativo.clone())
    }
}

fn nuova_voce(voce: &Voce) -> NuovaVoce {
    let mut body = NuovaVoce {
        id_voce_pendenza: voce.id.clone(),
        importo: voce.importo,
        descrizione: voce.descrizione.clone(),
        ..NuovaVoce::default()
    };
    match voce.riferimento.clone() {
        RiferimentoVoce::Entrata(codice) => body.cod_entrata = Some(codice),
        RiferimentoVoce::Bollo {
            tipo,
            hash,
            provincia,
        } => {
            body.tipo_bollo = Some(tipo);
            body.hash_documento = Some(hash);
            body.provincia_residenza = Some(provincia);
        }
        RiferimentoVoce::Conto {
            iban_accredito,
            iban_appoggio,
            tipo_contabilita,
            codice_contabilita,
        } => {
            body.iban_accredito = Some(iban_accredito);
            body.iban_appoggio = iban_appoggio;
            body.tipo_contabilita = Some(tipo_contabilita);
            body.codice_contabilita = Some(codice_contabilita);
        }
    }
    body
}
