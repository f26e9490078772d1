//! People who use a portal: what they do reads like what happened.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a harness stops the test where something of its own goes wrong"
)]

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, header};
use portal::auth::csrf;
use portal::auth::secret_token::SecretToken;
use portal::auth::session::COOKIE_NAME;
use serde_json::{Value, json};

use crate::portal::{PASSWORD, Portal, own_password};

/// Somebody with a browser and programs of their own.
#[derive(Clone)]
pub struct Person {
    /// The portal that the person uses.
    pub portal: Portal,
    /// The user name.
    pub username: String,
    /// The id of the member, where there is one.
    pub id: String,
    /// The password.
    pub password: String,
    /// The token of the session.
    pub token: Option<String>,
}

/// What the portal answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub bytes: Bytes,
}

impl Answer {
    /// The same answer, if it has that status.
    ///
    /// # Panics
    /// When it has another one.
    #[track_caller]
    pub fn expecting(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// Checks the status and the code of the problem.
    ///
    /// # Panics
    /// When either is another one.
    #[track_caller]
    pub fn is_problem(&self, status: u16, code: &str) {
        let body = self.json();
        assert_eq!((self.status, body["code"].as_str()), (status, Some(code)), "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(body["status"], status);
        assert_eq!(body["help"], format!("/help/errors/{code}"));
    }

    /// The body as JSON; null where it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// A header; empty where there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Checks that a page says something.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(self.text().contains(text), "`{text}` is not in {}", self.text());
        self
    }

    /// Checks that a page does not say something.
    ///
    /// # Panics
    /// When it does.
    #[track_caller]
    pub fn is_silent_on(&self, text: &str) -> &Self {
        assert!(!self.text().contains(text), "`{text}` is in {}", self.text());
        self
    }

    /// Checks that a form leads on to an address.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn leads_to(&self, address: &str) -> &Self {
        assert_eq!((self.status, self.header("location")), (303, address), "{}", self.text());
        self
    }

    /// The session that a sign-in gave as a cookie.
    #[must_use]
    pub fn session_cookie(&self) -> Option<String> {
        let value = self.header("set-cookie").strip_prefix(COOKIE_NAME)?.strip_prefix('=')?.split(';').next()?;
        (!value.is_empty()).then(|| value.to_owned())
    }
}

impl Person {
    pub(crate) fn new(portal: Portal, username: &str) -> Self {
        let (username, id) = (username.to_owned(), String::new());
        Self { portal, username, id, password: PASSWORD.to_owned(), token: None }
    }

    /// Asks the interface something, with headers of one's own.
    pub async fn asks(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.portal.sends(request.body(Body::from(body)).expect("a request")).await
    }

    /// `GET` at the interface.
    pub async fn gets(&self, path: &str) -> Answer {
        self.asks(Method::GET, path, &[], Vec::new()).await
    }

    /// `POST` of JSON at the interface.
    pub async fn posts(&self, path: &str, body: &Value) -> Answer {
        self.asks(Method::POST, path, &[JSON], body.to_string().into_bytes()).await
    }

    /// `PUT` of JSON at the interface, whatever version is there.
    pub async fn puts(&self, path: &str, body: &Value) -> Answer {
        self.asks(Method::PUT, path, &[JSON, ("if-match", "*")], body.to_string().into_bytes()).await
    }

    /// `DELETE` at the interface, whatever version is there.
    pub async fn deletes(&self, path: &str) -> Answer {
        self.asks(Method::DELETE, path, &[("if-match", "*")], Vec::new()).await
    }

    /// Signs in at the interface, and keeps the token.
    pub async fn signs_in(&mut self) -> Answer {
        let body = json!({"username": self.username, "password": self.password});
        let answer = Self { token: None, ..self.clone() }.posts("/session", &body).await;
        if answer.status == 200 {
            self.token = answer.json()["token"].as_str().map(str::to_owned);
            self.id = answer.json()["member"]["id"].as_str().unwrap_or_default().to_owned();
        }
        answer
    }

    /// Signs in on the page, and keeps the cookie.
    pub async fn signs_in_on_the_page(&mut self) -> Answer {
        let fields = [("username", self.username.as_str()), ("password", self.password.as_str())];
        let answer = Self { token: None, ..self.clone() }.submits_as_is("/signin", &fields).await;
        if let Some(token) = answer.session_cookie() {
            self.token = Some(token);
        }
        answer
    }

    /// Opens a page.
    pub async fn opens(&self, address: &str) -> Answer {
        let request = Request::builder().uri(address).header(header::ACCEPT, BROWSER);
        self.portal.sends(self.as_browser(request).body(Body::empty()).expect("a request")).await
    }

