//! The filters of the lists, as query parameters.

use chrono::NaiveDate;
use serde::Serialize;

macro_rules! filtro {
    ($(#[$meta:meta])* $name:ident { $($(#[$field:meta])* $part:ident : $ty:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Default, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            /// From 1.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub pagina: Option<i64>,
            /// At most 5000.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub risultati_per_pagina: Option<i64>,
            #[serde(skip_serializing_if = "Option::is_none")]
            pub ordinamento: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            pub metadati_paginazione: Option<bool>,
            $($(#[$field])* #[serde(skip_serializing_if = "Option::is_none")] pub $part: Option<$ty>,)*
        }
    };
}

filtro! {
    /// `GET /pendenze`. It may hold a codice fiscale, hence no `Debug`.
    FiltroPendenze {
        id_dominio: String,
        #[serde(rename = "idA2A")]
        id_a2a: String,
        id_pendenza: String,
        id_debitore: String,
        stato: String,
        /// Backoffice only.
        iuv: String,
        /// Birth of the pendenza, both days included.
        data_da: NaiveDate,
        data_a: NaiveDate,
    }
}

filtro! {
    /// `GET /pagamenti`.
    FiltroPagamenti {
        stato: String,
        id_sessione_portale: String,
        id_dominio: String,
        iuv: String,
        #[serde(rename = "idA2A")]
        id_a2a: String,
        id_pendenza: String,
        data_da: NaiveDate,
        data_a: NaiveDate,
    }
}

filtro! {
    /// `GET /rpp`.
    FiltroRpp {
        id_dominio: String,
        iuv: String,
        ccp: String,
        #[serde(rename = "idA2A")]
        id_a2a: String,
        id_pendenza: String,
        id_pagamento: String,
        esito: String,
    }
}

filtro! {
    /// `GET /eventi` of the Backoffice.
    FiltroEventi {
        id_dominio: String,
        iuv: String,
        ccp: String,
        #[serde(rename = "idA2A")]
        id_a2a: String,
        id_pendenza: String,
        id_pagamento: String,
        esito: String,
        categoria_evento: String,
        tipo_evento: String,
        componente: String,
        data_da: NaiveDate,
        data_a: NaiveDate,
    }
}
