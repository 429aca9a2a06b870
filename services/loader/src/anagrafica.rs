//! What a row must agree with: the bodies, the software and the people of the tenant.

use domain::NumeroAvviso;
use domain::tracciato::{
    CampoVoce, Colonna, Gravita, Layout, Letta, RiferimentoVoce, Riga, RigaPendenza, Segnalazione,
};
use tenant::{Dominio, Tenant};

use crate::operatore::Operatore;

/// All that is wrong in a row against the tenant. `None` for an operator who is there no more.
pub fn verifica(
    tenant: &Tenant,
    operatore: Option<&Operatore>,
    layout: &Layout,
    letta: &Letta,
) -> Vec<Segnalazione> {
    let mut verifica = Verifica {
        tenant,
        layout,
        trovate: vec![],
    };
    let chiave = &letta.chiave;
    verifica.applicazione(&chiave.id_a2a, &chiave.id_dominio);
    let dominio = verifica.dominio(operatore, &chiave.id_dominio);
    if let (Some(Riga::Inserimento(pendenza)), Some(dominio)) = (&letta.riga, dominio) {
        verifica.pendenza(dominio, pendenza);
    }
    verifica.trovate
}

struct Verifica<'a> {
    tenant: &'a Tenant,
    layout: &'a Layout,
    trovate: Vec<Segnalazione>,
}

impl<'a> Verifica<'a> {
    fn errore(&mut self, colonna: Colonna, valore: &str, problema: String, rimedio: String) {
        let mut trovata = Segnalazione::cella(Gravita::Errore, colonna, valore, problema, rimedio);
        trovata.colonna = self.layout.nome(colonna);
        self.trovate.push(trovata);
    }

    fn applicazione(&mut self, id_a2a: &str, id_dominio: &str) {
        if id_a2a.is_empty() {
            return; // told by the reading of the row
        }
        let abilitate = || self.tenant.applicazioni.iter().filter(|a| a.api_pendenze);
        let Some(applicazione) = abilitate().find(|a| a.id_a2a == id_a2a) else {
            let nomi: Vec<&str> = abilitate().map(|a| a.id_a2a.as_str()).collect();
            let rimedio = format!("Scrivi uno fra: {}.", nomi.join(", "));
            let problema = "l'applicazione non esiste o non può caricare pendenze".to_owned();
            return self.errore(Colonna::ID_A2A, id_a2a, problema, rimedio);
        };
        let ammessa = id_dominio.is_empty()
            || self.tenant.dominio(id_dominio).is_none()
            || applicazione
                .domini
                .iter()
                .any(|d| d == "*" || d == id_dominio);
        if !ammessa {
            let problema = format!("l'applicazione non opera per l'ente {id_dominio}");
            let rimedio = "Usa l'applicazione dell'ente, oppure abilitala nel file del tenant.";
            self.errore(Colonna::ID_A2A, id_a2a, problema, rimedio.into());
        }
    }

