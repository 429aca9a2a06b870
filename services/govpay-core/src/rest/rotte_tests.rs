//! The table of `tests/it/rotte.txt` has every route of the contract, under each spelling: one that is added
//! without saying who may call it fails here.

use std::collections::BTreeSet;

use actix_web::http::Method;
use actix_web::{App, HttpRequest, test, web};

use super::routes;

const TABELLA: &str = include_str!("../../tests/it/rotte.txt");

/// The API of a base path.
fn api(base: &str) -> Option<&'static str> {
    let known = [
        ("pendenze/rs/{auth}/v2", "pendenze"),
        ("ragioneria/rs/{auth}/v3", "ragioneria"),
        ("pagamento/rs/{auth}/v2", "pagamento"),
        ("pagamento/rs/{auth}/v3", "pagamento3"),
        ("backoffice/rs/{auth}/v1", "backoffice"),
    ];
    known
        .iter()
        .find(|(end, _)| base.ends_with(end))
        .map(|(_, api)| *api)
}

/// Base path and path of all routes, read from what actix says of them.
fn paths(map: &str) -> Vec<(String, String)> {
    let mut base = String::new();
    let mut found = vec![];
    for part in map.split("ResourceDef {").skip(1) {
        let patterns = part.split("is_prefix: ").next().unwrap();
        let patterns = patterns.split_once("patterns: ").unwrap().1;
        let patterns = patterns.split('"').skip(1).step_by(2);
        let prefix = part.contains("is_prefix: true");
        for pattern in patterns {
            match prefix {
                true => base = pattern.to_owned(),
                false if api(&base).is_some() => found.push((base.clone(), pattern.to_owned())),
                false => {}
            }
        }
    }
    found
}

/// Two routes whose paths differ by the names of their parameters are one address.
fn forma(line: &str) -> String {
    let parts = line
        .split('{')
        .map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
    parts.collect::<Vec<_>>().join("{}")
}

async fn mappa(req: HttpRequest) -> String {
    format!("{:?}", req.resource_map())
}

#[actix_web::test]
async fn every_route_is_in_the_table_of_who_may_call_it() {
    let app = App::new()
        .route("/mappa", web::get().to(mappa))
        .configure(routes);
    let app = test::init_service(app).await;
    let map = test::TestRequest::get().uri("/mappa").to_request();
    let map = test::call_and_read_body(&app, map).await;
    let paths = paths(std::str::from_utf8(&map).unwrap());
    let mut served: [BTreeSet<String>; 2] = Default::default();
    for (base, path) in &paths {
        for method in [
            Method::GET,
            Method::PUT,
            Method::POST,
            Method::PATCH,
            Method::DELETE,
        ] {
            let mut uri = format!("{base}{path}").replace("{auth}", "basic");
            while let (Some(from), Some(to)) = (uri.find('{'), uri.find('}')) {
                let more = uri[from..to].ends_with(".+");
                uri.replace_range(from..=to, if more { "x/y" } else { "x" });
            }
            let req = test::TestRequest::with_uri(&uri).method(method.clone());
            // A route that is there answers, or misses what a running core gives it.
            let unknown = match test::try_call_service(&app, req.to_request()).await {
                Ok(answer) => String::from_utf8_lossy(&test::read_body(answer).await)
                    .contains("nessuna operazione"),
                Err(error) => error.to_string().contains("nessuna operazione"),
            };
            if !unknown {
                let spelling = usize::from(!base.starts_with("/govpay/"));
                let line = format!("{} {method} {path}", api(base).unwrap());
                served[spelling].insert(forma(&line));
            }
        }
    }
    let lines = TABELLA
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'));
    let words = lines.map(|line| {
        line.split_whitespace()
            .take(3)
            .collect::<Vec<_>>()
            .join(" ")
    });
    let table: BTreeSet<String> = words.map(|line| forma(&line)).collect();
    for (spelling, served) in ["today's", "the archives'"].iter().zip(&served) {
        let missing: Vec<&String> = served.difference(&table).collect();
        let more: Vec<&String> = table.difference(served).collect();
        assert!(
            missing.is_empty(),
            "{spelling} spelling: who may call {missing:#?}?"
        );
        assert!(more.is_empty(), "{spelling} spelling: not served {more:#?}");
    }
    assert!(table.len() > 100, "{}", table.len());
}
