//! What an ente asks the Node: state of an RPT, copy of an RT, pending RPTs, choice made on WISP.

use chrono::{DateTime, NaiveDateTime, Utc};
use pagopa::ppt::{
    EffettuazioneScelta, EsitoChiediStatoRpt, ListaRptPendenti, NodoChiediCopiaRt,
    NodoChiediCopiaRtRisposta, NodoChiediListaPendentiRpt, NodoChiediListaPendentiRptRisposta,
    NodoChiediSceltaWisp, NodoChiediSceltaWispRisposta, NodoChiediStatoRpt,
    NodoChiediStatoRptRisposta, RptPendente, StoricoRpt,
};
use pagopa::{Envelope, FaultNodo, Masked, TipoVersamento, tempo};
use tenant::Stazione;

use super::Stop;
use crate::app::App;
use crate::db::Pendenti;
use crate::fault::{Fault, ppt};
use crate::registro::Chiamante;
use crate::scelte::{Risposta, Scelta};
use crate::sessione::RptRow;

/// Most rows that one answer lists, whatever the caller asks for.
const MAX_PENDENTI: i64 = 1000;

fn autentica<'a>(
    app: &'a App,
    intermediario: &str,
    stazione: &str,
    password: &Masked,
) -> Result<&'a Stazione, Fault> {
    app.registro.autentica(Chiamante {
        intermediario,
        stazione,
        password,
    })
}

async fn rpt(
    app: &App,
    stazione: &Stazione,
    (dominio, iuv, ccp): (String, String, String),
    sconosciuta: FaultNodo,
) -> Result<RptRow, Stop> {
    app.registro.dominio_di(stazione, &dominio)?;
    let found = app.db.find_rpt(dominio, iuv, ccp).await?;
    found.ok_or_else(|| ppt(sconosciuta, "Nessuna RPT con questi dominio, IUV e CCP.").into())
}

pub(super) async fn stato_rpt(
    app: &App,
    envelope: &Envelope,
) -> Result<NodoChiediStatoRptRisposta, Stop> {
    let q: NodoChiediStatoRpt = envelope.body()?;
    let stazione = autentica(
        app,
        &q.identificativo_intermediario_pa,
        &q.identificativo_stazione_intermediario_pa,
        &q.password,
    )?;
    let key = (
        q.identificativo_dominio,
        q.identificativo_univoco_versamento,
        q.codice_contesto_pagamento,
    );
    let row = rpt(app, stazione, key, FaultNodo::RptSconosciuta).await?;
    let storico = app.db.storico(row.id).await?;
    let sessione = app.db.find(row.sessione).await?.map(|d| d.sessione);
    let url = sessione
        .filter(|s| s.tipo == 1)
        .map(|s| app.url_pagamento(&s.id));
    Ok(NodoChiediStatoRptRisposta {
        fault: None,
        esito: Some(EsitoChiediStatoRpt {
            stato: row.stato,
            redirect: Some(i64::from(url.is_some())),
            url,
            storico_rpt: storico
                .into_iter()
                .map(|s| StoricoRpt {
                    data: tempo::ora_di_roma(s.at.and_utc()),
                    stato: s.stato,
                    descrizione: s.descrizione,
                })
                .collect(),
            storico_versamento: vec![],
        }),
    })
}

pub(super) async fn copia_rt(
    app: &App,
    envelope: &Envelope,
) -> Result<NodoChiediCopiaRtRisposta, Stop> {
    let q: NodoChiediCopiaRt = envelope.body()?;
    let stazione = autentica(
        app,
        &q.identificativo_intermediario_pa,
        &q.identificativo_stazione_intermediario_pa,
        &q.password,
    )?;
    let key = (
        q.identificativo_dominio,
        q.identificativo_univoco_versamento,
        q.codice_contesto_pagamento,
    );
    let row = rpt(app, stazione, key, FaultNodo::RtSconosciuta).await?;
    let documento = app.db.find_rt(row.id).await?.and_then(|rt| rt.documento);
    let documento = documento.ok_or_else(|| {
        ppt(
            FaultNodo::RtNondisponibile,
            "La RT non è ancora stata generata.",
        )
    })?;
    Ok(NodoChiediCopiaRtRisposta {
        rt: Some(documento),
        ..Default::default()
    })
}

