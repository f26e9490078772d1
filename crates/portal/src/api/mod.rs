//! The REST interface `/api/v1`: read the request, call one action, shape the answer.

pub mod add_ons;
pub mod address;
pub mod audit;
pub mod body;
pub mod changes;
pub mod invitations;
pub mod lease_files;
pub mod licenses;
pub mod me;
pub mod member_table;
pub mod members;
pub mod precondition;
pub mod products;
pub mod roles;
pub mod session;
pub mod settings;
pub mod shape;
pub mod status;
pub mod trust;
pub mod usage;
