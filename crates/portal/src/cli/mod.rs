//! The command line: `seatwarden-portal NOUN VERB [ARGS] [FLAGS]`.

mod audit;
mod backup;
mod changes;
mod license;
mod member;
mod organization;
mod products;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub use audit::{Audit, Form as AuditForm, Wanted};
pub use backup::Backup;
pub use changes::{Change, ChangeFile};
pub use license::{Clock, License, LicenseFiles, Trust};
pub use member::{Admin, Filters, How, Member, Newcomer, Switch, TableFile};
pub use organization::{Invitation, Role, Settings, UserType};
pub use products::{AddOn, AddOnsOf, Offline, Product, Session, Usage};

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
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated values with a header; lists only.
    Csv,
}

/// The data folder.
#[derive(Debug, Clone, Args)]
pub struct Data {
    /// The folder with the portal's data
    #[arg(long = "data", value_name = "DIR", default_value = "portal-data")]
    pub dir: PathBuf,
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
    /// The vendor's trust list
    #[command(subcommand)]
    Trust(Trust),
    /// The clock of this machine
    #[command(subcommand)]
    Clock(Clock),
    /// Backups, and the way to another machine
    #[command(subcommand)]
    Backup(Backup),
    /// Members
    #[command(subcommand)]
    Member(Member),
    /// Invitations that were sent with `member invite`
    #[command(subcommand)]
    Invitation(Invitation),
    /// Change sets: several members at once, planned, applied, taken back
    #[command(subcommand)]
    Change(Change),
    /// User types and their seats
    #[command(subcommand)]
    Type(UserType),
    /// Add-ons and extensions, and who holds them
    #[command(subcommand)]
    AddOn(AddOn),
    /// Products, and who uses them
    #[command(subcommand)]
    Product(Product),
    /// Running sessions of products
    #[command(subcommand)]
    Session(Session),
    /// Products that are offline
    #[command(subcommand)]
    Offline(Offline),
    /// What becomes of licenses
    #[command(subcommand)]
    Usage(Usage),
    /// Roles
    #[command(subcommand)]
    Role(Role),
    /// Say what a member may do, what is missing, and who can give it
    #[command(after_help = "Examples:\n  seatwarden-portal why bo content.publish_features --data portal-data\n  \
                      seatwarden-portal why bo WORKFLOW --data portal-data")]
    Why {
        /// Whom
        user: String,
        /// The id of a privilege or of a workflow
        wanted: String,
        #[command(flatten)]
        data: Data,
    },
    /// Settings: defaults, security, website, groups, categories
    #[command(subcommand)]
    Settings(Settings),
    /// The audit log: who did what to whom
    #[command(subcommand)]
    Audit(Audit),
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
    #[command(after_help = "Example:\n  seatwarden-portal completion bash > seatwarden-portal.bash")]
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

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory, Parser};

    use super::Cli;

    /// The verbs with their examples: the lines of the help that begin with the program's name.
    fn verbs(command: &Command, name: &str) -> Vec<(String, Vec<String>)> {
        let name = format!("{name} {}", command.get_name());
        let mut below = command.get_subcommands().filter(|one| one.get_name() != "help").peekable();
        if below.peek().is_some() {
            return below.flat_map(|one| verbs(one, &name)).collect();
        }
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let examples = help.lines().map(str::trim).filter(|line| line.starts_with("seatwarden-portal "));
        vec![(name.trim().to_owned(), examples.map(str::to_owned).collect())]
    }

    /// The words of a line as a shell takes them, up to where its output goes.
    fn words(line: &str) -> Vec<String> {
        let line = line.split(" > ").next().unwrap_or_default();
        let parts = line.split('"').enumerate();
        let whole = parts.flat_map(|(at, part)| {
            if at % 2 == 1 { vec![part.to_owned()] } else { part.split_whitespace().map(str::to_owned).collect() }
        });
        whole.collect()
    }

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_verb_has_an_example_and_every_example_is_understood() {
        let verbs = verbs(&Cli::command(), "");
        assert!(verbs.len() > 40, "{}", verbs.len());
        for (verb, examples) in verbs {
            assert!(!examples.is_empty(), "`{verb}` has no example");
            for example in examples {
                assert!(example.starts_with(&verb), "`{verb}` shows `{example}`");
                let read = Cli::try_parse_from(words(&example));
                assert!(read.is_ok(), "`{example}`: {}", read.err().map(|e| e.to_string()).unwrap_or_default());
            }
        }
    }
}
