//! The portal as any program sees it: requests over TCP, answers in JSON.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use ureq::Agent;
use ureq::http::Request;
use ureq::http::request::Builder;

/// What the portal said.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body as JSON; null where it is none.
    pub body: Value,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// A text member of the body.
    pub fn text(&self, member: &str) -> Result<String> {
        let found = self.body.get(member).and_then(Value::as_str);
        found.map(str::to_owned).with_context(|| format!("the answer has no text `{member}`: {}", self.shown()))
    }

    /// Status and body, for people.
    pub fn shown(&self) -> String {
        if self.body.is_null() {
            return format!("{} with {} bytes", self.status, self.bytes.len());
        }
        format!("{} {}", self.status, self.body)
    }

    /// The answer, where it has this status.
    pub fn expecting(self, status: u16) -> Result<Self> {
        if self.status == status { Ok(self) } else { bail!("expected {status}, found {}", self.shown()) }
    }
}

/// Speaks to one portal.
#[derive(Debug, Clone)]
pub struct Client {
    agent: Agent,
    base: String,
}

impl Client {
    /// For the portal at an address such as `http://127.0.0.1:8080`.
    pub fn of(base: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Self { agent: config.into(), base: base.to_owned() }
    }

    /// `GET`.
    pub fn get(&self, path: &str, token: Option<&str>) -> Result<Answer> {
        let request = self.request("GET", path, token).body(())?;
        self.answered(path, self.agent.run(request))
    }

    /// `DELETE`, of whatever version is there.
    pub fn delete(&self, path: &str, token: &str) -> Result<Answer> {
        let request = self.request("DELETE", path, Some(token)).header("if-match", "*").body(())?;
        self.answered(path, self.agent.run(request))
    }

    /// `POST` of JSON.
    pub fn post(&self, path: &str, token: Option<&str>, body: &Value) -> Result<Answer> {
        self.post_bytes(path, token, body.to_string().into_bytes())
    }

    /// `POST` of a file; with a fresh `Idempotency-Key`, as nothing here is sent twice.
    pub fn post_bytes(&self, path: &str, token: Option<&str>, body: Vec<u8>) -> Result<Answer> {
        let request = self.request("POST", path, token).header("idempotency-key", fresh_key()).body(body)?;
        self.answered(path, self.agent.run(request))
    }

    /// `PUT` of JSON, over whatever version is there.
    pub fn put(&self, path: &str, token: &str, body: &Value) -> Result<Answer> {
        let request =
            self.request("PUT", path, Some(token)).header("if-match", "*").body(body.to_string().into_bytes())?;
        self.answered(path, self.agent.run(request))
    }

    fn request(&self, method: &str, path: &str, token: Option<&str>) -> Builder {
        let url = format!("{}{path}", self.base);
        let request = Request::builder().method(method).uri(url).header("content-type", "application/json");
        match token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        }
    }

    fn answered(&self, path: &str, response: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Answer> {
        let mut response = response.with_context(|| format!("the portal does not answer at {}{path}", self.base))?;
        let bytes = response.body_mut().read_to_vec()?;
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Ok(Answer { status: response.status().as_u16(), body, bytes })
    }
}

/// Never the same twice in one run.
fn fresh_key() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("quickstart-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}
