//! An element of a JSON tracciato: what it asks for, or what is wrong with it.

use std::collections::BTreeMap;

use domain::CodDominio;
use domain::tracciato::{Chiave, Colonna, RigaAnnullamento, Segnalazione, VOCI};
use govpay_api::convalida::{self, Difetto};
use govpay_api::tracciato::{AnnullamentoPendenza, NuovaPendenzaTracciato};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::Elenco;
use crate::core::Richiesta;

/// What came out of an element.
pub struct Letto {
    pub chiave: Chiave,
    /// `None` when there is at least one error.
    pub richiesta: Option<Richiesta>,
    pub segnalazioni: Vec<Segnalazione>,
}

/// Reads an element that begins at this line of the file.
pub fn leggi(elenco: Elenco, bytes: &[u8], riga: u64) -> Letto {
    let letto = match elenco {
        Elenco::Inserimenti => inserimento(bytes, riga),
        Elenco::Annullamenti => annullamento(bytes, riga),
    };
    match letto {
        Ok((chiave, richiesta)) => Letto {
            chiave,
            richiesta: Some(richiesta),
            segnalazioni: vec![],
        },
        Err(segnalazione) => Letto {
            chiave: chiave_di(elenco, bytes),
            richiesta: None,
            segnalazioni: vec![*segnalazione],
        },
    }
}

type Esito = Result<(Chiave, Richiesta), Box<Segnalazione>>;

fn inserimento(bytes: &[u8], riga: u64) -> Esito {
    let letta: NuovaPendenzaTracciato = match testo(bytes, riga) {
        Ok(letta) => letta,
        Err(errore) => match voci_come_lette(bytes) {
            Some(nude) => testo(&nude, riga)?,
            None => return Err(errore),
        },
    };
    let NuovaPendenzaTracciato {
        id_a2a,
        id_pendenza,
        mut pendenza,
    } = letta;
    for voce in &mut pendenza.voci {
        // The name that the Backoffice has for it.
        if voce.tipo_bollo.as_deref() == Some("Imposta di bollo") {
            voce.tipo_bollo = Some("01".to_owned());
        }
    }
    chiavi(&id_a2a, &id_pendenza)?;
    convalida::pendenza(&pendenza).map_err(difetto)?;
    let chiave = Chiave {
        annullamento: false,
        id_a2a: id_a2a.clone(),
        id_pendenza: id_pendenza.clone(),
        id_dominio: pendenza.id_dominio.as_str().to_owned(),
        numero_avviso: pendenza.numero_avviso.clone(),
        importo: Some(pendenza.importo),
    };
    let mut indici = [0; VOCI];
    for (indice, n) in indici.iter_mut().zip(0..) {
        *indice = n;
    }
    let richiesta = Richiesta::Inserimento {
        id_a2a,
        id_pendenza,
        corpo: Box::new(pendenza),
        indici,
    };
    Ok((chiave, richiesta))
}

/// The same element without what the Backoffice's contract wants in a voce and a new one cannot have:
/// its `stato` and its `indice`. `None`: there is nothing of the kind.
fn voci_come_lette(bytes: &[u8]) -> Option<Vec<u8>> {
    type Oggetto = BTreeMap<String, Box<RawValue>>;
    let mut pendenza: Oggetto = serde_json::from_slice(bytes).ok()?;
    let mut voci: Vec<Oggetto> = serde_json::from_str(pendenza.get("voci")?.get()).ok()?;
    let mut tolte = 0;
    for voce in &mut voci {
        tolte += ["stato", "indice"]
            .iter()
            .filter_map(|nome| voce.remove(*nome))
            .count();
    }
    if tolte == 0 {
        return None;
    }
    pendenza.insert(
        "voci".to_owned(),
        serde_json::value::to_raw_value(&voci).ok()?,
    );
    serde_json::to_vec(&pendenza).ok()
}

fn annullamento(bytes: &[u8], riga: u64) -> Esito {
    let letto: AnnullamentoPendenza = testo(bytes, riga)?;
    chiavi(&letto.id_a2a, &letto.id_pendenza)?;
    let motivo = letto.motivo_annullamento;
    convalida::lunghezza("motivoAnnullamento", &motivo, 255).map_err(difetto)?;
    let chiave = Chiave {
        annullamento: true,
        id_a2a: letto.id_a2a.clone(),
        id_pendenza: letto.id_pendenza.clone(),
        ..Chiave::default()
    };
    let richiesta = Richiesta::Annullamento(RigaAnnullamento {
        id_a2a: letto.id_a2a,
        id_pendenza: letto.id_pendenza,
        id_dominio: None,
        motivo: Some(motivo),
    });
    Ok((chiave, richiesta))
}

