//! What a member's account says of the member: names, address, labels, vendor-site access (S85 to S88, S174).

use rules::account::{self, ProfileParts};
use rules::{Actor, MemberId};
use store::{LabelKind, Labels, Member, ReadTx, StoreError, WriteTx};

use super::members::{AskedExtras, checked_labels, not_found, unchanged};
use super::{Caller, actor};

/// What of a member's account is to be another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The name for people.
    pub full_name: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// Labels and vendor-site access.
    pub extras: AskedExtras,
}

impl Profile {
    /// The parts that this names.
    fn sent(&self) -> ProfileParts {
        let AskedExtras { groups, categories, vendor_access } = &self.extras;
        ProfileParts {
            full_name: self.full_name.is_some(),
            email: self.email.is_some(),
            vendor_access: vendor_access.is_some(),
            groups: groups.is_some(),
            categories: categories.is_some(),
        }
    }

    /// The parts that this would change of the member as stored.
    fn parts(&self, member: &Member, labels: &Labels) -> ProfileParts {
        let AskedExtras { groups, categories, vendor_access } = &self.extras;
        ProfileParts {
            full_name: self.full_name.as_ref().is_some_and(|name| *name != member.full_name),
            email: self.email.as_ref().is_some_and(|email| *email != member.email),
            vendor_access: vendor_access.is_some_and(|open| open != member.vendor_access),
            groups: groups.as_ref().is_some_and(|groups| *groups != labels.groups),
            categories: categories.as_ref().is_some_and(|categories| *categories != labels.categories),
        }
    }
}

/// The member, and what the profile would change, if the actor may. Who does not see the account is judged by what is sent
/// and not by what differs: a refusal tells neither whether there is such a member nor what a value is.
fn describable(
    tx: &ReadTx<'_>,
    actor: &Actor,
    id: &MemberId,
    profile: &Profile,
) -> Result<(Member, ProfileParts), StoreError> {
    let is_seen = actor.id() == Some(id) || account::see_members(actor).is_ok();
    if !is_seen {
        let sent = profile.sent();
        account::change_profile(actor, id, sent)?;
        if sent == ProfileParts::default() {
            // Nothing is to change, and the answer tells about the member all the same.
            account::see_members(actor)?;
        }
    }
    let member = tx.member(id)?.ok_or_else(not_found)?;
    let parts = profile.parts(&member, &tx.labels(id)?);
    account::change_profile(actor, id, parts)?;
    Ok((member, parts))
}

/// Changes name, address, labels or vendor-site access of a member (S85 to S88, S174).
///
/// # Errors
/// What [`account::change_profile`] refuses; labels that there are not; a member that is not there or has changed since
/// it was read.
pub fn describe(
    tx: &WriteTx<'_>,
    caller: &Caller,
    id: &MemberId,
    (profile, expected): (&Profile, Option<u64>),
) -> Result<Member, StoreError> {
    let actor = actor(tx, caller)?;
    let (member, parts) = describable(tx, &actor, id, profile)?;
    unchanged(tx, id, expected)?;
    checked_labels(tx, &profile.extras)?;
    if parts.full_name || parts.email {
        let full_name = profile.full_name.as_ref().unwrap_or(&member.full_name);
        let email = profile.email.as_ref().unwrap_or(&member.email);
        tx.update_profile(&actor, id, full_name, email)?;
    }
    let AskedExtras { groups, categories, vendor_access } = &profile.extras;
    if let Some(groups) = groups {
        tx.set_labels(&actor, id, LabelKind::Group, groups)?;
    }
    if let Some(categories) = categories {
        tx.set_labels(&actor, id, LabelKind::Category, categories)?;
    }
    if let Some(open) = vendor_access {
        tx.set_vendor_access(&actor, id, *open)?;
    }
    tx.member(id)?.ok_or_else(|| not_found().into())
}

/// The parts of the account that [`describe`] would change, if it would not be refused; changes nothing. Who names no part
/// asks for nothing.
///
/// # Errors
/// As [`describe`].
pub(super) fn to_describe(
    tx: &ReadTx<'_>,
    actor: &Actor,
    id: &MemberId,
    profile: &Profile,
) -> Result<ProfileParts, StoreError> {
    if profile.sent() == ProfileParts::default() {
        return Ok(ProfileParts::default());
    }
    let (_, parts) = describable(tx, actor, id, profile)?;
    checked_labels(tx, &profile.extras)?;
    Ok(parts)
}
