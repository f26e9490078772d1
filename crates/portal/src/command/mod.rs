//! The verbs of the command line. On data they act as the console, beside a running `serve` too (design: Seats 11).

mod activate;
mod add_on;
mod audit;
mod backup;
mod change;
mod clock;
mod given;
mod invitation;
mod license;
mod member;
mod plan;
mod product;
mod refused;
mod role;
mod serve;
mod settings;
mod status;
mod trust;
mod usage;
mod user_type;
mod why;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use errors::{Code, Failure};
use serde_json::{Value, json};
use store::{StoreError, WriteTx};

use crate::actions::Caller;
use crate::api::shape;
use crate::cli::{self, Cli, Data, Format, Verb};
use crate::clock::Clock;
use crate::house::{BuiltIn, House};
use crate::output::{self, Column};

/// The console of the machine: the rights of a default Administrator (design: Seats 11).
const CONSOLE: Caller = Caller::Console;

/// What a verb answers: lines for people, facts for programs, and the exit code.
pub(crate) struct Answer {
    lines: String,
    facts: Value,
    columns: &'static [Column],
    exit: u8,
}

impl Answer {
    fn new(lines: impl Into<String>, facts: Value) -> Self {
        Self { lines: lines.into(), facts, columns: &[], exit: 0 }
    }

    /// A list, which can also be written as a table for programs.
    fn list(lines: impl Into<String>, items: Vec<Value>, columns: &'static [Column]) -> Self {
        Self { lines: lines.into(), facts: shape::list(items, None), columns, exit: 0 }
    }

    /// What was written, or what a rehearsal would have written.
    fn written(dry_run: bool, done: &str, mut facts: Value) -> Self {
        if let Value::Object(members) = &mut facts {
            members.insert("dry_run".into(), json!(dry_run));
        }
        Self::new(news(dry_run, done), facts)
    }

    fn ending(self, exit: u8) -> Self {
        Self { exit, ..self }
    }
}

/// What every verb may need.
pub(crate) struct Desk {
    built_in: BuiltIn,
    clock: Clock,
    may_ask: bool,
    /// The command line as it was typed, to be repeated with one thing more.
    typed: Vec<String>,
}

impl Desk {
    fn open(&self, data: &Data) -> Result<House, Failure> {
        House::open(&data.dir, &self.built_in, &self.clock)
    }
}

/// Does something for good, or only to see what would come of it.
fn write<F, R>(house: &House, dry_run: bool, decision: F) -> Result<R, StoreError>
where
    F: for<'tx> FnOnce(&WriteTx<'tx>) -> Result<R, StoreError> + Send + 'static,
    R: Send + 'static,
{
    if dry_run { house.store.rehearse_now(decision) } else { house.store.write_now(decision) }
}

/// What was done, or that nothing was.
fn news(dry_run: bool, done: &str) -> String {
    if dry_run { format!("{done}\nThis was a rehearsal: nothing was changed.") } else { done.to_owned() }
}

/// Reads the command line, does what it says, and ends with its exit code.
pub fn run(built_in: BuiltIn) -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    let format = if cli.json { Format::Json } else { cli.format };
    let typed = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let desk = Desk { built_in, clock: Clock::system(), may_ask: !cli.no_input, typed };
    // Nothing is changed whose answer could not be written.
    if format == Format::Csv && !is_list(&cli.verb) {
        let detail = "Only lists are written as CSV: those of members, invitations, changes, roles, user types, add-ons, products and rows of the audit log.";
        return output::failed(&Failure::new(Code::Usage, detail));
    }
    match verb(&desk, cli.verb) {
        Ok(answer) => {
            if !answer.lines.is_empty() {
                output::answer(format, &answer.lines, &answer.facts, answer.columns);
            }
            ExitCode::from(answer.exit)
        }
        Err(failure) => output::failed(&failure),
    }
}

fn is_list(verb: &Verb) -> bool {
    matches!(
        verb,
        Verb::Member(cli::Member::List { .. })
            | Verb::Invitation(cli::Invitation::List { .. })
            | Verb::Change(cli::Change::List { .. })
            | Verb::Role(cli::Role::List { .. })
            | Verb::Type(cli::UserType::List { .. })
            | Verb::AddOn(cli::AddOn::List { .. })
            | Verb::Product(_)
            | Verb::Session(cli::Session::List { .. })
            | Verb::Offline(cli::Offline::List { .. })
            | Verb::Usage(cli::Usage::History { .. } | cli::Usage::Forecast { .. } | cli::Usage::Fullness { .. })
            | Verb::Audit(cli::Audit::Search { .. })
    )
}

fn verb(desk: &Desk, verb: Verb) -> Result<Answer, Failure> {
    match verb {
        Verb::Request { data, out, demo } => activate::request(desk, &data, &out, demo),
        Verb::Activate { files, data, admin, admin_type, admin_password_file, demo } => {
            let wish = activate::Wish { admin, admin_type, admin_password_file, demo };
            activate::activate(desk, &files, &data, &wish)
        }
        Verb::Serve(how) => serve::serve(desk, &how),
        Verb::Status { data, check } => status::status(desk, &data, check),
        Verb::License(verb) => license::license(desk, &verb),
        Verb::Trust(verb) => trust::trust(desk, &verb),
        Verb::Clock(verb) => clock::clock(desk, &verb),
        Verb::Backup(verb) => backup::backup(desk, verb),
        Verb::Member(verb) => member::member(desk, verb),
        Verb::Invitation(verb) => invitation::invitation(desk, verb),
        Verb::Change(verb) => change::change(desk, verb),
        Verb::Type(verb) => user_type::user_type(desk, &verb),
        Verb::AddOn(verb) => add_on::add_on(desk, verb),
        Verb::Product(verb) => product::product(desk, verb),
        Verb::Session(verb) => product::session(desk, verb),
        Verb::Offline(verb) => product::offline(desk, verb),
        Verb::Usage(verb) => usage::usage(desk, verb),
        Verb::Role(verb) => role::role(desk, verb),
        Verb::Why { user, wanted, data } => why::why(desk, &data, &user, &wanted),
        Verb::Settings(verb) => settings::settings(desk, verb),
        Verb::Audit(verb) => audit::audit(desk, verb),
        Verb::Admin(verb) => member::admin(desk, verb),
        Verb::Explain { code } => explain(code.as_deref()),
        Verb::Completion { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "seatwarden-portal", &mut script);
            let script = String::from_utf8_lossy(&script).into_owned();
            Ok(Answer::new(script.clone(), json!({"script": script})))
        }
    }
}

fn explain(code: Option<&str>) -> Result<Answer, Failure> {
    let Some(name) = code else {
        let rows: Vec<Vec<String>> = Code::ALL
            .iter()
            .map(|code| code.row())
            .map(|row| vec![row.name.into(), row.exit.to_string(), row.title.into()])
            .collect();
        let facts = Code::ALL
            .iter()
            .map(|code| code.row())
            .map(|row| json!({"code": row.name, "exit": row.exit, "title": row.title}))
            .collect();
        return Ok(Answer::new(output::table(&["Code", "Exit", "Title"], &rows), facts));
    };
    let found =
        Code::from_name(name).ok_or_else(|| Failure::new(Code::CodeUnknown, format!("There is no error `{name}`.")))?;
    let row = found.row();
    let facts = json!({"code": row.name, "title": row.title, "meaning": row.meaning, "fix": row.fix, "status": row.status, "exit": row.exit});
    Ok(Answer::new(row.explanation(), facts))
}