fn chiavi(id_a2a: &str, id_pendenza: &str) -> Result<(), Box<Segnalazione>> {
    convalida::identificativo("idA2A", id_a2a, false).map_err(difetto)?;
    convalida::identificativo("idPendenza", id_pendenza, false).map_err(difetto)
}

fn difetto(difetto: Difetto) -> Box<Segnalazione> {
    let mut segnalazione = Segnalazione::riga(
        difetto.regola,
        "Correggi il valore della proprietà e carica di nuovo il file.",
    );
    segnalazione.valore = difetto
        .valore
        .unwrap_or_default()
        .chars()
        .take(60)
        .collect();
    segnalazione.colonna = difetto.campo;
    Box::new(segnalazione)
}

fn testo<T: DeserializeOwned>(bytes: &[u8], riga: u64) -> Result<T, Box<Segnalazione>> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let letto = serde_path_to_error::deserialize(&mut deserializer);
    letto.map_err(|errore| {
        let percorso = match errore.path().to_string().as_str() {
            "." | "?" => String::new(),
            // A name that is not known may be anything.
            altro => altro.chars().take(100).collect(),
        };
        Box::new(non_letto(percorso, errore.inner(), riga))
    })
}

/// The fault of an element that cannot be read.
fn non_letto(percorso: String, errore: &serde_json::Error, riga: u64) -> Segnalazione {
    let detto = errore.to_string();
    let detto = detto
        .rsplit_once(" at line ")
        .map_or(detto.as_str(), |(prima, _)| prima);
    let nome = detto.split('`').nth(1).unwrap_or_default();
    let colonna = match percorso.as_str() {
        "" if detto.contains(" field `") => nome.chars().take(60).collect(),
        dove if detto.starts_with("missing field") => format!("{dove}.{nome}"),
        _ => percorso.clone(),
    };
    let (problema, rimedio) = match errore.classify() {
        Category::Data => (
            in_italiano(detto, personale(&percorso)),
            "Correggi la proprietà: nomi e tipi sono quelli di una pendenza dell'API.",
        ),
        Category::Io | Category::Syntax | Category::Eof => {
            let riga = riga + (errore.line() as u64).saturating_sub(1);
            let problema = format!("il JSON non è scritto bene alla riga {riga}: {detto}");
            (
                problema,
                "Controlla virgole, virgolette e parentesi di questo elemento.",
            )
        }
    };
    Segnalazione {
        colonna,
        ..Segnalazione::riga(problema, rimedio)
    }
}

fn personale(percorso: &str) -> bool {
    percorso.starts_with("soggettoPagatore")
}

/// What the reading says of a wrong value. Values of persons are not repeated.
fn in_italiano(detto: &str, personale: bool) -> String {
    let fra_apici = || detto.split('`').nth(1).unwrap_or_default();
    if detto.starts_with("missing field") {
        return format!("manca {}", fra_apici());
    }
    if detto.starts_with("unknown field") {
        let nome: String = fra_apici().chars().take(60).collect();
        return format!("la proprietà «{nome}» non esiste");
    }
    if detto.starts_with("duplicate field") {
        return format!("la proprietà {} è ripetuta", fra_apici());
    }
    let atteso = detto.split_once(", expected ");
    match (detto.strip_prefix("invalid "), atteso) {
        (Some(_), Some((_, atteso))) if personale => {
            format!("il valore non è del tipo giusto (atteso: {atteso})")
        }
        (Some(resto), Some(_)) => format!("il valore non è del tipo giusto ({resto})"),
        _ if personale => "il valore non è valido".to_owned(),
        _ => detto.to_owned(),
    }
}

