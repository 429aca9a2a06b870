//! The state of one payment attempt (RPT and its RT) as the ente knows it.

/// The states that this system writes, of the longer list of pagoPA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatoRpt {
    /// Built, or asked for by the PSP, and not yet at the Node.
    RptAttivata,
    /// The Node could not be reached or did not answer: the attempt may exist there.
    RptErroreInvioANodo,
    RptRifiutataNodo,
    RptAccettataNodo,
    /// No receipt within the life of the attempt.
    RptScaduta,
    /// Replaced by another activation of the same avviso.
    RptAnnullata,
    RtAccettataPa,
    /// The receipt arrived and broke a rule; it is kept and shown.
    RtRifiutataPa,
}

impl StatoRpt {
    pub const ALL: [Self; 8] = [
        Self::RptAttivata,
        Self::RptErroreInvioANodo,
        Self::RptRifiutataNodo,
        Self::RptAccettataNodo,
        Self::RptScaduta,
        Self::RptAnnullata,
        Self::RtAccettataPa,
        Self::RtRifiutataPa,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::RptAttivata => "RPT_ATTIVATA",
            Self::RptErroreInvioANodo => "RPT_ERRORE_INVIO_A_NODO",
            Self::RptRifiutataNodo => "RPT_RIFIUTATA_NODO",
            Self::RptAccettataNodo => "RPT_ACCETTATA_NODO",
            Self::RptScaduta => "RPT_SCADUTA",
            Self::RptAnnullata => "RPT_ANNULLATA",
            Self::RtAccettataPa => "RT_ACCETTATA_PA",
            Self::RtRifiutataPa => "RT_RIFIUTATA_PA",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stato| stato.name() == name)
    }

    /// Whether a receipt is still expected, so that another attempt would risk a double payment.
    pub fn is_pending(self) -> bool {
        matches!(
            self,
            Self::RptAttivata | Self::RptErroreInvioANodo | Self::RptAccettataNodo
        )
    }
}
