//! From the cells of a record to a [`Riga`], or to all that is wrong with it.

use chrono::NaiveDate;

use super::colonne::{CampoVoce, Colonna, VOCI};
use super::documento;
use super::layout::{Formato, Layout};
use super::lettore::Lettore;
use super::riga::{Chiave, Riga, RigaAnnullamento, RigaPendenza, Voce};
use super::segnalazione::Segnalazione;
use super::valori;
use super::{add_del, pagatore, voci};
use crate::{CodDominio, Importo};

/// What came out of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Letta {
    /// `None` when there is at least one error.
    pub riga: Option<Riga>,
    pub chiave: Chiave,
    /// Errors and warnings, in the order of the columns.
    pub segnalazioni: Vec<Segnalazione>,
}

impl Layout {
    /// Reads one record. `oggi` is the day in Rome, for warnings about dates that are past.
    pub fn leggi<S: AsRef<str>>(&self, campi: &[S], oggi: NaiveDate) -> Letta {
        let mut letta = match self.formato {
            Formato::Standard | Formato::Proprio | Formato::Json => {
                leggi_standard(self, campi, oggi)
            }
            Formato::AddDel => add_del::leggi(campi, &self.forme, oggi),
        };
        if letta.segnalazioni.iter().any(Segnalazione::is_errore) {
            letta.riga = None;
        }
        letta
    }
}

fn leggi_standard<S: AsRef<str>>(layout: &Layout, campi: &[S], oggi: NaiveDate) -> Letta {
    let composti = layout.composti(campi);
    let mut lettore = Lettore::new(layout.celle(campi, &composti), &layout.forme, oggi);
    lettore.layout = Some(layout);
    let di_troppo = campi
        .iter()
        .skip(layout.campi)
        .any(|c| !c.as_ref().trim().is_empty());
    if di_troppo {
        lettore.segnalazioni.push(Segnalazione::riga(
            format!(
                "la riga ha {} campi, ne sono attesi {}",
                campi.len(),
                layout.campi
            ),
            "C'è un separatore di troppo: racchiudi fra virgolette i testi che lo contengono.",
        ));
    }
    let mut chiave = Chiave {
        id_a2a: lettore.cella(Colonna::ID_A2A).to_owned(),
        id_pendenza: lettore.cella(Colonna::ID_PENDENZA).to_owned(),
        id_dominio: lettore.cella(Colonna::ID_DOMINIO).to_owned(),
        importo: valori::importo(lettore.cella(Colonna::IMPORTO), layout.forme.decimale).ok(),
        ..Chiave::default()
    };
    // With the fields shifted every other message would be misleading.
    let riga = if di_troppo {
        None
    } else if chiave.importo.is_some_and(Importo::is_zero) {
        chiave.annullamento = true;
        annullamento(&mut lettore).map(Riga::Annullamento)
    } else {
        let pendenza = inserimento(&mut lettore);
        chiave.numero_avviso = pendenza.as_ref().and_then(|p| p.numero_avviso.clone());
        pendenza.map(Box::new).map(Riga::Inserimento)
    };
    Letta {
        riga,
        chiave,
        segnalazioni: lettore.segnalazioni,
    }
}

fn id_obbligatorio(lettore: &mut Lettore<'_>, colonna: Colonna) -> Option<String> {
    if lettore.vuota(colonna) {
        lettore.manca(colonna);
    }
    lettore.identificatore(colonna, false)
}

fn id_dominio(lettore: &mut Lettore<'_>) -> Option<CodDominio> {
    let colonna = Colonna::ID_DOMINIO;
    let testo = lettore.testo(colonna)?;
    let esito = CodDominio::parse(&testo).map_err(|errore| {
        let rimedio = if valori::notazione_scientifica(&testo) {
            "Il foglio di calcolo ha trasformato il numero: imposta la colonna come testo."
        } else if testo.len() < 11 && testo.bytes().all(|b| b.is_ascii_digit()) {
            "Forse il foglio di calcolo ha tolto gli zeri iniziali: imposta la colonna come testo."
        } else {
            "Scrivi il codice fiscale dell'ente creditore."
        };
        (errore.to_string(), rimedio.to_owned())
    });
    let errato = esito.is_err();
    let esito = lettore.giudica(colonna, esito);
    if errato && let Some(certo) = valori::con_zeri(&testo) {
        lettore.correggi(&certo);
    }
    esito
}

/// Only the keys are read: the rest of the row does not count.
pub(super) fn annullamento(lettore: &mut Lettore<'_>) -> Option<RigaAnnullamento> {
    let id_a2a = id_obbligatorio(lettore, Colonna::ID_A2A);
    let id_pendenza = id_obbligatorio(lettore, Colonna::ID_PENDENZA);
    let id_dominio = id_dominio(lettore);
    Some(RigaAnnullamento {
        id_a2a: id_a2a?,
        id_pendenza: id_pendenza?,
        id_dominio,
        motivo: None,
    })
}

