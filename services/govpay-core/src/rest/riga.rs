//! From the contract's pendenza to the rows that keep it, and back; what an update may change.

use domain::tempo::giorno;
use domain::{CodiceFiscale, Importo, NumeroAvviso, StatoPendenza, TipoSoggetto};
use govpay_api::{
    Dominio, Elenco, NuovaPendenza, NuovaVoce, Pendenza, Rpp, Soggetto, TipoPendenza, VocePendenza,
};
use platform::{StoreError, StoreResult};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::pendenza::{DominioRow, Ordine, PendenzaConVoci, PendenzaRow, Rifiuto, VoceRow};

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
struct SoggettoAltro {
    indirizzo: Option<String>,
    civico: Option<String>,
    cap: Option<String>,
    localita: Option<String>,
    provincia: Option<String>,
    nazione: Option<String>,
    email: Option<domain::Email>,
    cellulare: Option<String>,
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
        stazione: Some(row.id_stazione.clone()),
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
    let altro: SoggettoAltro = match &row.soggetto_altro {
        Some(json) => serde_json::from_str(json).map_err(StoreError::corrupt)?,
        None => SoggettoAltro::default(),
    };
    Ok(Some(Soggetto {
        tipo,
        identificativo,
        anagrafica: row.soggetto_anagrafica.clone().map(domain::Anagrafica::new),
        indirizzo: altro.indirizzo,
        civico: altro.civico,
        cap: altro.cap,
        localita: altro.localita,
        provincia: altro.provincia,
        nazione: altro.nazione,
        email: altro.email,
        cellulare: altro.cellulare,
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
    let base: Pendenza = serde_json::from_value(value).map_err(StoreError::corrupt)?;
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
        voci: voci
            .map(|rows| rows.iter().map(voce_letta).collect())
            .transpose()?,
        rpp: Some(rpp),
        ..base
    })
}

fn voce_letta(row: &VoceRow) -> StoreResult<VocePendenza> {
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
