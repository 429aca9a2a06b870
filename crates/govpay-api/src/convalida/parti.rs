//! The parts of a pendenza that most have not: documento, how the avviso is printed, accounting, files.

use super::{Codice, Difetto, Esito, facoltativo, identificativo, lunghezza};
use crate::{Allegato, Contabilita, Documento, Metadata, NuovaVoce, ProprietaPendenza, Soggetto};

/// Entries of the metadata of an item: as many as pagoPA carries, three times those of the contract.
const METADATA_MAX: usize = 15;

const LINGUE: [&str; 5] = ["false", "de", "en", "fr", "sl"];

/// One rata, one soglia, or neither.
pub fn documento(d: &Documento) -> Esito {
    identificativo("documento.identificativo", &d.identificativo, false)?;
    lunghezza("documento.descrizione", &d.descrizione, 255)?;
    if d.rata == Some(0) {
        return Err(Difetto::di("documento.rata", "0", "deve essere almeno 1"));
    }
    let Some(soglia) = &d.soglia else {
        return Ok(());
    };
    if d.rata.is_some() {
        let regola = "ha sia rata sia soglia: al più una delle due";
        return Err(Difetto::new("documento", regola));
    }
    match (soglia.tipo.as_str(), soglia.giorni) {
        ("ENTRO" | "OLTRE", None) => {
            let regola = format!("manca: serve con tipo {}", soglia.tipo);
            Err(Difetto::new("documento.soglia.giorni", regola))
        }
        (_, Some(0)) => Err(Difetto::di(
            "documento.soglia.giorni",
            "0",
            "deve essere almeno 1",
        )),
        ("ENTRO" | "OLTRE" | "RIDOTTO" | "SCONTATO", _) => Ok(()),
        (tipo, _) => Err(Difetto::di(
            "documento.soglia.tipo",
            &format!("'{tipo}'"),
            "deve essere tra ENTRO, OLTRE, RIDOTTO, SCONTATO",
        )),
    }
}

/// How the avviso is printed.
pub fn proprieta(p: &ProprietaPendenza) -> Esito {
    if let Some(lingua) = &p.lingua_secondaria
        && !LINGUE.contains(&lingua.as_str())
    {
        let regola = format!("deve essere tra {}", LINGUE.join(", "));
        let valore = format!("'{lingua}'");
        return Err(Difetto::di("proprieta.linguaSecondaria", &valore, &regola));
    }
    let testi = [
        ("linguaSecondariaCausale", &p.lingua_secondaria_causale, 140),
        ("lineaTestoRicevuta1", &p.linea_testo_ricevuta1, 255),
        ("lineaTestoRicevuta2", &p.linea_testo_ricevuta2, 255),
        (
            "informativaImportoAvviso",
            &p.informativa_importo_avviso,
            255,
        ),
        (
            "linguaSecondariaInformativaImportoAvviso",
            &p.lingua_secondaria_informativa_importo_avviso,
            255,
        ),
    ];
    for (nome, testo, max) in testi {
        facoltativo(&format!("proprieta.{nome}"), testo.as_ref(), max)?;
    }
    Ok(())
}

/// The debtor. What bodies' archives have wrong too often (CAP, phone) is let pass.
pub fn debitore(s: &Soggetto) -> Esito {
    if let Some(nome) = &s.anagrafica {
        lunghezza("soggettoPagatore.anagrafica", nome.as_str(), 70)?;
    }
    let testi = [
        ("indirizzo", &s.indirizzo, 70),
        ("civico", &s.civico, 16),
        ("cap", &s.cap, 16),
        ("localita", &s.localita, 35),
        ("provincia", &s.provincia, 35),
        ("cellulare", &s.cellulare, 35),
    ];
    for (nome, testo, max) in testi {
        facoltativo(&format!("soggettoPagatore.{nome}"), testo.as_ref(), max)?;
    }
    match &s.nazione {
        Some(nazione) if !maiuscole(nazione) => Err(Difetto::di(
            "soggettoPagatore.nazione",
            &format!("'{nazione}'"),
            "deve avere 2 lettere maiuscole",
        )),
        _ => Ok(()),
    }
}

/// Two upper-case letters.
pub fn maiuscole(testo: &str) -> bool {
    testo.len() == 2 && testo.bytes().all(|b| b.is_ascii_uppercase())
}

/// The split of an item over the budget has its amount.
pub fn contabilita(voce: &NuovaVoce, contabilita: &Contabilita) -> Esito {
    for (i, quota) in contabilita.quote.iter().enumerate() {
        let campo = |nome: &str| format!("contabilita.quote[{i}].{nome}");
        lunghezza(&campo("capitolo"), &quota.capitolo, 64)?;
        let testi = [
            ("accertamento", &quota.accertamento),
            ("titolo", &quota.titolo),
            ("tipologia", &quota.tipologia),
            ("categoria", &quota.categoria),
            ("articolo", &quota.articolo),
        ];
        for (nome, testo) in testi {
            facoltativo(&campo(nome), testo.as_ref(), 64)?;
        }
        if !(1000..=9999).contains(&quota.anno_esercizio) {
            let anno = quota.anno_esercizio.to_string();
            return Err(Difetto::di(
                &campo("annoEsercizio"),
                &anno,
                "deve avere 4 cifre",
            ));
        }
    }
    let somma: i64 = contabilita.quote.iter().map(|q| q.importo.cents()).sum();
    if contabilita.quote.is_empty() || somma == voce.importo.cents() {
        return Ok(());
    }
    let regola = format!(
        "le quote sommano {}.{:02}, la voce vale {}",
        somma / 100,
        somma % 100,
        voce.importo
    );
    Err(Difetto {
        codice: Codice::Quote,
        ..Difetto::new("contabilita.quote", regola)
    })
}

pub fn metadata(metadata: &Metadata) -> Esito {
    let quante = metadata.map_entries.len();
    if !(1..=METADATA_MAX).contains(&quante) {
        let regola = format!("sono {quante}, devono essere da 1 a {METADATA_MAX}");
        return Err(Difetto::new("metadata.mapEntries", regola));
    }
    for (i, entry) in metadata.map_entries.iter().enumerate() {
        lunghezza(&format!("metadata.mapEntries[{i}].key"), &entry.key, 140)?;
        lunghezza(
            &format!("metadata.mapEntries[{i}].value"),
            &entry.value,
            140,
        )?;
    }
    Ok(())
}

/// Names, types and contents of the files.
pub fn allegati(allegati: &[Allegato]) -> Esito {
    for (i, allegato) in allegati.iter().enumerate() {
        let campo = |nome: &str| format!("allegati[{i}].{nome}");
        lunghezza(&campo("nome"), &allegato.nome, 255)?;
        facoltativo(&campo("tipo"), allegato.tipo.as_ref(), 255)?;
        facoltativo(&campo("descrizione"), allegato.descrizione.as_ref(), 255)?;
        if let Err(error) = allegato.bytes() {
            let regola = format!("non è in base64 ({error})");
            return Err(Difetto::new(&campo("contenuto"), regola));
        }
    }
    Ok(())
}
