//! An uploaded tracciato: its state here, its columns and the rules of its rows in the modules.
//!
//! Pure: who reads the bytes of the file knows encodings, separators and lines.

mod add_del;
mod colonne;
mod documento;
mod forme;
mod importi;
mod layout;
mod leggi;
mod lettore;
mod mappa;
mod pagatore;
mod riga;
mod segnalazione;
mod valori;
mod voci;

pub use colonne::{COLONNE, CampoVoce, Colonna, VOCI};
pub use forme::{Decimale, FormaData, Forme};
pub use layout::{Formato, Layout, Riconosciuto};
pub use leggi::Letta;
pub use mappa::{Mappa, Origine};
pub use riga::{
    Avvisatura, Chiave, Documento, LinguaSecondaria, Pagatore, Rata, RiferimentoVoce, Riga,
    RigaAnnullamento, RigaPendenza, Voce,
};
pub use segnalazione::{Gravita, Segnalazione};

/// The five states of the Loader, and the two that show a timer at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatoTracciato {
    Nuovo,
    InValidazione,
    ValidazioneOk,
    ValidazioneKo,
    InCaricamento,
    CaricamentoOk,
    CaricamentoKo,
}

impl StatoTracciato {
    pub const ALL: [Self; 7] = [
        Self::Nuovo,
        Self::InValidazione,
        Self::ValidazioneOk,
        Self::ValidazioneKo,
        Self::InCaricamento,
        Self::CaricamentoOk,
        Self::CaricamentoKo,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Nuovo => "NUOVO",
            Self::InValidazione => "IN_VALIDAZIONE",
            Self::ValidazioneOk => "VALIDAZIONE_OK",
            Self::ValidazioneKo => "VALIDAZIONE_KO",
            Self::InCaricamento => "IN_CARICAMENTO",
            Self::CaricamentoOk => "CARICAMENTO_OK",
            Self::CaricamentoKo => "CARICAMENTO_KO",
        }
    }

    /// The words people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Nuovo => "Nuovo",
            Self::InValidazione => "In validazione",
            Self::ValidazioneOk => "Validazione OK",
            Self::ValidazioneKo => "Validazione KO",
            Self::InCaricamento => "In caricamento",
            Self::CaricamentoOk => "Caricamento OK",
            Self::CaricamentoKo => "Caricamento KO",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stato| stato.name() == name)
    }

    pub fn is_final(self) -> bool {
        matches!(
            self,
            Self::ValidazioneKo | Self::CaricamentoOk | Self::CaricamentoKo
        )
    }

    /// Whether a tracciato may go from one state to the other.
    pub fn may_become(self, next: Self) -> bool {
        use StatoTracciato::*;
        matches!(
            (self, next),
            (Nuovo, InValidazione)
                | (InValidazione, ValidazioneOk | ValidazioneKo)
                | (ValidazioneOk, InCaricamento)
                | (InCaricamento, CaricamentoOk | CaricamentoKo)
                // Only the refused rows are loaded again, when somebody asks for it.
                | (CaricamentoKo, ValidazioneOk)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_valid_tracciato_is_loaded_and_final_states_stay() {
        let moves: Vec<(&str, &str)> = StatoTracciato::ALL
            .into_iter()
            .flat_map(|a| StatoTracciato::ALL.into_iter().map(move |b| (a, b)))
            .filter(|(a, b)| a.may_become(*b))
            .map(|(a, b)| (a.name(), b.name()))
            .collect();
        assert_eq!(
            moves,
            [
                ("NUOVO", "IN_VALIDAZIONE"),
                ("IN_VALIDAZIONE", "VALIDAZIONE_OK"),
                ("IN_VALIDAZIONE", "VALIDAZIONE_KO"),
                ("VALIDAZIONE_OK", "IN_CARICAMENTO"),
                ("IN_CARICAMENTO", "CARICAMENTO_OK"),
                ("IN_CARICAMENTO", "CARICAMENTO_KO"),
                ("CARICAMENTO_KO", "VALIDAZIONE_OK"),
            ]
        );
        for stato in [StatoTracciato::ValidazioneKo, StatoTracciato::CaricamentoOk] {
            let moves_on = StatoTracciato::ALL
                .into_iter()
                .any(|next| stato.may_become(next));
            assert!(stato.is_final() && !moves_on, "{stato:?}");
        }
    }
}
