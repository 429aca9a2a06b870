//! What a row must agree with: the bodies, the software and the people of the tenant.

use domain::tracciato::{CampoVoce, Chiave, Colonna, Gravita, Segnalazione};
use domain::{CodDominio, NumeroAvviso};
use govpay_api::{NuovaPendenza, NuovaVoce};
use tenant::{Dominio, Tenant};

use crate::core::Richiesta;
use crate::operatore::Operatore;

/// All that is wrong in a row against the tenant, for an operator (`None`: one who is there no more).
/// `nome`: how the writers of the file call a column. A voce whose account is of another body is
/// given to that body.
pub fn verifica(
    (tenant, operatore): (&Tenant, Option<&Operatore>),
    nome: &dyn Fn(Colonna) -> String,
    chiave: &Chiave,
    richiesta: Option<&mut Richiesta>,
) -> Vec<Segnalazione> {
    let mut verifica = Verifica {
        tenant,
        nome,
        trovate: vec![],
    };
    verifica.applicazione(&chiave.id_a2a, &chiave.id_dominio);
    let dominio = verifica.dominio(operatore, &chiave.id_dominio);
    if let (Some(Richiesta::Inserimento { corpo, indici, .. }), Some(dominio)) =
        (richiesta, dominio)
    {
        verifica.pendenza(dominio, corpo, indici);
    }
    verifica.trovate
}

struct Verifica<'a> {
    tenant: &'a Tenant,
    nome: &'a dyn Fn(Colonna) -> String,
    trovate: Vec<Segnalazione>,
}

impl<'a> Verifica<'a> {
    fn errore(&mut self, colonna: Colonna, valore: &str, problema: String, rimedio: String) {
        let mut trovata = Segnalazione::cella(Gravita::Errore, colonna, valore, problema, rimedio);
        trovata.colonna = (self.nome)(colonna);
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

    fn pendenza(&mut self, dominio: &'a Dominio, pendenza: &mut NuovaPendenza, indici: &[u8]) {
        let tipo = pendenza.id_tipo_pendenza.as_deref().unwrap_or("LIBERO");
        if !dominio.tipi_pendenza.iter().any(|t| t.id == tipo) {
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
        for (voce, indice) in pendenza.voci.iter_mut().zip(indici) {
            self.voce(dominio, *indice, voce);
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

    fn voce(&mut self, dominio: &'a Dominio, indice: u8, voce: &mut NuovaVoce) {
        if voce.id_dominio.is_none()
            && let Some(iban) = &voce.iban_accredito
        {
            voce.id_dominio = self.beneficiario(dominio, iban);
        }
        let beneficiario = voce.id_dominio.as_ref();
        let ente = match beneficiario.map(|id| self.tenant.dominio(id.as_str())) {
            None => dominio,
            Some(Some(altro)) => altro,
            Some(None) => {
                let id = beneficiario.map_or("", |id| id.as_str());
                let problema = "l'ente beneficiario della voce non esiste".to_owned();
                let rimedio = "Scrivi il codice fiscale di un ente dell'archivio.".to_owned();
                return self.errore(Colonna::voce(indice, CampoVoce::Id), id, problema, rimedio);
            }
        };
        if let Some(codice) = &voce.cod_entrata
            && !ente.entrate.iter().any(|e| e.id == *codice)
        {
            let note: Vec<&str> = ente.entrate.iter().map(|e| e.id.as_str()).collect();
            let colonna = Colonna::voce(indice, CampoVoce::TipoEntrata);
            let problema = format!("l'entrata non esiste per l'ente {}", ente.id);
            let rimedio = format!("Scrivi una fra: {}.", note.join(", "));
            self.errore(colonna, codice, problema, rimedio);
        }
        if let Some(iban) = &voce.iban_accredito {
            self.conto(ente, Colonna::voce(indice, CampoVoce::IbanAccredito), iban);
        }
        if let Some(iban) = &voce.iban_appoggio {
            self.conto(ente, Colonna::voce(indice, CampoVoce::IbanAppoggio), iban);
        }
    }

    /// The other body that an account belongs to, when it is one and not that of the row.
    fn beneficiario(&self, dominio: &Dominio, iban: &str) -> Option<CodDominio> {
        let has = |d: &Dominio| d.conti.iter().any(|conto| conto.iban == iban);
        if has(dominio) {
            return None;
        }
        let mut altri = self.tenant.domini.iter().filter(|d| has(d));
        match (altri.next(), altri.next()) {
            (Some(uno), None) => Some(uno.id.clone()),
            _ => None,
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
    use domain::tracciato::Layout;
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
        let settings = Settings::embedded(None, None, None, std::time::Duration::from_secs(1));
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
        let nome = |colonna| layout.nome(colonna);
        let mut richiesta = letta.riga.map(Richiesta::from);
        let trovate = verifica(
            (&tenant, operatori.find(chi)),
            &nome,
            &letta.chiave,
            richiesta.as_mut(),
        );
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
