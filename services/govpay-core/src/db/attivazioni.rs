//! Attempts activated by a PSP: old protocol and modello unico.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::StatoRpt;
use domain::rpt::Origine;

use super::rpt::{find_rpt, non_pagabile};
use super::{Conn, ext, notifiche, posizioni, tentativi};
use crate::documento_rpt::{self, Richiesta};
use crate::notifica::TipoNotifica;
use crate::posizione::Posizione;
use crate::schema::rpt;
use crate::tentativo::{
    Attivazione, AttivazioneUnico, AttivazioneV1, AttivazioneV2, NuovoRpt, Rifiuto, RptRow,
};
use platform::StoreResult;

/// paaAttivaRPT: a new attempt with the context of the PSP; the same context again is the same
/// attempt, whose RPT is sent again.
pub fn attiva_v1(c: &mut Conn, new: AttivazioneV1) -> StoreResult<Attivazione> {
    ext::write_tx(c, |c| {
        posizioni::lock(c, new.pendenza)?;
        let posizione = posizioni::load(c, new.pendenza)?;
        let row = &posizione.pendenza;
        if let Some(rifiuto) = non_pagabile(c, row, new.verificata, new.now)? {
            return Ok(Attivazione::Rifiutata(rifiuto));
        }
        let id_pendenza = row.id_pendenza.clone();
        let Some(iuv) = row.iuv()? else {
            return Ok(Attivazione::Rifiutata(Rifiuto::SenzaIuv { id_pendenza }));
        };
        let mut ostacoli = tentativi::ostacoli(c, row.id, Origine::PspV1, new.now)?;
        ostacoli.retain(|(attempt, _)| attempt.ccp != new.ccp);
        if let Some(rifiuto) = tentativi::in_corso(row, &ostacoli) {
            return Ok(Attivazione::Rifiutata(rifiuto));
        }
        let known = find_rpt(
            c,
            row.id_dominio.clone(),
            iuv.as_str().to_owned(),
            new.ccp.clone(),
        )?;
        if let Some(known) = known {
            return riattiva(c, posizione, known, &new);
        }
        let xml = match documento_v1(&posizione, iuv.as_str(), &new) {
            Ok(xml) => xml,
            Err(error) => {
                let errore = error.to_string();
                return Ok(Attivazione::Rifiutata(Rifiuto::Documento {
                    id_pendenza,
                    errore,
                }));
            }
        };
        tentativi::sostituisci(c, row, ostacoli, new.now)?;
        let attempt = nuovo(
            &posizione,
            iuv.as_str(),
            &new.ccp,
            &new.id_messaggio,
            new.now,
        );
        let rpt = tentativi::insert(
            c,
            &NuovoRpt {
                versione: "V1",
                stato: StatoRpt::RptAttivata.name(),
                id_psp: Some(new.canale.id_psp.clone()),
                id_intermediario_psp: Some(new.canale.id_intermediario_psp.clone()),
                id_canale: Some(new.canale.id_canale.clone()),
                tipo_versamento: Some(new.canale.tipo_versamento.as_str().to_owned()),
                xml_rpt: Some(xml),
                send_at: Some(new.send_at.naive_utc()),
                ..attempt
            },
        )?;
        tentativi::push_stato(c, &posizione.pendenza, &rpt, None, new.now)?;
        Ok(Attivazione::Ok {
            posizione: posizione.into(),
            rpt: rpt.into(),
            reinvio: true,
        })
    })
}

/// The same context again: sent again while it is open or was refused, useless once it is closed.
fn riattiva(
    c: &mut Conn,
    posizione: Posizione,
    known: RptRow,
    new: &AttivazioneV1,
) -> StoreResult<Attivazione> {
    let stato = known.stato()?;
    let open = stato.is_pending() || stato == StatoRpt::RptRifiutataNodo;
    if known.rt_at.is_some() || !open {
        return Ok(Attivazione::CcpUsato { stato });
    }
    let accepted = stato == StatoRpt::RptAccettataNodo;
    let rpt: RptRow = diesel::update(rpt::table.find(known.id))
        .set((
            rpt::stato.eq(if accepted {
                stato
            } else {
                StatoRpt::RptAttivata
            }
            .name()),
            rpt::send_at.eq(new.send_at.naive_utc()),
            rpt::updated_at.eq(new.now.naive_utc()),
        ))
        .returning(RptRow::as_returning())
        .get_result(c)?;
    Ok(Attivazione::Ok {
        posizione: posizione.into(),
        rpt: rpt.into(),
        reinvio: true,
    })
}

