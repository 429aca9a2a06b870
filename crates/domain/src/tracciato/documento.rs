//! The last columns: classification of the avviso, notice, documento with its rate, second language.

use super::colonne::Colonna;
use super::lettore::Lettore;
use super::riga::{Avvisatura, Documento, LinguaSecondaria, Rata};
use super::valori;
use crate::avviso::TASSONOMIA;

pub(super) fn tassonomia(lettore: &mut Lettore<'_>) -> Option<String> {
    let colonna = Colonna::TASSONOMIA_AVVISO;
    let testo = lettore.testo(colonna)?;
    let trovata = TASSONOMIA.iter().find(|t| t.eq_ignore_ascii_case(&testo));
    let esito = trovata.map(|t| (*t).to_owned()).ok_or_else(|| {
        let rimedio = format!("Scrivi uno fra: {}.", TASSONOMIA.join("; "));
        ("la voce di tassonomia non esiste".to_owned(), rimedio)
    });
    lettore.giudica(colonna, esito)
}

/// A date, or `MAI`.
pub(super) fn avvisatura(lettore: &mut Lettore<'_>) -> Option<Avvisatura> {
    let colonna = Colonna::DATA_AVVISATURA;
    let testo = lettore.testo(colonna)?;
    if testo.eq_ignore_ascii_case("MAI") {
        return Some(Avvisatura::Mai);
    }
    let forma = lettore.forme.data.as_ref();
    let esito = valori::data(&testo, forma)
        .map_err(|(cosa, rimedio)| (cosa, format!("{rimedio} Per non avvisare scrivi MAI.")));
    lettore.giudica(colonna, esito).map(Avvisatura::Il)
}

/// Without a description the causale is used, as far as it fits.
pub(super) fn documento(lettore: &mut Lettore<'_>, causale: Option<&str>) -> Option<Documento> {
    let id = lettore.identificatore(Colonna::ID_DOCUMENTO, true);
    let descrizione = lettore.facoltativo(Colonna::DESCRIZIONE_DOCUMENTO, 80);
    let rata = rata(lettore);
    if lettore.vuota(Colonna::ID_DOCUMENTO) {
        if rata.is_some() {
            let cosa = "c'è una rata senza il documento a cui appartiene".to_owned();
            let rimedio = "Compila idDocumento, oppure togli numeroRata.".to_owned();
            lettore.errore(Colonna::NUMERO_RATA, (cosa, rimedio));
        }
        return None;
    }
    let descrizione = descrizione.or_else(|| Some(causale?.chars().take(80).collect()));
    Some(Documento {
        id: id?,
        descrizione: descrizione?,
        rata,
    })
}

/// Digits: a rata. `ENTRO30`, `OLTRE30`: a threshold in days; `RIDOTTO`, `SCONTATO`, with days or not.
fn rata(lettore: &mut Lettore<'_>) -> Option<Rata> {
    let colonna = Colonna::NUMERO_RATA;
    let testo = lettore.testo(colonna)?.to_ascii_uppercase();
    let giorni = |resto: &str| -> Option<u32> {
        let cifre = !resto.is_empty() && resto.bytes().all(|b| b.is_ascii_digit());
        resto.parse().ok().filter(|n| cifre && *n > 0)
    };
    // Without days the reduced amount has no term of its own.
    let facoltativi = |resto: &str| {
        (resto.is_empty())
            .then_some(None)
            .or(giorni(resto).map(Some))
    };
    let letta = if let Some(resto) = testo.strip_prefix("RIDOTTO") {
        facoltativi(resto).map(Rata::Ridotto)
    } else if let Some(resto) = testo.strip_prefix("SCONTATO") {
        facoltativi(resto).map(Rata::Scontato)
    } else if let Some(resto) = testo.strip_prefix("ENTRO") {
        giorni(resto).map(Rata::Entro)
    } else if let Some(resto) = testo.strip_prefix("OLTRE") {
        giorni(resto).map(Rata::Oltre)
    } else {
        giorni(&testo).map(Rata::Numero)
    };
    let esito = letta.ok_or_else(|| {
        let rimedio =
            "Scrivi il numero della rata (1, 2, …), oppure ENTRO30, OLTRE30, RIDOTTO o SCONTATO.";
        (
            "la rata non ha una forma accettata".to_owned(),
            rimedio.to_owned(),
        )
    });
    lettore.giudica(colonna, esito)
}

/// `de`, or `de|Die Ursache`.
pub(super) fn lingua(lettore: &mut Lettore<'_>) -> Option<LinguaSecondaria> {
    let colonna = Colonna::LINGUA_SECONDARIA;
    let testo = lettore.testo(colonna)?;
    let (codice, causale) = match testo.split_once('|') {
        None => (testo.as_str(), None),
        Some((codice, causale)) => (codice.trim(), Some(causale.trim().to_owned())),
    };
    let codice = codice.to_ascii_lowercase();
    let esito = if ["de", "en", "fr", "sl", "false"].contains(&codice.as_str()) {
        let causale = causale.filter(|c| !c.is_empty());
        Ok(LinguaSecondaria { codice, causale })
    } else {
        let rimedio =
            "Scrivi de, en, fr, sl oppure false; dopo «|» può seguire la causale tradotta.";
        Err((
            "la lingua secondaria non è riconosciuta".to_owned(),
            rimedio.to_owned(),
        ))
    };
    lettore.giudica(colonna, esito)
}
