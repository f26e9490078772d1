//! Products: sessions, renewals, offline checkouts, and who used what (S58 to S84).

use std::sync::Arc;

use catalog::{Catalog, Product};
use entitlement::{
    Entitlement, Label, LeaseDevice, LeaseDraft, LeaseId, LeaseUse, Moment, Name, ProductId, PublicKey, SecretKey,
    seal_lease,
};
use errors::{Code, Failure};
use rules::offline::{self, Checkout, CheckoutState, Conditions};
use rules::product_access::{self, Access, Ground, Holding};
use rules::session::{self, By, Place, SessionFacts, Start};
use rules::{Actor, MemberId, Refusal, account};
use store::{Installed, Member, NewCheckout, NewSession, ProductSession, ReadTx, StoreError, StoredCheckout, WriteTx};

use super::input::no_product;
use super::{Caller, actor};

/// A computer that asks.
#[derive(Debug, Clone)]
pub struct Computer {
    /// Names it for programs; the same through all requests.
    pub id: Label,
    /// Names it for people.
    pub name: Name,
    /// Its own key, whose signature gives a checkout back.
    pub key: Option<PublicKey>,
}

/// A session that was granted, or renewed.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The session.
    pub session: SessionFacts,
    /// Of which product.
    pub product: ProductId,
    /// What of it may be used.
    pub access: Access,
    /// Until when, unless it is used again.
    pub active_until: Moment,
    /// What the lease says, which a client verifies with the vendor's key alone; nothing where the file is not bound to
    /// this portal.
    pub lease: Option<LeaseDraft>,
}

impl Grant {
    /// The lease, signed. That takes longer than all the rest, so it is for after the transaction.
    ///
    /// # Errors
    /// What sealing says; a draft of ours seals.
    pub fn signed_lease(&self, key: &SecretKey) -> Result<Option<String>, StoreError> {
        self.lease.as_ref().map(|draft| seal_lease(draft, key).map_err(StoreError::internal)).transpose()
    }
}

/// A session or a checkout as an address names it: it is found under its own product only.
#[derive(Debug, Clone, Copy)]
pub struct Named<'n> {
    product: Option<&'n str>,
    id: &'n str,
}

impl<'n> Named<'n> {
    /// Of that product.
    #[must_use]
    pub fn of(product: &'n str, id: &'n str) -> Self {
        Self { product: Some(product), id }
    }

    /// By its id alone.
    #[must_use]
    pub fn by_id(id: &'n str) -> Self {
        Self { product: None, id }
    }

    fn is_of(self, product: &ProductId) -> bool {
        self.product.is_none_or(|named| ProductId::from_input(named).is_ok_and(|named| named == *product))
    }

    fn session(self, tx: &ReadTx<'_>) -> Result<Option<ProductSession>, StoreError> {
        Ok(tx.product_session(self.id)?.filter(|one| self.is_of(&one.product)))
    }

    fn checkout(self, tx: &ReadTx<'_>) -> Result<Option<StoredCheckout>, StoreError> {
        Ok(tx.checkout(self.id)?.filter(|one| self.is_of(&one.product)))
    }
}

/// What a decision about a product rests on.
struct Base {
    member: Member,
    catalog: Arc<Catalog>,
    installed: Arc<Installed>,
    held: std::collections::BTreeSet<entitlement::AddOnId>,
    epoch: u64,
}

impl Base {
    fn holding(&self) -> Holding<'_> {
        Holding { user_type: &self.member.user_type, add_ons: &self.held }
    }

    fn file(&self) -> &Entitlement {
        self.installed.entitlement()
    }

    /// The product, where it is used that way.
    fn product(&self, id: &ProductId) -> Result<&Product, Failure> {
        self.catalog.product(id).ok_or_else(|| no_product(id.as_str()))
    }
}

