//! Sums of what was collected, and the money that is still to reach the treasury.

use actix_web::{HttpRequest, web};
use domain::riscossione::{StatoRiscossione, TipoRiscossione};
use domain::tempo::giorno;
use govpay_api::anagrafica::Servizio;
use govpay_api::{
    Applicazione, EntrataPrevista, StatisticaQuadratura, TipoPendenza, Totale, UnitaOperativa,
};
use platform::StoreResult;

use super::App;
use super::auth::Operatore;
use super::domanda::{Domanda, MAX_BACKOFFICE};
use super::lettura::importo;
use super::riscossioni::{dominio_in_elenco, filtro_backoffice};
use super::risposta::Risposta;
use super::tentativi::forma;
use crate::anagrafica::ApplicazioneRow;
use crate::pagamenti::Errore;
use crate::pendenza::DominioRow;
use crate::riscossione::{ElencoRiscossioni, FiltroRiscossioni, Gruppo, Riscossa, Somma};

/// How much was collected, per group of `gruppi`.
pub async fn riscossioni(app: web::Data<App>, caller: Operatore, req: HttpRequest) -> Risposta {
    let chiamante = caller.legge(Servizio::Rendicontazioni)?;
    let d = Domanda::new(&req, MAX_BACKOFFICE);
    let names = Gruppo::ALL.map(Gruppo::name);
    let gruppi = d.parole("gruppi", Gruppo::parse, &names)?;
    if gruppi.is_empty() {
        let text = format!(
            "gruppi: il parametro è obbligatorio; valori: {}",
            names.join(", ")
        );
        return Err(Errore::richiesta(text).into());
    }
    let filtro = filtro_backoffice(&chiamante, &d)?;
    let taglio = d.taglio()?;
    let db = &app.pagamenti.db;
    let fetta = db.somma_riscossioni(filtro, gruppi.clone(), taglio).await?;
    let domini = match gruppi.contains(&Gruppo::Dominio) {
        true => db.list_enti(chiamante.domini).await?,
        false => vec![],
    };
    let applicazioni = match gruppi.contains(&Gruppo::Applicazione) {
        true => db.list_applicazioni().await?,
        false => vec![],
    };
    let rows = fetta
        .rows
        .iter()
        .map(|somma| statistica(somma, &domini, &applicazioni));
    d.rispondi(fetta.con(rows.collect()))
}

fn statistica(
    somma: &Somma,
    domini: &[DominioRow],
    applicazioni: &[ApplicazioneRow],
) -> StatisticaQuadratura {
    let text = |gruppo| somma.di(gruppo).cloned();
    let dominio = somma.di(Gruppo::Dominio);
    let dominio = dominio.and_then(|id| domini.iter().find(|row| row.id_dominio == *id));
    let applicazione = somma.di(Gruppo::Applicazione);
    let applicazione =
        applicazione.and_then(|id| applicazioni.iter().find(|row| row.id_a2a == *id));
    StatisticaQuadratura {
        numero_pagamenti: somma.numero,
        importo: Totale {
            cents: somma.importo,
        },
        direzione: text(Gruppo::Direzione),
        divisione: text(Gruppo::Divisione),
        tassonomia: text(Gruppo::Tassonomia),
        tipo_pendenza: text(Gruppo::TipoPendenza).map(|id| TipoPendenza {
            descrizione: id.clone(),
            id_tipo_pendenza: id,
            tipo: Some(somma.tipo.clone()),
        }),
        dominio: dominio.map(dominio_in_elenco),
        // No office has a name of its own yet.
        unita_operativa: text(Gruppo::UnitaOperativa).map(|id| UnitaOperativa {
            ragione_sociale: id.clone(),
            id_unita: id,
        }),
        applicazione: applicazione.map(|row| Applicazione {
            id_a2a: row.id_a2a.clone(),
            principal: row.principal.clone(),
            abilitato: row.abilitato,
        }),
    }
}

/// What was paid and has not been found in the treasury.
pub async fn entrate_previste(
    app: web::Data<App>,
    caller: Operatore,
    req: HttpRequest,
) -> Risposta {
    forma(&req, &[("application/json", ())])?;
    let d = Domanda::new(&req, MAX_BACKOFFICE);
    let elenco = ElencoRiscossioni {
        filtro: FiltroRiscossioni {
            domini: caller.legge(Servizio::Rendicontazioni)?.domini,
            id_dominio: d.testo("idDominio")?,
            stato: Some(StatoRiscossione::Riscossa),
            tipi: vec![TipoRiscossione::Entrata],
            data_da: d.da("dataDa")?,
            data_a: d.fino_a("dataA")?,
            ..FiltroRiscossioni::default()
        },
        ordine: vec![],
        taglio: d.taglio()?,
    };
    let fetta = app.pagamenti.db.list_riscossioni(elenco).await?;
    let rows = fetta.rows.iter().map(entrata);
    d.rispondi(fetta.con(rows.collect::<StoreResult<Vec<_>>>()?))
}

fn entrata(r: &Riscossa) -> StoreResult<EntrataPrevista> {
    let (row, of, voce) = (&r.row, &r.pendenza, r.voce.as_ref());
    Ok(EntrataPrevista {
        id_dominio: row.id_dominio.clone(),
        iuv: row.iuv.clone(),
        iur: row.iur.clone(),
        importo_pagato: importo(row.importo)?,
        data_pagamento: giorno(row.data_pagamento.and_utc()),
        id_voce_pendenza: voce.map(|voce| voce.id_voce_pendenza.clone()),
        indice: voce.map(|voce| voce.indice),
        id_pendenza: of.id_pendenza.clone(),
        id_a2a: of.id_a2a.clone(),
        id_tipo_pendenza: of.id_tipo_pendenza.clone(),
        id_entrata: voce.and_then(|voce| voce.id_entrata.clone()),
        identificativo_debitore: of.soggetto_identificativo.clone(),
        anno: of
            .anno_riferimento
            .as_deref()
            .and_then(|anno| anno.parse().ok()),
    })
}
