//! What applicazioni and people have in common: where they work and what they may do.

use govpay_api::anagrafica::{
    DominioAutorizzato, DominioProfilo, NomeOppureDominio, NuovaAcl, Ruolo, TipoPendenzaDettaglio,
    UnitaProfilo,
};
use platform::{StoreError, StoreResult};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::{manca, ruoli, tipi_pendenza, unisci};
use crate::pagamenti::Errore;
use crate::rest::App;

pub fn array<T: DeserializeOwned>(json: &str) -> StoreResult<Vec<T>> {
    serde_json::from_str(json).map_err(StoreError::corrupt)
}

pub fn testo(value: &impl Serialize) -> StoreResult<String> {
    serde_json::to_string(value).map_err(StoreError::corrupt)
}

/// The parts that an applicazione and a person have in common, looked up and ready to be kept.
pub struct Autorizzazioni {
    pub domini: String,
    pub tipi_pendenza: String,
    pub acl: String,
    pub ruoli: String,
}

impl Autorizzazioni {
    pub async fn new(
        app: &App,
        domini: Option<Vec<NomeOppureDominio>>,
        tipi: Option<Vec<String>>,
        acl: Option<Vec<NuovaAcl>>,
        ruoli: Option<Vec<String>>,
    ) -> Result<Self, Errore> {
        let db = &app.pagamenti.db;
        let domini: Vec<DominioAutorizzato> = domini
            .unwrap_or_default()
            .into_iter()
            .map(Into::into)
            .collect();
        for dominio in &domini {
            let id = &dominio.id_dominio;
            if id != "*" && db.find_dominio(id.clone()).await?.is_none() {
                let text = format!("domini: il valore {id} non è tra i domini di questo archivio");
                return Err(manca("DOM_000", "Il dominio non è censito", text));
            }
        }
        let tipi = tipi.unwrap_or_default();
        for id in &tipi {
            if id != "*" && db.find_tipo_pendenza(id.clone()).await?.is_none() {
                let text = format!(
                    "tipiPendenza: il valore {id} non è tra i tipi pendenza di questo archivio"
                );
                return Err(manca("TVR_000", "Il tipo pendenza non è censito", text));
            }
        }
        let ruoli = ruoli.unwrap_or_default();
        let known = db.ruoli_di(ruoli.clone()).await?;
        if let Some(id) = ruoli
            .iter()
            .find(|id| !known.iter().any(|row| row.id_ruolo == **id))
        {
            let text = format!("ruoli: il valore '{id}' non è tra i ruoli di questo archivio");
            return Err(manca("422000", "Il ruolo non è censito", text));
        }
        let ids: Vec<&str> = domini
            .iter()
            .map(|dominio| dominio.id_dominio.as_str())
            .collect();
        Ok(Self {
            domini: testo(&ids)?,
            tipi_pendenza: testo(&tipi)?,
            acl: testo(&acl.unwrap_or_default())?,
            ruoli: testo(&ruoli)?,
        })
    }
}

pub fn cifrata(password: &str) -> Result<String, Errore> {
    ::web::login::hash_password(password)
        .map_err(|error| StoreError::corrupt(format!("la password non si cifra: {error}")).into())
}

pub async fn domini_profilo(app: &App, json: &str) -> Result<Vec<DominioProfilo>, Errore> {
    let ids: Vec<String> = array(json)?;
    let db = &app.pagamenti.db;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let row = db.find_dominio(id.clone()).await?;
        let unita = match &row {
            Some(row) => db.list_unita(row.id_dominio.clone()).await?,
            None => vec![],
        };
        let unita: Vec<UnitaProfilo> = unita
            .into_iter()
            .map(|row| UnitaProfilo {
                id_unita: row.id_unita,
                ragione_sociale: row.ragione_sociale,
            })
            .collect();
        found.push(DominioProfilo {
            ragione_sociale: row.map_or_else(|| "Tutti".to_owned(), |row| row.ragione_sociale),
            id_dominio: id,
            unita_operative: Some(unita).filter(|unita| !unita.is_empty()),
        });
    }
    Ok(found)
}

pub async fn tipi_profilo(app: &App, json: &str) -> Result<Vec<TipoPendenzaDettaglio>, Errore> {
    let mut found = vec![];
    for id in array::<String>(json)? {
        match app.pagamenti.db.find_tipo_pendenza(id.clone()).await? {
            Some(row) => found.push(tipi_pendenza::letto(&row)?),
            None => found.push(unisci(
                "{}",
                json!({ "idTipoPendenza": id, "descrizione": "Tutti" }),
            )?),
        }
    }
    Ok(found)
}

pub async fn ruoli_letti(app: &App, json: &str) -> Result<Vec<Ruolo>, Errore> {
    let rows = app.pagamenti.db.ruoli_di(array(json)?).await?;
    Ok(rows.iter().map(ruoli::letto).collect::<StoreResult<_>>()?)
}

/// Whether it is new, or somebody else has its principal.
pub fn esito(scritto: Option<bool>, principal: &str) -> Result<bool, Errore> {
    scritto.ok_or_else(|| {
        let text = format!("principal: il valore '{principal}' è di un'altra utenza");
        manca("422000", "Il principal è già usato", text)
    })
}
