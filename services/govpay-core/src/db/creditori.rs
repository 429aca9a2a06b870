//! Brokers and stations; bodies with their offices, accounts, entrate and kinds of debt.

use diesel::prelude::*;
use platform::StoreResult;

use super::{Conn, ext};
use crate::anagrafica::{
    RigaConto, RigaDominio, RigaEntrata, RigaIntermediario, RigaStazione, RigaTipoEntrata,
    RigaTipoPendenza, RigaTipoPendenzaDominio, RigaUnitaOperativa,
};
use crate::pendenza::DominioRow;
use crate::schema::{
    conti, domini, entrate, intermediari, stazioni, tipi_entrata, tipi_pendenza,
    tipi_pendenza_dominio, unita_operative,
};
use crate::tentativo::Visibili;

/// Queries of a resource: `put` writes the row over the one with its key and says whether it is new,
/// `find` reads one, `list` reads all in the order of their keys.
macro_rules! risorsa {
    ($row:ident in $table:ident by $key:ident: $put:ident, $find:ident, $list:ident) => {
        risorsa!($row in $table by $key: $put, $find);
        pub fn $list(c: &mut Conn) -> StoreResult<Vec<$row>> {
            let rows = $table::table.order($table::$key);
            Ok(rows.select($row::as_select()).load(c)?)
        }
    };
    ($row:ident in $table:ident by $key:ident: $put:ident, $find:ident) => {
        pub fn $put(c: &mut Conn, row: $row) -> StoreResult<bool> {
            ext::write_tx(c, |c| {
                let known = $table::table.find(&row.$key).count().get_result::<i64>(c)?;
                diesel::insert_into($table::table)
                    .values(&row)
                    .on_conflict($table::$key)
                    .do_update()
                    .set(&row)
                    .execute(c)?;
                Ok(known == 0)
            })
        }
        pub fn $find(c: &mut Conn, key: String) -> StoreResult<Option<$row>> {
            let row = $table::table.find(key).select($row::as_select());
            Ok(row.first(c).optional()?)
        }
    };
    ($row:ident in $table:ident of id_dominio by $key:ident: $put:ident, $find:ident, $list:ident) => {
        pub fn $put(c: &mut Conn, row: $row) -> StoreResult<bool> {
            ext::write_tx(c, |c| {
                let key = (&row.id_dominio, &row.$key);
                let known = $table::table.find(key).count().get_result::<i64>(c)?;
                diesel::insert_into($table::table)
                    .values(&row)
                    .on_conflict(($table::id_dominio, $table::$key))
                    .do_update()
                    .set(&row)
                    .execute(c)?;
                Ok(known == 0)
            })
        }
        pub fn $find(c: &mut Conn, id_dominio: String, key: String) -> StoreResult<Option<$row>> {
            let row = $table::table.find((id_dominio, key)).select($row::as_select());
            Ok(row.first(c).optional()?)
        }
        pub fn $list(c: &mut Conn, id_dominio: String) -> StoreResult<Vec<$row>> {
            let rows = $table::table.filter($table::id_dominio.eq(id_dominio));
            Ok(rows.order($table::$key).select($row::as_select()).load(c)?)
        }
    };
}

risorsa!(RigaIntermediario in intermediari by id_intermediario: put_intermediario, find_intermediario, list_intermediari);
risorsa!(RigaStazione in stazioni by id_stazione: put_stazione, find_stazione, list_stazioni);
risorsa!(RigaDominio in domini by id_dominio: put_dominio, find_dominio);
risorsa!(RigaTipoEntrata in tipi_entrata by id_entrata: put_tipo_entrata, find_tipo_entrata, list_tipi_entrata);
risorsa!(RigaTipoPendenza in tipi_pendenza by id_tipo_pendenza: put_tipo_pendenza, find_tipo_pendenza, list_tipi_pendenza);
risorsa!(RigaUnitaOperativa in unita_operative of id_dominio by id_unita: put_unita, find_unita, list_unita);
risorsa!(RigaConto in conti of id_dominio by iban: put_conto, find_conto, list_conti);
risorsa!(RigaEntrata in entrate of id_dominio by id_entrata: put_entrata, find_entrata, list_entrate);
risorsa!(RigaTipoPendenzaDominio in tipi_pendenza_dominio of id_dominio by id_tipo_pendenza: put_tipo_pendenza_dominio, find_tipo_pendenza_dominio, list_tipi_pendenza_dominio);

/// The bodies that may be seen, in the order of their keys, without their logos.
pub fn list_domini(c: &mut Conn, visibili: Visibili) -> StoreResult<Vec<RigaDominio>> {
    let mut rows = domini::table.order(domini::id_dominio).into_boxed();
    if let Some(ids) = visibili {
        rows = rows.filter(domini::id_dominio.eq_any(ids));
    }
    let rows: Vec<RigaDominio> = rows.select(RigaDominio::as_select()).load(c)?;
    Ok(rows
        .into_iter()
        .map(|row| RigaDominio { logo: None, ..row })
        .collect())
}

/// The same, as pendenze and avvisi show them.
pub fn list_enti(c: &mut Conn, visibili: Visibili) -> StoreResult<Vec<DominioRow>> {
    let mut rows = domini::table.order(domini::id_dominio).into_boxed();
    if let Some(ids) = visibili {
        rows = rows.filter(domini::id_dominio.eq_any(ids));
    }
    Ok(rows.select(DominioRow::as_select()).load(c)?)
}
