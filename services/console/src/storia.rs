//! The story of a pendenza: what the core wrote in its giornale and what passed by the bus, in one
//! line of time. Pure: pages ask and show.

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Rome;
use govpay_api::Evento;
use serde_json::Value;

use crate::visti::EventoBus;

/// Where a step is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fonte {
    /// Written by the core.
    Core,
    /// Passed by the bus.
    Bus,
}

/// Who spoke to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corsia {
    CoreNodo,
    NodoCore,
    PortaleCore,
    GestionaleCore,
    OperatoreCore,
    CoreEnte,
    Core,
    Bus,
}

impl Corsia {
    /// By the interface of the core and the side that it played.
    fn of(componente: &str, ruolo: Option<&str>) -> Self {
        let client = ruolo == Some("CLIENT");
        match componente {
            "API_PAGOPA" if client => Self::CoreNodo,
            "API_PAGOPA" => Self::NodoCore,
            "API_PAGAMENTO" => Self::PortaleCore,
            "API_PENDENZE" | "API_RAGIONERIA" => Self::GestionaleCore,
            "API_BACKOFFICE" | "API_USER" => Self::OperatoreCore,
            "API_ENTE" => Self::CoreEnte,
            _ => Self::Core,
        }
    }

    /// Key of its name in the catalog.
    pub fn key(self) -> &'static str {
        match self {
            Self::CoreNodo => "corsia-core-nodo",
            Self::NodoCore => "corsia-nodo-core",
            Self::PortaleCore => "corsia-portale-core",
            Self::GestionaleCore => "corsia-gestionale-core",
            Self::OperatoreCore => "corsia-operatore-core",
            Self::CoreEnte => "corsia-core-ente",
            Self::Core => "corsia-core",
            Self::Bus => "corsia-bus",
        }
    }
}

/// One line of the story.
#[derive(Clone, Debug)]
pub struct Passo {
    pub at: DateTime<Utc>,
    pub fonte: Fonte,
    pub corsia: Corsia,
    /// Operation or key of the event.
    pub titolo: String,
    /// `OK`, `KO`, `FAIL`; of the core's only.
    pub esito: Option<String>,
    /// Milliseconds; of the core's only.
    pub durata: Option<i64>,
    pub dettaglio: String,
    pub ccp: Option<String>,
    /// Id in the giornale, to open request and response.
    pub id_evento: Option<i64>,
}

impl Passo {
    /// `15/01/2026 11:00:00.123` in Rome.
    pub fn quando(&self) -> String {
        self.at
            .with_timezone(&Rome)
            .format("%d/%m/%Y %H:%M:%S%.3f")
            .to_string()
    }

    /// For programs.
    pub fn iso(&self) -> String {
        self.at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
    }

    /// Class of the line: how it went.
    pub fn class(&self) -> &'static str {
        match self.esito.as_deref() {
            Some("KO" | "FAIL") => "fallito",
            Some(_) => "fatto",
            None => "da-fare",
        }
    }

    pub fn is_core(&self) -> bool {
        self.fonte == Fonte::Core
    }
}

/// Both sources in order of time; at the same millisecond the core comes first.
pub fn storia(eventi: &[Evento], bus: &[EventoBus]) -> Vec<Passo> {
    let mut steps: Vec<Passo> = eventi
        .iter()
        .map(of_core)
        .chain(bus.iter().map(of_bus))
        .collect();
    steps.sort_by_key(|step| (step.at, step.fonte, step.id_evento));
    steps.dedup_by(|a, b| a.id_evento.is_some() && a.id_evento == b.id_evento);
    steps
}

fn of_core(evento: &Evento) -> Passo {
    let parts = [
        &evento.sottotipo_evento,
        &evento.sottotipo_esito,
        &evento.dettaglio_esito,
    ];
    let parts = parts.into_iter().flatten().map(String::as_str);
    Passo {
        at: evento.data_evento,
        fonte: Fonte::Core,
        corsia: Corsia::of(&evento.componente, evento.ruolo.as_deref()),
        titolo: evento.tipo_evento.clone(),
        esito: Some(evento.esito.clone()),
        durata: Some(evento.durata_evento),
        dettaglio: parts.collect::<Vec<_>>().join(" · "),
        ccp: evento.ccp.clone(),
        id_evento: Some(evento.id),
    }
}

fn of_bus(row: &EventoBus) -> Passo {
    let dati: Value = serde_json::from_str(&row.dati).unwrap_or_default();
    let parts = [
        "stato",
        "statoRpt",
        "esito",
        "importo",
        "importoPagato",
        "idPsp",
    ];
    let parts = parts.iter().filter_map(|key| dati.get(key)?.as_str());
    let anomala = dati.get("anomala").and_then(Value::as_bool) == Some(true);
    let parts = parts.chain(anomala.then_some("anomala"));
    Passo {
        at: row.occurred_at.and_utc(),
        fonte: Fonte::Bus,
        corsia: Corsia::Bus,
        titolo: row.chiave.clone(),
        esito: None,
        durata: None,
        dettaglio: parts.collect::<Vec<_>>().join(" · "),
        ccp: row.ccp.clone(),
        id_evento: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evento(id: i64, tipo: &str, at: &str) -> Evento {
        let text = format!(
            r#"{{"id":{id},"componente":"API_PAGOPA","categoriaEvento":"INTERFACCIA","ruolo":"CLIENT",
            "tipoEvento":"{tipo}","esito":"KO","dataEvento":"{at}","durataEvento":12,
            "sottotipoEsito":"PPT_SEMANTICA","dettaglioEsito":"importo"}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn both_sources_are_one_line_of_time_and_an_exchange_told_twice_counts_once() {
        let at: DateTime<Utc> = "2026-01-15T10:00:00.500Z".parse().unwrap();
        let bus = EventoBus {
            id: 1,
            event_id: "e".into(),
            chiave: "pagamento.stato".into(),
            source: "govpay-core".into(),
            occurred_at: at.naive_utc(),
            ricevuto_at: at.naive_utc(),
            id_dominio: None,
            id_a2a: None,
            id_pendenza: None,
            iuv: None,
            ccp: Some("n/a".into()),
            trace_id: None,
            dati: r#"{"stato":"IN_CORSO","statoRpt":"RPT_ATTIVATA","importo":"12.50"}"#.into(),
        };
        let late = evento(2, "paaInviaRT", "2026-01-15T10:00:01.001Z");
        let early = evento(1, "nodoInviaRPT", "2026-01-15T10:00:00.500Z");
        let steps = storia(&[late.clone(), early, late], &[bus]);
        let titles: Vec<&str> = steps.iter().map(|s| s.titolo.as_str()).collect();
        assert_eq!(titles, ["nodoInviaRPT", "pagamento.stato", "paaInviaRT"]);
        assert_eq!(steps[0].dettaglio, "PPT_SEMANTICA · importo");
        assert_eq!(steps[1].dettaglio, "IN_CORSO · RPT_ATTIVATA · 12.50");
        assert_eq!(steps[2].quando(), "15/01/2026 11:00:01.001");
        assert_eq!(steps[0].class(), "fallito");
    }

    #[test]
    fn the_lane_says_who_called_whom() {
        assert_eq!(Corsia::of("API_PAGOPA", Some("CLIENT")), Corsia::CoreNodo);
        assert_eq!(Corsia::of("API_PAGOPA", Some("SERVER")), Corsia::NodoCore);
        assert_eq!(Corsia::of("GOVPAY", None), Corsia::Core);
    }
}
