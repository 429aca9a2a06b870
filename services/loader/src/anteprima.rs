//! A file looked at before it is saved: how it was understood, what it holds, what is wrong in it.

use std::io::Read;

use domain::Importo;
use domain::tracciato::{Colonna, Formato, Forme, Gravita, Segnalazione};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::csv::{Dialetto, LettoreError, Sorgente};
use crate::lavori::lettura_blocchi::{BloccoLetto, Contesto, Letto, esamina};
use crate::lettura::{Apertura, Lettura, Nomi, Righe};
use crate::operatore::Operatore;
use crate::righe::Archivio;

/// Rows that are judged at most: a look must not take minutes.
const RIGHE_MAX: i64 = 200_000;
/// Rows that are shown.
const PRIME: usize = 5;
/// Faults that are shown.
const ERRORI: usize = 20;

/// The fields that the first rows are shown with.
pub const CAMPI: [Colonna; 7] = [
    Colonna::ID_PENDENZA,
    Colonna::ID_DOMINIO,
    Colonna::ANAGRAFICA,
    Colonna::CAUSALE,
    Colonna::IMPORTO,
    Colonna::DATA_SCADENZA,
    Colonna::NUMERO_AVVISO,
];

/// A row as it is in the file.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrimaRiga {
    /// Line of the file, from 1.
    pub riga: u64,
    pub valori: Vec<String>,
}

/// What was found.
#[derive(Default)]
pub struct Anteprima {
    /// Name of the layout; `None`: it was not recognised.
    pub formato: Option<&'static str>,
    /// Names of the header; empty without one.
    pub testa: Vec<String>,
    /// Oddities of the header, as columns that are not used.
    pub stranezze: Vec<Segnalazione>,
    /// The first rows: the fields of [`CAMPI`], or the first cells of the row when `grezze`.
    pub prime: Vec<PrimaRiga>,
    /// Rows of the 2.x layout, whose fields have no names.
    pub grezze: bool,
    /// How amounts and dates are read, when somebody has said so.
    pub forme: Forme,
    pub righe: i64,
    pub valide: i64,
    /// Whether there are more rows than those judged.
    pub parziale: bool,
    pub n_errori: usize,
    pub avvisi: usize,
    /// Cents, of the valid rows.
    pub cents: i64,
    pub domini: Vec<String>,
    /// The first errors, with their lines.
    pub errori: Vec<(u64, Segnalazione)>,
    /// Keys that appear more than once.
    pub ripetute: usize,
    /// Why the file cannot be read, or not to its end.
    pub illeggibile: Option<String>,
}

impl Anteprima {
    pub fn importo(&self) -> Importo {
        Importo::from_cents(self.cents).unwrap_or_default()
    }

    /// Rows with errors, repeated keys apart.
    pub fn errate(&self) -> i64 {
        self.righe - self.valide
    }

    fn descrivi(&mut self, nomi: &Nomi) {
        self.formato = Some(nomi.formato().name());
        self.testa = nomi.testa().to_vec();
        self.grezze = nomi.formato() == Formato::AddDel;
        if let Nomi::Csv(layout) = nomi {
            self.forme = layout.forme.clone();
        }
    }

    fn aggiungi(&mut self, blocco: BloccoLetto) {
        self.righe += blocco.blocco.righe;
        self.valide += i64::try_from(blocco.valide.len()).unwrap_or_default();
        self.cents = self
            .cents
            .saturating_add(blocco.valide.iter().map(|v| v.cents).sum());
        for dominio in blocco.domini {
            if !self.domini.contains(&dominio) && self.domini.len() < 20 {
                self.domini.push(dominio);
            }
        }
        self.segnala(blocco.trovate);
    }

    fn segnala(&mut self, trovate: Vec<(u64, Segnalazione)>) {
        for (riga, trovata) in trovate {
            match trovata.gravita {
                Gravita::Avviso => self.avvisi += 1,
                Gravita::Errore => {
                    self.n_errori += 1;
                    if self.errori.len() < ERRORI {
                        self.errori.push((riga, trovata));
                    }
                }
            }
        }
    }

    fn concludi(&mut self, letto: Letto) {
        self.segnala(letto.trovate);
        self.illeggibile = letto.illeggibile;
        self.ripetute = letto.doppioni.ripetuti().len();
    }
}

