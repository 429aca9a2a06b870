//! The state of one payment attempt (RPT and its RT) as the ente knows it, and how long it holds the
//! pendenza for itself.

use chrono::{DateTime, TimeDelta, Utc};

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
            Self::RptAttivata
                | Self::RptErroreInvioANodo
                | Self::RptAccettataNodo
                | Self::RtRifiutataPa
        )
    }
}

/// Where an attempt began: it decides how long another one is kept out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origine {
    /// At the portal, with a channel that takes the browser to the PSP (modello 1).
    PortaleImmediato,
    /// At the portal, with a channel that collects later (modello 2): the bank has its order, so only
    /// the receipt, or the term after which the Node gives up, frees the pendenza.
    PortaleDifferito,
    /// At the PSP, with the primitives of RPT and RT (modello 3).
    PspV1,
    /// At the PSP, with the modello unico: the Node itself keeps two payers apart.
    PspV2,
}

impl Origine {
    /// How long an attempt without a receipt holds its pendenza (GovPay's defaults for modello 1, 3
    /// and modello unico; SANP, 90 days, for what the Node still waits for).
    pub fn hold(self) -> TimeDelta {
        match self {
            Self::PortaleImmediato => TimeDelta::minutes(10),
            Self::PortaleDifferito => TimeDelta::days(90),
            Self::PspV1 => TimeDelta::minutes(5),
            Self::PspV2 => TimeDelta::minutes(30),
        }
    }
}

/// An earlier attempt on a pendenza that somebody wants to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Precedente {
    pub origine: Origine,
    pub stato: StatoRpt,
    pub has_rt: bool,
    /// Cleared by a person, who answers for a new attempt beside the open one.
    pub bloccante: bool,
    pub begun_at: DateTime<Utc>,
}

/// What an earlier attempt means for a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ostacolo {
    /// Closed: nothing to do.
    Nessuno,
    /// Still open, but too old to keep others out, or told not to: it is annulled in favour of the new
    /// one. A receipt that arrives for it all the same is taken in.
    Sostituibile,
    /// Another attempt must wait for its end, at the latest until that moment.
    InCorso { until: DateTime<Utc> },
}

impl Precedente {
    /// Judged by a new attempt that begins in `new`. In the modello unico a new activation at the PSP
    /// replaces the previous one at once: the Node lets only one payer in at a time.
    pub fn against(self, new: Origine, now: DateTime<Utc>) -> Ostacolo {
        if self.has_rt || !self.stato.is_pending() {
            return Ostacolo::Nessuno;
        }
        let until = self.begun_at + self.origine.hold();
        let replaces = (self.origine, new) == (Origine::PspV2, Origine::PspV2);
        if replaces || !self.bloccante || until <= now {
            Ostacolo::Sostituibile
        } else {
            Ostacolo::InCorso { until }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn against(
        origine: Origine,
        stato: StatoRpt,
        has_rt: bool,
        new: Origine,
        now: &str,
    ) -> Ostacolo {
        let begun_at = at("2026-06-15T10:00:00Z");
        Precedente {
            origine,
            stato,
            has_rt,
            bloccante: true,
            begun_at,
        }
        .against(new, at(now))
    }

    #[test]
    fn an_open_attempt_keeps_others_out_for_a_time_and_then_gives_way() {
        use Origine::*;
        use StatoRpt::*;
        let wait = |until: &str| Ostacolo::InCorso { until: at(until) };
        let cases = [
            (
                PortaleImmediato,
                PspV1,
                "2026-06-15T10:09:59Z",
                wait("2026-06-15T10:10:00Z"),
            ),
            (
                PortaleImmediato,
                PspV1,
                "2026-06-15T10:10:00Z",
                Ostacolo::Sostituibile,
            ),
            (
                PspV1,
                PortaleImmediato,
                "2026-06-15T10:04:00Z",
                wait("2026-06-15T10:05:00Z"),
            ),
            (PspV1, PspV1, "2026-06-15T10:05:00Z", Ostacolo::Sostituibile),
            (PspV2, PspV2, "2026-06-15T10:00:01Z", Ostacolo::Sostituibile),
            (
                PspV2,
                PortaleImmediato,
                "2026-06-15T10:29:00Z",
                wait("2026-06-15T10:30:00Z"),
            ),
            (
                PortaleDifferito,
                PspV1,
                "2026-06-16T10:00:00Z",
                wait("2026-09-13T10:00:00Z"),
            ),
        ];
        for (old, new, now, expected) in cases {
            assert_eq!(
                against(old, RptAccettataNodo, false, new, now),
                expected,
                "{old:?} {new:?} {now}"
            );
        }
    }

    #[test]
    fn a_closed_attempt_is_no_obstacle() {
        let now = "2026-06-15T10:00:01Z";
        let new = Origine::PortaleImmediato;
        for stato in [
            StatoRpt::RptRifiutataNodo,
            StatoRpt::RptScaduta,
            StatoRpt::RptAnnullata,
        ] {
            assert_eq!(
                against(Origine::PspV1, stato, false, new, now),
                Ostacolo::Nessuno
            );
        }
        let with_rt = against(Origine::PspV1, StatoRpt::RtAccettataPa, true, new, now);
        assert_eq!(with_rt, Ostacolo::Nessuno);
    }

    #[test]
    fn a_refused_receipt_is_still_waited_for() {
        assert!(StatoRpt::RtRifiutataPa.is_pending());
    }

    #[test]
    fn an_attempt_that_a_person_let_go_gives_way_at_once() {
        let begun_at = at("2026-06-15T10:00:00Z");
        let precedente = Precedente {
            origine: Origine::PortaleDifferito,
            stato: StatoRpt::RptAccettataNodo,
            has_rt: false,
            bloccante: false,
            begun_at,
        };
        let judged = precedente.against(Origine::PspV1, begun_at);
        assert_eq!(judged, Ostacolo::Sostituibile);
        let paid = Precedente {
            has_rt: true,
            ..precedente
        };
        assert_eq!(paid.against(Origine::PspV1, begun_at), Ostacolo::Nessuno);
    }
}
