//! The log: lines on standard error, for people or as JSON, and never a secret.
//!
//! A request is logged by its route, not by its address: queries, bodies, headers and the names in paths stay out. The
//! filter knows levels only, so that no setting can turn on the chatter of the libraries, which holds such things.

use std::io::IsTerminal;

use errors::{Code, Failure};
use tracing::{Level, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;

/// The target of all that the portal says itself.
pub const TARGET: &str = "portal";

/// How a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    Json,
    /// A line of text.
    Text,
}

/// One answered request, as far as the log may know it.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    /// The method.
    pub method: &'a str,
    /// The route as it stands in the router, such as `/members/{id}`; none when no route matched.
    pub route: Option<&'a str>,
    /// The HTTP status.
    pub status: u16,
    /// The code of the refusal, where it was one.
    pub code: Option<Code>,
    /// Milliseconds from the head of the request to the head of the answer.
    pub milliseconds: u64,
    /// The id of the request, which is also the reference that its sender sees.
    pub request_id: &'a str,
}

/// Starts the log of this process, on standard error. `level` is what the portal itself may say; the libraries only warn.
///
/// # Errors
/// `internal` when the log was started before.
pub fn start(format: Format, level: Level) -> Result<(), Failure> {
    let started = match format {
        Format::Json => tracing::subscriber::set_global_default(json(std::io::stderr, level)),
        Format::Text => {
            let colours = std::io::stderr().is_terminal();
            let lines = tracing_subscriber::fmt::layer().with_ansi(colours).with_writer(std::io::stderr);
            tracing::subscriber::set_global_default(tracing_subscriber::registry().with(filter(level)).with(lines))
        }
    };
    started.map_err(|_| Failure::new(Code::Internal, "The log was started twice."))
}

/// Logs one answered request; the portal's own mistakes as errors.
pub fn answered(request: &Answered<'_>) {
    let route = request.route.unwrap_or("none");
    let code = request.code.map(|code| code.row().name);
    let Answered { method, status, milliseconds, request_id, .. } = *request;
    if status >= 500 {
        tracing::error!(target: "portal::request", method, route, status, code, milliseconds, request_id, "request");
    } else {
        tracing::info!(target: "portal::request", method, route, status, code, milliseconds, request_id, "request");
    }
}

fn json<W>(writer: W, level: Level) -> impl Subscriber + Send + Sync
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_writer(writer);
    tracing_subscriber::registry().with(filter(level)).with(lines)
}

fn filter(level: Level) -> Targets {
    Targets::new().with_default(LevelFilter::WARN).with_target(TARGET, level).with_target("store", level)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};

    use super::*;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().map_err(|_| std::io::ErrorKind::Other)?.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// The lines that `say` writes, without the time of day.
    fn lines(level: Level, say: impl FnOnce()) -> Vec<Value> {
        let paper = Paper::default();
        let writer = paper.clone();
        tracing::subscriber::with_default(super::json(move || writer.clone(), level), say);
        let text = paper.0.lock().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        let parse = |line: &str| {
            let mut value: Value = serde_json::from_str(line).unwrap_or_default();
            value.as_object_mut().and_then(|line| line.remove("timestamp"));
            value
        };
        text.lines().map(parse).collect()
    }

    fn request() -> Answered<'static> {
        Answered {
            method: "POST",
            route: Some("/members/{id}/user-type"),
            status: 409,
            code: Some(Code::SeatLimitReached),
            milliseconds: 12,
            request_id: "req_1",
        }
    }

    #[test]
    fn a_request_is_one_line_of_json_with_these_members_and_no_others() {
        let expected = json!({
            "level": "INFO", "target": "portal::request", "message": "request", "method": "POST",
            "route": "/members/{id}/user-type", "status": 409, "code": "seat-limit-reached", "milliseconds": 12,
            "request_id": "req_1",
        });
        assert_eq!(lines(Level::INFO, || answered(&request())), [expected]);
    }

    #[test]
    fn an_answer_of_ours_that_failed_is_an_error_and_an_unknown_address_is_not_written_down() {
        let expected = json!({
            "level": "ERROR", "target": "portal::request", "message": "request", "method": "POST", "route": "none",
            "status": 500, "milliseconds": 12, "request_id": "req_1",
        });
        let failed = Answered { status: 500, code: None, route: None, ..request() };
        assert_eq!(lines(Level::ERROR, || answered(&failed)), [expected]);
    }

    #[test]
    fn the_libraries_only_warn_whatever_the_level() {
        let said = lines(Level::TRACE, || {
            tracing::trace!(target: "hyper::proto", "the head of a request with its cookie");
            tracing::debug!(target: "portal::clock", "tick");
            tracing::warn!(target: "hyper::proto", "connection reset");
        });
        let messages: Vec<_> = said.iter().map(|line| line["message"].clone()).collect();
        assert_eq!(messages, ["tick", "connection reset"]);
    }
}
