//! Offline use: one computer per member and product, by a signed lease that ends (S81 to S84; A-SES-5 to A-SES-8).

use entitlement::{Moment, Policy};

use crate::facts::Facts;
use crate::permit::{AcknowledgeGrant, AcknowledgePermit, Permit};
use crate::refusal::ProductRefusal;
use crate::{Actor, Refusal};

const SECONDS_A_DAY: i64 = 86_400;

/// How a checkout stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckoutState {
    /// The computer has the lease.
    Out,
    /// The computer has given it back, or a return code was handed in.
    Returned,
    /// An administrator has released it: the member may be online elsewhere, and the lease may still be on the computer.
    Released,
}

impl CheckoutState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Out, Self::Returned, Self::Released];

    /// The state as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::Returned => "returned",
            Self::Released => "released",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// One checkout of a member and product, as the store read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckoutFacts {
    /// Its id.
    pub id: String,
    /// The stable id of the computer.
    pub device: String,
    /// The name of the computer, for people.
    pub device_name: String,
    /// When the lease ends.
    pub until: Moment,
    /// How it stands.
    pub state: CheckoutState,
}

impl CheckoutFacts {
    /// Whether the lease is out: online use elsewhere waits for it.
    #[must_use]
    pub fn is_out(&self, now: Moment) -> bool {
        self.state == CheckoutState::Out && now < self.until
    }

    /// Whether a lease may still be used on a computer that nobody gave back: no second one is given before it ends.
    #[must_use]
    pub fn may_still_run(&self, now: Moment) -> bool {
        self.state != CheckoutState::Returned && now < self.until
    }
}

/// A checkout may be made so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checkout {
    /// The computer has the lease already: the same again.
    Again {
        /// Its id.
        id: String,
    },
    /// A new one.
    New {
        /// When its lease ends.
        until: Moment,
    },
}

/// What a checkout depends on besides the member's licence.
#[derive(Debug, Clone, Copy)]
pub struct Conditions {
    /// Whether the installed file is bound to this portal: leases of an unbound one prove nothing.
    pub is_bound: bool,
    /// Whether the product can be used offline at all.
    pub product_allows: bool,
    /// Whether the organization allows it (S82, S83).
    pub organization_allows: bool,
    /// The most days that the organization allows; nothing where it leaves that to the file.
    pub most_days: Option<u32>,
    /// When the file, or any line of it that the member depends on, ends; nothing where none does.
    pub license_ends: Option<Moment>,
    /// Where other members' leases that may still run, released ones among them, are as many as there are licences: when
    /// the first of them ends.
    pub all_out_until: Option<Moment>,
    /// Until when leases may run that a restored backup does not know of; nothing where none was restored.
    pub held_until: Option<Moment>,
}

/// Whether a member who may use the product may take it offline on a computer, and until when. `checkouts` are those of
/// this member and product.
///
/// # Errors
/// The portal is not bound; offline use is switched off for the organization or by the file, or the product has none;
/// another computer has it, or may still have one that was released; all licences may be on other members' computers.
pub fn check_out(
    policy: Policy,
    now: Moment,
    checkouts: &[CheckoutFacts],
    (device, conditions): (&str, Conditions),
) -> Result<Checkout, Refusal> {
    // Who has it already gets it again, whatever was switched off meanwhile (A-SES-7, B38).
    if let Some(same) = checkouts.iter().find(|one| one.is_out(now) && one.device == device) {
        return Ok(Checkout::Again { id: same.id.clone() });
    }
    if !conditions.is_bound {
        return Err(ProductRefusal::NotBound.into());
    }
    let days = days(policy, conditions.most_days);
    if !(conditions.product_allows && conditions.organization_allows) || days == 0 {
        return Err(ProductRefusal::OfflineDisabled.into());
    }
    if let Some(other) = checkouts.iter().find(|one| one.may_still_run(now)) {
        return Err(elsewhere(other));
    }
    if let Some(until) = conditions.held_until.filter(|until| now < *until) {
        return Err(ProductRefusal::Held { until }.into());
    }
    // A licence that was released while it is offline is not handed on offline, or N releases would make N of it.
    if let Some(until) = conditions.all_out_until {
        return Err(ProductRefusal::AllOffline { until }.into());
    }
    let longest = now.plus_seconds(i64::from(days) * SECONDS_A_DAY);
    Ok(Checkout::New { until: conditions.license_ends.map_or(longest, |end| end.min(longest)) })
}

/// Whether somebody may say that no lease is out that a restored backup does not know of.
///
/// # Errors
/// The actor is not a default Administrator.
pub fn acknowledge<'tx>(facts: &Facts<'tx>, actor: &Actor) -> Result<AcknowledgePermit<'tx>, Refusal> {
    actor.require_default_administrator("say that no product is offline")?;
    Ok(Permit::given(facts, AcknowledgeGrant))
}

/// For how many days a product may be offline: as many as the file allows, or fewer where the organization says so; 0 where
/// the file allows none (A-SES-8).
#[must_use]
pub fn days(policy: Policy, most: Option<u32>) -> u32 {
    let of_file = if policy.offline { policy.offline_days } else { 0 };
    most.map_or(of_file, |most| most.min(of_file))
}

/// Whether a checkout is brought home by that word of its member's computer; it may be home already. What was released may
/// still be on the computer, and anybody can name a computer: there only its signature counts (A-SES-6).
///
/// # Errors
/// Another computer says so; the checkout was released.
pub fn check_in(checkout: &CheckoutFacts, device: &str) -> Result<bool, Refusal> {
    if checkout.device != device {
        return Err(ProductRefusal::AnotherComputer.into());
    }
    match checkout.state {
        CheckoutState::Returned => Ok(false),
        CheckoutState::Out => Ok(true),
        CheckoutState::Released => Err(elsewhere(checkout)),
    }
}

/// When the first of the leases ends that may run on other members' computers, where they are as many as there are licences;
/// nothing while one is left (A-SES-6).
#[must_use]
pub fn all_out_until(ends: &[Moment], licences: u64) -> Option<Moment> {
    let leases = u64::try_from(ends.len()).unwrap_or(u64::MAX);
    ends.iter().copied().min().filter(|_| leases >= licences)
}

/// Online use waits while a lease is out on another computer (A-SES-6).
///
/// # Errors
/// [`ProductRefusal::OfflineElsewhere`] with the computer and the end.
pub fn is_not_elsewhere(now: Moment, checkouts: &[CheckoutFacts], device: &str) -> Result<(), Refusal> {
    match checkouts.iter().find(|one| one.is_out(now) && one.device != device) {
        Some(other) => Err(elsewhere(other)),
        None => Ok(()),
    }
}

fn elsewhere(other: &CheckoutFacts) -> Refusal {
    let released = other.state == CheckoutState::Released;
    ProductRefusal::OfflineElsewhere { device_name: other.device_name.clone(), until: other.until, released }.into()
}

#[cfg(test)]
mod tests;
