//! The main job in one command: a vendor issues a signed file, a portal is activated with it, thirty members take their
//! seats, and the portal is served.
//!
//! Everything goes through the two programs and through HTTP, as it would for anybody else: this package knows no crate
//! of the house.

mod accounts;
mod hints;
mod http;
mod output;
mod processes;
mod report;
mod scenario;
mod seating;
mod self_check;
mod tampering;
mod workspace;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;

use crate::accounts::Accounts;
use crate::processes::{Interrupt, Programs};
use crate::workspace::Place;

/// Issues a license file, activates a portal with it, adds thirty members and serves them
#[derive(Debug, Parser)]
struct Cli {
    /// The folder for everything that is made; a second run continues with it
    #[arg(long, value_name = "DIR", default_value = "quickstart-data")]
    data: PathBuf,
    /// Where the portal listens; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: std::net::SocketAddr,
    /// Play the exchange of the handbook over HTTP in a folder of its own, compare every answer, and clean up
    #[arg(long, conflicts_with_all = ["data", "listen"])]
    self_check: bool,
}

/// What shells answer for a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let interrupt = match Interrupt::watched() {
        Ok(interrupt) => interrupt,
        Err(error) => {
            output::failed(&error);
            return ExitCode::FAILURE;
        }
    };
    match run(&cli, &interrupt) {
        Ok(()) => ExitCode::SUCCESS,
        // What fails because somebody pressed Ctrl-C is not worth a sentence.
        Err(_) if interrupt.is_raised() => ExitCode::from(INTERRUPTED),
        Err(error) => {
            output::failed(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli, interrupt: &Interrupt) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = root.canonicalize().with_context(|| format!("the folder `{}` is missing", root.display()))?;
    let programs = Programs::build(&root)?;
    if cli.self_check { self_check::run(&root, &programs, interrupt) } else { serve(cli, &root, &programs, interrupt) }
}

/// Prepares what is missing, serves, and waits for Ctrl-C.
fn serve(cli: &Cli, root: &Path, programs: &Programs, interrupt: &Interrupt) -> Result<()> {
    let place = Place::at(&cli.data)?;
    let accounts = Accounts::of(&place)?;
    if !accounts.complete {
        workspace::prepare(root, &place, programs, &accounts)?;
    }
    let portal = programs.serve(&place, cli.listen, interrupt)?;
    if !accounts.complete {
        seating::fill(&portal.client(), &accounts)?;
    }
    accounts.publish(&place, portal.address())?;
    hints::print(&place, portal.address(), &accounts);
    portal.wait()
}
