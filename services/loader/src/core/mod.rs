//! The payment core, called as the software of a body calls it: whole blocks of rows where the core
//! takes them, else one row at a time through API Pendenze.

mod corpo;
mod una_alla_volta;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use govpay_api::blocco::{
    Annullamento, Blocco, EsitoBlocco, EsitoOperazione, Inserimento, Operazione,
};
use govpay_api::{Api, Categoria, ClientError, Fault, GovpayClient, NuovaPendenza};
use tenant::Tenant;

pub use self::corpo::Richiesta;
use crate::operatore::Operatore;
use crate::tracciato::{Esito, EsitoRiga};

/// Rows with a core that takes them one at a time.
const INSIEME: usize = 8;

/// One call waits at most this long.
const TIMEOUT: Duration = Duration::from_secs(30);

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

    /// Does what the rows ask for; refusals are outcomes. One outcome per row, in their order.
    pub async fn carica(
        &self,
        richieste: Vec<Richiesta>,
        operatore: Option<&Operatore>,
    ) -> Result<Vec<EsitoRiga>, NonDisponibile> {
        let mut esiti: Vec<Option<EsitoRiga>> = vec![None; richieste.len()];
        for (id_a2a, gruppo) in per_applicazione(richieste) {
            let Some(client) = self.0.get(&id_a2a) else {
                // The validation knew it: the tenant file has changed since.
                for (i, richiesta) in gruppo {
                    let errore = format!("l'applicazione {id_a2a} non è più abilitata");
                    esiti[i] = Some(EsitoRiga::ko(richiesta.ko(), "APP_001", errore));
                }
                continue;
            };
            for (i, esito) in gruppo_intero(client, gruppo, operatore).await? {
                esiti[i] = Some(esito);
            }
        }
        Ok(esiti.into_iter().flatten().collect())
    }

    /// The PDF of an avviso, as the applicazione that owns its pendenza gets it.
    pub async fn avviso_pdf(
        &self,
        id_a2a: &str,
        id_dominio: &str,
        numero_avviso: &str,
    ) -> Result<Vec<u8>, ClientError> {
        let client = self.0.get(id_a2a).ok_or_else(|| ClientError::Fault {
            status: 403,
            fault: Fault {
                categoria: Categoria::Autorizzazione,
                codice: "APP_001".to_owned(),
                descrizione: format!("l'applicazione {id_a2a} non è più abilitata"),
                dettaglio: None,
            },
        })?;
        client.get_avviso_pdf(id_dominio, numero_avviso).await
    }

    /// What the core would refuse of these rows, without doing anything: position and reason. A core
    /// that cannot tell refuses nothing.
    pub async fn prova(
        &self,
        richieste: Vec<Richiesta>,
    ) -> Result<Vec<(usize, Fault)>, NonDisponibile> {
        let mut rifiutate = vec![];
        for (id_a2a, gruppo) in per_applicazione(richieste) {
            let Some(client) = self.0.get(&id_a2a) else {
                continue;
            };
            match client.post_blocco(&blocco(&gruppo), true).await {
                Ok(esiti) => {
                    let coppie = gruppo.into_iter().zip(esiti.esiti);
                    rifiutate.extend(coppie.filter_map(|((i, _), e)| Some((i, e.errore?))));
                }
                Err(error) if error.is_missing() => {}
                Err(error) => return Err(NonDisponibile(error)),
            }
        }
        rifiutate.sort_by_key(|(i, _)| *i);
        Ok(rifiutate)
    }
}

/// The pendenza that a row asks for, if it asks for one.
pub fn corpo_di(richiesta: impl Into<Richiesta>) -> Option<Box<NuovaPendenza>> {
    match richiesta.into() {
        Richiesta::Inserimento { corpo, .. } => Some(corpo),
        Richiesta::Annullamento(_) => None,
    }
}

type Gruppo = Vec<(usize, Richiesta)>;

