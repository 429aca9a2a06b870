//! Which layout a file has, from its first record, and where each column stands.

use super::colonne::{COLONNE, CampoVoce, Colonna};
use super::segnalazione::{Gravita, Segnalazione};

/// The formats that the Loader reads. The name is kept with every file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formato {
    /// GovPay 3: up to 87 named columns.
    Standard,
    /// GovPay 2: `ADD` and `DEL` rows, no header.
    AddDel,
}

impl Formato {
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "STANDARD_87",
            Self::AddDel => "ADD_DEL",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        [Self::Standard, Self::AddDel]
            .into_iter()
            .find(|f| f.name() == name)
    }
}

/// Where the columns of a file are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    pub formato: Formato,
    /// Whether the first record is a header, not a row.
    pub intestazione: bool,
    /// Names of the header as they are in the file; empty without a header.
    pub nomi: Vec<String>,
    /// For each column of the standard layout, its position in the file.
    posizioni: Vec<Option<usize>>,
    /// Fields that a row may have at most.
    pub campi: usize,
}

/// A layout with the oddities of its header, or why the file cannot be read.
pub type Riconosciuto = Result<(Layout, Vec<Segnalazione>), Vec<Segnalazione>>;

/// Names that make a record a header.
const NOMI_MINIMI: usize = 3;
/// Fields up to the IBAN of the first voce: fewer cannot be the layout by position.
const CAMPI_MINIMI: usize = 31;

impl Layout {
    /// Reads the first record of a file.
    pub fn riconosci<S: AsRef<str>>(primo: &[S]) -> Riconosciuto {
        let celle: Vec<&str> = primo.iter().map(|c| c.as_ref().trim()).collect();
        let trovate: Vec<Option<Colonna>> = celle.iter().map(|c| Colonna::cerca(c)).collect();
        let note = trovate.iter().flatten().count();
        let testa = celle.first().copied().unwrap_or_default();
        if testa.eq_ignore_ascii_case("ADD") || testa.eq_ignore_ascii_case("DEL") {
            return Ok((Self::add_del(), vec![]));
        }
        if note >= NOMI_MINIMI {
            return Self::da_intestazione(&celle, &trovate);
        }
        let dominio = celle.get(Colonna::ID_DOMINIO.posizione());
        let senza_testa = (CAMPI_MINIMI..=COLONNE).contains(&celle.len())
            && dominio.is_some_and(|d| d.len() == 11 && d.bytes().all(|b| b.is_ascii_digit()));
        if senza_testa {
            return Ok((Self::per_posizione(), vec![]));
        }
        Err(vec![non_riconosciuto(&celle)])
    }

    fn add_del() -> Self {
        Self {
            formato: Formato::AddDel,
            intestazione: false,
            nomi: vec![],
            posizioni: vec![],
            campi: 18,
        }
    }

    fn per_posizione() -> Self {
        Self {
            formato: Formato::Standard,
            intestazione: false,
            nomi: vec![],
            posizioni: (0..COLONNE).map(Some).collect(),
            campi: COLONNE,
        }
    }

    fn da_intestazione(celle: &[&str], trovate: &[Option<Colonna>]) -> Riconosciuto {
        let mut posizioni = vec![None; COLONNE];
        let (mut errori, mut avvisi) = (vec![], vec![]);
        for (i, (nome, colonna)) in celle.iter().zip(trovate).enumerate() {
            let Some(colonna) = colonna else {
                if !nome.is_empty() {
                    avvisi.push(sconosciuta(nome));
                }
                continue;
            };
            match posizioni[colonna.posizione()].replace(i) {
                None => {}
                Some(prima) => errori.push(ripetuta(*colonna, prima, i)),
            }
        }
        // The beginning of the standard layout: longer rows go on by position.
        let inizio = trovate
            .iter()
            .enumerate()
            .all(|(i, c)| *c == Colonna::at(i));
        let mut campi = celle.len();
        if inizio {
            posizioni = (0..COLONNE).map(Some).collect();
            campi = COLONNE;
        }
        for colonna in Colonna::OBBLIGATORIE {
            let c_e = posizioni[colonna.posizione()].is_some_and(|p| p < celle.len());
            if !c_e {
                errori.push(mancante(colonna, celle));
            }
        }
        if !errori.is_empty() {
            errori.append(&mut avvisi);
            return Err(errori);
        }
        let nomi = celle.iter().map(|c| (*c).to_owned()).collect();
        let layout = Self {
            formato: Formato::Standard,
            intestazione: true,
            nomi,
            posizioni,
            campi,
        };
        Ok((layout, avvisi))
    }

    /// The name of a column as the writers of the file know it.
    pub fn nome(&self, colonna: Colonna) -> String {
        let nome = colonna.nome();
        match self.formato {
            Formato::Standard => nome,
            Formato::AddDel => nome_add_del(&nome).map_or(nome, str::to_owned),
        }
    }

    /// The value of a column in a row; empty when the row or the file does not have it.
    pub(super) fn cella<'a, S: AsRef<str>>(&self, campi: &'a [S], colonna: Colonna) -> &'a str {
        self.posizioni
            .get(colonna.posizione())
            .copied()
            .flatten()
            .and_then(|p| campi.get(p))
            .map_or("", |c| c.as_ref().trim())
    }
}

/// Name of the field of the 2.x layout that a column of the standard one is read from.
pub(super) fn nome_add_del(colonna: &str) -> Option<&'static str> {
    let voce = |campo| Colonna::voce(0, campo).nome();
    Some(match colonna {
        "idA2A" => "codApplicazione",
        "idPendenza" => "codVersamentoEnte",
        "idDominio" => "codDominio",
        "identificativoPagatore" => "cfDebitore",
        "anagraficaPagatore" => "anagraficaDebitore",
        "indirizzoPagatore" => "indirizzoDebitore",
        "civicoPagatore" => "civicoDebitore",
        "capPagatore" => "capDebitore",
        "localitaPagatore" => "localitaDebitore",
        "provinciaPagatore" => "provinciaDebitore",
        "cartellaPagamento" => "idDebito",
        c if c == voce(CampoVoce::TipoEntrata) => "codTributo",
        _ => return None,
    })
}

