//! Rows as version 3 of the APIs shows them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::{DateTime, Utc};
use domain::Importo;
use domain::tempo::giorno;
use govpay_api::v3::{
    IstitutoAttestante, Messaggio, Pendenza, Ricevuta, Riscossione, RiscossioneVoce, VocePendenza,
};
use govpay_api::{Dominio, Elenco, UnitaOperativa};
use platform::{StoreError, StoreResult};

use super::lettura::{self, importo, voce_letta};
use crate::archivio::{PendenzaPagata, RicevutaIntera};
use crate::pagamenti::{allegati, vista};
use crate::pendenza::{DominioRow, PendenzaRow, VoceRow};
use crate::posizione::codice_tassonomico;
use crate::riscossione::{Riscossa, RiscossioneRow};
use crate::tentativo::RptRow;

/// A body: its code and its name.
pub fn dominio(row: &DominioRow) -> Dominio {
    Dominio {
        id_dominio: row.id_dominio.clone(),
        ragione_sociale: row.ragione_sociale.clone(),
        ..Dominio::default()
    }
}

/// A pendenza without its items and without its state.
pub fn pendenza(row: &PendenzaRow, body: &DominioRow, now: DateTime<Utc>) -> StoreResult<Pendenza> {
    let read = lettura::pendenza(row, body, None, Elenco::default(), now)?;
    Ok(Pendenza {
        id_tipo_pendenza: read.id_tipo_pendenza,
        dominio: Some(dominio(body)),
        // No office has a name of its own yet.
        unita_operativa: row.id_unita_operativa.clone().map(|id| UnitaOperativa {
            ragione_sociale: id.clone(),
            id_unita: id,
        }),
        causale: Some(read.causale),
        soggetto_pagatore: read.soggetto_pagatore,
        importo: Some(read.importo),
        numero_avviso: read.numero_avviso,
        data_validita: read.data_validita,
        data_scadenza: read.data_scadenza,
        anno_riferimento: read.anno_riferimento,
        cartella_pagamento: read.cartella_pagamento,
        dati_allegati: read.dati_allegati,
        tassonomia: read.tassonomia,
        direzione: read.direzione,
        divisione: read.divisione,
        documento: read.documento,
        uuid: read.uuid,
        proprieta: read.proprieta,
        allegati: read.allegati,
        ..chiave(row)
    })
}

/// The same with its state, as API Pagamento lists it.
pub fn con_stato(
    row: &PendenzaRow,
    body: &DominioRow,
    now: DateTime<Utc>,
) -> StoreResult<Pendenza> {
    let read = lettura::pendenza(row, body, None, Elenco::default(), now)?;
    Ok(Pendenza {
        stato: Some(read.stato),
        descrizione_stato: read.descrizione_stato,
        ..pendenza(row, body, now)?
    })
}

/// The items of a pendenza, each with the last amount that was collected for it. `ricevuta`: the
/// receipt that collected, whose attachments are told.
pub fn voci(p: &PendenzaPagata, ricevuta: Option<&RptRow>) -> StoreResult<Vec<VocePendenza>> {
    let voce = |row: &VoceRow| {
        let last = p.riscossioni.iter().rev().find(|r| r.voce == Some(row.id));
        let riscossione = last.map(|r| riscossione_voce(r, ricevuta)).transpose()?;
        Ok(VocePendenza {
            riscossione,
            ..voce(row, p.altri_domini.as_slice(), chiave(&p.pendenza.row))?
        })
    };
    p.pendenza.voci.iter().map(voce).collect()
}

fn chiave(row: &PendenzaRow) -> Pendenza {
    let loaded = giorno(row.created_at.and_utc());
    Pendenza::chiave(row.id_a2a.clone(), row.id_pendenza.clone(), loaded)
}

fn riscossione_voce(r: &RiscossioneRow, ricevuta: Option<&RptRow>) -> StoreResult<RiscossioneVoce> {
    let allegato = match ricevuta {
        Some(attempt) => allegati::di_ricevuta(attempt, r.indice)?,
        None => None,
    };
    Ok(RiscossioneVoce {
        id_dominio: r.id_dominio.clone(),
        iuv: r.iuv.clone(),
        iur: r.iur.clone(),
        indice: r.indice,
        stato: r.stato()?.name().to_owned(),
        tipo: r.tipo()?.name().to_owned(),
        importo: importo(r.importo)?,
        data: r.data_pagamento.and_utc(),
        allegato,
    })
}

