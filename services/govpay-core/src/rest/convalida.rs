//! Syntax faults with GovPay's codes. The rules themselves are those of `govpay_api::convalida`, which
//! software that loads pendenze can follow too.

use govpay_api::convalida::{Codice, Difetto};
pub use govpay_api::convalida::{identificativo, pendenza};

use crate::pagamenti::Errore;
use crate::pendenza::Rifiuto;

impl From<Difetto> for Errore {
    fn from(difetto: Difetto) -> Self {
        let text = difetto.to_string();
        match difetto.codice {
            Codice::Campo => Self::richiesta(text),
            Codice::VoceRipetuta => Rifiuto::new("VER_001", "Una voce è ripetuta", text).into(),
            Codice::Quote => {
                Rifiuto::new("VER_035", "Le quote non sono l'importo della voce", text).into()
            }
            Codice::Somma => {
                Rifiuto::new("VER_002", "L'importo non è la somma delle voci", text).into()
            }
        }
    }
}
