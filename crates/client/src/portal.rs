//! Signing in, and everything that a signed-in member asks for.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entitlement::{Moment, ProductId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use zeroize::Zeroizing;

use crate::session::{Grant, ProductSession};
use crate::transport::{Answer, Http, Method, Request, Transport};
use crate::wire::{self, moment};
use crate::{ClientError, Device, OfflineFiles, Refusal};

/// How often a request whose answer was lost is sent altogether, and how long is waited before each repetition.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(3)];

/// A portal, nobody signed in.
pub struct Portal<T = Http> {
    transport: T,
}

/// A member who is signed in at a portal.
pub struct SignedIn<T = Http> {
    transport: T,
    token: Zeroizing<String>,
    member: wire::Member,
}

#[derive(Serialize)]
struct Credentials<'c> {
    username: &'c str,
    password: &'c str,
}

#[derive(Serialize)]
struct Passwords<'c> {
    current_password: &'c str,
    new_password: &'c str,
}

impl Portal<Http> {
    /// A portal at an address such as `https://portal.example.org`, over [`Http`].
    ///
    /// # Errors
    /// [`ClientError::Address`].
    pub fn at(address: &str) -> Result<Self, ClientError> {
        Ok(Self::over(Http::at(address)?))
    }
}

impl<T: Transport> Portal<T> {
    /// A portal that is reached otherwise.
    pub fn over(transport: T) -> Self {
        Self { transport }
    }

    /// Signs a member in.
    ///
    /// # Errors
    /// `sign-in-failed`, `rate-limited`, `member-disabled`, `user-type-over-limit`, `not-activated`.
    pub fn sign_in(self, username: &str, password: &str) -> Result<SignedIn<T>, ClientError> {
        let body = secret(&Credentials { username, password })?;
        let request = Request { method: Method::Post, path: "/api/v1/session", token: None, body: Some(&body) };
        let answer = once(&self.transport, &request)?;
        let entered: wire::Entered = wire::read(&answer)?;
        Ok(SignedIn { transport: self.transport, token: Zeroizing::new(entered.token), member: entered.member })
    }
}

/// A wish to start a product, made once and sent until there is an answer: however often it is sent, it takes one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    product: ProductId,
    request_id: String,
}

impl Start {
    /// A new wish, with a request id of 128 random bits.
    ///
    /// # Errors
    /// [`ClientError::DeviceKey`] when the machine gives no randomness.
    pub fn new(product: ProductId) -> Result<Self, ClientError> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| ClientError::DeviceKey { why: error.to_string() })?;
        Ok(Self { product, request_id: URL_SAFE_NO_PAD.encode(bytes) })
    }

    /// A wish that was written down before a program broke off: sent again, it gets the grant that it got then.
    #[must_use]
    pub fn again(product: ProductId, request_id: &str) -> Self {
        Self { product, request_id: request_id.to_owned() }
    }

    /// What to write down, with the product, before it is sent.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// The product.
    #[must_use]
    pub fn product(&self) -> &ProductId {
        &self.product
    }
}

/// A product that was taken offline on one computer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Checkout {
    /// Its id.
    pub id: String,
    /// The product.
    pub product: String,
    /// The computer.
    pub device_id: String,
    /// When the lease ends.
    #[serde(deserialize_with = "moment")]
    pub until: Moment,
    /// The signed lease.
    pub lease: String,
}

impl<T: Transport> SignedIn<T> {
    /// How the portal is reached.
    #[must_use]
    pub fn transport(&self) -> &T {
        &self.transport
    }

    /// The member's id.
    #[must_use]
    pub fn member(&self) -> &str {
        &self.member.id
    }

