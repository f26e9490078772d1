//! License files: which may follow which, what they give, and what is kept of each.

use entitlement::{Roots, SecretKey};
use errors::Code;
use store::{Installation, LicenseState, Store};

use crate::harness::{
    DAY, Portal, START, activate, assert_recounted, at, audit_count, code, count, import, import_trust, license, line,
    only, open, register, root, seats, signing, trust, type_count, user_type, with_trust,
};

fn history(store: &Store) -> Vec<(String, u32, bool)> {
    let past = store.read(|tx| tx.entitlement_history()).unwrap();
    past.into_iter().map(|one| (one.contract.to_string(), one.sequence, one.is_current)).collect()
}

#[test]
fn a_portal_is_activated_once_and_gives_what_the_file_says() {
    let portal = Portal::new();
    let store = open(&portal);
    assert!(matches!(store.read(|tx| tx.license()).unwrap(), LicenseState::Absent));
    assert_eq!(code(activate(&store, only(seats(1, 25, 5)))), Code::TrustListMissing);
    let admin = activate(&store, with_trust(seats(1, 25, 5), trust(|_| {}))).unwrap();
    assert_eq!((admin.user_type, admin.role.as_str()), (user_type("creator"), "administrator"));
    assert_eq!((count(&store, "viewer"), count(&store, "creator")), ((25, 0, 0), (5, 1, 0)));
    assert_eq!(store.read(|tx| Ok(tx.enabled_administrators())).unwrap(), 1);
    assert_eq!(code(activate(&store, only(seats(2, 25, 5)))), Code::AlreadyActivated);
    assert_eq!(history(&store), [("city-of-example".to_owned(), 1, true)]);
    assert_recounted(&store);
}

#[test]
fn an_imported_file_is_kept_byte_for_byte_and_counts_at_once() {
    let (portal, store) = Portal::activated();
    let mut file = b"\xef\xbb\xbf".to_vec();
    file.extend(String::from_utf8(seats(2, 30, 6)).unwrap().replace('\n', "\r\n").into_bytes());
    assert_eq!(import(&store, only(file.clone()), None), Ok(Installation::Installed));
    assert_eq!((count(&store, "viewer").0, count(&store, "creator").0), (30, 6));
    drop(store);
    let store = open(&portal);
    assert_eq!(count(&store, "viewer").0, 30);
    let newest = store.read(|tx| tx.entitlement_history()).unwrap().into_iter().next().unwrap();
    let kept = store.read(|tx| tx.license_bytes(&newest.identity)).unwrap().unwrap();
    assert_eq!(kept.into_bytes(), file);
}

#[test]
fn the_same_file_again_changes_nothing_whatever_its_indentation() {
    let (_portal, store) = Portal::activated();
    let version = audit_count(&store);
    let compact = String::from_utf8(seats(1, 25, 5)).unwrap().replace("\n  ", "\n");
    assert_eq!(import(&store, only(compact.into_bytes()), None), Ok(Installation::Unchanged));
    assert_eq!(import(&store, with_trust(seats(1, 25, 5), trust(|_| {})), None), Ok(Installation::Unchanged));
    assert_eq!(audit_count(&store), version);
}

#[test]
fn an_older_and_a_reused_sequence_are_refused_and_the_installed_file_stays() {
    let (_portal, store) = Portal::activated();
    import(&store, only(seats(5, 26, 5)), None).unwrap();
    let identity = history(&store);
    assert_eq!(code(import(&store, only(seats(4, 99, 99)), None)), Code::LicenseOlder);
    assert_eq!(code(import(&store, only(seats(1, 25, 5)), None)), Code::LicenseOlder);
    assert_eq!(code(import(&store, only(seats(5, 99, 99)), None)), Code::LicenseReused);
    assert_eq!((count(&store, "viewer").0, history(&store)), (26, identity));
}

