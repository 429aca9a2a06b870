//! A tracciato of the Loader in the words of the Backoffice.

use domain::StatoTracciato;
use govpay_api::Dominio;
use govpay_api::tracciato::{OperazionePendenza, StatoTracciatoPendenza, TracciatoIndex};

use crate::app::App;
use crate::core::Richiesta;
use crate::lettura::RigaLetta;
use crate::scarica::govpay;
use crate::tracciato::{EsitoRiga, Tracciato};

/// Longest descrizioneStato.
const DESCRIZIONE_MAX: usize = 256;

/// The state that the Backoffice shows.
pub fn stato(stato: Option<StatoTracciato>) -> StatoTracciatoPendenza {
    match stato {
        Some(StatoTracciato::Nuovo) => StatoTracciatoPendenza::InAttesa,
        Some(StatoTracciato::ValidazioneKo) => StatoTracciatoPendenza::Scartato,
        Some(StatoTracciato::CaricamentoOk) => StatoTracciatoPendenza::Eseguito,
        Some(StatoTracciato::CaricamentoKo) => StatoTracciatoPendenza::EseguitoConErrori,
        _ => StatoTracciatoPendenza::InElaborazione,
    }
}

/// The states of the Loader that it shows so.
pub fn stati(chiesto: StatoTracciatoPendenza) -> Vec<StatoTracciato> {
    let tutti = StatoTracciato::ALL.into_iter();
    tutti.filter(|s| stato(Some(*s)) == chiesto).collect()
}

/// `id_dominio`: the body that the tracciato is of, when it is of one.
pub fn index(app: &App, t: &Tracciato, id_dominio: Option<&str>) -> TracciatoIndex {
    let stato = stato(StatoTracciato::parse(&t.nome_stato));
    // Nothing of a tracciato that was thrown away counts.
    let scartato = stato == StatoTracciatoPendenza::Scartato;
    let conta = |n: i64| if scartato { 0 } else { n };
    let (eseguite, fallite) = match t.caricamento_at {
        Some(_) => (t.righe_caricate, t.righe_in_errore),
        None => (0, 0),
    };
    let descrizione = t.motivo.as_deref().or(t.nota.as_deref());
    let date = [
        t.concluso_at,
        t.caricamento_at,
        t.validato_at,
        t.validazione_at,
    ];
    let aggiornato = date.into_iter().flatten().next().unwrap_or(t.caricato_at);
    let operatore = app.operatori.find(&t.operatore).map(|o| o.nome.clone());
    TracciatoIndex {
        id: t.id,
        nome_file: t.nome_file.clone(),
        dominio: t
            .id_dominio
            .as_deref()
            .or(id_dominio)
            .and_then(|id| ente(app, id)),
        data_ora_caricamento: t.caricato_at.and_utc(),
        stato,
        descrizione_stato: descrizione.map(|d| d.chars().take(DESCRIZIONE_MAX).collect()),
        numero_operazioni_totali: conta(t.righe),
        numero_operazioni_eseguite: conta(eseguite),
        numero_operazioni_fallite: conta(fallite),
        operatore_mittente: operatore.unwrap_or_else(|| t.operatore.clone()),
        data_ora_ultimo_aggiornamento: aggiornato.and_utc(),
        stampa_avvisi: t.stampa_avvisi,
    }
}

/// A body as lists show it.
pub fn ente(app: &App, id: &str) -> Option<Dominio> {
    let d = app.tenant.dominio(id)?;
    let sotto = |cosa: &str| Some(format!("/domini/{id}/{cosa}"));
    Some(Dominio {
        id_dominio: id.to_owned(),
        ragione_sociale: d.ragione_sociale.clone(),
        gln: Some(d.gln.clone().unwrap_or_default()),
        stazione: Some(d.stazione.clone()),
        abilitato: Some(true),
        scarica_fr: Some(true),
        unita_operative: sotto("unitaOperative"),
        conti_accredito: sotto("contiAccredito"),
        entrate: sotto("entrate"),
        tipi_pendenza: sotto("tipiPendenza"),
        ..Dominio::default()
    })
}

/// A row that has been worked on.
pub fn operazione(app: &App, letta: &RigaLetta, esito: &EsitoRiga) -> OperazionePendenza {
    let (tipo_operazione, stato) = govpay::parole(esito.esito);
    let chiave = &letta.chiave;
    let pieno = |testo: &str| Some(crate::righe::corto(testo)).filter(|t| !t.is_empty());
    let soggetto_pagatore = match &letta.richiesta {
        Some(Richiesta::Inserimento { corpo, .. }) => corpo.soggetto_pagatore.clone(),
        _ => None,
    };
    OperazionePendenza {
        tipo_operazione,
        stato,
        descrizione_stato: govpay::descrizione(esito),
        ente_creditore: ente(app, &chiave.id_dominio),
        soggetto_pagatore,
        applicazione: pieno(&chiave.id_a2a),
        identificativo_pendenza: pieno(&chiave.id_pendenza),
        numero_avviso: esito.numero_avviso.clone(),
        numero: letta.numero,
        risposta: govpay::operazione(letta, esito),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_of_the_loader_is_one_of_the_backoffice_and_back() {
        use StatoTracciato as S;
        use StatoTracciatoPendenza as P;
        assert_eq!(stati(P::InAttesa), [S::Nuovo]);
        assert_eq!(
            stati(P::InElaborazione),
            [S::InValidazione, S::ValidazioneOk, S::InCaricamento]
        );
        assert_eq!(stati(P::Scartato), [S::ValidazioneKo]);
        assert_eq!(stati(P::Eseguito), [S::CaricamentoOk]);
        assert_eq!(stati(P::EseguitoConErrori), [S::CaricamentoKo]);
        assert!(stati(P::ElaborazioneStampa).is_empty());
    }
}
