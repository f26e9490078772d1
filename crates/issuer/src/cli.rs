//! The command line: nouns, verbs, flags and their help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use entitlement::{KeyId, Moment, Name};

use crate::output::Format;
use crate::passphrase::{Asking, PassphraseArgs};
use crate::workspace::Purpose;

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

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Make a new key
    #[command(after_help = "\
Example:
  seatwarden-issuer --dir desk key generate --id signing-2 --purpose signing \\
      --passphrase-file pass")]
    Generate(Generate),
    /// All keys
    #[command(after_help = "Example:\n  seatwarden-issuer --dir desk key list")]
    List,
    /// One key
    #[command(after_help = "Example:\n  seatwarden-issuer --dir desk key show signing-1")]
    Show {
        /// The key
        #[arg(value_parser = KeyId::parse)]
        id: KeyId,
    },
    /// The public half as a JWK Set: for a root, what SEATWARDEN_TRUST_ROOTS names
    #[command(after_help = "Example:\n  seatwarden-issuer --dir desk key export root-1")]
    Export {
        /// The key
        #[arg(value_parser = KeyId::parse)]
        id: KeyId,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// The name of the key: letters, digits, underscore and hyphen
    #[arg(long, value_name = "ID", value_parser = KeyId::parse)]
    pub(crate) id: KeyId,
    /// What it may sign
    #[arg(long, value_enum)]
    pub(crate) purpose: Purpose,
    #[command(flatten)]
    pub(crate) days: Days,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
    /// Say what would be made, and make nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Trust {
    /// Make the next trust list from the signing keys of the workspace
    #[command(after_help = "\
Example:
  seatwarden-issuer --dir desk trust build --root root-1 --passphrase-file pass \\
      --out trust-2.json")]
    Build(Build),
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
    /// The root key that signs
    #[arg(long, value_name = "ID", value_parser = KeyId::parse)]
    pub(crate) root: KeyId,
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

#[derive(Debug, Subcommand)]
pub(crate) enum License {
    /// Make a license file from an order
    #[command(after_help = "\
Examples:
  seatwarden-issuer --dir desk license issue order.toml --key signing-1 --unbound \\
      --passphrase-file pass --out license.json
  seatwarden-issuer --dir desk license issue order.toml --key signing-1 --unbound --dry-run")]
    Issue(Issue),
    /// What a license file says, unverified
    #[command(after_help = "Example:\n  seatwarden-issuer license inspect license.json")]
    Inspect {
        /// The license file; - is standard input
        file: PathBuf,
    },
    /// Verify a license file and say what it gives
    #[command(after_help = "\
Examples:
  seatwarden-issuer --dir desk license verify license.json
  seatwarden-issuer --dir desk license verify license.json --trust desk/trust.json --json")]
    Verify(Verify),
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("binding").required(true))]
pub(crate) struct Issue {
    /// The order, a TOML file; - is standard input
    pub(crate) order: PathBuf,
    /// The signing key
    #[arg(long, value_name = "ID", value_parser = KeyId::parse)]
    pub(crate) key: KeyId,
    /// Your own reference of the order, for the ledger
    #[arg(long = "order", value_name = "REF", id = "reference")]
    pub(crate) reference: Option<String>,
    /// Bind the file to the portal of this activation request
    #[arg(long, value_name = "REQUEST", group = "binding")]
    pub(crate) portal: Option<PathBuf>,
    /// Issue a file that opens on any portal, without offline use
    #[arg(long, group = "binding")]
    pub(crate) unbound: bool,
    /// The lowest version of the trust list under which the file may be opened
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) min_trust: u32,
    /// The file to make; it must not exist [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
    /// Say what would be issued, and issue nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The license file; - is standard input
    pub(crate) file: PathBuf,
    /// The trust list [default: the one of the workspace]
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// Also check that the file opens on this portal
    #[arg(long, value_name = "ID", value_parser = KeyId::parse)]
    pub(crate) portal: Option<KeyId>,
    #[command(flatten)]
    pub(crate) against: Against,
}

/// An instant, or the first instant of a day in UTC.
fn instant(text: &str) -> Result<Moment, String> {
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    Moment::parse(&whole)
        .map_err(|_| "neither a day such as 2026-12-01 nor an instant such as 2026-12-01T00:00:00Z".into())
}