#[test]
fn another_contract_needs_replaces_and_the_sequences_of_both_are_remembered() {
    let (portal, store) = Portal::activated();
    import(&store, only(seats(7, 25, 5)), None).unwrap();
    let of = |contract: &str, sequence: u32, replaces: &[&str]| {
        only(license(|draft| {
            draft.contract = contract.parse().unwrap();
            draft.sequence = sequence;
            draft.replaces = replaces.iter().map(|one| one.parse().unwrap()).collect();
        }))
    };
    assert_eq!(code(import(&store, of("county", 1, &[]), None)), Code::LicenseOtherContract);
    assert_eq!(import(&store, of("county", 3, &["city-of-example"]), None), Ok(Installation::Installed));
    assert_eq!(code(import(&store, of("county", 2, &["city-of-example"]), None)), Code::LicenseOlder);
    drop(store);
    let store = open(&portal);
    // Back to the first contract: only past the highest that was ever installed of it.
    assert_eq!(code(import(&store, of("city-of-example", 6, &["county"]), None)), Code::LicenseOlder);
    assert_eq!(code(import(&store, of("city-of-example", 7, &["county"]), None)), Code::LicenseReused);
    assert_eq!(import(&store, of("city-of-example", 8, &["county"]), None), Ok(Installation::Installed));
    let of = |contract: &str, sequence, is_current| (contract.to_owned(), sequence, is_current);
    let expected = [
        ("city-of-example", 8, true),
        ("county", 3, false),
        ("city-of-example", 7, false),
        ("city-of-example", 1, false),
    ];
    assert_eq!(history(&store), expected.map(|(contract, sequence, current)| of(contract, sequence, current)));
}

#[test]
fn a_file_that_has_ended_is_not_imported_and_one_that_begins_later_waits() {
    let (_portal, store) = Portal::activated();
    let within = |from: &str, until: &str| {
        only(license(|draft| {
            draft.sequence = 2;
            draft.nbf = at(from);
            draft.exp = Some(at(until));
        }))
    };
    let ended = import(&store, within("2026-12-01T00:00:00Z", START), None).unwrap_err();
    assert_eq!(
        (ended.code, ended.detail.as_str()),
        (Code::LicenseEnded, "The term of the file ended at 2026-12-15T12:00:00Z.")
    );
    let later = import(&store, within("2026-12-15T12:00:01Z", "2027-12-15T00:00:00Z"), None);
    assert_eq!(later, Ok(Installation::Staged));
    let third = license(|draft| {
        draft.sequence = 3;
        (draft.nbf, draft.exp) = (at(START), Some(at("2026-12-15T12:00:01Z")));
    });
    assert_eq!(import(&store, only(third), None), Ok(Installation::Installed));
}

#[test]
fn an_installed_file_that_ends_stays_installed_and_gives_nothing() {
    let (portal, store) = Portal::activated();
    let ending = license(|draft| {
        draft.sequence = 2;
        draft.exp = Some(at("2026-12-20T00:00:00Z"));
    });
    import(&store, only(ending), None).unwrap();
    register(&store, "ann", "viewer").unwrap();
    portal.pass(5 * DAY);
    assert_eq!(count(&store, "viewer"), (0, 1, 1));
    assert_eq!(type_count(&store, "viewer").over_since, Some(at("2026-12-20T00:00:00Z")));
    assert_eq!(code(register(&store, "bob", "viewer")), Code::CreationBlocked);
    drop(store);
    let store = open(&portal);
    assert_eq!(count(&store, "viewer"), (0, 1, 1));
    assert_eq!(import(&store, only(seats(3, 25, 5)), None), Ok(Installation::Installed));
    assert_eq!((count(&store, "viewer"), type_count(&store, "viewer").over_since), ((25, 1, 1), None));
}

