//! `license`: the files that customers get.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use entitlement::{ContractId, KeyId, LicenseId, Name};

use super::Against;
use crate::passphrase::PassphraseArgs;
use crate::signer::KeyName;

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
    /// End one license: its file counts as ended wherever the next trust list comes
    #[command(after_help = "\
Example:
  seatwarden-issuer --dir desk license revoke SW-2026-000001 --reason 'paid back' --dry-run")]
    Revoke(RevokeLicense),
    /// End the earlier files of a contract: those below a sequence count as ended
    #[command(after_help = "\
Example:
  seatwarden-issuer --dir desk license withdraw city-of-example --below 2 --reason 'fewer seats'")]
    Withdraw(Withdraw),
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("binding").required(true))]
pub(crate) struct Issue {
    /// The order, a TOML file; - is standard input
    pub(crate) order: PathBuf,
    /// The signing key, by its name or as pkcs11:... in its token
    #[arg(long, value_name = "ID")]
    pub(crate) key: KeyName,
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

#[derive(Debug, Args)]
pub(crate) struct RevokeLicense {
    /// The number of the license, as the ledger has it
    #[arg(value_parser = LicenseId::parse)]
    pub(crate) id: LicenseId,
    /// Why, for the record
    #[arg(long, value_name = "R", value_parser = Name::parse)]
    pub(crate) reason: Name,
    /// Say what would be revoked, and revoke nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Withdraw {
    /// The contract, as the ledger has it
    #[arg(value_parser = ContractId::parse)]
    pub(crate) contract: ContractId,
    /// The lowest sequence that stays in force
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..))]
    pub(crate) below: u32,
    /// Why, for the record
    #[arg(long, value_name = "R", value_parser = Name::parse)]
    pub(crate) reason: Name,
    /// Say what would be withdrawn, and withdraw nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
}
