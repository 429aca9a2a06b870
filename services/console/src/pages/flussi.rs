//! Streams that tell the open pages to read themselves again.

use actix_web::HttpResponse;
use actix_web::web::Path;
use web::{PageError, PageResult};

use crate::accesso::Banco;
use crate::app::{lists_topic, pendenza_topic};

/// Of the dashboard and of the lists: what the operator sees changed.
pub async fn elenchi(banco: Banco) -> PageResult {
    stream(&banco, &lists_topic(&banco.chi.principal))
}

/// Of the page of one pendenza.
pub async fn pendenza(banco: Banco, path: Path<(String, String)>) -> PageResult {
    let (id_a2a, id_pendenza) = path.into_inner();
    let known = banco
        .app
        .db
        .find_pendenza(id_a2a.clone(), id_pendenza.clone())
        .await?;
    if let Some(row) = known {
        banco.must_see(&row.id_dominio)?;
    }
    stream(&banco, &pendenza_topic(&id_a2a, &id_pendenza))
}

fn stream(banco: &Banco, topic: &str) -> Result<HttpResponse, PageError> {
    // What is true now is on the page already, or comes with the first reading.
    Ok(banco.app.hub.subscribe(topic)?.respond(vec![]))
}
