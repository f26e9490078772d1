//! `seatwarden-portal`: the customer's house.
//!
//! `router -> api | web -> actions -> store + rules`, with [`auth`] beside them and [`pages`] as what [`web`] fills in.
//! What the pages say is in one file of texts, which [`texts`] reads.

pub mod actions;
pub mod api;
pub mod auth;
mod cli;
pub mod clock;
pub mod command;
pub mod edge;
pub mod house;
pub mod key_file;
pub mod logging;
mod output;
pub mod pages;
pub mod problem;
pub mod rounds;
pub mod router;
pub mod state;
pub mod texts;
pub mod web;

// Templates name it at every text.
use texts::text as t;