pub(super) async fn lista_pendenti(
    app: &App,
    envelope: &Envelope,
) -> Result<NodoChiediListaPendentiRptRisposta, Stop> {
    let q: NodoChiediListaPendentiRpt = envelope.body()?;
    let stazione = autentica(
        app,
        &q.identificativo_intermediario_pa,
        &q.identificativo_stazione_intermediario_pa,
        &q.password,
    )?;
    let domini = match q.identificativo_dominio {
        Some(dominio) => {
            app.registro.dominio_di(stazione, &dominio)?;
            vec![dominio]
        }
        None => app.registro.domini_di(stazione),
    };
    let at = |local: Option<NaiveDateTime>, default: DateTime<Utc>| {
        local.map_or(default, tempo::istante).naive_utc()
    };
    let filtro = Pendenti {
        domini,
        da: at(q.range_da, DateTime::UNIX_EPOCH),
        a: at(q.range_a, app.clock.now()),
        limit: q.dimensione_lista.min(MAX_PENDENTI),
    };
    let rows = app.db.list_pendenti(filtro).await?;
    let rpt_pendente: Vec<RptPendente> = rows
        .into_iter()
        .map(|row| RptPendente {
            identificativo_dominio: row.id_dominio,
            identificativo_univoco_versamento: row.iuv,
            codice_contesto_pagamento: row.ccp,
            stato: row.stato,
        })
        .collect();
    Ok(NodoChiediListaPendentiRptRisposta {
        fault: None,
        lista_rpt_pendenti: Some(ListaRptPendenti {
            tot_restituiti: i64::try_from(rpt_pendente.len()).unwrap_or(i64::MAX),
            rpt_pendente,
        }),
    })
}

pub(super) async fn scelta_wisp(
    app: &App,
    envelope: &Envelope,
) -> Result<NodoChiediSceltaWispRisposta, Stop> {
    let q: NodoChiediSceltaWisp = envelope.body()?;
    let stazione = autentica(
        app,
        &q.identificativo_intermediario_pa,
        &q.identificativo_stazione_intermediario_pa,
        &q.password,
    )?;
    app.registro
        .dominio_di(stazione, &q.identificativo_dominio)?;
    let letta = app
        .scelte
        .leggi(&q.identificativo_dominio, &q.key_pa, &q.key_wisp)
        .await;
    match letta {
        Ok(Risposta::Scelta(scelta)) => Ok(risposta(scelta)?),
        Ok(Risposta::Sconosciuta) => Err(ppt(
            FaultNodo::WispSessioneSconosciuta,
            "Nessuna scelta con queste keyPA e keyWISP per il dominio.",
        )
        .into()),
        Ok(Risposta::Scaduta) => Err(ppt(
            FaultNodo::WispTimeoutRecuperoScelta,
            "La scelta si recupera entro 30 minuti dal ritorno all'ente.",
        )
        .into()),
        Err(error) => {
            tracing::warn!(error = format!("{error:#}"), "WISP does not answer");
            let what = "WISP non risponde: riprova tra poco.";
            Err(ppt(FaultNodo::SystemError, what).into())
        }
    }
}

fn risposta(scelta: Scelta) -> Result<NodoChiediSceltaWispRisposta, Fault> {
    let unreadable = |what: &str, value: &str| {
        ppt(
            FaultNodo::SystemError,
            format!("WISP ha risposto {what} «{value}»."),
        )
    };
    let effettuazione = match scelta.effettuazione_scelta.as_str() {
        "SI" => EffettuazioneScelta::Si,
        "NO" => EffettuazioneScelta::No,
        "PO" => EffettuazioneScelta::Po,
        other => return Err(unreadable("effettuazioneScelta", other)),
    };
    let tipo = scelta.tipo_versamento.as_deref().map(|tipo| {
        let found = TipoVersamento::parse(tipo).filter(|tipo| TipoVersamento::WISP.contains(tipo));
        found.ok_or_else(|| unreadable("tipoVersamento", tipo))
    });
    Ok(NodoChiediSceltaWispRisposta {
        fault: None,
        effettuazione_scelta: Some(effettuazione),
        identificativo_psp: scelta.identificativo_psp,
        identificativo_intermediario_psp: scelta.identificativo_intermediario_psp,
        identificativo_canale: scelta.identificativo_canale,
        tipo_versamento: tipo.transpose()?,
    })
}
