//! The verbs: each reads its arguments, does its work and hands back an answer. None of them prints.

mod explain;
mod init;
mod inspect;
mod issue;
mod key;
mod register;
mod rehearse;
mod revoke;
mod rotate;
mod trust;
mod usage;
mod verify;

use errors::Failure;

use crate::cli::{Cli, Key, License, Noun, Trust, Usage};
use crate::output::Answer;

/// Does what the command line asks for.
pub(crate) fn run(cli: Cli) -> Result<Answer, Failure> {
    let asking = cli.asking();
    let dir = cli.dir.as_path();
    match cli.noun {
        Noun::Init(arguments) => init::init(dir, &arguments, asking),
        Noun::Key(Key::Generate(arguments)) => key::generate(dir, &arguments, asking),
        Noun::Key(Key::List) => key::list(dir),
        Noun::Key(Key::Show { id }) => key::show(dir, &id),
        Noun::Key(Key::Export { ids }) => key::export(dir, &ids),
        Noun::Key(Key::Register(arguments)) => register::register(dir, &arguments, asking),
        Noun::Key(Key::Rotate(arguments)) => rotate::rotate(dir, &arguments, asking),
        Noun::Key(Key::Revoke(arguments)) => revoke::key(dir, &arguments),
        Noun::Trust(Trust::Build(arguments)) => trust::build(dir, &arguments, asking),
        Noun::Trust(Trust::Rehearse) => rehearse::rehearse(),
        Noun::Trust(Trust::Show { file }) => inspect::inspect(&file),
        Noun::Trust(Trust::Verify { file, against }) => verify::trust_list(dir, &file, &against),
        Noun::License(License::Issue(arguments)) => issue::issue(dir, &arguments, asking),
        Noun::License(License::Inspect { file }) => inspect::inspect(&file),
        Noun::License(License::Verify(arguments)) => verify::license(dir, &arguments),
        Noun::License(License::Revoke(arguments)) => revoke::license(dir, &arguments),
        Noun::License(License::Withdraw(arguments)) => revoke::withdraw(dir, &arguments),
        Noun::Usage(Usage::Verify { files, now }) => usage::verify(dir, &files, now),
        Noun::Explain { code } => explain::explain(code.as_deref()),
        Noun::Completion { shell } => explain::completion(shell),
    }
}