pub(super) fn inserimento(lettore: &mut Lettore<'_>) -> Option<RigaPendenza> {
    let id_a2a = id_obbligatorio(lettore, Colonna::ID_A2A);
    let id_pendenza = id_obbligatorio(lettore, Colonna::ID_PENDENZA);
    if lettore.vuota(Colonna::ID_DOMINIO) {
        lettore.manca(Colonna::ID_DOMINIO);
    }
    let id_dominio = id_dominio(lettore);
    let numero_avviso = numero_avviso(lettore);
    let tipo_pendenza = lettore.identificatore(Colonna::TIPO_PENDENZA, true);
    let id_unita_operativa = lettore.identificatore(Colonna::ID_UNITA_OPERATIVA, false);
    let causale = lettore.obbligatorio(Colonna::CAUSALE, 140);
    let anno_riferimento = anno(lettore);
    let cartella_pagamento = lettore.facoltativo(Colonna::CARTELLA_PAGAMENTO, 35);
    let dati_allegati = dati_allegati(lettore);
    let direzione = lettore.facoltativo(Colonna::DIREZIONE, 35);
    let divisione = lettore.facoltativo(Colonna::DIVISIONE, 35);
    let importo = lettore.importo(Colonna::IMPORTO);
    let (data_validita, data_scadenza) = date(lettore);
    let tassonomia_avviso = documento::tassonomia(lettore);
    let pagatore = pagatore::leggi(lettore);
    let voci: Vec<Option<Voce>> = voci::leggi(lettore);
    quadratura(lettore, importo, &voci);
    let avvisatura = documento::avvisatura(lettore);
    let documento = documento::documento(lettore, causale.as_deref());
    let lingua = documento::lingua(lettore);
    Some(RigaPendenza {
        id_a2a: id_a2a?,
        id_pendenza: id_pendenza?,
        id_dominio: id_dominio?,
        numero_avviso,
        tipo_pendenza: tipo_pendenza.unwrap_or_else(|| "LIBERO".to_owned()),
        id_unita_operativa,
        causale: causale?,
        anno_riferimento,
        cartella_pagamento,
        dati_allegati,
        direzione,
        divisione,
        importo: importo?,
        data_validita,
        data_scadenza,
        tassonomia_avviso,
        pagatore: pagatore?,
        voci: voci.into_iter().collect::<Option<_>>()?,
        avvisatura,
        documento,
        lingua,
    })
}

fn numero_avviso(lettore: &mut Lettore<'_>) -> Option<crate::NumeroAvviso> {
    let colonna = Colonna::NUMERO_AVVISO;
    let testo = lettore.testo(colonna)?;
    let esito = valori::numero_avviso(&testo);
    let errato = esito.is_err();
    let esito = lettore.giudica(colonna, esito);
    if errato && let Some(certo) = valori::avviso_con_zero(&testo) {
        lettore.correggi(&certo);
    }
    let (numero, avviso) = esito?;
    if let Some(avviso) = avviso {
        lettore.avviso(colonna, avviso);
    }
    Some(numero)
}

fn anno(lettore: &mut Lettore<'_>) -> Option<u16> {
    let colonna = Colonna::ANNO_RIFERIMENTO;
    let testo = lettore.testo(colonna)?;
    let quattro = testo.len() == 4 && testo.bytes().all(|b| b.is_ascii_digit());
    let esito = testo.parse().ok().filter(|_| quattro).ok_or_else(|| {
        let rimedio = "Scrivi per esempio 2026, oppure lascia vuoto.";
        ("l'anno ha quattro cifre".to_owned(), rimedio.to_owned())
    });
    lettore.giudica(colonna, esito)
}

fn dati_allegati(lettore: &mut Lettore<'_>) -> Option<serde_json::Value> {
    let colonna = Colonna::DATI_ALLEGATI;
    let testo = lettore.testo(colonna)?;
    let esito = match serde_json::from_str::<serde_json::Value>(&testo) {
        Ok(valore) if valore.is_object() => Ok(valore),
        Ok(_) => Err("il JSON non è un oggetto".to_owned()),
        Err(errore) => Err(format!(
            "il JSON non è valido (carattere {})",
            errore.column()
        )),
    };
    let rimedio = "Scrivi un oggetto JSON fra virgolette raddoppiate, oppure lascia vuoto.";
    lettore.giudica(colonna, esito.map_err(|cosa| (cosa, rimedio.to_owned())))
}

fn date(lettore: &mut Lettore<'_>) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let validita = lettore.data(Colonna::DATA_VALIDITA);
    let scadenza = lettore.data(Colonna::DATA_SCADENZA);
    if let (Some(validita), Some(scadenza)) = (validita, scadenza)
        && validita > scadenza
    {
        let cosa = "la data di validità è successiva alla data di scadenza".to_owned();
        let rimedio = "Dopo la scadenza l'avviso non si paga più: controlla le due date.";
        lettore.avviso(Colonna::DATA_VALIDITA, (cosa, rimedio.into()));
    }
    if scadenza.is_some_and(|d| d < lettore.oggi) {
        let cosa = "la data di scadenza è già passata".to_owned();
        let rimedio = "La pendenza viene caricata ma risulta scaduta: controlla la data.";
        lettore.avviso(Colonna::DATA_SCADENZA, (cosa, rimedio.into()));
    }
    (validita, scadenza)
}

/// The total is the sum of the voci. Judged only when all of them could be read.
fn quadratura(lettore: &mut Lettore<'_>, importo: Option<Importo>, voci: &[Option<Voce>]) {
    let (Some(importo), Some(letti)) = (
        importo,
        voci.iter().map(Option::as_ref).collect::<Option<Vec<_>>>(),
    ) else {
        return;
    };
    let somma: Importo = letti.iter().map(|voce| voce.importo).sum();
    if !letti.is_empty() && somma != importo {
        let cosa = format!("la somma delle voci è {somma}, il totale è {importo}");
        let rimedio = "Correggi il totale o gli importi delle voci: devono coincidere.";
        lettore.errore(Colonna::IMPORTO, (cosa, rimedio.into()));
    }
}

/// Whether any cell of this voce is filled.
pub(super) fn voce_usata(lettore: &Lettore<'_>, indice: u8) -> bool {
    debug_assert!(usize::from(indice) < VOCI);
    CampoVoce::TUTTI
        .into_iter()
        .any(|campo| !lettore.vuota(Colonna::voce(indice, campo)))
}

#[cfg(test)]
#[path = "leggi_tests.rs"]
mod tests;
