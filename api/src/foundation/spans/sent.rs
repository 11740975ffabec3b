//! Built with the feature `otel`: spans are sent to a collector, by OTLP over HTTP, if the standard variables say to which.

use std::sync::OnceLock;

use opentelemetry::trace::{
    Span as _, SpanBuilder, SpanContext, SpanId, SpanKind, Status, TraceContextExt, TraceFlags,
    TraceId, TraceState, Tracer as _, TracerProvider as _,
};
use opentelemetry::{Context, Key, KeyValue};
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracerProvider, Span as SdkSpan, Tracer};

use super::Parent;

/// Who sends spans, if anybody does.
static SENDER: OnceLock<(SdkTracerProvider, Tracer)> = OnceLock::new();

/// What is done as a part of a trace, or as the first of its own.
#[derive(Debug)]
pub(crate) struct Span {
    parent: Option<Parent>,
    /// Nothing while no spans are sent.
    own: Option<SdkSpan>,
}

impl Span {
    /// A request is answered.
    pub(crate) fn of_request(parent: Option<Parent>) -> Self {
        Self::begin(parent, SpanKind::Server)
    }

    /// A message is sent.
    pub(crate) fn of_message(parent: Option<Parent>) -> Self {
        Self::begin(parent, SpanKind::Client)
    }

    fn begin(parent: Option<Parent>, kind: SpanKind) -> Self {
        let own = SENDER.get().map(|(_, tracer)| {
            let above = Context::new();
            let above = match parent {
                Some(parent) => above.with_remote_span_context(parent.into()),
                None => above,
            };
            // Its name is known at its end.
            let builder = SpanBuilder::from_name("").with_kind(kind);
            tracer.build_with_context(builder, &above)
        });
        Self { parent, own }
    }

    /// Where its own parts stand in the trace.
    pub(crate) fn context(&self) -> Option<Parent> {
        let own = self.own.as_ref().map(|own| own.span_context());
        own.map_or(self.parent, |own| Some(Parent::from(own)))
    }

    /// It is done: what it was, which status it was answered with, and what else is told of it. Names and ids
    /// alone.
    pub(crate) fn end(self, name: &str, status: Option<u16>, told: &[(&'static str, &str)]) {
        let Some(mut span) = self.own else { return };
        span.update_name(name.to_owned());
        for (key, value) in told {
            span.set_attribute(KeyValue::new(*key, (*value).to_owned()));
        }
        if let Some(status) = status {
            let code = i64::from(status);
            span.set_attribute(KeyValue::new("http.response.status_code", code));
        }
        if status.is_none_or(|status| status >= 500) {
            span.set_status(Status::error(""));
        }
        span.end();
    }
}

impl From<Parent> for SpanContext {
    fn from(parent: Parent) -> Self {
        let flags = TraceFlags::default().with_sampled(parent.is_sampled);
        let (trace, span) = (TraceId::from(parent.trace), SpanId::from(parent.span));
        Self::new(trace, span, flags, true, TraceState::default())
    }
}

impl From<&SpanContext> for Parent {
    fn from(own: &SpanContext) -> Self {
        Self {
            trace: u128::from_be_bytes(own.trace_id().to_bytes()),
            span: u64::from_be_bytes(own.span_id().to_bytes()),
            is_sampled: own.is_sampled(),
        }
    }
}

/// Sends spans from now on, if `OTEL_EXPORTER_OTLP_ENDPOINT` says to whom.
///
/// # Errors
/// A sentence that names the variable that cannot be used.
pub(crate) fn start() -> Result<(), String> {
    let Some(endpoint) = super::endpoint() else {
        return Ok(());
    };
    let exporter = SpanExporter::builder().with_http().build();
    let exporter = exporter.map_err(|error| format!("{endpoint}: cannot send traces: {error}"))?;
    let provider = SdkTracerProvider::builder()
        .with_resource(service())
        .with_batch_exporter(exporter)
        .build();
    let tracer = provider.tracer("livret");
    SENDER.get_or_init(|| (provider, tracer));
    tracing::info!("traces are sent, as {endpoint} says");
    Ok(())
}

/// Who sends them, as `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` say.
fn service() -> Resource {
    let known = Resource::builder().build();
    let name = known.get(&Key::from_static_str("service.name"));
    let is_named = name.is_some_and(|name| !name.as_str().starts_with("unknown_service"));
    match is_named {
        true => known,
        false => Resource::builder().with_service_name("livret").build(),
    }
}

/// Sends what is left.
pub(crate) async fn stop() {
    let Some((provider, _)) = SENDER.get() else {
        return;
    };
    let stopped = tokio::task::spawn_blocking(|| provider.shutdown()).await;
    if !matches!(stopped, Ok(Ok(()))) {
        tracing::warn!("the last traces were not sent");
    }
}
