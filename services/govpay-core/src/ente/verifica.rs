//! A debt asked from its gestionale: one that nobody loaded, or whose data are past their validity. The
//! answer is kept by the rules of a PUT; nothing is locked while it is waited for.

use std::time::Duration;

use domain::NumeroAvviso;
use domain::pagamento::NonPagabile;
use govpay_api::ente::{PendenzaVerificata, Verifica, VersioneEnte};
use govpay_api::{NuovaPendenza, convalida};
use platform::StoreError;
use reqwest::Method;

use super::connettore::Connettore;
use super::giudizio::{RifiutoEnte, candidata, giudica, lavora_per};
use super::{Chiamata, EnteError};
use crate::anagrafica::ApplicazioneRow;
use crate::invio::Pagamenti;
use crate::nodo::Oggetto;
use crate::numerazione;
use crate::pagamenti::Errore;
use crate::pendenza::{EsitoOrdine, Ordine, OrigineOrdine};
use crate::posizione::Posizione;
use crate::verifica::tipo_di;

/// A position that may be paid as far as its validity goes.
pub struct Verificata {
    pub posizione: Posizione,
    /// Its dataValidita is past and does not count: the gestionale has just been asked.
    pub verificata: bool,
}

/// A question without an answer that can be paid.
#[derive(Debug)]
pub enum Mancata {
    Ente(RifiutoEnte),
    Store(StoreError),
}

impl From<RifiutoEnte> for Mancata {
    fn from(rifiuto: RifiutoEnte) -> Self {
        Self::Ente(rifiuto)
    }
}

impl From<StoreError> for Mancata {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Which debt is asked for.
enum Quale<'a> {
    Avviso {
        id_dominio: &'a str,
        numero: &'a NumeroAvviso,
    },
    Chiave {
        id_pendenza: &'a str,
    },
    /// One that the data of a form stand for.
    Modulo {
        id_dominio: &'a str,
        id_tipo_pendenza: &'a str,
        /// JSON.
        dati: &'a str,
    },
}

impl Pagamenti {
    /// A known position, with its data told anew when their validity is past. When the gestionale
    /// cannot tell them the known ones are paid, unless its connector says that they must be new.
    pub async fn verificata(&self, posizione: Posizione) -> Result<Verificata, Mancata> {
        let row = &posizione.pendenza;
        let stale = row.pagabile(false, self.now())? == Err(NonPagabile::NonPiuValida);
        let owner = match stale {
            true => self.db.find_applicazione_a2a(row.id_a2a.clone()).await?,
            false => None,
        };
        let connettore = match &owner {
            Some(owner) => super::connettore::del_dettaglio(&owner.dettaglio)?,
            None => None,
        };
        let (Some(owner), Some(connettore)) = (owner, connettore) else {
            return Ok(Verificata {
                posizione,
                verificata: false,
            });
        };
        let quale = Quale::Chiave {
            id_pendenza: &row.id_pendenza,
        };
        let answer = match self.interroga(&owner, &connettore, quale).await {
            Ok(nuova) => {
                let id_pendenza = row.id_pendenza.clone();
                self.conserva(&owner, id_pendenza, nuova).await
            }
            Err(rifiuto) => Err(rifiuto.into()),
        };
        match answer {
            Ok(()) => {}
            Err(Mancata::Ente(RifiutoEnte::NonRiuscita(motivo))) if !connettore.mandatorio() => {
                let id_pendenza = &row.id_pendenza;
                tracing::warn!(id_pendenza, motivo, "paid with data past their validity");
            }
            Err(other) => return Err(other),
        }
        Ok(Verificata {
            posizione: self.db.load(row.id).await?,
            verificata: true,
        })
    }

    /// The position of an avviso that nobody loaded, asked from whoever may own it.
    pub async fn cerca_avviso(
        &self,
        id_dominio: &str,
        numero: &NumeroAvviso,
    ) -> Result<Verificata, Mancata> {
        let applicazioni = self.db.list_applicazioni().await?;
        let Some((owner, connettore)) = candidata(&applicazioni, id_dominio, &numero.iuv())? else {
            let text = format!(
                "nessuna pendenza con numero avviso '{numero}' per l'ente '{id_dominio}', e nessuna \
                 applicazione che lo possa aver generato"
            );
            return Err(RifiutoEnte::NessunaApplicazione(text).into());
        };
        let quale = Quale::Avviso { id_dominio, numero };
        let mut nuova = self.interroga(owner, &connettore, quale).await?;
        let given = nuova.numero_avviso.get_or_insert_with(|| numero.clone());
        if given != numero || nuova.id_dominio.as_str() != id_dominio {
            let text = format!(
                "l'applicazione {} ha risposto con un'altra pendenza: avviso '{given}' dell'ente '{}'",
                owner.id_a2a, nuova.id_dominio
            );
            return Err(RifiutoEnte::NonRiuscita(text).into());
        }
        let id_pendenza = nuova.id_pendenza.clone().ok_or_else(|| {
            let text = format!(
                "la risposta dell'applicazione {} non ha idPendenza",
                owner.id_a2a
            );
            RifiutoEnte::NonRiuscita(text)
        })?;
        self.conserva(owner, id_pendenza.clone(), nuova).await?;
        self.appena_letta(owner, id_pendenza).await
    }