/// An item inside, or beside, its debt.
fn voce(row: &VoceRow, others: &[DominioRow], debt: Pendenza) -> StoreResult<VocePendenza> {
    let read = voce_letta(row)?;
    let (tipo, codice) = (
        row.tipo_contabilita.as_deref(),
        row.codice_contabilita.as_deref(),
    );
    let known = |id: &String| {
        let found = others.iter().find(|d| d.id_dominio == *id).map(dominio);
        found.unwrap_or_else(|| Dominio {
            id_dominio: id.clone(),
            ..Dominio::default()
        })
    };
    // An entrata says the rest by its name.
    let whole = row.id_entrata.is_none();
    Ok(VocePendenza {
        id_voce_pendenza: read.id_voce_pendenza,
        dominio: row.id_dominio.as_ref().map(known),
        descrizione: Some(read.descrizione),
        cod_entrata: read.cod_entrata,
        tipo_bollo: read.tipo_bollo,
        hash_documento: read.hash_documento,
        provincia_residenza: read.provincia_residenza,
        iban_accredito: read.iban_accredito.filter(|_| whole),
        iban_appoggio: read.iban_appoggio.filter(|_| whole),
        codice_tassonomico: whole.then(|| codice_tassonomico(tipo, codice)),
        dati_allegati: read.dati_allegati,
        descrizione_causale_rpt: read.descrizione_causale_rpt,
        contabilita: read.contabilita,
        metadata: read.metadata,
        pendenza: Box::new(debt),
        riscossione: None,
    })
}

/// A collected amount with its item and the whole debt.
pub fn riscossione(r: &Riscossa, now: DateTime<Utc>) -> StoreResult<Riscossione> {
    let row = &r.row;
    let item = match &r.voce {
        Some(item) => {
            let debt = pendenza(&r.pendenza, &r.dominio, now)?;
            let own = std::slice::from_ref(&r.dominio);
            Some(Box::new(voce(item, own, debt)?))
        }
        None => None,
    };
    Ok(Riscossione {
        dominio: dominio(&r.dominio),
        iuv: row.iuv.clone(),
        id_ricevuta: r.id_ricevuta.clone(),
        iur: row.iur.clone(),
        indice: row.indice,
        stato: row.stato()?.name().to_owned(),
        tipo: row.tipo()?.name().to_owned(),
        importo: importo(row.importo)?,
        data: row.data_pagamento.and_utc(),
        allegato: None,
        voce_pendenza: item,
    })
}

/// A receipt with all that it says.
pub fn ricevuta(r: &RicevutaIntera, now: DateTime<Utc>) -> StoreResult<Ricevuta> {
    let (rpt, p) = (&r.rpt, &r.pendenza);
    let lost = || StoreError::corrupt(format!("rpt {}: ricevuta incompleta", rpt.id));
    let v2 = rpt.versione == "V2";
    let (richiesta, risposta) = match v2 {
        true => ("ctPaymentPA", "ctReceipt"),
        false => ("ctRichiestaPagamentoTelematico", "ctRicevutaTelematica"),
    };
    let xml_rt = rpt.xml_rt.as_deref().ok_or_else(lost)?;
    let debt = pendenza(&p.pendenza.row, &p.pendenza.dominio, now)?;
    Ok(Ricevuta {
        dominio: dominio(&p.pendenza.dominio),
        iuv: rpt.iuv.clone(),
        id_ricevuta: rpt.ccp.clone(),
        importo: rpt.importo_pagato.map_or(Ok(Importo::ZERO), importo)?,
        stato: rpt.stato.clone(),
        esito: rpt.esito.clone().ok_or_else(lost)?,
        id_pagamento: rpt.pagamento.clone(),
        id_sessione_psp: r.pagamento.as_ref().and_then(|p| p.id_sessione_psp.clone()),
        istituto_attestante: IstitutoAttestante {
            id_psp: rpt.id_psp.clone(),
            denominazione: rpt.denominazione_attestante.clone(),
            id_canale: rpt.id_canale.clone(),
        },
        versante: allegati::versante(rpt)?,
        pendenza: Pendenza {
            voci: Some(voci(p, Some(rpt))?),
            ..debt
        },
        data: rpt.rt_at.ok_or_else(lost)?.and_utc(),
        data_pagamento: rpt.data_pagamento.map(|at| at.and_utc()),
        rpt: rpt
            .xml_rpt
            .as_deref()
            .map(|xml| messaggio(richiesta, xml))
            .transpose()?,
        rt: messaggio(risposta, xml_rt)?,
        modello: match rpt.pagamento {
            Some(_) => "Pagamento ad iniziativa Ente",
            None => "Pagamento ad iniziativa PSP",
        }
        .to_owned(),
    })
}

fn messaggio(tipo: &str, xml: &str) -> StoreResult<Messaggio> {
    Ok(Messaggio {
        tipo: tipo.to_owned(),
        xml: BASE64.encode(xml),
        json: vista::documento(xml)?,
    })
}
