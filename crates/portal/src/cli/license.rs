//! `license …`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Data;

/// The license file and what comes with it.
#[derive(Debug, Clone, Args)]
pub struct LicenseFiles {
    /// The license file of the vendor; `-` is standard input
    pub file: PathBuf,
    /// The vendor's trust list, where it is newer than the installed one
    #[arg(long, value_name = "FILE")]
    pub trust: Option<PathBuf>,
    /// The catalog that the file names, where it is not compiled in
    #[arg(long, value_name = "FILE")]
    pub catalog: Option<PathBuf>,
}

/// What to do with license files.
#[derive(Debug, Subcommand)]
pub enum License {
    /// Say what a file would do; changes nothing
    #[command(after_help = "Example:\n  seatwarden-portal license preview renewal.json --data portal-data")]
    Preview {
        #[command(flatten)]
        files: LicenseFiles,
        #[command(flatten)]
        data: Data,
    },
    /// Put a file in force
    #[command(after_help = "Example:\n  seatwarden-portal license import renewal.json --data portal-data")]
    Import {
        #[command(flatten)]
        files: LicenseFiles,
        #[command(flatten)]
        data: Data,
        /// The number of members whom the file locks out, as the preview names it
        #[arg(long, value_name = "N")]
        confirm_locked_out: Option<u64>,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// List the files that wait for their terms to begin
    #[command(after_help = "Example:\n  seatwarden-portal license staged --data portal-data")]
    Staged {
        #[command(flatten)]
        data: Data,
    },
    /// Give up a file that waits for its term to begin
    #[command(after_help = "Example:\n  seatwarden-portal license withdraw SW-2027-000004 --data portal-data")]
    Withdraw {
        /// The number of its license
        license: String,
        #[command(flatten)]
        data: Data,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// Show the file in force
    #[command(after_help = "Example:\n  seatwarden-portal license show --data portal-data --json")]
    Show {
        #[command(flatten)]
        data: Data,
    },
}

/// What to do with the vendor's trust list.
#[derive(Debug, Subcommand)]
pub enum Trust {
    /// Show the installed list: which keys of the vendor count, and what is revoked
    #[command(after_help = "Example:\n  seatwarden-portal trust show --data portal-data")]
    Show {
        #[command(flatten)]
        data: Data,
    },
    /// Put a newer list in force
    #[command(after_help = "Examples:\n  seatwarden-portal trust import trust-2.json --dry-run --data portal-data\n  \
                      seatwarden-portal trust import trust-2.json --data portal-data")]
    Import {
        /// The trust list of the vendor; `-` is standard input
        file: PathBuf,
        #[command(flatten)]
        data: Data,
        /// The number of members whom the list locks out, because it revokes the license in force
        #[arg(long, value_name = "N")]
        confirm_locked_out: Option<u64>,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
}

/// What to do about the clock of this machine.
#[derive(Debug, Subcommand)]
pub enum Clock {
    /// Show the clock beside the time that counts
    #[command(after_help = "Example:\n  seatwarden-portal clock show --data portal-data")]
    Show {
        #[command(flatten)]
        data: Data,
    },
    /// Accept the clock as it is: the way back after it ran ahead. The vendor sees how often it was done
    #[command(after_help = "Examples:\n  seatwarden-portal clock accept --dry-run --data portal-data\n  \
                      seatwarden-portal clock accept --data portal-data")]
    Accept {
        #[command(flatten)]
        data: Data,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
}
