//! `member …` and `admin …`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Data;

/// What to do with members. A member is named by user name or id.
#[derive(Debug, Subcommand)]
pub enum Member {
    /// Add a member; prints the one-time password
    #[command(after_help = "Example:\n  seatwarden-portal member add bo --type viewer --data portal-data")]
    Add {
        /// User name
        user: String,
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        newcomer: Newcomer,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// Invite somebody: holds a seat for 14 days, and prints the address that accepts it; no mail is sent
    #[command(
        after_help = "Example:\n  seatwarden-portal member invite bo --type viewer --email bo@example.org --data portal-data"
    )]
    Invite {
        /// User name that is proposed; who accepts may choose another
        user: Option<String>,
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        newcomer: Newcomer,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// List members; those who hold a seat where no state is named
    #[command(
        after_help = "Examples:\n  seatwarden-portal member list --type viewer --not-signed-in-since 2026-06-01 --data portal-data\n  \
                      seatwarden-portal member list --locked-out --format jsonl --data portal-data"
    )]
    List {
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        filters: Filters,
        /// Only those whom a user type over its limit locks out now
        #[arg(long)]
        locked_out: bool,
    },
    /// Show one member
    #[command(after_help = "Example:\n  seatwarden-portal member show bo --data portal-data")]
    Show {
        /// Whom
        user: String,
        #[command(flatten)]
        data: Data,
    },
    /// Change names, labels and vendor-site access of a member; what is not named stays
    #[command(
        after_help = "Example:\n  seatwarden-portal member edit bo --name \"Bo Yu\" --group editors --data portal-data"
    )]
    Edit {
        /// Whom
        user: String,
        #[command(flatten)]
        data: Data,
        /// Full name
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// E-mail address
        #[arg(long, value_name = "ADDRESS")]
        email: Option<String>,
        /// All groups of the member, each with a flag of its own; '' for none
        #[arg(long, value_name = "GROUP")]
        group: Option<Vec<String>>,
        /// All categories of the member, each with a flag of its own; '' for none
        #[arg(long, value_name = "CATEGORY")]
        category: Option<Vec<String>>,
        /// Whether the vendor's own site is open to the member
        #[arg(long, value_name = "WHETHER")]
        vendor_access: Option<Switch>,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// Change a member's user type, and role where named
    #[command(
        after_help = "Examples:\n  seatwarden-portal member set-type bo creator --role publisher --data portal-data\n  \
                      seatwarden-portal member set-type bo creator --role publisher --until 2026-12-05 --data portal-data"
    )]
    SetType {
        /// Whom
        user: String,
        /// To which user type
        user_type: String,
        #[command(flatten)]
        data: Data,
        /// Role after the change; without it the role stays
        #[arg(long, value_name = "ROLE")]
        role: Option<String>,
        /// Consent to take the user type one over its limit: the number of people that locks out
        #[arg(long, value_name = "N")]
        allow_one_over: Option<u64>,
        /// When the member returns by itself: an instant such as 2026-12-05T18:00:00Z, or a day, which ends at midnight UTC
        #[arg(long, value_name = "WHEN")]
        until: Option<String>,
        #[command(flatten)]
        how: How,
    },
    /// Exchange user type and role of two members; locks nobody out
    #[command(after_help = "Example:\n  seatwarden-portal member swap bo ana --until 2026-12-05 --data portal-data")]
    Swap {
        /// One member
        a: String,
        /// The other
        b: String,
        #[command(flatten)]
        data: Data,
        /// When both return by themselves: an instant such as 2026-12-05T18:00:00Z, or a day, which ends at midnight UTC
        #[arg(long, value_name = "WHEN")]
        until: Option<String>,
        #[command(flatten)]
        how: How,
    },
    /// Change a member's role
    #[command(after_help = "Example:\n  seatwarden-portal member set-role bo publisher --data portal-data")]
    SetRole {
        /// Whom
        user: String,
        /// To which role
        role: String,
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        how: How,
    },
    /// Keep a member out; the seat stays taken
    #[command(after_help = "Example:\n  seatwarden-portal member disable bo --reason \"on leave\" --data portal-data")]
    Disable {
        /// Whom
        user: String,
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        how: How,
    },
    /// Let a disabled member sign in again
    #[command(after_help = "Example:\n  seatwarden-portal member enable bo --data portal-data")]
    Enable {
        /// Whom
        user: String,
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        how: How,
    },
    /// Take a member's access and seat away, and remember user type and role
    #[command(
        after_help = "Example:\n  seatwarden-portal member archive bo --reason \"left the team\" --data portal-data"
    )]
    Archive {
        /// Whom
        user: String,
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        how: How,
    },
    /// Give an archived member the seat of before, if one is free
    #[command(after_help = "Example:\n  seatwarden-portal member restore bo --data portal-data")]
    Restore {
        /// Whom
        user: String,
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        how: How,
    },
    /// Delete a member for good; `archive` keeps the account
    #[command(after_help = "Example:\n  seatwarden-portal member delete bo --data portal-data")]
    Delete {
        /// Whom
        user: String,
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        how: How,
    },
    /// Add and change members from a CSV file; an empty cell changes nothing
    #[command(
        after_help = "Columns, found by name: username, full_name, email, user_type, role, groups, categories, vendor_access.\n\n\
                      Examples:\n  seatwarden-portal member import people.csv --dry-run --data portal-data\n  \
                      seatwarden-portal member import people.csv --mode fill --problems refused.csv --data portal-data"
    )]
    Import(TableFile),
    /// Write members as CSV, as `import` reads it
    #[command(
        after_help = "Example:\n  seatwarden-portal member export --type viewer --out viewers.csv --data portal-data"
    )]
    Export {
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        filters: Filters,
        /// Where to write it; never overwritten. Without it, standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// Why and whether a change is made.
#[derive(Debug, Clone, Default, Args)]
pub struct How {
    /// Why, for the record
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Only plan it
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

/// What is asked for somebody new.
#[derive(Debug, Clone, Args)]
pub struct Newcomer {
    /// User type; without it that of the new-member defaults
    #[arg(long = "type", value_name = "TYPE")]
    pub user_type: Option<String>,
    /// Role; without it that of the new-member defaults
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// Full name
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// E-mail address; nothing is sent to it
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
}

/// Which members.
#[derive(Debug, Clone, Default, Args)]
pub struct Filters {
    /// Only of this user type
    #[arg(long = "type", value_name = "TYPE")]
    pub user_type: Option<String>,
    /// Only with this role
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// Only in this state: enabled, disabled, archived
    #[arg(long, value_name = "STATE")]
    pub state: Option<String>,
    /// Only of this group
    #[arg(long, value_name = "GROUP")]
    pub group: Option<String>,
    /// Only of this category
    #[arg(long, value_name = "CATEGORY")]
    pub category: Option<String>,
    /// Only with this text in a name or the address
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// Only those who have not signed in since this instant, or since the beginning of this day UTC
    #[arg(long, value_name = "WHEN")]
    pub not_signed_in_since: Option<String>,
    /// By username, name, user_type, role, last_signed_in or state; with a - before it from the last to the first
    #[arg(long, value_name = "ORDER", allow_hyphen_values = true)]
    pub sort: Option<String>,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// Open.
    On,
    /// Closed.
    Off,
}

/// A table of members and how it comes in.
#[derive(Debug, Clone, Args)]
pub struct TableFile {
    /// The CSV file; `-` is standard input
    pub file: PathBuf,
    #[command(flatten)]
    pub data: Data,
    /// `atomic`: all rows or none. `fill`: as many as can be, and the others are named
    #[arg(long, value_name = "MODE", default_value = "atomic", value_parser = ["atomic", "fill"])]
    pub mode: String,
    /// Write the refused rows, with a column `problem`, to this file; never overwritten
    #[arg(long, value_name = "FILE")]
    pub problems: Option<PathBuf>,
    #[command(flatten)]
    pub how: How,
}

/// The way back in, at the machine itself.
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Add a member with the Administrator role; takes a seat like every other
    #[command(after_help = "Example:\n  seatwarden-portal admin create carla --data portal-data")]
    Create {
        /// User name
        user: String,
        #[command(flatten)]
        data: Data,
        /// User type; without it the first that can administer and has a seat
        #[arg(long = "type", value_name = "TYPE")]
        user_type: Option<String>,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// Give a member a new one-time password; works whatever the state of the license
    #[command(after_help = "Example:\n  seatwarden-portal admin reset-password ana --data portal-data")]
    ResetPassword {
        /// Whom
        user: String,
        #[command(flatten)]
        data: Data,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
}
