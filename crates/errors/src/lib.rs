//! The one error registry of Seatwarden.
//!
//! Every refusal that a person or a program meets has one [`Code`], and its row in the table `registry` is the only source of
//! its sentence, its way out, its HTTP status, its problem type and its exit code. A [`Failure`] is one such refusal with
//! the facts of the case. Nothing invents an error elsewhere.
//!
//! ```
//! let row = errors::Code::from_name("seat-limit-reached").unwrap().row();
//! assert_eq!((row.status, row.exit), (409, 31));
//! ```

mod failure;
mod from_catalog;
mod from_lease;
mod from_opening;
mod registry;
mod row;

pub use failure::Failure;
pub use registry::Code;
pub use row::Row;
