//! The facts of a decision: the one place where they are read, and the brand is given.

use std::sync::Arc;

use catalog::Catalog;
use errors::{Code, Failure};
use rules::sign_in::Standing;
use rules::{Actor, Facts, MemberFacts, MemberId, MemberRow, Reading, sign_in};

use crate::StoreError;
use crate::members::Member;
use crate::tx::ReadTx;

impl<'tx> ReadTx<'tx> {
    /// What a rule may know in this transaction, at its moment. Licensed counts come from the verified file alone.
    ///
    /// # Errors
    /// What the database says.
    pub fn facts(&self) -> Result<Facts<'tx>, StoreError> {
        self.facts_with(&self.license_catalog()?)
    }

    pub(crate) fn facts_with(&self, catalog: &Arc<Catalog>) -> Result<Facts<'tx>, StoreError> {
        let policy = self.policy_over(catalog)?;
        let license = self.license()?;
        let mut books = self.ground.books.borrow_mut();
        let seats = books.headcounts(self.db())?.iter().map(|(id, count)| (id.clone(), count.seats)).collect();
        let add_ons = books.add_ons(self.db())?.iter().map(|(id, count)| (id.clone(), count.assigned)).collect();
        let organization = &books.organization;
        let reading = Reading {
            now: self.now(),
            activated: license.is_activated(),
            allotment: license.at(self.now()).as_ref().clone(),
            seats,
            add_ons,
            enabled_administrators: organization.enabled_administrators,
            revision: organization.seat_revision,
            catalog: Arc::clone(&policy.catalog),
            defaults: policy.defaults.clone(),
        };
        Ok(Facts::read_in(self.brand, reading))
    }

    /// One member, for a decision in this transaction.
    ///
    /// # Errors
    /// `not-found`, or what the database says.
    pub fn member_facts(&self, id: &MemberId) -> Result<MemberFacts<'tx>, StoreError> {
        let member = self.member(id)?.ok_or_else(|| Failure::plain(Code::NotFound).with("member", id.as_str()))?;
        self.facts_of(member)
    }

    /// A member who was read in this transaction.
    pub(crate) fn facts_of(&self, member: Member) -> Result<MemberFacts<'tx>, StoreError> {
        let (add_ons, in_use) = (self.add_ons_of(&member.id)?, self.products_in_use(&member.id)?);
        let Member { id, username, user_type, role, state, .. } = member;
        let row = MemberRow { id, username, user_type, role, state, add_ons, in_use };
        Ok(MemberFacts::read_in(self.brand, row))
    }

    /// Who acts, read again in this transaction: the role may have changed since the request came in, and a lockout or a
    /// disabled account ends what it began.
    ///
    /// # Errors
    /// `not-signed-in` when the member is gone; `member-disabled` or `user-type-over-limit`; `privilege-missing` when the
    /// catalog does not have the role.
    pub fn actor(&self, id: &MemberId) -> Result<Actor, StoreError> {
        let member = self.member(id)?.ok_or_else(|| Failure::plain(Code::NotSignedIn))?;
        sign_in::enter(&self.standing(&member)?)?;
        self.actor_of(&member)
    }

    /// The member as somebody who acts, without asking whether the portal lets the member in at this moment: for signing
    /// out, and for what is read for a session already judged.
    ///
    /// # Errors
    /// `privilege-missing` when the catalog does not have the role.
    pub fn actor_of(&self, member: &Member) -> Result<Actor, StoreError> {
        let catalog = self.catalog()?;
        let role = catalog.role(&member.role).ok_or_else(|| {
            let detail = format!("The role `{}` is not in the installed catalog.", member.role);
            Failure::new(Code::PrivilegeMissing, detail).with("role", member.role.as_str())
        })?;
        let user_type = catalog.user_type(&member.user_type);
        Ok(Actor::member(member.id.clone(), member.username.clone(), user_type, role))
    }

    /// What [`sign_in::enter`] asks about a member, at this moment.
    ///
    /// # Errors
    /// What the database says.
    pub fn standing(&self, member: &Member) -> Result<Standing, StoreError> {
        let license = self.license()?;
        let is_administrator = self.catalog()?.role(&member.role).is_some_and(|role| role.is_administrator);
        let mut books = self.ground.books.borrow_mut();
        let assigned = books.headcounts(self.db())?.get(&member.user_type).map_or(0, |count| count.seats.assigned);
        let licensed = license.at(self.now()).licensed(&member.user_type);
        Ok(Standing { state: member.state, is_administrator, assigned, licensed })
    }
}
