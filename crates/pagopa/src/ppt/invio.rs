//! nodoInviaRPT and nodoInviaCarrelloRPT.

use crate::common::refusal;
use crate::xml::{
    ANY_TEXT, BASE64, BOOL, Enum, Int, Nested, Text, ZeroOne, message, ns, xml_struct,
};
use crate::{Esito, FaultBean, Masked};

xml_struct! {
    /// Sends one RPT. Header [`super::IntestazionePpt`].
    pub struct NodoInviaRpt in ns::NONE {
        pub password: Masked => req("password", Text(8, 15)),
        pub identificativo_psp: String => req("identificativoPSP", Text(1, 35)),
        pub identificativo_intermediario_psp: String => req("identificativoIntermediarioPSP", Text(1, 35)),
        pub identificativo_canale: String => req("identificativoCanale", Text(1, 35)),
        /// Deprecated; empty or `0` when present.
        pub tipo_firma: Option<String> => opt("tipoFirma", ANY_TEXT),
        /// The RPT document ([`crate::documenti::Rpt`]) as bytes.
        pub rpt: Vec<u8> => req("rpt", BASE64),
    }
}
message!(NodoInviaRpt = ns::PPT, "nodoInviaRPT", asks "nodoInviaRPT" -> NodoInviaRptRisposta);

xml_struct! {
    #[derive(Default)]
    pub struct NodoInviaRptRisposta in ns::NONE {
        pub fault: Option<FaultBean> => opt("fault", Nested),
        pub esito: Esito => req("esito", Enum),
        /// 1 when the browser must go to `url`.
        pub redirect: Option<i64> => opt("redirect", ZeroOne),
        /// Contains `?idSession=<id>`.
        pub url: Option<String> => opt("url", ANY_TEXT),
    }
}
message!(NodoInviaRptRisposta = ns::PPT, "nodoInviaRPTRisposta");

xml_struct! {
    /// Sends 1 to 5 RPTs, accepted or refused together. Header [`super::IntestazioneCarrelloPpt`].
    pub struct NodoInviaCarrelloRpt in ns::NONE {
        pub password: Masked => req("password", Text(8, 15)),
        pub identificativo_psp: String => req("identificativoPSP", Text(1, 35)),
        pub identificativo_intermediario_psp: String => req("identificativoIntermediarioPSP", Text(1, 35)),
        pub identificativo_canale: String => req("identificativoCanale", Text(1, 35)),
        pub lista_rpt: ListaRpt => req("listaRPT", Nested),
        pub require_light_payment: Option<i64> => opt("requireLightPayment", Int(0, 1)),
        pub codice_convenzione: Option<String> => opt("codiceConvenzione", Text(5, 35)),
        pub multi_beneficiario: Option<bool> => opt("multiBeneficiario", BOOL),
    }
}
message!(NodoInviaCarrelloRpt = ns::PPT, "nodoInviaCarrelloRPT", asks "nodoInviaCarrelloRPT" -> NodoInviaCarrelloRptRisposta);

xml_struct! {
    pub struct ListaRpt in ns::NONE {
        pub elementi: Vec<ElementoListaRpt> => list("elementoListaRPT", Nested, 1, 5),
    }
}

xml_struct! {
    pub struct ElementoListaRpt in ns::NONE {
        pub identificativo_dominio: String => req("identificativoDominio", Text(1, 35)),
        pub identificativo_univoco_versamento: String => req("identificativoUnivocoVersamento", Text(1, 35)),
        pub codice_contesto_pagamento: String => req("codiceContestoPagamento", Text(1, 35)),
        pub tipo_firma: Option<String> => opt("tipoFirma", ANY_TEXT),
        pub rpt: Vec<u8> => req("rpt", BASE64),
    }
}

xml_struct! {
    #[derive(Default)]
    pub struct NodoInviaCarrelloRptRisposta in ns::NONE {
        pub fault: Option<FaultBean> => opt("fault", Nested),
        pub esito_complessivo_operazione: Esito => req("esitoComplessivoOperazione", Enum),
        pub url: Option<String> => opt("url", ANY_TEXT),
        pub lista_errori_rpt: Option<ListaErroriRpt> => opt("listaErroriRPT", Nested),
    }
}
message!(
    NodoInviaCarrelloRptRisposta = ns::PPT,
    "nodoInviaCarrelloRPTRisposta"
);

xml_struct! {
    /// One fault for each refused RPT; `serial` says which.
    pub struct ListaErroriRpt in ns::NONE {
        pub fault: Vec<FaultBean> => list("fault", Nested, 0, usize::MAX),
    }
}

refusal!(NodoInviaRptRisposta, NodoInviaCarrelloRptRisposta);