/// Judges a stored file as the validation would, without the core and without keeping anything.
pub async fn guarda(
    app: &App,
    chi: &Operatore,
    contenuto_id: &str,
    (dialetto, lettura): (Dialetto, Lettura),
) -> anyhow::Result<Anteprima> {
    let contesto = Contesto::new(app, Some(chi), 0);
    let sorgente = Sorgente::new(&app.db, contenuto_id);
    let archivio = Archivio::di(sorgente, dialetto, lettura);
    tokio::task::spawn_blocking(move || giudica(&contesto, || archivio.apri(), RIGHE_MAX)).await?
}

fn giudica<R: Read>(
    contesto: &Contesto,
    apri: impl Fn() -> Result<Apertura<R>, LettoreError>,
    righe_max: i64,
) -> anyhow::Result<Anteprima> {
    let mut anteprima = Anteprima::default();
    // What cannot be opened is told by the judgement.
    if let Ok(Apertura::Righe(mut righe, avvisi)) = apri() {
        anteprima.descrivi(&righe.nomi());
        anteprima.stranezze = avvisi.into_iter().map(|(_, avviso)| avviso).collect();
        anteprima.prime = prime(&mut righe, PRIME);
    }
    let letto = esamina(contesto, apri(), |blocco| {
        anteprima.aggiungi(blocco);
        anteprima.righe < righe_max
    })?;
    match letto {
        Some(letto) => anteprima.concludi(letto),
        None => anteprima.parziale = true,
    }
    Ok(anteprima)
}

/// The first rows as they are in the file, until the end or to where it can be read.
pub fn prime<R: Read>(righe: &mut Righe<R>, quante: usize) -> Vec<PrimaRiga> {
    let nomi = righe.nomi();
    let mut prime = vec![];
    while prime.len() < quante && righe.avanza().unwrap_or(false) {
        let valori = match &nomi {
            Nomi::Csv(layout) if layout.formato == Formato::AddDel => {
                let celle = righe.campi().into_iter().take(CAMPI.len());
                celle.map(str::to_owned).collect()
            }
            Nomi::Csv(layout) => layout.valori(&righe.campi(), &CAMPI),
            Nomi::Json => righe.valori(&CAMPI),
        };
        prime.push(PrimaRiga {
            riga: righe.linea(),
            valori,
        });
    }
    prime
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv::Codifica;
    use crate::lettura::apri;
    use crate::operatore::Operatori;

    const MILLE: &str = include_str!("../../../samples/mille-righe.csv");

    fn guardata(file: &str, righe_max: i64) -> Anteprima {
        let tenant = tenant::Tenant::load(None).unwrap();
        let settings = platform::Settings::embedded(None, None, None, std::time::Duration::ZERO);
        let operatori = Operatori::new(&tenant, &settings);
        let contesto = Contesto {
            operatore: operatori.find("gpadmin").cloned(),
            tenant: std::sync::Arc::new(tenant),
            id: 0,
            oggi: chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
        };
        let dialetto = Dialetto {
            codifica: Codifica::Utf8,
            separatore: b',',
        };
        let lettura = Lettura::default();
        let apri = || apri(file.as_bytes(), dialetto, &lettura);
        giudica(&contesto, apri, righe_max).unwrap()
    }

    #[test]
    fn a_very_long_file_is_judged_in_part_and_says_so() {
        let tutta = guardata(MILLE, RIGHE_MAX);
        assert_eq!((tutta.righe, tutta.valide), (1000, 1000));
        assert!(!tutta.parziale);
        let parte = guardata(MILLE, 500);
        assert_eq!((parte.righe, parte.valide), (500, 500));
        assert!(parte.parziale);
        assert!(parte.cents < tutta.cents);
    }

    #[test]
    fn rows_of_the_2x_layout_are_shown_cell_by_cell() {
        let riga = "DEL,GESTIONALE,A-1,Annullata\n";
        let vista = guardata(riga, RIGHE_MAX);
        assert!(vista.grezze);
        assert_eq!(vista.formato, Some("ADD_DEL"));
        assert_eq!(
            vista.prime[0].valori,
            ["DEL", "GESTIONALE", "A-1", "Annullata"]
        );
    }

    #[test]
    fn a_column_that_is_not_used_is_told() {
        let file = MILLE.replacen("idA2A,", "idA2A,Note ufficio,", 1);
        let vista = guardata(&file, RIGHE_MAX);
        let colonne: Vec<&str> = vista.stranezze.iter().map(|s| s.colonna.as_str()).collect();
        assert_eq!(colonne, ["Note ufficio"]);
    }
}
