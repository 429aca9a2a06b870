//! The receipts: RT documents from an RPT, receipts of the modello unico from the ente's answer.

use chrono::{DateTime, TimeDelta, Utc};
use domain::Importo;
use pagopa::documenti::{
    DatiPagamento, DatiSingoloPagamento, IstitutoAttestante, Rpt, Rt, TipoAttestante,
};
use pagopa::modello_unico::Accredito;
use pagopa::modello_unico::pa_for_node::{
    Accreditato, PaSendRtV2Request, PaymentPaV2, ReceiptV2, TransferListReceiptV2,
    TransferReceiptV2,
};
use pagopa::{Esito, tempo};
use tenant::{Canale, Dominio, Psp, Stazione};

use crate::decisione::Quietanza;
use crate::sessione::nuovo_id;

/// Who certifies the payment, and with what commission.
#[derive(Clone, Copy)]
pub struct Attestante<'a> {
    pub psp: &'a Psp,
    pub canale: &'a Canale,
    pub commissione: Importo,
}

/// The RT that answers this RPT. IURs and the message id are new at each call, so it is called once
/// per receipt. Source: PagInf 6.2.0; SANP 2, "Ricevuta Telematica".
pub fn rt(rpt: &Rpt, attestante: Attestante<'_>, quietanza: &Quietanza, now: DateTime<Utc>) -> Rt {
    let due = &rpt.dati_versamento;
    let mut commissione = Some(attestante.commissione)
        .filter(|importo| quietanza.con_commissione && !importo.is_zero());
    let singoli = due.singoli.iter().enumerate().map(|(i, voce)| {
        let importo = quietanza.importi.get(i).copied().unwrap_or_default();
        let paid = !importo.is_zero();
        DatiSingoloPagamento {
            importo,
            esito: Some(if paid {
                "ESEGUITO".to_owned()
            } else {
                quietanza.motivo.clone()
            }),
            data_esito: domain::tempo::giorno(now),
            identificativo_univoco_riscossione: if paid { nuovo_id() } else { "n/a".to_owned() },
            causale: voce.causale.clone(),
            dati_specifici_riscossione: voce.dati_specifici_riscossione.clone(),
            commissioni_applicate_psp: if paid { commissione.take() } else { None },
            commissioni_applicate_pa: None,
            allegato: None,
        }
    });
    Rt {
        versione_oggetto: rpt.versione_oggetto.clone(),
        dominio: rpt.dominio.clone(),
        identificativo_messaggio_ricevuta: nuovo_id(),
        data_ora_messaggio_ricevuta: tempo::ora_di_roma(now),
        riferimento_messaggio_richiesta: rpt.identificativo_messaggio_richiesta.clone(),
        riferimento_data_richiesta: rpt.data_ora_messaggio_richiesta.date(),
        istituto_attestante: IstitutoAttestante::new(
            TipoAttestante::A,
            attestante.psp.codice_abi.clone(),
            taglia(&attestante.psp.denominazione, 70),
        ),
        ente_beneficiario: rpt.ente_beneficiario.clone(),
        soggetto_versante: rpt.soggetto_versante.clone(),
        soggetto_pagatore: rpt.soggetto_pagatore.clone(),
        dati_pagamento: DatiPagamento {
            esito: quietanza.esito,
            importo_totale_pagato: quietanza.importi.iter().copied().sum(),
            identificativo_univoco_versamento: due.identificativo_univoco_versamento.clone(),
            codice_contesto_pagamento: due.codice_contesto_pagamento.clone(),
            singoli: singoli.collect(),
        },
    }
}

/// The payment that a receipt of the modello unico is about.
#[derive(Clone, Copy)]
pub struct PagamentoUnico<'a> {
    pub token: &'a str,
    pub numero_avviso: &'a str,
    pub dominio: &'a Dominio,
    pub stazione: &'a Stazione,
    /// What the ente answered to paGetPaymentV2.
    pub dati: &'a PaymentPaV2,
    pub paid_at: DateTime<Utc>,
}

/// A transfer buys a revenue stamp, which no PSP of this simulator sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("il pagamento contiene una marca da bollo digitale")]
pub struct ConMarcaDaBollo;

/// The message that delivers the receipt. Source: SANP 3, paSendRTV2.
pub fn ricevuta(
    pagamento: PagamentoUnico<'_>,
    attestante: Attestante<'_>,
) -> Result<PaSendRtV2Request, ConMarcaDaBollo> {
    let PagamentoUnico {
        dati,
        dominio,
        stazione,
        ..
    } = pagamento;
    let transfers = dati.transfer_list.transfers.iter().map(|transfer| {
        let Accredito::Iban(iban) = &transfer.accredito else {
            return Err(ConMarcaDaBollo);
        };
        Ok(TransferReceiptV2 {
            id_transfer: transfer.id_transfer,
            transfer_amount: transfer.transfer_amount,
            fiscal_code_pa: transfer.fiscal_code_pa.clone(),
            company_name: transfer.company_name.clone(),
            accreditato: Accreditato::Iban(iban.clone()),
            remittance_information: transfer.remittance_information.clone(),
            transfer_category: transfer.transfer_category.clone(),
            metadata: transfer.metadata.clone(),
        })
    });
    let transfers = transfers.collect::<Result<Vec<_>, _>>()?;
    let giorno = domain::tempo::giorno(pagamento.paid_at);
    Ok(PaSendRtV2Request {
        id_pa: dominio.id.to_string(),
        id_broker_pa: stazione.intermediario().to_owned(),
        id_station: stazione.id.clone(),
        receipt: ReceiptV2 {
            receipt_id: pagamento.token.to_owned(),
            notice_number: pagamento.numero_avviso.to_owned(),
            fiscal_code: dominio.id.to_string(),
            outcome: Esito::Ok,
            creditor_reference_id: dati.creditor_reference_id.clone(),
            payment_amount: dati.payment_amount,
            description: dati.description.clone(),
            company_name: dati.company_name.clone(),
            office_name: dati.office_name.clone(),
            debtor: dati.debtor.clone(),
            transfer_list: TransferListReceiptV2 { transfers },
            id_psp: attestante.psp.id.clone(),
            psp_fiscal_code: None,
            psp_partita_iva: None,
            psp_company_name: taglia(&attestante.psp.denominazione, 70),
            id_channel: attestante.canale.id.clone(),
            channel_description: taglia(&attestante.canale.descrizione, 35),
            payer: None,
            payment_method: Some("other".to_owned()),
            payment_note: None,
            fee: Some(attestante.commissione),
            primary_ci_incurred_fee: None,
            id_bundle: None,
            id_ci_bundle: None,
            payment_date_time: Some(tempo::ora_di_roma(pagamento.paid_at)),
            application_date: Some(giorno),
            transfer_date: Some(giorno + TimeDelta::days(1)),
            metadata: dati.metadata.clone(),
            stand_in: None,
        },
    })
}

/// At most `max` characters.
fn taglia(text: &str, max: usize) -> String {
    text.chars().take(max).collect()
}
