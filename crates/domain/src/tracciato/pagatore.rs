//! The debtor's columns.

use super::colonne::Colonna;
use super::lettore::Lettore;
use super::riga::Pagatore;
use super::valori;
use crate::{Anagrafica, CodiceFiscale, Email, TipoSoggetto};

pub(super) fn leggi(lettore: &mut Lettore<'_>) -> Option<Pagatore> {
    let tipo = tipo(lettore);
    let identificativo = identificativo(lettore, tipo);
    let anagrafica = lettore.obbligatorio(Colonna::ANAGRAFICA, 70);
    let indirizzo = lettore.facoltativo(Colonna::INDIRIZZO, 70);
    let civico = lettore.facoltativo(Colonna::CIVICO, 16);
    let cap = lettore.facoltativo(Colonna::CAP, 16);
    let localita = lettore.facoltativo(Colonna::LOCALITA, 35);
    let provincia = lettore.facoltativo(Colonna::PROVINCIA, 35);
    let nazione = nazione(lettore);
    let cap = cap.map(|testo| {
        let (cap, avviso) = valori::cap(&testo, nazione.as_deref());
        if let Some(avviso) = avviso {
            lettore.avviso(Colonna::CAP, avviso);
            if cap != testo {
                lettore.correggi(&cap);
            }
        }
        cap
    });
    let email = email(lettore);
    let cellulare = cellulare(lettore);
    Some(Pagatore {
        tipo: tipo?,
        identificativo: identificativo?,
        anagrafica: Anagrafica::new(anagrafica?),
        indirizzo,
        civico,
        cap,
        localita,
        provincia,
        nazione,
        email,
        cellulare,
    })
}

fn tipo(lettore: &mut Lettore<'_>) -> Option<TipoSoggetto> {
    let colonna = Colonna::TIPO_SOGGETTO;
    let testo = lettore.obbligatorio(colonna, 16)?;
    let esito = TipoSoggetto::parse(&testo.to_ascii_uppercase()).ok_or_else(|| {
        (
            "il tipo del debitore è F oppure G".to_owned(),
            "Scrivi F per una persona fisica, G per una persona giuridica.".to_owned(),
        )
    });
    lettore.giudica(colonna, esito)
}

fn identificativo(lettore: &mut Lettore<'_>, tipo: Option<TipoSoggetto>) -> Option<CodiceFiscale> {
    let colonna = Colonna::IDENTIFICATIVO;
    let testo = lettore.obbligatorio(colonna, 35)?;
    let esito = valori::identificativo(&testo, tipo);
    let errato = esito.is_err();
    let esito = lettore.giudica(colonna, esito);
    if errato && let Some(certo) = valori::con_zeri(&testo) {
        lettore.correggi(&certo);
    }
    esito
}

fn nazione(lettore: &mut Lettore<'_>) -> Option<String> {
    let colonna = Colonna::NAZIONE;
    let testo = lettore.testo(colonna)?.to_ascii_uppercase();
    let due = testo.len() == 2 && testo.bytes().all(|b| b.is_ascii_uppercase());
    let esito = if due {
        Ok(testo)
    } else {
        let rimedio = "Scrivi la sigla, per esempio IT, oppure lascia vuoto.";
        Err(("la nazione ha due lettere".to_owned(), rimedio.to_owned()))
    };
    lettore.giudica(colonna, esito)
}

fn email(lettore: &mut Lettore<'_>) -> Option<Email> {
    let colonna = Colonna::EMAIL;
    let testo = lettore.testo(colonna)?;
    let esito = Email::parse(&testo).map_err(|errore| {
        let cosa = "l'indirizzo e-mail non è valido".to_owned();
        (cosa, format!("Correggi: {errore}; oppure lascia vuoto."))
    });
    lettore.giudica(colonna, esito)
}

/// A phone of odd shape is not worth a refusal: archives are full of them.
fn cellulare(lettore: &mut Lettore<'_>) -> Option<String> {
    let colonna = Colonna::CELLULARE;
    let testo = lettore.testo(colonna)?;
    let cellulare = valori::cellulare(&testo);
    if cellulare.is_none() {
        let cosa = "il numero di cellulare non ha la forma +39 333-0000000".to_owned();
        let rimedio = "La pendenza viene caricata senza cellulare.".to_owned();
        lettore.avviso(colonna, (cosa, rimedio));
    }
    cellulare
}
