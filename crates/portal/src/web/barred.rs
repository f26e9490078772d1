//! Why a page does not offer what the reader has the privileges for. The rules themselves are asked, as they would be by
//! the act; here is only said where it is mended.

use catalog::{Catalog, RoleId};
use entitlement::AddOnId;
use errors::{Code, Failure};
use rules::account::Abilities;
use rules::change_set::{Act, ChangeSet, Operation};
use rules::permit::AddOnMoves;
use rules::{ChangeId, MemberState, capacity};
use store::{Member, ReadTx, StoreError};

use crate::actions::changes::{self, Outlook, Request};
use crate::actions::{Caller, members};
use crate::pages::barred::{Reason, Unfit};
use crate::pages::frame::Frame;
use crate::texts::text;

use super::names;

/// A refusal beside the control that it bars.
pub(super) fn reason(act: &str, failure: &Failure, frame: &Frame) -> Reason {
    let (href, link) = mended(failure.code, frame);
    Reason { id: format!("why-{act}"), text: failure.detail.clone(), href, link }
}

/// Where a refusal is mended, as far as the reader gets there; else where it is explained.
fn mended(code: Code, frame: &Frame) -> (String, String) {
    let open = frame.reader.as_ref().map(|reader| reader.open).unwrap_or_default();
    let over = frame.over_limit.first().filter(|_| code == Code::CreationBlocked && open.members).map(|over| {
        let words = text("barred-show-the-members-of").with("name", &over.name);
        (format!("/members?user_type={}", over.id), words.plain())
    });
    let known = [
        (Code::SeatLimitReached, open.licenses, "/licenses", text("common-licenses")),
        (Code::AddOnLimitReached, open.licenses, "/licenses", text("common-licenses")),
        (Code::LastAdministrator, open.members, "/members", text("barred-make-another-administrator")),
        (
            Code::ReservedToAdministrators,
            open.members,
            "/members?role=administrator",
            text("barred-show-the-administrators"),
        ),
        (Code::Stale, open.changes, "/changes", text("barred-show-later-changes")),
    ];
    let place = known.into_iter().find(|(known, is_open, ..)| *known == code && *is_open);
    let place = over.or_else(|| place.map(|(_, _, href, words)| (href.to_owned(), words.plain())));
    place.unwrap_or_else(|| (format!("/help/errors/{}", code.row().name), text("barred-what-this-means").plain()))
}

/// Whether nobody can be added at this moment, whoever asks.
pub(super) fn nobody_is_added(tx: &ReadTx<'_>) -> Result<bool, StoreError> {
    Ok(capacity::is_open(&tx.facts()?).is_err())
}

/// Why nobody can be added. Which user types are over is told to whom the notice tells it.
pub(super) fn adding(frame: &Frame) -> Reason {
    let over: Vec<String> = frame.over_limit.iter().map(|over| over.name.clone()).collect();
    let told = if over.is_empty() {
        text("barred-adding").plain()
    } else {
        text("barred-adding-over").with("names", over.join(", ")).plain()
    };
    let (href, link) = mended(Code::CreationBlocked, frame);
    Reason { id: "why-add".to_owned(), text: told, href, link }
}

/// What the rules say to one operation.
fn refused(tx: &ReadTx<'_>, caller: &Caller, operation: Operation) -> Result<Option<Failure>, StoreError> {
    let set = ChangeSet { operations: vec![operation], ..ChangeSet::default() };
    match changes::outlook(tx, caller, &Request { set, ..Request::default() }) {
        Ok(Outlook::Possible(_)) => Ok(None),
        Ok(Outlook::Impossible { failure, .. }) => Ok(Some(*failure)),
        Err(error) => refusal_of(error).map(Some),
    }
}

fn refusal_of(error: StoreError) -> Result<Failure, StoreError> {
    match error {
        StoreError::Refused(failure) => Ok(failure),
        broken => Err(broken),
    }
}