/// Reads what a decision about a product of the caller rests on.
fn base(tx: &ReadTx<'_>, caller: &Caller) -> Result<(Actor, Base), StoreError> {
    let actor = actor(tx, caller)?;
    let of_a_member = || Failure::new(Code::ValidationFailed, "The console uses no products.");
    let id = actor.id().cloned().ok_or_else(of_a_member)?;
    let member = tx.member(&id)?.ok_or_else(super::members::not_found)?;
    Ok((actor, base_of(tx, member)?))
}

/// The same for a member who has been let in.
fn base_of(tx: &ReadTx<'_>, member: Member) -> Result<Base, StoreError> {
    let not_activated = || Failure::plain(Code::NotActivated);
    let installed = tx.license()?.good().map(Arc::clone).ok_or_else(not_activated)?;
    let (catalog, held) = (tx.catalog()?, tx.add_ons_of(&member.id)?);
    Ok(Base { member, catalog, installed, held, epoch: tx.epoch() })
}

fn may_start(tx: &ReadTx<'_>, base: &Base, product: &ProductId) -> Result<Access, StoreError> {
    let facts = tx.facts()?;
    let ground = Ground { catalog: &base.catalog, allotment: facts.allotment(), assigned: facts.add_ons() };
    // A product shows the sentence to its user as it is.
    let told = |refusal: Refusal| refusal.failure_with(&base.catalog).into();
    product_access::may_start(ground, base.holding(), product).map_err(told)
}

/// Begins a session of the caller on a computer, or gives the same again where the same request was granted (S58, S68).
///
/// # Errors
/// What [`product_access::may_start`], [`offline::is_not_elsewhere`] and [`session::start`] refuse.
pub fn start(
    tx: &WriteTx<'_>,
    caller: &Caller,
    product: &ProductId,
    (computer, request): (&Computer, &str),
) -> Result<Grant, StoreError> {
    let (actor, base) = base(tx, caller)?;
    let access = may_start(tx, &base, product)?;
    let (member, now) = (&base.member.id, tx.now());
    is_not_elsewhere(tx, &base, product, computer.id.as_str())?;
    let policy = base.installed.at(now).policy();
    let sessions = tx.sessions_of(member, product)?;
    let place = Place { device: computer.id.as_str(), request };
    let session = match session::start(policy, now, &sessions, place)? {
        Start::Again { id } => sessions.into_iter().find(|one| one.id == id).ok_or_else(gone)?,
        Start::New { replaces } => {
            let new = NewSession {
                member: member.clone(),
                product: product.clone(),
                device: computer.id.to_string(),
                device_name: computer.name.to_string(),
                request: request.to_owned(),
                replaces,
            };
            tx.begin_session(&actor, &new)?
        }
    };
    let active_until = session.active_until(policy);
    granted(&base, (session, active_until, access))
}

fn gone() -> StoreError {
    StoreError::internal("a session that was just read is gone")
}

/// The grant with its lease: for as long as the session lives, and never longer than the file. A file that has ended
/// vouches for nothing: a session that may go on for the time to save has no lease then.
fn granted(base: &Base, (session, active_until, access): (SessionFacts, Moment, Access)) -> Result<Grant, StoreError> {
    let until = base.file().until().map_or(active_until, |end| end.min(active_until));
    let lease = match base.file().portal() {
        Some(_) if session.last_used < until => {
            let device = LeaseDevice {
                id: Label::parse(&session.device).map_err(StoreError::damaged)?,
                name: Name::parse(&session.device_name).map_err(StoreError::damaged)?,
                key: None,
            };
            let term = (LeaseUse::Session, session.last_used, until);
            Some(drafted(base, &access, (&lease_id(&session.id)?, device), term)?)
        }
        Some(_) | None => None,
    };
    Ok(Grant { product: access.product.clone(), active_until, lease, session, access })
}

fn lease_id(text: &str) -> Result<LeaseId, StoreError> {
    LeaseId::parse(text).map_err(StoreError::damaged)
}

