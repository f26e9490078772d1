//! Products in use, as pages name them: sessions on computers, and licenses that were taken offline.

use crate::pages::when::When;

/// A running session of a product (S66).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// The id of the session.
    pub id: String,
    /// The id of the product.
    pub product: String,
    /// The computer.
    pub computer: String,
    /// When it began.
    pub created: When,
    /// When its user was last active.
    pub last_used: When,
    /// Until when it lives unless its user is active again.
    pub until: When,
}

/// A license that was taken offline (S65).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflineRow {
    /// The id of the checkout.
    pub id: String,
    /// The id of the product.
    pub product: String,
    /// The computer that has it.
    pub computer: String,
    /// When it ends by itself.
    pub until: When,
    /// Whether it was released: the computer may go on until then, and nobody else gets one before.
    pub released: bool,
}

/// A product in the hands of one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductRow {
    /// The name of the product.
    pub name: String,
    /// What of it the member may use, such as `Standard, comes with Creator`; nothing where the license is gone.
    pub access: Option<String>,
    /// The last use.
    pub last_used: Option<When>,
    /// The running sessions.
    pub sessions: Vec<SessionRow>,
    /// The license that is offline.
    pub offline: Option<OfflineRow>,
}