fn sconosciuta(nome: &str) -> Segnalazione {
    Segnalazione {
        gravita: Gravita::Avviso,
        colonna: nome.chars().take(60).collect(),
        valore: String::new(),
        problema: "la colonna non è tra quelle del tracciato: i suoi valori non vengono usati"
            .into(),
        suggerimento: "Controlla il nome della colonna; se è tua puoi lasciarla.".into(),
    }
}

fn ripetuta(colonna: Colonna, prima: usize, dopo: usize) -> Segnalazione {
    Segnalazione {
        colonna: colonna.nome(),
        ..Segnalazione::riga(
            format!(
                "la colonna {} compare due volte, in posizione {} e {}",
                colonna.nome(),
                prima + 1,
                dopo + 1
            ),
            "Lascia una sola colonna con questo nome.",
        )
    }
}

fn mancante(colonna: Colonna, celle: &[&str]) -> Segnalazione {
    let mut elenco: String = celle.join(", ").chars().take(200).collect();
    if elenco.len() < celle.join(", ").len() {
        elenco.push('…');
    }
    Segnalazione {
        colonna: colonna.nome(),
        ..Segnalazione::riga(
            format!("manca la colonna {}; trovate: {elenco}", colonna.nome()),
            "Aggiungi la colonna all'intestazione, con un valore in ogni riga.",
        )
    }
}

fn non_riconosciuto(celle: &[&str]) -> Segnalazione {
    if let [unica] = celle {
        return Segnalazione::riga(
            "la prima riga ha una sola colonna",
            if unica.contains(['|', ';', ',', '\t']) {
                "Il separatore non è quello indicato: scegli il separatore giusto e ricarica il file."
            } else {
                "Il file non sembra un CSV: usa virgola o punto e virgola fra le colonne."
            },
        );
    }
    Segnalazione::riga(
        format!(
            "la prima riga, di {} colonne, non è un'intestazione né una riga del tracciato",
            celle.len()
        ),
        "La prima riga contiene i nomi delle colonne: idA2A, idPendenza, idDominio, …, importo, … \
         (nel formato 2.x comincia con ADD o DEL).",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nomi(n: usize) -> Vec<String> {
        Colonna::tutte().take(n).map(Colonna::nome).collect()
    }

    #[test]
    fn the_whole_header_in_any_order_is_the_standard_layout() {
        let mut testa = nomi(COLONNE);
        testa.reverse();
        let (layout, avvisi) = Layout::riconosci(&testa).unwrap();
        assert!(layout.intestazione && avvisi.is_empty());
        let mut riga = vec![String::new(); COLONNE];
        riga[COLONNE - 1] = " GESTIONALE ".into();
        assert_eq!(layout.cella(&riga, Colonna::ID_A2A), "GESTIONALE");
        assert_eq!(layout.cella(&riga[..3], Colonna::ID_A2A), "");
    }

    #[test]
    fn a_header_that_is_the_beginning_of_the_layout_lets_rows_go_on_by_position() {
        for n in [67, 82, 31] {
            let (layout, _) = Layout::riconosci(&nomi(n)).unwrap();
            assert_eq!((layout.campi, layout.intestazione), (COLONNE, true), "{n}");
        }
    }

    #[test]
    fn b033_a_repeated_column_is_an_error_and_an_unknown_one_a_warning() {
        let mut testa = nomi(38);
        testa.push("Importo ".into());
        testa.push("note2".into());
        let errori = Layout::riconosci(&testa).unwrap_err();
        assert!(errori[0].problema.contains("13 e 39"), "{errori:?}");
        testa.remove(38);
        let (layout, avvisi) = Layout::riconosci(&testa).unwrap();
        assert_eq!((layout.campi, avvisi.len()), (39, 1));
        assert_eq!(avvisi[0].colonna, "note2");
    }

    #[test]
    fn b012_a_missing_column_is_named_with_those_found() {
        let mut testa = nomi(40);
        testa.retain(|n| n != "causale");
        let errori = Layout::riconosci(&testa).unwrap_err();
        assert_eq!(errori.len(), 1);
        assert!(
            errori[0]
                .problema
                .contains("causale; trovate: idA2A, idPendenza")
        );
    }

    #[test]
    fn the_two_x_layout_is_recognised_by_its_first_field() {
        let (layout, _) = Layout::riconosci(&["ADD", "GESTIONALE", "1"]).unwrap();
        assert_eq!(layout.formato, Formato::AddDel);
        assert!(!layout.intestazione);
        assert_eq!(
            Formato::parse(Formato::AddDel.name()),
            Some(Formato::AddDel)
        );
    }

    #[test]
    fn rows_without_a_header_are_read_by_position() {
        let mut riga = vec![""; 38];
        riga[2] = "12345678903";
        let (layout, _) = Layout::riconosci(&riga).unwrap();
        assert!(!layout.intestazione);
        assert_eq!(layout.cella(&riga, Colonna::ID_DOMINIO), "12345678903");
    }

    #[test]
    fn b017_one_column_only_asks_about_the_separator() {
        let errori = Layout::riconosci(&["a|b|c"]).unwrap_err();
        assert!(errori[0].suggerimento.contains("separatore"));
        assert!(Layout::riconosci(&["a", "b", "c"]).is_err());
        assert!(Layout::riconosci::<&str>(&[]).is_err());
    }
}
