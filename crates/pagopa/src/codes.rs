//! Fault codes with the standard text that goes in `faultString`.

macro_rules! fault_codes {
    ($(#[$meta:meta])* pub enum $name:ident { $( $variant:ident = $code:literal, $string:literal; )* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $( $variant, )* }

        impl $name {
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )* ];

            pub fn code(self) -> &'static str {
                match self { $( Self::$variant => $code, )* }
            }

            /// The standard text. What happened this time goes in the description.
            pub fn fault_string(self) -> &'static str {
                match self { $( Self::$variant => $string, )* }
            }

            /// A code that is not in the list passes through the services as text.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|fault| fault.code() == code)
            }
        }
    };
}

fault_codes! {
    /// Faults raised by the ente creditore (`PAA_…`).
    pub enum FaultPa {
        PagamentoSconosciuto = "PAA_PAGAMENTO_SCONOSCIUTO", "Pagamento in attesa risulta sconosciuto all'Ente Creditore";
        PagamentoDuplicato = "PAA_PAGAMENTO_DUPLICATO", "Pagamento in attesa risulta concluso all'Ente Creditore";
        PagamentoInCorso = "PAA_PAGAMENTO_IN_CORSO", "Pagamento in attesa risulta in corso all'Ente Creditore";
        PagamentoAnnullato = "PAA_PAGAMENTO_ANNULLATO", "Pagamento in attesa risulta annullato all'Ente Creditore";
        PagamentoScaduto = "PAA_PAGAMENTO_SCADUTO", "Pagamento in attesa risulta scaduto all'Ente Creditore";
        PagamentoMultibeneficiarioNonConsentito = "PAA_PAGAMENTO_MULTIBENEFICIARIO_NON_CONSENTITO", "Pagamento multibeneficiario non consentito";
        IdDominioErrato = "PAA_ID_DOMINIO_ERRATO", "L'identificativo del dominio non corrisponde all'Ente Creditore";
        IdIntermediarioErrato = "PAA_ID_INTERMEDIARIO_ERRATO", "L'identificativo dell'intermediario non corrisponde all'Ente Creditore";
        StazioneIntErrata = "PAA_STAZIONE_INT_ERRATA", "L'identificativo della stazione non corrisponde all'Ente Creditore";
        AttivaRptImportoNonValido = "PAA_ATTIVA_RPT_IMPORTO_NON_VALIDO", "L'importo del pagamento in attesa non è congruente con il dato indicato dal PSP";
        RptSconosciuta = "PAA_RPT_SCONOSCIUTA", "La RPT risulta sconosciuta";
        RtDuplicata = "PAA_RT_DUPLICATA", "La RT è già stata accettata";
        ReceiptDuplicata = "PAA_RECEIPT_DUPLICATA", "La ricevuta è già stata accettata";
        ErDuplicata = "PAA_ER_DUPLICATA", "L'esito della revoca è già stato accettato";
        TipofirmaSconosciuto = "PAA_TIPOFIRMA_SCONOSCIUTO", "Il tipo di firma non corrisponde ad alcuno di quelli previsti";
        ErroreFormatoBustaFirmata = "PAA_ERRORE_FORMATO_BUSTA_FIRMATA", "Formato della busta di firma errato o non corrispondente al tipo di firma";
        FirmaErrata = "PAA_FIRMA_ERRATA", "Errore di firma";
        FirmaIndisponibile = "PAA_FIRMA_INDISPONIBILE", "Impossibile firmare";
        SintassiXsd = "PAA_SINTASSI_XSD", "Errore di sintassi XSD";
        SintassiExtraxsd = "PAA_SINTASSI_EXTRAXSD", "Errore di sintassi extra XSD";
        Semantica = "PAA_SEMANTICA", "Errore semantico";
        SystemError = "PAA_SYSTEM_ERROR", "Errore generico";
    }
}

