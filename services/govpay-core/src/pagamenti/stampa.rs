//! The PDF of a receipt.

use domain::{Anagrafica, CodDominio, CodiceFiscale, EsitoPagamento, Iuv, NumeroAvviso};
use pagopa::documenti::{Rt, Soggetto as SoggettoRt};
use pagopa::modello_unico::Subject;
use pagopa::modello_unico::pa_for_node::{PaSendRtReq, PaSendRtV2Request, ReceiptV2};
use pagopa::tempo::istante;
use pagopa::xml::from_document;
use platform::{StoreError, StoreResult};
use stampe::{Ente, IdRicevuta, Indirizzo, IstitutoAttestante, Ricevuta, Soggetto, VoceRicevuta};

use crate::posizione::{EnteRow, Posizione};
use crate::tentativo::RptRow;

/// The receipt of an attempt as it is printed. The attempt has a receipt.
pub fn ricevuta(posizione: &Posizione, row: &RptRow) -> StoreResult<Ricevuta> {
    let xml = row.xml_rt.as_deref().unwrap_or_default();
    if row.versione == "V2" {
        let receipt = from_document::<PaSendRtV2Request>(xml)
            .map(|message| message.receipt)
            .or_else(|_| from_document::<PaSendRtReq>(xml).map(|message| message.receipt.into()));
        return unico(posizione, row, &receipt.map_err(|e| corrupt(row, e))?);
    }
    let rt = Rt::parse(xml.as_bytes()).map_err(|e| corrupt(row, e))?;
    let paid = &rt.dati_pagamento;
    let commissioni = paid
        .singoli
        .iter()
        .filter_map(|s| s.commissioni_applicate_psp)
        .sum();
    let voci = (1..)
        .zip(&paid.singoli)
        .map(|(indice, single)| VoceRicevuta {
            indice,
            descrizione: descrizione(posizione, indice, &single.causale),
            iur: Some(single.identificativo_univoco_riscossione.clone()),
            importo: single.importo,
            esito: single.esito.clone(),
        });
    Ok(Ricevuta {
        soggetto_pagatore: soggetto(&rt.soggetto_pagatore),
        soggetto_versante: rt.soggetto_versante.as_ref().map(soggetto),
        istituto_attestante: IstitutoAttestante {
            denominazione: rt.istituto_attestante.denominazione.clone(),
            id: rt.istituto_attestante.identificativo.codice.clone(),
        },
        id_ricevuta: IdRicevuta::Ccp(row.ccp.clone()),
        esito: paid.esito,
        importo: paid.importo_totale_pagato,
        data_operazione: istante(rt.data_ora_messaggio_ricevuta),
        data_applicativa: paid.singoli.first().map(|single| single.data_esito),
        voci: voci.collect(),
        commissioni: Some(commissioni).filter(|c: &domain::Importo| !c.is_zero()),
        ..comune(posizione, row)?
    })
}

fn unico(posizione: &Posizione, row: &RptRow, receipt: &ReceiptV2) -> StoreResult<Ricevuta> {
    let blank = comune(posizione, row)?;
    let voci = receipt.transfer_list.transfers.iter().map(|transfer| {
        let indice = u8::try_from(transfer.id_transfer).unwrap_or(1); // 1 to 5 by the schema
        VoceRicevuta {
            indice,
            descrizione: descrizione(posizione, indice, &transfer.remittance_information),
            iur: Some(receipt.receipt_id.clone()),
            importo: transfer.transfer_amount,
            esito: None,
        }
    });
    Ok(Ricevuta {
        soggetto_pagatore: subject(&receipt.debtor),
        soggetto_versante: receipt.payer.as_ref().map(subject),
        istituto_attestante: IstitutoAttestante {
            denominazione: receipt.psp_company_name.clone(),
            id: receipt
                .psp_fiscal_code
                .clone()
                .unwrap_or_else(|| receipt.id_psp.clone()),
        },
        id_ricevuta: IdRicevuta::ReceiptId(receipt.receipt_id.clone()),
        esito: EsitoPagamento::Eseguito,
        importo: receipt.payment_amount,
        data_operazione: receipt
            .payment_date_time
            .map_or(blank.data_operazione, istante),
        data_applicativa: receipt.application_date,
        voci: voci.collect(),
        commissioni: receipt.fee.filter(|fee| !fee.is_zero()),
        ..blank
    })
}

/// What the store knows whatever the receipt says.
fn comune(posizione: &Posizione, row: &RptRow) -> StoreResult<Ricevuta> {
    let numero = posizione
        .pendenza
        .numero_avviso
        .as_deref()
        .map(NumeroAvviso::parse);
    Ok(Ricevuta {
        ente: ente(&posizione.ente)?,
        soggetto_pagatore: Soggetto::default(),
        soggetto_versante: None,
        istituto_attestante: IstitutoAttestante {
            denominazione: String::new(),
            id: String::new(),
        },
        numero_avviso: numero.transpose().map_err(|e| corrupt(row, e))?,
        iuv: Iuv::parse(&row.iuv).map_err(|e| corrupt(row, e))?,
        id_ricevuta: IdRicevuta::Ccp(row.ccp.clone()),
        esito: EsitoPagamento::NonEseguito,
        importo: domain::Importo::ZERO,
        data_operazione: row.data_pagamento.unwrap_or(row.updated_at).and_utc(),
        data_applicativa: None,
        causale: posizione.pendenza.causale.clone(),
        voci: vec![],
        commissioni: None,
    })
}

fn ente(row: &EnteRow) -> StoreResult<Ente> {
    Ok(Ente {
        denominazione: row.ragione_sociale.clone(),
        codice_fiscale: CodDominio::parse(&row.id_dominio).map_err(StoreError::corrupt)?,
        indirizzo: Indirizzo {
            via: row.indirizzo.clone(),
            civico: row.civico.clone(),
            cap: row.cap.clone(),
            localita: row.localita.clone(),
            provincia: row.provincia.clone(),
            nazione: None,
        },
    })
}

/// The gestionale's words for the item; those of the receipt when it is not known.
fn descrizione(posizione: &Posizione, indice: u8, causale: &str) -> String {
    let voce = posizione
        .voci
        .iter()
        .find(|voce| voce.indice == i32::from(indice));
    voce.map_or_else(|| causale.to_owned(), |voce| voce.descrizione.clone())
}

fn soggetto(soggetto: &SoggettoRt) -> Soggetto {
    Soggetto {
        anagrafica: Some(Anagrafica::new(soggetto.anagrafica.as_str())),
        identificativo: CodiceFiscale::parse(&soggetto.identificativo.codice).ok(),
    }
}

fn subject(subject: &Subject) -> Soggetto {
    Soggetto {
        anagrafica: Some(Anagrafica::new(subject.full_name.as_str())),
        identificativo: CodiceFiscale::parse(&subject.unique_identifier.value).ok(),
    }
}

fn corrupt(row: &RptRow, error: impl std::fmt::Display) -> StoreError {
    StoreError::corrupt(format!("rpt {}: {error}", row.id))
}
