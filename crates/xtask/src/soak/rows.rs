//! The proofs: what is broken, and which check must notice.

use super::proofs::Row;

/// Every proof of `soak proofs`.
pub const ROWS: &[Row] = &[];
