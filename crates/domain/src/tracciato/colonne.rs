//! The 87 columns of the standard layout (GovPay's "formato CSV" of bulk loading), by name.

use std::fmt;

/// How many columns the standard layout has. Older files stop at 67 or 82.
pub const COLONNE: usize = 87;

/// How many voci a row can carry.
pub const VOCI: usize = 5;

const PRIMA_VOCE: u8 = 27;
const CAMPI_VOCE: u8 = 11;
const DOPO_LE_VOCI: u8 = PRIMA_VOCE + CAMPI_VOCE * 5;

/// A column of the standard layout: its position, from 0 to 86.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Colonna(u8);

const TESTA: [&str; 27] = [
    "idA2A",
    "idPendenza",
    "idDominio",
    "numeroAvviso",
    "tipoPendenza",
    "idUnitaOperativa",
    "causale",
    "annoRiferimento",
    "cartellaPagamento",
    "datiAllegati",
    "direzione",
    "divisione",
    "importo",
    "dataValidita",
    "dataScadenza",
    "tassonomiaAvviso",
    "tipoSoggettoPagatore",
    "identificativoPagatore",
    "anagraficaPagatore",
    "indirizzoPagatore",
    "civicoPagatore",
    "capPagatore",
    "localitaPagatore",
    "provinciaPagatore",
    "nazionePagatore",
    "emailPagatore",
    "cellularePagatore",
];

const VOCE: [&str; 11] = [
    "idVoce",
    "importoVoce",
    "descrizioneVoce",
    "ibanAccreditoVoce",
    "ibanAppoggioVoce",
    "tipoContabilitaVoce",
    "codiceContabilitaVoce",
    "tipoEntrataVoce",
    "tipoBolloVoce",
    "hashBolloVoce",
    "provinciaBolloVoce",
];

const CODA: [&str; 5] = [
    "dataAvvisatura",
    "idDocumento",
    "descrizioneDocumento",
    "numeroRata",
    "linguaSecondaria",
];

impl Colonna {
    pub const ID_A2A: Self = Self(0);
    pub const ID_PENDENZA: Self = Self(1);
    pub const ID_DOMINIO: Self = Self(2);
    pub const NUMERO_AVVISO: Self = Self(3);
    pub const TIPO_PENDENZA: Self = Self(4);
    pub const ID_UNITA_OPERATIVA: Self = Self(5);
    pub const CAUSALE: Self = Self(6);
    pub const ANNO_RIFERIMENTO: Self = Self(7);
    pub const CARTELLA_PAGAMENTO: Self = Self(8);
    pub const DATI_ALLEGATI: Self = Self(9);
    pub const DIREZIONE: Self = Self(10);
    pub const DIVISIONE: Self = Self(11);
    pub const IMPORTO: Self = Self(12);
    pub const DATA_VALIDITA: Self = Self(13);
    pub const DATA_SCADENZA: Self = Self(14);
    pub const TASSONOMIA_AVVISO: Self = Self(15);
    pub const TIPO_SOGGETTO: Self = Self(16);
    pub const IDENTIFICATIVO: Self = Self(17);
    pub const ANAGRAFICA: Self = Self(18);
    pub const INDIRIZZO: Self = Self(19);
    pub const CIVICO: Self = Self(20);
    pub const CAP: Self = Self(21);
    pub const LOCALITA: Self = Self(22);
    pub const PROVINCIA: Self = Self(23);
    pub const NAZIONE: Self = Self(24);
    pub const EMAIL: Self = Self(25);
    pub const CELLULARE: Self = Self(26);
    pub const DATA_AVVISATURA: Self = Self(DOPO_LE_VOCI);
    pub const ID_DOCUMENTO: Self = Self(DOPO_LE_VOCI + 1);
    pub const DESCRIZIONE_DOCUMENTO: Self = Self(DOPO_LE_VOCI + 2);
    pub const NUMERO_RATA: Self = Self(DOPO_LE_VOCI + 3);
    pub const LINGUA_SECONDARIA: Self = Self(DOPO_LE_VOCI + 4);

    /// The columns without which no row can be loaded.
    pub const OBBLIGATORIE: [Self; 11] = [
        Self::ID_A2A,
        Self::ID_PENDENZA,
        Self::ID_DOMINIO,
        Self::CAUSALE,
        Self::IMPORTO,
        Self::TIPO_SOGGETTO,
        Self::IDENTIFICATIVO,
        Self::ANAGRAFICA,
        Self::voce(0, CampoVoce::Id),
        Self::voce(0, CampoVoce::Importo),
        Self::voce(0, CampoVoce::Descrizione),
    ];