fn documento_v1(
    posizione: &Posizione,
    iuv: &str,
    new: &AttivazioneV1,
) -> Result<String, pagopa::XmlError> {
    let richiesta = Richiesta {
        iuv,
        ccp: &new.ccp,
        id_messaggio: &new.id_messaggio,
        tipo_versamento: new.canale.tipo_versamento,
        versante: new.versante.clone(),
        autenticazione: "N/A",
        data_esecuzione: domain::tempo::giorno(new.now),
        iban_addebito: None,
        bic_addebito: None,
        credenziali: None,
        now: new.now,
    };
    documento_rpt::documento(posizione, richiesta)
}

/// An attempt of which only the pendenza is known.
fn nuovo(
    posizione: &Posizione,
    iuv: &str,
    ccp: &str,
    id_messaggio: &str,
    now: DateTime<Utc>,
) -> NuovoRpt {
    NuovoRpt {
        pendenza: posizione.pendenza.id,
        pagamento: None,
        id_dominio: posizione.pendenza.id_dominio.clone(),
        iuv: iuv.to_owned(),
        ccp: ccp.to_owned(),
        id_stazione: posizione.stazione.stazione.id_stazione.clone(),
        versione: "V2",
        id_messaggio_richiesta: id_messaggio.to_owned(),
        stato: StatoRpt::RptAccettataNodo.name(),
        id_psp: None,
        id_intermediario_psp: None,
        id_canale: None,
        tipo_versamento: None,
        importo: posizione.pendenza.importo,
        xml_rpt: None,
        send_at: None,
        send_attempts: 0,
        scade_at: None,
        created_at: now.naive_utc(),
        updated_at: now.naive_utc(),
    }
}

/// paGetPayment: a new attempt, which replaces an earlier one of the same kind.
pub fn attiva_v2(c: &mut Conn, new: AttivazioneV2) -> StoreResult<AttivazioneUnico> {
    ext::write_tx(c, |c| {
        posizioni::lock(c, new.pendenza)?;
        let posizione = posizioni::load(c, new.pendenza)?;
        let row = &posizione.pendenza;
        if let Some(rifiuto) = non_pagabile(c, row, new.verificata, new.now)? {
            return Ok(AttivazioneUnico::Rifiutata(rifiuto));
        }
        let Some(iuv) = row.iuv()? else {
            let id_pendenza = row.id_pendenza.clone();
            return Ok(AttivazioneUnico::Rifiutata(Rifiuto::SenzaIuv {
                id_pendenza,
            }));
        };
        let ostacoli = tentativi::ostacoli(c, row.id, Origine::PspV2, new.now)?;
        if let Some(rifiuto) = tentativi::in_corso(row, &ostacoli) {
            return Ok(AttivazioneUnico::Rifiutata(rifiuto));
        }
        if row.importo()? != new.importo {
            return Ok(AttivazioneUnico::Cambiata);
        }
        tentativi::sostituisci(c, row, ostacoli, new.now)?;
        let attempt = NuovoRpt {
            xml_rpt: Some(new.xml),
            scade_at: Some(new.scade_at.naive_utc()),
            ..nuovo(
                &posizione,
                iuv.as_str(),
                &new.ccp,
                &new.id_messaggio,
                new.now,
            )
        };
        let rpt = tentativi::insert(c, &attempt)?;
        tentativi::push_stato(c, row, &rpt, None, new.now)?;
        notifiche::insert(c, row, &rpt, TipoNotifica::Attivazione, None, new.now)?;
        Ok(AttivazioneUnico::Ok(rpt.into()))
    })
}
