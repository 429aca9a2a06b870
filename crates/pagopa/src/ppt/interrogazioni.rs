//! nodoChiediStatoRPT, nodoChiediListaPendentiRPT, nodoChiediCopiaRT, nodoChiediSceltaWISP.

use chrono::NaiveDateTime;

use crate::common::refusal;
use crate::xml::{
    ANY_TEXT, BASE64, DATE_TIME, Enum, EnumOf, Enumerated, Int, Nested, Text, ZeroOne, message, ns,
    xml_struct,
};
use crate::{FaultBean, Masked, TipoVersamento};

const ANY_INT: Int = Int(i32::MIN as i64, i32::MAX as i64);

xml_struct! {
    pub struct NodoChiediStatoRpt in ns::NONE {
        pub identificativo_intermediario_pa: String => req("identificativoIntermediarioPA", Text(1, 35)),
        pub identificativo_stazione_intermediario_pa: String => req("identificativoStazioneIntermediarioPA", Text(1, 35)),
        pub password: Masked => req("password", Text(8, 15)),
        pub identificativo_dominio: String => req("identificativoDominio", Text(1, 35)),
        pub identificativo_univoco_versamento: String => req("identificativoUnivocoVersamento", Text(1, 35)),
        pub codice_contesto_pagamento: String => req("codiceContestoPagamento", Text(1, 35)),
    }
}
message!(NodoChiediStatoRpt = ns::PPT, "nodoChiediStatoRPT", asks "nodoChiediStatoRPT" -> NodoChiediStatoRptRisposta);

xml_struct! {
    /// The schema demands `esito` in a refusal too; the Node omits it there, so it is optional to read,
    /// and [`NodoChiediStatoRptRisposta::ko`] writes it with an empty state.
    pub struct NodoChiediStatoRptRisposta in ns::NONE {
        pub fault: Option<FaultBean> => opt("fault", Nested),
        pub esito: Option<EsitoChiediStatoRpt> => opt("esito", Nested),
    }
}
message!(
    NodoChiediStatoRptRisposta = ns::PPT,
    "nodoChiediStatoRPTRisposta"
);

impl NodoChiediStatoRptRisposta {
    /// The refusal with this fault.
    pub fn ko(fault: FaultBean) -> Self {
        let esito = EsitoChiediStatoRpt::default();
        Self {
            fault: Some(fault),
            esito: Some(esito),
        }
    }
}

xml_struct! {
    #[derive(Default)]
    pub struct EsitoChiediStatoRpt in ns::NONE {
        /// A state of the RPT at the Node, for example `RPT_ACCETTATA_PSP`; other states appear.
        pub stato: String => req("stato", ANY_TEXT),
        pub redirect: Option<i64> => opt("redirect", ZeroOne),
        pub url: Option<String> => opt("url", ANY_TEXT),
        pub storico_rpt: Vec<StoricoRpt> => list("elementoStoricoRPT", Nested, 0, usize::MAX),
        pub storico_versamento: Vec<StoricoVersamento> => list("elementoStoricoVersamento", Nested, 0, usize::MAX),
    }
}

xml_struct! {
    pub struct StoricoRpt in ns::NONE {
        pub data: NaiveDateTime => req("data", DATE_TIME),
        pub stato: String => req("stato", ANY_TEXT),
        pub descrizione: String => req("descrizione", ANY_TEXT),
    }
}

xml_struct! {
    pub struct StoricoVersamento in ns::NONE {
        pub progressivo: i64 => req("progressivo", ANY_INT),
        pub data: NaiveDateTime => req("data", DATE_TIME),
        pub stato: String => req("stato", ANY_TEXT),
        pub descrizione: String => req("descrizione", ANY_TEXT),
    }
}

xml_struct! {
    pub struct NodoChiediCopiaRt in ns::NONE {
        pub identificativo_intermediario_pa: String => req("identificativoIntermediarioPA", Text(1, 35)),
        pub identificativo_stazione_intermediario_pa: String => req("identificativoStazioneIntermediarioPA", Text(1, 35)),
        pub password: Masked => req("password", Text(8, 15)),
        pub identificativo_dominio: String => req("identificativoDominio", Text(1, 35)),
        pub identificativo_univoco_versamento: String => req("identificativoUnivocoVersamento", Text(1, 35)),
        pub codice_contesto_pagamento: String => req("codiceContestoPagamento", Text(1, 35)),
    }
}
message!(NodoChiediCopiaRt = ns::PPT, "nodoChiediCopiaRT", asks "nodoChiediCopiaRT" -> NodoChiediCopiaRtRisposta);

xml_struct! {
    #[derive(Default)]
    pub struct NodoChiediCopiaRtRisposta in ns::NONE {
        pub fault: Option<FaultBean> => opt("fault", Nested),
        pub tipo_firma: Option<String> => opt("tipoFirma", ANY_TEXT),
        /// The RT document ([`crate::documenti::Rt`]) as bytes.
        pub rt: Option<Vec<u8>> => opt("rt", BASE64),
    }
}
message!(
    NodoChiediCopiaRtRisposta = ns::PPT,
    "nodoChiediCopiaRTRisposta"
);