    /// The position with that key, which nobody loaded, asked from its applicazione. `vede`: whether
    /// whoever asks may see a debt of that body.
    pub async fn cerca_chiave(
        &self,
        id_a2a: &str,
        id_pendenza: &str,
        vede: impl Fn(&str) -> bool,
    ) -> Result<Option<Verificata>, Mancata> {
        if convalida::identificativo("idPendenza", id_pendenza, false).is_err() {
            return Ok(None); // nobody can have loaded it
        }
        let owner = self.db.find_applicazione_a2a(id_a2a.to_owned()).await?;
        let Some(owner) = owner.filter(|owner| owner.abilitato) else {
            return Ok(None);
        };
        let Some(connettore) = super::connettore::del_dettaglio(&owner.dettaglio)? else {
            return Ok(None);
        };
        let quale = Quale::Chiave { id_pendenza };
        let nuova = self.interroga(&owner, &connettore, quale).await?;
        if !vede(nuova.id_dominio.as_str()) {
            return Ok(None);
        }
        self.conserva(&owner, id_pendenza.to_owned(), nuova).await?;
        let found = self.appena_letta(&owner, id_pendenza.to_owned()).await?;
        Ok(Some(found))
    }

    /// The debt that the data of a form stand for, made by the applicazione that they are passed on to.
    /// Nothing is kept yet.
    pub async fn da_modulo(
        &self,
        id_a2a: &str,
        id_dominio: &str,
        id_tipo_pendenza: &str,
        dati: &str,
    ) -> Result<PendenzaVerificata, Mancata> {
        let senza = |text: &str| {
            let text = format!("inoltro: l'applicazione {id_a2a} {text}");
            Mancata::Ente(RifiutoEnte::NonRiuscita(text))
        };
        let owner = self.db.find_applicazione_a2a(id_a2a.to_owned()).await?;
        let owner = owner.filter(|owner| owner.abilitato);
        let owner = owner.ok_or_else(|| senza("non è censita o non è abilitata"))?;
        let connettore = super::connettore::del_dettaglio(&owner.dettaglio)?;
        let connettore = connettore.ok_or_else(|| senza("non ha un connettore"))?;
        let quale = Quale::Modulo {
            id_dominio,
            id_tipo_pendenza,
            dati,
        };
        Ok(self.interroga(&owner, &connettore, quale).await?)
    }

    async fn appena_letta(
        &self,
        owner: &ApplicazioneRow,
        id_pendenza: String,
    ) -> Result<Verificata, Mancata> {
        let key = self.db.posizione_by_key(owner.id_a2a.clone(), id_pendenza);
        let posizione = key
            .await?
            .ok_or_else(|| StoreError::corrupt("una pendenza appena scritta non c'è"))?;
        Ok(Verificata {
            posizione,
            verificata: true,
        })
    }

    /// Asks, and judges the answer.
    async fn interroga(
        &self,
        owner: &ApplicazioneRow,
        connettore: &Connettore,
        quale: Quale<'_>,
    ) -> Result<PendenzaVerificata, RifiutoEnte> {
        let versione = connettore.versione();
        let (tipo, segmenti, oggetto, id_pendenza) = domanda(owner, versione, &quale);
        let segmenti: Vec<&str> = segmenti.iter().map(String::as_str).collect();
        let chiamata = Chiamata {
            tipo,
            metodo: match quale {
                Quale::Modulo { .. } => Method::POST,
                Quale::Avviso { .. } | Quale::Chiave { .. } => Method::GET,
            },
            segmenti: &segmenti,
            query: vec![],
            corpo: match quale {
                Quale::Modulo { dati, .. } => Some(dati.to_owned()),
                Quale::Avviso { .. } | Quale::Chiave { .. } => None,
            },
            id_evento: None,
            oggetto,
            id_a2a: &owner.id_a2a,
            id_pendenza,
            timeout: connettore.verifica(),
        };
        let leggi = |body: &[u8]| {
            Verifica::leggi(versione, body).map_err(|e| EnteError::Illeggibile(e.to_string()))
        };
        let answer = match self.posto(owner, connettore.verifica()).await {
            Ok(_posto) => self.ente.chiama(connettore, chiamata, leggi).await,
            Err(error) => Err(error),
        };
        giudica(answer, &owner.id_a2a)
    }

