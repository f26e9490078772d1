//! Rehearsals, large changes, and waiting behind them.

use std::sync::mpsc::channel;
use std::thread;

use errors::Code;
use rules::change_set::{self, Act, ChangeSet, Operation};
use rules::{Actor, MemberState};
use store::{ChangeNote, Store, StoreError};

use crate::deeds::{draft, invite, inviting, making};
use crate::harness::{
    DAY, Portal, act, apply, assert_recounted, audit_count, changing, code, count, held, member, moves, only, register,
    registration, seats, user_type, write,
};

/// Everything that is stored, but for the newest instant.
fn dump(portal: &Portal) -> Vec<String> {
    let db = rusqlite::Connection::open(portal.folder.join(store::FILE)).unwrap();
    let list = |sql: &str| -> Vec<String> {
        let mut statement = db.prepare(sql).unwrap();
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| {
            (0..columns).map(|at| Ok(format!("{:?}", row.get_ref(at)?))).collect::<Result<Vec<_>, _>>()
        });
        rows.unwrap().map(|row| row.unwrap().join("|")).collect()
    };
    let tables = [
        "entitlements",
        "contracts",
        "trust_lists",
        "catalogs",
        "members",
        "headcounts",
        "tokens",
        "changes",
        "audit",
        "idempotency",
        "previews",
        "member_labels",
        "invitations",
        "roles",
        "settings",
    ];
    let mut all: Vec<String> = tables.iter().flat_map(|table| list(&format!("SELECT * FROM {table}"))).collect();
    all.extend(list(
        "SELECT version, seat_revision, policy_revision, enabled_administrators, entitlement, trust_version \
                     FROM organization",
    ));
    all
}

#[test]
fn a_rehearsal_answers_exactly_and_writes_nothing() {
    let (portal, store) = Portal::with_seats(3, 3);
    let dan = register(&store, "dan", "creator").unwrap();
    invite(&store, "eve", "viewer").unwrap();
    let before = dump(&portal);
    let id = dan.id.clone();
    let answer = store.rehearse_now(move |tx| {
        registration(tx, "ann", "viewer")?;
        inviting(tx, "fay", "viewer", "viewer")?;
        let full = registration(tx, "bob", "viewer").map_err(StoreError::into_failure);
        making(tx, &draft("Field crew", &[]))?;
        changing(tx, &moves(&[(&id, "creator")], &[]))?;
        let incoming = tx.open_incoming(&only(seats(2, 3, 4)))?;
        let file = (incoming.arrival(), &incoming.gives(tx.now()), incoming.given_meanwhile());
        let permit = rules::import::decide(&tx.facts_under(&incoming)?, &Actor::console(), file, None)?;
        tx.install_license(permit, &Actor::console(), &incoming)?;
        let viewers = tx.headcounts()?.into_iter().find(|one| one.user_type == user_type("viewer"));
        Ok((
            full.unwrap_err().code,
            viewers.unwrap().seats,
            tx.license()?.at(tx.now()).licensed(&user_type("creator")),
            tx.version(),
        ))
    });
    let seats = rules::SeatCount { assigned: 1, reserved: 2, lockable: 1 };
    assert_eq!(answer.unwrap(), (Code::SeatLimitReached, seats, 4, 8));
    assert_eq!((dump(&portal), audit_count(&store)), (before, 3));
    assert_eq!((held(&store, "viewer"), held(&store, "creator")), ((3, 0, 1), (3, 2, 0)));
    assert_recounted(&store);
    // And what comes after is not what was rehearsed.
    register(&store, "ann", "viewer").unwrap();
    assert_eq!((held(&store, "viewer"), audit_count(&store)), ((3, 1, 1), 4));
}

#[test]
fn a_rehearsal_that_is_refused_or_breaks_tells_why_and_writes_nothing() {
    let (portal, store) = Portal::with_seats(1, 3);
    register(&store, "ann", "viewer").unwrap();
    let before = dump(&portal);
    let refused = store.rehearse_now(|tx| registration(tx, "bob", "viewer")).map_err(StoreError::into_failure);
    assert_eq!(code(refused), Code::SeatLimitReached);
    let broken = store.rehearse_now(|tx| {
        registration(tx, "bob", "creator")?;
        if tx.version() > 0 {
            panic!("the rehearsal breaks");
        }
        Ok(())
    });
    assert_eq!(broken.unwrap_err().cause().unwrap().cause, "a decision panicked: the rehearsal breaks");
    assert_eq!(dump(&portal), before);
}

