//! Step 8 of opening: the portal, the catalog, the contract, the sequence.

use std::collections::BTreeMap;

use entitlement::*;

use crate::fixture::{at, contract, draft, kid, opened, portal, trust, trust_draft, trust_of};

/// A place where sequence 3 of the file's contract is installed.
fn place() -> Place {
    let draft = draft();
    Place {
        portal: Some(portal().kid().clone()),
        catalogs: vec![CatalogDigest::of(b"another"), CatalogDigest::of(b"catalog")],
        highest: BTreeMap::from([(contract("city-of-example"), (3, Identity::of(b"sequence 3")))]),
        installed: Some((draft.contract, draft.iss, draft.customer.id)),
    }
}

#[test]
fn a_first_file_is_admitted_where_nothing_is_installed() {
    let place = Place { catalogs: vec![CatalogDigest::of(b"catalog")], ..Place::default() };
    assert_eq!(opened(&draft()).admit(&place), Ok(Admission::New));
}

#[test]
fn a_bound_file_is_admitted_on_its_portal_only() {
    let mut bound = draft();
    bound.portal = Some(portal().public());
    let file = opened(&bound);
    assert_eq!(file.admit(&place()), Ok(Admission::New));
    for portal_here in [None, Some(kid("another-portal"))] {
        let place = Place { portal: portal_here.clone(), ..place() };
        let bound_to = portal().kid().clone();
        assert_eq!(file.admit(&place), Err(OpenError::WrongPortal { bound_to, portal: portal_here }));
    }
}

#[test]
fn an_unbound_file_is_admitted_everywhere() {
    let place = Place { portal: None, ..place() };
    assert_eq!(opened(&draft()).admit(&place), Ok(Admission::New));
}

#[test]
fn a_file_for_a_catalog_that_is_not_at_hand_is_refused() {
    let known = vec![CatalogDigest::of(b"another")];
    let place = Place { catalogs: known.clone(), ..place() };
    let id = CatalogId::parse("arcgis").unwrap();
    let needed = CatalogDigest::of(b"catalog");
    assert_eq!(opened(&draft()).admit(&place), Err(OpenError::CatalogMismatch { id, needed, known }));
}

#[test]
fn the_sequence_of_a_contract_only_grows() {
    let file = opened(&draft());
    let contract = contract("city-of-example");
    let at_highest = |sequence, identity| {
        file.admit(&Place { highest: BTreeMap::from([(contract.clone(), (sequence, identity))]), ..place() })
    };
    let other = Identity::of(b"other");
    assert_eq!(at_highest(3, other), Ok(Admission::New));
    assert_eq!(at_highest(4, *file.identity()), Ok(Admission::SameAsInstalled));
    let (installed, found) = (other, *file.identity());
    assert_eq!(
        at_highest(4, other),
        Err(OpenError::Reused { contract: contract.clone(), sequence: 4, installed, found })
    );
    let older = OpenError::Older { contract: contract.clone(), installed: 5, found: 4 };
    assert_eq!(at_highest(5, other), Err(older));
}

#[test]
fn a_file_that_another_contract_followed_does_not_come_back_by_what_it_once_replaced() {
    let mut replacing = draft();
    replacing.replaces = vec![contract("village-of-example")];
    let file = opened(&replacing);
    let highest = BTreeMap::from([(contract("city-of-example"), (4, *file.identity()))]);
    let in_force = Place { highest: highest.clone(), ..place() };
    assert_eq!(file.admit(&in_force), Ok(Admission::SameAsInstalled));
    let installed = Some((contract("village-of-example"), draft().iss, draft().customer.id));
    let followed = Place { highest, installed, ..place() };
    let older = OpenError::Older { contract: contract("city-of-example"), installed: 4, found: 4 };
    assert_eq!(file.admit(&followed), Err(older));
}

