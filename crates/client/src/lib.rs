//! What a product asks of its customer's portal: sign-in, sessions, offline use; and what it verifies without one.
//!
//! A desktop product signs its user in, starts a session, says when the user is active, and learns when somebody has ended
//! the session elsewhere. It can be taken offline: a signed lease, which this crate verifies with the vendor's root alone.
//! Requests block; there is no thread and no clock here. Time is an argument, and a product that has an HTTP client of its
//! own brings it as a [`Transport`].
//!
//! ```
//! use client::{Device, DeviceKey, Portal, Standing, Start};
//! use entitlement::{Label, Moment, Name};
//! # use client::{Answer, Method, Request, Transport};
//! # // A portal of three answers, so that this example runs without one.
//! # struct Rehearsed;
//! # impl Transport for Rehearsed {
//! #     fn send(&self, request: &Request<'_>) -> Result<Answer, String> {
//! #         let grant = |used: &str, until: &str| format!(
//! #             r#"{{"id": "ses_1", "product": "arcgis-pro", "level": "standard", "extensions": [],
//! #                 "created_at": "2026-12-01T09:00:00Z", "last_used": "2026-12-01T{used}Z",
//! #                 "active_until": "2026-12-01T{until}Z", "lease": null}}"#);
//! #         let (status, body) = match (request.method, request.path) {
//! #             (Method::Post, "/api/v1/session") => (200, r#"{"token": "swp_1", "member": {"id": "mem_1",
//! #                 "username": "ada"}}"#.to_owned()),
//! #             (Method::Post, "/api/v1/products/arcgis-pro/sessions") => (201, grant("09:00:00", "09:30:00")),
//! #             (Method::Post, _) => (200, grant("09:05:00", "09:35:00")),
//! #             _ => (204, String::new()),
//! #         };
//! #         Ok(Answer { status, body })
//! #     }
//! # }
//! # fn portal() -> Portal<Rehearsed> { Portal::over(Rehearsed) }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let _ = Portal::at("https://portal.example.org")?;
//! // let portal = Portal::at("https://portal.example.org")?;
//! let ada = portal().sign_in("ada", "four plain unrelated words")?;
//! let laptop = Device::new(Label::parse("pc-0001")?, Name::parse("Ada's laptop")?, DeviceKey::generate()?);
//!
//! let at = |text: &str| Moment::parse(text);
//! let start = Start::new("arcgis-pro".parse()?)?; // write `start.request_id()` down, and a crash costs no place
//! let mut session = ada.start(&start, &laptop, at("2026-12-01T09:00:00Z")?)?;
//!
//! session.used(); // at every key and click
//! let standing = session.attend(&ada, at("2026-12-01T09:05:00Z")?)?; // every few seconds
//! assert_eq!(standing, Standing::Active { until: at("2026-12-01T09:35:00Z")? });
//! // Nobody touches it for half an hour: the place is free, and the next activity starts a new session.
//! assert_eq!(session.attend(&ada, at("2026-12-01T09:35:00Z")?)?, Standing::Lapsed);
//!
//! ada.leave(&session)?;
//! ada.sign_out()?;
//! # Ok(())
//! # }
//! ```

mod device;
mod error;
mod offline;
mod portal;
mod session;
mod transport;
mod wire;

pub use device::{Device, DeviceKey};
pub use error::{ClientError, Refusal};
pub use offline::{OfflineFiles, ProofError, ReturnError};
pub use portal::{Checkout, Portal, SignedIn, Start};
pub use session::{Cause, Ended, Grant, ProductSession, Standing};
pub use transport::{Answer, Http, Method, Request, Transport};
