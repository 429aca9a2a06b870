//! The projection made again from what the core says.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use platform::StoreResult;

use super::{Conn, ext, pagamenti, pendenze};
use crate::schema::{pagamenti_visti, pendenze_viste};
use crate::visti::{Notizia, PendenzaVista, Quando};

pub fn proiezione_vuota(c: &mut Conn) -> StoreResult<bool> {
    let pagamento = pagamenti_visti::table.select(pagamenti_visti::id).limit(1);
    let pendenza = pendenze_viste::table
        .select(pendenze_viste::id_pendenza)
        .limit(1);
    Ok(pagamento.load::<i64>(c)?.is_empty() && pendenza.load::<String>(c)?.is_empty())
}

/// `quando`: before the core was asked, so that every event that happened later is newer than what
/// it said. Each of `tentativi` comes with when it began.
pub fn ricostruisci(
    c: &mut Conn,
    svuota: bool,
    tentativi: Vec<(Notizia, NaiveDateTime)>,
    pendenze: Vec<PendenzaVista>,
    quando: Quando,
) -> StoreResult<()> {
    ext::write_tx(c, |c| {
        if svuota {
            let old = pagamenti_visti::table
                .filter(pagamenti_visti::stato_ordine.lt(&quando.ordine))
                .filter(pagamenti_visti::rt_ordine.lt(&quando.ordine));
            diesel::delete(old).execute(c)?;
            let old = pendenze_viste::table.filter(pendenze_viste::ordine.lt(&quando.ordine));
            diesel::delete(old).execute(c)?;
        }
        for (notizia, primo_at) in &tentativi {
            let quando = Quando {
                at: quando.at.min(*primo_at),
                ordine: quando.ordine.clone(),
            };
            pagamenti::merge_pagamento(c, notizia, &quando)?;
        }
        for pendenza in &pendenze {
            pendenze::merge_pendenza(c, pendenza)?;
        }
        Ok(())
    })
}