fn drafted(
    base: &Base,
    access: &Access,
    (jti, device): (&LeaseId, LeaseDevice),
    (usage, from, until): (LeaseUse, Moment, Moment),
) -> Result<LeaseDraft, StoreError> {
    Ok(LeaseDraft {
        jti: jti.clone(),
        sub: Label::parse(base.member.id.as_str()).map_err(StoreError::damaged)?,
        username: Label::parse(&base.member.username).ok(),
        product: access.product.clone(),
        level: access.level.as_deref().map(Label::parse).transpose().map_err(StoreError::damaged)?,
        extensions: access.extensions.iter().cloned().collect(),
        device,
        usage,
        iat: from,
        nbf: from,
        exp: until,
        license: *base.file().identity(),
        epoch: base.epoch,
    })
}

/// Renews a session of the caller, because its user is active (S69).
///
/// # Errors
/// `session-ended` with the cause and until when the work may be saved (S78, S79); `offline-elsewhere` while another
/// computer has the licence offline (A-SES-6); `not-found`.
pub fn renew(tx: &WriteTx<'_>, caller: &Caller, named: Named<'_>) -> Result<Grant, StoreError> {
    let (_, base) = base(tx, caller)?;
    let renewal = renewable(tx, &base, named)?;
    tx.use_session(&renewal.session)?;
    renewal.granted(tx, &base)
}

/// The same in a transaction that only reads: the use is noted, and written within seconds. Nothing where the record must
/// not wait; then it is for [`renew`].
///
/// # Errors
/// As [`renew`].
pub fn note_renewal(tx: &ReadTx<'_>, member: Member, named: Named<'_>) -> Result<Option<Grant>, StoreError> {
    let base = base_of(tx, member)?;
    let renewal = renewable(tx, &base, named)?;
    let policy = base.installed.at(tx.now()).policy();
    if !session::may_note_later(policy, tx.now(), &renewal.session.facts) || !tx.note_use(&renewal.session) {
        return Ok(None);
    }
    renewal.granted(tx, &base).map(Some)
}

/// A session that may be renewed.
struct Renewal {
    session: ProductSession,
    access: Access,
    /// Until when it is active then.
    active_until: Moment,
}

fn renewable(tx: &ReadTx<'_>, base: &Base, named: Named<'_>) -> Result<Renewal, StoreError> {
    let session = named.session(tx)?.filter(|one| one.member == base.member.id).ok_or_else(no_session)?;
    let (now, allotment) = (tx.now(), tx.license()?.at(tx.now()));
    let access = product_access::access_now(&base.catalog, base.holding(), (&session.product, &allotment));
    let licence = (access.is_some(), tx.blocked_since()?);
    let active_until = session::renew(allotment.policy(), now, &session.facts, licence)?;
    // A session that began before the product went offline elsewhere waits as a new one does.
    is_not_elsewhere(tx, base, &session.product, &session.facts.device)?;
    let access = access.ok_or_else(|| StoreError::internal("a licence was there and is not"))?;
    Ok(Renewal { session, access, active_until })
}

impl Renewal {
    fn granted(mut self, tx: &ReadTx<'_>, base: &Base) -> Result<Grant, StoreError> {
        self.session.facts.last_used = tx.now();
        granted(base, (self.session.facts, self.active_until, self.access))
    }
}

fn is_not_elsewhere(tx: &ReadTx<'_>, base: &Base, product: &ProductId, device: &str) -> Result<(), StoreError> {
    let checkouts: Vec<_> = tx.checkouts_of(&base.member.id, product)?.into_iter().map(|one| one.facts).collect();
    Ok(offline::is_not_elsewhere(tx.now(), &checkouts, device)?)
}

fn no_session() -> StoreError {
    Failure::new(Code::NotFound, "There is no such session.").into()
}