    /// Sends a form of one of our own pages, with the token that the page has in it.
    pub async fn submits(&self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.form_token();
        let with_token: Vec<(&str, &str)> =
            [("csrf", csrf.as_str())].into_iter().chain(fields.iter().copied()).collect();
        self.submits_as_is(address, &with_token).await
    }

    /// Sends a form with these fields and no others.
    pub async fn submits_as_is(&self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = Request::builder()
            .method(Method::POST)
            .uri(address)
            .header(header::ACCEPT, BROWSER)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.portal.sends(self.as_browser(request).body(Body::from(pairs.join("&"))).expect("a request")).await
    }

    /// Sends the form with which a license file is imported.
    pub async fn uploads(&self, license: &[u8]) -> Answer {
        let files = [("license", "l.json", license), ("trust", "", b"")];
        self.uploads_to("/licenses/import", &[], &files).await
    }

    /// Sends a form with fields and files, each file with its name in the form and its own name.
    pub async fn uploads_to(&self, address: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        let csrf = self.form_token();
        let fields = [("csrf", csrf.as_str())].into_iter().chain(fields.iter().copied());
        let plain = fields.map(|(name, value)| (name, String::new(), value.as_bytes()));
        let named = files.iter().map(|(name, file, content)| (*name, format!("; filename=\"{file}\""), *content));
        for (name, file, content) in plain.chain(named) {
            let head = format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--part--\r\n");
        let request = Request::builder()
            .method(Method::POST)
            .uri(address)
            .header(header::ACCEPT, BROWSER)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=part");
        self.portal.sends(self.as_browser(request).body(Body::from(body)).expect("a request")).await
    }

    /// The token that stands in every form of this session.
    #[must_use]
    pub fn form_token(&self) -> String {
        let token = self.token.as_deref().and_then(SecretToken::parse);
        token.map(|token| csrf::form_token(&token)).unwrap_or_default()
    }

    fn as_browser(&self, request: axum::http::request::Builder) -> axum::http::request::Builder {
        match &self.token {
            Some(token) => request.header(header::COOKIE, format!("{COOKIE_NAME}={token}")),
            None => request,
        }
    }

    /// Adds a member with the usual role of the user type, who then has a password of their own.
    pub async fn adds(&self, username: &str, user_type: &str) -> Person {
        let role = if user_type == "creator" { "publisher" } else { "viewer" };
        let body = json!({"username": username, "user_type": user_type, "role": role});
        let answer = self.posts("/members", &body).await.expecting(201);
        let id = answer.json()["id"].as_str().expect("an id").to_owned();
        self.portal.gives_password(&id).await;
        Person { id, ..self.portal.person(username) }
    }

    /// Adds members until so many have been added: `viewer1`, `viewer2`, …
    pub async fn adds_many(&self, user_type: &str, count: u32) -> Vec<Person> {
        let mut people = Vec::new();
        for number in 1..=count {
            people.push(self.adds(&format!("{user_type}{number}"), user_type).await);
        }
        people
    }

    /// Changes a member's user type and role.
    pub async fn changes(&self, whom: &Person, user_type: &str, role: &str) -> Answer {
        self.puts(&format!("/members/{}/user-type", whom.id), &json!({"user_type": user_type, "role": role})).await
    }

    /// The same with the consent to lock so many people out.
    pub async fn changes_with_consent(&self, whom: &Person, to: (&str, &str), locked_out: u64) -> Answer {
        let (user_type, role) = to;
        let body = json!({"user_type": user_type, "role": role, "allow_one_over": {user_type: locked_out}});
        self.puts(&format!("/members/{}/user-type", whom.id), &body).await
    }

    /// The counts of a user type: assigned, licensed, locked out.
    pub async fn counts(&self, user_type: &str) -> (u64, u64, u64) {
        let one = self.gets(&format!("/user-types/{user_type}")).await.expecting(200).json();
        let number = |name: &str| one[name].as_u64().unwrap_or_else(|| panic!("`{name}` in {one}"));
        (number("assigned"), number("licensed"), number("locked_out"))
    }

    /// Whether the portal lets the person in at this request: `Ok`, or the status and code of the refusal.
    ///
    /// # Errors
    /// Status and code.
    pub async fn gets_in(&self) -> Result<(), (u16, String)> {
        let answer = self.gets("/me").await;
        if answer.status == 200 {
            return Ok(());
        }
        Err((answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned()))
    }
}

impl Portal {
    /// Gives a member the password of everybody, past the change at the first sign-in.
    pub async fn gives_password(&self, id: &str) {
        let id: rules::MemberId = id.parse().expect("an id");
        let console = rules::Actor::console();
        let given = self.state.store.write(move |tx| tx.set_password(&console, &id, &own_password(), None)).await;
        given.expect("a password is set");
    }
}

/// The content type of what programs send.
pub const JSON: (&str, &str) = ("content-type", "application/json");
/// What a browser asks for.
pub const BROWSER: &str = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8";

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
