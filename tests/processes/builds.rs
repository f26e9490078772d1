//! Builds of the portal: the demonstration's, and those of vendors with roots of their own.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use entitlement::{Roots, SecretKey};

use crate::house::program;

/// A program that runs on a portal's data.
#[derive(Clone)]
pub struct Build {
    program: PathBuf,
    /// The roots of a build that reads them from the name it is called by.
    called: Option<PathBuf>,
    is_demo: bool,
    variables: Vec<(String, OsString)>,
    folder: Option<PathBuf>,
}

impl Build {
    /// The portal as it is built without roots of its own.
    pub fn demonstration() -> Self {
        Self { is_demo: true, ..Self::vendor(program().to_owned()) }
    }

    /// A program that trusts what was compiled into it.
    pub fn vendor(program: PathBuf) -> Self {
        Self { program, called: None, is_demo: false, variables: Vec::new(), folder: None }
    }

    /// The portal as a vendor builds it with these roots, whose set is written into the folder.
    pub fn of_roots(folder: &Path, name: &str, roots: &[&SecretKey]) -> Self {
        let set = folder.join(format!("{name}.jwks"));
        std::fs::write(&set, jwk_set(roots)).expect("the roots are written");
        Self::of_set(set)
    }

    /// The portal as a vendor builds it with the roots of that file.
    pub fn of_set(set: PathBuf) -> Self {
        let program = PathBuf::from(env!("CARGO_BIN_EXE_portal-of-roots"));
        Self { called: Some(set), ..Self::vendor(program) }
    }

    /// The same with a variable in its environment.
    pub fn with(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.push((name.to_owned(), value.into()));
        self
    }

    /// The same, started in that folder.
    pub fn started_in(self, folder: &Path) -> Self {
        Self { folder: Some(folder.to_owned()), ..self }
    }

    /// A copy of the program in that folder.
    pub fn copied_to(self, folder: &Path) -> Self {
        let program = folder.join("seatwarden-portal");
        std::fs::copy(&self.program, &program).expect("the program is copied");
        Self { program, ..self }
    }

    /// The program, ready for arguments.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        if let Some(roots) = &self.called {
            command.arg0(roots);
        }
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// What `request`, `activate` and `serve` of this build want said.
    pub fn consent(&self) -> &'static [&'static str] {
        if self.is_demo { &["--demo"] } else { &[] }
    }
}

/// Public keys as a JWK Set, as `SEATWARDEN_TRUST_ROOTS` names it.
pub fn jwk_set(roots: &[&SecretKey]) -> String {
    Roots::new(roots.iter().map(|root| root.public()).collect()).expect("a root set").to_jwk_set()
}
