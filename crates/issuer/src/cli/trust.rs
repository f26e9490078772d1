//! `trust`: which keys count.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use entitlement::Moment;

use super::instant;
use crate::passphrase::PassphraseArgs;
use crate::signer::KeyName;

#[derive(Debug, Subcommand)]
pub(crate) enum Trust {
    /// Make the next trust list from the signing keys of the workspace
    #[command(after_help = "\
Example:
  seatwarden-issuer --dir desk trust build --root root-1 --passphrase-file pass \\
      --out trust-2.json")]
    Build(Build),
    /// Play the key ceremony and its bad days with throw-away keys: rotation, a stolen key, a revoked license, a lost root
    #[command(after_help = "Example:\n  seatwarden-issuer trust rehearse")]
    Rehearse,
    /// What a trust list says, unverified
    #[command(after_help = "Example:\n  seatwarden-issuer trust show desk/trust.json")]
    Show {
        /// The trust list; - is standard input
        file: PathBuf,
    },
    /// Verify a trust list against the roots
    #[command(after_help = "Example:\n  seatwarden-issuer --dir desk trust verify desk/trust.json")]
    Verify {
        /// The trust list; - is standard input
        file: PathBuf,
        #[command(flatten)]
        against: Against,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Build {
    /// The root key that signs, by its name or as pkcs11:... in its token
    #[arg(long, value_name = "ID")]
    pub(crate) root: KeyName,
    /// The file to make; it must not exist. The workspace keeps the list as N.trust.json whatever this says
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// When a newer list should have come [default: 400 days from now]
    #[arg(long, value_name = "DAY", value_parser = instant)]
    pub(crate) expires: Option<Moment>,
    /// The instant to make it at, for demonstrations [default: the clock]
    #[arg(long, value_name = "DAY", value_parser = instant)]
    pub(crate) now: Option<Moment>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
    /// Say what would be made, and make nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
}

/// What a file is verified against.
#[derive(Debug, Args)]
pub(crate) struct Against {
    /// The public roots, as a JWK Set [default: the roots of the workspace]
    #[arg(long, value_name = "JWKS")]
    pub(crate) roots: Option<PathBuf>,
    /// The instant to judge at: 2026-12-01 or 2026-12-01T00:00:00Z [default: the clock]
    #[arg(long, value_name = "T", value_parser = instant)]
    pub(crate) now: Option<Moment>,
}
