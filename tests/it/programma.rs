//! The programs themselves: first page, memory, faults at the start.

use std::net::TcpListener;
use std::process::Command;

use test_support::world::{SERVICES, binary};
use test_support::{Mode, World};

#[test]
fn a_port_in_use_is_one_clear_line_and_an_exit_code() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();

    let output = Command::new(binary("govpay-lab"))
        .args(["--base-port", &port.to_string(), "--world"])
        .arg(folder.path().join("mondo"))
        .output()
        .unwrap();

    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(69), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(
        said.contains(&format!("la porta {port}")) && said.contains("già in uso"),
        "{said}"
    );
}

#[test]
fn a_database_that_is_not_there_is_one_clear_line_and_an_exit_code() {
    for service in SERVICES {
        let output = Command::new(binary(service))
            .args([
                "--port",
                "0",
                "--database-url",
                "postgres://nobody@127.0.0.1:1/nothing",
            ])
            .env("DATABASE_WAIT_SECS", "0")
            .env("RUST_LOG", "off")
            .output()
            .unwrap();

        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(69), "{service}: {said}");
        assert!(said.starts_with(&format!("{service}: ")), "{said}");
        assert!(said.contains("il database non risponde"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_never_share_a_world() {
    let world = World::start(Mode::Embedded).await;

    let output = Command::new(binary("govpay-lab"))
        .args(["--base-port", "0", "--world"])
        .arg(world.folder().join("mondo"))
        .output()
        .unwrap();

    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(69), "{said}");
    assert!(said.contains("già aperto"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_service_serves_its_contract_and_a_page_to_try_it() {
    let world = World::start(Mode::Embedded).await;
    for service in SERVICES {
        let document = world.get_json(service, "/openapi.json").await;
        assert!(
            document["openapi"].as_str().unwrap().starts_with("3.1"),
            "{service}"
        );
        let paths = document["paths"].as_object().unwrap();
        assert!(
            paths.contains_key("/healthz"),
            "{service}: {:?}",
            paths.keys()
        );
        let page = world
            .browser()
            .open(&format!("{}/docs/", world.url(service)))
            .await;
        assert_eq!(page.status, 200, "{service}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_archive_has_the_administrator_of_the_environment() {
    let args = [
        "--tenant",
        "none",
        "--admin-user",
        "capo",
        "--admin-password",
        "Capo-Password1",
    ];
    let world = World::start_with(Mode::Embedded, &args).await;

    let path = "/govpay/backend/api/backoffice/rs/basic/v1/domini";
    let (status, body) = world
        .get_as(("capo", "Capo-Password1"), path, "application/json")
        .await;
    let (refused, _) = world
        .get_as(("gpadmin", "Gpadmin-Password1"), path, "application/json")
        .await;

    let list: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((status, refused), (200, 401));
    assert_eq!(list["risultati"], serde_json::json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn personal_data_and_passwords_are_not_in_the_logs() {
    let world = World::start(Mode::Embedded).await;
    let debito = crate::steps::Debito {
        id: "LOG-1",
        dominio: crate::steps::VALTORBIDA,
        voci: &["10.00"],
    };
    let avviso = crate::steps::carica(&world, &[debito]).await.remove(0);
    let browser = world.browser();
    crate::steps::conferma(&world, &browser, &avviso, "Banca Link.it").await;

    // The banner prints the demo logins on purpose; everything after it is log.
    let log = world.log();
    let log = log.split("Ctrl-C per fermare.").nth(1).unwrap();
    for secret in [
        "VRDGPP80A01H501U",
        "Giuseppe Verdi",
        "giuseppe.verdi@",
        "Gpadmin-Password1",
        "Stazione01pw",
    ] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ctrl_c_stops_cleanly_and_the_next_start_finds_everything() {
    for mode in [Mode::Embedded, Mode::Distributed] {
        let mut world = World::start(mode).await;
        let debito = crate::steps::Debito {
            id: "RESTA-1",
            dominio: crate::steps::VALTORBIDA,
            voci: &["10.00"],
        };
        let avviso = crate::steps::carica(&world, &[debito]).await.remove(0);
        world.advance_clock(60).await;

        let exits = world.interrupt_and_restart().await;

        assert!(
            exits.iter().all(std::process::ExitStatus::success),
            "{mode:?}: {exits:?}"
        );
        let page = crate::steps::cerca_avviso(&world, &world.browser(), &avviso).await;
        page.expect("10,00").expect("Da pagare");
        let clock = world.get_json("wisp", "/api/v1/clock").await;
        assert_eq!(
            clock["offsetSecs"], 60,
            "{mode:?}: the world keeps its time"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_published_contracts_are_what_the_services_serve() {
    let world = World::start(Mode::Embedded).await;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../proto-docs/openapi");
    for service in SERVICES {
        let served = world.get_json(service, "/openapi.json").await;
        let path = format!("{folder}/{service}.json");
        let published = std::fs::read(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
        let published: serde_json::Value = serde_json::from_slice(&published).unwrap();
        assert_eq!(
            served, published,
            "{service}: run make contracts and read the difference"
        );
        // What it refers to is in it.
        let text = served.to_string();
        for name in text.split("\"#/components/schemas/").skip(1) {
            let name = name.split('"').next().unwrap();
            let found = &served["components"]["schemas"][name];
            assert!(
                found.is_object(),
                "{service}: the schema {name} is not there"
            );
        }
    }
}
