//! The life of a service: open the store, follow the bus, run timers, serve HTTP, stop cleanly.

use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::Compress;
use actix_web::{App, HttpServer, web};
use anyhow::Context as _;
use async_trait::async_trait;
use domain::Envelope;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing_actix_web::TracingLogger;
use utoipa_actix_web::AppExt as _;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_swagger_ui::SwaggerUi;

use crate::bus::{Bus, ConsumeError, Consumer, Subscriber, relay};
use crate::settings::{Peers, Settings};
use crate::store::{Migrations, Store};
use crate::telemetry::RequestSpan;
use crate::{Clock, clock_api, health};

/// Requests under way get this long to finish when the service stops.
const SHUTDOWN_TIMEOUT_SECS: u64 = 10;

/// What a program hands to a service that it starts.
pub struct Boot {
    pub settings: Settings,
    pub peers: Peers,
    pub bus: Bus,
    /// Bound before any service starts, so that a port in use is known at once.
    pub listener: TcpListener,
    pub stop: CancellationToken,
}

/// A service that is being put together. Order: [`Service::open`], consumers and timers,
/// [`Service::serve`].
pub struct Service {
    pub name: &'static str,
    pub store: Store,
    pub clock: Clock,
    pub bus: Bus,
    pub stop: CancellationToken,
    pub address: SocketAddr,
    listener: TcpListener,
    consumer: Arc<dyn Consumer>,
    tasks: JoinSet<(String, anyhow::Result<()>)>,
}

/// The consumer of a service that hears nothing but the clock, which the platform handles itself.
struct OnlyTheClock;

#[async_trait]
impl Consumer for OnlyTheClock {
    async fn consume(&self, envelope: Envelope) -> Result<(), ConsumeError> {
        Err(ConsumeError::Reject(format!(
            "{} non interessa questo servizio",
            envelope.event.key()
        )))
    }
}

/// Shared by the platform's own endpoints; services may use it for the clock's button.
#[derive(Clone)]
pub struct ServiceState {
    pub name: &'static str,
    pub instance: String,
    pub store: Store,
    pub clock: Clock,
    pub bus: Bus,
}

/// Whether a step of a timer found something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worked {
    Yes,
    Nothing,
}

impl Service {
    /// Opens the store of the service, learns the world's time and starts the relay.
    pub async fn open(
        name: &'static str,
        boot: Boot,
        migrations: fn() -> Migrations,
    ) -> anyhow::Result<Self> {
        let store = open_store(name, &boot.settings, migrations).await?;
        let clock = Clock::system();
        clock.raise_offset(store.read_clock().await?);
        let mut service = Self {
            name,
            clock,
            bus: boot.bus,
            stop: boot.stop,
            address: boot.listener.local_addr()?,
            listener: boot.listener,
            consumer: Arc::new(OnlyTheClock),
            tasks: JoinSet::new(),
            store,
        };
        let relay = relay::run(
            service.store.clone(),
            service.bus.clone(),
            service.stop.clone(),
        );
        service.spawn("relay", async {
            relay.await;
            Ok(())
        });
        service.follow_stored_clock();
        Ok(service)
    }

    /// Replicas of a service share a queue, so only one of them hears that the clock moved: the
    /// others read it from the store.
    fn follow_stored_clock(&mut self) {
        let (store, clock) = (self.store.clone(), self.clock.clone());
        self.every("orologio", Duration::from_millis(500), move || {
            let (store, clock) = (store.clone(), clock.clone());
            async move {
                clock.raise_offset(store.read_clock().await?);
                Ok(Worked::Nothing)
            }
        });
    }

    /// A task that ends with the service. If it ends earlier, with or without an error, the service
    /// stops and says so.
    pub fn spawn(
        &mut self,
        task: &str,
        work: impl Future<Output = anyhow::Result<()>> + Send + 'static,
    ) {
        let task = format!("{}/{task}", self.name);
        self.tasks.spawn(async move { (task, work.await) });
    }

    /// A timer: calls `step` until it finds nothing to do, then waits for `period`. A failed step is
    /// logged and tried again at the next look.
    pub fn every<F, W>(&mut self, timer: &'static str, period: Duration, step: F)
    where
        F: Fn() -> W + Send + 'static,
        W: Future<Output = anyhow::Result<Worked>> + Send + 'static,
    {
        let stop = self.stop.clone();
        let name = self.name;
        self.spawn(timer, async move {
            while !stop.is_cancelled() {
                match step().await {
                    Ok(Worked::Yes) => continue,
                    Ok(Worked::Nothing) => {}
                    Err(error) => {
                        tracing::error!(
                            service = name,
                            timer,
                            error = format!("{error:#}"),
                            "timer failed"
                        );
                    }
                }
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(period) => {}
                }
            }
            Ok(())
        });
    }

    /// What the service does with the events of the keys that [`crate::bus::topology`] gives it.
    /// Without it the service follows the world's clock and nothing else.
    pub fn consume(&mut self, consumer: Arc<dyn Consumer>) {
        self.consumer = consumer;
    }

    fn subscribe(&mut self) {
        let subscriber = Arc::new(Subscriber {
            service: self.name,
            store: self.store.clone(),
            clock: self.clock.clone(),
            consumer: Arc::clone(&self.consumer),
        });
        match &self.bus {
            Bus::InProcess(hub) => hub.subscribe(subscriber),
            Bus::Amqp(amqp) => {
                let (amqp, stop) = (Arc::clone(amqp), self.stop.clone());
                self.spawn("consumer", async move {
                    amqp.consume(subscriber, stop).await;
                    Ok(())
                });
            }
        }
    }

