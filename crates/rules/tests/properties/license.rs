//! License files, sealed and opened for real.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use catalog::Catalog;
use entitlement::{
    CatalogId, CatalogRef, ContractId, Customer, CustomerId, Entitlement, EntitlementDraft, KeyId, LicenseId, Moment,
    Name, Policy, Roots, SecretKey, TrustList, TrustListDraft, TrustedKey, Use, UserTypeId, UserTypeLine,
};
use proptest::prelude::{Arbitrary, BoxedStrategy, Just, Strategy, prop_oneof};

pub const DAY: i64 = 86_400;

/// The user types of the sequences: two that cannot administer, three that can.
pub const USER_TYPES: [&str; 5] = ["viewer", "editor", "creator", "gis-pro-basic", "storyteller"];

pub fn user_type(index: usize) -> UserTypeId {
    UserTypeId::parse(USER_TYPES[index % USER_TYPES.len()]).unwrap()
}

/// One line of a file; days are counted from its issue.
#[derive(Debug, Clone)]
pub struct DraftLine {
    pub user_type: usize,
    pub count: u32,
    pub from: Option<i64>,
    pub days: Option<i64>,
}

/// What a vendor could sell.
#[derive(Debug, Clone)]
pub struct Draft {
    pub lines: Vec<DraftLine>,
    pub days: Option<i64>,
    pub one_over: u32,
}

impl DraftLine {
    fn at(&self, issued: Moment) -> UserTypeLine {
        let day = |days: i64| issued.plus_seconds(days * DAY);
        UserTypeLine {
            id: user_type(self.user_type),
            count: self.count,
            from: self.from.map(day),
            until: self.days.map(|days| day(self.from.unwrap_or(0) + days)),
        }
    }
}

impl Draft {
    /// The file as it opens when it was issued at that time.
    pub fn opened(&self, issued: Moment) -> Entitlement {
        let name = |text: &str| Name::parse(text).unwrap();
        let draft = EntitlementDraft {
            jti: LicenseId::parse("SW-1").unwrap(),
            contract: ContractId::parse("contract").unwrap(),
            sequence: 1,
            supersedes: None,
            replaces: vec![],
            min_trust: 1,
            iss: name("Vendor"),
            iat: issued,
            nbf: issued,
            exp: self.days.map(|days| issued.plus_seconds(days * DAY)),
            portal: None,
            customer: Customer { id: CustomerId::parse("customer").unwrap(), name: name("Customer") },
            catalog: CatalogRef { id: CatalogId::parse("arcgis").unwrap(), sha256: Catalog::arcgis_digest() },
            user_types: self.lines.iter().map(|line| line.at(issued)).collect(),
            add_ons: vec![],
            policy: Policy { one_over: self.one_over, ..Policy::default() },
            ext: None,
            note: None,
        };
        let file = entitlement::seal_entitlement(&draft, &vendor()).unwrap();
        entitlement::open_entitlement(file.as_bytes(), trust(), Use::Importing, issued).unwrap()
    }
}

fn vendor() -> SecretKey {
    SecretKey::from_seed(KeyId::parse("vendor").unwrap(), &[2; 32])
}

fn trust() -> &'static TrustList {
    static TRUST: OnceLock<TrustList> = OnceLock::new();
    TRUST.get_or_init(|| {
        let root = SecretKey::from_seed(KeyId::parse("root").unwrap(), &[1; 32]);
        let [from, until] = ["2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"].map(|at| Moment::parse(at).unwrap());
        let draft = TrustListDraft {
            version: 1,
            iat: from,
            expires: until,
            keys: vec![TrustedKey { key: vendor().public(), nbf: from, exp: until }],
            revoked_keys: BTreeMap::new(),
            revoked_licenses: BTreeSet::new(),
            min_sequence: BTreeMap::new(),
        };
        let list = entitlement::seal_trust_list(&draft, &root).unwrap();
        let roots = Roots::new(vec![root.public()]).unwrap();
        entitlement::open_trust_list(list.as_bytes(), &roots, from).unwrap()
    })
}

/// Mostly a few seats of each user type, sometimes in terms that begin later or end early.
impl Arbitrary for Draft {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        let bound = |most: i64| prop_oneof![6 => Just(None), 1 => (1..most).prop_map(Some)];
        let line = (0..USER_TYPES.len(), 0..4_u32, bound(20), bound(60));
        let line = line.prop_map(|(user_type, count, from, days)| DraftLine { user_type, count, from, days });
        let lines = proptest::collection::vec(line, 1..9);
        let one_over = prop_oneof![6 => Just(1_u32), 1 => Just(0)];
        (lines, bound(90), one_over).prop_map(|(lines, days, one_over)| Self { lines, days, one_over }).boxed()
    }
}
