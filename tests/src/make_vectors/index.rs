//! What the index says of each golden file: with what to open it, and what must come out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The whole index.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// What the files are, for people.
    pub about: String,
    /// Every case.
    pub cases: Vec<Entry>,
}

/// One case. Paths are from the folder of the index.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The case as a sentence.
    pub name: String,
    /// The file.
    pub file: String,
    /// What to do with the file first. `pad-to-N`: put spaces after it until it has N bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipe: Option<String>,
    /// As what to open it: `trust`, `entitlement`, `catalog`, `portal`, `lease` or `return`.
    pub kind: String,
    /// Entitlements, also those of leases: `importing` or `installed`, which matters where the key was revoked since.
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
    /// The time of opening.
    pub now: String,
    /// The roots. Activation requests need none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roots: Option<String>,
    /// Entitlements, catalogs, leases and return codes: the trust list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trust: Option<String>,
    /// Leases and return codes: the entitlement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entitlement: Option<String>,
    /// Return codes: the lease.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lease: Option<String>,
    /// Leases: the computer that asks. Where it is absent, none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Step 8: what the portal knows. Where it is absent, only steps 1 to 7 are asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceFacts>,
    /// `ok`, or the code of the refusal.
    pub expect: String,
    /// What an opened file says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened: Option<Opened>,
}

/// What the portal knows.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceFacts {
    /// Its own name, the thumbprint of its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub portal: Option<String>,
    /// Identities of the catalogs at hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub catalogs: Vec<String>,
    /// Per contract the highest sequence ever installed, and that file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub highest: BTreeMap<String, Highest>,
    /// The installed entitlement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub installed: Option<InstalledFile>,
    /// The installed trust list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trust_list: Option<InstalledList>,
}

/// The highest file of a contract.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Highest {
    /// Its sequence.
    pub sequence: u32,
    /// Its identity.
    pub identity: String,
}

/// The installed entitlement.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstalledFile {
    /// Its contract.
    pub contract: String,
    /// Its vendor.
    pub iss: String,
    /// Its `customer.id`.
    pub customer: String,
}

/// The installed trust list.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstalledList {
    /// Its version.
    pub version: u32,
    /// Its identity.
    pub identity: String,
}

/// What an opened file says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// SHA-256 of the signing input.
    pub identity: String,
    /// Step 8, where it is asked: `new` or `same-as-installed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admission: Option<String>,
    /// Entitlements and leases: `not-begun`, `in-term` or `ended`, at the time of opening.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term_state: Option<String>,
    /// Entitlements: whether the trust list revokes the license or asks for a later sequence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<bool>,
    /// Entitlements: named users per user type at the time of opening.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_types: Option<BTreeMap<String, u64>>,
    /// Entitlements: licenses per add-on at the time of opening.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub add_ons: Option<BTreeMap<String, u64>>,
    /// Trust lists: the version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// Catalogs: SHA-256 of the payload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Activation requests: the portal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub portal: Option<String>,
    /// Leases: what they grant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grants: Option<LeaseFacts>,
    /// Return codes: the lease that came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned: Option<String>,
}

/// What an opened lease grants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaseFacts {
    /// Its number.
    pub lease: String,
    /// The member.
    pub member: String,
    /// The user name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The product.
    pub product: String,
    /// The level of the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The extensions, in their order.
    pub extensions: Vec<String>,
    /// The id of the computer.
    pub device: String,
    /// `session` or `offline`.
    #[serde(rename = "use")]
    pub usage: String,
    /// The first instant after it.
    pub until: String,
}

/// One case and the bytes of its file; none where another case has the file.
pub struct Case {
    /// What the index says of it.
    pub entry: Entry,
    /// The file.
    pub bytes: Option<Vec<u8>>,
}

