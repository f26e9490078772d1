//! The harness of the tests.

pub mod acts;
pub mod desk;
pub mod doors;
pub mod files;
pub mod make_vectors;
pub mod people;
pub mod portal;
pub mod products;
