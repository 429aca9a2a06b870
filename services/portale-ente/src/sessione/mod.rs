//! A citizen's way through the payment of one avviso: what may happen to its row.
//!
//! Every change is a method here that says whether something changed; `db/sessioni.rs` calls it on
//! the locked row and writes the result. No query and no page lives here.

mod parti;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{EsitoPagamento, Importo, StatoPagamento, StatoRpt};

pub use parti::{Avviso, Conferma, Psp, Ricevuta, Risposta, Ritorno, StatoSessione};

pub use crate::db::righe::{Messaggio, Sessione};

/// From the choice on WISP to "Conferma": WISP remembers a choice for so long (SANP, recovery
/// timeout of the choice).
pub const VITA_SCELTA: TimeDelta = TimeDelta::minutes(30);

impl Sessione {
    /// `id` is a fresh uuid v4 and `key_pa` another secret: WISP and the PSP learn only the second.
    pub fn nuova(
        id: String,
        key_pa: String,
        browser: String,
        avviso: Avviso,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            browser,
            id_dominio: avviso.id_dominio,
            ente: avviso.ente,
            numero_avviso: avviso.numero_avviso,
            causale: avviso.causale,
            importo: avviso.importo.cents(),
            stato: StatoSessione::Aperta.name().to_owned(),
            key_pa,
            key_wisp: None,
            id_psp: None,
            psp: None,
            id_canale: None,
            commissione: None,
            email: None,
            id_pagamento: None,
            redirect: None,
            differito: false,
            iuv: None,
            ccp: None,
            esito: None,
            importo_pagato: None,
            anomala: false,
            motivo: None,
            motivo_testo: None,
            altrove_iuv: None,
            altrove_ccp: None,
            creata_at: at.naive_utc(),
            scelta_at: None,
            confermata_at: None,
            inviata_at: None,
            ritorno_at: None,
            conclusa_at: None,
            chiesta_at: None,
            versione: 0,
        }
    }

    /// A name that this version does not know counts as open: the page then starts again.
    pub fn stato(&self) -> StatoSessione {
        StatoSessione::parse(&self.stato).unwrap_or(StatoSessione::Aperta)
    }

    pub fn importo(&self) -> Importo {
        Importo::from_cents(self.importo).unwrap_or_default()
    }

    pub fn importo_pagato(&self) -> Option<Importo> {
        self.importo_pagato
            .and_then(|c| Importo::from_cents(c).ok())
    }

    pub fn commissione(&self) -> Option<Importo> {
        self.commissione.and_then(|c| Importo::from_cents(c).ok())
    }

    pub fn esito(&self) -> Option<EsitoPagamento> {
        self.esito.as_deref().and_then(EsitoPagamento::parse)
    }

    /// Whether nothing more is awaited.
    pub fn is_over(&self) -> bool {
        use StatoSessione as S;
        matches!(
            self.stato(),
            S::Conclusa | S::Fallita | S::Annullata | S::Scaduta
        ) || self.altrove_ccp.is_some()
    }

    /// Whether money may be on its way: another attempt now could pay twice.
    pub fn is_pending(&self) -> bool {
        matches!(
            self.stato(),
            StatoSessione::Confermata | StatoSessione::Inviata
        ) && !self.is_over()
    }

    fn set_stato(&mut self, stato: StatoSessione) {
        self.stato = stato.name().to_owned();
    }

    /// WISP came back with a choice.
    pub fn ritorno(&mut self, key_wisp: &str, at: DateTime<Utc>) -> Ritorno {
        let same_key = self.key_wisp.as_deref() == Some(key_wisp);
        match self.stato() {
            StatoSessione::Aperta => {}
            StatoSessione::Scelta if !same_key => {}
            _ => return Ritorno::GiaRegistrato,
        }
        self.set_stato(StatoSessione::Scelta);
        self.key_wisp = Some(key_wisp.to_owned());
        self.scelta_at = Some(at.naive_utc());
        self.dimentica_psp();
        Ritorno::Registrato
    }

    /// WISP came back without a choice: `tipo` is ANNULLO, TIMEOUT or IBAN.
    pub fn annullo(&mut self, tipo: &str, at: DateTime<Utc>) -> Ritorno {
        if !matches!(self.stato(), StatoSessione::Aperta | StatoSessione::Scelta) {
            return Ritorno::GiaRegistrato;
        }
        self.chiudi(StatoSessione::Annullata, &format!("WISP_{tipo}"), None, at);
        Ritorno::Registrato
    }

    fn chiudi(
        &mut self,
        stato: StatoSessione,
        motivo: &str,
        testo: Option<String>,
        at: DateTime<Utc>,
    ) {
        self.set_stato(stato);
        self.motivo = Some(motivo.to_owned());
        self.motivo_testo = testo;
        self.conclusa_at = Some(at.naive_utc());
    }

    fn dimentica_psp(&mut self) {
        (self.id_psp, self.psp, self.id_canale, self.commissione) = (None, None, None, None);
    }

    pub fn set_psp(&mut self, psp: Psp) -> bool {
        if self.stato() != StatoSessione::Scelta {
            return false;
        }
        self.id_psp = Some(psp.id_psp);
        self.psp = Some(psp.denominazione);
        self.id_canale = Some(psp.id_canale);
        self.commissione = psp.commissione.map(Importo::cents);
        true
    }

    /// The citizen wants another PSP: WISP is asked again with another key, the old one is dead.
    pub fn cambia_psp(&mut self, key_pa: &str) -> bool {
        if !matches!(self.stato(), StatoSessione::Aperta | StatoSessione::Scelta) {
            return false;
        }
        self.set_stato(StatoSessione::Aperta);
        self.key_pa = key_pa.to_owned();
        (self.key_wisp, self.scelta_at) = (None, None);
        self.dimentica_psp();
        true
    }

    /// The amount changed since the citizen saw it.
    pub fn aggiorna_importo(&mut self, importo: Importo) -> bool {
        let fresh = matches!(self.stato(), StatoSessione::Aperta | StatoSessione::Scelta);
        let changed = fresh && self.importo != importo.cents();
        if changed {
            self.importo = importo.cents();
        }
        changed
    }

    pub fn conferma(&mut self, email: &domain::Email, at: DateTime<Utc>) -> Conferma {
        if self.stato() != StatoSessione::Scelta {
            return Conferma::Persa;
        }
        if self
            .scelta_at
            .is_none_or(|scelta| at.naive_utc() - scelta > VITA_SCELTA)
        {
            self.chiudi(StatoSessione::Scaduta, "SCELTA_SCADUTA", None, at);
            return Conferma::Scaduta;
        }
        self.set_stato(StatoSessione::Confermata);
        self.email = Some(email.as_str().to_owned());
        self.confermata_at = Some(at.naive_utc());
        Conferma::Vinta
    }

    /// The core opened the payment. Its receipt may have been here first.
    pub fn inviata(
        &mut self,
        id_pagamento: &str,
        redirect: &str,
        differito: bool,
        at: DateTime<Utc>,
    ) -> bool {
        if self.confermata_at.is_none() || self.inviata_at.is_some() {
            return false;
        }
        if self.stato() == StatoSessione::Confermata {
            self.set_stato(StatoSessione::Inviata);
        }
        self.id_pagamento = Some(id_pagamento.to_owned());
        self.redirect = Some(redirect.to_owned());
        self.differito = differito;
        self.inviata_at = Some(at.naive_utc());
        true
    }

    /// The core refused, in its own words.
    pub fn rifiutata(&mut self, codice: &str, testo: String, at: DateTime<Utc>) -> bool {
        let told_by_event = self.stato() == StatoSessione::Fallita && self.motivo_testo.is_none();
        if self.stato() != StatoSessione::Confermata && !told_by_event {
            return false;
        }
        self.chiudi(StatoSessione::Fallita, codice, Some(testo), at);
        true
    }

    /// The core was never reached, or says that it opened nothing: "Conferma" is free again.
    pub fn torna_alla_scelta(&mut self) -> bool {
        if self.stato() != StatoSessione::Confermata || self.inviata_at.is_some() {
            return false;
        }
        self.set_stato(StatoSessione::Scelta);
        self.confermata_at = None;
        true
    }

    /// The browser is back from the PSP.
    pub fn tornata(&mut self, at: DateTime<Utc>) -> bool {
        if self.ritorno_at.is_some() || self.inviata_at.is_none() {
            return false;
        }
        self.ritorno_at = Some(at.naive_utc());
        true
    }

    /// A receipt of this payment. Money that arrived is never taken back by a later, negative one.
    pub fn applica_rt(&mut self, rt: &Ricevuta, at: DateTime<Utc>) -> bool {
        let known = self.esito();
        let paid = known.is_some_and(EsitoPagamento::money_moved);
        if known == Some(rt.esito) || (paid && !rt.esito.money_moved()) {
            return false;
        }
        self.set_stato(StatoSessione::Conclusa);
        self.iuv = Some(rt.iuv.clone());
        self.ccp = Some(rt.ccp.clone());
        self.esito = Some(rt.esito.name().to_owned());
        self.importo_pagato = rt.importo_pagato.map(Importo::cents);
        self.anomala = rt.anomala;
        (self.motivo, self.motivo_testo) = (None, None);
        self.conclusa_at = Some(at.naive_utc());
        true
    }

    /// The state of this payment without a receipt. A state that a receipt brought is told by the
    /// receipt itself.
    pub fn applica_stato(
        &mut self,
        stato: StatoPagamento,
        rpt: Option<StatoRpt>,
        at: DateTime<Utc>,
    ) -> bool {
        if !matches!(
            self.stato(),
            StatoSessione::Confermata | StatoSessione::Inviata
        ) {
            return false;
        }
        let motivo = match (stato, rpt) {
            (_, Some(StatoRpt::RptScaduta)) => "RPT_SCADUTA",
            (_, Some(StatoRpt::RptRifiutataNodo)) | (StatoPagamento::Fallito, _) => "RPT_RIFIUTATA",
            (_, Some(StatoRpt::RptAnnullata)) | (StatoPagamento::Annullato, _) => "RPT_ANNULLATA",
            _ => return false,
        };
        self.chiudi(StatoSessione::Fallita, motivo, None, at);
        true
    }

    /// The identifiers of the attempt, as soon as they are known.
    pub fn applica_tentativo(&mut self, id_pagamento: Option<&str>, iuv: &str, ccp: &str) -> bool {
        if self.confermata_at.is_none() || self.esito.is_some() {
            return false;
        }
        let known = self.iuv.as_deref() == Some(iuv) && self.ccp.as_deref() == Some(ccp);
        if known && (self.id_pagamento.is_some() || id_pagamento.is_none()) {
            return false;
        }
        self.iuv = Some(iuv.to_owned());
        self.ccp = Some(ccp.to_owned());
        if self.id_pagamento.is_none() {
            self.id_pagamento = id_pagamento.map(str::to_owned);
        }
        true
    }

    /// The same avviso was paid in another way while this session was waiting.
    pub fn pagata_altrove(&mut self, iuv: &str, ccp: &str) -> bool {
        if !self.is_pending() {
            return false;
        }
        self.altrove_iuv = Some(iuv.to_owned());
        self.altrove_ccp = Some(ccp.to_owned());
        true
    }
}

#[cfg(test)]
mod tests;