    /// Serves `routes` beside the platform's endpoints (`/healthz`, `/readyz`, `/api/v1/clock…`,
    /// `/openapi.json`, `/docs/`). `routes` is called once per worker; plain routes and pages are
    /// added with `config.map(|c| c.service(…))`.
    pub fn serve<F>(mut self, title: &'static str, routes: F) -> anyhow::Result<Running>
    where
        F: Fn(&mut ServiceConfig<'_>) + Clone + Send + 'static,
    {
        self.subscribe();
        let state = web::Data::new(ServiceState {
            name: self.name,
            instance: uuid::Uuid::now_v7().to_string(),
            store: self.store.clone(),
            clock: self.clock.clone(),
            bus: self.bus.clone(),
        });
        let server = HttpServer::new(move || {
            let (app, document) = App::new()
                .into_utoipa_app()
                .openapi(document(title))
                .app_data(state.clone())
                .map(|app| {
                    app.wrap(Compress::default())
                        .wrap(TracingLogger::<RequestSpan>::new())
                })
                .configure(platform_routes)
                .configure(routes.clone())
                .split_for_parts();
            let document = with_path_parameters(document);
            app.service(SwaggerUi::new("/docs/{_:.*}").url("/openapi.json", document))
        })
        .workers(2)
        .shutdown_timeout(SHUTDOWN_TIMEOUT_SECS)
        .disable_signals()
        .listen(self.listener.try_clone()?)?
        .run();
        let handle = server.handle();
        let stop = self.stop.clone();
        self.spawn("http", async move {
            let stopping = async {
                stop.cancelled().await;
                handle.stop(true).await;
            };
            let (served, ()) = tokio::join!(server, stopping);
            served.context("server HTTP")
        });
        tracing::info!(service = self.name, address = %self.address, "service started");
        Ok(Running {
            name: self.name,
            address: self.address,
            stop: self.stop,
            tasks: self.tasks,
        })
    }
}

/// Opens the store; a database that is still starting is waited for, up to `wait_secs`.
async fn open_store(
    name: &'static str,
    settings: &Settings,
    migrations: fn() -> Migrations,
) -> anyhow::Result<Store> {
    let mut elapsed = 0;
    loop {
        match Store::open(&settings.database_url, name, migrations()).await {
            Ok(store) => return Ok(store),
            Err(error) if error.is_unavailable() && elapsed < settings.wait_secs => {
                if elapsed == 0 {
                    tracing::warn!(service = name, %error, "waiting for the database");
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
                elapsed += 1;
            }
            Err(error) => return Err(error).context(format!("{name}: l'archivio non si apre")),
        }
    }
}

fn platform_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(health::healthz)
        .service(health::readyz)
        .service(clock_api::get_clock)
        .service(clock_api::advance_clock);
}

fn document(title: &'static str) -> utoipa::openapi::OpenApi {
    let info = utoipa::openapi::InfoBuilder::new()
        .title(title)
        .version(env!("CARGO_PKG_VERSION"))
        .build();
    utoipa::openapi::OpenApiBuilder::new().info(info).build()
}

/// The document with every parameter of its paths: those that a handler takes as one are not named by its
/// description.
fn with_path_parameters(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
    use utoipa::openapi::{ObjectBuilder, RefOr, Required, schema::Type};

    for (path, item) in &mut document.paths.paths {
        let names = path.split('{').skip(1);
        let names: Vec<&str> = names.filter_map(|part| part.split('}').next()).collect();
        let operations = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.patch,
            &mut item.delete,
        ];
        for operation in operations.into_iter().flatten() {
            let parameters = operation.parameters.get_or_insert_default();
            for name in &names {
                let known = |p: &RefOr<Parameter>| match p {
                    RefOr::T(p) => p.name == *name && p.parameter_in == ParameterIn::Path,
                    RefOr::Ref(_) => false,
                };
                if !parameters.iter().any(known) {
                    let text = ObjectBuilder::new().schema_type(Type::String);
                    let missing = ParameterBuilder::new()
                        .name(*name)
                        .parameter_in(ParameterIn::Path)
                        .required(Required::True)
                        .schema(Some(text));
                    parameters.push(RefOr::T(missing.build()));
                }
            }
            if parameters.is_empty() {
                operation.parameters = None;
            }
        }
    }
    document
}

/// A service at work.
pub struct Running {
    pub name: &'static str,
    pub address: SocketAddr,
    stop: CancellationToken,
    tasks: JoinSet<(String, anyhow::Result<()>)>,
}

impl Running {
    /// Waits until the service has stopped. A task that ends by itself stops the whole service and
    /// is the error.
    pub async fn wait(mut self) -> anyhow::Result<()> {
        let mut outcome = Ok(());
        while let Some(joined) = self.tasks.join_next().await {
            let (task, result) = joined.context("task interrotto")?;
            if let Err(error) = result {
                outcome = outcome.and(Err(error.context(task)));
            } else if !self.stop.is_cancelled() {
                outcome = outcome.and(Err(anyhow::anyhow!("{task} è terminato da solo")));
            }
            self.stop.cancel();
        }
        outcome
    }
}