/// The requests of each applicazione, with their positions.
fn per_applicazione(richieste: Vec<Richiesta>) -> Vec<(String, Gruppo)> {
    let mut gruppi: Vec<(String, Gruppo)> = vec![];
    for (i, richiesta) in richieste.into_iter().enumerate() {
        match gruppi.iter_mut().find(|(id, _)| id == richiesta.id_a2a()) {
            Some((_, gruppo)) => gruppo.push((i, richiesta)),
            None => gruppi.push((richiesta.id_a2a().to_owned(), vec![(i, richiesta)])),
        }
    }
    gruppi
}

fn blocco(gruppo: &Gruppo) -> Blocco<'_> {
    Blocco {
        operazioni: gruppo.iter().map(|(_, r)| operazione(r)).collect(),
    }
}

fn operazione(richiesta: &Richiesta) -> Operazione<'_> {
    match richiesta {
        Richiesta::Inserimento {
            id_pendenza, corpo, ..
        } => Operazione::Inserimento(Inserimento {
            id_pendenza: Cow::Borrowed(id_pendenza),
            pendenza: Cow::Borrowed(corpo),
        }),
        Richiesta::Annullamento(riga) => Operazione::Annullamento(Annullamento {
            id_pendenza: Cow::Borrowed(&riga.id_pendenza),
            id_dominio: riga.id_dominio.clone(),
            motivo: riga.motivo.as_deref().map(Cow::Borrowed),
        }),
    }
}

/// All rows of one applicazione: in one call, or one at a time.
async fn gruppo_intero(
    client: &GovpayClient,
    gruppo: Gruppo,
    operatore: Option<&Operatore>,
) -> Result<Vec<(usize, EsitoRiga)>, NonDisponibile> {
    let (mut insieme, singole): (Gruppo, Gruppo) = gruppo
        .into_iter()
        .partition(|(_, r)| in_blocco(r, operatore));
    let mut esiti = vec![];
    if !insieme.is_empty() {
        match client.post_blocco(&blocco(&insieme), false).await {
            Ok(risposta) => {
                let coppie = insieme.drain(..).zip(risposta.esiti);
                esiti.extend(coppie.map(|((i, r), e)| (i, esito(&r, e))));
            }
            Err(error) if error.is_missing() => {}
            Err(error) => return Err(NonDisponibile(error)),
        }
    }
    let una = |(i, richiesta): (usize, Richiesta)| async move {
        let esito = una_alla_volta::elabora(client, &richiesta, operatore).await?;
        Ok((i, esito))
    };
    let altri = stream::iter(insieme.into_iter().chain(singole))
        .map(una)
        .buffer_unordered(INSIEME);
    esiti.extend(altri.try_collect::<Vec<_>>().await?);
    Ok(esiti)
}

/// Whether nothing about the row has to be asked before it is done: of an annulment that does not
/// name its body, whether the operator may.
fn in_blocco(richiesta: &Richiesta, operatore: Option<&Operatore>) -> bool {
    match richiesta {
        Richiesta::Inserimento { .. } => true,
        Richiesta::Annullamento(riga) => {
            riga.id_dominio.is_some() || operatore.is_some_and(Operatore::puo_tutto)
        }
    }
}

fn esito(richiesta: &Richiesta, esito: EsitoOperazione) -> EsitoRiga {
    let riuscito = match esito.esito {
        EsitoBlocco::Creata | EsitoBlocco::Aggiornata => Esito::AddOk,
        EsitoBlocco::Annullata => Esito::DelOk,
        EsitoBlocco::Rifiutata => richiesta.ko(),
    };
    EsitoRiga {
        codice: esito.errore.as_ref().map(|f| f.codice.clone()),
        errore: esito.errore.as_ref().map(parole),
        numero_avviso: esito.numero_avviso,
        qrcode: esito.qrcode,
        barcode: esito.barcode,
        ..EsitoRiga::new(riuscito)
    }
}

/// The core's words, in one line.
pub fn parole(fault: &Fault) -> String {
    let dettaglio = fault.dettaglio.as_deref().unwrap_or_default();
    let testo = format!("{}: {} {dettaglio}", fault.codice, fault.descrizione);
    testo.split_whitespace().collect::<Vec<_>>().join(" ")
}
