//! The payload of an entitlement as it is written, and the checks that one member alone cannot make.

use std::collections::BTreeSet;

use crate::key::BareJwk;
use crate::strict::{Fault, object};
use crate::{
    AddOnLine, CatalogRef, ContractId, Customer, EntitlementDraft, Ext, Identity, KeyError, KeyId, LicenseId, Moment,
    Name, Note, Policy, PublicKey, UserTypeLine,
};

object! {
    struct Confirmation {
        required jwk: BareJwk,
    }
}

object! {
    /// The payload as it is written: the table of docs/FORMAT.md, in its order.
    pub(crate) struct EntitlementPayload {
        required schema: u32,
        required jti: LicenseId,
        required contract: ContractId,
        required sequence: u32,
        optional supersedes: Identity,
        optional replaces: Vec<ContractId>,
        required min_trust: u32,
        required iss: Name,
        required iat: Moment,
        required nbf: Moment,
        optional exp: Moment,
        optional aud: KeyId,
        optional cnf: Confirmation,
        required customer: Customer,
        required catalog: CatalogRef,
        required user_types: Vec<UserTypeLine>,
        required add_ons: Vec<AddOnLine>,
        required policy: Policy,
        optional ext: Ext,
        optional note: Note,
    }
}

/// Why a well-formed payload is not a sound one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unsound {
    /// Two members contradict each other, or one is out of its range.
    Contradiction(String),
    /// A key inside is weak.
    Weak(KeyId),
    /// Of a later schema.
    Schema(Fault),
}

pub(crate) fn contradiction(problem: impl Into<String>) -> Unsound {
    Unsound::Contradiction(problem.into())
}

impl EntitlementPayload {
    /// The payload that says what a draft says.
    pub(crate) fn of(draft: &EntitlementDraft) -> Self {
        let draft = draft.clone();
        Self {
            schema: 1,
            jti: draft.jti,
            contract: draft.contract,
            sequence: draft.sequence,
            supersedes: draft.supersedes,
            replaces: Some(draft.replaces).filter(|replaces| !replaces.is_empty()),
            min_trust: draft.min_trust,
            iss: draft.iss,
            iat: draft.iat,
            nbf: draft.nbf,
            exp: draft.exp,
            aud: draft.portal.as_ref().map(|portal| portal.kid().clone()),
            cnf: draft.portal.as_ref().map(|portal| Confirmation { jwk: BareJwk::of(portal) }),
            customer: draft.customer,
            catalog: draft.catalog,
            user_types: draft.user_types,
            add_ons: draft.add_ons,
            policy: draft.policy,
            ext: draft.ext,
            note: draft.note,
        }
    }

    /// What the payload says, when it says one sound thing.
    pub(crate) fn into_draft(self) -> Result<EntitlementDraft, Unsound> {
        check_schema(self.schema)?;
        self.check_sequence()?;
        self.check_terms()?;
        if self.policy.one_over > 1 {
            return Err(contradiction("`policy`: `one_over` is more than 1"));
        }
        let portal = bound_portal(self.aud, self.cnf)?;
        Ok(EntitlementDraft {
            jti: self.jti,
            contract: self.contract,
            sequence: self.sequence,
            supersedes: self.supersedes,
            replaces: self.replaces.unwrap_or_default(),
            min_trust: self.min_trust,
            iss: self.iss,
            iat: self.iat,
            nbf: self.nbf,
            exp: self.exp,
            portal,
            customer: self.customer,
            catalog: self.catalog,
            user_types: self.user_types,
            add_ons: self.add_ons,
            policy: self.policy,
            ext: self.ext,
            note: self.note,
        })
    }

    fn check_sequence(&self) -> Result<(), Unsound> {
        if self.sequence == 0 {
            return Err(contradiction("`sequence` is 0"));
        }
        let Some(replaces) = &self.replaces else { return Ok(()) };
        if replaces.is_empty() {
            return Err(contradiction("`replaces` is empty"));
        }
        if replaces.contains(&self.contract) {
            return Err(contradiction("`replaces` names the file's own contract"));
        }
        let names: BTreeSet<_> = replaces.iter().collect();
        if names.len() == replaces.len() { Ok(()) } else { Err(contradiction("`replaces` names a contract twice")) }
    }

    fn check_terms(&self) -> Result<(), Unsound> {
        if self.exp.is_some_and(|exp| exp <= self.nbf) {
            return Err(contradiction("`exp` is not after `nbf`"));
        }
        let user_types = self.user_types.iter().map(|line| (line.id.as_str(), line.from, line.until));
        let add_ons = self.add_ons.iter().map(|line| (line.id.as_str(), line.from, line.until));
        for (id, from, until) in user_types.chain(add_ons) {
            if from.zip(until).is_some_and(|(from, until)| until <= from) {
                return Err(contradiction(format!("`until` of a line of `{id}` is not after its `from`")));
            }
        }
        Ok(())
    }
}

/// Version 1 is the only one; a later one is for a later reader.
pub(crate) fn check_schema(schema: u32) -> Result<(), Unsound> {
    match schema {
        1 => Ok(()),
        0 => Err(contradiction("`schema` is 0")),
        later => Err(Unsound::Schema(Fault::Unknown(format!("`schema` is {later}, and this version knows 1")))),
    }
}

/// The key that `aud` and `cnf` name together, so that neither can stand for another portal than the other.
fn bound_portal(aud: Option<KeyId>, cnf: Option<Confirmation>) -> Result<Option<PublicKey>, Unsound> {
    match (aud, cnf) {
        (None, None) => Ok(None),
        (Some(aud), Some(cnf)) => self_named(&aud, &cnf.jwk, "aud").map(Some),
        (Some(_), None) => Err(contradiction("`aud` stands without `cnf`")),
        (None, Some(_)) => Err(contradiction("`cnf` stands without `aud`")),
    }
}

/// The key of a JWK that must have the name `name`, its thumbprint.
pub(crate) fn self_named(name: &KeyId, jwk: &BareJwk, member: &str) -> Result<PublicKey, Unsound> {
    let key = PublicKey::carried(jwk.bytes()).map_err(|error| match error {
        KeyError::Weak => Unsound::Weak(name.clone()),
        KeyError::Invalid | KeyError::Jwk(_) => contradiction(format!("`jwk`: {error}")),
    })?;
    if key.kid() == name {
        Ok(key)
    } else {
        Err(contradiction(format!("`{member}` is not the thumbprint of the key in `jwk`")))
    }
}
