//! Files of the standard layout with all its 87 columns, written row by row.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use domain::tracciato::{CampoVoce, Colonna};

use self::persone::{Richiesta, Richieste, euro};

#[path = "../../services/loader/examples/genera-tracciato/persone.rs"]
mod persone;

/// A file to load.
pub struct Tracciato {
    pub path: PathBuf,
    pub rows: u64,
    pub bytes: u64,
}

impl Tracciato {
    /// Writes `rows` rows. Files of different seeds have no idPendenza in common.
    pub fn create(folder: &Path, rows: u64, seed: u64) -> anyhow::Result<Self> {
        let path = folder.join(format!("{rows}-righe-{seed}.csv"));
        let file = File::create(&path).with_context(|| path.display().to_string())?;
        write(BufWriter::with_capacity(1 << 20, file), rows, seed)?;
        let bytes = std::fs::metadata(&path)?.len();
        Ok(Self { path, rows, bytes })
    }
}

fn write(out: impl Write, rows: u64, seed: u64) -> anyhow::Result<()> {
    let mut csv = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(out);
    csv.write_record(Colonna::tutte().map(Colonna::nome))?;
    let rows = usize::try_from(rows)?;
    for richiesta in Richieste::new(seed).take(rows) {
        csv.write_record(row(&richiesta))?;
    }
    csv.flush()?;
    Ok(())
}

/// One row. A quarter has two voci; half of the others name the account instead of the entrata.
fn row(r: &Richiesta) -> Vec<String> {
    let mut cells = vec![String::new(); Colonna::tutte().count()];
    let mut set = |colonna: Colonna, value: &str| cells[colonna.posizione()] = value.to_owned();
    let [cap, localita, provincia] = r.localita;
    set(Colonna::ID_A2A, "GESTIONALE");
    set(Colonna::ID_PENDENZA, &r.id_pendenza);
    set(Colonna::ID_DOMINIO, r.id_dominio);
    set(Colonna::TIPO_PENDENZA, r.tipo);
    set(Colonna::CAUSALE, &r.causale);
    set(Colonna::ANNO_RIFERIMENTO, "2026");
    set(Colonna::IMPORTO, &euro(r.prima + r.seconda));
    set(Colonna::DATA_SCADENZA, "2030-12-31");
    set(Colonna::TIPO_SOGGETTO, "F");
    set(Colonna::IDENTIFICATIVO, &r.codice_fiscale);
    set(Colonna::ANAGRAFICA, &r.anagrafica);
    set(Colonna::INDIRIZZO, r.indirizzo);
    set(Colonna::CIVICO, &r.civico.to_string());
    set(Colonna::CAP, cap);
    set(Colonna::LOCALITA, localita);
    set(Colonna::PROVINCIA, provincia);
    set(Colonna::NAZIONE, "IT");
    set(Colonna::EMAIL, &format!("debitore{}@posta.example", r.n));
    let mut voce = |indice: u8, cents: u64, descrizione: &str| {
        let mut set = |campo, value: &str| set(Colonna::voce(indice, campo), value);
        set(CampoVoce::Id, &format!("V{}", indice + 1));
        set(CampoVoce::Importo, &euro(cents));
        set(CampoVoce::Descrizione, descrizione);
        if r.seconda == 0 && r.n.is_multiple_of(2) {
            set(CampoVoce::IbanAccredito, iban(r.id_dominio));
            set(CampoVoce::TipoContabilita, "ALTRO");
            set(CampoVoce::CodiceContabilita, r.entrata);
        } else {
            set(CampoVoce::TipoEntrata, r.entrata);
        }
    };
    voce(0, r.prima, "Quota dovuta");
    if r.seconda > 0 {
        voce(1, r.seconda, "Spese, notifica inclusa");
    }
    cells
}

/// The treasury account of a body of the demo tenant.
fn iban(id_dominio: &str) -> &'static str {
    match id_dominio {
        "12345678903" => "IT41Q1234501600000000123456",
        _ => "IT71E5432103200000000777001",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use domain::tracciato::Layout;

    #[test]
    fn every_row_is_read_without_errors() {
        let mut bytes = Vec::new();
        write(&mut bytes, 500, 7).unwrap();
        let mut csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(bytes.as_slice());
        let mut records = csv.records().map(Result::unwrap);
        let header: Vec<String> = records.next().unwrap().iter().map(str::to_owned).collect();
        assert_eq!(header.len(), 87);
        let (layout, oddities) = Layout::riconosci(&header).unwrap();
        assert_eq!(oddities, vec![]);

        let today = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let (mut rows, mut ids) = (0, std::collections::HashSet::new());
        for record in records {
            let cells: Vec<String> = record.iter().map(str::to_owned).collect();
            let letta = layout.leggi(&cells, today);
            assert_eq!(letta.segnalazioni, vec![]);
            assert!(letta.riga.is_some());
            ids.insert(letta.chiave.id_pendenza);
            rows += 1;
        }
        assert_eq!((rows, ids.len()), (500, 500));
    }
}
