//! What people do with add-ons and products over the interface, in a word each.

#![expect(clippy::expect_used, reason = "a harness stops the test where something of its own goes wrong")]

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entitlement::{Lease, Moment, SecretKey, Use, open_entitlement, open_lease, open_trust_list, seal_return_code};
use serde_json::{Value, json};

use crate::acts::fresh_key;
use crate::files::{Order, roots, trust};
use crate::people::{Answer, Person};
use crate::portal::Portal;

/// The product of the handbook.
pub const PRO: &str = "/products/arcgis-pro";
/// The add-on that opens it for a Creator.
pub const STANDARD: &str = "arcgis-pro-standard";
/// What extends it.
pub const EXTENSION: &str = "arcgis-pro-extension";

/// A portal with a file bound to it, and its administrator.
///
/// # Panics
/// The file is not activated.
pub async fn bound(order: &dyn Fn(&Portal) -> Order) -> (Portal, Person) {
    let portal = Portal::not_activated();
    portal.activate(&order(&portal)).await.expect("an activated portal");
    let ana = portal.administrator().await;
    (portal, ana)
}

/// Five seats of each kind and two licenses of Pro, for that portal only.
#[must_use]
pub fn two_of_pro(portal: &Portal) -> Order {
    let seats = [("viewer", 5), ("creator", 5), ("gis-pro-advanced", 2)];
    crate::files::order(1, &seats).with(STANDARD, 2).bound_to(portal.key.clone())
}

/// A bound portal, its administrator, and the Creator carla who has Pro.
pub async fn carlas_house(of: &dyn Fn(&Portal) -> Order) -> (Portal, Person, Person) {
    let (portal, ana) = bound(of).await;
    let carla = ana.adds_signed_in("carla", "creator").await;
    ana.gives(&carla, STANDARD).await.expecting(200);
    (portal, ana, carla)
}

/// The lease of a grant or a checkout under the first file, opened by the vendor's root alone.
///
/// # Panics
/// It does not open.
pub async fn lease_of(ana: &Person, grant: &Value, now: Moment) -> Lease {
    let list = open_trust_list(&trust(1, |_| ()), &roots(), now).expect("the trust list opens");
    let file = ana.gets("/licenses/1/file").await.expecting(200);
    let file = open_entitlement(&file.bytes, &list, Use::Installed, now).expect("the license opens");
    let lease = grant["lease"].as_str().expect("a lease");
    open_lease(lease.as_bytes(), &file, now, None).expect("the lease opens")
}

/// The return code that a computer with that seed gives for a checkout.
///
/// # Panics
/// The lease is not that computer's.
pub async fn return_code(ana: &Person, checkout: &Value, seed: u8, now: Moment) -> String {
    seal_return_code(&lease_of(ana, checkout, now).await, &device_key(seed), now).expect("a return code")
}

/// The id of a grant or a checkout.
///
/// # Panics
/// There is none.
#[must_use]
pub fn id(of: &Value) -> &str {
    of["id"].as_str().expect("an id")
}

/// An operation that assigns add-ons to somebody.
#[must_use]
pub fn give(whom: &Person, add_ons: &[&str]) -> Value {
    json!({"member": whom.id, "assign_add_ons": add_ons})
}

/// An operation that unassigns add-ons from somebody.
#[must_use]
pub fn take(whom: &Person, add_ons: &[&str]) -> Value {
    json!({"member": whom.id, "unassign_add_ons": add_ons})
}

impl Person {
    /// Adds a member who has signed in.
    pub async fn adds_signed_in(&self, username: &str, user_type: &str) -> Self {
        let mut person = self.adds(username, user_type).await;
        person.signs_in().await.expecting(200);
        person
    }

    /// Assigns an add-on to a member.
    pub async fn gives(&self, whom: &Person, add_on: &str) -> Answer {
        self.puts(&format!("/members/{}/add-ons/{add_on}", whom.id), &json!({})).await
    }

    /// Unassigns an add-on from a member.
    pub async fn takes(&self, whom: &Person, add_on: &str) -> Answer {
        self.deletes(&format!("/members/{}/add-ons/{add_on}", whom.id)).await
    }

