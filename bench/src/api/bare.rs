//! What the core is measured against, on a pool like the core's: a server whose only handler makes one
//! SELECT by primary key, and a transaction that makes the inserts of one pendenza.

use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::Context as _;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::tables::{Evento, Pendenza, Voce, outbox, pendenze, voci};
use crate::copy::COPIES;

type PgPool = Pool<ConnectionManager<PgConnection>>;

/// Connections of the core's pool, and workers of its server (`platform::store`, `platform::service`).
const POOL: u32 = 10;
const WORKERS: usize = 2;

#[derive(Debug)]
struct Schema(&'static str);

impl CustomizeConnection<PgConnection, diesel::r2d2::Error> for Schema {
    fn on_acquire(&self, conn: &mut PgConnection) -> Result<(), diesel::r2d2::Error> {
        let set = format!("SET search_path TO \"{}\"", self.0);
        let done = diesel::sql_query(set).execute(conn);
        done.map(drop).map_err(diesel::r2d2::Error::QueryError)
    }
}

fn pool(url: &str, schema: &'static str) -> anyhow::Result<PgPool> {
    let pool = Pool::builder()
        .max_size(POOL)
        .test_on_check_out(false)
        .connection_customizer(Box::new(Schema(schema)));
    Ok(pool.build(ConnectionManager::new(url))?)
}

/// The bare server, until it is dropped with its runtime.
pub struct Server {
    pub url: String,
    handle: actix_web::dev::ServerHandle,
}

impl Server {
    /// `GET /{id}`: one SELECT of a pendenza by its primary key, the row as JSON.
    pub fn start(url: &str) -> anyhow::Result<Self> {
        let pool = web::Data::new(pool(url, "govpay-core")?);
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let server = HttpServer::new(move || {
            App::new()
                .app_data(pool.clone())
                .route("/{id}", web::get().to(read))
        })
        .workers(WORKERS)
        .disable_signals()
        .listen(listener)?
        .run();
        let handle = server.handle();
        tokio::spawn(server);
        Ok(Self {
            url: format!("http://{address}"),
            handle,
        })
    }

    pub async fn stop(self) {
        self.handle.stop(false).await;
    }
}

async fn read(pool: web::Data<PgPool>, id: web::Path<i64>) -> HttpResponse {
    let found = web::block(move || {
        let mut conn = pool.get()?;
        let row = pendenze::table.find(*id).select((
            pendenze::id_pendenza,
            pendenze::causale,
            pendenze::importo,
            pendenze::stato,
        ));
        anyhow::Ok(row.first::<(String, String, i64, String)>(&mut *conn)?)
    });
    match found.await {
        Ok(Ok(row)) => HttpResponse::Ok().json(row),
        other => HttpResponse::InternalServerError().body(format!("{other:?}")),
    }
}

/// The rows that the core wrote for one pendenza, to be written again under other keys.
#[derive(Clone)]
pub struct Inserts {
    pool: PgPool,
    pendenza: Pendenza,
    voci: [Voce; 2],
    evento: Evento,
}

impl Inserts {
    /// The rows are the last that the core wrote.
    pub async fn like_the_last(url: &str) -> anyhow::Result<Self> {
        let url = url.to_owned();
        let made = tokio::task::spawn_blocking(move || {
            let from = pool(&url, "govpay-core")?;
            let mut conn = from.get()?;
            let pendenza: Pendenza = pendenze::table
                .order(pendenze::id.desc())
                .select(Pendenza::as_select())
                .first(&mut *conn)?;
            let items: Vec<Voce> = voci::table
                .filter(voci::pendenza.eq(pendenza.id))
                .select(Voce::as_select())
                .load(&mut *conn)?;
            let items = items.try_into();
            let voci = items.map_err(|_| anyhow::anyhow!("a pendenza with two voci"))?;
            let evento = outbox::table
                .order(outbox::id.desc())
                .select(Evento::as_select())
                .first(&mut *conn)?;
            anyhow::Ok(Self {
                pool: pool(&url, COPIES)?,
                pendenza,
                voci,
                evento,
            })
        });
        made.await?
    }

    /// Transactions per second, `connections` at a time: BEGIN; INSERT INTO pendenze … RETURNING id;
    /// INSERT INTO voci (all items in one statement); INSERT INTO outbox; COMMIT. Statements are
    /// prepared once per connection.
    pub async fn rate(&self, connections: usize, time: Duration) -> anyhow::Result<f64> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let over = std::sync::Arc::new(AtomicBool::new(false));
        let mut writers = JoinSet::new();
        let begun = Instant::now();
        for _ in 0..connections {
            let (inserts, over) = (self.clone(), std::sync::Arc::clone(&over));
            writers.spawn_blocking(move || {
                let mut done = 0_u64;
                while !over.load(Ordering::Relaxed) {
                    inserts.write(NEXT.fetch_add(1, Ordering::Relaxed))?;
                    done += 1;
                }
                anyhow::Ok(done)
            });
        }
        tokio::time::sleep(time).await;
        over.store(true, Ordering::Relaxed);
        let mut done = 0;
        while let Some(writer) = writers.join_next().await {
            done += writer??;
        }
        Ok(done as f64 / begun.elapsed().as_secs_f64())
    }

    fn write(&self, n: u64) -> anyhow::Result<()> {
        let mut conn = self.pool.get().context("no connection in time")?;
        let mut pendenza = self.pendenza.clone();
        pendenza.id_pendenza = format!("B-{n}");
        pendenza.uuid = Uuid::new_v4().simple().to_string();
        pendenza.iuv = Some(format!("{n:017}"));
        pendenza.numero_avviso = Some(format!("3{n:017}"));
        let mut evento = self.evento.clone();
        evento.event_id = Uuid::now_v7().to_string();
        conn.transaction(|c| {
            let id: i64 = diesel::insert_into(pendenze::table)
                .values(&pendenza)
                .returning(pendenze::id)
                .get_result(c)?;
            let mut items = self.voci.clone();
            for item in &mut items {
                item.pendenza = id;
            }
            diesel::insert_into(voci::table).values(&items).execute(c)?;
            diesel::insert_into(outbox::table)
                .values(&evento)
                .execute(c)?;
            diesel::QueryResult::Ok(())
        })?;
        Ok(())
    }
}
