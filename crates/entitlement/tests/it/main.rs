//! The tests of the signed files, from outside: what opens, what does not and why, what is in force when.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]

mod admission;
mod allotment;
mod fixture;
mod ids;
mod keys;
mod lease;
mod lease_fixture;
mod opening;
mod payload;
mod properties;
mod return_code;
mod sealing;
mod sentences;
mod summary;
mod trust;
mod wycheproof;
