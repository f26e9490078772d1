//! `key`: the keys of the workspace.

use clap::{Args, Subcommand};
use entitlement::{KeyId, Moment, Name};

use super::{Days, instant};
use crate::passphrase::PassphraseArgs;
use crate::token::TokenUri;
use crate::workspace::Purpose;

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
    /// Public halves as a JWK Set: for roots, what SEATWARDEN_TRUST_ROOTS names
    #[command(after_help = "\
Examples:
  seatwarden-issuer --dir desk key export root-1
  seatwarden-issuer --dir desk key export root-1 root-2")]
    Export {
        /// The keys, all of one purpose
        #[arg(required = true, value_name = "ID", value_parser = KeyId::parse)]
        ids: Vec<KeyId>,
    },
    /// Take in the public half of a key that lies in a token, so that it can sign here
    #[command(after_help = "\
Example:
  seatwarden-issuer --dir desk key register \\
      'pkcs11:token=safe;object=vendor?module-path=/usr/lib/p11.so' \\
      --id card-1 --purpose signing --dry-run")]
    Register(Register),
    /// Put a new signing key in the place of an old one, which retires
    #[command(after_help = "\
Examples:
  seatwarden-issuer --dir desk key rotate signing-1 --to signing-2 --passphrase-file pass
  seatwarden-issuer --dir desk key rotate signing-1 --to signing-2 --from 2090-01-01 \\
      --until 2092-01-01 --retire 2090-03-01 --passphrase-file pass")]
    Rotate(Rotate),
    /// Never trust a key again: it was stolen, lost, or may have been
    #[command(after_help = "\
Examples:
  seatwarden-issuer --dir desk key revoke signing-1 --reason 'the laptop was stolen' \\
      --from 2026-11-20
  seatwarden-issuer --dir desk key revoke root-1 --reason 'the safe is empty' --from 2026-11-20")]
    Revoke(RevokeKey),
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

#[derive(Debug, Args)]
pub(crate) struct Register {
    /// Where it lies (RFC 7512): pkcs11:token=LABEL;object=KEY?module-path=/LIBRARY&pin-source=file:/PIN
    #[arg(value_name = "PKCS11-URI")]
    pub(crate) token: TokenUri,
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
    /// Say what would be registered, and register nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Rotate {
    /// The signing key that retires
    #[arg(value_name = "ID", value_parser = KeyId::parse)]
    pub(crate) old: KeyId,
    /// The signing key that follows; it is made, unless the workspace has it already
    #[arg(long, value_name = "NEWID", value_parser = KeyId::parse)]
    pub(crate) to: KeyId,
    #[command(flatten)]
    pub(crate) days: Days,
    /// First day on which the old key may no longer sign [default: 30 days after the new one may]
    #[arg(long, value_name = "DAY", value_parser = instant)]
    pub(crate) retire: Option<Moment>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
    /// Say what would be made, and make nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RevokeKey {
    /// The key
    #[arg(value_parser = KeyId::parse)]
    pub(crate) id: KeyId,
    /// Why, for the record
    #[arg(long, value_name = "R", value_parser = Name::parse)]
    pub(crate) reason: Name,
    /// Since when it is not to be trusted: what it signed earlier stays in force where it is installed
    #[arg(long, value_name = "DATE", value_parser = instant)]
    pub(crate) from: Moment,
    /// Say what would be revoked, and revoke nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
}
