//! The command line: nouns, verbs, flags and their help. The verbs of a noun stand in a file of their own.

mod key;
mod license;
mod trust;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use entitlement::{KeyId, Moment, Name};

use crate::output::Format;
use crate::passphrase::{Asking, PassphraseArgs};

pub(crate) use key::{Generate, Key, Register, RevokeKey, Rotate};
pub(crate) use license::{Issue, License, RevokeLicense, Verify, Withdraw};
pub(crate) use trust::{Against, Build, Trust};

/// The vendor's desk of Seatwarden: keys, trust lists, and license files made from orders
#[derive(Debug, Parser)]
#[command(name = "seatwarden-issuer", version, arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) struct Cli {
    /// The workspace
    #[arg(long, global = true, value_name = "DIR", default_value = ".")]
    pub(crate) dir: PathBuf,
    /// How answers are written
    #[arg(long, global = true, value_enum, default_value = "table")]
    format: Format,
    /// Short for --format json
    #[arg(long, global = true)]
    json: bool,
    /// Never ask; what is missing is an error
    #[arg(long, global = true)]
    no_input: bool,
    #[command(subcommand)]
    pub(crate) noun: Noun,
}

impl Cli {
    pub(crate) fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }

    pub(crate) fn asking(&self) -> Asking {
        if self.no_input { Asking::Forbidden } else { Asking::Allowed }
    }
}

const EXAMPLES: &str = "\
Examples:
  seatwarden-issuer --dir desk init --vendor 'Example Vendor' --passphrase-file pass
  seatwarden-issuer --dir desk license issue order.toml --key signing-1 --unbound \\
      --passphrase-file pass --out license.json
  seatwarden-issuer --dir desk license verify license.json
  seatwarden-issuer explain license-signature";

#[derive(Debug, Subcommand)]
pub(crate) enum Noun {
    /// Make a workspace: first root, first signing key, trust list, ledger
    Init(Init),
    /// The keys of the workspace
    #[command(subcommand, arg_required_else_help = true)]
    Key(Key),
    /// Trust lists: which signing keys count
    #[command(subcommand, arg_required_else_help = true)]
    Trust(Trust),
    /// License files
    #[command(subcommand, arg_required_else_help = true)]
    License(License),
    /// Usage reports, which portals sign
    #[command(subcommand, arg_required_else_help = true)]
    Usage(Usage),
    /// What an error code means and what to do; without a code, all of them
    #[command(after_help = "Example:\n  seatwarden-issuer explain license-signature")]
    Explain {
        /// The code, as an error ends with it
        code: Option<String>,
    },
    /// The script that completes commands in a shell
    #[command(after_help = "Example:\n  seatwarden-issuer completion bash")]
    Completion {
        /// The shell
        shell: Shell,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Usage {
    /// Verify usage reports, compare them with the ledger, and tell whether a portal was copied
    #[command(after_help = "\
Examples:
  seatwarden-issuer --dir desk usage verify usage.json
  seatwarden-issuer --dir desk usage verify march.json april.json --json")]
    Verify {
        /// The reports, of one portal or of several
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The instant to judge at: 2026-12-01 or 2026-12-01T00:00:00Z [default: the clock]
        #[arg(long, value_name = "T", value_parser = instant)]
        now: Option<Moment>,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  seatwarden-issuer --dir desk init --vendor 'Example Vendor' --passphrase-file pass")]
pub(crate) struct Init {
    /// The vendor's name, which stands in every license file
    #[arg(long, value_name = "NAME", value_parser = Name::parse)]
    pub(crate) vendor: Name,
    /// The name of the root key
    #[arg(long, value_name = "ID", default_value = "root-1", value_parser = KeyId::parse)]
    pub(crate) root: KeyId,
    /// The name of the signing key
    #[arg(long, value_name = "ID", default_value = "signing-1", value_parser = KeyId::parse)]
    pub(crate) key: KeyId,
    /// The days on which the signing key may sign
    #[command(flatten)]
    pub(crate) days: Days,
    /// When a newer trust list should have come [default: 400 days from now]
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

/// From when to when a signing key may sign.
#[derive(Debug, Args)]
pub(crate) struct Days {
    /// First day on which the signing key may sign [default: today]
    #[arg(long, value_name = "DAY", value_parser = instant)]
    pub(crate) from: Option<Moment>,
    /// First day on which the signing key may no longer sign [default: two years later]
    #[arg(long, value_name = "DAY", value_parser = instant)]
    pub(crate) until: Option<Moment>,
}

/// An instant, or the first instant of a day in UTC.
fn instant(text: &str) -> Result<Moment, String> {
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    Moment::parse(&whole)
        .map_err(|_| "neither a day such as 2026-12-01 nor an instant such as 2026-12-01T00:00:00Z".into())
}
