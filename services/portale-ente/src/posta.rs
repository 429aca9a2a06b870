//! The words of the e-mails. In this environment none leaves: they are kept and shown at `/posta`.

use chrono::{DateTime, Utc};
use domain::{Email, EsitoPagamento};
use uuid::Uuid;

use crate::sessione::{Messaggio, Sessione};

/// The message that tells the outcome of a payment; `None` without an address or a receipt.
pub fn ricevuta(sessione: &Sessione, link: &str, now: DateTime<Utc>) -> Option<Messaggio> {
    let email = sessione
        .email
        .as_deref()
        .and_then(|text| Email::parse(text).ok())?;
    let esito = sessione.esito()?;
    let numero = &sessione.numero_avviso;
    let money = match (esito, sessione.importo_pagato()) {
        (esito, Some(importo)) if esito.money_moved() => {
            format!("Importo pagato: {} €.", importo.italiano())
        }
        (EsitoPagamento::NonEseguito | EsitoPagamento::Decorrenza, _) => {
            "Non è stato addebitato nulla: puoi riprovare quando vuoi.".to_owned()
        }
        _ => "Importo pagato: lo trovi nella ricevuta.".to_owned(),
    };
    let testo = format!(
        "{}\n\nAvviso {numero}\n{}\n{}\n{money}\n\nLa Ricevuta Telematica si scarica da questa pagina:\n{link}\n",
        esito.label(),
        sessione.ente,
        sessione.causale,
    );
    Some(Messaggio {
        id: Uuid::now_v7().to_string(),
        sessione_id: sessione.id.clone(),
        destinatario: email.as_str().to_owned(),
        oggetto: format!(
            "Ricevuta Telematica dell'avviso {numero}: {}",
            esito.label().to_lowercase()
        ),
        testo,
        creato_at: now.naive_utc(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sessione::{Avviso, Ricevuta};
    use domain::Importo;

    #[test]
    fn the_message_tells_outcome_money_and_page_and_needs_an_address() {
        let now = DateTime::from_timestamp(1_770_000_000, 0).unwrap();
        let avviso = Avviso {
            id_dominio: "12345678903".into(),
            ente: "Comune di Valtorbida".into(),
            numero_avviso: "301000000000004285".into(),
            causale: "Mensa".into(),
            importo: Importo::parse("1234.50").unwrap(),
        };
        let mut sessione = Sessione::nuova("s".into(), "k".into(), "b".into(), avviso, now);
        sessione.applica_rt(
            &Ricevuta {
                iuv: "01000000000004285".into(),
                ccp: "c".into(),
                esito: EsitoPagamento::Eseguito,
                importo_pagato: Importo::parse("1234.50").ok(),
                anomala: false,
            },
            now,
        );
        assert!(ricevuta(&sessione, "http://p/s", now).is_none());
        sessione.email = Some("laura@esempio.it".into());
        let messaggio = ricevuta(&sessione, "http://p/s", now).unwrap();
        assert!(messaggio.testo.contains("1.234,50 €") && messaggio.testo.contains("http://p/s"));
        assert!(messaggio.oggetto.ends_with("pagamento eseguito"));
    }
}
