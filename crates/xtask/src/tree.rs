//! Where things are in the working tree.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The working tree that `cargo xtask` was called in.
pub struct Tree {
    root: PathBuf,
}

impl Tree {
    /// Finds the root: the folder above `crates/xtask`, which cargo names when it runs this program.
    pub fn find() -> Result<Self> {
        let package = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
        let root = Path::new(&package).join("../..").canonicalize().context("the working tree is gone")?;
        ensure!(root.join("Cargo.toml").is_file(), "`{}` holds no Cargo.toml", root.display());
        Ok(Self { root })
    }

    /// A path in the tree, from its root.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Where builds and measurements go: `CARGO_TARGET_DIR`, or `target`.
    pub fn target(&self) -> PathBuf {
        let named = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
        self.root.join(named)
    }

    /// A command that starts in the root of the tree.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// `cargo` with these arguments, in the root of the tree.
    pub fn cargo(&self, args: &[&str]) -> Command {
        let mut command = self.command("cargo");
        command.args(args);
        command
    }
}