fault_codes! {
    /// Faults raised by the Node (`PPT_…`).
    pub enum FaultNodo {
        SintassiXsd = "PPT_SINTASSI_XSD", "Errore di sintassi XSD";
        SintassiExtraxsd = "PPT_SINTASSI_EXTRAXSD", "Errore di sintassi extra XSD";
        Semantica = "PPT_SEMANTICA", "Errore semantico";
        SoapactionErrata = "PPT_SOAPACTION_ERRATA", "SOAPAction errata";
        Autenticazione = "PPT_AUTENTICAZIONE", "Errore di autenticazione";
        Autorizzazione = "PPT_AUTORIZZAZIONE", "Il richiedente non ha i diritti per l'operazione";
        DominioSconosciuto = "PPT_DOMINIO_SCONOSCIUTO", "Dominio sconosciuto";
        DominioDisabilitato = "PPT_DOMINIO_DISABILITATO", "Dominio disabilitato";
        IntermediarioPaSconosciuto = "PPT_INTERMEDIARIO_PA_SCONOSCIUTO", "Intermediario dell'ente sconosciuto";
        IntermediarioPaDisabilitato = "PPT_INTERMEDIARIO_PA_DISABILITATO", "Intermediario dell'ente disabilitato";
        StazioneIntPaSconosciuta = "PPT_STAZIONE_INT_PA_SCONOSCIUTA", "Stazione sconosciuta";
        StazioneIntPaDisabilitata = "PPT_STAZIONE_INT_PA_DISABILITATA", "Stazione disabilitata";
        StazioneIntPaIrraggiungibile = "PPT_STAZIONE_INT_PA_IRRAGGIUNGIBILE", "Errore di connessione verso la stazione";
        StazioneIntPaServizioNonattivo = "PPT_STAZIONE_INT_PA_SERVIZIO_NONATTIVO", "Il servizio applicativo della stazione non è attivo";
        StazioneIntPaTimeout = "PPT_STAZIONE_INT_PA_TIMEOUT", "Timeout di risposta dalla stazione";
        StazioneIntPaErroreResponse = "PPT_STAZIONE_INT_PA_ERRORE_RESPONSE", "Errore nella risposta ricevuta dalla stazione";
        ErroreEmessoDaPaa = "PPT_ERRORE_EMESSO_DA_PAA", "Errore restituito dalla PAA";
        PspSconosciuto = "PPT_PSP_SCONOSCIUTO", "PSP sconosciuto";
        PspDisabilitato = "PPT_PSP_DISABILITATO", "PSP disabilitato";
        IntermediarioPspSconosciuto = "PPT_INTERMEDIARIO_PSP_SCONOSCIUTO", "Intermediario del PSP sconosciuto";
        IntermediarioPspDisabilitato = "PPT_INTERMEDIARIO_PSP_DISABILITATO", "Intermediario del PSP disabilitato";
        CanaleSconosciuto = "PPT_CANALE_SCONOSCIUTO", "Canale sconosciuto";
        CanaleDisabilitato = "PPT_CANALE_DISABILITATO", "Canale disabilitato";
        CanaleIrraggiungibile = "PPT_CANALE_IRRAGGIUNGIBILE", "Errore di connessione verso il canale";
        CanaleServizioNonattivo = "PPT_CANALE_SERVIZIO_NONATTIVO", "Il servizio applicativo del canale non è attivo";
        CanaleTimeout = "PPT_CANALE_TIMEOUT", "Timeout di risposta dal canale";
        CanaleNonrisolvibile = "PPT_CANALE_NONRISOLVIBILE", "Il canale non è determinato univocamente";
        CanaleIndisponibile = "PPT_CANALE_INDISPONIBILE", "Nessun canale utilizzabile";
        CanaleErrore = "PPT_CANALE_ERRORE", "Errore restituito dal canale";
        CanaleErroreResponse = "PPT_CANALE_ERRORE_RESPONSE", "Errore nella risposta ricevuta dal canale";
        CanaleErrParamPagImm = "PPT_CANALE_ERR_PARAM_PAG_IMM", "Parametri del pagamento immediato non validi";
        RptDuplicata = "PPT_RPT_DUPLICATA", "RPT duplicata";
        RptSconosciuta = "PPT_RPT_SCONOSCIUTA", "RPT sconosciuta";
        RtSconosciuta = "PPT_RT_SCONOSCIUTA", "RT sconosciuta";
        RtNondisponibile = "PPT_RT_NONDISPONIBILE", "RT non ancora pronta";
        RtDuplicata = "PPT_RT_DUPLICATA", "RT duplicata";
        RtInGestione = "PPT_RT_IN_GESTIONE", "RT già in gestione";
        RtSegnoDiscorde = "PPT_RT_SEGNO_DISCORDE", "Esito della RT discorde da quello comunicato";
        IdCarrelloDuplicato = "PPT_ID_CARRELLO_DUPLICATO", "Identificativo del carrello duplicato";
        Superamentosoglia = "PPT_SUPERAMENTOSOGLIA", "Superamento di una soglia di utilizzo";
        TipofirmaSconosciuto = "PPT_TIPOFIRMA_SCONOSCIUTO", "Il tipo di firma non corrisponde ad alcuno di quelli previsti";
        ErroreFormatoBustaFirmata = "PPT_ERRORE_FORMATO_BUSTA_FIRMATA", "Formato della busta di firma errato o non corrispondente al tipo di firma";
        FirmaIndisponibile = "PPT_FIRMA_INDISPONIBILE", "Impossibile firmare";
        IbanNonCensito = "PPT_IBAN_NON_CENSITO", "IBAN di accredito non censito per l'ente";
        CodificaPspSconosciuta = "PPT_CODIFICA_PSP_SCONOSCIUTA", "Codifica dell'infrastruttura del PSP sconosciuta";
        WispSessioneSconosciuta = "PPT_WISP_SESSIONE_SCONOSCIUTA", "Sessione WISP sconosciuta";
        WispTimeoutRecuperoScelta = "PPT_WISP_TIMEOUT_RECUPERO_SCELTA", "Tempo per il recupero della scelta scaduto";
        MultiBeneficiario = "PPT_MULTI_BENEFICIARIO", "La chiamata non è compatibile con un pagamento multibeneficiario";
        PagamentoInCorso = "PPT_PAGAMENTO_IN_CORSO", "Pagamento in attesa risulta in corso al Nodo";
        PagamentoDuplicato = "PPT_PAGAMENTO_DUPLICATO", "Pagamento in attesa risulta concluso al Nodo";
        ErroreIdempotenza = "PPT_ERRORE_IDEMPOTENZA", "Errore di idempotenza";
        TokenSconosciuto = "PPT_TOKEN_SCONOSCIUTO", "paymentToken sconosciuto";
        TokenScaduto = "PPT_TOKEN_SCADUTO", "paymentToken scaduto";
        TokenScadutoKo = "PPT_TOKEN_SCADUTO_KO", "paymentToken scaduto, esito KO";
        EsitoGiaAcquisito = "PPT_ESITO_GIA_ACQUISITO", "Esito già acquisito";
        SystemError = "PPT_SYSTEM_ERROR", "Errore generico";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_go_there_and_back() {
        for fault in FaultPa::ALL {
            assert!(fault.code().starts_with("PAA_"));
            assert_eq!(FaultPa::parse(fault.code()), Some(*fault));
        }
        for fault in FaultNodo::ALL {
            assert!(fault.code().starts_with("PPT_"));
            assert_eq!(FaultNodo::parse(fault.code()), Some(*fault));
        }
        assert_eq!(FaultPa::parse("PPT_SEMANTICA"), None);
    }
}