/// What can be known of an element that is wrong.
fn chiave_di(elenco: Elenco, bytes: &[u8]) -> Chiave {
    let valore: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let testo = |nome: &str| valore[nome].as_str().unwrap_or_default().to_owned();
    Chiave {
        annullamento: elenco == Elenco::Annullamenti,
        id_a2a: testo("idA2A"),
        id_pendenza: testo("idPendenza"),
        id_dominio: CodDominio::parse(valore["idDominio"].as_str().unwrap_or_default())
            .map_or(String::new(), |d| d.as_str().to_owned()),
        ..Chiave::default()
    }
}

const TESTA: [&str; 27] = [
    "idA2A",
    "idPendenza",
    "idDominio",
    "numeroAvviso",
    "idTipoPendenza",
    "idUnitaOperativa",
    "causale",
    "annoRiferimento",
    "cartellaPagamento",
    "datiAllegati",
    "direzione",
    "divisione",
    "importo",
    "dataValidita",
    "dataScadenza",
    "tassonomiaAvviso",
    "soggettoPagatore.tipo",
    "soggettoPagatore.identificativo",
    "soggettoPagatore.anagrafica",
    "soggettoPagatore.indirizzo",
    "soggettoPagatore.civico",
    "soggettoPagatore.cap",
    "soggettoPagatore.localita",
    "soggettoPagatore.provincia",
    "soggettoPagatore.nazione",
    "soggettoPagatore.email",
    "soggettoPagatore.cellulare",
];

const VOCE: [&str; 11] = [
    "idVocePendenza",
    "importo",
    "descrizione",
    "ibanAccredito",
    "ibanAppoggio",
    "tipoContabilita",
    "codiceContabilita",
    "codEntrata",
    "tipoBollo",
    "hashDocumento",
    "provinciaResidenza",
];

const CODA: [&str; 5] = [
    "dataNotificaAvviso",
    "documento.identificativo",
    "documento.descrizione",
    "documento.rata",
    "proprieta.linguaSecondaria",
];

/// Path of the property that a column of the CSV stands for, as `voci[0].importo`.
pub fn percorso(colonna: Colonna) -> String {
    let posizione = colonna.posizione();
    if let Some(nome) = TESTA.get(posizione) {
        return (*nome).to_owned();
    }
    let dopo = posizione - TESTA.len();
    match VOCE.get(dopo % VOCE.len()) {
        Some(nome) if dopo < VOCE.len() * VOCI => format!("voci[{}].{nome}", dopo / VOCE.len()),
        _ => {
            let nome = CODA.get(dopo.saturating_sub(VOCE.len() * VOCI));
            nome.map_or_else(|| colonna.nome(), |nome| (*nome).to_owned())
        }
    }
}

/// The properties of an element outside of its voci, as texts, whether or not the element is right.
pub struct Proprieta(Value);

impl Proprieta {
    pub fn new(bytes: &[u8]) -> Self {
        Self(serde_json::from_slice(bytes).unwrap_or_default())
    }

