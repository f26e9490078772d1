//! What people do with add-ons and products: assign and unassign, start, use, end, take offline. Each deed decides as the
//! portal's own action does.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use entitlement::{AddOnId, AddOnLine, Moment, Policy, ProductId};
use errors::{Code, Failure};
use rules::change_set::{ChangeSet, Operation};
use rules::offline::{self, Checkout, CheckoutState, Conditions};
use rules::permit::AddOnMoves;
use rules::product_access::{self, Access, Ground, Holding};
use rules::session::{self, Cause, Place, SessionFacts, Start};
use rules::{Actor, ChangeId, MemberId};
use store::{NewCheckout, NewSession, ReadTx, Store, StoreError, StoredCheckout, WriteTx};

use crate::harness::{Portal, START, apply, at, import, license, line, only, register, write};

pub const BASIC: &str = "arcgis-pro-basic";
pub const STANDARD: &str = "arcgis-pro-standard";
pub const INSIGHTS: &str = "arcgis-insights";
pub const EXTENSION: &str = "arcgis-pro-extension";
pub const PRO: &str = "arcgis-pro";

pub fn add_on_id(id: &str) -> AddOnId {
    AddOnId::parse(id).unwrap()
}

pub fn ids(of: &[&str]) -> BTreeSet<AddOnId> {
    of.iter().map(|id| add_on_id(id)).collect()
}

pub fn product(id: &str) -> ProductId {
    ProductId::parse(id).unwrap()
}

pub fn add_on(id: &str, count: u32) -> AddOnLine {
    AddOnLine { id: add_on_id(id), count, from: None, until: None, trial: None }
}

/// A file of the usual contract: 25 Viewers, 9 Creators, 4 GIS Professionals, and these add-ons.
pub fn with_add_ons(sequence: u32, lines: &[AddOnLine]) -> Vec<u8> {
    with_policy(sequence, lines, Policy::default())
}

pub fn with_policy(sequence: u32, lines: &[AddOnLine], policy: Policy) -> Vec<u8> {
    license(|draft| {
        draft.sequence = sequence;
        draft.user_types = vec![line("viewer", 25), line("creator", 9), line("gis-pro-basic", 4)];
        draft.add_ons = lines.to_vec();
        draft.policy = policy;
    })
}

/// A portal with these add-ons licensed.
pub fn licensed(lines: &[AddOnLine]) -> (Portal, Store) {
    let (portal, store) = Portal::activated();
    import(&store, only(with_add_ons(2, lines)), None).unwrap();
    (portal, store)
}

pub fn moving(id: &MemberId, assign: &[&str], unassign: &[&str]) -> Operation {
    Operation::add_ons(id.clone(), AddOnMoves { assign: ids(assign), unassign: ids(unassign) })
}

pub fn applied(store: &Store, operations: Vec<Operation>) -> Result<ChangeId, Failure> {
    apply(store, ChangeSet { operations, ..ChangeSet::default() })
}

pub fn assign(store: &Store, id: &MemberId, add_ons: &[&str]) -> Result<ChangeId, Failure> {
    applied(store, vec![moving(id, add_ons, &[])])
}

pub fn unassign(store: &Store, id: &MemberId, add_ons: &[&str]) -> Result<ChangeId, Failure> {
    applied(store, vec![moving(id, &[], add_ons)])
}

pub fn add_ons_of(store: &Store, id: &MemberId) -> BTreeSet<AddOnId> {
    store.read(|tx| tx.add_ons_of(id)).unwrap()
}

/// Licensed and assigned of an add-on, and since when that is too many.
pub fn tally(store: &Store, id: &str) -> (u64, u64, Option<Moment>) {
    let all = store.read(|tx| tx.add_on_tallies()).unwrap();
    let one = all.iter().find(|one| one.add_on.as_str() == id).unwrap();
    (one.licensed, one.assigned, one.over_since)
}

fn access(tx: &ReadTx<'_>, id: &MemberId, of: &ProductId) -> Result<Access, StoreError> {
    let (facts, catalog) = (tx.facts()?, tx.catalog()?);
    let (member, held) = (tx.member_facts(id)?, tx.add_ons_of(id)?);
    let ground = Ground { catalog: &catalog, allotment: facts.allotment(), assigned: facts.add_ons() };
    let holding = Holding { user_type: &member.row().user_type, add_ons: &held };
    Ok(product_access::may_start(ground, holding, of)?)
}

fn policy(tx: &ReadTx<'_>) -> Result<Policy, StoreError> {
    Ok(tx.license()?.at(tx.now()).policy())
}

