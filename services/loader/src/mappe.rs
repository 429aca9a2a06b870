//! The own columns of the bodies: who may keep a mapping, and what it makes of a sample.

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

/// Tipo pendenza of the rows that name none.
const LIBERO: &str = "LIBERO";

/// What a mapping says of body and tipo pendenza against the ones that it is kept for; one sentence each.
/// Columns are not judged here: each row says its own, and is judged by it.
pub fn incoerenze(mappa: &Mappa, dominio: &str, tipo: &str) -> Vec<String> {
    let diversa = |(campo, atteso): (&str, &str)| {
        let valore = mappa.costanti.get(campo)?.trim();
        let detto: String = valore.chars().take(60).collect();
        (valore != atteso).then(|| {
            format!(
                "la costante «{campo}» vale «{detto}», ma il formato si salva per «{atteso}»: scrivi «{atteso}», oppure salvalo per «{detto}»"
            )
        })
    };
    let costanti = [("idDominio", dominio), ("tipoPendenza", tipo)];
    let mut trovate: Vec<String> = costanti.into_iter().filter_map(diversa).collect();
    let detto =
        |campo: &str| mappa.colonne.contains_key(campo) || mappa.costanti.contains_key(campo);
    if tipo != LIBERO && !detto("tipoPendenza") {
        trovate.push(format!(
            "manca «tipoPendenza»: le righe sarebbero del tipo «{LIBERO}», ma il formato si salva per «{tipo}»: aggiungi la costante «tipoPendenza» con valore «{tipo}»"
        ));
    }
    trovate
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
    let contesto = Contesto::new(app, Some(chi), 0);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn mappa(colonne: &[(&str, &str)], costanti: &[(&str, &str)]) -> Mappa {
        let oggetto = |coppie: &[(&str, &str)]| -> serde_json::Value {
            coppie.iter().map(|(k, v)| (*k, *v)).collect()
        };
        let json = serde_json::json!({"colonne": oggetto(colonne), "costanti": oggetto(costanti)});
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn constants_are_those_of_the_key_and_columns_are_judged_row_by_row() {
        let giuste = [("idDominio", "1"), ("tipoPendenza", " TARI ")];
        assert!(incoerenze(&mappa(&[], &giuste), "1", "TARI").is_empty());
        let trovate = incoerenze(&mappa(&[], &giuste), "2", "MENSA");
        assert_eq!(
            trovate,
            [
                "la costante «idDominio» vale «1», ma il formato si salva per «2»: scrivi «2», oppure salvalo per «1»",
                "la costante «tipoPendenza» vale «TARI», ma il formato si salva per «MENSA»: scrivi «MENSA», oppure salvalo per «TARI»",
            ]
        );
        let colonne = [("idDominio", "Ente"), ("tipoPendenza", "Tipo")];
        assert!(incoerenze(&mappa(&colonne, &[]), "2", "MENSA").is_empty());
    }

    #[test]
    fn a_mapping_without_tipo_is_of_the_tipo_that_its_rows_would_have() {
        let senza = mappa(&[], &[("idDominio", "1")]);
        assert!(incoerenze(&senza, "1", LIBERO).is_empty());
        let trovate = incoerenze(&senza, "1", "TARI");
        assert_eq!(trovate.len(), 1);
        assert!(trovate[0].contains("aggiungi la costante «tipoPendenza» con valore «TARI»"));
    }
}