/// Ends a session: one's own, or somebody else's by whoever manages licenses (S59, S76).
///
/// # Errors
/// `not-found`; `privilege-missing`.
pub fn end(tx: &WriteTx<'_>, caller: &Caller, named: Named<'_>, signs_out: bool) -> Result<(), StoreError> {
    let actor = actor(tx, caller)?;
    let found = named.session(tx)?;
    account::look_after(&actor, found.as_ref().map(|one| &one.member))?;
    let found = found.ok_or_else(no_session)?;
    let by = match (actor.id() == Some(&found.member), signs_out) {
        (true, true) => By::Computer,
        (true, false) => By::Member,
        (false, _) => By::Administrator,
    };
    let policy = tx.license()?.at(tx.now()).policy();
    match session::end((policy, tx.now()), &found.facts, by) {
        Some(cause) => tx.end_session(&actor, &found, cause),
        None => Ok(()),
    }
}

/// A session and whose it is, for whoever may end it.
///
/// # Errors
/// As [`end`].
pub fn session(tx: &ReadTx<'_>, caller: &Caller, named: Named<'_>) -> Result<(ProductSession, Member), StoreError> {
    let actor = actor(tx, caller)?;
    let found = named.session(tx)?;
    account::look_after(&actor, found.as_ref().map(|one| &one.member))?;
    let found = found.ok_or_else(no_session)?;
    let member = tx.member(&found.member)?.ok_or_else(no_session)?;
    Ok((found, member))
}

/// The active sessions of a member, of every product: for the member, and for who manages licenses (S66).
///
/// # Errors
/// `privilege-missing`; there is no such member.
pub fn sessions(
    tx: &ReadTx<'_>,
    caller: &Caller,
    whom: &MemberId,
) -> Result<Vec<(ProductId, SessionFacts)>, StoreError> {
    account::look_after(&actor(tx, caller)?, Some(whom))?;
    let (catalog, license) = (tx.catalog()?, tx.license()?);
    let policy = license.at(tx.now()).policy();
    let mut active = Vec::new();
    for product in catalog.products() {
        let of_product = tx.sessions_of(whom, &product.id)?.into_iter();
        let live = of_product.filter(|session| session.is_active(policy, tx.now()));
        active.extend(live.map(|session| (product.id.clone(), session)));
    }
    Ok(active)
}

/// Takes a product offline on a computer, by a signed lease (S81).
///
/// # Errors
/// What [`product_access::may_start`] and [`offline::check_out`] refuse.
pub fn check_out(
    tx: &WriteTx<'_>,
    caller: &Caller,
    product: &ProductId,
    (computer, key): (&Computer, &SecretKey),
) -> Result<StoredCheckout, StoreError> {
    let (actor, base) = base(tx, caller)?;
    let access = may_start(tx, &base, product)?;
    let (now, checkouts) = (tx.now(), tx.checkouts_of(&base.member.id, product)?);
    let settings = super::settings::offline(tx)?;
    let conditions = Conditions {
        is_bound: base.file().portal().is_some(),
        product_allows: base.product(product)?.offline,
        organization_allows: settings.allowed,
        most_days: settings.most_days,
        license_ends: product_access::ends(base.file(), base.holding(), &access, now),
        all_out_until: all_out_until(tx, &base, &access)?,
    };
    let known: Vec<_> = checkouts.iter().map(|one| one.facts.clone()).collect();
    let policy = base.installed.at(now).policy();
    let until = match offline::check_out(policy, now, &known, (computer.id.as_str(), conditions))? {
        Checkout::Again { id } => {
            return checkouts.into_iter().find(|one| one.facts.id == id).ok_or_else(gone);
        }
        Checkout::New { until } => until,
    };
    let id = tx.new_checkout_id()?;
    let device = LeaseDevice { id: computer.id.clone(), name: computer.name.clone(), key: computer.key.clone() };
    let draft = drafted(&base, &access, (&lease_id(&id)?, device), (LeaseUse::Offline, now, until))?;
    let lease = seal_lease(&draft, key).map_err(StoreError::internal)?;
    let new = NewCheckout {
        id: id.clone(),
        member: base.member.id.clone(),
        product: product.clone(),
        device: computer.id.to_string(),
        device_name: computer.name.to_string(),
        device_key: computer.key.as_ref().map(|key| key.kid().to_string()),
        until,
        lease,
    };
    tx.insert_checkout(&actor, &new)?;
    tx.checkout(&id)?.ok_or_else(gone)
}

