//! Debts of invented people, the same for the same seed: what a row says, whatever its layout.

use domain::CodiceFiscale;
use domain::soggetto::CodiceFiscaleCheck;

const COGNOMI: [&str; 24] = [
    "Rossini",
    "Bianchi",
    "Verdi",
    "Neri",
    "Ferraris",
    "Colombo",
    "Ricciardi",
    "Marinelli",
    "Grecori",
    "Brunello",
    "Gallotti",
    "Contini",
    "De Lucis",
    "Costantin",
    "Giordani",
    "Mancuso",
    "Rizzoli",
    "Lombardini",
    "Moretti",
    "D'Amelio",
    "Fontanarosa",
    "Santini",
    "Caruana",
    "Forlì",
];

const NOMI: [(&str, bool); 20] = [
    ("Giuseppe", false),
    ("Maria", true),
    ("Giovanni", false),
    ("Anna", true),
    ("Antonio", false),
    ("Giuseppina", true),
    ("Nicolò", false),
    ("Rosa", true),
    ("Luigi", false),
    ("Angela", true),
    ("Francesco", false),
    ("Giovanna", true),
    ("Angelo", false),
    ("Teresa", true),
    ("Vincenzo", false),
    ("Lucia", true),
    ("Pietro", false),
    ("Carmela", true),
    ("Salvatore", false),
    ("Noè", false),
];

const NASCITA: [&str; 10] = [
    "H501", "F205", "L219", "A944", "D612", "L736", "F839", "L424", "L483", "G702",
];

const VIE: [&str; 8] = [
    "Via Roma",
    "Via dei Mulini",
    "Piazza della Fontana",
    "Via Garibaldi",
    "Corso Italia",
    "Vicolo Stretto",
    "Via della Libertà",
    "Viale delle Rose",
];

/// SplitMix64: small, and the same everywhere.
struct Caso(u64);

impl Caso {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `n`.
    fn fino(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn scegli<T: Copy>(&mut self, fra: &[T]) -> T {
        fra[usize::try_from(self.fino(fra.len() as u64)).unwrap_or(0)]
    }
}

/// What one row asks for.
pub struct Richiesta {
    /// From 1.
    pub n: u64,
    pub id_pendenza: String,
    pub id_dominio: &'static str,
    pub tipo: &'static str,
    pub entrata: &'static str,
    pub causale: String,
    pub codice_fiscale: String,
    /// First name, then surname.
    pub anagrafica: String,
    pub indirizzo: &'static str,
    pub civico: u64,
    /// CAP, town and province.
    pub localita: [&'static str; 3],
    /// Cents of the first voce.
    pub prima: u64,
    /// Cents of the second voce; 0 for the three rows in four that have only one.
    pub seconda: u64,
}

/// Rows without an end.
pub struct Richieste {
    seme: u64,
    caso: Caso,
    n: u64,
}

impl Richieste {
    pub fn new(seme: u64) -> Self {
        Self {
            seme,
            caso: Caso(seme),
            n: 0,
        }
    }
}

impl Iterator for Richieste {
    type Item = Richiesta;

    fn next(&mut self) -> Option<Richiesta> {
        self.n += 1;
        Some(richiesta(&mut self.caso, self.n, self.seme))
    }
}

fn richiesta(caso: &mut Caso, n: u64, seme: u64) -> Richiesta {
    let (nome, donna) = caso.scegli(&NOMI);
    let cognome = caso.scegli(&COGNOMI);
    let codice_fiscale = codice_fiscale(caso, cognome, nome, donna);
    let valtorbida = ["56099", "Valtorbida", "PI"];
    let (id_dominio, tipo, entrata, causale, localita) = match caso.fino(3) {
        0 => {
            let causale = "Tassa rifiuti 2026, rata unica";
            ("12345678903", "TARI", "TARI", causale, valtorbida)
        }
        1 => {
            let causale = "Mensa scolastica, città e frazioni";
            ("12345678903", "MENSA", "MENSA", causale, valtorbida)
        }
        _ => {
            let causale = "Sanzione amministrativa, verbale";
            let unione = ["33099", "Terre d'Esempio", "UD"];
            ("09876543217", "SANZIONE", "SANZIONI", causale, unione)
        }
    };
    let prima = 100 + caso.fino(30_000);
    let seconda = if caso.fino(4) == 0 {
        1 + caso.fino(5_000)
    } else {
        0
    };
    Richiesta {
        n,
        id_pendenza: format!("GEN-{seme}-{n:06}"),
        id_dominio,
        tipo,
        entrata,
        causale: format!("{causale} n. {n}"),
        codice_fiscale,
        anagrafica: format!("{nome} {cognome}"),
        indirizzo: caso.scegli(&VIE),
        civico: 1 + caso.fino(180),
        localita,
        prima,
        seconda,
    }
}

/// Euro with two decimals.
pub fn euro(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// A codice fiscale of somebody who does not exist, with the right check letter.
fn codice_fiscale(caso: &mut Caso, cognome: &str, nome: &str, donna: bool) -> String {
    let anno = caso.fino(60) + 45;
    let mese = char::from(caso.scegli(b"ABCDEHLMPRST"));
    let giorno = 1 + caso.fino(28) + if donna { 40 } else { 0 };
    let luogo = caso.scegli(&NASCITA);
    let cognome = tre_lettere(cognome, false);
    let nome = tre_lettere(nome, true);
    let testa = format!("{cognome}{nome}{:02}{mese}{giorno:02}{luogo}", anno % 100);
    ('A'..='Z')
        .map(|lettera| format!("{testa}{lettera}"))
        .find(|codice| {
            CodiceFiscale::parse(codice).is_ok_and(|c| c.check() == CodiceFiscaleCheck::Right)
        })
        .unwrap_or(testa)
}

/// Consonants, then vowels, then X; of a name with four consonants the second is left out.
fn tre_lettere(testo: &str, nome: bool) -> String {
    let piano = testo
        .to_uppercase()
        .replace(['Ò', 'Ó'], "O")
        .replace(['È', 'É'], "E")
        .replace('Ì', "I");
    let lettere: Vec<char> = piano.chars().filter(char::is_ascii_alphabetic).collect();
    let vocale = |c: &char| "AEIOU".contains(*c);
    let mut consonanti: Vec<char> = lettere.iter().copied().filter(|c| !vocale(c)).collect();
    if nome && consonanti.len() >= 4 {
        consonanti.remove(1);
    }
    let vocali = lettere.iter().copied().filter(vocale);
    consonanti
        .into_iter()
        .chain(vocali)
        .chain(['X', 'X', 'X'])
        .take(3)
        .collect()
}