    /// The body, if it exists; unknown ones and those of others are told.
    fn dominio(&mut self, operatore: Option<&Operatore>, id: &str) -> Option<&'a Dominio> {
        let ben_formato = id.len() == 11 && id.bytes().all(|b| b.is_ascii_digit());
        if !ben_formato {
            return None; // told by the reading of the row
        }
        let Some(dominio) = self.tenant.dominio(id) else {
            let problema = "l'ente creditore non esiste".to_owned();
            let enti: Vec<String> = self
                .tenant
                .domini
                .iter()
                .filter(|d| operatore.is_some_and(|o| o.puo(d.id.as_str())))
                .map(|d| format!("{} ({})", d.id, d.ragione_sociale))
                .collect();
            let rimedio = format!(
                "Scrivi il codice fiscale di uno dei tuoi enti: {}.",
                enti.join(", ")
            );
            self.errore(Colonna::ID_DOMINIO, id, problema, rimedio);
            return None;
        };
        if !operatore.is_some_and(|o| o.puo(id)) {
            let problema = "non sei abilitato a caricare pendenze di questo ente".to_owned();
            let rimedio = "Togli la riga, oppure chiedi l'abilitazione a chi amministra.";
            self.errore(Colonna::ID_DOMINIO, id, problema, rimedio.into());
        }
        Some(dominio)
    }

    fn pendenza(&mut self, dominio: &Dominio, pendenza: &RigaPendenza) {
        let tipo = &pendenza.tipo_pendenza;
        if !dominio.tipi_pendenza.iter().any(|t| t.id == *tipo) {
            let tipi: Vec<&str> = dominio
                .tipi_pendenza
                .iter()
                .map(|t| t.id.as_str())
                .collect();
            let problema = format!("il tipo di pendenza non esiste per l'ente {}", dominio.id);
            let rimedio = format!("Scrivi uno fra: {}.", tipi.join(", "));
            self.errore(Colonna::TIPO_PENDENZA, tipo, problema, rimedio);
        }
        if let Some(numero) = &pendenza.numero_avviso {
            self.numero_avviso(dominio, numero);
        }
        for voce in &pendenza.voci {
            self.voce(dominio, voce.indice, &voce.riferimento);
        }
    }

    fn numero_avviso(&mut self, dominio: &Dominio, numero: &NumeroAvviso) {
        let codice = match dominio.aux_digit {
            0 => self
                .tenant
                .stazione(&dominio.stazione)
                .and_then(|s| s.application_code()),
            3 => dominio.segregation_code,
            _ => None,
        };
        let rimedio = "Correggi il numero, oppure lascia vuoto: sarà generato.".to_owned();
        if numero.aux_digit() != dominio.aux_digit {
            let problema = format!(
                "la prima cifra del numero avviso è {}, l'ente usa {}",
                numero.aux_digit(),
                dominio.aux_digit
            );
            self.errore(Colonna::NUMERO_AVVISO, numero.as_str(), problema, rimedio);
        } else if codice.is_some() && numero.station_code() != codice {
            let problema = format!(
                "la seconda e la terza cifra del numero avviso sono {:02}, l'ente usa {:02}",
                numero.station_code().unwrap_or_default(),
                codice.unwrap_or_default()
            );
            self.errore(Colonna::NUMERO_AVVISO, numero.as_str(), problema, rimedio);
        }
    }

    fn voce(&mut self, dominio: &Dominio, indice: u8, riferimento: &RiferimentoVoce) {
        match riferimento {
            RiferimentoVoce::Bollo { .. } => {}
            RiferimentoVoce::Entrata(codice) => {
                if !dominio.entrate.iter().any(|e| e.id == *codice) {
                    let note: Vec<&str> = dominio.entrate.iter().map(|e| e.id.as_str()).collect();
                    let colonna = Colonna::voce(indice, CampoVoce::TipoEntrata);
                    let problema = format!("l'entrata non esiste per l'ente {}", dominio.id);
                    let rimedio = format!("Scrivi una fra: {}.", note.join(", "));
                    self.errore(colonna, codice, problema, rimedio);
                }
            }
            RiferimentoVoce::Conto {
                iban_accredito,
                iban_appoggio,
                ..
            } => {
                let accredito = Colonna::voce(indice, CampoVoce::IbanAccredito);
                let appoggio = Colonna::voce(indice, CampoVoce::IbanAppoggio);
                self.conto(dominio, accredito, iban_accredito);
                if let Some(iban) = iban_appoggio {
                    self.conto(dominio, appoggio, iban);
                }
            }
        }
    }

    fn conto(&mut self, dominio: &Dominio, colonna: Colonna, iban: &str) {
        if !dominio.conti.iter().any(|conto| conto.iban == iban) {
            let problema = format!("l'IBAN non è fra i conti dell'ente {}", dominio.id);
            let rimedio = "Usa un conto dell'ente, oppure fallo aggiungere all'anagrafica.";
            self.errore(colonna, iban, problema, rimedio.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use platform::Settings;

    use crate::operatore::Operatori;

    const TESTA: [&str; 15] = [
        "idA2A",
        "idPendenza",
        "idDominio",
        "causale",
        "importo",
        "tipoSoggettoPagatore",
        "identificativoPagatore",
        "anagraficaPagatore",
        "idVoce1",
        "importoVoce1",
        "descrizioneVoce1",
        "tipoEntrataVoce1",
        "tipoPendenza",
        "numeroAvviso",
        "ibanAccreditoVoce1",
    ];

    fn colonne(chi: &str, cambi: &[(&str, &str)]) -> Vec<String> {
        let tenant = Tenant::load(None).unwrap();
        let settings = Settings::embedded(None, None, None, 1);
        let operatori = Operatori::new(&tenant, &settings);
        let (layout, _) = Layout::riconosci(&TESTA).unwrap();
        let mut riga = [
            "GESTIONALE",
            "P1",
            "12345678903",
            "Tassa",
            "1",
            "F",
            "VRDGPP80A01H501U",
            "G. Verdi",
            "V1",
            "1",
            "Voce",
            "TARI",
            "TARI",
            "",
            "",
        ];
        for (nome, valore) in cambi {
            riga[TESTA.iter().position(|t| t == nome).unwrap()] = valore;
        }
        let letta = layout.leggi(&riga, NaiveDate::from_ymd_opt(2026, 1, 1).unwrap());
        let trovate = verifica(&tenant, operatori.find(chi), &layout, &letta);
        trovate.into_iter().map(|s| s.colonna).collect()
    }

    #[test]
    fn a_row_of_the_demo_tenant_agrees_with_it() {
        assert!(colonne("gpadmin", &[]).is_empty());
        assert!(colonne("valtorbida", &[("numeroAvviso", "301000000000000144")]).is_empty());
    }

    #[test]
    fn unknown_codes_and_foreign_bodies_are_told_with_their_column() {
        for (nome, valore) in [
            ("idA2A", "ALTRO"),
            ("idDominio", "99999999990"),
            ("tipoPendenza", "SANZIONE"),
            ("tipoEntrataVoce1", "SANZIONI"),
            ("numeroAvviso", "347000000000074221"),
            ("numeroAvviso", "001000000000000747"),
        ] {
            assert_eq!(
                colonne("gpadmin", &[(nome, valore)]),
                [nome],
                "{nome} {valore}"
            );
        }
    }

    #[test]
    fn b160_an_operator_of_one_body_cannot_load_rows_of_another() {
        let altra = [
            ("idDominio", "09876543217"),
            ("tipoPendenza", "SANZIONE"),
            ("tipoEntrataVoce1", "SANZIONI"),
        ];
        assert!(colonne("gpadmin", &altra).is_empty());
        assert_eq!(colonne("valtorbida", &altra), ["idDominio"]);
        assert_eq!(colonne("nessuno", &[]), ["idDominio"]);
    }
}
