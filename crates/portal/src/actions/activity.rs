//! License activity: who may use a product, and who has (S61 to S67).

use std::sync::Arc;

use catalog::Catalog;
use entitlement::{Moment, Policy, ProductId};
use errors::Failure;
use rules::account;
use rules::product_access::{self, Access, Holding};
use rules::session::{self, SessionFacts};
use store::{Member, MemberPage, ReadTx, StoreError, StoredCheckout, Usage};

use super::input::{invalid_at, no_product};
use super::{Caller, actor};

/// How many members are read at a time for a whole table.
const AT_A_TIME: u32 = 500;
/// The most days without use that can be asked for.
const MOST_DAYS: i64 = 3_650;
/// A day in seconds.
const DAY: i64 = 86_400;

/// One member in the activity of a product (S62 to S67).
#[derive(Debug, Clone)]
pub struct Activity {
    /// Who.
    pub member: Member,
    /// What of the product the member may use.
    pub access: Access,
    /// The last use (S63).
    pub last_used: Option<Moment>,
    /// Whether that is within a session's life: usually an active session (S64).
    pub is_recent: bool,
    /// The checkout that is out, or may still run (S65).
    pub offline: Option<StoredCheckout>,
    /// The active sessions (S66).
    pub sessions: Vec<SessionFacts>,
}

/// Whose activity is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Part {
    /// Everybody's who may use the product.
    #[default]
    All,
    /// Of those who used it within a session's life (S64).
    Online,
    /// Of those who have taken it offline (S65).
    Offline,
    /// Of those who have not used it for so many days, or within a session's life where none are given, and have not taken it
    /// offline.
    Unused(Option<u16>),
}

impl Part {
    /// As programs and addresses spell it.
    ///
    /// # Errors
    /// `validation-failed`.
    pub fn read(state: Option<&str>, days: Option<&str>) -> Result<Self, Failure> {
        let days = days.filter(|days| !days.is_empty());
        let part = match state.unwrap_or_default() {
            "" => Self::All,
            "online" => Self::Online,
            "offline" => Self::Offline,
            "unused" => return days.map(number_of_days).transpose().map(Self::Unused),
            other => return Err(invalid_at("/state", &format!("`{other}` is none of online, offline, unused"))),
        };
        match days {
            None => Ok(part),
            Some(_) => Err(invalid_at("/unused_days", "goes with the state `unused` only")),
        }
    }

    fn usage(self, policy: Policy, now: Moment) -> Usage {
        let recently = session::recently(policy, now);
        match self {
            Self::All => Usage::default(),
            Self::Online => Usage { used_after: Some(recently), ..Usage::default() },
            Self::Offline => Usage { offline: Some(true), ..Usage::default() },
            Self::Unused(days) => {
                let since = days.map_or(recently, |days| now.plus_seconds(-i64::from(days) * DAY));
                Usage { unused_after: Some(since), offline: Some(false), ..Usage::default() }
            }
        }
    }
}

fn number_of_days(text: &str) -> Result<u16, Failure> {
    let days = text.trim().parse::<u16>().ok().filter(|days| (1..=MOST_DAYS).contains(&i64::from(*days)));
    days.ok_or_else(|| invalid_at("/unused_days", "is not a whole number from 1 to 3,650"))
}

/// What the activity of a product is read with.
struct Look {
    catalog: Arc<Catalog>,
    policy: Policy,
}

fn look(tx: &ReadTx<'_>, caller: &Caller, product: &ProductId) -> Result<Look, StoreError> {
    account::manage_licenses(&actor(tx, caller)?)?;
    let (catalog, license) = (tx.catalog()?, tx.license()?);
    if catalog.product(product).is_none() {
        return Err(no_product(product.as_str()).into());
    }
    Ok(Look { catalog, policy: license.at(tx.now()).policy() })
}

/// Who may use a product and has, by user name (S61 to S67).
///
/// # Errors
/// `privilege-missing`; there is no such product.
pub fn activity(
    tx: &ReadTx<'_>,
    caller: &Caller,
    (product, part): (&ProductId, Part),
    (cursor, limit): (Option<&str>, u32),
) -> Result<(Vec<Activity>, Option<String>), StoreError> {
    let look = look(tx, caller, product)?;
    let usage = part.usage(look.policy, tx.now());
    let MemberPage { items, next } = tx.product_members((&look.catalog, product), usage, (cursor, limit))?;
    let rows = items.into_iter().map(|member| look.row(tx, member, product));
    Ok((rows.filter_map(Result::transpose).collect::<Result<_, _>>()?, next))
}

