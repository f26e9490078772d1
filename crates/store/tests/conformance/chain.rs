//! The chain of the audit log: it holds whatever happens, and whatever is done behind its back is found.

use std::thread;

use rules::Actor;
use rusqlite::Connection;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::{Anchor, ChainState, FILE, Fracture, Misfit, Store, restore};

use crate::harness::{Portal, at, open, register, write};
use crate::races::{REPETITIONS, at_once};

/// Number, hash of the row before, own hash.
type Links = Vec<(i64, String, String)>;

/// Computes the chain anew, from what stands in the columns, as the documents describe it.
pub fn recomputed(portal: &Portal) -> Links {
    let mut previous = String::new();
    let lines = lines(&Connection::open(portal.folder.join(FILE)).unwrap());
    lines
        .into_iter()
        .map(|(seq, columns)| {
            let hash = hash_of(&previous, &columns);
            (seq, std::mem::replace(&mut previous, hash.clone()), hash)
        })
        .collect()
}

/// The chain as it is stored, with the organization's row last.
pub fn stored(portal: &Portal) -> Links {
    let db = Connection::open(portal.folder.join(FILE)).unwrap();
    let mut statement = db.prepare("SELECT seq, previous, hash FROM audit ORDER BY seq").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let links: Links = rows.collect::<Result<_, _>>().unwrap();
    let newest = db.query_row("SELECT version, audit_hash FROM organization", [], |row| Ok((row.get(0)?, row.get(1)?)));
    let last = links.last().map(|(seq, _, hash)| (*seq, hash.clone()));
    assert_eq!(newest.unwrap(), last.unwrap_or_default());
    links
}

fn lines(db: &Connection) -> Vec<(i64, Vec<Value>)> {
    let sql = "SELECT seq, at, actor_kind, actor_id, actor_name, action, target, detail FROM audit ORDER BY seq";
    let mut statement = db.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| {
        let (seq, at): (i64, i64) = (row.get(0)?, row.get(1)?);
        let text = |column| row.get::<_, Option<String>>(column).map(Value::from);
        let texts = (2..8).map(text).collect::<Result<Vec<_>, _>>()?;
        Ok((seq, [vec![json!(seq), json!(at)], texts].concat()))
    });
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

