//! `cargo xtask soak NAME`: what takes longer than a test may.

pub mod fuzz;
pub mod model;
pub mod mutants;
pub mod proofs;
mod rows;