#[test]
fn a_smaller_file_needs_its_number_and_a_type_is_over_since_it_came() {
    let (portal, store) = Portal::activated();
    for username in ["ann", "bob", "cat"] {
        register(&store, username, "viewer").unwrap();
    }
    portal.pass(3_600);
    assert_eq!(code(import(&store, only(seats(2, 1, 5)), None)), Code::ConfirmationMismatch);
    assert_eq!(import(&store, only(seats(2, 1, 5)), Some(3)), Ok(Installation::Installed));
    let since = at("2026-12-15T13:00:00Z");
    assert_eq!((count(&store, "viewer"), type_count(&store, "viewer").over_since), ((1, 3, 3), Some(since)));
    portal.pass(3_600);
    // Still over under the next file: the date stays.
    assert_eq!(import(&store, only(seats(3, 2, 5)), Some(3)), Ok(Installation::Installed));
    assert_eq!(type_count(&store, "viewer").over_since, Some(since));
}

#[test]
fn a_line_that_ends_and_another_that_begins_move_the_date_of_being_over() {
    let (portal, store) = Portal::activated();
    let from_until = |count, from: Option<&str>, until: Option<&str>| entitlement::UserTypeLine {
        from: from.map(at),
        until: until.map(at),
        ..line("viewer", count)
    };
    let file = license(|draft| {
        draft.sequence = 2;
        draft.user_types = vec![
            from_until(1, None, None),
            from_until(1, None, Some("2026-12-17T00:00:00Z")),
            from_until(1, Some("2026-12-19T00:00:00Z"), Some("2026-12-21T00:00:00Z")),
            line("creator", 5),
        ];
    });
    import(&store, only(file), None).unwrap();
    register(&store, "ann", "viewer").unwrap();
    register(&store, "bob", "viewer").unwrap();
    let mut seen = Vec::new();
    for _ in 0..4 {
        portal.pass(2 * DAY);
        let one = type_count(&store, "viewer");
        seen.push((one.licensed, one.over_since.map(|since| since.to_string())));
    }
    let over = |text: &str| (1, Some(text.to_owned()));
    assert_eq!(
        seen,
        [over("2026-12-17T00:00:00Z"), (2, None), over("2026-12-21T00:00:00Z"), over("2026-12-21T00:00:00Z")]
    );
}

#[test]
fn a_revoked_license_counts_as_ended_and_comes_back_with_the_next_file() {
    let (portal, store) = Portal::activated();
    let revoking = trust(|draft| {
        draft.version = 2;
        draft.revoked_licenses.insert("SW-2026-000001".parse().unwrap());
    });
    assert_eq!(import_trust(&store, revoking, None), Ok(Installation::Installed));
    assert_eq!(count(&store, "creator"), (0, 1, 0));
    assert_eq!(type_count(&store, "creator").over_since, Some(at(START)));
    drop(store);
    let store = open(&portal);
    let state = store.read(|tx| tx.license()).unwrap();
    assert!(state.good().unwrap().is_revoked());
    assert_eq!(code(import(&store, only(seats(2, 25, 5)), None)), Code::LicenseRevoked);
    let next = license(|draft| {
        draft.sequence = 2;
        draft.jti = "SW-2026-000002".parse().unwrap();
    });
    import(&store, only(next), None).unwrap();
    assert_eq!(count(&store, "creator"), (5, 1, 0));
}

#[test]
fn an_older_trust_list_is_refused_and_a_newer_one_counts_for_the_file_beside_it() {
    let (_portal, store) = Portal::activated();
    let other = SecretKey::from_seed("test-signing-b".parse().unwrap(), &[7; 32]);
    let public = other.public();
    let newer = trust(|draft| {
        draft.version = 3;
        let mut key = draft.keys.first().unwrap().clone();
        key.key = public;
        draft.keys.push(key);
    });
    let draft = license(|draft| draft.sequence = 2);
    let opened = entitlement::open_trust_list(&newer, &Roots::new(vec![root().public()]).unwrap(), at(START)).unwrap();
    let opened = entitlement::open_entitlement(&draft, &opened, entitlement::Use::Importing, at(START)).unwrap();
    let signed_by_new = entitlement::seal_entitlement(opened.draft(), &other).unwrap().into_bytes();
    assert_eq!(code(import(&store, only(signed_by_new.clone()), None)), Code::LicenseKeyUnknown);
    assert_eq!(import(&store, with_trust(signed_by_new, newer), None), Ok(Installation::Installed));
    assert_eq!(code(import(&store, with_trust(seats(3, 25, 5), trust(|_| {})), None)), Code::TrustListOlder);
    assert_eq!(store.read(|tx| tx.trust_list()).unwrap().unwrap().version(), 3);
}

