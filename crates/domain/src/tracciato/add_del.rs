//! The rows of the 2.x layout: `ADD` (13 fields, or 18 with the address) and `DEL` (4 fields).

use chrono::NaiveDate;

use super::colonne::{COLONNE, CampoVoce, Colonna};
use super::forme::Forme;
use super::layout::nome_add_del;
use super::leggi::{Letta, annullamento, inserimento};
use super::lettore::Lettore;
use super::riga::{Chiave, Riga};
use super::segnalazione::{Gravita, Segnalazione};
use super::valori;

/// Fields of `ADD` without the address, and of the variant with it.
const CORTA: usize = 13;
const LUNGA: usize = 18;
/// Position of the address, which shifts what follows.
const INDIRIZZO: usize = 6;
const DEL: usize = 4;

pub(super) fn leggi<S: AsRef<str>>(campi: &[S], forme: &Forme, oggi: NaiveDate) -> Letta {
    let campo = |i: usize| campi.get(i).map_or("", |c| c.as_ref().trim());
    let mut chiave = Chiave {
        id_a2a: campo(1).to_owned(),
        id_pendenza: campo(2).to_owned(),
        ..Chiave::default()
    };
    let operazione = campo(0).to_ascii_uppercase();
    let (attesi, di_troppo) = match operazione.as_str() {
        "ADD" => (CORTA, campi.len() > CORTA && campi.len() != LUNGA),
        "DEL" => (
            DEL,
            campi
                .iter()
                .skip(DEL)
                .any(|c| !c.as_ref().trim().is_empty()),
        ),
        _ => {
            let segnalazione = Segnalazione::riga(
                "il primo campo della riga non è ADD né DEL",
                "Ogni riga del formato 2.x comincia con ADD (inserimento) o DEL (annullamento).",
            );
            return Letta {
                riga: None,
                chiave,
                segnalazioni: vec![segnalazione],
            };
        }
    };
    if di_troppo {
        let segnalazione = Segnalazione::riga(
            format!("la riga ha {} campi, ne sono attesi {attesi}", campi.len()),
            "C'è un separatore di troppo: racchiudi fra virgolette i testi che lo contengono.",
        );
        return Letta {
            riga: None,
            chiave,
            segnalazioni: vec![segnalazione],
        };
    }
    if operazione == "DEL" {
        chiave.annullamento = true;
        return leggi_del(campi, chiave, (forme, oggi));
    }
    chiave.id_dominio = campo(3).to_owned();
    leggi_add(campi, chiave, (forme, oggi))
}

/// The cells of the standard layout, each as the closure gives it.
fn celle<'a>(cella: impl Fn(Colonna) -> &'a str) -> [&'a str; COLONNE] {
    let mut celle = [""; COLONNE];
    for colonna in Colonna::tutte() {
        celle[colonna.posizione()] = cella(colonna);
    }
    celle
}

fn leggi_del<S: AsRef<str>>(
    campi: &[S],
    chiave: Chiave,
    (forme, oggi): (&Forme, NaiveDate),
) -> Letta {
    let campo = |i: usize| campi.get(i).map_or("", |c| c.as_ref().trim());
    let cella = |colonna| match colonna {
        Colonna::ID_A2A => campo(1),
        Colonna::ID_PENDENZA => campo(2),
        Colonna::CAUSALE => campo(3),
        _ => "",
    };
    let mut lettore = Lettore::new(celle(cella), forme, oggi);
    let annullamento = annullamento(&mut lettore);
    let motivo = lettore.obbligatorio(Colonna::CAUSALE, 35);
    let mut segnalazioni = con_nomi_2x(lettore.segnalazioni);
    for segnalazione in &mut segnalazioni {
        if segnalazione.colonna == "causale" {
            segnalazione.colonna = "motivoAnnullamento".into();
        }
    }
    let riga = annullamento.map(|mut riga| {
        riga.motivo = motivo;
        Riga::Annullamento(riga)
    });
    Letta {
        riga,
        chiave,
        segnalazioni,
    }
}

