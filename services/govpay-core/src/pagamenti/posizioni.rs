//! The pendenze that a session is to pay: found, asked from their gestionale where that is needed, and
//! shown to none but who may pay them.

use domain::NumeroAvviso;
use govpay_api::{Categoria, PendenzaDaPagare};

use super::{Chiamante, Errore, Persona};
use crate::ente::{Mancata, Verificata};
use crate::invio::Pagamenti;
use crate::posizione::Posizione;

/// The positions, and the ids of those whose gestionale was asked just now.
pub async fn posizioni(
    p: &Pagamenti,
    chiamante: &Chiamante,
    asked: &[PendenzaDaPagare],
) -> Result<(Vec<Posizione>, Vec<i64>), Errore> {
    if !(1..=5).contains(&asked.len()) {
        let text = format!("pendenze: da 1 a 5, ne sono state indicate {}", asked.len());
        return Err(Errore::richiesta(text));
    }
    let mut found: Vec<Posizione> = Vec::with_capacity(asked.len());
    let mut verificate = vec![];
    for (i, pendenza) in asked.iter().enumerate() {
        let posizione = posizione(p, chiamante, i, pendenza).await?;
        let Verificata {
            posizione,
            verificata,
        } = posizione.ok_or_else(|| {
            let text =
                format!("pendenze[{i}]: nessuna pendenza corrisponde ai riferimenti indicati");
            Errore::operazione("VER_008", "Pendenza sconosciuta", text)
        })?;
        if found
            .iter()
            .any(|other| other.pendenza.id == posizione.pendenza.id)
        {
            return Err(Errore::richiesta(format!(
                "pendenze[{i}]: indicata due volte"
            )));
        }
        verificate.extend(verificata.then_some(posizione.pendenza.id));
        found.push(posizione);
    }
    Ok((found, verificate))
}

/// Whether it is enough to name the pendenza: for who is unknown, who names its debtor too. A citizen
/// pays its own debts only.
fn ammessa(chiamante: &Chiamante, i: usize, asked: &PendenzaDaPagare) -> Result<bool, Errore> {
    match &chiamante.persona {
        Persona::Utenza => Ok(false),
        Persona::Cittadino(own) => match asked.id_debitore.as_deref().map(str::trim) {
            Some(other) if !other.eq_ignore_ascii_case(own.as_str()) => {
                let text = format!(
                    "pendenze[{i}].idDebitore: il cittadino autenticato paga solo i propri debiti"
                );
                Err(Errore::operazione(
                    "CIT_003",
                    "Il debitore è un altro",
                    text,
                ))
            }
            _ => Ok(false),
        },
        Persona::Anonima => {
            let named = asked.id_dominio.is_some()
                && asked.numero_avviso.is_some()
                && asked.id_debitore.is_some();
            named.then_some(true).ok_or_else(|| {
                let text = format!(
                    "pendenze[{i}]: chi non si è autenticato indica idDominio, numeroAvviso e idDebitore"
                );
                let title = "Richiesta non autorizzata";
                Errore::new(403, Categoria::Autorizzazione, "403000", title, text)
            })
        }
    }
}

/// The position that is meant, when the caller may see it. One that nobody loaded, or with data past
/// their validity, is asked from its gestionale.
async fn posizione(
    p: &Pagamenti,
    chiamante: &Chiamante,
    i: usize,
    asked: &PendenzaDaPagare,
) -> Result<Option<Verificata>, Errore> {
    let proven = ammessa(chiamante, i, asked)?;
    let debitore = asked.id_debitore.as_deref();
    let (found, missing) = match (
        &asked.id_dominio,
        &asked.numero_avviso,
        &asked.id_a2a,
        &asked.id_pendenza,
    ) {
        (Some(dominio), Some(numero), _, _) => {
            if !chiamante.riguarda(dominio.as_str()) {
                return Ok(None);
            }
            let found =
                p.db.posizione_by_avviso(dominio.to_string(), numero.to_string());
            match found.await? {
                Some(known) => (Some(known), None),
                None => (None, cercata(p, chiamante, dominio.as_str(), numero).await?),
            }
        }
        (_, _, Some(id_a2a), Some(id_pendenza)) => {
            let found = p.db.posizione_by_key(id_a2a.clone(), id_pendenza.clone());
            match found.await? {
                Some(known) => (Some(known), None),
                None => {
                    let vede = |dominio: &str| chiamante.sees(dominio);
                    (None, p.cerca_chiave(id_a2a, id_pendenza, vede).await?)
                }
            }
        }
        _ => {
            let text = format!(
                "pendenze[{i}]: indicare idDominio e numeroAvviso, oppure idA2A e idPendenza, \
                 oppure la pendenza intera o i dati di un modulo (idDominio, idTipoPendenza, dati)"
            );
            return Err(Errore::richiesta(text));
        }
    };
    let wanted = |posizione: &Posizione| {
        let by_avviso = asked.id_dominio.is_some() && asked.numero_avviso.is_some();
        let row = &posizione.pendenza;
        let visible = match &chiamante.persona {
            Persona::Utenza => chiamante.sees(&row.id_dominio),
            Persona::Cittadino(own) => row.soggetto_identificativo.as_deref() == Some(own.as_str()),
            Persona::Anonima => proven,
        };
        visible && (!by_avviso || is_debitore(posizione, debitore))
    };
    match found.filter(|known| wanted(known)) {
        Some(known) => Ok(Some(p.verificata(known).await?)),
        None => Ok(missing.filter(|read| wanted(&read.posizione))),
    }
}

/// An avviso that nobody loaded, asked from its gestionale. Why it has none is told to those who work for
/// the body: to others it is as one that is not theirs.
async fn cercata(
    p: &Pagamenti,
    chiamante: &Chiamante,
    id_dominio: &str,
    numero: &NumeroAvviso,
) -> Result<Option<Verificata>, Errore> {
    match p.cerca_avviso(id_dominio, numero).await {
        Err(Mancata::Ente(_)) if chiamante.persona != Persona::Utenza => Ok(None),
        found => Ok(Some(found?)),
    }
}

/// A portal may ask that the avviso be of that debtor.
fn is_debitore(posizione: &Posizione, id_debitore: Option<&str>) -> bool {
    let own = posizione
        .pendenza
        .soggetto_identificativo
        .as_deref()
        .unwrap_or("ANONIMO");
    id_debitore.is_none_or(|id| id.trim().eq_ignore_ascii_case(own))
}