#[test]
fn a_file_for_another_portal_is_refused() {
    let (_portal, store) = Portal::activated();
    let bound = license(|draft| {
        draft.sequence = 2;
        draft.portal = Some(SecretKey::self_named(&[9; 32]).public());
    });
    assert_eq!(code(import(&store, only(bound), None)), Code::LicenseWrongPortal);
}

/// A file under a catalog of its own, with these texts replaced.
pub fn under_another_catalog(replaced: &[(&str, &str)]) -> store::Files {
    let text = String::from_utf8(catalog::Catalog::arcgis_bytes().to_vec()).unwrap();
    let other = replaced.iter().fold(text.clone(), |other, (from, to)| other.replace(from, to));
    assert_ne!(other, text);
    let named = license(|draft| {
        draft.sequence = 2;
        draft.catalog.sha256 = entitlement::CatalogDigest::of(other.as_bytes());
    });
    let catalog = entitlement::seal_catalog(other.as_bytes(), &signing()).unwrap().into_bytes();
    store::Files { entitlement: named, trust: None, catalog: Some(catalog) }
}

/// A catalog that calls the Administrator's role `keeper`, and a user type otherwise.
fn with_a_keeper() -> store::Files {
    let viewer = ("\"name\": \"Viewer\"", "\"name\": \"Onlooker\"");
    under_another_catalog(&[("\"id\": \"administrator\"", "\"id\": \"keeper\""), viewer])
}

fn names(store: &Store) -> Vec<String> {
    store.read(|tx| Ok(tx.catalog()?.user_types().iter().map(|one| one.name.clone()).collect())).unwrap()
}

#[test]
fn a_file_needs_its_catalog_and_takes_a_signed_one_along() {
    let (portal, store) = Portal::activated();
    let files = with_a_keeper();
    assert_eq!(code(import(&store, only(files.entitlement.clone()), None)), Code::LicenseCatalogMismatch);
    let unsigned = store::Files { catalog: Some(catalog::Catalog::arcgis_bytes().to_vec()), ..files.clone() };
    assert_eq!(code(import(&store, unsigned, None)), Code::LicenseMalformed);
    assert_eq!(import(&store, files, None), Ok(Installation::Installed));
    drop(store);
    assert!(names(&open(&portal)).contains(&"Onlooker".to_owned()));
}

#[test]
fn the_counts_follow_what_another_catalog_calls_an_administrator() {
    let (_portal, store) = Portal::activated();
    assert_eq!((count(&store, "creator"), store.read(|tx| Ok(tx.enabled_administrators())).unwrap()), ((5, 1, 0), 1));
    import(&store, with_a_keeper(), None).unwrap();
    assert_eq!((count(&store, "creator"), store.read(|tx| Ok(tx.enabled_administrators())).unwrap()), ((5, 1, 1), 0));
    assert_recounted(&store);
    import(&store, only(seats(3, 25, 5)), None).unwrap();
    assert_eq!((count(&store, "creator"), store.read(|tx| Ok(tx.enabled_administrators())).unwrap()), ((5, 1, 0), 1));
    assert_recounted(&store);
}

#[test]
fn a_damaged_file_keeps_the_catalog_that_was_recorded_with_it() {
    let (portal, store) = Portal::activated();
    import(&store, with_a_keeper(), None).unwrap();
    drop(store);
    portal.tamper("UPDATE entitlements SET bytes = '' WHERE sequence = 2");
    let store = open(&portal);
    assert!(matches!(store.read(|tx| tx.license()).unwrap(), LicenseState::Refused(_)));
    assert!(names(&store).contains(&"Onlooker".to_owned()));
    drop(store);
    portal.tamper("DELETE FROM catalogs");
    assert!(names(&open(&portal)).contains(&"Viewer".to_owned()));
}
