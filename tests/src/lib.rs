//! The harness of the tests.

pub mod make_vectors;