#[test]
fn another_contract_needs_to_be_replaced_by_the_same_vendor_for_the_same_licensee() {
    let installed = contract("village-of-example");
    let place = Place { installed: Some((installed.clone(), draft().iss, draft().customer.id)), ..place() };
    let refused = Err(OpenError::OtherContract { installed: installed.clone(), found: contract("city-of-example") });
    assert_eq!(opened(&draft()).admit(&place), refused);

    let mut replacing = draft();
    replacing.replaces = vec![contract("hamlet-of-example"), installed];
    assert_eq!(opened(&replacing).admit(&place), Ok(Admission::New));

    let mut of_another_vendor = replacing.clone();
    of_another_vendor.iss = Name::parse("Another Vendor").unwrap();
    assert_eq!(opened(&of_another_vendor).admit(&place), refused);

    let mut for_another_licensee = replacing;
    for_another_licensee.customer.id = CustomerId::parse("village-of-example").unwrap();
    assert_eq!(opened(&for_another_licensee).admit(&place), refused);
}

#[test]
fn a_contract_taken_up_again_still_remembers_its_sequence() {
    let mut replacing = draft();
    replacing.replaces = vec![contract("village-of-example")];
    let file = opened(&replacing);
    let mut place = place();
    place.installed = Some((contract("village-of-example"), draft().iss, draft().customer.id));
    place.highest.insert(contract("city-of-example"), (5, Identity::of(b"sequence 5")));
    assert_eq!(file.admit(&place).map_err(|error| error.code()), Err("license-older"));
}

#[test]
fn the_portal_is_asked_before_the_catalog_the_contract_and_the_sequence() {
    let mut bound = draft();
    bound.portal = Some(portal().public());
    let file = opened(&bound);
    let mut place = Place {
        portal: None,
        catalogs: vec![],
        highest: BTreeMap::from([(contract("city-of-example"), (9, Identity::of(b"9")))]),
        installed: Some((contract("village-of-example"), draft().iss, draft().customer.id)),
    };
    let mut code = |change: fn(&mut Place)| {
        change(&mut place);
        file.admit(&place).map_err(|error| error.code())
    };
    assert_eq!(code(|_| ()), Err("license-wrong-portal"));
    assert_eq!(code(|place| place.portal = Some(portal().kid().clone())), Err("license-catalog-mismatch"));
    assert_eq!(code(|place| place.catalogs = vec![CatalogDigest::of(b"catalog")]), Err("license-other-contract"));
    assert_eq!(code(|place| place.installed = None), Err("license-older"));
    assert_eq!(code(|place| place.highest.clear()), Ok(Admission::New));
}

#[test]
fn a_revoked_license_or_a_sequence_below_the_lowest_is_told_by_the_trust_list() {
    let trust = trust();
    assert!(!opened(&draft()).revoked_by(&trust));
    let mut revoked = draft();
    revoked.jti = LicenseId::parse("SW-2026-000013").unwrap();
    assert!(opened(&revoked).revoked_by(&trust));
    let mut of_town = draft();
    of_town.contract = contract("town-of-example");
    for (sequence, is_revoked) in [(2, true), (3, false), (4, false)] {
        of_town.sequence = sequence;
        assert_eq!(opened(&of_town).revoked_by(&trust), is_revoked, "{sequence}");
    }
}

#[test]
fn a_trust_list_only_grows() {
    let list = trust();
    let other = Identity::of(b"other");
    assert_eq!(list.admit(None), Ok(Admission::New));
    assert_eq!(list.admit(Some((6, other))), Ok(Admission::New));
    assert_eq!(list.admit(Some((7, *list.identity()))), Ok(Admission::SameAsInstalled));
    assert_eq!(list.admit(Some((7, other))), Err(OpenError::TrustListOlder { installed: 7, found: 7 }));
    assert_eq!(list.admit(Some((8, other))), Err(OpenError::TrustListOlder { installed: 8, found: 7 }));
}

#[test]
fn an_expired_trust_list_says_so_and_still_opens() {
    let mut draft = trust_draft();
    draft.expires = at("2026-12-15T00:00:00Z");
    let list = trust_of(&draft);
    assert!(!list.is_expired(at("2026-12-14T23:59:59Z")));
    assert!(list.is_expired(at("2026-12-15T00:00:00Z")));
}