#[test]
fn a_rehearsal_at_the_end_of_an_invitation_leaves_the_expiry_to_the_next_write() {
    let (portal, store) = Portal::with_seats(1, 2);
    invite(&store, "eve", "viewer").unwrap();
    portal.pass(14 * DAY);
    let before = dump(&portal);
    assert_eq!(store.rehearse_now(|tx| registration(tx, "bob", "viewer")).unwrap().username, "bob");
    assert_eq!((dump(&portal), held(&store, "viewer")), (before, (1, 0, 0)));
    register(&store, "bob", "viewer").unwrap();
    assert_recounted(&store);
}

#[test]
fn a_rehearsal_for_programs_that_do_not_wait_is_the_same() {
    let (portal, store) = Portal::with_seats(1, 2);
    let before = dump(&portal);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let ann = runtime.block_on(store.rehearse(|tx| registration(tx, "ann", "viewer"))).unwrap();
    assert_eq!((ann.username.as_str(), dump(&portal)), ("ann", before));
}

/// So many Viewers, and the file that gives as many seats of both types and more.
fn crowd(size: u32) -> (Portal, Store, Vec<rules::MemberId>) {
    let (portal, store) = Portal::with_seats(size, size + 1);
    let ids = store.write_alone_now(move |tx| {
        (0..size).map(|n| registration(tx, &format!("member-{n:05}"), "viewer").map(|one| one.id)).collect()
    });
    (portal, store, ids.unwrap())
}

#[test]
fn ten_thousand_members_move_in_one_change_with_one_audit_row() {
    let (_portal, store, ids) = crowd(10_000);
    assert_eq!(count(&store, "viewer"), (10_000, 10_000, 10_000));
    let version = audit_count(&store);
    let all: Vec<_> = ids.iter().map(|id| (id, "creator")).collect();
    let set = ChangeSet { revert_at: None, ..moves(&all, &[]) };
    let (tell, told) = channel();
    let change = store.write_alone_now(move |tx| {
        let members = set.operations.iter().map(|one| tx.member_facts(&one.member)).collect::<Result<Vec<_>, _>>()?;
        let permit = change_set::decide(&tx.facts()?, &Actor::console(), &members, &set)?;
        let note = ChangeNote { reason: "the whole house".to_owned(), ..ChangeNote::default() };
        tx.apply_change_telling(permit, &Actor::console(), &note, &mut |done, of| tell.send((done, of)).unwrap())
    });
    let change = change.unwrap();
    let told: Vec<_> = told.into_iter().collect();
    assert_eq!((told.len(), told.first(), told.last()), (10_000, Some(&(1, 10_000)), Some(&(10_000, 10_000))));
    assert_eq!((held(&store, "viewer"), held(&store, "creator")), ((10_000, 0, 0), (10_001, 10_001, 0)));
    assert_eq!(count(&store, "creator"), (10_001, 10_001, 10_000));
    assert_recounted(&store);
    assert_eq!(audit_count(&store), version + 1);
    let row = store.read(|tx| tx.audit(None, 1)).unwrap().remove(0);
    assert_eq!((&row.detail["moved"], row.detail["moves"].as_array().unwrap().len()), (&10_000.into(), 100));
    let kept = store.read(|tx| tx.change(&change)).unwrap().unwrap();
    assert_eq!(kept.plan["members"].as_array().unwrap().len(), 10_000);
    for id in [ids.first().unwrap(), ids.last().unwrap()] {
        let one = member(&store, id).unwrap();
        assert_eq!((one.user_type, one.former.unwrap().change), (user_type("creator"), change.clone()));
    }
    assert!(crate::deeds::revert(&store, &change).is_ok());
    assert_eq!((held(&store, "viewer"), held(&store, "creator")), ((10_000, 10_000, 0), (10_001, 1, 0)));
    assert_recounted(&store);
}

