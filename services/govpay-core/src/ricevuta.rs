//! A receipt, of either protocol, read against the pendenza that it pays. Pure.
//!
//! A receipt certifies money that was taken: only one that contradicts itself or answers another
//! request is not applied; everything else is taken and, when somebody has to look at it, marked.

use chrono::{DateTime, Utc};
use domain::rt::Incasso;
use domain::{EsitoPagamento, Importo};
use pagopa::Esito;
use pagopa::documenti::{Rpt, Rt, Severity, check_rt, match_voci};
use pagopa::modello_unico::pa_for_node::ReceiptV2;
use pagopa::tempo::istante;

/// The document as it came.
#[derive(Clone)]
pub enum Documento {
    /// RT of PagInf 6.2.0.
    V1(Box<Rt>),
    /// Receipt of paSendRT or paSendRTV2.
    V2(Box<ReceiptV2>),
}

/// A receipt to take in.
#[derive(Clone)]
pub struct RtInArrivo {
    pub documento: Documento,
    /// The document as text, to be kept.
    pub xml: String,
    pub now: DateTime<Utc>,
}

/// One collected amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Riscossione {
    /// From 1, position in the receipt.
    pub indice: i32,
    /// Index (from 0) of the item that it pays.
    pub voce: Option<usize>,
    pub iur: String,
    pub importo: Importo,
    pub commissioni: Option<Importo>,
}

/// What the receipt says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lettura {
    /// Why it cannot be applied.
    pub fatale: Option<String>,
    /// Differences that change nothing, in words without personal data.
    pub segnalazioni: Vec<String>,
    /// Whether a difference concerns the money.
    pub irregolare: bool,
    pub incasso: Incasso,
    pub riscossioni: Vec<Riscossione>,
    pub id_messaggio: String,
    pub attestante: String,
    pub id_psp: Option<String>,
    pub id_canale: Option<String>,
    pub data_pagamento: DateTime<Utc>,
}

impl RtInArrivo {
    /// Body, IUV, and CCP (receiptId in the modello unico).
    pub fn chiave(&self) -> (&str, &str, &str) {
        match &self.documento {
            Documento::V1(rt) => (
                &rt.dominio.identificativo_dominio,
                &rt.dati_pagamento.identificativo_univoco_versamento,
                &rt.dati_pagamento.codice_contesto_pagamento,
            ),
            Documento::V2(r) => (&r.fiscal_code, &r.creditor_reference_id, &r.receipt_id),
        }
    }

    pub fn esito(&self) -> EsitoPagamento {
        match &self.documento {
            Documento::V1(rt) => rt.dati_pagamento.esito,
            Documento::V2(r) if r.outcome == Esito::Ok => EsitoPagamento::Eseguito,
            Documento::V2(_) => EsitoPagamento::NonEseguito,
        }
    }

    pub fn importo(&self) -> Importo {
        match &self.documento {
            Documento::V1(rt) => rt.dati_pagamento.importo_totale_pagato,
            Documento::V2(r) => r.payment_amount,
        }
    }

    pub fn id_messaggio(&self) -> &str {
        match &self.documento {
            Documento::V1(rt) => &rt.identificativo_messaggio_ricevuta,
            Documento::V2(r) => &r.receipt_id,
        }
    }
}

/// An RT against the RPT that it answers; `voci`: how many items the pendenza has.
pub fn leggi_rt(rt: &Rt, rpt: &Rpt, voci: usize) -> Lettura {
    let differences = check_rt(rt, rpt);
    let words = |d: &pagopa::documenti::Difference| format!("{}: {}", d.path, d.message);
    let fatal: Vec<String> = differences
        .iter()
        .filter(|d| d.severity == Severity::Fatal)
        .map(words)
        .collect();
    let flags = differences.iter().filter(|d| d.severity == Severity::Flag);
    let irregolare = flags.clone().any(|d| d.path.contains("mporto"));
    let paid = &rt.dati_pagamento;
    let mut amounts = vec![Importo::ZERO; voci];
    let mut riscossioni = Vec::new();
    for ((indice, single), voce) in (1..).zip(&paid.singoli).zip(match_voci(rt, rpt)) {
        let voce = voce.filter(|v| *v < voci);
        if let Some(amount) = voce.and_then(|v| amounts.get_mut(v)) {
            *amount = single.importo;
        }
        if !single.importo.is_zero() {
            riscossioni.push(Riscossione {
                indice,
                voce,
                iur: single.identificativo_univoco_riscossione.clone(),
                importo: single.importo,
                commissioni: single.commissioni_applicate_psp,
            });
        }
    }
    Lettura {
        fatale: (!fatal.is_empty()).then(|| fatal.join("; ")),
        segnalazioni: flags.map(words).collect(),
        irregolare,
        incasso: Incasso {
            esito: paid.esito,
            importo_pagato: paid.importo_totale_pagato,
            voci: amounts,
        },
        riscossioni,
        id_messaggio: rt.identificativo_messaggio_ricevuta.clone(),
        attestante: rt.istituto_attestante.denominazione.clone(),
        id_psp: None,
        id_canale: None,
        data_pagamento: istante(rt.data_ora_messaggio_ricevuta),
    }
}

/// A receipt of the modello unico; `voci`: amounts of the items, in their order.
pub fn leggi_receipt(receipt: &ReceiptV2, voci: &[Importo], now: DateTime<Utc>) -> Lettura {
    let transfers = &receipt.transfer_list.transfers;
    let total: i64 = transfers.iter().map(|t| t.transfer_amount.cents()).sum();
    let amount = receipt.payment_amount;
    let fatale = if receipt.outcome != Esito::Ok {
        Some("receipt/outcome: il modello unico non prevede ricevute con esito KO".to_owned())
    } else if total != amount.cents() {
        let sum: Importo = transfers.iter().map(|t| t.transfer_amount).sum();
        Some(format!(
            "receipt/paymentAmount: totale {amount}, somma dei transfer {sum}"
        ))
    } else {
        None
    };
    let mut segnalazioni = Vec::new();
    if transfers.len() != voci.len() {
        segnalazioni.push(format!(
            "receipt/transferList: {} transfer, la pendenza ha {} voci",
            transfers.len(),
            voci.len()
        ));
    }
    let mut amounts = vec![Importo::ZERO; voci.len()];
    let mut riscossioni = Vec::new();
    for transfer in transfers {
        let voce = usize::try_from(transfer.id_transfer - 1)
            .ok()
            .filter(|v| *v < voci.len());
        if let Some(amount) = voce.and_then(|v| amounts.get_mut(v)) {
            *amount = transfer.transfer_amount;
        }
        riscossioni.push(Riscossione {
            indice: i32::try_from(transfer.id_transfer).unwrap_or(1), // 1 to 5 by the schema
            voce,
            iur: receipt.receipt_id.clone(),
            importo: transfer.transfer_amount,
            commissioni: receipt.fee.filter(|_| transfer.id_transfer == 1),
        });
    }
    Lettura {
        fatale,
        irregolare: !segnalazioni.is_empty() || amounts != voci,
        segnalazioni,
        incasso: Incasso {
            esito: EsitoPagamento::Eseguito,
            importo_pagato: amount,
            voci: amounts,
        },
        riscossioni,
        id_messaggio: receipt.receipt_id.clone(),
        attestante: receipt.psp_company_name.clone(),
        id_psp: Some(receipt.id_psp.clone()),
        id_canale: Some(receipt.id_channel.clone()),
        data_pagamento: receipt.payment_date_time.map_or(now, istante),
    }
}
