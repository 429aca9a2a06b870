//! The voci of a row: one exists when its id is filled.

use super::colonne::{CampoVoce, Colonna, VOCI};
use super::leggi::voce_usata;
use super::lettore::Lettore;
use super::riga::{RiferimentoVoce, Voce};
use super::valori;

const CONTABILITA: [&str; 4] = ["CAPITOLO", "SPECIALE", "SIOPE", "ALTRO"];

/// One entry per voce; `None` for one that has errors.
pub(super) fn leggi(lettore: &mut Lettore<'_>) -> Vec<Option<Voce>> {
    let mut voci: Vec<Option<Voce>> = vec![];
    for indice in 0..u8::try_from(VOCI).unwrap_or(0) {
        // The first voce is mandatory: what it lacks is told even when it is empty.
        if indice == 0 || voce_usata(lettore, indice) {
            let voce = leggi_voce(lettore, indice);
            let doppia = voce
                .as_ref()
                .is_some_and(|v| voci.iter().flatten().any(|altra| altra.id == v.id));
            if doppia {
                let cosa = "l'identificativo è già di un'altra voce della riga".to_owned();
                let colonna = Colonna::voce(indice, CampoVoce::Id);
                lettore.errore(
                    colonna,
                    (cosa, "Dai a ogni voce un identificativo diverso.".into()),
                );
            }
            voci.push(voce);
        }
    }
    voci
}

fn leggi_voce(lettore: &mut Lettore<'_>, indice: u8) -> Option<Voce> {
    let colonna = |campo| Colonna::voce(indice, campo);
    let id = lettore.obbligatorio(colonna(CampoVoce::Id), 35);
    let importo = lettore.importo(colonna(CampoVoce::Importo));
    if importo.is_some_and(crate::Importo::is_zero) {
        let cosa = "l'importo della voce è zero".to_owned();
        let rimedio = "Scrivi un importo maggiore di zero, oppure togli la voce.";
        lettore.errore(colonna(CampoVoce::Importo), (cosa, rimedio.into()));
    }
    let descrizione = lettore.obbligatorio(colonna(CampoVoce::Descrizione), 140);
    let riferimento = riferimento(lettore, indice);
    Some(Voce {
        indice,
        id: id?,
        importo: importo?,
        descrizione: descrizione?,
        riferimento: riferimento?,
        beneficiario: None,
    })
}

fn riferimento(lettore: &mut Lettore<'_>, indice: u8) -> Option<RiferimentoVoce> {
    let colonna = |campo| Colonna::voce(indice, campo);
    if !lettore.vuota(colonna(CampoVoce::TipoEntrata)) {
        let entrata = lettore.identificatore(colonna(CampoVoce::TipoEntrata), true)?;
        return Some(RiferimentoVoce::Entrata(entrata));
    }
    if !lettore.vuota(colonna(CampoVoce::TipoBollo)) {
        return bollo(lettore, indice);
    }
    if lettore.vuota(colonna(CampoVoce::IbanAccredito)) {
        let cosa = "la voce non dice su quale conto va".to_owned();
        let rimedio = format!(
            "Compila {}, oppure {}, {} e {}.",
            lettore.nome(colonna(CampoVoce::TipoEntrata)),
            lettore.nome(colonna(CampoVoce::IbanAccredito)),
            lettore.nome(colonna(CampoVoce::TipoContabilita)),
            lettore.nome(colonna(CampoVoce::CodiceContabilita))
        );
        lettore.errore(colonna(CampoVoce::IbanAccredito), (cosa, rimedio));
        return None;
    }
    let iban_accredito = iban(lettore, colonna(CampoVoce::IbanAccredito));
    let appoggio = colonna(CampoVoce::IbanAppoggio);
    let iban_appoggio = (!lettore.vuota(appoggio)).then(|| iban(lettore, appoggio));
    let tipo_contabilita = tipo_contabilita(lettore, colonna(CampoVoce::TipoContabilita));
    let codice_contabilita = lettore.obbligatorio(colonna(CampoVoce::CodiceContabilita), 135);
    Some(RiferimentoVoce::Conto {
        iban_accredito: iban_accredito?,
        iban_appoggio: match iban_appoggio {
            None => None,
            Some(letto) => Some(letto?),
        },
        tipo_contabilita: tipo_contabilita?,
        codice_contabilita: codice_contabilita?,
    })
}

fn iban(lettore: &mut Lettore<'_>, colonna: Colonna) -> Option<String> {
    let testo = lettore.testo(colonna)?;
    lettore.giudica(colonna, valori::iban(&testo))
}

fn tipo_contabilita(lettore: &mut Lettore<'_>, colonna: Colonna) -> Option<String> {
    let testo = lettore.obbligatorio(colonna, 35)?.to_ascii_uppercase();
    let esito = if CONTABILITA.contains(&testo.as_str()) {
        Ok(testo)
    } else {
        let rimedio = format!("Scrivi uno fra {}.", CONTABILITA.join(", "));
        Err(("il tipo di contabilità non esiste".to_owned(), rimedio))
    };
    lettore.giudica(colonna, esito)
}

fn bollo(lettore: &mut Lettore<'_>, indice: u8) -> Option<RiferimentoVoce> {
    let colonna = |campo| Colonna::voce(indice, campo);
    let tipo = lettore.testo(colonna(CampoVoce::TipoBollo))?;
    let esito = if ["01", "1"].contains(&tipo.as_str()) {
        Ok("01".to_owned())
    } else {
        Err((
            "il tipo di bollo è 01".to_owned(),
            "Scrivi 01 come testo.".to_owned(),
        ))
    };
    let tipo = lettore.giudica(colonna(CampoVoce::TipoBollo), esito);
    let hash = lettore.obbligatorio(colonna(CampoVoce::HashBollo), 70);
    let provincia = lettore.obbligatorio(colonna(CampoVoce::ProvinciaBollo), 35);
    let provincia = provincia.and_then(|testo| {
        let sigla = testo.to_ascii_uppercase();
        let due = sigla.len() == 2 && sigla.bytes().all(|b| b.is_ascii_uppercase());
        let esito = due.then_some(sigla).ok_or_else(|| {
            let rimedio = "Scrivi la sigla automobilistica, per esempio RO.".to_owned();
            ("la provincia del bollo ha due lettere".to_owned(), rimedio)
        });
        lettore.giudica(colonna(CampoVoce::ProvinciaBollo), esito)
    });
    Some(RiferimentoVoce::Bollo {
        tipo: tipo?,
        hash: hash?,
        provincia: provincia?,
    })
}
