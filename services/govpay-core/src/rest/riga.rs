//! From the contract's pendenza to the rows that keep it; what an update may change.

use domain::{NumeroAvviso, StatoPendenza};
use govpay_api::{NuovaPendenza, NuovaVoce};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::pendenza::{Ordine, PendenzaRow, Rifiuto, VoceRow};

/// The fields of a pendenza that no query needs, kept as the contract writes them.
const ALTRI: [&str; 8] = [
    "dataCaricamento",
    "datiAllegati",
    "tassonomia",
    "tassonomiaAvviso",
    "documento",
    "dataNotificaAvviso",
    "dataPromemoriaScadenza",
    "proprieta",
];

/// The same for an item.
const ALTRI_VOCE: [&str; 4] = [
    "descrizioneCausaleRPT",
    "datiAllegati",
    "contabilita",
    "metadata",
];

/// The fields of a debtor beside identifier, kind and name.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SoggettoAltro {
    pub indirizzo: Option<String>,
    pub civico: Option<String>,
    pub cap: Option<String>,
    pub localita: Option<String>,
    pub provincia: Option<String>,
    pub nazione: Option<String>,
    pub email: Option<domain::Email>,
    pub cellulare: Option<String>,
}

fn pick(value: &impl Serialize, names: &[&str]) -> serde_json::Result<String> {
    let mut kept = Map::new();
    if let Value::Object(fields) = serde_json::to_value(value)? {
        kept.extend(
            fields
                .into_iter()
                .filter(|(name, _)| names.contains(&name.as_str())),
        );
    }
    serde_json::to_string(&kept)
}

pub fn nuova(ordine: &Ordine, numero: &NumeroAvviso) -> serde_json::Result<PendenzaRow> {
    let p: &NuovaPendenza = &ordine.corpo;
    let soggetto = p.soggetto_pagatore.as_ref();
    let altro = soggetto.map(|s| {
        serde_json::to_string(&SoggettoAltro {
            indirizzo: s.indirizzo.clone(),
            civico: s.civico.clone(),
            cap: s.cap.clone(),
            localita: s.localita.clone(),
            provincia: s.provincia.clone(),
            nazione: s.nazione.clone(),
            email: s.email.clone(),
            cellulare: s.cellulare.clone(),
        })
    });
    let now = ordine.now.naive_utc();
    Ok(PendenzaRow {
        id: 0,
        id_a2a: ordine.id_a2a.clone(),
        id_pendenza: ordine.id_pendenza.clone(),
        id_dominio: p.id_dominio.to_string(),
        id_unita_operativa: p.id_unita_operativa.clone(),
        id_tipo_pendenza: p
            .id_tipo_pendenza
            .clone()
            .unwrap_or_else(|| "LIBERO".to_owned()),
        nome: p.nome.clone(),
        causale: p.causale.clone(),
        importo: p.importo.cents(),
        numero_avviso: Some(numero.to_string()),
        iuv: Some(numero.iuv().to_string()),
        data_validita: p.data_validita,
        data_scadenza: p.data_scadenza,
        anno_riferimento: p.anno_riferimento.map(|anno| anno.to_string()),
        cartella_pagamento: p.cartella_pagamento.clone(),
        direzione: p.direzione.clone(),
        divisione: p.divisione.clone(),
        soggetto_tipo: soggetto.map(|s| s.tipo.as_str().to_owned()),
        soggetto_identificativo: soggetto.map(|s| s.identificativo.as_str().to_owned()),
        soggetto_anagrafica: soggetto
            .and_then(|s| s.anagrafica.as_ref())
            .map(|nome| nome.as_str().to_owned()),
        soggetto_altro: altro.transpose()?,
        altro: pick(p, &ALTRI)?,
        uuid: uuid::Uuid::new_v4().simple().to_string(),
        tipo: "dovuto".to_owned(),
        stato: StatoPendenza::NonEseguito.name().to_owned(),
        anomala: false,
        descrizione_stato: None,
        importo_pagato: 0,
        data_pagamento: None,
        created_at: now,
        updated_at: now,
    })
}

/// The row after an update: what the first insert fixed stays.
pub fn aggiornata(ordine: &Ordine, old: &PendenzaRow) -> serde_json::Result<PendenzaRow> {
    let numero = old.avviso().ok().flatten();
    let numero = match numero {
        Some(numero) => numero,
        None => return Err(serde::de::Error::custom("una pendenza senza numero avviso")),
    };
    nuova(ordine, &numero)
}

