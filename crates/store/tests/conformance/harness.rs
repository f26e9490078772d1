//! A vendor with fixed keys, a portal in a folder of its own, and a clock that the test turns.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use catalog::{Catalog, RoleId};
use entitlement::{
    CatalogRef, Customer, EntitlementDraft, KeyId, Moment, Name, Policy, Roots, SecretKey, TrustListDraft, TrustedKey,
    UserTypeId, UserTypeLine, seal_entitlement, seal_trust_list,
};
use errors::{Code, Failure};
use rules::capacity::{self, Registration};
use rules::change_set::{self, Act, ChangeSet, Operation};
use rules::{Actor, ChangeId, MemberId, activation, import};
use store::{
    ChangeNote, Extras, Files, Installation, Member, NewMember, Opening, PasswordKind, Store, StoreError,
    StoredPassword, Wall, WriteTx,
};

/// The day on which every test begins.
pub const START: &str = "2026-12-15T12:00:00Z";
pub const DAY: i64 = 86_400;

pub fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

pub fn user_type(id: &str) -> UserTypeId {
    UserTypeId::parse(id).unwrap()
}

pub fn role(id: &str) -> RoleId {
    RoleId::parse(id).unwrap()
}

fn key(name: &str, seed: u8) -> SecretKey {
    SecretKey::from_seed(KeyId::parse(name).unwrap(), &[seed; 32])
}

pub fn root() -> SecretKey {
    key("test-root", 1)
}

pub fn signing() -> SecretKey {
    key("test-signing", 2)
}

pub fn trust(edit: impl FnOnce(&mut TrustListDraft)) -> Vec<u8> {
    let (nbf, exp) = (at("2026-01-01T00:00:00Z"), at("2030-01-01T00:00:00Z"));
    let mut draft = TrustListDraft {
        version: 1,
        iat: nbf,
        expires: exp,
        keys: vec![TrustedKey { key: signing().public(), nbf, exp }],
        revoked_keys: BTreeMap::new(),
        revoked_licenses: BTreeSet::new(),
        min_sequence: BTreeMap::new(),
    };
    edit(&mut draft);
    seal_trust_list(&draft, &root()).unwrap().into_bytes()
}

pub fn line(id: &str, count: u32) -> UserTypeLine {
    UserTypeLine { id: user_type(id), count, from: None, until: None }
}

/// The file of a contract: 25 Viewers and 5 Creators, perpetual, unless the test says otherwise.
pub fn license(edit: impl FnOnce(&mut EntitlementDraft)) -> Vec<u8> {
    let mut draft = EntitlementDraft {
        jti: "SW-2026-000001".parse().unwrap(),
        contract: "city-of-example".parse().unwrap(),
        sequence: 1,
        supersedes: None,
        replaces: vec![],
        min_trust: 1,
        iss: Name::parse("Example Vendor").unwrap(),
        iat: at("2026-12-01T00:00:00Z"),
        nbf: at("2026-12-01T00:00:00Z"),
        exp: None,
        portal: None,
        customer: Customer { id: "city-of-example".parse().unwrap(), name: Name::parse("City of Example").unwrap() },
        catalog: CatalogRef { id: "arcgis".parse().unwrap(), sha256: Catalog::arcgis_digest() },
        user_types: vec![line("viewer", 25), line("creator", 5)],
        add_ons: vec![],
        policy: Policy::default(),
        ext: None,
        note: None,
    };
    edit(&mut draft);
    seal_entitlement(&draft, &signing()).unwrap().into_bytes()
}

/// A file of the usual contract with these counts.
pub fn seats(sequence: u32, viewers: u32, creators: u32) -> Vec<u8> {
    license(|draft| {
        draft.sequence = sequence;
        draft.user_types = vec![line("viewer", viewers), line("creator", creators)];
    })
}

pub fn only(entitlement: Vec<u8>) -> Files {
    Files { entitlement, trust: None, catalog: None }
}

pub fn with_trust(entitlement: Vec<u8>, trust: Vec<u8>) -> Files {
    Files { entitlement, trust: Some(trust), catalog: None }
}

/// A folder, and a clock: seconds after the start, and seconds that the process has run.
pub struct Portal {
    pub folder: PathBuf,
    hands: Arc<Mutex<(i64, u64)>>,
}

