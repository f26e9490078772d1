//! The portal's pages in a real browser: what a person clicks, types and sees, and what the portal then has on record.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a harness stops the test where something of its own goes wrong, and says what was there"
)]

mod browser;
mod checks;
mod driver;
mod first_look;
mod forms;
mod hand;
mod journey_licenses;
mod journey_people;
mod journey_seats;
mod page_table;
mod pages;
mod pictures;
mod town;