/// What cannot be done with the member, of what the privileges would allow.
pub(super) fn acts(
    tx: &ReadTx<'_>,
    caller: &Caller,
    member: &Member,
    may: Abilities,
) -> Result<Vec<(&'static str, Failure)>, StoreError> {
    let (id, state) = (|| member.id.clone(), member.state);
    let is_in = state != MemberState::Archived;
    let asked = [
        ("disable", may.disable && state == MemberState::Enabled, Operation::act(id(), Act::Disable)),
        ("enable", may.disable && state == MemberState::Disabled, Operation::act(id(), Act::Enable)),
        ("archive", may.disable && is_in, Operation::act(id(), Act::Archive)),
        ("restore", may.add && !is_in, Operation::act(id(), Act::Restore)),
        ("delete", may.delete, Operation::act(id(), Act::Delete)),
    ];
    let mut barred = Vec::new();
    for (act, _, operation) in asked.into_iter().filter(|(_, offered, _)| *offered) {
        barred.extend(refused(tx, caller, operation)?.map(|failure| (act, failure)));
    }
    if may.update && is_in {
        let why = members::to_reset(tx, caller, &member.id).err().map(refusal_of).transpose()?;
        barred.extend(why.map(|failure| ("password", failure)));
    }
    Ok(barred)
}

/// Why the member cannot be deleted.
pub(super) fn deletion(tx: &ReadTx<'_>, caller: &Caller, member: &Member) -> Result<Option<Failure>, StoreError> {
    refused(tx, caller, Operation::act(member.id.clone(), Act::Delete))
}

/// Why the member cannot be given another role, whichever it is: an Administrator stays one while there is no other.
pub(super) fn role(
    tx: &ReadTx<'_>,
    caller: &Caller,
    member: &Member,
    may: Abilities,
) -> Result<Option<Failure>, StoreError> {
    let catalog = tx.catalog()?;
    let is_administrator = catalog.administrator().is_some_and(|role| role.id == member.role);
    let usual = catalog.user_type(&member.user_type).map(|known| known.usual_role.clone());
    let Some(usual) = usual.filter(|_| may.roles && is_administrator && member.state != MemberState::Archived) else {
        return Ok(None);
    };
    refused(tx, caller, Operation::set(member.id.clone(), None, Some(usual)))
}

/// Why a change cannot be taken back.
pub(super) fn undoing(tx: &ReadTx<'_>, caller: &Caller, id: &ChangeId) -> Result<Option<Failure>, StoreError> {
    let back = changes::reverting(tx, caller, id, String::new());
    let back = back.and_then(|request| changes::foresee(tx, caller, &request));
    back.err().map(refusal_of).transpose()
}

/// Why an add-on cannot be given to the one member whom a form is for.
pub(super) fn add_on(
    tx: &ReadTx<'_>,
    caller: &Caller,
    (member, id): (&Member, &AddOnId),
) -> Result<Option<Failure>, StoreError> {
    let moves = AddOnMoves { assign: [id.clone()].into(), ..AddOnMoves::default() };
    refused(tx, caller, Operation::add_ons(member.id.clone(), moves))
}

/// Where the add-on that does not fit or is used up is mended.
pub(super) fn add_on_reason(member: &Member, id: &AddOnId, failure: &Failure, frame: &Frame) -> Reason {
    let act = format!("add_on.{id}");
    let reason = reason(&act, failure, frame);
    if failure.code == Code::Incompatible {
        let (href, link) = (format!("/members/{}/user-type", member.id), text("member-change-user-type").plain());
        return Reason { href, link, ..reason };
    }
    if failure.code == Code::AddOnLimitReached {
        return Reason { href: format!("/add-ons/{id}"), link: text("add-on-who-holds-it").plain(), ..reason };
    }
    reason
}

/// The roles that the one member whom a form is for cannot have.
pub(super) fn unfit(catalog: &Catalog, member: &Member) -> Option<Unfit> {
    let user_type = catalog.user_type(&member.user_type)?;
    let above: Vec<RoleId> =
        catalog.roles().iter().filter(|role| !catalog.role_fits(role, user_type)).map(|role| role.id.clone()).collect();
    (!above.is_empty()).then(|| Unfit {
        user_type: user_type.id.to_string(),
        user_type_name: user_type.name.clone(),
        names: above.iter().map(|id| names::role(catalog, id)).collect(),
        roles: above.iter().map(ToString::to_string).collect(),
    })
}
