//! Which trace a request belongs to, as its caller says (W3C Trace Context), and what is told of it. The place in a trace is
//! written beside the events of the request, so that the messages that webhooks are sent belong to it too.
//!
//! Spans are sent to a collector by a program that was built with the feature `otel`; any other hands on what
//! it was given.

#[cfg(not(feature = "otel"))]
mod handed_on;
mod parent;
#[cfg(feature = "otel")]
mod sent;

#[cfg(not(feature = "otel"))]
pub(crate) use handed_on::{Span, start, stop};
pub(crate) use parent::{NAME, Parent};
#[cfg(feature = "otel")]
pub(crate) use sent::{Span, start, stop};

tokio::task_local! {
    /// Where what is done now stands in a trace.
    static PRESENT: Option<Parent>;
}

/// Either of these says where spans are sent.
const ENDPOINTS: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
];

/// Which of the two is set, if anybody wants spans.
fn endpoint() -> Option<&'static str> {
    let is_set = |name: &&str| std::env::var(name).is_ok_and(|value| !value.is_empty());
    ENDPOINTS.into_iter().find(is_set)
}

/// Does something as a part of this span.
pub(crate) async fn within<T>(span: Option<&Span>, work: impl Future<Output = T>) -> T {
    PRESENT.scope(span.and_then(Span::context), work).await
}

/// The header `traceparent` of what is done now, if it belongs to a trace.
pub(crate) fn present() -> Option<String> {
    let present = PRESENT.try_with(|present| *present).ok().flatten();
    present.map(|present| present.to_string())
}
