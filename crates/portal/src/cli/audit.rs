//! `audit …`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Data;

/// What to do with the audit log.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Look through the log, the newest row first
    #[command(
        after_help = "Examples:\n  seatwarden-portal audit search --actor ana --from 2026-12-01 --data portal-data\n  \
                      seatwarden-portal audit search --action member.add --target bo --data portal-data"
    )]
    Search {
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        wanted: Wanted,
        /// How many rows at most
        #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        limit: u32,
    },
    /// Write the log into a new file, the oldest row first
    #[command(after_help = "Example:\n  seatwarden-portal audit export --out audit.jsonl --data portal-data")]
    Export {
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        wanted: Wanted,
        /// Where to write it; never overwritten
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// The form of the file
        #[arg(long = "as", value_name = "FORM", value_enum, default_value_t = Form::Jsonl)]
        form: Form,
    },
    /// Hold every row to the chain; ends with exit 40 where one does not fit
    #[command(after_help = "Examples:\n  seatwarden-portal audit verify --data portal-data\n  \
                      seatwarden-portal audit verify --anchor NUMBER:HASH --data portal-data")]
    Verify {
        #[command(flatten)]
        data: Data,
        /// A row that was kept elsewhere, as `audit anchor` printed it: nothing up to it may be another
        #[arg(long, value_name = "NUMBER:HASH")]
        anchor: Option<String>,
    },
    /// Print number and hash of the newest row, to be kept where nobody of this machine can write
    #[command(after_help = "Example:\n  seatwarden-portal audit anchor --data portal-data")]
    Anchor {
        #[command(flatten)]
        data: Data,
    },
}

/// Which rows.
#[derive(Debug, Clone, Args)]
pub struct Wanted {
    /// Only what this user did, by user name or id; `console` and `schedule` are the machine and the portal
    #[arg(long, value_name = "USER")]
    pub actor: Option<String>,
    /// Only this action, such as `member.add`
    #[arg(long, value_name = "ACTION")]
    pub action: Option<String>,
    /// Only what was done to this: an id, or the name of a user
    #[arg(long, value_name = "TARGET")]
    pub target: Option<String>,
    /// Not before this day or instant
    #[arg(long, value_name = "WHEN")]
    pub from: Option<String>,
    /// Up to the end of this day, or before this instant
    #[arg(long, value_name = "WHEN")]
    pub to: Option<String>,
    /// Only rows with this text
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
}

/// The form of an exported log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values; no cell is taken for a formula
    Csv,
}
