//! `cargo xtask bench NAME`.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::tree::Tree;

/// Measures.
pub fn run(_tree: &Tree, _words: &[&str]) -> Result<()> {
    bail!("to come")
}

/// Builds.
pub fn dist(_tree: &Tree) -> Result<PathBuf> {
    bail!("to come")
}
