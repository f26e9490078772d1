//! What the rules of products, sessions and offline use refuse, with its facts and its words.

use entitlement::{AddOnId, Moment, ProductId, UserTypeId};
use errors::Code;
use serde_json::{Value, json};

use super::Refusal;
use super::words::{Names, listed};
use crate::product_access::Shortfall;
use crate::session::{Cause, SessionFacts};

/// A product cannot be used, or an add-on cannot be assigned so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProductRefusal {
    /// A product that the catalog does not have.
    UnknownProduct {
        /// What was asked for.
        asked: ProductId,
        /// What there is.
        known: Vec<ProductId>,
    },
    /// An add-on that the catalog does not have.
    UnknownAddOn {
        /// What was asked for.
        asked: AddOnId,
        /// What there is.
        known: Vec<AddOnId>,
    },
    /// More licenses are assigned than there are, so nobody starts any product (S49).
    OverAssigned {
        /// The product that was to be started.
        product: ProductId,
        /// What is over-assigned.
        shortfalls: Vec<Shortfall>,
    },
    /// The member has no license for the product.
    NotLicensed {
        /// Which product.
        product: ProductId,
        /// The user types that include it.
        user_types: Vec<UserTypeId>,
        /// The add-ons that open it.
        add_ons: Vec<AddOnId>,
    },
    /// No license of the add-on is left (S42).
    AddOnLimit {
        /// Which add-on.
        add_on: AddOnId,
        /// Licensed at this moment.
        licensed: u64,
        /// Assigned to members.
        assigned: u64,
    },
    /// The member cannot hold the add-on, or not any more after the change.
    Incompatible {
        /// Which add-on.
        add_on: AddOnId,
        /// Whose it is or would be.
        username: String,
        /// Which rule says so.
        rule: Rule,
    },
    /// A product is out on a computer, so what it depends on stays until it is back or released (A-ADD-6).
    CheckedOut {
        /// Whose it is.
        username: String,
        /// Which product.
        product: ProductId,
        /// The name of the computer.
        device_name: String,
        /// When its lease ends.
        until: Moment,
    },
    /// The member is on as many computers as may be (S58).
    SessionLimit {
        /// How many computers that is.
        computers: u32,
        /// The sessions on them.
        sessions: Vec<SessionFacts>,
    },
    /// The session is over (S78, S79).
    SessionEnded {
        /// Why.
        cause: Cause,
        /// Since when.
        ended_at: Moment,
        /// Until when the work may be saved.
        save_until: Moment,
    },
    /// Another computer has the license offline, or may still use one that was released (A-SES-6).
    OfflineElsewhere {
        /// The name of the computer.
        device_name: String,
        /// When its lease ends.
        until: Moment,
        /// Whether it was released: nobody can release it again.
        released: bool,
    },
    /// As many leases may still run on other members' computers as there are licenses, because some were released.
    AllOffline {
        /// When the first of them ends.
        until: Moment,
    },
    /// After a restore nobody knows which leases were given since the backup.
    Held {
        /// Until when the last of them may run.
        until: Moment,
    },
    /// Another computer says that it gives a checkout back.
    AnotherComputer,
    /// Offline use is switched off (S82).
    OfflineDisabled,
    /// The installed file is not bound to this portal, so its leases would prove nothing.
    NotBound,
}

const ANOTHER_COMPUTER: &str = "This is not the computer that has the checkout.";

/// Why a member cannot hold an add-on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// The user type does not admit it (S40, A-ADD-8).
    UserType {
        /// The user type after the change.
        user_type: UserTypeId,
    },
    /// The user type includes the product already (A-ADD-4).
    Included {
        /// The user type after the change.
        user_type: UserTypeId,
    },
    /// The product that it extends is missing (A-ADD-5).
    Requires {
        /// Which product.
        product: ProductId,
    },
    /// Another add-on for the same product is assigned.
    Another {
        /// Which one.
        add_on: AddOnId,
    },
    /// It is held by the organization and assigned to nobody.
    Organization,
}