/// When the first of the other members' leases of that level ends, where they are as many as there are licences.
fn all_out_until(tx: &ReadTx<'_>, base: &Base, access: &Access) -> Result<Option<Moment>, StoreError> {
    let mut ends = Vec::new();
    for (until, lease) in tx.leases_beside_released(&access.product, &base.member.id)? {
        if super::lease_files::level(&lease)? == access.level {
            ends.push(until);
        }
    }
    let (allotment, level) = (tx.license()?.at(tx.now()), access.level.as_deref());
    let there_are = product_access::licences(&base.catalog, &allotment, (&access.product, level));
    Ok(offline::all_out_until(&ends, there_are))
}

/// Brings a checkout of the caller home from its computer.
///
/// # Errors
/// `not-found`; the checkout is another computer's, or was released: then its return code brings it home (A-SES-6).
pub fn check_in(tx: &WriteTx<'_>, caller: &Caller, named: Named<'_>, device: &str) -> Result<(), StoreError> {
    let actor = actor(tx, caller)?;
    let found = named.checkout(tx)?.filter(|one| actor.id() == Some(&one.member)).ok_or_else(no_checkout)?;
    if offline::check_in(&found.facts, device)? {
        tx.end_checkout(&actor, &found, CheckoutState::Returned)?;
    }
    Ok(())
}

fn no_checkout() -> StoreError {
    Failure::new(Code::NotFound, "There is no such checkout.").into()
}

/// A checkout and whose it is, where there is still such a member: for the member, and for who manages licenses.
///
/// # Errors
/// `not-found`, which is also told to who may see none.
pub fn checkout(
    tx: &ReadTx<'_>,
    caller: &Caller,
    named: Named<'_>,
) -> Result<(StoredCheckout, Option<Member>), StoreError> {
    let actor = actor(tx, caller)?;
    let found = named.checkout(tx)?;
    let is_theirs = |one: &StoredCheckout| account::look_after(&actor, Some(&one.member)).is_ok();
    let found = found.filter(is_theirs).ok_or_else(no_checkout)?;
    let member = tx.member(&found.member)?;
    Ok((found, member))
}

/// Releases a checkout whose computer does not give it back: the member may be online elsewhere, and the next checkout
/// waits for the end of the lease or for a return code (A-SES-6).
///
/// # Errors
/// `privilege-missing`; `not-found`.
pub fn release(tx: &WriteTx<'_>, caller: &Caller, named: Named<'_>) -> Result<StoredCheckout, StoreError> {
    let actor = actor(tx, caller)?;
    account::manage_licenses(&actor)?;
    let found = named.checkout(tx)?.ok_or_else(no_checkout)?;
    if found.facts.state == CheckoutState::Out {
        tx.end_checkout(&actor, &found, CheckoutState::Released)?;
    }
    tx.checkout(named.id)?.ok_or_else(gone)
}

/// Hands in a return code: the computer's own word that it has given its lease up. Whoever manages licenses may, and the
/// member.
///
/// # Errors
/// `not-found`; `privilege-missing`; the code is none of the lease's computer.
pub fn hand_in(tx: &WriteTx<'_>, caller: &Caller, named: Named<'_>, code: &str) -> Result<StoredCheckout, StoreError> {
    let actor = actor(tx, caller)?;
    let is_theirs = |one: &StoredCheckout| account::look_after(&actor, Some(&one.member)).is_ok();
    let found = named.checkout(tx)?.filter(is_theirs).ok_or_else(no_checkout)?;
    entitlement::open_return_code(code, &super::lease_files::opened(tx, &found)?).map_err(Failure::from)?;
    if found.facts.state != CheckoutState::Returned {
        tx.end_checkout(&actor, &found, CheckoutState::Returned)?;
    }
    tx.checkout(named.id)?.ok_or_else(gone)
}
