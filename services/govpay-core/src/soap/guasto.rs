//! Refusals of the ente (`PAA_…`), and the checks on who calls.

use domain::pagamento::NonPagabile;
use pagopa::{FaultBean, FaultPa, XmlError};
use platform::StoreError;

use crate::ente::{Mancata, RifiutoEnte};
use crate::giornale::Scambio;
use crate::invio::Pagamenti;
use crate::posizione::{EnteRow, Stazione};
use crate::tentativo::Rifiuto;

/// Why an operation is refused.
#[derive(Debug)]
pub enum Guasto {
    Paa { code: FaultPa, description: String },
    Store(StoreError),
}

impl Guasto {
    pub fn new(code: FaultPa, description: impl Into<String>) -> Self {
        Self::Paa {
            code,
            description: description.into(),
        }
    }

    /// A message that its schema refuses, in the old primitives.
    pub fn sintassi_xsd(error: XmlError) -> Self {
        Self::new(FaultPa::SintassiXsd, error.to_string())
    }

    /// The same in the modello unico, which has one syntax code only.
    pub fn sintassi(error: XmlError) -> Self {
        Self::new(FaultPa::SintassiExtraxsd, error.to_string())
    }

    /// The fault for the answer, noted in the giornale. `id` is the body.
    pub fn fault(self, scambio: &mut Scambio) -> FaultBean {
        let id = scambio.evento.id_dominio.clone().unwrap_or_default();
        match self {
            Self::Paa { code, description } => {
                match code {
                    FaultPa::SystemError => scambio.fail(code.code(), &description),
                    _ => scambio.ko(code.code(), &description),
                }
                FaultBean::paa(code, &id, description)
            }
            Self::Store(error) => {
                tracing::error!(error = format!("{:#}", anyhow::Error::from(error)), "store");
                let code = FaultPa::SystemError;
                scambio.fail(code.code(), "archivio non disponibile");
                FaultBean::paa(code, &id, "errore interno dell'ente creditore: riprovare")
            }
        }
    }
}

impl From<StoreError> for Guasto {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Mancata> for Guasto {
    fn from(mancata: Mancata) -> Self {
        let rifiuto = match mancata {
            Mancata::Ente(rifiuto) => rifiuto,
            Mancata::Store(error) => return Self::Store(error),
        };
        let code = match &rifiuto {
            RifiutoEnte::Scaduta(_) => FaultPa::PagamentoScaduto,
            RifiutoEnte::Duplicata(_) => FaultPa::PagamentoDuplicato,
            RifiutoEnte::Annullata(_) => FaultPa::PagamentoAnnullato,
            RifiutoEnte::Sconosciuta(_) | RifiutoEnte::NessunaApplicazione(_) => {
                FaultPa::PagamentoSconosciuto
            }
            RifiutoEnte::NonRiuscita(_) => FaultPa::SystemError,
        };
        Self::new(code, rifiuto.dettaglio())
    }
}

impl From<Rifiuto> for Guasto {
    fn from(rifiuto: Rifiuto) -> Self {
        let (code, description) = fault_rifiuto(&rifiuto);
        Self::Paa { code, description }
    }
}

/// The fault that tells a refusal of the domain.
fn fault_rifiuto(rifiuto: &Rifiuto) -> (FaultPa, String) {
    match rifiuto {
        Rifiuto::NonPagabile {
            motivo, dettaglio, ..
        } => {
            let code = match motivo {
                NonPagabile::Pagata => FaultPa::PagamentoDuplicato,
                NonPagabile::Annullata => FaultPa::PagamentoAnnullato,
                NonPagabile::Scaduta | NonPagabile::NonPiuValida => FaultPa::PagamentoScaduto,
            };
            (code, dettaglio.clone())
        }
        Rifiuto::InCorso { until, .. } => {
            let until = pagopa::tempo::ora_di_roma(*until).format("%d/%m/%Y %H:%M:%S");
            let text =
                format!("un altro tentativo di pagamento è in corso, al più fino al {until}");
            (FaultPa::PagamentoInCorso, text)
        }
        Rifiuto::SenzaIuv { .. } => (
            FaultPa::PagamentoSconosciuto,
            "la pendenza non ha un IUV".to_owned(),
        ),
        Rifiuto::Documento { errore, .. } => {
            let text = format!("i dati della pendenza non sono validi per pagoPA: {errore}");
            (FaultPa::Semantica, text)
        }
    }
}

/// Who is called, in the order of the protocol: broker, station, body.
pub async fn verifica_destinatario(
    p: &Pagamenti,
    id_intermediario: &str,
    id_stazione: &str,
    id_dominio: &str,
) -> Result<(Stazione, EnteRow), Guasto> {
    let broker =
        p.db.intermediario_pagopa(id_intermediario.to_owned())
            .await?;
    if broker.is_none_or(|broker| !broker.abilitato) {
        let text = format!("intermediario '{id_intermediario}' sconosciuto o disabilitato");
        return Err(Guasto::new(FaultPa::IdIntermediarioErrato, text));
    }
    let stazione = p
        .db
        .stazione_pagopa(id_stazione.to_owned())
        .await?
        .filter(|stazione| {
            stazione.stazione.abilitato && stazione.stazione.id_intermediario == id_intermediario
        });
    let Some(stazione) = stazione else {
        let text = format!(
            "stazione '{id_stazione}' sconosciuta, disabilitata o non dell'intermediario \
             '{id_intermediario}'"
        );
        return Err(Guasto::new(FaultPa::StazioneIntErrata, text));
    };
    let ente = p.db.ente_pagopa(id_dominio.to_owned()).await?;
    let ente =
        ente.filter(|ente| ente.abilitato && ente.id_stazione.as_deref() == Some(id_stazione));
    let Some(ente) = ente else {
        let text = format!(
            "dominio '{id_dominio}' sconosciuto, disabilitato o non collegato alla stazione \
             '{id_stazione}'"
        );
        return Err(Guasto::new(FaultPa::IdDominioErrato, text));
    };
    Ok((stazione, ente))
}

/// Payments begin with the primitives of the station's own protocol.
pub fn verifica_versione(stazione: &Stazione, v2: bool) -> Result<(), Guasto> {
    if stazione.is_v2() == v2 {
        return Ok(());
    }
    let (is, use_) = if v2 {
        ("V1 (RPT e RT)", "paaVerificaRPT e paaAttivaRPT")
    } else {
        (
            "V2 (modello unico)",
            "paVerifyPaymentNotice e paGetPaymentV2",
        )
    };
    let id = &stazione.stazione.id_stazione;
    let text = format!("la stazione '{id}' è di versione {is}: usare {use_}");
    Err(Guasto::new(FaultPa::StazioneIntErrata, text))
}
