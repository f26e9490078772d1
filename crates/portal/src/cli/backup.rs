//! `backup …`.

use std::path::PathBuf;

use clap::Subcommand;

use super::Data;

/// What to do with backups.
#[derive(Debug, Subcommand)]
pub enum Backup {
    /// Write all data into a new folder, while the portal goes on
    #[command(after_help = "Examples:\n  seatwarden-portal backup create monday --data portal-data\n  \
                      seatwarden-portal backup create monday --with-key --passphrase-file pass --data portal-data")]
    Create {
        /// The folder to make; it must not exist
        backup: PathBuf,
        #[command(flatten)]
        data: Data,
        /// Put the portal's key in as well, encrypted with a passphrase: who has both can be this portal
        #[arg(long)]
        with_key: bool,
        /// Read the passphrase of the key from the first line of this file; without it one is asked for
        #[arg(long, value_name = "FILE", requires = "with_key")]
        passphrase_file: Option<PathBuf>,
    },
    /// Look whether a backup is whole and this program can restore it
    #[command(after_help = "Example:\n  seatwarden-portal backup verify monday")]
    Verify {
        /// The folder of the backup
        backup: PathBuf,
    },
    /// Restore a backup: into a folder without data, or over the data of the same portal
    #[command(after_help = "Examples:\n  seatwarden-portal backup restore monday --data portal-data\n  \
                      seatwarden-portal backup restore monday --passphrase-file pass --data new-machine")]
    Restore {
        /// The folder of the backup
        backup: PathBuf,
        #[command(flatten)]
        data: Data,
        /// Read the passphrase of the key from the first line of this file; without it one is asked for where it is needed
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
        /// Trust the public demonstration root
        #[arg(long)]
        demo: bool,
    },
}
