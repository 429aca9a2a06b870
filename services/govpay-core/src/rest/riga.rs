//! From the contract's pendenza to the rows that keep it; what an update may change.

use std::borrow::Cow;

use chrono::NaiveDate;
use domain::{Email, NumeroAvviso, StatoPendenza};
use govpay_api::{
    Allegato, Contabilita, Documento, Metadata, NuovaPendenza, NuovaVoce, ProprietaPendenza,
    Soggetto,
};
use platform::{StoreError, StoreResult};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::pendenza::{AllegatoRow, Ordine, OrigineOrdine, PendenzaRow, Rifiuto, VoceRow};
use crate::verifica::tipo_pendenza;

/// The fields of a pendenza that no query needs, kept as the contract writes them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Altro<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    data_caricamento: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dati_allegati: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tassonomia: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tassonomia_avviso: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    documento: Option<&'a Documento>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_notifica_avviso: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_promemoria_scadenza: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proprieta: Option<&'a ProprietaPendenza>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allegati: Vec<Allegato>,
}

/// The same for an item.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AltroVoce<'a> {
    #[serde(
        rename = "descrizioneCausaleRPT",
        skip_serializing_if = "Option::is_none"
    )]
    descrizione_causale_rpt: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dati_allegati: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contabilita: Option<&'a Contabilita>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a Metadata>,
}

/// The fields of a debtor beside identifier, kind and name; borrowed on the way in.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SoggettoAltro<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indirizzo: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub civico: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub localita: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provincia: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nazione: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Cow<'a, Email>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cellulare: Option<Cow<'a, str>>,
}

fn soggetto_altro(s: &Soggetto) -> serde_json::Result<String> {
    fn text(field: &Option<String>) -> Option<Cow<'_, str>> {
        field.as_deref().map(Cow::Borrowed)
    }
    serde_json::to_string(&SoggettoAltro {
        indirizzo: text(&s.indirizzo),
        civico: text(&s.civico),
        cap: text(&s.cap),
        localita: text(&s.localita),
        provincia: text(&s.provincia),
        nazione: text(&s.nazione),
        email: s.email.as_ref().map(Cow::Borrowed),
        cellulare: text(&s.cellulare),
    })
}

fn altro(p: &NuovaPendenza, allegati: &[AllegatoRow]) -> serde_json::Result<String> {
    serde_json::to_string(&Altro {
        data_caricamento: p.data_caricamento,
        dati_allegati: p.dati_allegati.as_ref(),
        tassonomia: p.tassonomia.as_deref(),
        tassonomia_avviso: p.tassonomia_avviso.as_deref(),
        documento: p.documento.as_ref(),
        data_notifica_avviso: p.data_notifica_avviso,
        data_promemoria_scadenza: p.data_promemoria_scadenza,
        proprieta: p.proprieta.as_ref(),
        allegati: allegati.iter().map(allegato_letto).collect(),
    })
}

fn altro_voce(voce: &NuovaVoce) -> serde_json::Result<String> {
    serde_json::to_string(&AltroVoce {
        descrizione_causale_rpt: voce.descrizione_causale_rpt.as_deref(),
        dati_allegati: voce.dati_allegati.as_ref(),
        contabilita: voce.contabilita.as_ref(),
        metadata: voce.metadata.as_ref(),
    })
}

/// The file as a pendenza shows it: with its path in the place of its content.
fn allegato_letto(row: &AllegatoRow) -> Allegato {
    Allegato {
        nome: row.nome.clone(),
        tipo: Some(row.tipo.clone()),
        descrizione: row.descrizione.clone(),
        contenuto: format!("/allegati/{}", row.id),
    }
}

/// The rows of the files of an order, which get these keys.
pub fn allegati(ordine: &Ordine, pendenza: i64, ids: Vec<i64>) -> StoreResult<Vec<AllegatoRow>> {
    let row = |(allegato, id): (&Allegato, i64)| {
        Ok(AllegatoRow {
            id,
            pendenza,
            nome: allegato.nome.clone(),
            tipo: allegato
                .tipo
                .clone()
                .unwrap_or_else(|| TIPO_IGNOTO.to_owned()),
            descrizione: allegato.descrizione.clone(),
            contenuto: allegato.bytes().map_err(StoreError::corrupt)?,
        })
    };
    ordine.corpo.allegati.iter().zip(ids).map(row).collect()
}

/// Media type of a file of which nobody told it.
const TIPO_IGNOTO: &str = "application/octet-stream";

/// The row of a new pendenza with these files.
pub fn nuova(
    ordine: &Ordine,
    id: i64,
    numero: &NumeroAvviso,
    allegati: &[AllegatoRow],
) -> serde_json::Result<PendenzaRow> {
    let p: &NuovaPendenza = &ordine.corpo;
    let soggetto = p.soggetto_pagatore.as_ref();
    let now = ordine.now.naive_utc();
    Ok(PendenzaRow {
        id,
        id_a2a: ordine.id_a2a.clone(),
        id_pendenza: ordine.id_pendenza.clone(),
        id_dominio: p.id_dominio.to_string(),
        id_unita_operativa: p.id_unita_operativa.clone(),
        id_tipo_pendenza: tipo_pendenza(ordine).to_owned(),
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
        soggetto_altro: soggetto.map(soggetto_altro).transpose()?,
        altro: altro(p, allegati)?,
        uuid: uuid::Uuid::new_v4().simple().to_string(),
        tipo: ordine.origine.name().to_owned(),
        stato: StatoPendenza::NonEseguito.name().to_owned(),
        anomala: false,
        descrizione_stato: None,
        importo_pagato: 0,
        data_pagamento: None,
        created_at: now,
        updated_at: now,
        id_documento: p.documento.as_ref().map(|d| d.identificativo.clone()),
        verificata: false,
    })
}

/// The row after an update: what the first insert fixed stays.
pub fn aggiornata(
    ordine: &Ordine,
    old: &PendenzaRow,
    allegati: &[AllegatoRow],
) -> serde_json::Result<PendenzaRow> {
    let numero = old.avviso().ok().flatten();
    let numero = match numero {
        Some(numero) => numero,
        None => return Err(serde::de::Error::custom("una pendenza senza numero avviso")),
    };
    nuova(ordine, old.id, &numero, allegati)
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
        altro: altro_voce(voce)?,
        stato: domain::rt::StatoVoce::NonEseguito.name().to_owned(),
    })
}

/// What a PUT of an existing pendenza may not change.
pub fn check_update(ordine: &Ordine, old: &PendenzaRow, voci: &[VoceRow]) -> Result<(), Rifiuto> {
    let p = &ordine.corpo;
    let spontanea = OrigineOrdine::Spontaneo;
    if ordine.origine == spontanea && old.tipo != spontanea.name() {
        let text = format!(
            "la pendenza {} è dovuta: chi paga non la cambia",
            old.id_pendenza
        );
        let title = "La pendenza esiste e non si può aggiornare";
        return Err(Rifiuto::new("VER_015", title, text));
    }
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
