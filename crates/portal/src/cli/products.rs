//! `add-on …`, `product …`, `session …`, `offline …`, `usage …`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Data, How, Switch};

/// What to do with add-ons.
#[derive(Debug, Subcommand)]
pub enum AddOn {
    /// List the add-ons and extensions with their counts
    #[command(after_help = "Example:\n  seatwarden-portal add-on list --data portal-data")]
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Show one add-on and who holds it
    #[command(after_help = "Example:\n  seatwarden-portal add-on show arcgis-pro-standard --data portal-data")]
    Show {
        /// Its id
        id: String,
        #[command(flatten)]
        data: Data,
    },
    /// Assign an add-on to members
    #[command(
        after_help = "Examples:\n  seatwarden-portal add-on assign arcgis-pro-standard bo ana --data portal-data\n  \
                      seatwarden-portal add-on assign arcgis-pro-standard bo --with arcgis-pro-extension --data portal-data"
    )]
    Assign {
        #[command(flatten)]
        what: AddOnsOf,
    },
    /// Unassign an add-on from members; sessions that depend on it end
    #[command(
        after_help = "Example:\n  seatwarden-portal add-on unassign arcgis-pro-standard bo --release --data portal-data"
    )]
    Unassign {
        #[command(flatten)]
        what: AddOnsOf,
        /// Release offline licenses that depend on it
        #[arg(long)]
        release: bool,
    },
    /// Unassign what is over-assigned from those who have not used it for the longest time
    #[command(after_help = "Example:\n  seatwarden-portal add-on repair --dry-run --data portal-data")]
    Repair {
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        how: How,
    },
}

/// Which add-ons, and of whom.
#[derive(Debug, Clone, Args)]
pub struct AddOnsOf {
    /// The id of the add-on
    pub id: String,
    /// The members
    #[arg(required = true)]
    pub users: Vec<String>,
    /// Another add-on in the same change
    #[arg(long = "with", value_name = "ADD_ON")]
    pub others: Vec<String>,
    #[command(flatten)]
    pub data: Data,
    #[command(flatten)]
    pub how: How,
}

/// What to do with products.
#[derive(Debug, Subcommand)]
pub enum Product {
    /// List the products with how many may use them, do, and have them offline
    #[command(after_help = "Example:\n  seatwarden-portal product list --data portal-data")]
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Show who may use a product and has: last use, sessions, offline use
    #[command(after_help = "Examples:\n  seatwarden-portal product activity arcgis-pro --data portal-data\n  \
                      seatwarden-portal product activity arcgis-pro --state unused --unused-days 90 --format csv --data portal-data")]
    Activity {
        /// Its id
        id: String,
        #[command(flatten)]
        data: Data,
        /// Only these members
        #[arg(long, value_name = "STATE", value_parser = ["online", "offline", "unused"])]
        state: Option<String>,
        /// With --state unused: for so many days
        #[arg(long, value_name = "DAYS")]
        unused_days: Option<String>,
    },
}

/// What to do with sessions of products.
#[derive(Debug, Subcommand)]
pub enum Session {
    /// List the running sessions
    #[command(after_help = "Example:\n  seatwarden-portal session list --product arcgis-pro --data portal-data")]
    List {
        #[command(flatten)]
        data: Data,
        /// Only of this product
        #[arg(long, value_name = "PRODUCT")]
        product: Option<String>,
        /// Only of this member
        #[arg(long, value_name = "USER")]
        member: Option<String>,
    },
    /// End a session: its place is free, and its user is told and has time to save
    #[command(
        after_help = "Examples:\n  seatwarden-portal session end ses_01kb0000000000000000000000 --data portal-data\n  \
                      seatwarden-portal session end --member bo --product arcgis-pro --data portal-data"
    )]
    End {
        /// Which session
        #[arg(required_unless_present = "member")]
        id: Option<String>,
        #[command(flatten)]
        data: Data,
        /// All running sessions of this member, of the product that is named too
        #[arg(long, value_name = "USER", requires = "product", conflicts_with = "id")]
        member: Option<String>,
        /// With --member: of which product
        #[arg(long, value_name = "PRODUCT", requires = "member")]
        product: Option<String>,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
}

/// What to do with offline licenses.
#[derive(Debug, Subcommand)]
pub enum Offline {
    /// List the licenses that are offline, or may still be used so after a release
    #[command(after_help = "Example:\n  seatwarden-portal offline list --data portal-data")]
    List {
        #[command(flatten)]
        data: Data,
        /// Only of this product
        #[arg(long, value_name = "PRODUCT")]
        product: Option<String>,
    },
    /// Release an offline license whose computer does not give it back
    #[command(
        after_help = "Example:\n  seatwarden-portal offline release out_01kb0000000000000000000000 --data portal-data"
    )]
    Release {
        /// Which checkout
        id: String,
        #[command(flatten)]
        data: Data,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// Hand in the return code of a computer
    #[command(
        after_help = "Example:\n  seatwarden-portal offline return out_01kb0000000000000000000000 code.txt --data portal-data"
    )]
    Return {
        /// Which checkout
        id: String,
        /// The file with the code; `-` is standard input
        code: PathBuf,
        #[command(flatten)]
        data: Data,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// After a restore: say that no product is offline that the backup does not know of
    #[command(after_help = "Example:\n  seatwarden-portal offline acknowledge --data portal-data")]
    Acknowledge {
        #[command(flatten)]
        data: Data,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// Let members take products offline, or not; what is out stays out to its end
    #[command(after_help = "Examples:\n  seatwarden-portal offline allow off --data portal-data\n  \
                      seatwarden-portal offline allow on --most-days 14 --data portal-data")]
    Allow {
        /// on or off
        #[arg(value_enum)]
        switch: Switch,
        /// The most days; without it what is set stays, or what the license file allows where nothing is
        #[arg(long, value_name = "DAYS")]
        most_days: Option<u32>,
        #[command(flatten)]
        data: Data,
        /// Only say what it would do
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
}

/// What to ask about the use of licenses.
#[derive(Debug, Subcommand)]
pub enum Usage {
    /// Tell how many seats were assigned and licensed on each day
    #[command(after_help = "Example:\n  seatwarden-portal usage history --user-type viewer --data portal-data")]
    History {
        /// Of one user type only
        #[arg(long, value_name = "ID")]
        user_type: Option<String>,
        /// The first day, such as 2026-12-06; 90 days are told where none is named
        #[arg(long, value_name = "DAY")]
        from: Option<String>,
        /// The last day; today where none is named
        #[arg(long, value_name = "DAY")]
        to: Option<String>,
        #[command(flatten)]
        data: Data,
    },
    /// Say when each user type would be full, if it went on as in the last 90 days
    #[command(after_help = "Example:\n  seatwarden-portal usage fullness --data portal-data")]
    Fullness {
        #[command(flatten)]
        data: Data,
    },
    /// Say what ends when, and what happens then
    #[command(after_help = "Example:\n  seatwarden-portal usage forecast --data portal-data")]
    Forecast {
        #[command(flatten)]
        data: Data,
    },
    /// Write the usage report for the vendor, signed by this portal: license, counts, epoch; no names
    #[command(after_help = "Example:\n  seatwarden-portal usage report --out usage.json --data portal-data")]
    Report {
        /// Where to write it; never overwritten
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        data: Data,
    },
}
