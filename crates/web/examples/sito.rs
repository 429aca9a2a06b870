//! The example site, to look at: `cargo run -p web --example sito -- loader 8099`.

#[path = "../tests/it/sito.rs"]
mod sito;

use actix_web::middleware::Compress;
use actix_web::{App, HttpServer, web as aw};

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let wanted = args.get(1).map_or("loader", String::as_str);
    let kinds = ::web::SiteKind::ALL;
    let kind = kinds.into_iter().find(|kind| kind.name() == wanted);
    let kind = kind.ok_or_else(|| anyhow::anyhow!("loader, portale, wisp, psp or console"))?;
    let port: u16 = args.get(2).map_or("8099", String::as_str).parse()?;
    HttpServer::new(move || {
        App::new()
            .wrap(Compress::default())
            .app_data(aw::Data::new(::web::sse::Hub::new()))
            .service(::web::site(&aw::Data::new(sito::shell(kind)), sito::routes))
    })
    .workers(1)
    .bind(("127.0.0.1", port))?
    .run()
    .await?;
    Ok(())
}