    /// A column of the voce with this index (0 to 4).
    pub const fn voce(indice: u8, campo: CampoVoce) -> Self {
        Self(PRIMA_VOCE + CAMPI_VOCE * indice + campo as u8)
    }

    /// All of them, in the order of the layout.
    pub fn tutte() -> impl Iterator<Item = Self> {
        (0..DOPO_LE_VOCI + 5).map(Self)
    }

    /// The column at this position (from 0) of the layout.
    pub fn at(posizione: usize) -> Option<Self> {
        u8::try_from(posizione)
            .ok()
            .filter(|p| *p < DOPO_LE_VOCI + 5)
            .map(Self)
    }

    /// Position in the layout, from 0.
    pub fn posizione(self) -> usize {
        usize::from(self.0)
    }

    /// The name of the header: `importo`, `ibanAccreditoVoce2`.
    pub fn nome(self) -> String {
        match self.0 {
            p if p < PRIMA_VOCE => TESTA[usize::from(p)].to_owned(),
            p if p < DOPO_LE_VOCI => {
                let (voce, campo) = ((p - PRIMA_VOCE) / CAMPI_VOCE, (p - PRIMA_VOCE) % CAMPI_VOCE);
                format!("{}{}", VOCE[usize::from(campo)], voce + 1)
            }
            p => CODA[usize::from(p - DOPO_LE_VOCI)].to_owned(),
        }
    }

    /// The column that a header names. Case, blanks, `_`, `-` and dots do not count.
    pub fn cerca(intestazione: &str) -> Option<Self> {
        let cercata = normale(intestazione);
        Self::tutte().find(|colonna| normale(&colonna.nome()) == cercata)
    }

    /// The column with exactly this name.
    pub fn esatta(nome: &str) -> Option<Self> {
        Self::tutte().find(|colonna| colonna.nome() == nome)
    }

    /// Whether the values are data of a person: they are masked in messages.
    pub fn personale(self) -> bool {
        (Self::IDENTIFICATIVO..=Self::PROVINCIA).contains(&self)
            || [Self::EMAIL, Self::CELLULARE, Self::DATI_ALLEGATI].contains(&self)
    }
}

/// The eleven fields of a voce, in the order of the layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum CampoVoce {
    Id = 0,
    Importo = 1,
    Descrizione = 2,
    IbanAccredito = 3,
    IbanAppoggio = 4,
    TipoContabilita = 5,
    CodiceContabilita = 6,
    TipoEntrata = 7,
    TipoBollo = 8,
    HashBollo = 9,
    ProvinciaBollo = 10,
}

impl CampoVoce {
    pub const TUTTI: [Self; 11] = [
        Self::Id,
        Self::Importo,
        Self::Descrizione,
        Self::IbanAccredito,
        Self::IbanAppoggio,
        Self::TipoContabilita,
        Self::CodiceContabilita,
        Self::TipoEntrata,
        Self::TipoBollo,
        Self::HashBollo,
        Self::ProvinciaBollo,
    ];
}

fn normale(nome: &str) -> String {
    nome.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '.'))
        .flat_map(char::to_lowercase)
        .collect()
}

impl fmt::Debug for Colonna {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.nome())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_and_names_are_those_of_the_published_layout() {
        let nomi: Vec<String> = Colonna::tutte().map(Colonna::nome).collect();
        assert_eq!(nomi.len(), COLONNE);
        // 1-based positions of the published table.
        for (posizione, nome) in [
            (1, "idA2A"),
            (13, "importo"),
            (27, "cellularePagatore"),
            (28, "idVoce1"),
            (38, "provinciaBolloVoce1"),
            (39, "idVoce2"),
            (72, "idVoce5"),
            (82, "provinciaBolloVoce5"),
            (83, "dataAvvisatura"),
            (87, "linguaSecondaria"),
        ] {
            assert_eq!(nomi[posizione - 1], nome);
        }
    }

    #[test]
    fn b033_a_header_is_found_whatever_its_case_and_blanks() {
        for text in [" Importo ", "IMPORTO", "im_porto"] {
            assert_eq!(Colonna::cerca(text), Some(Colonna::IMPORTO), "{text}");
        }
        assert_eq!(
            Colonna::cerca("iban accredito voce 2"),
            Some(Colonna::voce(1, CampoVoce::IbanAccredito))
        );
        assert_eq!(Colonna::cerca("note2"), None);
    }

    #[test]
    fn the_data_of_the_debtor_are_personal_and_the_others_are_not() {
        assert!(Colonna::EMAIL.personale() && Colonna::ANAGRAFICA.personale());
        assert!(!Colonna::IMPORTO.personale() && !Colonna::voce(0, CampoVoce::Id).personale());
    }
}