/// The same of everybody, for a table.
///
/// # Errors
/// As [`activity`].
pub fn whole(
    tx: &ReadTx<'_>,
    caller: &Caller,
    (product, part): (&ProductId, Part),
) -> Result<Vec<Activity>, StoreError> {
    let (mut rows, mut cursor) = (Vec::new(), None);
    loop {
        let (page, next) = activity(tx, caller, (product, part), (cursor.as_deref(), AT_A_TIME))?;
        rows.extend(page);
        match next {
            Some(next) => cursor = Some(next),
            None => return Ok(rows),
        }
    }
}

/// How many members may use a product, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbers {
    /// Who may use it.
    pub members: u64,
    /// Who used it within a session's life.
    pub online: u64,
    /// Who has taken it offline.
    pub offline: u64,
}

/// The numbers over the list.
///
/// # Errors
/// As [`activity`].
pub fn numbers(tx: &ReadTx<'_>, caller: &Caller, product: &ProductId) -> Result<Numbers, StoreError> {
    let look = look(tx, caller, product)?;
    let count = |part: Part| tx.count_product_members((&look.catalog, product), part.usage(look.policy, tx.now()));
    Ok(Numbers { members: count(Part::All)?, online: count(Part::Online)?, offline: count(Part::Offline)? })
}

/// A product in the hands of one member.
#[derive(Debug, Clone)]
pub struct InUse {
    /// Which.
    pub product: ProductId,
    /// What of it the member may use; nothing where the licence is gone, and an offline one still runs.
    pub access: Option<Access>,
    /// The last use.
    pub last_used: Option<Moment>,
    /// The checkout that is out, or may still run.
    pub offline: Option<StoredCheckout>,
    /// The active sessions.
    pub sessions: Vec<SessionFacts>,
}

/// The products that a member may use, or has in use: for the member, and for who manages licenses (S66).
///
/// # Errors
/// `privilege-missing`.
pub fn of_member(tx: &ReadTx<'_>, caller: &Caller, member: &Member) -> Result<Vec<InUse>, StoreError> {
    account::look_after(&actor(tx, caller)?, Some(&member.id))?;
    let (catalog, license, held) = (tx.catalog()?, tx.license()?, tx.add_ons_of(&member.id)?);
    let policy = license.at(tx.now()).policy();
    let holding = Holding { user_type: &member.user_type, add_ons: &held };
    let mut all = Vec::new();
    for product in catalog.products() {
        let access = product_access::access(&catalog, holding, &product.id).filter(|_| member.state.holds_a_seat());
        let (sessions, offline) = running(tx, policy, member, &product.id)?;
        if access.is_none() && offline.is_none() && sessions.is_empty() {
            continue;
        }
        let last_used = tx.last_used(&member.id, &product.id)?;
        all.push(InUse { product: product.id.clone(), access, last_used, offline, sessions });
    }
    Ok(all)
}

/// The active sessions, and the checkout that may still run.
fn running(
    tx: &ReadTx<'_>,
    policy: Policy,
    member: &Member,
    product: &ProductId,
) -> Result<(Vec<SessionFacts>, Option<StoredCheckout>), StoreError> {
    let sessions = tx.sessions_of(&member.id, product)?;
    let sessions = sessions.into_iter().filter(|one| one.is_active(policy, tx.now())).collect();
    let offline = tx.checkouts_of(&member.id, product)?.into_iter().find(|one| one.facts.may_still_run(tx.now()));
    Ok((sessions, offline))
}

impl Look {
    /// A member's row; nothing for who has no licence.
    fn row(&self, tx: &ReadTx<'_>, member: Member, product: &ProductId) -> Result<Option<Activity>, StoreError> {
        let held = tx.add_ons_of(&member.id)?;
        let holding = Holding { user_type: &member.user_type, add_ons: &held };
        let Some(access) = product_access::access(&self.catalog, holding, product) else { return Ok(None) };
        let last_used = tx.last_used(&member.id, product)?;
        let is_recent = last_used.is_some_and(|used| used > session::recently(self.policy, tx.now()));
        let (sessions, offline) = running(tx, self.policy, &member, product)?;
        Ok(Some(Activity { member, access, last_used, is_recent, offline, sessions }))
    }
}
