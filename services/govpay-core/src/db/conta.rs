//! The count of a list.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;

/// How many rows a query gives, its limit included.
#[derive(Clone, Copy, QueryId)]
pub struct Conteggio<Q>(pub Q);

impl<Q> Query for Conteggio<Q> {
    type SqlType = BigInt;
}

impl<Q, C: Connection> RunQueryDsl<C> for Conteggio<Q> {}

impl<DB: Backend, Q: QueryFragment<DB>> QueryFragment<DB> for Conteggio<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("SELECT COUNT(*) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") AS righe");
        Ok(())
    }
}

/// Counts the rows of a list as far as the caller wants, beside a page of which `letti` rows were
/// read: `conta!(c, taglio, letti, id, filtered, ordered)`. A count with a limit goes in the order of
/// the list, hence through the index that serves it, and stops there.
macro_rules! conta {
    ($c:expr, $taglio:expr, $letti:expr, $id:expr, $filtered:expr, $ordered:expr) => {{
        use crate::db::conta::Conteggio;
        use crate::elenco::Conta;
        match ($taglio.conta, $taglio.totale_noto($letti)) {
            (Conta::No, _) => None,
            (_, Some(totale)) => Some(totale),
            (Conta::Tutte, None) => Some($filtered.count().get_result::<i64>($c)?),
            (Conta::FinoA(max), None) => {
                let rows = $ordered.select($id).limit(max);
                Some(Conteggio(rows).get_result::<i64>($c)?)
            }
        }
    }};
}
