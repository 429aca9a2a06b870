//! What is known of a pendenza: the projection and the core put together.

use chrono::{DateTime, NaiveDate, Utc};
use domain::Importo;
use domain::rpt::Origine;
use govpay_api::{ClientResult, Evento, FiltroEventi, Pendenza, Rpp};
use tenant::VersioneStazione;
use web::PageError;

use super::EVENTI;
use crate::accesso::Banco;
use crate::pages::core_says;
use crate::ricostruzione;
use crate::visti::{PagamentoVisto, PendenzaVista, Quando};

/// What the page tells of the pendenza itself.
pub struct Dati {
    pub id_a2a: String,
    pub id_pendenza: String,
    pub id_dominio: String,
    pub ente: String,
    pub causale: Option<String>,
    pub numero_avviso: Option<String>,
    pub iuv: Option<String>,
    pub importo: Importo,
    pub importo_pagato: Option<Importo>,
    pub stato: String,
    pub descrizione_stato: Option<String>,
    pub scadenza: Option<NaiveDate>,
    /// Codice fiscale and name.
    pub pagatore: Option<String>,
    pub voci: Vec<(String, Importo, String)>,
}

pub struct Occupata {
    pub da: DateTime<Utc>,
    pub fino_a: DateTime<Utc>,
    pub chi: String,
}

/// All that is known of a pendenza, from the projection and from the core.
pub struct Nota {
    pub vista: Option<PendenzaVista>,
    pub tentativi: Vec<PagamentoVisto>,
    pub core: ClientResult<Pendenza>,
}

/// Looks for it; 404 when nobody knows it or it is another body's, 503 when only the core could know.
pub async fn find(banco: &Banco, id_a2a: &str, id_pendenza: &str) -> Result<Nota, PageError> {
    let db = &banco.app.db;
    let vista = db
        .find_pendenza(id_a2a.to_owned(), id_pendenza.to_owned())
        .await?;
    let tentativi = db
        .tentativi_di(id_a2a.to_owned(), id_pendenza.to_owned())
        .await?;
    let dominio = vista.as_ref().map(|v| &v.id_dominio);
    if let Some(id) = dominio.or(tentativi.first().map(|t| &t.id_dominio)) {
        banco.must_see(id)?;
    }
    let core = banco.app.core.get_pendenza(id_a2a, id_pendenza).await;
    let unknown_here = vista.is_none() && tentativi.is_empty();
    match &core {
        Ok(pendenza) => banco.must_see(&pendenza.dominio.id_dominio)?,
        Err(error) if unknown_here && error.is_not_found() => return Err(PageError::not_found()),
        Err(error) if unknown_here => {
            let detail = core_says(&banco.page, error);
            return Err(PageError::unavailable(error.clone().into()).detail(detail));
        }
        Err(_) => {}
    }
    Ok(Nota {
        vista,
        tentativi,
        core,
    })
}

/// From the core; from the projection what it has.
pub fn dati(banco: &Banco, nota: &Nota) -> Dati {
    let first = nota.tentativi.first();
    match (&nota.core, &nota.vista) {
        (Ok(p), _) => Dati {
            id_a2a: p.id_a2a.clone(),
            id_pendenza: p.id_pendenza.clone(),
            id_dominio: p.dominio.id_dominio.clone(),
            ente: banco.app.ente(&p.dominio.id_dominio).to_owned(),
            causale: Some(p.causale.clone()).filter(|c| !c.is_empty()),
            numero_avviso: p.numero_avviso.clone(),
            iuv: p.iuv_avviso.clone().or(first.map(|t| t.iuv.clone())),
            importo: p.importo,
            importo_pagato: p.importo_pagato,
            stato: p.stato.clone(),
            descrizione_stato: p.descrizione_stato.clone(),
            scadenza: p.data_scadenza,
            pagatore: p.soggetto_pagatore.as_ref().map(|s| {
                let name = s.anagrafica.as_ref().map_or("", |a| a.as_str());
                format!("{} {name}", s.identificativo.as_str())
            }),
            voci: p
                .voci()
                .iter()
                .map(|v| (v.descrizione.clone(), v.importo, v.stato.clone()))
                .collect(),
        },
        (Err(_), vista) => {
            let id = vista
                .as_ref()
                .map(|v| &v.id_dominio)
                .or(first.map(|t| &t.id_dominio));
            let id = id.cloned().unwrap_or_default();
            let key = |of: fn(&PendenzaVista) -> &String, or: fn(&PagamentoVisto) -> &String| {
                vista
                    .as_ref()
                    .map(of)
                    .or(first.map(or))
                    .cloned()
                    .unwrap_or_default()
            };
            Dati {
                id_a2a: key(|v| &v.id_a2a, |t| &t.id_a2a),
                id_pendenza: key(|v| &v.id_pendenza, |t| &t.id_pendenza),
                ente: banco.app.ente(&id).to_owned(),
                id_dominio: id,
                causale: None,
                numero_avviso: vista
                    .as_ref()
                    .and_then(|v| v.numero_avviso.clone())
                    .or(first.and_then(|t| t.numero_avviso.clone())),
                iuv: vista
                    .as_ref()
                    .and_then(|v| v.iuv.clone())
                    .or(first.map(|t| t.iuv.clone())),
                importo: vista
                    .as_ref()
                    .map(PendenzaVista::importo)
                    .or(first.map(PagamentoVisto::importo))
                    .unwrap_or_default(),
                importo_pagato: None,
                stato: vista.as_ref().map(|v| v.stato.clone()).unwrap_or_default(),
                descrizione_stato: None,
                scadenza: None,
                pagatore: None,
                voci: vec![],
            }
        }
    }
}

