//! The archive's first contents, sown from the tenant file.

use diesel::prelude::*;
use platform::StoreResult;

use super::{Conn, ext};
use crate::anagrafica::Semina;
use crate::schema::{
    applicazioni, conti, domini, entrate, intermediari, operatori, stazioni, tipi_entrata,
    tipi_pendenza, tipi_pendenza_dominio,
};

/// Sows an empty archive, in one transaction; an archive with somebody in it is left as it is.
/// Returns whether it sowed.
pub fn semina(c: &mut Conn, semina: Semina) -> StoreResult<bool> {
    macro_rules! sow {
        ($c:ident: $($table:ident = $rows:expr),+ $(,)?) => {
            $(diesel::insert_into($table::table).values($rows).execute($c)?;)+
        };
    }
    ext::write_tx(c, |c| {
        if operatori::table.count().get_result::<i64>(c)? > 0 {
            return Ok(false);
        }
        sow!(c:
            intermediari = &semina.intermediari,
            stazioni = &semina.stazioni,
            domini = &semina.domini,
            conti = &semina.conti,
            tipi_entrata = &semina.tipi_entrata,
            entrate = &semina.entrate,
            tipi_pendenza = &semina.tipi_pendenza,
            tipi_pendenza_dominio = &semina.tipi_pendenza_dominio,
            applicazioni = &semina.applicazioni,
            operatori = &semina.operatori,
        );
        Ok(true)
    })
}

/// Whether nobody was sown yet.
pub fn is_empty(c: &mut Conn) -> StoreResult<bool> {
    Ok(operatori::table.count().get_result::<i64>(c)? == 0)
}
