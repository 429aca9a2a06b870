//! Keys that a service makes for itself at its first start.

use diesel::prelude::*;

use super::Conn;
use crate::store::StoreResult;
use crate::store::schema::secrets;

pub fn get_or_insert(
    conn: &mut Conn,
    name: &'static str,
    candidate: String,
) -> StoreResult<String> {
    diesel::insert_into(secrets::table)
        .values((secrets::name.eq(name), secrets::value.eq(candidate)))
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(secrets::table
        .find(name)
        .select(secrets::value)
        .first(conn)?)
}
