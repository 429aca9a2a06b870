//! Money that was collected: what kind it is, and whether it reached the treasury.

/// Whether the money of a riscossione was found in the treasury of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatoRiscossione {
    /// Paid, with its receipt.
    Riscossa,
    /// Matched with a movement of the treasury.
    Incassata,
}

impl StatoRiscossione {
    pub const ALL: [Self; 2] = [Self::Riscossa, Self::Incassata];

    /// The word of GovPay's contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Riscossa => "RISCOSSA",
            Self::Incassata => "INCASSATA",
        }
    }

    /// Reads the word of the contract.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stato| stato.name() == name)
    }

    /// As it is stored.
    pub fn stored(self) -> &'static str {
        match self {
            Self::Riscossa => "PAGATO",
            Self::Incassata => "INCASSATO",
        }
    }

    /// Reads what is stored.
    pub fn from_stored(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stato| stato.stored() == text)
    }
}

/// Whose money it is. The names are those of GovPay's contract, as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TipoRiscossione {
    /// Of a body of this archive.
    Entrata,
    /// A revenue stamp: the PSP sold it, no money reaches the body.
    Mbt,
    /// Paid on an IUV that another intermediary gave out; known from a flusso only.
    AltroIntermediario,
    /// Of a body that is not in this archive, in the pendenza of one that is.
    EntrataPaNonIntermediata,
}

impl TipoRiscossione {
    pub const ALL: [Self; 4] = [
        Self::Entrata,
        Self::Mbt,
        Self::AltroIntermediario,
        Self::EntrataPaNonIntermediata,
    ];

    /// What the contract shows when the caller does not say which (its default of `tipo`).
    pub const MOSTRATI: [Self; 2] = [Self::Entrata, Self::Mbt];

    pub fn name(self) -> &'static str {
        match self {
            Self::Entrata => "ENTRATA",
            Self::Mbt => "MBT",
            Self::AltroIntermediario => "ALTRO_INTERMEDIARIO",
            Self::EntrataPaNonIntermediata => "ENTRATA_PA_NON_INTERMEDIATA",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tipo| tipo.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back() {
        for stato in StatoRiscossione::ALL {
            assert_eq!(StatoRiscossione::parse(stato.name()), Some(stato));
            assert_eq!(StatoRiscossione::from_stored(stato.stored()), Some(stato));
        }
        for tipo in TipoRiscossione::ALL {
            assert_eq!(TipoRiscossione::parse(tipo.name()), Some(tipo));
        }
        assert_eq!(TipoRiscossione::parse("entrata"), None);
    }
}