fn hash_of(previous: &str, columns: &[Value]) -> String {
    let line = Value::from([vec![json!("seatwarden-audit-1"), json!(previous)], columns.to_vec()].concat()).to_string();
    Sha256::digest(line).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Gives every row from that one on the hashes that fit what stands in it now, and the organization's row the last.
fn forge_from(portal: &Portal, first: i64) {
    let db = Connection::open(portal.folder.join(FILE)).unwrap();
    let (mut previous, mut last) = (String::new(), 0);
    for (seq, columns) in lines(&db) {
        if seq >= first {
            let hash = hash_of(&previous, &columns);
            let update = "UPDATE audit SET previous = ?2, hash = ?3 WHERE seq = ?1";
            db.execute(update, rusqlite::params![seq, previous, hash]).unwrap();
        }
        let read = "SELECT hash FROM audit WHERE seq = ?1";
        (last, previous) = (seq, db.query_row(read, [seq], |row| row.get(0)).unwrap());
    }
    let update = "UPDATE organization SET version = ?1, audit_hash = ?2";
    db.execute(update, rusqlite::params![last, previous]).unwrap();
}

fn verified(store: &Store, anchor: Option<&Anchor>) -> ChainState {
    store.read(|tx| tx.verify_audit(anchor)).unwrap()
}

fn anchor(store: &Store) -> Anchor {
    store.read(|tx| Ok(tx.audit_anchor())).unwrap().unwrap()
}

/// What a person is told of the chain.
fn told(state: &ChainState) -> String {
    state.fracture.map_or_else(|| format!("{} rows", state.rows), Fracture::sentence)
}

/// A portal with six rows in its log: the activation and five members.
fn six() -> (Portal, Store) {
    let (portal, store) = Portal::activated();
    for name in ["ann", "bob", "cat", "dan", "eve"] {
        portal.pass(60);
        register(&store, name, "viewer").unwrap();
    }
    (portal, store)
}

#[test]
fn every_row_carries_the_hash_of_the_row_before_and_its_own_over_every_column() {
    let (portal, store) = six();
    let by = store.read(|tx| tx.member_by_username("ann")).unwrap().unwrap();
    write(&store, move |tx| tx.note(&tx.actor(&by.id)?, "\"quoted\"\\\n", &json!({ "ü": "\u{1}</script>" }))).unwrap();
    assert_eq!(recomputed(&portal), stored(&portal));
    let state = verified(&store, None);
    assert_eq!((state.from, state.rows, state.fracture), (1, 7, None));
    assert_eq!(state.last_at, Some(at("2026-12-15T12:05:00Z")));
    assert_eq!(state.last, Some(anchor(&store)));
    let row = store.read(|tx| tx.audit_row(7)).unwrap().unwrap();
    assert_eq!((row.hash, row.actor_name.as_str()), (anchor(&store).hash, "ann"));
}

#[test]
fn a_portal_without_a_row_has_no_anchor_and_nothing_to_find() {
    let portal = Portal::new();
    let store = open(&portal);
    assert_eq!(store.read(|tx| Ok(tx.audit_anchor())).unwrap(), None);
    let state = verified(&store, None);
    assert_eq!((state.rows, state.last, state.fracture), (0, None, None));
    assert_eq!(store.read(|tx| tx.verify_newest_audit(9)).unwrap().fracture, None);
}

#[test]
fn two_that_write_at_once_through_one_handle_or_two_write_one_chain() {
    for has_two in [false, true] {
        let (portal, store) = Portal::with_seats(200, 5);
        let other = if has_two { open(&portal) } else { store.clone() };
        for round in 0..REPETITIONS {
            let both = [store.clone(), other.clone()];
            let outcomes = at_once(&both, move |store, number| {
                register(store, &format!("member-{round}-{number}"), "viewer").map(drop)
            });
            assert_eq!(outcomes, [Ok(()), Ok(())]);
        }
        assert_eq!(told(&verified(&other, None)), format!("{} rows", 1 + 2 * REPETITIONS));
        assert_eq!(recomputed(&portal), stored(&portal));
    }
}

#[test]
fn what_is_taken_back_leaves_no_gap_in_the_chain() {
    let (portal, store) = six();
    let before = anchor(&store);
    let broken = write(&store, |tx| {
        tx.note(&Actor::console(), "it", &json!({}))?;
        Err::<(), _>(store::StoreError::internal("the decision breaks off"))
    });
    assert!(broken.is_err());
    store.rehearse_now(|tx| tx.note(&Actor::console(), "it", &json!({}))).unwrap();
    let panicked = store.write_now(|tx| {
        tx.note(&Actor::console(), "it", &json!({}))?;
        assert!(tx.version() == 0, "the decision panics");
        Ok(())
    });
    assert!(panicked.is_err());
    assert_eq!(anchor(&store), before);
    // In one group with others that stay.
    let racers: Vec<_> = (0..8)
        .map(|number| {
            let store = store.clone();
            thread::spawn(move || {
                store.write_now(move |tx| {
                    tx.note(&Actor::console(), "it", &json!({ "number": number }))?;
                    if number % 2 == 0 { Ok(()) } else { Err(store::StoreError::internal("taken back")) }
                })
            })
        })
        .collect();
    let kept = racers.into_iter().map(|racer| racer.join().unwrap().is_ok()).filter(|kept| *kept).count();
    assert_eq!((kept, told(&verified(&store, None))), (4, "10 rows".to_owned()));
    assert_eq!(recomputed(&portal), stored(&portal));
}

#[test]
fn every_edit_is_found_and_the_row_is_named() {
    let altered = |seq: u64| format!("Row {seq} is not as it was written.");
    let missing = |seq: u64| format!("Row {seq} is missing.");
    let stray = |seq: u64| format!("At row {seq} stands one that does not belong to the log.");
    let copy = |seq: &str| {
        format!(
            "INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash) \
         SELECT {seq}, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash FROM audit WHERE seq = 3"
        )
    };
    let cases = [
        ("UPDATE audit SET at = at + 1 WHERE seq = 3".to_owned(), altered(3)),
        ("UPDATE audit SET actor_kind = 'schedule' WHERE seq = 3".to_owned(), altered(3)),
        ("UPDATE audit SET actor_id = 'mem_00000000000000000000000000' WHERE seq = 3".to_owned(), altered(3)),
        ("UPDATE audit SET actor_id = '' WHERE seq = 3".to_owned(), altered(3)),
        ("UPDATE audit SET actor_name = 'mallory' WHERE seq = 3".to_owned(), altered(3)),
        ("UPDATE audit SET action = 'note' WHERE seq = 3".to_owned(), altered(3)),
        ("UPDATE audit SET target = 'nobody' WHERE seq = 3".to_owned(), altered(3)),
        ("UPDATE audit SET detail = '{}' WHERE seq = 3".to_owned(), altered(3)),
        ("UPDATE audit SET detail = detail || ' ' WHERE seq = 1".to_owned(), altered(1)),
        ("UPDATE audit SET detail = 'no JSON' WHERE seq = 6".to_owned(), altered(6)),
        ("UPDATE audit SET at = 'yesterday' WHERE seq = 3".to_owned(), altered(3)),
        ("UPDATE audit SET actor_name = x'ff' WHERE seq = 3".to_owned(), altered(3)),
        ("UPDATE audit SET previous = hash WHERE seq = 3".to_owned(), altered(3)),
        ("UPDATE audit SET hash = previous WHERE seq = 3".to_owned(), altered(3)),
        ("UPDATE audit SET hash = UPPER(hash) WHERE seq = 3".to_owned(), altered(3)),
        ("DELETE FROM audit WHERE seq = 1".to_owned(), missing(1)),
        ("DELETE FROM audit WHERE seq = 3".to_owned(), missing(3)),
        ("DELETE FROM audit WHERE seq IN (3, 4, 5)".to_owned(), missing(3)),
        ("DELETE FROM audit WHERE seq = 6".to_owned(), missing(6)),
        ("DELETE FROM audit".to_owned(), missing(1)),
        (copy("7"), stray(7)),
        (copy("900"), stray(900)),
        (copy("0"), stray(0)),
        (copy("'seven'"), stray(7)),
        // Moved: first the two rows change places.
        ("UPDATE audit SET seq = CASE seq WHEN 3 THEN -4 WHEN 4 THEN -3 END WHERE seq IN (3, 4)".to_owned(), stray(1)),
        (
            "UPDATE audit SET target = CASE seq WHEN 3 THEN (SELECT target FROM audit WHERE seq = 4) \
          ELSE (SELECT target FROM audit WHERE seq = 3) END WHERE seq IN (3, 4)"
                .to_owned(),
            altered(3),
        ),
        ("UPDATE organization SET audit_hash = 'another'".to_owned(), altered(6)),
        ("UPDATE organization SET version = 7".to_owned(), missing(7)),
        ("UPDATE organization SET version = 5".to_owned(), stray(6)),
    ];
    for (sql, sentence) in cases {
        let (portal, store) = six();
        portal.tamper(&sql);
        assert_eq!(told(&verified(&store, None)), sentence, "{sql}");
    }
}

#[test]
fn two_rows_that_changed_places_are_found() {
    let (portal, store) = six();
    for step in ["SET seq = 103 WHERE seq = 3", "SET seq = 3 WHERE seq = 4", "SET seq = 4 WHERE seq = 103"] {
        portal.tamper(&format!("UPDATE audit {step}"));
    }
    assert_eq!(told(&verified(&store, None)), "Row 3 is not as it was written.");
}

#[test]
fn a_row_with_a_forged_hash_does_not_fit_its_neighbour_or_the_organization() {
    for (seq, sentence) in [
        (3, "Row 4 does not follow row 3: one of the two is not as it was written."),
        (6, "Row 6 is not as it was written."),
    ] {
        let (portal, store) = six();
        let newest = anchor(&store);
        portal.tamper(&format!("UPDATE audit SET actor_name = 'mallory' WHERE seq = {seq}"));
        let (_, previous, hash) = recomputed(&portal).remove(seq - 1);
        portal.tamper(&format!("UPDATE audit SET previous = '{previous}', hash = '{hash}' WHERE seq = {seq}"));
        let state = verified(&store, None);
        assert_eq!((told(&state), anchor(&store)), (sentence.to_owned(), newest));
    }
}

#[test]
fn a_chain_that_was_computed_anew_is_found_by_an_anchor_that_was_kept_elsewhere() {
    let (portal, store) = six();
    let kept = anchor(&store);
    register(&store, "fay", "viewer").unwrap();
    assert_eq!(told(&verified(&store, Some(&kept))), "7 rows", "what comes after the anchor changes nothing");
    portal.tamper("UPDATE audit SET actor_name = 'mallory' WHERE seq = 3");
    forge_from(&portal, 3);
    assert_eq!(told(&verified(&store, None)), "7 rows", "the chain alone cannot tell");
    let found = verified(&store, Some(&kept));
    assert_eq!(found.fracture, Some(Fracture { seq: 6, misfit: Misfit::NotAnchored }));
    assert!(told(&found).starts_with("Row 6 is another one than the anchor names"), "{}", told(&found));
    // An anchor of before says that the beginning is as it was.
    let before = store.read(|tx| tx.audit_row(2)).unwrap().unwrap();
    assert_eq!(told(&verified(&store, Some(&Anchor { seq: 2, hash: before.hash }))), "7 rows");
}

#[test]
fn a_tail_that_was_cut_off_is_found_by_an_anchor_that_was_kept_elsewhere() {
    let (portal, store) = six();
    let kept = anchor(&store);
    portal.tamper("DELETE FROM audit WHERE seq > 4");
    assert_eq!(told(&verified(&store, None)), "Row 5 is missing.");
    forge_from(&portal, 5);
    assert_eq!(told(&verified(&store, None)), "4 rows", "the chain alone cannot tell");
    let found = verified(&store, Some(&kept));
    assert_eq!(found.fracture, Some(Fracture { seq: 6, misfit: Misfit::Cut }));
    // And it is found when others have taken the numbers.
    let store = open(&portal);
    for name in ["fay", "gus", "hal"] {
        register(&store, name, "viewer").unwrap();
    }
    let found = verified(&store, Some(&kept)).fracture.unwrap();
    assert_eq!((found.seq, found.word()), (6, "not-anchored"));
}

#[test]
fn the_newest_rows_are_held_to_the_row_before_them_without_walking_the_others() {
    let (portal, store) = six();
    let newest = |rows| store.read(|tx| tx.verify_newest_audit(rows)).unwrap();
    assert_eq!((newest(3).from, told(&newest(3))), (4, "3 rows".to_owned()));
    assert_eq!((newest(6).from, told(&newest(6))), (1, "6 rows".to_owned()));
    assert_eq!((newest(99).from, told(&newest(99))), (1, "6 rows".to_owned()));
    portal.tamper("UPDATE audit SET detail = '{}' WHERE seq = 3");
    assert_eq!(told(&newest(3)), "3 rows", "an older row is not looked at");
    assert_eq!(told(&newest(4)), "Row 3 is not as it was written.");
    portal.tamper("DELETE FROM audit WHERE seq = 3");
    assert_eq!(told(&newest(3)), "Row 3 is missing.");
    portal.tamper("UPDATE audit SET detail = '{}' WHERE seq = 6");
    assert_eq!(told(&newest(2)), "Row 6 is not as it was written.");
    assert_eq!(newest(2).last.unwrap().seq, 5);
}

#[test]
fn a_restored_log_goes_on_from_that_of_the_backup_and_says_what_it_gave_up() {
    let (portal, store) = six();
    let copy = portal.folder.with_extension("copy");
    store.copy_to(&copy).unwrap();
    let at_backup = anchor(&store);
    for name in ["fay", "gus", "hal", "ida"] {
        register(&store, name, "viewer").unwrap();
    }
    let given_up = anchor(&store);
    drop(store);
    let store = restore(&portal.folder, &copy, portal.opening(), at("2026-12-15T12:05:00Z")).unwrap().store;
    assert_eq!(recomputed(&portal), stored(&portal));
    assert_eq!(told(&verified(&store, Some(&at_backup))), "8 rows");
    let row = store.read(|tx| tx.audit_row(7)).unwrap().unwrap();
    assert_eq!((row.action.as_str(), &row.detail["log_given_up"]), ("portal.restore", &json!(given_up.to_string())));
    assert_eq!(verified(&store, Some(&given_up)).fracture, Some(Fracture { seq: 10, misfit: Misfit::Cut }));
    register(&store, "fay", "viewer").unwrap();
    assert_eq!(told(&verified(&store, None)), "9 rows");

    // Where no data was, nothing is given up.
    let elsewhere = Portal::new();
    std::fs::create_dir(&elsewhere.folder).unwrap();
    let store = restore(&elsewhere.folder, &copy, portal.opening(), at("2026-12-15T12:05:00Z")).unwrap().store;
    std::fs::remove_file(copy).unwrap();
    let row = store.read(|tx| tx.audit_row(7)).unwrap().unwrap();
    assert_eq!(
        (&row.detail["log_given_up"], told(&verified(&store, Some(&at_backup)))),
        (&json!(null), "8 rows".to_owned())
    );
}