impl Rule {
    /// The rule in a word, for programs.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::UserType { .. } => "user-type",
            Self::Included { .. } => "included",
            Self::Requires { .. } => "requires-product",
            Self::Another { .. } => "another-add-on",
            Self::Organization => "organization",
        }
    }

    fn told(&self, names: Names<'_>, add_on: &AddOnId, username: &str) -> String {
        let add_on = names.add_on(add_on);
        match self {
            Self::UserType { user_type } => {
                let user_type = names.user_type(user_type);
                format!(
                    "{username} cannot hold {add_on} with the user type {user_type}; give a user type that can hold it, or unassign it in the same change."
                )
            }
            Self::Included { user_type } => {
                let user_type = names.user_type(user_type);
                format!("{username} has the product of {add_on} already, by the user type {user_type}.")
            }
            Self::Requires { product } => {
                let product = names.product(product);
                format!("{username} would not have {product}, which {add_on} needs; assign or unassign both together.")
            }
            Self::Another { add_on: other } => {
                let other = names.add_on(other);
                format!("{username} holds {other} for the same product; unassign it in the same change.")
            }
            Self::Organization => format!("{add_on} belongs to the organization and is assigned to nobody."),
        }
    }
}

impl ProductRefusal {
    /// The row of the registry.
    pub(super) fn code(&self) -> Code {
        match self {
            Self::UnknownProduct { .. } => Code::NotFound,
            Self::UnknownAddOn { .. } | Self::AnotherComputer => Code::ValidationFailed,
            Self::OverAssigned { .. } => Code::ProductOverAssigned,
            Self::NotLicensed { .. } => Code::NotLicensed,
            Self::AddOnLimit { .. } => Code::AddOnLimitReached,
            Self::Incompatible { .. } => Code::Incompatible,
            Self::CheckedOut { .. } => Code::CheckedOut,
            Self::SessionLimit { .. } => Code::SessionLimitReached,
            Self::SessionEnded { .. } => Code::SessionEnded,
            Self::OfflineElsewhere { .. } | Self::AllOffline { .. } => Code::OfflineElsewhere,
            Self::Held { .. } => Code::OfflineHeld,
            Self::OfflineDisabled => Code::OfflineDisabled,
            Self::NotBound => Code::NotBound,
        }
    }

    /// The case in one sentence, for a person who reads such names.
    pub(super) fn told(&self, names: Names<'_>) -> String {
        match self {
            Self::UnknownProduct { asked, known } => {
                format!("There is no product `{asked}`. Products: {}.", listed(known.iter().map(ToString::to_string)))
            }
            Self::UnknownAddOn { asked, known } => {
                format!("There is no add-on `{asked}`. Add-ons: {}.", listed(known.iter().map(ToString::to_string)))
            }
            Self::OverAssigned { product, shortfalls } => {
                let product = names.product(product);
                let add_ons = listed(shortfalls.iter().map(|one| names.add_on(&one.add_on).to_owned()));
                format!(
                    "{product} cannot be started because licenses of {add_ons} are over-assigned in your organization. Contact your administrator."
                )
            }
            Self::NotLicensed { product, .. } => format!("You have no license for {}.", names.product(product)),
            Self::AddOnLimit { add_on, licensed, assigned } => {
                let (add_on, left) = (names.add_on(add_on), licensed.saturating_sub(*assigned));
                let left = match left {
                    0 => format!("No license of {add_on} is left"),
                    1 => format!("Only 1 license of {add_on} is left"),
                    many => format!("Only {many} licenses of {add_on} are left"),
                };
                format!("{left}: {assigned} of {licensed} assigned.")
            }
            Self::Incompatible { add_on, username, rule } => rule.told(names, add_on, username),
            Self::CheckedOut { username, product, device_name, until } => {
                let product = names.product(product);
                format!(
                    "{username} has {product} offline on {device_name} until {until}; release it in the same change."
                )
            }
            Self::SessionLimit { computers, sessions } => {
                let on = listed(sessions.iter().map(|one| one.device_name.clone()));
                format!("You are signed in on {computers} computers: {on}. End one of these sessions to continue.")
            }
            Self::SessionEnded { save_until, .. } => {
                format!(
                    "This computer is not connected to a licensing portal any more. Save your work by {save_until}."
                )
            }
            Self::OfflineElsewhere { device_name, until, released: true } => format!(
                "Your license was released, but may still be used on {device_name} until {until}. Wait until then, or hand in a return code from there."
            ),
            Self::OfflineElsewhere { device_name, until, released: false } => format!(
                "Your license is checked out on {device_name} until {until}. Check it in there, or ask an administrator to release it."
            ),
            Self::Held { until } => format!(
                "The portal was restored from a backup, and products that were taken offline after it may run until {until}."
            ),
            Self::AllOffline { until } => format!(
                "Every license that there is may still be used offline on another computer, because one was released before it came home. The first of them ends at {until}; work online until then, or hand in a return code from there."
            ),
            Self::AnotherComputer => ANOTHER_COMPUTER.to_owned(),
            Self::OfflineDisabled | Self::NotBound => self.code().row().meaning.to_owned(),
        }
    }