#[test]
fn a_large_change_that_breaks_off_in_the_middle_moves_nobody() {
    let (portal, store, ids) = crowd(200);
    let before = dump(&portal);
    let operations = ids.iter().map(|id| Operation::act(id.clone(), Act::Archive)).collect();
    let set = ChangeSet { operations, ..ChangeSet::default() };
    let outcome = store.write_alone_now(move |tx| {
        let members = set.operations.iter().map(|one| tx.member_facts(&one.member)).collect::<Result<Vec<_>, _>>()?;
        let permit = change_set::decide(&tx.facts()?, &Actor::console(), &members, &set)?;
        let breaks = &mut |done, _| assert!(done < 150, "the machine stops");
        tx.apply_change_telling(permit, &Actor::console(), &ChangeNote::default(), breaks)
    });
    assert_eq!(outcome.unwrap_err().cause().unwrap().cause, "a decision panicked: the machine stops");
    assert_eq!(dump(&portal), before);
    assert_recounted(&store);
}

#[test]
fn a_member_who_was_read_before_another_decision_of_the_transaction_is_not_changed_by_it() {
    let (portal, store) = Portal::with_seats(3, 3);
    let ann = register(&store, "ann", "viewer").unwrap();
    let before = dump(&portal);
    for last in [Act::Delete, Act::Archive, Act::Disable] {
        let id = ann.id.clone();
        let outcome = write(&store, move |tx| {
            let old = [tx.member_facts(&id)?];
            changing(tx, &moves(&[(&id, "creator")], &[]))?;
            let set = ChangeSet { operations: vec![Operation::act(id, last)], ..ChangeSet::default() };
            let permit = change_set::decide(&tx.facts()?, &Actor::console(), &old, &set)?;
            tx.apply_change(permit, &Actor::console(), &ChangeNote::default())
        });
        assert_eq!(code(outcome), Code::Internal);
        assert_eq!(dump(&portal), before);
    }
}

#[test]
fn the_states_of_an_account_keep_or_free_the_seat_and_the_last_administrator_stays() {
    let (_portal, store) = Portal::with_seats(1, 2);
    let ann = register(&store, "ann", "viewer").unwrap();
    for (one, state, seats) in [
        (Act::Disable, MemberState::Disabled, (1, 1, 0)),
        (Act::Archive, MemberState::Archived, (1, 0, 0)),
        (Act::RestoreDisabled, MemberState::Disabled, (1, 1, 0)),
        (Act::Enable, MemberState::Enabled, (1, 1, 1)),
        (Act::Archive, MemberState::Archived, (1, 0, 0)),
        (Act::Restore, MemberState::Enabled, (1, 1, 1)),
    ] {
        act(&store, &ann.id, one).unwrap();
        let now = member(&store, &ann.id).unwrap();
        assert_eq!((now.state, now.archived_at.is_some()), (state, state == MemberState::Archived));
        assert_eq!((now.user_type, count(&store, "viewer")), (user_type("viewer"), seats));
        assert_recounted(&store);
    }
    act(&store, &ann.id, Act::Archive).unwrap();
    let set = ChangeSet { operations: vec![Operation::act(ann.id.clone(), Act::Enable)], ..ChangeSet::default() };
    assert_eq!(code(apply(&store, set)), Code::WrongState);
    let admin = store.read(|tx| tx.member_by_username("admin")).unwrap().unwrap();
    for one in [Act::Disable, Act::Archive, Act::Delete] {
        assert_eq!(code(act(&store, &admin.id, one)), Code::LastAdministrator);
    }
}

#[test]
fn who_has_waited_over_five_seconds_behind_a_large_change_is_told_so_and_nothing_is_done() {
    for (passed, expected) in [(5, Ok("ann".to_owned())), (6, Err(Code::Busy))] {
        let (portal, store) = Portal::activated();
        let (go, wait) = channel();
        let (begun, has_begun) = channel();
        let busy = store.clone();
        let large = thread::spawn(move || {
            busy.write_alone_now(move |_| {
                begun.send(()).unwrap();
                wait.recv().unwrap();
                Ok(())
            })
        });
        has_begun.recv().unwrap();
        let mut waiting = Box::pin(store.write(|tx| registration(tx, "ann", "viewer")));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(waiting.as_mut().poll(&mut context).is_pending());
        portal.pass(passed);
        go.send(()).unwrap();
        large.join().unwrap().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let answer = runtime.block_on(waiting).map_err(StoreError::into_failure);
        let told = answer.map(|one| one.username).map_err(|failure| failure.code);
        assert_eq!((audit_count(&store), told.is_ok()), (1 + u64::from(passed == 5), passed == 5));
        assert_eq!(told, expected);
        // Who comes now does not wait.
        register(&store, "bob", "viewer").unwrap();
    }
}
