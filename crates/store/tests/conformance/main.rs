//! What every database under the store must do. The suite opens its stores through `harness::open` alone, so that another
//! database joins by one function more.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails the test")]

mod add_ons;
mod attack_block;
mod attack_restore;
mod attack_staging;
mod audit_lists;
mod chain;
mod changes;
mod checkouts;
mod clock;
mod deeds;
mod doors;
mod group;
mod harness;
mod invitations;
mod license;
mod lists;
mod migrations;
mod opening;
mod orders;
mod people;
mod policy;
mod product_races;
mod product_sessions;
mod products;
mod races;
mod random;
mod rehearsal;
mod repair;
mod returns;
mod seats;
mod shortfalls;
mod staging;
mod usage;
