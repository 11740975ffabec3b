//! What is counted of the requests of one process, for those who watch the service: how many, how they
//! ended, how long they took.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Up to how many seconds requests are told apart by.
const SECONDS: [f64; 12] = [
    0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0,
];

/// Counted since the process began.
#[derive(Clone, Debug)]
pub(crate) struct Metrics {
    seconds: Family<Answered, Histogram>,
    problems: Family<Problems, Counter>,
}

/// How requests are told apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    /// As the API document names it; `none` for pages and unknown addresses.
    operation: String,
    /// `2xx` to `5xx`.
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Problems {
    code: String,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            seconds: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            problems: Family::default(),
        }
    }
}

impl Metrics {
    /// Notes a request that was answered, as far as its head.
    pub(crate) fn answered(&self, operation: Option<&str>, status: u16, took: Duration) {
        let answered = Answered {
            operation: operation.unwrap_or("none").to_owned(),
            status: match status {
                ..300 => "2xx",
                300..400 => "3xx",
                400..500 => "4xx",
                500.. => "5xx",
            },
        };
        let seconds = self.seconds.get_or_create(&answered);
        seconds.observe(took.as_secs_f64());
    }

    /// Notes the code of a problem that was answered.
    pub(crate) fn refused(&self, code: String) {
        self.problems.get_or_create(&Problems { code }).inc();
    }

    /// Shows them all.
    pub(crate) fn register(&self, registry: &mut Registry) {
        let help = "Seconds from a request's head to its answer's, by operation and kind of status";
        registry.register("request_seconds", help, self.seconds.clone());
        let help = "Problems answered, by their code";
        registry.register("problems", help, self.problems.clone());
    }
}
