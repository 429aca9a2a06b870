//! The words on the bus: facts in the past tense, with natural keys and without personal data.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{CodDominio, EsitoPagamento, Importo, Iuv, NumeroAvviso};

/// What travels. The `id` makes a second delivery harmless.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    /// UUIDv7, given when the event is written; the key of the inbox.
    pub id: Uuid,
    pub occurred_at: DateTime<Utc>,
    /// The service that wrote it.
    pub source: String,
    /// W3C trace context of the request that caused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    #[serde(flatten)]
    pub event: Event,
}

/// One variant per fact. Variants and optional fields are added, never changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all_fields = "camelCase")]
pub enum Event {
    /// A tracciato changed state. Counts are of rows.
    #[serde(rename = "tracciato.stato")]
    TracciatoStato {
        id_tracciato: String,
        nome_file: String,
        stato: String,
        righe: i64,
        righe_valide: i64,
        righe_caricate: i64,
        righe_in_errore: i64,
    },
    /// A pendenza was born or changed state (`stato` as in GovPay's contract).
    #[serde(rename = "pendenza.stato", rename_all = "camelCase")]
    PendenzaStato {
        #[serde(rename = "idA2A")]
        id_a2a: String,
        id_pendenza: String,
        id_dominio: CodDominio,
        numero_avviso: Option<NumeroAvviso>,
        iuv: Option<Iuv>,
        importo: Importo,
        stato: String,
    },
    /// Pendenze of one body were born or changed state together: the same news as as many
    /// `pendenza.stato`, of one idA2A, each idPendenza once. At most 1000.
    #[serde(rename = "pendenze.caricate")]
    PendenzeCaricate {
        #[serde(rename = "idA2A")]
        id_a2a: String,
        id_dominio: CodDominio,
        pendenze: Vec<PendenzaCaricata>,
    },
    /// An attempt or a payment session changed state. `id_pagamento` is absent for attempts begun
    /// at the PSP.
    #[serde(rename = "pagamento.stato")]
    PagamentoStato {
        id_pagamento: Option<String>,
        id_sessione_portale: Option<String>,
        #[serde(rename = "idA2A")]
        id_a2a: String,
        id_pendenza: String,
        id_dominio: CodDominio,
        numero_avviso: Option<NumeroAvviso>,
        iuv: Iuv,
        ccp: String,
        /// State of the session, or of the lone attempt: `StatoPagamento`'s names.
        stato: String,
        stato_rpt: String,
        /// 1 and 2 begin at the portal, 3 at the PSP.
        tipo: u8,
        id_psp: Option<String>,
        importo: Importo,
    },
    /// A receipt was taken in.
    #[serde(rename = "rt.acquisita")]
    RtAcquisita {
        id_pagamento: Option<String>,
        id_sessione_portale: Option<String>,
        #[serde(rename = "idA2A")]
        id_a2a: String,
        id_pendenza: String,
        id_dominio: CodDominio,
        numero_avviso: Option<NumeroAvviso>,
        iuv: Iuv,
        /// CCP of the attempt; the receiptId in the modello unico.
        ccp: String,
        esito: EsitoPagamento,
        importo_pagato: Importo,
        anomala: bool,
    },
    /// The world's clock was moved forward: it is now this many seconds ahead of real time.
    #[serde(rename = "orologio.spostato")]
    OrologioSpostato { offset_secs: i64 },
}

/// One pendenza of [`Event::PendenzeCaricate`]. Its IUV is that of the numero avviso.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PendenzaCaricata {
    pub id_pendenza: String,
    pub numero_avviso: Option<NumeroAvviso>,
    pub importo: Importo,
    /// As in GovPay's contract.
    pub stato: String,
}

impl Event {
    /// The keys that exist, which are also the routing keys.
    pub const KEYS: [&'static str; 6] = [
        "tracciato.stato",
        "pendenza.stato",
        "pagamento.stato",
        "rt.acquisita",
        "orologio.spostato",
        "pendenze.caricate",
    ];

    /// The routing key, equal to `type` in the JSON.
    pub fn key(&self) -> &'static str {
        match self {
            Self::TracciatoStato { .. } => Self::KEYS[0],
            Self::PendenzaStato { .. } => Self::KEYS[1],
            Self::PagamentoStato { .. } => Self::KEYS[2],
            Self::RtAcquisita { .. } => Self::KEYS[3],
            Self::OrologioSpostato { .. } => Self::KEYS[4],
            Self::PendenzeCaricate { .. } => Self::KEYS[5],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn envelope(event: Event) -> Envelope {
        Envelope {
            id: Uuid::nil(),
            occurred_at: "2026-01-15T10:00:00Z".parse().unwrap(),
            source: "govpay-core".into(),
            traceparent: None,
            event,
        }
    }

    #[test]
    fn the_json_of_a_receipt_event() {
        let e = envelope(Event::RtAcquisita {
            id_pagamento: Some("p1".into()),
            id_sessione_portale: None,
            id_a2a: "GESTIONALE".into(),
            id_pendenza: "TARI-1".into(),
            id_dominio: CodDominio::parse("12345678903").unwrap(),
            numero_avviso: Some(NumeroAvviso::parse("301000000000004285").unwrap()),
            iuv: Iuv::parse("01000000000004285").unwrap(),
            ccp: "n/a".into(),
            esito: EsitoPagamento::Eseguito,
            importo_pagato: Importo::parse("12.50").unwrap(),
            anomala: false,
        });
        let value = serde_json::to_value(&e).unwrap();
        assert_eq!(
            value,
            json!({
                "id": "00000000-0000-0000-0000-000000000000", "occurredAt": "2026-01-15T10:00:00Z",
                "source": "govpay-core", "type": "rt.acquisita",
                "data": {
                    "idPagamento": "p1", "idSessionePortale": null, "idA2A": "GESTIONALE",
                    "idPendenza": "TARI-1", "idDominio": "12345678903",
                    "numeroAvviso": "301000000000004285", "iuv": "01000000000004285", "ccp": "n/a",
                    "esito": "ESEGUITO", "importoPagato": "12.50", "anomala": false
                }
            })
        );
        assert_eq!(serde_json::from_value::<Envelope>(value).unwrap(), e);
    }

    #[test]
    fn the_type_in_the_json_is_the_routing_key() {
        let events = [
            Event::TracciatoStato {
                id_tracciato: "1".into(),
                nome_file: "a.csv".into(),
                stato: "NUOVO".into(),
                righe: 0,
                righe_valide: 0,
                righe_caricate: 0,
                righe_in_errore: 0,
            },
            Event::OrologioSpostato { offset_secs: 300 },
            Event::PendenzeCaricate {
                id_a2a: "GESTIONALE".into(),
                id_dominio: CodDominio::parse("12345678903").unwrap(),
                pendenze: vec![PendenzaCaricata {
                    id_pendenza: "TARI-1".into(),
                    numero_avviso: Some(NumeroAvviso::parse("301000000000004285").unwrap()),
                    importo: Importo::parse("12.50").unwrap(),
                    stato: "NON_ESEGUITA".into(),
                }],
            },
        ];
        for event in events {
            let key = event.key();
            let value = serde_json::to_value(envelope(event.clone())).unwrap();
            assert_eq!(value["type"], key);
            assert_eq!(
                serde_json::from_value::<Envelope>(value).unwrap().event,
                event
            );
        }
    }
}