    /// Empty when there is no such text or number.
    pub fn testo(&self, colonna: Colonna) -> String {
        let mut valore = &self.0;
        for nome in percorso(colonna).split('.') {
            valore = &valore[nome];
        }
        match valore {
            Value::String(testo) => testo.clone(),
            Value::Number(numero) => numero.to_string(),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::tracciato::CampoVoce;

    use super::*;

    fn pendenza(cambi: &[(&str, &str)]) -> Vec<u8> {
        let mut testo = r#"{"idA2A":"GESTIONALE","idPendenza":"P1","idDominio":"12345678903",
"causale":"Tassa","importo":10.10,"soggettoPagatore":{"tipo":"F","identificativo":"VRDGPP80A01H501U","anagrafica":"G. Verdi"},
"voci":[{"idVocePendenza":"1","importo":10.10,"descrizione":"Quota","codEntrata":"TARI"}]}"#
            .to_owned();
        for (prima, dopo) in cambi {
            assert!(testo.contains(prima), "{prima}");
            testo = testo.replacen(prima, dopo, 1);
        }
        testo.into_bytes()
    }

    fn errore(cambi: &[(&str, &str)]) -> (String, String) {
        let letto = leggi(Elenco::Inserimenti, &pendenza(cambi), 7);
        assert!(letto.richiesta.is_none());
        let primo = letto.segnalazioni.into_iter().next().unwrap();
        (primo.colonna, primo.problema)
    }

    #[test]
    fn a_pendenza_is_read_with_its_key_and_its_cents() {
        let letto = leggi(Elenco::Inserimenti, &pendenza(&[]), 1);
        assert_eq!(letto.chiave.id_dominio, "12345678903");
        let Some(Richiesta::Inserimento { corpo, indici, .. }) = letto.richiesta else {
            panic!("no request");
        };
        assert_eq!((corpo.importo.cents(), indici), (1010, [0, 1, 2, 3, 4]));
    }

    #[test]
    fn each_fault_says_the_path_and_the_rule() {
        for (cambi, colonna, problema) in [
            (
                [("\"importo\":10.10,\"d", "\"importo\":1e3,\"d")],
                "voci[0].importo",
                "",
            ),
            (
                [("\"importo\":10.10,\"s", "\"importo\":10.11,\"s")],
                "importo",
                "la somma delle voci è 10.10",
            ),
            (
                [("\"codEntrata\"", "\"codiceEntrata\"")],
                "voci[0].codiceEntrata",
                "«codiceEntrata» non esiste",
            ),
            ([("\"idA2A\":\"GESTIONALE\",", "")], "idA2A", "manca idA2A"),
            ([("\"P1\"", "1")], "idPendenza", "expected a string"),
            ([("\"P1\"", "\"P/1\"")], "idPendenza", "35 caratteri"),
            ([("\"Tassa\",", "\"Tassa\"")], "", "alla riga 8"),
        ] {
            let (dove, che) = errore(&cambi);
            assert_eq!(dove, colonna, "{che}");
            assert!(che.contains(problema), "{che}");
        }
    }

    #[test]
    fn what_the_contract_wants_in_a_voce_is_no_fault() {
        let cambi = [(
            "\"codEntrata\"",
            "\"stato\":\"Non eseguito\",\"indice\":1,\"codEntrata\"",
        )];
        let letto = leggi(Elenco::Inserimenti, &pendenza(&cambi), 1);
        let Some(Richiesta::Inserimento { corpo, .. }) = letto.richiesta else {
            panic!("{:?}", letto.segnalazioni);
        };
        assert_eq!(corpo.voci[0].importo.cents(), 1010);
        let bollo = [(
            "\"codEntrata\":\"TARI\"",
            "\"tipoBollo\":\"Imposta di bollo\",\"hashDocumento\":\"eA==\",\"provinciaResidenza\":\"RM\"",
        )];
        assert!(
            leggi(Elenco::Inserimenti, &pendenza(&bollo), 1)
                .richiesta
                .is_some()
        );
        let altro = [("\"codEntrata\"", "\"stato\":1,\"colore\":1,\"codEntrata\"")];
        assert_eq!(errore(&altro).0, "voci[0].colore");
    }

    #[test]
    fn values_of_persons_are_not_repeated() {
        for valore in ["\"VRDGPP 80A01 H501U\"", "80123456"] {
            let (dove, che) = errore(&[("\"VRDGPP80A01H501U\"", valore)]);
            assert_eq!(dove, "soggettoPagatore.identificativo");
            assert!(!che.contains(valore.trim_matches('"')), "{che}");
        }
    }

    #[test]
    fn an_annulment_is_read() {
        let letto = leggi(
            Elenco::Annullamenti,
            br#"{"idA2A":"A","idPendenza":"P","motivoAnnullamento":"Errata"}"#,
            1,
        );
        assert!(letto.chiave.annullamento);
        assert!(
            matches!(letto.richiesta, Some(Richiesta::Annullamento(r)) if r.id_pendenza == "P")
        );
        let rotto = leggi(
            Elenco::Annullamenti,
            br#"{"idA2A":"A","idPendenza":"P"}"#,
            1,
        );
        assert_eq!(rotto.segnalazioni[0].problema, "manca motivoAnnullamento");
        assert_eq!(rotto.chiave.id_pendenza, "P");
    }

    #[test]
    fn columns_have_their_paths() {
        assert_eq!(percorso(Colonna::EMAIL), "soggettoPagatore.email");
        assert_eq!(
            percorso(Colonna::voce(0, CampoVoce::Importo)),
            "voci[0].importo"
        );
        assert_eq!(
            percorso(Colonna::voce(4, CampoVoce::TipoEntrata)),
            "voci[4].codEntrata"
        );
        assert_eq!(
            percorso(Colonna::LINGUA_SECONDARIA),
            "proprieta.linguaSecondaria"
        );
    }
}
