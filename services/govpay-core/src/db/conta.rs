//! The count of a list.

/// Counts the rows of a boxed query as far as the caller wants: `conta!(c, taglio, id, query)`. The
/// query is built twice when there is a limit, since counting beyond it would read the whole table.
macro_rules! conta {
    ($c:expr, $taglio:expr, $id:expr, $query:expr) => {{
        let beyond: Option<i64> = match $taglio.conta {
            crate::elenco::Conta::FinoA(max) => $query
                .select($id)
                .offset(max)
                .limit(1)
                .first($c)
                .optional()?
                .map(|_: i64| max),
            _ => None,
        };
        match ($taglio.conta, beyond) {
            (crate::elenco::Conta::No, _) => None,
            (_, Some(max)) => Some(max),
            _ => Some($query.count().get_result::<i64>($c)?),
        }
    }};
}
