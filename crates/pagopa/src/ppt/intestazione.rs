//! SOAP header blocks.

use crate::xml::{Text, message, ns, xml_struct};

xml_struct! {
    /// `intestazionePPT`: on nodoInviaRPT, paaVerificaRPT, paaAttivaRPT, paaInviaRT.
    pub struct IntestazionePpt in ns::NONE {
        pub identificativo_intermediario_pa: String => req("identificativoIntermediarioPA", Text(1, 35)),
        pub identificativo_stazione_intermediario_pa: String => req("identificativoStazioneIntermediarioPA", Text(1, 35)),
        pub identificativo_dominio: String => req("identificativoDominio", Text(1, 35)),
        pub identificativo_univoco_versamento: String => req("identificativoUnivocoVersamento", Text(1, 35)),
        pub codice_contesto_pagamento: String => req("codiceContestoPagamento", Text(1, 35)),
    }
}
message!(IntestazionePpt = ns::PPT_HEAD, "intestazionePPT");

xml_struct! {
    /// `intestazioneCarrelloPPT`: on nodoInviaCarrelloRPT.
    pub struct IntestazioneCarrelloPpt in ns::NONE {
        pub identificativo_intermediario_pa: String => req("identificativoIntermediarioPA", Text(1, 35)),
        pub identificativo_stazione_intermediario_pa: String => req("identificativoStazioneIntermediarioPA", Text(1, 35)),
        pub identificativo_carrello: String => req("identificativoCarrello", Text(1, 35)),
    }
}
message!(
    IntestazioneCarrelloPpt = ns::PPT_HEAD,
    "intestazioneCarrelloPPT"
);