impl Portal {
    pub fn new() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        // A commit in memory is quick, and the suite makes thousands.
        let memory = Path::new("/dev/shm");
        let home = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let folder = home.join(format!("store-suite-{}-{number}", std::process::id()));
        Self { folder, hands: Arc::default() }
    }

    pub fn opening(&self) -> Opening {
        let hands = Arc::clone(&self.hands);
        let clock = move || {
            let (wall, elapsed) = *hands.lock().unwrap();
            Wall { wall: at(START).plus_seconds(wall), elapsed }
        };
        let roots = Roots::new(vec![root().public()]).unwrap();
        Opening { clock: Arc::new(clock), roots, built_in_trust: None, portal: None }
    }

    /// Time passes.
    pub fn pass(&self, seconds: i64) {
        let mut hands = self.hands.lock().unwrap();
        hands.0 += seconds;
        hands.1 += u64::try_from(seconds).unwrap();
    }

    /// Somebody sets the wall clock.
    pub fn set_wall(&self, seconds_after_start: i64) {
        self.hands.lock().unwrap().0 = seconds_after_start;
    }

    /// The process ends and begins again.
    pub fn restart_clock(&self) {
        self.hands.lock().unwrap().1 = 0;
    }

    /// A new portal with 25 Viewers and 5 Creators licensed, and its first administrator, a Creator.
    pub fn activated() -> (Self, Store) {
        Self::with_seats(25, 5)
    }

    pub fn with_seats(viewers: u32, creators: u32) -> (Self, Store) {
        let portal = Self::new();
        let store = open(&portal);
        activate(&store, with_trust(seats(1, viewers, creators), trust(|_| {}))).unwrap();
        (portal, store)
    }

    /// Somebody changes the data behind the program's back.
    pub fn tamper(&self, sql: &str) {
        let db = rusqlite::Connection::open(self.folder.join(store::FILE)).unwrap();
        assert!(db.execute(sql, []).unwrap() > 0, "{sql}");
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        // A folder that stays behind in the temporary directory fails nothing.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Opens the store under test.
pub fn open(portal: &Portal) -> Store {
    Store::create_or_open(&portal.folder, portal.opening()).unwrap_or_else(|error| panic!("{error}"))
}

/// Runs a decision, and gives the failure as people are told it.
pub fn write<R: Send + 'static>(
    store: &Store,
    decision: impl for<'tx> FnOnce(&WriteTx<'tx>) -> Result<R, StoreError> + Send + 'static,
) -> Result<R, Failure> {
    store.write_now(decision).map_err(StoreError::into_failure)
}

pub fn activate(store: &Store, files: Files) -> Result<Member, Failure> {
    write(store, move |tx| {
        let incoming = tx.open_incoming(&files)?;
        let permit =
            activation::decide(&tx.facts_under(&incoming)?, (incoming.arrival(), &incoming.gives(tx.now())), None)?;
        tx.activate(permit, &Actor::console(), &incoming, &newcomer("admin"))
    })
}

pub fn import(store: &Store, files: Files, confirmed: Option<u64>) -> Result<Installation, Failure> {
    write(store, move |tx| {
        let incoming = tx.open_incoming(&files)?;
        let facts = tx.facts_under(&incoming)?;
        let file = (incoming.arrival(), &incoming.gives(tx.now()), incoming.given_meanwhile());
        let permit = import::decide(&facts, &Actor::console(), file, confirmed)?;
        tx.install_license(permit, &Actor::console(), &incoming)
    })
}

/// A trust list by itself.
pub fn import_trust(store: &Store, list: Vec<u8>, confirmed: Option<u64>) -> Result<Installation, Failure> {
    write(store, move |tx| {
        let incoming = tx.open_incoming_trust(&list)?;
        let permit = import::decide_trust(&tx.facts()?, &Actor::console(), &tx.gives_under(&incoming), confirmed)?;
        tx.install_trust(permit, &Actor::console(), &incoming)
    })
}

