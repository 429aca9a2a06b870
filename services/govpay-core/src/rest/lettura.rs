//! What is read: rows as the contract's pendenze, items and avvisi.

use std::borrow::Cow;

use domain::tempo::giorno;
use domain::{CodiceFiscale, Importo, StatoPendenza, TipoSoggetto};
use govpay_api::{Dominio, Elenco, Pendenza, Rpp, Soggetto, TipoPendenza, VocePendenza};
use platform::{StoreError, StoreResult};
use serde_json::Value;

use super::riga::SoggettoAltro;
use crate::pendenza::{DominioRow, PendenzaConVoci, PendenzaRow, VoceRow};

/// The body as the contract shows it beside a pendenza.
pub fn dominio(row: &DominioRow) -> Dominio {
    Dominio {
        id_dominio: row.id_dominio.clone(),
        ragione_sociale: row.ragione_sociale.clone(),
        indirizzo: row.indirizzo.clone(),
        civico: row.civico.clone(),
        cap: row.cap.clone(),
        localita: row.localita.clone(),
        provincia: row.provincia.clone(),
        web: row.web.clone(),
        pec: row.pec.clone(),
        tel: row.tel.clone(),
        gln: row.gln.clone(),
        cbill: row.cbill.clone(),
        stazione: row.id_stazione.clone(),
        aux_digit: Some(row.aux_digit.to_string()),
        segregation_code: row.segregation_code.map(|code| format!("{code:02}")),
        abilitato: Some(row.abilitato),
        ..Dominio::default()
    }
}

pub fn importo(cents: i64) -> StoreResult<Importo> {
    Importo::from_cents(cents).map_err(StoreError::corrupt)
}

pub fn soggetto(row: &PendenzaRow) -> StoreResult<Option<Soggetto>> {
    let Some(identificativo) = &row.soggetto_identificativo else {
        return Ok(None);
    };
    let identificativo = CodiceFiscale::parse(identificativo).map_err(StoreError::corrupt)?;
    let tipo = row
        .soggetto_tipo
        .as_deref()
        .and_then(TipoSoggetto::parse)
        .unwrap_or(TipoSoggetto::F);
    let altro: SoggettoAltro<'_> = match &row.soggetto_altro {
        Some(json) => serde_json::from_str(json).map_err(StoreError::corrupt)?,
        None => SoggettoAltro::default(),
    };
    Ok(Some(Soggetto {
        tipo,
        identificativo,
        anagrafica: row.soggetto_anagrafica.clone().map(domain::Anagrafica::new),
        indirizzo: altro.indirizzo.map(Cow::into_owned),
        civico: altro.civico.map(Cow::into_owned),
        cap: altro.cap.map(Cow::into_owned),
        localita: altro.localita.map(Cow::into_owned),
        provincia: altro.provincia.map(Cow::into_owned),
        nazione: altro.nazione.map(Cow::into_owned),
        email: altro.email.map(Cow::into_owned),
        cellulare: altro.cellulare.map(Cow::into_owned),
    }))
}

/// A pendenza as it is read. `rpp`: the attempts, or their path in a list.
pub fn pendenza(
    row: &PendenzaRow,
    dominio_row: &DominioRow,
    voci: Option<&[VoceRow]>,
    rpp: Elenco<Rpp>,
    now: chrono::DateTime<chrono::Utc>,
) -> StoreResult<Pendenza> {
    let stato = StatoPendenza::parse(&row.stato).ok_or_else(|| StoreError::corrupt(&row.stato))?;
    // The fields kept as JSON come first; the columns are written over them.
    let mut value: Value = serde_json::from_str(&row.altro).map_err(StoreError::corrupt)?;
    let blank = serde_json::json!({
        "idA2A": row.id_a2a, "idPendenza": row.id_pendenza, "dominio": dominio(dominio_row),
        "stato": stato.shown(row.anomala, row.data_scadenza, now).name(), "importo": 0
    });
    if let (Value::Object(fields), Value::Object(more)) = (&mut value, blank) {
        fields.extend(more);
    }
    let mut base: Pendenza = serde_json::from_value(value).map_err(StoreError::corrupt)?;
    if voci.is_none() {
        base.allegati.clear();
    }
    let pagato = importo(row.importo_pagato)?;
    Ok(Pendenza {
        id_tipo_pendenza: Some(row.id_tipo_pendenza.clone()),
        tipo_pendenza: Some(TipoPendenza {
            id_tipo_pendenza: row.id_tipo_pendenza.clone(),
            descrizione: row.id_tipo_pendenza.clone(),
            tipo: Some(row.tipo.clone()),
        }),
        nome: row.nome.clone(),
        descrizione_stato: row.descrizione_stato.clone(),
        iuv_avviso: row.iuv.clone(),
        iuv_pagamento: row.iuv.clone().filter(|_| !pagato.is_zero()),
        data_pagamento: row.data_pagamento.map(|at| giorno(at.and_utc())),
        causale: row.causale.clone(),
        soggetto_pagatore: soggetto(row)?,
        importo: importo(row.importo)?,
        numero_avviso: row.numero_avviso.clone(),
        data_caricamento: base
            .data_caricamento
            .or_else(|| Some(giorno(row.created_at.and_utc()))),
        data_validita: row.data_validita,
        data_scadenza: row.data_scadenza,
        anno_riferimento: row
            .anno_riferimento
            .as_deref()
            .and_then(|anno| anno.parse().ok()),
        cartella_pagamento: row.cartella_pagamento.clone(),
        direzione: row.direzione.clone(),
        divisione: row.divisione.clone(),
        tipo: Some(row.tipo.clone()),
        uuid: Some(row.uuid.clone()),
        data_ultimo_aggiornamento: Some(giorno(row.updated_at.and_utc())),
        importo_pagato: Some(pagato).filter(|importo| !importo.is_zero()),
        anomalo: Some(row.anomala).filter(|anomala| *anomala),
        verificato: Some(row.verificata).filter(|_| row.anomala),
        voci: voci
            .map(|rows| rows.iter().map(voce_letta).collect())
            .transpose()?,
        rpp: Some(rpp),
        ..base
    })
}

