//! The vendor of the journeys: keys of fixed seeds, and license files made in a line.

#![expect(clippy::expect_used, reason = "a harness stops the test where something of its own goes wrong")]

use entitlement::{
    AddOnLine, CatalogRef, Customer, EntitlementDraft, Moment, Name, Policy, PublicKey, Roots, SecretKey,
    TrustListDraft, TrustedKey, UserTypeLine, seal_entitlement, seal_trust_list,
};

/// The seats of S29: 25 Viewer and 5 Creator.
pub const THIRTY_SEATS: &[(&str, u32)] = &[("viewer", 25), ("creator", 5)];

/// An instant.
#[must_use]
pub fn at(text: &str) -> Moment {
    Moment::parse(text).expect("an instant")
}

fn key(name: &str, seed: u8) -> SecretKey {
    SecretKey::from_seed(name.parse().expect("a key id"), &[seed; 32])
}

/// The vendor's root key.
#[must_use]
pub fn root() -> SecretKey {
    key("root-1", 1)
}

/// The vendor's signing key.
#[must_use]
pub fn signing() -> SecretKey {
    key("2026-a", 2)
}

/// A key that no trust list names.
#[must_use]
pub fn strange() -> SecretKey {
    key("stranger", 3)
}

/// The key of another portal.
#[must_use]
pub fn elsewhere() -> PublicKey {
    SecretKey::self_named(&[4; 32]).public()
}

/// The roots that the portals of the journeys trust.
#[must_use]
pub fn roots() -> Roots {
    Roots::new(vec![root().public()]).expect("a root set")
}

/// The vendor's trust list.
#[must_use]
pub fn trust(version: u32, edit: impl FnOnce(&mut TrustListDraft)) -> Vec<u8> {
    let trusted =
        TrustedKey { key: signing().public(), nbf: at("2026-01-01T00:00:00Z"), exp: at("2028-01-01T00:00:00Z") };
    let mut draft = TrustListDraft {
        version,
        iat: at("2026-01-01T00:00:00Z"),
        expires: at("2028-01-01T00:00:00Z"),
        keys: vec![trusted],
        revoked_keys: [].into(),
        revoked_licenses: [].into(),
        min_sequence: [].into(),
    };
    edit(&mut draft);
    seal_trust_list(&draft, &root()).expect("a trust list").into_bytes()
}

/// A license file before it is signed.
#[derive(Debug, Clone)]
pub struct Order(pub EntitlementDraft);

/// Some seats of the contract `city`, from November 2026 on, without an end, for any portal.
#[must_use]
pub fn order(sequence: u32, seats: &[(&str, u32)]) -> Order {
    let line = |(id, count): &(&str, u32)| UserTypeLine {
        id: id.parse().expect("an id"),
        count: *count,
        from: None,
        until: None,
    };
    let customer =
        Customer { id: "city".parse().expect("a customer id"), name: Name::parse("City of Example").expect("a name") };
    Order(EntitlementDraft {
        jti: format!("SW-2026-{sequence:06}").parse().expect("a license id"),
        contract: "city".parse().expect("a contract id"),
        sequence,
        supersedes: None,
        replaces: Vec::new(),
        min_trust: 1,
        iss: Name::parse("Vendor").expect("a name"),
        iat: at("2026-11-01T00:00:00Z"),
        nbf: at("2026-11-01T00:00:00Z"),
        exp: None,
        portal: None,
        customer,
        catalog: CatalogRef { id: "arcgis".parse().expect("a catalog id"), sha256: catalog::Catalog::arcgis_digest() },
        user_types: seats.iter().map(line).collect(),
        add_ons: Vec::new(),
        policy: Policy::default(),
        ext: None,
        note: None,
    })
}

impl Order {
    /// The same with another first instant.
    #[must_use]
    pub fn from(mut self, instant: &str) -> Self {
        self.0.nbf = at(instant);
        self
    }

    /// The same with an end.
    #[must_use]
    pub fn until(mut self, instant: &str) -> Self {
        self.0.exp = Some(at(instant));
        self
    }

    /// The same with some more seats of a user type, from an instant on.
    #[must_use]
    pub fn and_from(mut self, instant: &str, (id, count): (&str, u32)) -> Self {
        let id = id.parse().expect("an id");
        self.0.user_types.push(UserTypeLine { id, count, from: Some(at(instant)), until: None });
        self
    }

    /// The same with some licenses of an add-on or extension.
    #[must_use]
    pub fn with(mut self, id: &str, count: u32) -> Self {
        let id = id.parse().expect("an id");
        self.0.add_ons.push(AddOnLine { id, count, from: None, until: None, trial: None });
        self
    }

    /// The same with a trial of some licenses of an add-on, up to an instant.
    #[must_use]
    pub fn with_trial(mut self, instant: &str, (id, count): (&str, u32)) -> Self {
        let id = id.parse().expect("an id");
        let until = Some(at(instant));
        self.0.add_ons.push(AddOnLine { id, count, from: None, until, trial: Some(true) });
        self
    }

    /// The same for one portal only.
    #[must_use]
    pub fn bound_to(mut self, portal: PublicKey) -> Self {
        self.0.portal = Some(portal);
        self
    }

    /// The same without the one-over allowance.
    #[must_use]
    pub fn without_one_over(mut self) -> Self {
        self.0.policy.one_over = 0;
        self
    }

    /// The file.
    #[must_use]
    pub fn signed(&self) -> Vec<u8> {
        self.signed_by(&signing())
    }

    /// The file, signed with another key.
    #[must_use]
    pub fn signed_by(&self, key: &SecretKey) -> Vec<u8> {
        seal_entitlement(&self.0, key).expect("an entitlement").into_bytes()
    }
}