    /// The same facts for programs.
    pub(super) fn facts(&self) -> Vec<(&'static str, Value)> {
        match self {
            Self::UnknownProduct { asked, known } => {
                vec![("product", json!(asked.as_str())), ("valid", known.iter().map(|id| json!(id.as_str())).collect())]
            }
            Self::UnknownAddOn { asked, known } => {
                let valid: Vec<&str> = known.iter().map(AddOnId::as_str).collect();
                let message = format!("`{asked}` is not one of {}", valid.join(", "));
                vec![("errors", json!([{"pointer": "/add_ons", "message": message, "valid": valid}]))]
            }
            // Who starts a product is told which licenses, and no numbers.
            Self::OverAssigned { product, shortfalls } => vec![
                ("product", json!(product.as_str())),
                ("add_ons", shortfalls.iter().map(|one| json!(one.add_on.as_str())).collect()),
            ],
            Self::NotLicensed { product, user_types, add_ons } => vec![
                ("product", json!(product.as_str())),
                ("user_types", user_types.iter().map(|id| json!(id.as_str())).collect()),
                ("add_ons", add_ons.iter().map(|id| json!(id.as_str())).collect()),
            ],
            Self::AddOnLimit { add_on, licensed, assigned } => {
                vec![("add_on", json!(add_on.as_str())), ("licensed", json!(licensed)), ("assigned", json!(assigned))]
            }
            Self::Incompatible { add_on, username, rule } => {
                vec![("add_on", json!(add_on.as_str())), ("username", json!(username)), ("rule", json!(rule.as_str()))]
            }
            Self::CheckedOut { username, product, device_name, until } => vec![
                ("username", json!(username)),
                ("product", json!(product.as_str())),
                ("computer", json!(device_name)),
                ("until", json!(until.to_string())),
            ],
            Self::SessionLimit { computers, sessions } => {
                vec![("computers", json!(computers)), ("sessions", sessions.iter().map(session_fact).collect())]
            }
            Self::SessionEnded { cause, ended_at, save_until } => vec![
                ("cause", json!(cause.as_str())),
                ("ended_at", json!(ended_at.to_string())),
                ("save_until", json!(save_until.to_string())),
            ],
            Self::OfflineElsewhere { device_name, until, released: _ } => {
                vec![("computer", json!(device_name)), ("until", json!(until.to_string()))]
            }
            Self::AllOffline { until } | Self::Held { until } => vec![("until", json!(until.to_string()))],
            Self::AnotherComputer => {
                vec![("errors", json!([{"pointer": "/device_id", "message": ANOTHER_COMPUTER}]))]
            }
            Self::OfflineDisabled | Self::NotBound => Vec::new(),
        }
    }
}

fn session_fact(session: &SessionFacts) -> Value {
    json!({
        "id": session.id, "computer": session.device_name, "created_at": session.created_at.to_string(),
        "last_used": session.last_used.to_string(),
    })
}

impl From<ProductRefusal> for Refusal {
    fn from(refusal: ProductRefusal) -> Self {
        Self::Product(refusal)
    }
}