/// The attempts that the console saw, brought up to what the core says of them, and those that only
/// the core knows; newest first. Nothing of it is stored.
pub fn with_core(
    mut seen: Vec<PagamentoVisto>,
    rpp: &[Rpp],
    banco: &Banco,
    dati: &Dati,
    now: DateTime<Utc>,
) -> Vec<PagamentoVisto> {
    let quando = Quando::new(now, "~");
    for rpp in rpp {
        let Some((_, iuv, ccp)) = ricostruzione::keys(rpp) else {
            continue;
        };
        let known = seen.iter().position(|t| t.iuv == iuv && t.ccp == ccp);
        let at = known.unwrap_or_else(|| {
            let begun = rpp.data_rpt.unwrap_or(now).naive_utc();
            seen.push(PagamentoVisto::unseen(&dati.id_dominio, &iuv, &ccp, begun));
            seen.len() - 1
        });
        let (first, last) = (seen[at].primo_at, seen[at].ultimo_at);
        let importo = known.is_none().then(|| dati.importo.cents());
        let notizia = ricostruzione::notizia(rpp, &banco.app.tenant, importo);
        seen[at].applica(&notizia, &quando);
        let of_rt = rpp.data_rt.map_or(last, |at| at.naive_utc());
        (seen[at].primo_at, seen[at].ultimo_at) = (first, last.max(of_rt));
    }
    seen.sort_by_key(|t| std::cmp::Reverse(t.primo_at));
    seen
}

/// The exchanges of the giornale: by pendenza, and by IUV for those that came before the core knew
/// which pendenza they were about.
pub async fn giornale(
    banco: &Banco,
    dati: &Dati,
    tentativi: &[PagamentoVisto],
) -> ClientResult<Vec<Evento>> {
    let by_pendenza = FiltroEventi {
        risultati_per_pagina: Some(EVENTI),
        id_a2a: Some(dati.id_a2a.clone()),
        id_pendenza: Some(dati.id_pendenza.clone()),
        ..FiltroEventi::default()
    };
    let iuv = dati
        .iuv
        .clone()
        .or(tentativi.first().map(|t| t.iuv.clone()));
    let by_iuv = iuv.map(|iuv| FiltroEventi {
        risultati_per_pagina: Some(EVENTI),
        id_dominio: Some(dati.id_dominio.clone()),
        iuv: Some(iuv),
        ..FiltroEventi::default()
    });
    let core = &banco.app.core;
    let (first, second) = futures_util::future::join(core.list_eventi(&by_pendenza), async {
        match &by_iuv {
            Some(filtro) => core.list_eventi(filtro).await.map(|list| list.risultati),
            None => Ok(vec![]),
        }
    })
    .await;
    let mut all = first?.risultati;
    all.append(&mut second?);
    all.retain(|e| {
        e.id_dominio
            .as_deref()
            .is_none_or(|id| banco.chi.visibili.sees(id))
    });
    Ok(all)
}

/// The waiting attempt that keeps other payers out.
pub fn occupata(
    banco: &Banco,
    tentativi: &[PagamentoVisto],
    now: DateTime<Utc>,
) -> Option<Occupata> {
    let waiting = tentativi.iter().find(|t| t.in_attesa)?;
    let origine = match waiting.tipo {
        Some(1) => Origine::PortaleImmediato,
        Some(2) => Origine::PortaleDifferito,
        Some(3) => {
            let tenant = &banco.app.tenant;
            let stazione = tenant
                .dominio(&waiting.id_dominio)
                .and_then(|d| tenant.stazione(&d.stazione));
            match stazione.map(|s| s.versione) {
                Some(VersioneStazione::V2) => Origine::PspV2,
                _ => Origine::PspV1,
            }
        }
        _ => return None,
    };
    let da = waiting.primo_at.and_utc();
    let fino_a = da + origine.hold();
    let psp = waiting.id_psp.as_deref().map(|id| banco.app.psp(id));
    let chi = psp.unwrap_or(&waiting.ccp).to_owned();
    (fino_a > now).then_some(Occupata { da, fino_a, chi })
}