    /// The member's user name.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.member.username
    }

    /// Whether the member came in with a one-time password; nothing else works before
    /// [`set_password`](Self::set_password).
    #[must_use]
    pub fn must_change_password(&self) -> bool {
        self.member.must_change_password
    }

    /// Gives the member a password of his own.
    ///
    /// # Errors
    /// `sign-in-failed` for a wrong current one, `password-unsuitable`.
    pub fn set_password(&mut self, current: &str, new: &str) -> Result<(), ClientError> {
        let body = secret(&Passwords { current_password: current, new_password: new })?;
        self.once(Method::Put, "/api/v1/me/password", Some(&body))?;
        self.member.must_change_password = false;
        Ok(())
    }

    /// Starts a product on a computer (S58, S68). An answer that is lost is asked for again with the same request id, so
    /// that no place is lost; after some tries the error says so, and the same `start` may be sent later. `now` is the
    /// time of this computer.
    ///
    /// # Errors
    /// `not-licensed`, `product-over-assigned`, `session-limit-reached` with [`Refusal::sessions`], `offline-elsewhere`.
    pub fn start(&self, start: &Start, device: &Device, now: Moment) -> Result<ProductSession, ClientError> {
        let path = format!("/api/v1/products/{}/sessions", start.product);
        let body = json!({
            "device_id": device.id().as_str(), "computer": device.name().as_str(), "request_id": start.request_id,
        });
        let grant: Grant = wire::read(&self.asked(Method::Post, &path, Some(&secret(&body)?))?)?;
        Ok(ProductSession::begun(grant, now))
    }

    /// Renews a session once; an answer that is lost costs nothing, because the session lives on.
    pub(crate) fn renew(&self, session: &Grant) -> Result<Grant, ClientError> {
        let path = format!("/api/v1/products/{}/sessions/{}/renew", session.product, session.id);
        wire::read(&self.once(Method::Post, &path, None)?)
    }

    /// Leaves a product: the member signs out of it on this computer, and the place is free.
    ///
    /// # Errors
    /// `not-found`; that it is over already is none.
    pub fn leave(&self, session: &ProductSession) -> Result<(), ClientError> {
        let Grant { id, product, .. } = session.grant();
        let path = format!("/api/v1/products/{product}/sessions/{id}?sign_out=true");
        self.asked(Method::Delete, &path, None).map(drop)
    }

    /// Ends a session of the member on another computer, which is told so: the way out of `session-limit-reached` (S60).
    ///
    /// # Errors
    /// `not-found`.
    pub fn end_session(&self, product: &ProductId, id: &str) -> Result<(), ClientError> {
        self.asked(Method::Delete, &format!("/api/v1/products/{product}/sessions/{}", plain(id)?), None).map(drop)
    }

    /// Takes a product offline on a computer (S81). The same computer gets the same lease again.
    ///
    /// # Errors
    /// `not-bound`, `offline-disabled`, `offline-elsewhere`, `not-licensed`, `product-over-assigned`.
    pub fn check_out(&self, product: &ProductId, device: &Device) -> Result<Checkout, ClientError> {
        let body = json!({
            "device_id": device.id().as_str(), "computer": device.name().as_str(), "device_key": device.public_key(),
        });
        let path = format!("/api/v1/products/{product}/checkouts");
        wire::read(&self.asked(Method::Post, &path, Some(&secret(&body)?))?)
    }

    /// Brings a product home from its computer. Delete the files of the lease first.
    ///
    /// # Errors
    /// `not-found`, `validation-failed` from another computer; that it is home already is none.
    pub fn check_in(&self, product: &ProductId, checkout: &str, device: &Device) -> Result<(), ClientError> {
        let device = percent(device.id().as_str());
        let path = format!("/api/v1/products/{product}/checkouts/{}?device_id={device}", plain(checkout)?);
        self.asked(Method::Delete, &path, None).map(drop)
    }

    /// Hands in a return code that a computer without a network has made.
    ///
    /// # Errors
    /// `lease-…` for a code that is not of this checkout; `not-found`.
    pub fn hand_in(&self, product: &ProductId, checkout: &str, code: &str) -> Result<(), ClientError> {
        let path = format!("/api/v1/products/{product}/checkouts/{}/return-code", plain(checkout)?);
        self.asked(Method::Post, &path, Some(&secret(&json!({"code": code}))?)).map(drop)
    }

    /// Fetches what vouches for a lease, to be kept beside it. Nothing is verified by that: ask
    /// [`OfflineFiles::verify`].
    ///
    /// # Errors
    /// `not-found`, `privilege-missing`; [`ClientError::Strange`] where the text is no lease.
    pub fn files_of(&self, lease: &str) -> Result<OfflineFiles, ClientError> {
        let no_lease = |error: &dyn std::fmt::Display| ClientError::strange(format!("its lease: {error}"));
        let says = entitlement::peek_kind(lease.as_bytes()).map_err(|error| no_lease(&error))?.payload_text;
        let named: wire::Named = serde_json::from_str(&says).map_err(|error| no_lease(&error))?;
        let path = format!("/api/v1/lease-files/{}", plain(&named.license)?);
        let wire::Files { license, trust } = wire::read(&self.asked(Method::Get, &path, None)?)?;
        Ok(OfflineFiles { trust, license, lease: lease.to_owned() })
    }

    /// Signs out. Product sessions are left to [`leave`](Self::leave).
    ///
    /// # Errors
    /// [`ClientError::Silent`]: the token lives on to its end then.
    pub fn sign_out(self) -> Result<Portal<T>, ClientError> {
        self.asked(Method::Delete, "/api/v1/session", None)?;
        Ok(Portal { transport: self.transport })
    }

    fn request<'r>(&'r self, method: Method, path: &'r str, body: Option<&'r Zeroizing<Vec<u8>>>) -> Request<'r> {
        Request { method, path, token: Some(&self.token), body }
    }

    fn once(&self, method: Method, path: &str, body: Option<&Zeroizing<Vec<u8>>>) -> Result<Answer, ClientError> {
        once(&self.transport, &self.request(method, path, body))
    }

    /// Sends what may be sent twice until there is an answer.
    fn asked(&self, method: Method, path: &str, body: Option<&Zeroizing<Vec<u8>>>) -> Result<Answer, ClientError> {
        let request = self.request(method, path, body);
        for pause in PAUSES {
            match once(&self.transport, &request) {
                Err(ClientError::Silent { .. }) => self.transport.pause(pause),
                answered => return answered,
            }
        }
        once(&self.transport, &request)
    }
}

/// Sends a request; the answer, where it says yes.
fn once(transport: &impl Transport, request: &Request<'_>) -> Result<Answer, ClientError> {
    let answer = transport.send(request).map_err(|why| ClientError::Silent { why })?;
    match answer.status {
        200..=299 => Ok(answer),
        // A proxy in front that does not reach its portal: as good as no answer, and worth asking again.
        502..=504 => Err(ClientError::Silent { why: format!("what stands in front of it says {}", answer.status) }),
        status => Err(ClientError::Refused(Box::new(Refusal::read(status, &answer.body)?))),
    }
}

/// A body whose memory is overwritten.
fn secret(body: &impl Serialize) -> Result<Zeroizing<Vec<u8>>, ClientError> {
    serde_json::to_vec(body).map(Zeroizing::new).map_err(|error| ClientError::strange(error.to_string()))
}

/// An id that came from a portal, before it stands in a path.
fn plain(id: &str) -> Result<&str, ClientError> {
    let is_plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if is_plain { Ok(id) } else { Err(ClientError::strange(format!("`{id}` is no id"))) }
}

/// A text in a query (RFC 3986, 2.3).
fn percent(text: &str) -> String {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let written = |byte: u8| if unreserved(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(written).collect()
}
