//! The vendor's desk: keys, trust lists, and license files made from orders.
//!
//! A workspace is one flat folder. Secret keys lie in it encrypted, everything that is issued stands in its ledger before
//! the file appears, and nothing in it is ever overwritten. No verb uses the network.
//!
//! The program is [`run`]; [`order`] is what an order may say.

mod changes;
mod cli;
mod clock;
mod command;
mod describe;
mod key_file;
mod ledger;
pub mod order;
mod output;
mod passphrase;
pub mod reading;
mod revocations;
mod signer;
mod standing;
mod token;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

/// Runs the program on the arguments of the process.
#[must_use]
pub fn run() -> ExitCode {
    let cli = cli::Cli::parse();
    let format = cli.format();
    output::finish(command::run(cli), format)
}