/// An item as it is read.
pub fn voce_letta(row: &VoceRow) -> StoreResult<VocePendenza> {
    let mut value: Value = serde_json::from_str(&row.altro).map_err(StoreError::corrupt)?;
    let blank = serde_json::json!({
        "indice": row.indice, "idVocePendenza": row.id_voce_pendenza, "importo": 0,
        "descrizione": row.descrizione, "stato": row.stato
    });
    if let (Value::Object(fields), Value::Object(more)) = (&mut value, blank) {
        fields.extend(more);
    }
    let base: VocePendenza = serde_json::from_value(value).map_err(StoreError::corrupt)?;
    Ok(VocePendenza {
        importo: importo(row.importo)?,
        cod_entrata: row.id_entrata.clone(),
        tipo_bollo: row.tipo_bollo.clone(),
        hash_documento: row.hash_documento.clone(),
        provincia_residenza: row.provincia_residenza.clone(),
        iban_accredito: row.iban_accredito.clone(),
        iban_appoggio: row.iban_appoggio.clone(),
        tipo_contabilita: row.tipo_contabilita.clone(),
        codice_contabilita: row.codice_contabilita.clone(),
        dominio: row.id_dominio.clone().map(|id_dominio| Dominio {
            id_dominio,
            ..Dominio::default()
        }),
        ..base
    })
}

/// The avviso as data.
pub fn avviso(
    p: &PendenzaConVoci,
    now: chrono::DateTime<chrono::Utc>,
) -> StoreResult<govpay_api::Avviso> {
    use domain::avviso::{barcode_text, qr_text};
    use domain::pendenza::StatoPendenzaShown as Shown;
    let row = &p.row;
    let stato = StatoPendenza::parse(&row.stato).ok_or_else(|| StoreError::corrupt(&row.stato))?;
    let stato = match stato.shown(row.anomala, row.data_scadenza, now) {
        Shown::NonEseguita => "NON_ESEGUITA",
        Shown::Scaduta => "SCADUTA",
        Shown::Annullata => "ANNULLATA",
        Shown::Eseguita | Shown::EseguitaParziale | Shown::Anomala => "DUPLICATA",
    };
    let (dominio, importo) = (row.dominio()?, importo(row.importo)?);
    let numero = row.avviso()?;
    let altro: Value = serde_json::from_str(&row.altro).map_err(StoreError::corrupt)?;
    Ok(govpay_api::Avviso {
        stato: stato.to_owned(),
        importo: Some(importo),
        id_dominio: Some(row.id_dominio.clone()),
        data_validita: row.data_validita,
        data_scadenza: row.data_scadenza,
        data_pagamento: row.data_pagamento.map(|at| giorno(at.and_utc())),
        descrizione: Some(row.causale.clone()),
        tassonomia_avviso: altro["tassonomiaAvviso"].as_str().map(str::to_owned),
        qrcode: numero.as_ref().map(|n| qr_text(n, &dominio, importo)),
        barcode: numero
            .as_ref()
            .and_then(|n| barcode_text(n, p.dominio.gln.as_deref(), importo)),
        numero_avviso: row.numero_avviso.clone(),
    })
}