fn leggi_add<S: AsRef<str>>(
    campi: &[S],
    mut chiave: Chiave,
    (forme, oggi): (&Forme, NaiveDate),
) -> Letta {
    let campo = |i: usize| campi.get(i).map_or("", |c| c.as_ref().trim());
    let lunga = campi.len() == LUNGA;
    let dopo = |i: usize| if lunga { i + LUNGA - CORTA } else { i };
    let indirizzo = |i: usize| if lunga { campo(INDIRIZZO + i) } else { "" };
    let giuridica = campo(4).len() == 11 && campo(4).bytes().all(|b| b.is_ascii_digit());
    let cella = |colonna| match colonna {
        Colonna::ID_A2A => campo(1),
        Colonna::ID_PENDENZA => campo(2),
        Colonna::ID_DOMINIO => campo(3),
        Colonna::TIPO_SOGGETTO if giuridica => "G",
        Colonna::TIPO_SOGGETTO => "F",
        Colonna::IDENTIFICATIVO => campo(4),
        Colonna::ANAGRAFICA => campo(5),
        Colonna::INDIRIZZO => indirizzo(0),
        Colonna::CIVICO => indirizzo(1),
        Colonna::CAP => indirizzo(2),
        Colonna::LOCALITA => indirizzo(3),
        Colonna::PROVINCIA => indirizzo(4),
        Colonna::IMPORTO => campo(dopo(7)),
        Colonna::CAUSALE => campo(dopo(8)),
        Colonna::DATA_SCADENZA => campo(dopo(9)),
        Colonna::CARTELLA_PAGAMENTO => campo(dopo(11)),
        c if c == Colonna::voce(0, CampoVoce::Id) => campo(2),
        c if c == Colonna::voce(0, CampoVoce::Importo) => campo(dopo(7)),
        c if c == Colonna::voce(0, CampoVoce::Descrizione) => campo(dopo(8)),
        c if c == Colonna::voce(0, CampoVoce::TipoEntrata) => campo(dopo(6)),
        _ => "",
    };
    chiave.importo = valori::importo(campo(dopo(7)), forme.decimale).ok();
    let mut lettore = Lettore::new(celle(cella), forme, oggi);
    let riga = inserimento(&mut lettore);
    let mut segnalazioni = con_nomi_2x(lettore.segnalazioni);
    if chiave.importo.is_some_and(crate::Importo::is_zero) {
        segnalazioni.retain(|s| s.colonna != "importo");
        let cosa = "l'importo è zero";
        let rimedio = "Scrivi un importo maggiore di zero; per annullare usa una riga DEL.";
        segnalazioni.push(Segnalazione::cella(
            Gravita::Errore,
            Colonna::IMPORTO,
            "0",
            cosa,
            rimedio,
        ));
    }
    for (i, nome) in [(10, "bundleKey"), (12, "note")] {
        if !campo(dopo(i)).is_empty() {
            segnalazioni.push(Segnalazione {
                gravita: Gravita::Avviso,
                colonna: nome.into(),
                ..Segnalazione::riga(
                    "il campo non ha un corrispondente e non viene caricato",
                    "Puoi lasciarlo: non cambia la pendenza.",
                )
            });
        }
    }
    Letta {
        riga: riga.map(Box::new).map(Riga::Inserimento),
        chiave,
        segnalazioni,
    }
}

/// The only voce repeats fields of the row, so its faults are left out; the others take the names
/// of the 2.x layout.
fn con_nomi_2x(segnalazioni: Vec<Segnalazione>) -> Vec<Segnalazione> {
    let conto = Colonna::voce(0, CampoVoce::IbanAccredito).nome();
    let ripetute = [CampoVoce::Id, CampoVoce::Importo, CampoVoce::Descrizione]
        .map(|campo| Colonna::voce(0, campo).nome());
    segnalazioni
        .into_iter()
        .filter(|s| !ripetute.contains(&s.colonna))
        .map(|mut s| {
            if s.colonna == conto {
                s.colonna = "codTributo".into();
                s.problema = "il valore manca: la colonna è obbligatoria".into();
                s.suggerimento = "Scrivi il codice dell'entrata.".into();
            } else if let Some(nome) = nome_add_del(&s.colonna) {
                s.suggerimento = s.suggerimento.replace(&s.colonna, nome);
                s.colonna = nome.into();
            }
            s
        })
        .collect()
}