/// Asks for a session from a computer, by a request of that name.
pub fn ask(store: &Store, id: &MemberId, of: &str, (device, request): (&str, &str)) -> Result<SessionFacts, Failure> {
    let (id, of, device, request) = (id.clone(), product(of), device.to_owned(), request.to_owned());
    write(store, move |tx| {
        let actor = tx.actor(&id)?;
        access(tx, &id, &of)?;
        let out: Vec<_> = tx.checkouts_of(&id, &of)?.into_iter().map(|one| one.facts).collect();
        offline::is_not_elsewhere(tx.now(), &out, &device)?;
        let sessions = tx.sessions_of(&id, &of)?;
        let place = Place { device: &device, request: &request };
        let replaces = match session::start(policy(tx)?, tx.now(), &sessions, place)? {
            Start::Again { id } => return Ok(sessions.into_iter().find(|one| one.id == id).unwrap()),
            Start::New { replaces } => replaces,
        };
        let device_name = device.to_uppercase();
        tx.begin_session(&actor, &NewSession { member: id, product: of, device, device_name, request, replaces })
    })
}

/// Starts a product on a computer, by a request of its own.
pub fn start(store: &Store, id: &MemberId, of: &str, device: &str) -> Result<SessionFacts, Failure> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let request = format!("request-{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    ask(store, id, of, (device, &request))
}

/// The user of the product is active; until when the session lives then.
pub fn renew(store: &Store, session: &str) -> Result<Moment, Failure> {
    let session = session.to_owned();
    write(store, move |tx| {
        let found = tx.product_session(&session)?.ok_or_else(|| Failure::plain(Code::NotFound))?;
        let (member, held) = (tx.member_facts(&found.member)?, tx.add_ons_of(&found.member)?);
        let holding = Holding { user_type: &member.row().user_type, add_ons: &held };
        let has_license = product_access::access(tx.catalog()?.as_ref(), holding, &found.product).is_some();
        let until = session::renew(policy(tx)?, tx.now(), &found.facts, (has_license, tx.blocked_since()?))?;
        tx.use_session(&found)?;
        Ok(until)
    })
}

pub fn end(store: &Store, session: &str, cause: Cause) {
    let session = session.to_owned();
    let decision = write(store, move |tx| {
        let found = tx.product_session(&session)?.unwrap();
        tx.end_session(&Actor::console(), &found, cause)
    });
    decision.unwrap();
}

pub fn session(store: &Store, id: &str) -> Option<SessionFacts> {
    store.read(|tx| tx.product_session(id)).unwrap().map(|found| found.facts)
}

fn checking_out(tx: &WriteTx<'_>, id: &MemberId, of: &ProductId, device: &str) -> Result<StoredCheckout, StoreError> {
    let actor = tx.actor(id)?;
    access(tx, id, of)?;
    let known = tx.checkouts_of(id, of)?;
    let facts: Vec<_> = known.iter().map(|one| one.facts.clone()).collect();
    let conditions = Conditions {
        held_until: tx.offline_held_until()?,
        is_bound: true,
        product_allows: true,
        organization_allows: true,
        most_days: None,
        license_ends: None,
        all_out_until: None,
    };
    let until = match offline::check_out(policy(tx)?, tx.now(), &facts, (device, conditions))? {
        Checkout::Again { id } => return Ok(known.into_iter().find(|one| one.facts.id == id).unwrap()),
        Checkout::New { until } => until,
    };
    let new = NewCheckout {
        id: tx.new_checkout_id()?,
        member: id.clone(),
        product: of.clone(),
        device: device.to_owned(),
        device_name: device.to_uppercase(),
        device_key: Some(format!("key-of-{device}")),
        until,
        lease: format!("lease-of-{device}"),
    };
    tx.insert_checkout(&actor, &new)?;
    Ok(tx.checkout(&new.id)?.unwrap())
}

pub fn check_out(store: &Store, id: &MemberId, of: &str, device: &str) -> Result<StoredCheckout, Failure> {
    let (id, of, device) = (id.clone(), product(of), device.to_owned());
    write(store, move |tx| checking_out(tx, &id, &of, &device))
}

/// The checkout is given back, or released.
pub fn come_home(store: &Store, checkout: &str, state: CheckoutState) {
    let checkout = checkout.to_owned();
    let decision = write(store, move |tx| {
        let found = tx.checkout(&checkout)?.unwrap();
        tx.end_checkout(&Actor::console(), &found, state)
    });
    decision.unwrap();
}

/// An instant, so many seconds after the beginning.
pub fn after(seconds: i64) -> Moment {
    at(START).plus_seconds(seconds)
}

/// Ann, a Creator with ArcGIS Pro.
pub fn house() -> (Portal, Store, MemberId) {
    let lines = [BASIC, STANDARD, EXTENSION, INSIGHTS].map(|id| add_on(id, 3));
    let (portal, store) = licensed(&lines);
    let ann = register(&store, "ann", "creator").unwrap().id;
    assign(&store, &ann, &[BASIC]).unwrap();
    (portal, store, ann)
}
