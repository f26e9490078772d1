//! `invitation …`, `role …`, `type …`, `settings …`.

use std::path::PathBuf;

use clap::Subcommand;

use super::Data;

/// What to do with invitations.
#[derive(Debug, Subcommand)]
pub enum Invitation {
    /// List the invitations, newest first
    #[command(after_help = "Example:\n  seatwarden-portal invitation list --state pending --data portal-data")]
    List {
        #[command(flatten)]
        data: Data,
        /// Only in this state
        #[arg(long, value_name = "STATE", value_parser = ["pending", "accepted", "revoked", "expired"])]
        state: Option<String>,
    },
    /// Give an invitation a new address and 14 more days; the old address accepts nothing any more
    #[command(
        after_help = "Example:\n  seatwarden-portal invitation resend inv_01KB0000000000000000000000 --data portal-data"
    )]
    Resend {
        /// Which invitation
        id: String,
        #[command(flatten)]
        data: Data,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// Revoke an invitation; its seat is free
    #[command(
        after_help = "Example:\n  seatwarden-portal invitation revoke inv_01KB0000000000000000000000 --data portal-data"
    )]
    Revoke {
        /// Which invitation
        id: String,
        #[command(flatten)]
        data: Data,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
}

/// What to do with roles.
#[derive(Debug, Subcommand)]
pub enum Role {
    /// List the roles
    #[command(after_help = "Example:\n  seatwarden-portal role list --data portal-data")]
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Show one role with its privileges
    #[command(after_help = "Example:\n  seatwarden-portal role show publisher --data portal-data")]
    Show {
        /// Which role
        id: String,
        #[command(flatten)]
        data: Data,
    },
    /// Make a role of your own
    #[command(after_help = EXAMPLE_ROLE)]
    Create {
        /// The role as JSON; `-` is standard input
        file: PathBuf,
        #[command(flatten)]
        data: Data,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// Change a role of your own, for everybody who holds it
    #[command(
        after_help = "`role create --help` shows the file.\n\nExample:\n  seatwarden-portal role edit custom-reviewer reviewer.json --data portal-data"
    )]
    Edit {
        /// Which role
        id: String,
        /// The role as JSON; `-` is standard input
        file: PathBuf,
        #[command(flatten)]
        data: Data,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// Delete a role of your own that nobody holds
    #[command(after_help = "Example:\n  seatwarden-portal role delete custom-reviewer --data portal-data")]
    Delete {
        /// Which role
        id: String,
        #[command(flatten)]
        data: Data,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
}

const EXAMPLE_ROLE: &str = "\
The file:
  {\"name\": \"Reviewer\", \"description\": \"Looks at everything\", \"privileges\": [\"content.publish_features\"]}
`role show ID --json` shows the privileges of a role in this form.

Example:
  seatwarden-portal role create reviewer.json --data portal-data";

/// What there is to know of user types.
#[derive(Debug, Subcommand)]
pub enum UserType {
    /// List the user types that have seats or members
    #[command(after_help = "Example:\n  seatwarden-portal type list --data portal-data")]
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Show one user type: its seats, and the roles that fit it
    #[command(after_help = "Example:\n  seatwarden-portal type show viewer --data portal-data")]
    Show {
        /// Which user type
        id: String,
        #[command(flatten)]
        data: Data,
    },
}

/// What to do with settings.
#[derive(Debug, Subcommand)]
pub enum Settings {
    /// Show what is set
    #[command(after_help = "Example:\n  seatwarden-portal settings show defaults --data portal-data")]
    Show {
        /// defaults, security, website, groups or categories
        topic: String,
        #[command(flatten)]
        data: Data,
    },
    /// Set a topic; what the file leaves out goes back to what it is without a setting
    #[command(after_help = EXAMPLE_SETTINGS)]
    Set {
        /// defaults, security, website, groups or categories
        topic: String,
        /// The values as JSON; `-` is standard input
        file: PathBuf,
        #[command(flatten)]
        data: Data,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
}

const EXAMPLE_SETTINGS: &str = "\
The files:
  defaults    {\"user_type\": \"viewer\", \"role\": \"viewer\", \"groups\": [], \"categories\": [], \"vendor_access\": false, \"add_ons\": []}
  security    {\"access_notice\": \"\", \"information_banner\": \"\", \"minimum_password_length\": 12}
  website     {\"name\": \"City of Example\", \"summary\": \"\", \"contact\": \"it@example.org\"}
  groups      {\"names\": [\"editors\"]}
  categories  {\"names\": [\"north\"]}
  offline     {\"allowed\": true, \"most_days\": 14}

Example:
  seatwarden-portal settings set groups groups.json --data portal-data";
