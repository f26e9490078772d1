//! The command line: `seatwarden-portal NOUN VERB [ARGS] [FLAGS]`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// The portal of software sold by named user: verifies the vendor's file offline and enforces it.
#[derive(Debug, Parser)]
#[command(name = "seatwarden-portal", version, disable_help_subcommand = true, arg_required_else_help = true)]
pub struct Cli {
    /// How answers are written
    #[arg(long, global = true, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Answers as JSON: short for --format json
    #[arg(long, global = true)]
    pub json: bool,
    /// Never ask; end with exit 8 where an answer is needed
    #[arg(long, global = true)]
    pub no_input: bool,
    /// What to do
    #[command(subcommand)]
    pub verb: Verb,
}

/// How answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Table,
    /// One JSON document.
    Json,
}

/// The data folder.
#[derive(Debug, Clone, Args)]
pub struct Data {
    /// The folder with the portal's data
    #[arg(long = "data", value_name = "DIR", default_value = "portal-data")]
    pub dir: PathBuf,
}

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

/// What there is to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Write the activation request that a vendor binds a license to
    #[command(after_help = "Example:\n  seatwarden-portal request --data portal-data --out request.json --demo")]
    Request {
        #[command(flatten)]
        data: Data,
        /// Where to write it; never overwritten
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Trust the public demonstration root
        #[arg(long)]
        demo: bool,
    },
    /// Activate the portal with its first license file and its first administrator
    #[command(after_help = "Example:\n  seatwarden-portal activate license.json --data portal-data --admin ana --demo")]
    Activate {
        #[command(flatten)]
        files: LicenseFiles,
        #[command(flatten)]
        data: Data,
        /// User name of the first administrator
        #[arg(long, value_name = "USER")]
        admin: String,
        /// User type of the first administrator; without it the first that can administer and has a seat
        #[arg(long, value_name = "TYPE")]
        admin_type: Option<String>,
        /// Read the administrator's password from the first line of this file; without it one is asked for or made
        #[arg(long, value_name = "FILE")]
        admin_password_file: Option<PathBuf>,
        /// Trust the public demonstration root
        #[arg(long)]
        demo: bool,
    },
    /// Serve the portal
    #[command(after_help = "Example:\n  seatwarden-portal serve --data portal-data --demo")]
    Serve(Serve),
    /// Show compliance, counts and the next end
    #[command(after_help = "Example:\n  seatwarden-portal status --data portal-data --check")]
    Status {
        #[command(flatten)]
        data: Data,
        /// End with exit 30 when a user type is over its limit, 20 when the license has ended
        #[arg(long)]
        check: bool,
    },
    /// License files
    #[command(subcommand)]
    License(License),
    /// Members
    #[command(subcommand)]
    Member(Member),
    /// The way back in
    #[command(subcommand)]
    Admin(Admin),
    /// Explain an error code, or list them all
    #[command(after_help = "Example:\n  seatwarden-portal explain seat-limit-reached")]
    Explain {
        /// The code, as it stands in a message
        code: Option<String>,
    },
    /// Write the completion script of a shell
    Completion {
        /// Which shell
        shell: Shell,
    },
}

/// How to serve.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    #[command(flatten)]
    pub data: Data,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// A proxy with TLS stands in front: allows an address off this machine, marks cookies Secure, and believes the last X-Forwarded-For
    #[arg(long)]
    pub behind_proxy: bool,
    /// Trust the public demonstration root, on this machine only
    #[arg(long)]
    pub demo: bool,
    /// How the log is written
    #[arg(long, value_enum, default_value_t = LogFormat::Json)]
    pub log: LogFormat,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// Lines of text.
    Text,
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
    Show {
        #[command(flatten)]
        data: Data,
    },
}

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
        /// User type
        #[arg(long = "type", value_name = "TYPE")]
        user_type: String,
        /// Role
        #[arg(long, value_name = "ROLE")]
        role: Option<String>,
        /// Full name
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// E-mail address; nothing is sent to it
        #[arg(long, value_name = "ADDRESS")]
        email: Option<String>,
    },
    /// List members
    List {
        #[command(flatten)]
        data: Data,
        /// Only of this user type
        #[arg(long = "type", value_name = "TYPE")]
        user_type: Option<String>,
        /// Only with this text in a name
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
    },
    /// Change a member's user type, and role where named
    #[command(
        after_help = "Example:\n  seatwarden-portal member set-type bo creator --role publisher --data portal-data"
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
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        /// Only plan it
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// Exchange user type and role of two members; locks nobody out
    #[command(after_help = "Example:\n  seatwarden-portal member swap bo ana --data portal-data")]
    Swap {
        /// One member
        a: String,
        /// The other
        b: String,
        #[command(flatten)]
        data: Data,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        /// Only plan it
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// Delete a member
    Delete {
        /// Whom
        user: String,
        #[command(flatten)]
        data: Data,
    },
}

/// The way back in, at the machine itself.
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Add a member with the Administrator role; takes a seat like every other
    Create {
        /// User name
        user: String,
        #[command(flatten)]
        data: Data,
        /// User type; without it the first that can administer and has a seat
        #[arg(long = "type", value_name = "TYPE")]
        user_type: Option<String>,
    },
    /// Give a member a new one-time password; works whatever the state of the license
    ResetPassword {
        /// Whom
        user: String,
        #[command(flatten)]
        data: Data,
    },
}
