//! What people do with members, changes, invitations, roles and tables over the interface, in a word each.

#![expect(clippy::expect_used, reason = "a harness stops the test where something of its own goes wrong")]

use std::sync::atomic::{AtomicU32, Ordering};

use axum::http::Method;
use serde_json::{Value, json};

use crate::people::{Answer, JSON, Person};

/// The content type of a table.
pub const CSV: (&str, &str) = ("content-type", "text/csv; charset=utf-8");

/// An Idempotency-Key that nobody has used.
#[must_use]
pub fn fresh_key() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("key-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// An operation that sets user type and role of somebody.
#[must_use]
pub fn set(whom: &Person, user_type: &str, role: &str) -> Value {
    json!({"member": whom.id, "set_user_type": user_type, "set_role": role})
}

/// An operation that does something with somebody's account: `archive`, `restore`, `enable`, `disable` or `delete`.
#[must_use]
pub fn act(whom: &Person, act: &str) -> Value {
    json!({"member": whom.id, act: true})
}

impl Person {
    /// `POST` of JSON with a key that nobody has used.
    pub async fn posts_once(&self, path: &str, body: &Value) -> Answer {
        self.posts_with_key(path, &fresh_key(), body).await
    }

    /// `POST` of JSON with a key.
    pub async fn posts_with_key(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.asks(Method::POST, path, &[JSON, ("idempotency-key", key)], body.to_string().into_bytes()).await
    }

    /// `PATCH` of JSON, whatever version is there.
    pub async fn patches(&self, path: &str, body: &Value) -> Answer {
        self.asks(Method::PATCH, path, &[JSON, ("if-match", "*")], body.to_string().into_bytes()).await
    }

    /// Applies a change set.
    pub async fn applies(&self, change: &Value) -> Answer {
        self.posts_once("/changes", change).await
    }

    /// Applies the operations together, and nothing else.
    pub async fn does(&self, operations: &[Value]) -> Answer {
        self.applies(&json!({ "operations": operations })).await
    }

    /// Plans a change set.
    pub async fn plans(&self, change: &Value) -> Answer {
        self.posts("/changes?dry_run=true", change).await
    }

    /// Takes a change back.
    pub async fn undoes(&self, change: &str) -> Answer {
        self.undoes_with(change, &json!({})).await
    }

    /// Takes a change back, with a consent.
    pub async fn undoes_with(&self, change: &str, body: &Value) -> Answer {
        self.posts_once(&format!("/changes/{change}/revert"), body).await
    }

    /// Sends a table of members; `how` is the query, `?dry_run=true` for one.
    pub async fn imports(&self, how: &str, table: &str) -> Answer {
        let headers = [CSV, ("idempotency-key", &fresh_key())];
        self.asks(Method::POST, &format!("/members/import{how}"), &headers, table.as_bytes().to_vec()).await
    }

    /// The same, and takes the refused rows as a table.
    pub async fn imports_for_the_rest(&self, how: &str, table: &str) -> Answer {
        let headers = [CSV, ("idempotency-key", &fresh_key()), ("accept", "text/csv")];
        self.asks(Method::POST, &format!("/members/import{how}"), &headers, table.as_bytes().to_vec()).await
    }

    /// Invites somebody to a user type; the answer carries the secret.
    pub async fn invites(&self, user_type: &str) -> Answer {
        self.posts_once("/invitations", &json!({ "user_type": user_type })).await
    }

    /// Accepts an invitation with a user name, and the password of everybody.
    pub async fn accepts(&self, secret: &str, username: &str) -> Answer {
        let body = json!({"username": username, "password": crate::portal::PASSWORD});
        self.posts(&format!("/invitations/{secret}/accept"), &body).await
    }

    /// Makes a role of these privileges, and gives its id.
    pub async fn makes_role(&self, name: &str, privileges: &[&str]) -> String {
        let body = json!({"name": name, "privileges": privileges});
        let made = self.posts("/roles", &body).await.expecting(201).json();
        made["id"].as_str().expect("a role has an id").to_owned()
    }

    /// Adds a member with that user type and role, who is signed in then.
    pub async fn adds_with_role(&self, username: &str, user_type: &str, role: &str) -> Person {
        let body = json!({"username": username, "user_type": user_type, "role": role});
        let added = self.posts("/members", &body).await.expecting(201).json();
        let id = added["id"].as_str().expect("a member has an id").to_owned();
        self.portal.gives_password(&id).await;
        let mut person = Person { id, ..self.portal.person(username) };
        person.signs_in().await.expecting(200);
        person
    }

    /// The member as it is now.
    pub async fn looks_at(&self, whom: &Person) -> Value {
        self.gets(&format!("/members/{}", whom.id)).await.expecting(200).json()
    }

    /// User type, role and state of somebody; an archived member has no user type.
    pub async fn finds(&self, whom: &Person) -> (Option<String>, String, String) {
        let member = self.looks_at(whom).await;
        let text = |name: &str| member[name].as_str().map(str::to_owned);
        (text("user_type"), text("role").unwrap_or_default(), text("state").unwrap_or_default())
    }

    /// The seats that are held for invitations and planned returns.
    pub async fn reserved(&self, user_type: &str) -> u64 {
        let one = self.gets(&format!("/user-types/{user_type}")).await.expecting(200).json();
        one["reserved"].as_u64().expect("a number of reserved seats")
    }

    /// The change whose return is open: planned, due, or found impossible. There must be exactly one.
    pub async fn open_return(&self) -> Value {
        let open = self.gets("/changes?returning=true").await.expecting(200).json();
        let items = open["items"].as_array().expect("a list");
        assert_eq!(items.len(), 1, "{open}");
        items.first().cloned().unwrap_or_default()
    }

    /// Imports a license file, with the number of people whom it locks out where it does.
    pub async fn imports_license(&self, file: &[u8], locked_out: Option<u64>) -> Answer {
        let shown = self.asks(Method::POST, "/license-previews", &[], file.to_vec()).await.expecting(201).json();
        let id = shown["id"].as_str().expect("a preview has an id");
        self.posts_once(&format!("/license-previews/{id}/import"), &json!({ "confirm_locked_out": locked_out })).await
    }

    /// Imports a table of new members `prefix1`, `prefix2`, … of a user type, who do not sign in.
    pub async fn adds_a_table(&self, prefix: &str, user_type: &str, count: u32) -> Vec<Person> {
        let rows: String = (1..=count).map(|number| format!("{prefix}{number},{user_type}\n")).collect();
        let made = self.imports("", &format!("username,user_type\n{rows}")).await.expecting(200).json();
        let members = made["members"].as_array().expect("the members");
        let person = |member: &Value| {
            let text = |name: &str| member[name].as_str().expect("a text").to_owned();
            Person { id: text("id"), ..self.portal.person(&text("username")) }
        };
        members.iter().map(person).collect()
    }
}

impl Answer {
    /// A text of the answer, which must be there.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    #[must_use]
    pub fn text_of(&self, name: &str) -> String {
        let body = self.json();
        let text = body[name].as_str();
        assert!(text.is_some(), "no text `{name}` in {}", self.text());
        text.unwrap_or_default().to_owned()
    }

    /// Status, and the code of the problem where it is one: `201`, or `409 seat-limit-reached`.
    #[must_use]
    pub fn in_short(&self) -> String {
        match self.json()["code"].as_str() {
            Some(code) => format!("{} {code}", self.status),
            None => self.status.to_string(),
        }
    }
}
