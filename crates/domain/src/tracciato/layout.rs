//! Which layout a file has, from its first record, and where each column stands.

use super::colonne::{COLONNE, CampoVoce, Colonna};
use super::forme::Forme;
use super::mappa::{Fonte, Mappa};
use super::segnalazione::{Gravita, Segnalazione};

/// The formats that the Loader reads. The name is kept with every file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formato {
    /// GovPay 3: up to 87 named columns.
    Standard,
    /// GovPay 2: `ADD` and `DEL` rows, no header.
    AddDel,
    /// The body's own columns, through a mapping.
    Proprio,
    /// GovPay 3: pendenze and annulments as JSON. Its rows are read elsewhere.
    Json,
}

impl Formato {
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "STANDARD_87",
            Self::AddDel => "ADD_DEL",
            Self::Proprio => "PROPRIO",
            Self::Json => "JSON",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        [Self::Standard, Self::AddDel, Self::Proprio, Self::Json]
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
    /// For each column of the standard layout, where it is in the file.
    fonti: Vec<Fonte>,
    /// Fields that a row may have at most.
    pub campi: usize,
    pub forme: Forme,
    mappa: Option<Mappa>,
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
            fonti: vec![],
            campi: 18,
            forme: Forme::default(),
            mappa: None,
        }
    }

    fn per_posizione() -> Self {
        Self {
            formato: Formato::Standard,
            intestazione: false,
            nomi: vec![],
            fonti: (0..COLONNE).map(Fonte::Campo).collect(),
            campi: COLONNE,
            forme: Forme::default(),
            mappa: None,
        }
    }

    /// The standard layout by position whatever the first record says, which is skipped when
    /// `intestazione`: how GovPay's own clients write their files.
    pub fn posizionale(intestazione: bool) -> Self {
        Self {
            intestazione,
            ..Self::per_posizione()
        }
    }

    /// The body's own columns. `primo`: the header, or the first row when the mapping says that
    /// there is none.
    pub fn con_mappa<S: AsRef<str>>(primo: &[S], mappa: &Mappa) -> Riconosciuto {
        let celle: Vec<&str> = primo.iter().map(|c| c.as_ref().trim()).collect();
        let fonti = mappa.risolvi(&celle).map_err(|errori| {
            let rimedio = "Controlla la prima riga del file e la mappa delle colonne.";
            let errore = |e: String| Segnalazione::riga(e, rimedio);
            errori.into_iter().map(errore).collect::<Vec<_>>()
        })?;
        let nomi = if mappa.intestazione {
            celle.iter().map(|c| (*c).to_owned()).collect()
        } else {
            vec![]
        };
        let layout = Self {
            formato: Formato::Proprio,
            intestazione: mappa.intestazione,
            nomi,
            fonti,
            campi: celle.len(),
            forme: Forme {
                decimale: mappa.decimale,
                data: mappa.data.clone(),
            },
            mappa: Some(mappa.clone()),
        };
        Ok((layout, vec![]))
    }

    /// The same with amounts and dates written as declared.
    pub fn con_forme(mut self, forme: Forme) -> Self {
        self.forme.decimale = forme.decimale.or(self.forme.decimale);
        self.forme.data = forme.data.or(self.forme.data);
        self
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
            fonti: posizioni
                .into_iter()
                .map(|p| p.map_or(Fonte::Nessuna, Fonte::Campo))
                .collect(),
            campi,
            forme: Forme::default(),
            mappa: None,
        };
        Ok((layout, avvisi))
    }

    /// The name of a column as the writers of the file know it.
    pub fn nome(&self, colonna: Colonna) -> String {
        let nome = colonna.nome();
        match (&self.mappa, self.formato) {
            (Some(mappa), _) => mappa.nome(colonna).unwrap_or(nome),
            (None, Formato::AddDel) => nome_add_del(&nome).map_or(nome, str::to_owned),
            (None, _) => nome,
        }
    }

    /// Position in the file of a column that has one cell of its own.
    pub fn campo(&self, colonna: Colonna) -> Option<usize> {
        match self.fonti.get(colonna.posizione()) {
            Some(Fonte::Campo(i)) => Some(*i),
            _ => None,
        }
    }

    /// The values of some columns as a row gives them, right or wrong: with own columns, also the
    /// joined ones and the constants. Empty in the 2.x layout, whose rows are of several shapes.
    pub fn valori<S: AsRef<str>>(&self, campi: &[S], colonne: &[Colonna]) -> Vec<String> {
        let composti = self.composti(campi);
        let celle = self.celle(campi, &composti);
        let valore = |colonna: &Colonna| celle[colonna.posizione()].to_owned();
        colonne.iter().map(valore).collect()
    }

    /// The values made of several cells of a row, each with its column.
    pub(super) fn composti<S: AsRef<str>>(&self, campi: &[S]) -> Vec<(usize, String)> {
        if self.mappa.is_none() {
            return vec![];
        }
        let unisci = |dove: &[usize]| {
            let parti = dove
                .iter()
                .filter_map(|i| campi.get(*i))
                .map(|c| c.as_ref().trim());
            parti
                .filter(|p| !p.is_empty())
                .collect::<Vec<_>>()
                .join(" ")
        };
        let fonti = self.fonti.iter().enumerate();
        fonti
            .filter_map(|(i, fonte)| match fonte {
                Fonte::Campi(dove) => Some((i, unisci(dove))),
                _ => None,
            })
            .collect()
    }

    /// The cells of a row in the order of the standard layout; empty where the row or the file does
    /// not have them.
    pub(super) fn celle<'a, S: AsRef<str>>(
        &'a self,
        campi: &'a [S],
        composti: &'a [(usize, String)],
    ) -> [&'a str; COLONNE] {
        let mut celle = [""; COLONNE];
        for (cella, fonte) in celle.iter_mut().zip(&self.fonti) {
            match fonte {
                Fonte::Campo(i) => {
                    if let Some(campo) = campi.get(*i) {
                        let testo = campo.as_ref();
                        // Most cells are empty.
                        if !testo.is_empty() {
                            *cella = testo.trim();
                        }
                    }
                }
                Fonte::Costante(valore) => *cella = valore,
                Fonte::Nessuna | Fonte::Campi(_) => {}
            }
        }
        for (i, valore) in composti {
            celle[*i] = valore;
        }
        celle
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
        ..Segnalazione::riga(
            "la colonna non è tra quelle del tracciato: i suoi valori non vengono usati",
            "Controlla il nome della colonna; se è tua puoi lasciarla.",
        )
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
#[path = "layout_tests.rs"]
mod tests;