    /// A place among the verifiche of the applicazione, held as long as what is returned lives.
    async fn posto(
        &self,
        owner: &ApplicazioneRow,
        limit: Duration,
    ) -> Result<tokio::sync::OwnedSemaphorePermit, EnteError> {
        let places = self.ente.posti(&owner.id_a2a)?;
        match tokio::time::timeout(limit, places.acquire_owned()).await {
            Ok(place) => place.map_err(super::configurazione),
            Err(_) => Err(EnteError::Tardi(limit)),
        }
    }

    /// Keeps what the gestionale told, by the rules of a PUT of the same gestionale.
    async fn conserva(
        &self,
        owner: &ApplicazioneRow,
        id_pendenza: String,
        told: PendenzaVerificata,
    ) -> Result<(), Mancata> {
        let refused = |text: String| {
            let text = format!(
                "la risposta dell'applicazione {} non vale: {text}",
                owner.id_a2a
            );
            Mancata::Ente(RifiutoEnte::NonRiuscita(text))
        };
        for (campo, given, asked) in [
            ("idA2A", &told.id_a2a, &owner.id_a2a),
            ("idPendenza", &told.id_pendenza, &id_pendenza),
        ] {
            if given.as_ref().is_some_and(|given| given != asked) {
                let given = given.as_deref().unwrap_or_default();
                return Err(refused(format!("{campo}: il valore {given} non è {asked}")));
            }
        }
        convalida::identificativo("idPendenza", &id_pendenza, false)
            .map_err(|difetto| refused(difetto.to_string()))?;
        let corpo = NuovaPendenza::from(told);
        convalida::pendenza(&corpo).map_err(|difetto| refused(difetto.to_string()))?;
        if !lavora_per(owner, corpo.id_dominio.as_str())? {
            let text = format!("l'applicazione non opera sul dominio {}", corpo.id_dominio);
            return Err(refused(text));
        }
        let tipi: Vec<String> =
            serde_json::from_str(&owner.tipi_pendenza).map_err(StoreError::corrupt)?;
        let tipo = tipo_di(&corpo);
        if !tipi.iter().any(|known| known == "*" || known == tipo) {
            let text =
                format!("idTipoPendenza: il valore {tipo} non è tra quelli dell'applicazione");
            return Err(refused(text));
        }
        let codifica = numerazione::codifica(&owner.dettaglio);
        let codifica = codifica.map_err(|errore| match errore {
            Errore::Store(error) => Mancata::Store(error),
            Errore::Rifiuto { dettaglio, .. } => refused(dettaglio),
        })?;
        let ordine = Ordine {
            id_a2a: owner.id_a2a.clone(),
            codifica,
            id_pendenza,
            corpo,
            origine: OrigineOrdine::Dovuto,
            now: self.now(),
        };
        match self.db.put_pendenza(ordine).await? {
            EsitoOrdine::Creata(_) | EsitoOrdine::Aggiornata(_) => Ok(()),
            EsitoOrdine::Rifiutata(r) => Err(refused(format!(
                "{} {}: {}",
                r.codice, r.descrizione, r.dettaglio
            ))),
        }
    }
}

/// The operation, its path, and what the giornale says of its subject.
fn domanda<'a>(
    owner: &ApplicazioneRow,
    versione: VersioneEnte,
    quale: &Quale<'a>,
) -> (&'static str, Vec<String>, Oggetto, Option<&'a str>) {
    match quale {
        Quale::Chiave { id_pendenza } => (
            "verifyPendenza",
            vec![
                "pendenze".to_owned(),
                owner.id_a2a.clone(),
                (*id_pendenza).to_owned(),
            ],
            Oggetto::default(),
            Some(id_pendenza),
        ),
        Quale::Modulo {
            id_dominio,
            id_tipo_pendenza,
            ..
        } => {
            let oggetto = Oggetto {
                id_dominio: Some((*id_dominio).to_owned()),
                ..Oggetto::default()
            };
            let segmenti = ["pendenze", *id_dominio, *id_tipo_pendenza].map(str::to_owned);
            ("verifyPendenzaMod4", segmenti.to_vec(), oggetto, None)
        }
        Quale::Avviso { id_dominio, numero } => {
            let iuv = numero.iuv().to_string();
            let oggetto = Oggetto {
                id_dominio: Some((*id_dominio).to_owned()),
                iuv: Some(iuv.clone()),
                ..Oggetto::default()
            };
            let by = match versione {
                VersioneEnte::V1 => iuv,
                VersioneEnte::V2 => numero.to_string(),
            };
            let segmenti = vec!["avvisi".to_owned(), (*id_dominio).to_owned(), by];
            ("getAvviso", segmenti, oggetto, None)
        }
    }
}
