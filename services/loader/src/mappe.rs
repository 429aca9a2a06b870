//! The own columns of the bodies: who may keep a mapping, and what it makes of a sample.

use std::sync::Arc;

use domain::tracciato::Mappa;
use platform::{StoreError, StoreResult};
use serde::Serialize;
use utoipa::ToSchema;

use crate::anteprima::{self, CAMPI, PrimaRiga};
use crate::app::App;
use crate::csv::{Controllo, Scelte};
use crate::lavori::lettura_blocchi::{Contesto, esamina};
use crate::lettura::{Apertura, Lettura, apri};
use crate::operatore::Operatore;
use crate::tracciato::MappaRow;

/// Bytes of a sample at most.
pub const CAMPIONE_MAX: usize = 1024 * 1024;
/// Rows of a sample that are shown.
const PRIME: usize = 5;
/// Faults of a sample that are shown.
const SEGNALAZIONI: usize = 100;

/// What a mapping makes of a sample. Nothing is kept.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Prova {
    /// Names of the fields that the first rows are shown with.
    pub campi: Vec<String>,
    /// The first rows: the values of those fields, as they are in the sample or in the constants.
    pub prime: Vec<PrimaRiga>,
    pub righe: i64,
    pub valide: i64,
    pub segnalazioni: Vec<SegnalazioneProva>,
    /// Why the sample, or the rest of it, cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub illeggibile: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SegnalazioneProva {
    /// Line of the sample.
    pub riga: u64,
    /// Column of the body's file.
    pub colonna: String,
    pub valore: String,
    /// `ERRORE` or `AVVISO`.
    pub gravita: &'static str,
    pub problema: String,
    pub suggerimento: String,
}

/// Whether the operator may keep a mapping for this body and tipo pendenza; else why not.
pub fn chiave_valida(app: &App, chi: &Operatore, dominio: &str, tipo: &str) -> Result<(), String> {
    let ente = app.tenant.dominio(dominio).filter(|_| chi.puo(dominio));
    let ente = ente.ok_or_else(|| {
        format!("L'ente «{dominio}» non c'è, oppure non sei abilitato: scegli uno dei tuoi enti.")
    })?;
    if ente.tipi_pendenza.iter().any(|t| t.id == tipo) {
        return Ok(());
    }
    let tipi: Vec<&str> = ente.tipi_pendenza.iter().map(|t| t.id.as_str()).collect();
    Err(format!(
        "Il tipo di pendenza «{tipo}» non esiste per questo ente: scrivi uno fra {}.",
        tipi.join(", ")
    ))
}

/// What a mapping says of body and tipo pendenza against the ones that it is kept for; one sentence each.
pub fn incoerenze(mappa: &Mappa, dominio: &str, tipo: &str) -> Vec<String> {
    [("idDominio", dominio), ("tipoPendenza", tipo)]
        .into_iter()
        .filter_map(|(campo, atteso)| {
            let valore = mappa.costanti.get(campo)?.trim();
            (valore != atteso).then(|| {
                format!(
                    "la costante «{campo}» vale «{valore}», ma il formato è per «{atteso}»: correggi la costante, oppure scegli l'altro"
                )
            })
        })
        .collect()
}

/// Keeps a mapping in place of the one that was there.
pub async fn tieni(
    app: &App,
    chi: &Operatore,
    (id_dominio, id_tipo_pendenza): (String, String),
    mappa: &Mappa,
) -> StoreResult<()> {
    let contenuto = serde_json::to_string_pretty(mappa).map_err(StoreError::corrupt)?;
    let row = MappaRow {
        id_dominio,
        id_tipo_pendenza,
        contenuto,
        operatore: chi.principal.clone(),
        aggiornata_at: app.clock.now().naive_utc(),
    };
    app.db.put_mappa(row).await
}

/// Reads a sample through a mapping and judges its rows, without the core.
pub fn prova(app: &App, chi: &Operatore, mappa: &Mappa, campione: &[u8]) -> anyhow::Result<Prova> {
    let mut prova = Prova {
        campi: CAMPI.iter().map(|c| c.nome()).collect(),
        ..Prova::default()
    };
    let campione = &campione[..campione.len().min(CAMPIONE_MAX)];
    let mut controllo = Controllo::new(app.limiti);
    let scelte = Scelte {
        intestazione: Some(mappa.intestazione),
        ..Scelte::default()
    };
    let dialetto = match controllo
        .push(campione)
        .and_then(|()| controllo.finish(scelte))
    {
        Ok(esame) => esame.dialetto,
        Err(rifiuto) => {
            prova.illeggibile = Some(rifiuto.testo(web::i18n::Lang::It));
            return Ok(prova);
        }
    };
    let lettura = Lettura {
        mappa: Some(mappa.clone()),
        ..Lettura::default()
    };
    if let Ok(Apertura::Righe(mut righe, _)) = apri(campione, dialetto, &lettura) {
        prova.prime = anteprima::prime(&mut righe, PRIME);
    }
    let contesto = Contesto {
        tenant: Arc::clone(&app.tenant),
        id: 0,
        operatore: Some(chi.clone()),
        oggi: domain::tempo::giorno(app.clock.now()),
    };
    let mut trovate = vec![];
    let letto = esamina(&contesto, apri(campione, dialetto, &lettura), |blocco| {
        prova.valide += i64::try_from(blocco.valide.len()).unwrap_or_default();
        trovate.extend(blocco.trovate);
        true
    })?;
    if let Some(letto) = letto {
        trovate.extend(letto.trovate);
        prova.righe = letto.righe;
        prova.illeggibile = letto.illeggibile;
    }
    let segnalazioni = trovate.into_iter().take(SEGNALAZIONI);
    prova.segnalazioni = segnalazioni
        .map(|(riga, s)| SegnalazioneProva {
            riga,
            gravita: s.gravita.name(),
            colonna: s.colonna,
            valore: s.valore,
            problema: s.problema,
            suggerimento: s.suggerimento,
        })
        .collect();
    Ok(prova)
}
