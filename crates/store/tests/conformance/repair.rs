//! Damaged data: the portal opens, gives nothing that is not verified, says why, and is repaired by a good file.

use errors::Code;
use store::{Installation, LicenseState, Store};

use crate::harness::{Portal, assert_recounted, code, count, import, only, open, register, seats, trust, with_trust};

fn reason(store: &Store) -> Code {
    match store.read(|tx| tx.license()).unwrap() {
        LicenseState::Refused(failure) => failure.code,
        other @ (LicenseState::Absent | LicenseState::Good(_)) => panic!("{other:?}"),
    }
}

/// Activates, closes, changes the data, and opens it again.
fn tampered(sql: &str) -> (Portal, Store) {
    let (portal, store) = Portal::activated();
    register(&store, "ann", "viewer").unwrap();
    drop(store);
    portal.tamper(sql);
    let store = open(&portal);
    (portal, store)
}

fn gives_nothing(store: &Store) {
    assert_eq!((count(store, "viewer"), count(store, "creator")), ((0, 1, 1), (0, 1, 0)));
    assert_eq!(code(register(store, "bob", "viewer")), Code::CreationBlocked);
}

fn is_repaired(portal: Portal, store: Store) {
    assert_eq!((count(&store, "viewer"), count(&store, "creator")), ((25, 1, 1), (5, 1, 0)));
    drop(store);
    let store = open(&portal);
    register(&store, "bob", "viewer").unwrap();
    assert_recounted(&store);
}

#[test]
fn edited_bytes_give_nothing_and_the_same_file_again_repairs_them() {
    let (portal, store) =
        tampered("UPDATE entitlements SET bytes = replace(bytes, '\"payload\": \"ey', '\"payload\": \"eZ')");
    assert_eq!(reason(&store), Code::LicenseSignature);
    gives_nothing(&store);
    assert_eq!(import(&store, only(seats(1, 25, 5)), None), Ok(Installation::Installed));
    is_repaired(portal, store);
}

#[test]
fn edited_counts_in_the_summary_give_nothing_and_the_next_file_repairs_them() {
    let (portal, store) =
        tampered("UPDATE entitlements SET bytes = replace(bytes, '\"viewer\": 25', '\"viewer\": 99')");
    assert_eq!(reason(&store), Code::LicenseSummaryEdited);
    gives_nothing(&store);
    assert_eq!(import(&store, only(seats(2, 25, 5)), None), Ok(Installation::Installed));
    is_repaired(portal, store);
}

#[test]
fn bytes_that_are_gone_give_nothing() {
    let (portal, store) = tampered("UPDATE entitlements SET bytes = ''");
    assert_eq!(reason(&store), Code::LicenseEmpty);
    gives_nothing(&store);
    assert_eq!(import(&store, only(seats(1, 25, 5)), None), Ok(Installation::Installed));
    is_repaired(portal, store);
}

#[test]
fn a_good_file_put_in_the_place_of_the_installed_one_gives_nothing() {
    let (portal, store) = Portal::activated();
    import(&store, only(seats(2, 25, 5)), None).unwrap();
    drop(store);
    portal.tamper(
        "UPDATE entitlements SET bytes = (SELECT bytes FROM entitlements WHERE sequence = 1) WHERE sequence = 2",
    );
    let store = open(&portal);
    assert_eq!(reason(&store), Code::LicenseMalformed);
    assert_eq!(count(&store, "viewer").0, 0);
}

#[test]
fn an_older_file_pointed_to_as_the_installed_one_gives_nothing() {
    let (portal, store) = Portal::activated();
    import(&store, only(seats(2, 20, 5)), None).unwrap();
    drop(store);
    portal.tamper("UPDATE organization SET entitlement = (SELECT identity FROM entitlements WHERE sequence = 1)");
    let store = open(&portal);
    assert_eq!(reason(&store), Code::LicenseOlder);
    assert_eq!(count(&store, "viewer").0, 0);
    assert_eq!(import(&store, only(seats(2, 20, 5)), None), Ok(Installation::Installed));
    assert_eq!(count(&store, "viewer").0, 20);
}