/// A case to be told more of: an entitlement, opened for import under the usual trust list.
fn case(folder: &str, name: &str, bytes: impl Into<Vec<u8>>) -> Case {
    let entry = Entry {
        name: name.to_owned(),
        file: format!("{folder}/{name}.json"),
        recipe: None,
        kind: "entitlement".to_owned(),
        usage: Some("importing".to_owned()),
        now: super::NOW.to_owned(),
        roots: Some(super::samples::ROOTS.to_owned()),
        trust: Some(super::samples::TRUST.to_owned()),
        entitlement: None,
        lease: None,
        device: None,
        place: None,
        expect: "ok".to_owned(),
        opened: None,
    };
    Case { entry, bytes: Some(bytes.into()) }
}

/// A file that is refused with this code.
pub fn refuse(name: &str, code: &str, bytes: impl Into<Vec<u8>>) -> Case {
    let mut case = case("refuse", name, bytes);
    code.clone_into(&mut case.entry.expect);
    case
}

/// A file that opens and says this.
pub fn accept(name: &str, opened: Opened, bytes: impl Into<Vec<u8>>) -> Case {
    let mut case = case("accept", name, bytes);
    case.entry.opened = Some(opened);
    case
}

impl Case {
    /// At another time.
    pub fn now(mut self, now: &str) -> Self {
        now.clone_into(&mut self.entry.now);
        self
    }

    /// Under another trust list.
    pub fn under(mut self, trust: &str) -> Self {
        self.entry.trust = Some(trust.to_owned());
        self
    }

    /// As a file that was installed before.
    pub fn installed(mut self) -> Self {
        self.entry.usage = Some("installed".to_owned());
        self
    }

    /// In this place.
    pub fn at(mut self, place: PlaceFacts) -> Self {
        self.entry.place = Some(place);
        self
    }

    /// As a trust list under these roots.
    pub fn trust_list(mut self, roots: &str) -> Self {
        "trust".clone_into(&mut self.entry.kind);
        (self.entry.usage, self.entry.trust, self.entry.roots) = (None, None, Some(roots.to_owned()));
        self
    }

    /// As a catalog.
    pub fn catalog(mut self) -> Self {
        "catalog".clone_into(&mut self.entry.kind);
        self.entry.usage = None;
        self
    }

    /// As an activation request.
    pub fn request(mut self) -> Self {
        "portal".clone_into(&mut self.entry.kind);
        (self.entry.usage, self.entry.trust, self.entry.roots) = (None, None, None);
        self
    }

    /// As a lease under this entitlement.
    pub fn lease(mut self, license: &str) -> Self {
        "lease".clone_into(&mut self.entry.kind);
        self.entry.entitlement = Some(license.to_owned());
        self
    }

    /// On that computer.
    pub fn on(mut self, device: &str) -> Self {
        self.entry.device = Some(device.to_owned());
        self
    }

    /// As the return code of this lease; it is text and no JSON.
    pub fn return_code(mut self, lease: &str) -> Self {
        "return".clone_into(&mut self.entry.kind);
        self.entry.entitlement = Some(super::samples::LICENSE.to_owned());
        self.entry.lease = Some(lease.to_owned());
        self.entry.file = self.entry.file.replace(".json", ".txt");
        self
    }

    /// As a file of that kind, under the one key of the cases that mix up kinds.
    pub fn as_kind(mut self, kind: &str) -> Self {
        self = self.under(super::samples::ONE_KEY_TRUST);
        self.entry.roots = Some(super::samples::ONE_KEY_ROOTS.to_owned());
        match kind {
            "trust" => self.trust_list(super::samples::ONE_KEY_ROOTS),
            "catalog" => self.catalog(),
            "portal" => self.request(),
            "lease" => self.lease(super::samples::ONE_KEY_LICENSE),
            "return" => {
                self = self.return_code(super::samples::ONE_KEY_LEASE);
                self.entry.entitlement = Some(super::samples::ONE_KEY_LICENSE.to_owned());
                self
            }
            _ => self,
        }
    }

    /// The file of another case, treated by a recipe.
    pub fn of(mut self, file: &str, recipe: &str) -> Self {
        (self.entry.file, self.entry.recipe, self.bytes) = (file.to_owned(), Some(recipe.to_owned()), None);
        self
    }

    /// In a folder of its own.
    pub fn stored(mut self, file: &str) -> Self {
        file.clone_into(&mut self.entry.file);
        self
    }
}
