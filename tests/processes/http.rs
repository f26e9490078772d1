//! Requests over TCP.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;

/// What the portal said.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The code of the refusal.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or("")
    }

    /// A text member of an answer with that status.
    pub fn text(self, status: u16, member: &str) -> String {
        assert_eq!(self.status, status, "{}", self.body);
        self.body[member].as_str().unwrap_or_else(|| panic!("no `{member}` in {}", self.body)).to_owned()
    }
}

/// One caller with connections of its own, signed in or not.
#[derive(Debug, Clone)]
pub struct Client {
    agent: Agent,
    base: String,
    token: Option<String>,
}

impl Client {
    /// Nobody, at an address such as `http://127.0.0.1:8080`.
    pub fn anonymous(base: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Self { agent: config.into(), base: base.to_owned(), token: None }
    }

    /// Somebody who signs in.
    pub fn signed_in(base: &str, username: &str, password: &str) -> Self {
        let mut client = Self::anonymous(base);
        let answer = client.post("/api/v1/session", &json!({"username": username, "password": password}));
        client.token = Some(answer.expect("an answer").text(200, "token"));
        client
    }

    /// The same caller over connections of its own.
    pub fn beside(&self) -> Self {
        self.moved_to(&self.base)
    }

    /// The same caller with the same token at another address: the portal was started anew.
    pub fn moved_to(&self, base: &str) -> Self {
        Self { token: self.token.clone(), ..Self::anonymous(base) }
    }

    /// Where it calls, without `http://`.
    pub fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// The token.
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or("")
    }

    pub fn get(&self, path: &str) -> Result<Answer, ureq::Error> {
        self.send("GET", path, &[], None)
    }

    pub fn delete(&self, path: &str) -> Result<Answer, ureq::Error> {
        self.send("DELETE", path, &[], None)
    }

    pub fn post(&self, path: &str, body: &Value) -> Result<Answer, ureq::Error> {
        self.upload(path, "application/json", body.to_string().into_bytes())
    }

    pub fn put(&self, path: &str, body: &Value) -> Result<Answer, ureq::Error> {
        self.send("PUT", path, &[("content-type", "application/json")], Some(body.to_string().into_bytes()))
    }

    /// `POST` of anything.
    pub fn upload(&self, path: &str, kind: &str, body: Vec<u8>) -> Result<Answer, ureq::Error> {
        self.upload_with(path, &[("content-type", kind)], body)
    }

    /// `POST` of anything with headers of one's own.
    pub fn upload_with(&self, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Result<Answer, ureq::Error> {
        self.send("POST", path, headers, Some(body))
    }

    /// Registers a member.
    pub fn register(&self, username: &str, user_type: &str) -> Result<Answer, ureq::Error> {
        self.post("/api/v1/members", &json!({"username": username, "user_type": user_type}))
    }

    /// Every member, page by page.
    pub fn members(&self) -> Vec<Value> {
        let mut members = Vec::new();
        let mut path = "/api/v1/members?limit=500".to_owned();
        loop {
            let page = self.get(&path).expect("an answer");
            assert_eq!(page.status, 200, "{}", page.body);
            members.extend(page.body["items"].as_array().expect("items").iter().cloned());
            let Some(next) = page.body["next"].as_str() else { return members };
            path = format!("/api/v1/members?limit=500&cursor={next}");
        }
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Result<Answer, ureq::Error> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        request = request.header("if-match", "*");
        let mut response = match body {
            Some(bytes) => {
                let key = format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
                self.agent.run(request.header("idempotency-key", key).body(bytes)?)
            }
            None => self.agent.run(request.body(())?),
        }?;
        let bytes = response.body_mut().read_to_vec()?;
        Ok(Answer {
            status: response.status().as_u16(),
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            bytes,
        })
    }
}