#[test]
fn an_edited_trust_list_gives_nothing_and_the_same_list_beside_the_file_repairs_it() {
    let (portal, store) =
        tampered("UPDATE trust_lists SET bytes = replace(bytes, '\"payload\": \"ey', '\"payload\": \"eZ')");
    assert_eq!(reason(&store), Code::LicenseSignature);
    gives_nothing(&store);
    assert_eq!(code(import(&store, only(seats(1, 25, 5)), None)), Code::LicenseSignature);
    assert_eq!(import(&store, with_trust(seats(1, 25, 5), trust(|_| {})), None), Ok(Installation::Installed));
    is_repaired(portal, store);
}

#[test]
fn seats_written_into_a_table_do_not_exist() {
    let (_portal, store) = tampered("UPDATE headcounts SET assigned = 0, lockable = 0 WHERE user_type = 'viewer'");
    assert_eq!(count(&store, "viewer"), (25, 0, 0));
    let found = store.read(|tx| tx.recount()).unwrap();
    let told: Vec<_> =
        found.iter().map(|one| (one.user_type.as_ref().map(ToString::to_string), one.kept, one.counted)).collect();
    let number = |assigned, lockable| rules::SeatCount { assigned, reserved: 0, lockable };
    assert_eq!(told, [(Some("viewer".to_owned()), number(0, 0), number(1, 1))]);
}

#[test]
fn a_reservation_and_an_archived_member_are_counted_again_and_what_differs_is_named() {
    let (portal, store) = Portal::activated();
    register(&store, "ann", "viewer").unwrap();
    let eve = crate::deeds::archived(&store, "eve", "viewer");
    crate::deeds::invite(&store, "fay", "viewer").unwrap();
    let until = store.read(|tx| Ok(tx.now())).unwrap().plus_seconds(60);
    let dan = register(&store, "dan", "viewer").unwrap();
    crate::deeds::lend(&store, &dan.id, "creator", until).unwrap();
    assert_recounted(&store);
    let number = |assigned, reserved, lockable| rules::SeatCount { assigned, reserved, lockable };
    let found = |store: &Store| {
        let all = store.read(|tx| tx.recount()).unwrap();
        all.into_iter().map(|one| (one.user_type.map(|id| id.to_string()), one.kept, one.counted)).collect::<Vec<_>>()
    };
    portal.tamper("UPDATE headcounts SET reserved = 5 WHERE user_type = 'viewer'");
    assert_eq!(found(&store), [(Some("viewer".to_owned()), number(1, 5, 1), number(1, 2, 1))]);
    portal.tamper("UPDATE headcounts SET reserved = 2 WHERE user_type = 'viewer'");
    assert_eq!(found(&store), []);
    portal.tamper("UPDATE members SET archived_at = NULL WHERE username = 'eve'");
    assert_eq!(found(&store), [(Some("viewer".to_owned()), number(1, 2, 1), number(2, 2, 2))]);
    assert_eq!(eve.state, rules::MemberState::Archived);
    portal.tamper("UPDATE members SET role = 'viewer' WHERE username = 'admin'");
    let administrators = (None, number(1, 0, 0), number(0, 0, 0));
    assert_eq!(found(&store).last(), Some(&administrators));
}

#[test]
fn a_row_that_does_not_parse_is_damage_and_not_a_guess() {
    let (_portal, store) =
        tampered("UPDATE members SET state = 'enabled', role = 'No Such Form' WHERE username = 'ann'");
    let failure = store.read(|tx| tx.member_by_username("ann")).unwrap_err().into_failure();
    assert_eq!(failure.code, Code::DatabaseDamaged);
}

#[test]
fn an_audit_row_that_was_taken_out_is_missed() {
    let (_portal, store) = tampered("DELETE FROM audit WHERE seq = 1");
    let cause = store.read(|tx| tx.audit_count()).unwrap_err().cause().unwrap().cause.clone();
    assert_eq!(cause, "the audit log has 1 rows up to number 2 at version 2");
}
