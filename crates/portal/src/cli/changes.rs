//! `change …`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Data, How};

/// What to do with change sets.
#[derive(Debug, Subcommand)]
pub enum Change {
    /// Say what a change set would do; changes nothing
    #[command(after_help = EXAMPLE_PLAN)]
    Plan {
        #[command(flatten)]
        file: ChangeFile,
    },
    /// Apply a change set: wholly or not at all, unless its mode is partial
    #[command(after_help = EXAMPLE_APPLY)]
    Apply {
        #[command(flatten)]
        file: ChangeFile,
        /// Only plan it
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// Take a change back: every member of it returns to what was before
    #[command(
        after_help = "Example:\n  seatwarden-portal change revert chg_01KB0000000000000000000000 --data portal-data"
    )]
    Revert {
        /// Which change
        id: String,
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        consent: Consent,
        #[command(flatten)]
        how: How,
    },
    /// Give up the planned return of a change
    #[command(
        after_help = "Example:\n  seatwarden-portal change cancel chg_01KB0000000000000000000000 --data portal-data"
    )]
    Cancel {
        /// Which change
        id: String,
        #[command(flatten)]
        data: Data,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// List the changes, newest first
    #[command(after_help = "Examples:\n  seatwarden-portal change list --returning --data portal-data\n  \
                      seatwarden-portal change list --format csv --data portal-data > changes.csv")]
    List {
        #[command(flatten)]
        data: Data,
        /// Only changes whose return is planned, due, or found impossible; the nearest first
        #[arg(long)]
        returning: bool,
        /// How many at most
        #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
    },
    /// Show one change
    #[command(
        after_help = "Example:\n  seatwarden-portal change show chg_01KB0000000000000000000000 --data portal-data"
    )]
    Show {
        /// Which change
        id: String,
        #[command(flatten)]
        data: Data,
    },
}

/// A change set in a file.
#[derive(Debug, Clone, Args)]
pub struct ChangeFile {
    /// The change set as JSON; `-` is standard input
    pub file: PathBuf,
    #[command(flatten)]
    pub data: Data,
    #[command(flatten)]
    pub consent: Consent,
}

/// Consent to what locks people out.
#[derive(Debug, Clone, Default, Args)]
pub struct Consent {
    /// Consent to take a user type one over its limit: the number of people that locks out; once for each user type
    #[arg(long, value_name = "TYPE=N")]
    pub allow_one_over: Vec<String>,
}

const EXAMPLE_PLAN: &str = "\
The file, with members by user name or id:
  {\"reason\": \"project week\", \"revert_at\": \"2026-12-06T00:00:00Z\",
   \"operations\": [{\"member\": \"bo\",  \"set_user_type\": \"creator\", \"set_role\": \"publisher\"},
                  {\"member\": \"ana\", \"set_user_type\": \"viewer\",  \"set_role\": \"viewer\"}]}
An operation may also say \"enable\", \"disable\", \"archive\", \"restore\" or \"delete\": true.
\"mode\": \"partial\" applies what it can and names the rest.

Example:
  seatwarden-portal change plan week.json --data portal-data";

const EXAMPLE_APPLY: &str = "\
`change plan --help` shows the file.

Examples:
  seatwarden-portal change apply week.json --data portal-data
  seatwarden-portal change apply week.json --allow-one-over viewer=26 --data portal-data";