pub fn newcomer(username: &str) -> NewMember {
    let password = StoredPassword::new("sha256:none".to_owned(), PasswordKind::OneTime);
    let (full_name, email) = (String::new(), String::new());
    NewMember { username: username.to_owned(), full_name, email, password, extras: Extras::default() }
}

/// What is asked for a new member of that user type in that role.
pub fn asked(type_id: &str, role_id: &str) -> Registration {
    Registration { user_type: Some(user_type(type_id)), role: Some(role(role_id)) }
}

/// The decision of every registration: facts, rule, permit, write.
pub fn registration(tx: &WriteTx<'_>, username: &str, type_id: &str) -> Result<Member, StoreError> {
    let permit = capacity::register(&tx.facts()?, &Actor::console(), &asked(type_id, "viewer"))?;
    tx.insert_member(permit, &Actor::console(), &newcomer(username))
}

pub fn register(store: &Store, username: &str, type_id: &str) -> Result<Member, Failure> {
    let (username, type_id) = (username.to_owned(), type_id.to_owned());
    write(store, move |tx| registration(tx, &username, &type_id))
}

/// The decision of every change set.
pub fn changing(tx: &WriteTx<'_>, change: &ChangeSet) -> Result<ChangeId, StoreError> {
    let named = change.operations.iter().map(|one| tx.member_facts(&one.member));
    let members = named.collect::<Result<Vec<_>, _>>()?;
    let permit = change_set::decide(&tx.facts()?, &Actor::console(), &members, change)?;
    let note = ChangeNote { reason: "a test".to_owned(), allow_one_over: change.allow_one_over.clone(), reverts: None };
    tx.apply_change(permit, &Actor::console(), &note)
}

pub fn apply(store: &Store, change: ChangeSet) -> Result<ChangeId, Failure> {
    write(store, move |tx| changing(tx, &change))
}

/// One act on one account.
pub fn act(store: &Store, id: &MemberId, act: Act) -> Result<ChangeId, Failure> {
    apply(store, ChangeSet { operations: vec![Operation::act(id.clone(), act)], ..ChangeSet::default() })
}

pub fn delete(store: &Store, id: &MemberId) -> Result<(), Failure> {
    act(store, id, Act::Delete).map(|_| ())
}

/// Moves to user types, each to the role Viewer, with the consent given.
pub fn moves(moves: &[(&MemberId, &str)], consent: &[(&str, u64)]) -> ChangeSet {
    let operation =
        |(member, to): &(&MemberId, &str)| Operation::set((*member).clone(), Some(user_type(to)), Some(role("viewer")));
    let allow_one_over: BTreeMap<_, _> = consent.iter().map(|(id, n)| (user_type(id), *n)).collect();
    ChangeSet { operations: moves.iter().map(operation).collect(), allow_one_over, ..ChangeSet::default() }
}

pub fn change(store: &Store, to: &[(&MemberId, &str)], consent: &[(&str, u64)]) -> Result<ChangeId, Failure> {
    apply(store, moves(to, consent))
}

pub fn code<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> Code {
    outcome.unwrap_err().code
}

/// Licensed, assigned and reserved of a user type.
pub fn held(store: &Store, type_id: &str) -> (u64, u64, u64) {
    let one = type_count(store, type_id);
    (one.licensed, one.seats.assigned, one.seats.reserved)
}

/// Licensed, assigned and lockable of a user type.
pub fn count(store: &Store, type_id: &str) -> (u64, u64, u64) {
    let one = type_count(store, type_id);
    (one.licensed, one.seats.assigned, one.seats.lockable)
}

pub fn type_count(store: &Store, type_id: &str) -> store::TypeCount {
    let id = user_type(type_id);
    let all = store.read(|tx| tx.headcounts()).unwrap();
    all.into_iter().find(|one| one.user_type == id).unwrap()
}

pub fn member(store: &Store, id: &MemberId) -> Option<Member> {
    store.read(|tx| tx.member(id)).unwrap()
}

pub fn audit_count(store: &Store) -> u64 {
    store.read(|tx| tx.audit_count()).unwrap()
}

/// The kept counts are what counting gives.
pub fn assert_recounted(store: &Store) {
    assert_eq!(store.read(|tx| Ok((tx.recount()?, tx.recount_add_ons()?))).unwrap(), (vec![], vec![]));
}
