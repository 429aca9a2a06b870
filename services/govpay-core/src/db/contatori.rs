//! Counters of the numbers that are generated, one per body and prefix.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text};
use platform::{StoreError, StoreResult};

use super::{Conn, SENZA_ATTESA};
use crate::schema::contatori_iuv;

type Backend = <Conn as diesel::Connection>::Backend;

/// Advances the counter of a body and tells where it is.
struct Avanza<'a> {
    id_dominio: &'a str,
    prefisso: &'a str,
    count: i64,
}

impl QueryId for Avanza<'_> {
    type QueryId = Avanza<'static>;
}

impl Query for Avanza<'_> {
    type SqlType = BigInt;
}

impl RunQueryDsl<Conn> for Avanza<'_> {}

impl QueryFragment<Backend> for Avanza<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("UPDATE contatori_iuv SET prossimo = prossimo + ");
        out.push_bind_param::<BigInt, _>(&self.count)?;
        out.push_sql(SENZA_ATTESA);
        out.push_sql(" WHERE id_dominio = ");
        out.push_bind_param::<Text, _>(self.id_dominio)?;
        out.push_sql(" AND prefisso = ");
        out.push_bind_param::<Text, _>(self.prefisso)?;
        out.push_sql(" RETURNING prossimo");
        Ok(())
    }
}

/// The first of `count` progressives that are the caller's: two orders never get the same number. Not
/// inside the transaction that uses them: this one does not wait for the disk. What is written with the
/// number is on the disk after it, in the order of the log, so that a crash never gives it twice.
pub fn reserve(c: &mut Conn, id_dominio: &str, prefisso: &str, count: i64) -> StoreResult<u64> {
    let advance = |c: &mut Conn| {
        let avanza = Avanza {
            id_dominio,
            prefisso,
            count,
        };
        avanza.get_result::<i64>(c)
    };
    let after = match advance(c).optional()? {
        Some(after) => after,
        None => {
            diesel::insert_into(contatori_iuv::table)
                .values((
                    contatori_iuv::id_dominio.eq(id_dominio),
                    contatori_iuv::prefisso.eq(prefisso),
                    contatori_iuv::prossimo.eq(1),
                ))
                .on_conflict_do_nothing()
                .execute(c)?;
            advance(c)?
        }
    };
    u64::try_from(after - count).map_err(StoreError::corrupt)
}
