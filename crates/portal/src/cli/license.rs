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
    /// Show the file in force
    #[command(after_help = "Example:\n  seatwarden-portal license show --data portal-data --json")]
    Show {
        #[command(flatten)]
        data: Data,
    },
}
