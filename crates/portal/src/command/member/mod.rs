//! `member …` and `admin …`.

mod account;
mod import;
mod list;
mod newcomer;

use errors::Failure;
use rules::change_set::{Act, ChangeSet, Operation};
use store::ReadTx;

use super::change::carry_out;
use super::refused::{Form, told};
use super::{Answer, Desk, given};
use crate::actions::changes::{self, Request};
use crate::actions::{input, members};
use crate::cli::{Data, How, Member};
use crate::output::Progress;
pub(super) use newcomer::admin;

pub(super) fn member(desk: &Desk, verb: Member) -> Result<Answer, Failure> {
    match verb {
        Member::Add { user, data, newcomer, dry_run } => newcomer::add(desk, &data, user, (newcomer, dry_run)),
        Member::Invite { user, data, newcomer, dry_run } => newcomer::invite(desk, &data, user, (newcomer, dry_run)),
        Member::List { data, filters, locked_out } => list::list(desk, &data, filters, locked_out),
        Member::Export { data, filters, out } => list::export(desk, &data, filters, out.as_deref()),
        Member::Show { user, data } => account::show(desk, &data, &user),
        Member::Edit { user, data, name, email, group, category, vendor_access, dry_run } => {
            let edit = account::Edit { name, email, group, category, vendor_access };
            account::edit(desk, &data, user, (edit, dry_run))
        }
        Member::SetType { user, user_type, data, role, allow_one_over, until, how } => {
            let id = input::user_type(&user_type)?;
            let role = role.as_deref().map(input::role).transpose()?;
            let revert_at = until.as_deref().map(given::until).transpose()?;
            let allow_one_over = allow_one_over.map(|number| (id.clone(), number)).into_iter().collect();
            let set = ChangeSet { allow_one_over, revert_at, ..ChangeSet::default() };
            one(desk, &data, user, (set, how, true), |member| Operation::set(member, Some(id), role))
        }
        Member::SetRole { user, role, data, how } => {
            let role = input::role(&role)?;
            one(desk, &data, user, (ChangeSet::default(), how, false), |member| {
                Operation::set(member, None, Some(role))
            })
        }
        Member::Swap { a, b, data, until, how } => {
            let house = desk.open(&data)?;
            let (reason, until) = (input::reason(how.reason)?, until.as_deref().map(given::until).transpose()?);
            let ask = move |tx: &ReadTx<'_>| {
                let mut set = changes::swap(tx, &members::find(tx, &a)?, &members::find(tx, &b)?)?;
                set.revert_at = until;
                Ok(Request { set, reason, ..Request::default() })
            };
            let done = carry_out(&house, ask, (how.dry_run, Progress::of(false)));
            done.map_err(|failure| told(failure, &desk.typed, Form::None))
        }
        Member::Disable { user, data, how } => act(desk, &data, user, (Act::Disable, how)),
        Member::Enable { user, data, how } => act(desk, &data, user, (Act::Enable, how)),
        Member::Archive { user, data, how } => act(desk, &data, user, (Act::Archive, how)),
        Member::Restore { user, data, how } => act(desk, &data, user, (Act::Restore, how)),
        Member::Delete { user, data, how } => act(desk, &data, user, (Act::Delete, how)),
        Member::Import(table) => import::import(desk, &table),
    }
}

fn act(desk: &Desk, data: &Data, user: String, (act, how): (Act, How)) -> Result<Answer, Failure> {
    one(desk, data, user, (ChangeSet::default(), how, false), move |member| Operation::act(member, act))
}

/// A change set of one member.
fn one(
    desk: &Desk,
    data: &Data,
    user: String,
    (mut set, how, sets_type): (ChangeSet, How, bool),
    operation: impl FnOnce(rules::MemberId) -> Operation + Send + 'static,
) -> Result<Answer, Failure> {
    let house = desk.open(data)?;
    let reason = input::reason(how.reason)?;
    let whom = user.clone();
    let ask = move |tx: &ReadTx<'_>| {
        set.operations.push(operation(members::find(tx, &user)?));
        Ok(Request { set, reason, ..Request::default() })
    };
    let done = carry_out(&house, ask, (how.dry_run, Progress::of(false)));
    done.map_err(|failure| {
        // Only a user type is gone over; what else is refused for its role names one that cannot be a flag.
        told(failure, &desk.typed, if sets_type { Form::Number(&whom) } else { Form::None })
    })
}
