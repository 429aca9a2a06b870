//! Logs and traces. Traces always exist (their id is the support code on error pages); they are
//! exported over OTLP only when an endpoint is configured.

use std::io::IsTerminal as _;
use std::ops::Deref;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Uri;
use opentelemetry::trace::{TraceContextExt as _, TracerProvider as _};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Span;
use tracing_actix_web::{DefaultRootSpanBuilder, RootSpanBuilder};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::prelude::*;

/// How logs and traces leave the process.
#[derive(Clone, Default, clap::Args)]
pub struct TelemetryArgs {
    /// `text` for people, `json` for machines.
    #[arg(long, env = "LOG_FORMAT", default_value = "text", value_parser = ["text", "json"])]
    pub log_format: String,

    /// OTLP/HTTP endpoint of the traces, for example `http://127.0.0.1:4318/v1/traces`.
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT")]
    pub otlp_endpoint: Option<String>,

    /// Filter of the logs, as `RUST_LOG`.
    #[arg(
        long,
        env = "RUST_LOG",
        default_value = "info,actix_server=warn,lapin=warn"
    )]
    pub log: String,
}

/// Flushes the traces when dropped.
pub struct Guard(SdkTracerProvider);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown() {
            tracing::warn!(%error, "the last traces were not exported");
        }
    }
}

/// Starts logs (to standard error) and traces of this process. Call once.
pub fn init(service: &'static str, args: &TelemetryArgs) -> anyhow::Result<Guard> {
    opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    let resource = opentelemetry_sdk::Resource::builder()
        .with_service_name(service)
        .build();
    let mut provider = SdkTracerProvider::builder().with_resource(resource);
    if let Some(endpoint) = &args.otlp_endpoint {
        use opentelemetry_otlp::WithExportConfig as _;
        let exporter = opentelemetry_otlp::SpanExporter::builder()
            .with_http()
            .with_endpoint(endpoint)
            .build()?;
        provider = provider.with_batch_exporter(exporter);
    }
    let provider = provider.build();
    let traces = tracing_opentelemetry::layer().with_tracer(provider.tracer(service));

    let logs = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let logs = match args.log_format.as_str() {
        "json" => logs.json().boxed(),
        _ => logs.boxed(),
    };
    tracing_subscriber::registry()
        .with(EnvFilter::try_new(&args.log)?)
        .with(logs)
        .with(traces)
        .init();
    Ok(Guard(provider))
}

/// Trace id of the current span as 32 hexadecimal digits.
pub fn current_trace_id() -> Option<String> {
    let context = tracing::Span::current().context();
    let span = context.span();
    let span = span.span_context();
    span.is_valid().then(|| span.trace_id().to_string())
}

/// W3C `traceparent` of the current span.
pub fn current_traceparent() -> Option<String> {
    let context = tracing::Span::current().context();
    let span = context.span();
    let span = span.span_context();
    span.is_valid().then(|| {
        format!(
            "00-{}-{}-{:02x}",
            span.trace_id(),
            span.span_id(),
            span.trace_flags().to_u8()
        )
    })
}

/// Makes `span` a child of the trace that a message carries.
pub fn set_parent(span: &tracing::Span, traceparent: Option<&str>) {
    let Some(traceparent) = traceparent else {
        return;
    };
    let carrier =
        std::collections::HashMap::from([("traceparent".to_owned(), traceparent.to_owned())]);
    let parent = opentelemetry::global::get_text_map_propagator(|p| p.extract(&carrier));
    // An error means that the span is already closed or not recorded: nothing to attach.
    let _ = span.set_parent(parent);
}

/// The span of a request, with its path and without the query: parameters may name people.
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let uri = request.uri().path().parse().unwrap_or_default();
        let request = &WithoutQuery { request, uri };
        tracing_actix_web::root_span!(request)
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        DefaultRootSpanBuilder::on_request_end(span, outcome);
    }
}

/// A request whose address ends with its path.
struct WithoutQuery<'a> {
    request: &'a ServiceRequest,
    uri: Uri,
}

impl WithoutQuery<'_> {
    fn uri(&self) -> &Uri {
        &self.uri
    }
}

impl Deref for WithoutQuery<'_> {
    type Target = ServiceRequest;

    fn deref(&self) -> &ServiceRequest {
        self.request
    }
}