pub fn voce(voce: &NuovaVoce, pendenza: i64, position: usize) -> serde_json::Result<VoceRow> {
    Ok(VoceRow {
        id: 0,
        pendenza,
        indice: i32::try_from(position + 1).map_err(serde::ser::Error::custom)?,
        id_voce_pendenza: voce.id_voce_pendenza.clone(),
        descrizione: voce.descrizione.clone(),
        importo: voce.importo.cents(),
        id_dominio: voce.id_dominio.as_ref().map(ToString::to_string),
        id_entrata: voce.cod_entrata.clone(),
        iban_accredito: voce.iban_accredito.clone(),
        iban_appoggio: voce.iban_appoggio.clone(),
        tipo_contabilita: voce.tipo_contabilita.clone(),
        codice_contabilita: voce.codice_contabilita.clone(),
        tipo_bollo: voce.tipo_bollo.clone(),
        hash_documento: voce.hash_documento.clone(),
        provincia_residenza: voce.provincia_residenza.clone(),
        altro: pick(voce, &ALTRI_VOCE)?,
        stato: domain::rt::StatoVoce::NonEseguito.name().to_owned(),
    })
}

/// What a PUT of an existing pendenza may not change.
pub fn check_update(ordine: &Ordine, old: &PendenzaRow, voci: &[VoceRow]) -> Result<(), Rifiuto> {
    let p = &ordine.corpo;
    if !matches!(old.stato.as_str(), "NON_ESEGUITO" | "ANNULLATO") {
        let text = format!(
            "la pendenza {} è nello stato {}",
            old.id_pendenza, old.stato
        );
        return Err(Rifiuto::new(
            "VER_003",
            "Lo stato della pendenza non ne consente l'aggiornamento",
            text,
        ));
    }
    if p.id_dominio.as_str() != old.id_dominio || p.id_unita_operativa != old.id_unita_operativa {
        let text = format!(
            "idDominio: la pendenza è del dominio {} e non può cambiarlo",
            old.id_dominio
        );
        return Err(Rifiuto::new(
            "VER_004",
            "Il beneficiario non si può cambiare",
            text,
        ));
    }
    if p.voci.len() < voci.len() {
        let text = format!(
            "voci: sono {}, la pendenza ne ha già {}",
            p.voci.len(),
            voci.len()
        );
        return Err(Rifiuto::new(
            "VER_005",
            "Le voci non possono diminuire",
            text,
        ));
    }
    check_voci(ordine, voci)?;
    if let Some(numero) = &p.numero_avviso
        && old.numero_avviso.as_deref() != Some(numero.as_str())
    {
        let text = format!(
            "numeroAvviso: il valore {numero} è diverso da quello già assegnato ({})",
            old.numero_avviso.as_deref().unwrap_or_default()
        );
        return Err(Rifiuto::new(
            "VER_024",
            "Il numero avviso non si può cambiare",
            text,
        ));
    }
    Ok(())
}

/// Every item that was there is still there, with its entrata and its account.
fn check_voci(ordine: &Ordine, voci: &[VoceRow]) -> Result<(), Rifiuto> {
    let p = &ordine.corpo;
    for kept in voci {
        let Some(new) = p
            .voci
            .iter()
            .find(|v| v.id_voce_pendenza == kept.id_voce_pendenza)
        else {
            let text = format!("voci: manca la voce {} già presente", kept.id_voce_pendenza);
            return Err(Rifiuto::new("VER_006", "Una voce già presente manca", text));
        };
        if new.cod_entrata != kept.id_entrata {
            let text = format!("voci: la voce {} cambia codEntrata", kept.id_voce_pendenza);
            return Err(Rifiuto::new(
                "VER_007",
                "L'entrata di una voce non si può cambiare",
                text,
            ));
        }
        if new.iban_accredito != kept.iban_accredito {
            let text = format!(
                "voci: la voce {} cambia ibanAccredito",
                kept.id_voce_pendenza
            );
            return Err(Rifiuto::new(
                "VER_023",
                "Il conto di una voce non si può cambiare",
                text,
            ));
        }
    }
    Ok(())
}

/// Whether a pendenza may be annulled or revived.
pub fn check_stato(row: &PendenzaRow, next: StatoPendenza) -> Result<(), Rifiuto> {
    let allowed = match next {
        StatoPendenza::Annullato => matches!(row.stato.as_str(), "NON_ESEGUITO" | "ANNULLATO"),
        _ => row.stato == "ANNULLATO",
    };
    if allowed {
        return Ok(());
    }
    let text = format!(
        "la pendenza {} è nello stato {}",
        row.id_pendenza, row.stato
    );
    Err(Rifiuto::new(
        "VER_009",
        "Lo stato della pendenza non consente l'operazione",
        text,
    ))
}
