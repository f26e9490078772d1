//! `seatwarden-portal`: the customer's house.
//!
//! `router -> api | pages -> actions -> store + rules`, with [`auth`] beside them. The clock is read in [`clock`] only.

pub mod auth;
pub mod clock;
pub mod logging;
pub mod pages;
