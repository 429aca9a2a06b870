//! An element of a JSON tracciato: what it asks for, or what is wrong with it.

use std::collections::BTreeMap;

use domain::CodDominio;
use domain::tracciato::{Chiave, RigaAnnullamento, Segnalazione, VOCI};
use govpay_api::convalida;
use govpay_api::tracciato::{AnnullamentoPendenza, NuovaPendenzaTracciato};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Elenco;
use super::difetti::{difetto, testo};
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

#[cfg(test)]
mod tests {
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
}