xml_struct! {
    pub struct NodoChiediListaPendentiRpt in ns::NONE {
        pub identificativo_intermediario_pa: String => req("identificativoIntermediarioPA", Text(1, 35)),
        pub identificativo_stazione_intermediario_pa: String => req("identificativoStazioneIntermediarioPA", Text(1, 35)),
        pub password: Masked => req("password", Text(8, 15)),
        pub identificativo_dominio: Option<String> => opt("identificativoDominio", Text(1, 35)),
        pub range_da: Option<NaiveDateTime> => opt("rangeDa", DATE_TIME),
        pub range_a: Option<NaiveDateTime> => opt("rangeA", DATE_TIME),
        /// Most rows to return.
        pub dimensione_lista: i64 => req("dimensioneLista", Int(1, i64::MAX)),
    }
}
message!(NodoChiediListaPendentiRpt = ns::PPT, "nodoChiediListaPendentiRPT", asks "nodoChiediListaPendentiRPT" -> NodoChiediListaPendentiRptRisposta);

xml_struct! {
    #[derive(Default)]
    pub struct NodoChiediListaPendentiRptRisposta in ns::NONE {
        pub fault: Option<FaultBean> => opt("fault", Nested),
        pub lista_rpt_pendenti: Option<ListaRptPendenti> => opt("listaRPTPendenti", Nested),
    }
}
message!(
    NodoChiediListaPendentiRptRisposta = ns::PPT,
    "nodoChiediListaPendentiRPTRisposta"
);

xml_struct! {
    pub struct ListaRptPendenti in ns::NONE {
        pub tot_restituiti: i64 => req("totRestituiti", ANY_INT),
        pub rpt_pendente: Vec<RptPendente> => list("rptPendente", Nested, 0, usize::MAX),
    }
}

xml_struct! {
    pub struct RptPendente in ns::NONE {
        pub identificativo_dominio: String => req("identificativoDominio", Text(1, 35)),
        pub identificativo_univoco_versamento: String => req("identificativoUnivocoVersamento", Text(1, 35)),
        pub codice_contesto_pagamento: String => req("codiceContestoPagamento", Text(1, 35)),
        pub stato: String => req("stato", ANY_TEXT),
    }
}

xml_struct! {
    /// What the citizen chose on WISP 1.3. Repeatable until the choice expires.
    pub struct NodoChiediSceltaWisp in ns::NONE {
        pub identificativo_intermediario_pa: String => req("identificativoIntermediarioPA", Text(1, 35)),
        pub identificativo_stazione_intermediario_pa: String => req("identificativoStazioneIntermediarioPA", Text(1, 35)),
        pub password: Masked => req("password", Text(8, 15)),
        pub identificativo_dominio: String => req("identificativoDominio", Text(1, 35)),
        pub key_pa: String => req("keyPA", Text(1, 40)),
        pub key_wisp: String => req("keyWISP", Text(1, 40)),
    }
}
message!(NodoChiediSceltaWisp = ns::PPT, "nodoChiediSceltaWISP", asks "nodoChiediSceltaWISP" -> NodoChiediSceltaWispRisposta);

xml_struct! {
    #[derive(Default)]
    pub struct NodoChiediSceltaWispRisposta in ns::NONE {
        pub fault: Option<FaultBean> => opt("fault", Nested),
        pub effettuazione_scelta: Option<EffettuazioneScelta> => opt("effettuazioneScelta", Enum),
        /// These four with [`EffettuazioneScelta::Si`] only.
        pub identificativo_psp: Option<String> => opt("identificativoPSP", Text(1, 35)),
        pub identificativo_intermediario_psp: Option<String> => opt("identificativoIntermediarioPSP", Text(1, 35)),
        pub identificativo_canale: Option<String> => opt("identificativoCanale", Text(1, 35)),
        /// One of [`TipoVersamento::WISP`].
        pub tipo_versamento: Option<TipoVersamento> => opt("tipoVersamento", EnumOf(&TipoVersamento::WISP)),
    }
}
message!(
    NodoChiediSceltaWispRisposta = ns::PPT,
    "nodoChiediSceltaWISPRisposta"
);

/// Outcome of the choice on WISP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EffettuazioneScelta {
    /// A PSP was chosen.
    Si,
    No,
    /// The citizen wants to print the avviso and pay at a PSP.
    Po,
}

impl Enumerated for EffettuazioneScelta {
    const VALUES: &'static [(Self, &'static str)] =
        &[(Self::Si, "SI"), (Self::No, "NO"), (Self::Po, "PO")];
}

refusal!(
    NodoChiediCopiaRtRisposta,
    NodoChiediListaPendentiRptRisposta,
    NodoChiediSceltaWispRisposta
);
