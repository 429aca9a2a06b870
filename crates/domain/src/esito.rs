//! The outcome of a payment as an RT states it.

use serde::{Deserialize, Serialize};

/// `codiceEsitoPagamento` of the RT (PagInf 6.2.0), 0 to 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EsitoPagamento {
    Eseguito,
    NonEseguito,
    EseguitoParziale,
    Decorrenza,
    DecorrenzaParziale,
}

impl EsitoPagamento {
    pub const ALL: [Self; 5] = [
        Self::Eseguito,
        Self::NonEseguito,
        Self::EseguitoParziale,
        Self::Decorrenza,
        Self::DecorrenzaParziale,
    ];

    /// The digit of the RT.
    pub fn codice(self) -> u8 {
        match self {
            Self::Eseguito => 0,
            Self::NonEseguito => 1,
            Self::EseguitoParziale => 2,
            Self::Decorrenza => 3,
            Self::DecorrenzaParziale => 4,
        }
    }

    pub fn from_codice(codice: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|esito| esito.codice() == codice)
    }

    /// The name in GovPay's contract: `ESEGUITO`, `NON_ESEGUITO`, `ESEGUITO_PARZIALE`, `DECORRENZA`,
    /// `DECORRENZA_PARZIALE`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Eseguito => "ESEGUITO",
            Self::NonEseguito => "NON_ESEGUITO",
            Self::EseguitoParziale => "ESEGUITO_PARZIALE",
            Self::Decorrenza => "DECORRENZA",
            Self::DecorrenzaParziale => "DECORRENZA_PARZIALE",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|esito| esito.name() == name)
    }

    /// The words people read: `Pagamento eseguito`, `Pagamento non eseguito`, …
    pub fn label(self) -> &'static str {
        match self {
            Self::Eseguito => "Pagamento eseguito",
            Self::NonEseguito => "Pagamento non eseguito",
            Self::EseguitoParziale => "Pagamento parzialmente eseguito",
            Self::Decorrenza => "Decorrenza termini",
            Self::DecorrenzaParziale => "Decorrenza termini parziale",
        }
    }

    /// Whether some money reached the ente.
    pub fn money_moved(self) -> bool {
        matches!(
            self,
            Self::Eseguito | Self::EseguitoParziale | Self::DecorrenzaParziale
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_name_go_there_and_back() {
        for esito in EsitoPagamento::ALL {
            assert_eq!(EsitoPagamento::from_codice(esito.codice()), Some(esito));
            assert_eq!(EsitoPagamento::parse(esito.name()), Some(esito));
            assert_eq!(serde_json::to_value(esito).unwrap(), esito.name());
        }
        assert_eq!(EsitoPagamento::from_codice(5), None);
    }
}