    /// The numbers of an add-on: licensed, assigned, available.
    ///
    /// # Panics
    /// There is no such add-on.
    pub async fn tally(&self, add_on: &str) -> (i64, i64, i64) {
        let all = self.gets("/add-ons").await.expecting(200).json();
        let one = all["items"].as_array().and_then(|all| all.iter().find(|one| one["id"] == add_on));
        let one = one.expect("the add-on is listed");
        let number = |name: &str| one[name].as_i64().expect("a number");
        (number("licensed"), number("assigned"), number("available"))
    }

    /// The add-ons of a member.
    pub async fn add_ons_of(&self, whom: &Person) -> Value {
        self.gets(&format!("/members/{}", whom.id)).await.expecting(200).json()["add_ons"].clone()
    }

    /// Starts Pro on a computer, by a request that nobody has sent.
    pub async fn starts(&self, computer: &str) -> Answer {
        self.asks_to_start(PRO, computer, &fresh_key()).await
    }

    /// Starts a product on a computer, by that request.
    pub async fn asks_to_start(&self, product: &str, computer: &str, request: &str) -> Answer {
        let name = computer.to_uppercase();
        let body = json!({"device_id": computer, "computer": name, "request_id": request});
        self.posts(&format!("{product}/sessions"), &body).await
    }

    /// The user of a session is active.
    pub async fn works_in(&self, grant: &Value) -> Answer {
        self.posts(&format!("{PRO}/sessions/{}/renew", id(grant)), &json!({})).await
    }

    /// Ends a session from elsewhere.
    pub async fn ends(&self, grant: &Value) -> Answer {
        self.deletes(&format!("{PRO}/sessions/{}", id(grant))).await
    }

    /// Why a session is over, since when, and until when to save.
    pub async fn is_told_the_end_of(&self, grant: &Value) -> (String, String, String) {
        let told = self.works_in(grant).await;
        told.is_problem(410, "session-ended");
        (told.text_of("cause"), told.text_of("ended_at"), told.text_of("save_until"))
    }

    /// The computers on which the member has a session, of all products.
    pub async fn is_on(&self) -> String {
        let sessions = self.gets("/me/sessions").await.expecting(200).json();
        let mut names = String::new();
        for one in sessions["items"].as_array().into_iter().flatten() {
            let _ = write!(names, "{} ", one["computer"].as_str().unwrap_or_default());
        }
        names.trim_end().to_owned()
    }

    /// Takes Pro offline on a computer with that seed as its key.
    pub async fn takes_offline(&self, computer: &str, seed: u8) -> Answer {
        let key = URL_SAFE_NO_PAD.encode(device_key(seed).public().as_bytes());
        let body = json!({"device_id": computer, "computer": computer.to_uppercase(), "device_key": key});
        self.posts(&format!("{PRO}/checkouts"), &body).await
    }

    /// Brings a checkout home from its computer.
    pub async fn comes_home(&self, checkout: &Value, computer: &str) -> Answer {
        self.deletes(&format!("{PRO}/checkouts/{}?device_id={computer}", id(checkout))).await
    }

    /// Releases a checkout.
    pub async fn releases(&self, checkout: &Value) -> Answer {
        self.posts(&format!("{PRO}/checkouts/{}/release", id(checkout)), &json!({})).await
    }

    /// Hands a return code in.
    pub async fn hands_in(&self, checkout: &Value, code: &str) -> Answer {
        self.posts(&format!("{PRO}/checkouts/{}/return-code", id(checkout)), &json!({"code": code})).await
    }

    /// The activity of Pro, of the members whom `how` narrows it to: user name, last use, online, offline, computers.
    pub async fn sees_activity(&self, how: &str) -> Vec<String> {
        let seen = self.gets(&format!("{PRO}/activity{how}")).await.expecting(200).json();
        let line = |one: &Value| {
            let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
            let computers: Vec<String> =
                one["sessions"].as_array().into_iter().flatten().map(|session| text(&session["computer"])).collect();
            let online = if one["recently_used"] == true { "online" } else { "-" };
            let (name, used) = (text(&one["username"]), text(&one["last_used"]));
            format!("{name} {used} {online} {} {}", text(&one["offline"]["computer"]), computers.join(","))
        };
        seen["items"].as_array().into_iter().flatten().map(line).map(|line| line.trim_end().to_owned()).collect()
    }
}

/// The key of a computer.
#[must_use]
pub fn device_key(seed: u8) -> SecretKey {
    SecretKey::self_named(&[seed; 32])
}
